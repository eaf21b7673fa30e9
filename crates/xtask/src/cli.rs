//! The program `kfwasm`, with the module in it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::program::Program;
use crate::{module, workspace};

/// The largest that the released program may be, in bytes, with the module in it.
const LARGEST: u64 = 25 * 1024 * 1024;

/// Makes target/release/kfwasm, and beside it the name under which kubectl finds it.
pub(crate) fn release() -> Result<PathBuf> {
    let program = build(&["--release"], "release")?;
    let size = fs::metadata(&program)?.len();
    if size > LARGEST {
        bail!("kfwasm has {size} bytes, which is more than {LARGEST}");
    }
    eprintln!("{size} bytes of at most {LARGEST}");
    as_plugin(&program)?;
    Ok(program)
}

/// `kubectl kfwasm` is the same program.
fn as_plugin(program: &Path) -> Result<()> {
    let plugin = program.with_file_name("kubectl-kfwasm");
    let _ = fs::remove_file(&plugin);
    fs::hard_link(program, &plugin).with_context(|| format!("cannot make {}", plugin.display()))
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
