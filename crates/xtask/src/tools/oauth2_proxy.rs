use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::program::Program;
use crate::workspace;

const PACKAGE: &str = "github.com/oauth2-proxy/oauth2-proxy/v7";

/// The program `oauth2-proxy`, compiled from the Go module that `crates/xtask/tools/oauth2-proxy/go.mod` pins.
pub(crate) fn oauth2_proxy() -> Result<PathBuf> {
    let program = workspace::target().join("tools/oauth2-proxy");
    if !program.is_file() {
        eprintln!("Building oauth2-proxy (about a minute, once)");
        Program::go()
            .arg("-C")
            .arg(workspace::root().join("crates/xtask/tools/oauth2-proxy"))
            .args(["build", "-trimpath", "-o"])
            .arg(&program)
            .arg(PACKAGE)
            .run_quietly()
            .context("cannot build oauth2-proxy")?;
    }
    Ok(program)
}
