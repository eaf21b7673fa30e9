use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use super::npm;
use crate::workspace;

/// The folder of the OpenID provider: the program from tests/provider beside its packages.
pub(crate) fn provider() -> Result<PathBuf> {
    let source = workspace::root().join("tests/provider");
    let folder = npm::install("the OpenID provider", "provider", &source)?;
    let entries =
        fs::read_dir(&source).with_context(|| format!("cannot read {}", source.display()))?;
    for program in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        if let Some(name) = program
            .file_name()
            .filter(|_| program.extension().is_some_and(|e| e == "mjs"))
        {
            npm::copy(&program, &folder.join(name))?;
        }
    }
    Ok(folder)
}
