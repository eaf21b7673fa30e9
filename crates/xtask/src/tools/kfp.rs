use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::program::Program;
use crate::workspace;

/// The folder of the Kubeflow Pipelines SDK and all that it needs: Python packages that `tests/kfp/requirements.txt` pins by digest.
pub(crate) fn kfp() -> Result<PathBuf> {
    let requirements = workspace::root().join("tests/kfp/requirements.txt");
    let wanted = fs::read(&requirements)
        .with_context(|| format!("cannot read {}", requirements.display()))?;
    let folder = workspace::target().join("tools/kfp");
    let installed = folder.join("requirements.txt");
    if fs::read(&installed).is_ok_and(|it| it == wanted) {
        return Ok(folder);
    }
    eprintln!("Fetching the Kubeflow Pipelines SDK (about 20 MB, once)");
    if folder.exists() {
        fs::remove_dir_all(&folder)
            .with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    install(&requirements, &folder).context("cannot install the Kubeflow Pipelines SDK")?;
    // Written last: a folder without it is not whole.
    fs::write(&installed, wanted)?;
    Ok(folder)
}

fn install(requirements: &Path, folder: &Path) -> Result<()> {
    Program::python()
        .args(["-m", "pip", "install", "--quiet"])
        .args([
            "--disable-pip-version-check",
            "--no-deps",
            "--require-hashes",
        ])
        .arg("--requirement")
        .arg(requirements)
        .arg("--target")
        .arg(folder)
        .run_quietly()
}
