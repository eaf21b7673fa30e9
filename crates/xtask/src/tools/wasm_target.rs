use std::path::Path;

use anyhow::{Context, Result};

use crate::program::Program;

/// What the module is compiled for.
pub(crate) const WASM_TARGET: &str = "wasm32-wasip1";

/// Adds the standard library for Wasm to the toolchain. rustup does so by itself, unless it was told to install nothing
/// that nobody asked for (`RUSTUP_AUTO_INSTALL=0`).
pub(crate) fn wasm_target() -> Result<()> {
    if is_there()? {
        return Ok(());
    }
    eprintln!("Adding {WASM_TARGET} to the Rust toolchain (once)");
    Program::rustup()
        .args(["target", "add", WASM_TARGET])
        .run_quietly()
        .with_context(|| format!("cannot add {WASM_TARGET} to the Rust toolchain"))
}

fn is_there() -> Result<bool> {
    let folder = Program::rustc()
        .args(["--print", "target-libdir", "--target", WASM_TARGET])
        .output()?;
    let folder = String::from_utf8(folder).context("rustc names a folder that is no text")?;
    Ok(Path::new(folder.trim_end()).is_dir())
}
