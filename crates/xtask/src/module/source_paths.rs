//! Where the code of crates lies on the machine that compiles them is of no use in the module: it stands in the messages of
//! panics, makes the module larger, and different on each machine.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Arguments of cargo that leave the folders of the registries out of paths.
pub(super) fn shortened(target: &str) -> Result<[String; 2]> {
    let sources = cargo_home()?.join("registry/src");
    // Where the crates lie elsewhere (cargo vendor), there is no such folder.
    let registries = fs::read_dir(&sources).into_iter().flatten().flatten();
    let flags: Vec<String> = registries.map(|it| shortening(&it.path())).collect();
    Ok([
        "--config".to_owned(),
        format!("target.{target}.rustflags={flags:?}"),
    ])
}

fn shortening(registry: &Path) -> String {
    format!("--remap-path-prefix={}/=", registry.display())
}

fn cargo_home() -> Result<PathBuf> {
    let named = env::var_os("CARGO_HOME").filter(|it| it != OsStr::new(""));
    match named {
        Some(folder) => Ok(folder.into()),
        None => Ok(env::home_dir().context("no home folder")?.join(".cargo")),
    }
}
