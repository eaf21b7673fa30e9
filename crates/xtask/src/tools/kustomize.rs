use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::program::Program;
use crate::workspace;

const PACKAGE: &str = "sigs.k8s.io/kustomize/kustomize/v5";

/// The program `kustomize`, compiled from the Go module that `crates/xtask/tools/kustomize/go.mod` pins.
pub(crate) fn kustomize() -> Result<PathBuf> {
    let program = workspace::target().join("tools/kustomize");
    if !program.is_file() {
        eprintln!("Building kustomize (once)");
        Program::go()
            .arg("-C")
            .arg(workspace::root().join("crates/xtask/tools/kustomize"))
            .args(["build", "-trimpath", "-o"])
            .arg(&program)
            .arg(PACKAGE)
            .run_quietly()
            .context("cannot build kustomize")?;
    }
    Ok(program)
}
