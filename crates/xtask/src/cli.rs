//! The program `kfwasm`, with the module in it.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::program::Program;
use crate::{module, workspace};

/// Makes target/release/kfwasm.
pub(crate) fn release() -> Result<PathBuf> {
    build(&["--release"], "release")
}

/// Makes target/debug/kfwasm, for tests.
pub(crate) fn debug() -> Result<PathBuf> {
    build(&[], "debug")
}

fn build(options: &[&str], folder: &str) -> Result<PathBuf> {
    let module = module::build()?;
    Program::cargo()
        .args(["build", "--quiet", "--locked", "--package", "kfwasm-cli"])
        .args(options)
        .env("KFWASM_MODULE", module)
        .run()
        .context("the program does not compile")?;
    let program = workspace::target().join(folder).join("kfwasm");
    eprintln!("{}", program.display());
    Ok(program)
}
