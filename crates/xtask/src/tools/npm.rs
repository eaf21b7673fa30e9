use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::program::Program;
use crate::workspace;

const PINS: [&str; 3] = ["package.json", "package-lock.json", ".npmrc"];
/// Holds the lock file that the installed packages were installed from.
const STAMP: &str = "installed.json";

/// A folder below target/tools with the npm packages that the lock file in `source` names.
pub(super) fn install(what: &str, name: &str, source: &Path) -> Result<PathBuf> {
    let folder = workspace::target().join("tools").join(name);
    let lock = read(&source.join("package-lock.json"))?;
    let stamp = folder.join(STAMP);
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(folder);
    }
    eprintln!("Fetching {what} (once)");
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    for pin in PINS {
        copy(&source.join(pin), &folder.join(pin))?;
    }
    Program::npm()
        .args([
            "ci",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--prefix",
        ])
        .arg(&folder)
        .run_quietly()
        .with_context(|| format!("cannot fetch {what}"))?;
    fs::write(&stamp, lock).with_context(|| format!("cannot write {}", stamp.display()))?;
    Ok(folder)
}

pub(super) fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to)
        .map(|_| ())
        .with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))
}

fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("cannot read {}", file.display()))
}
