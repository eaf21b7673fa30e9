use anyhow::Result;

use super::npm;
use crate::program::Program;
use crate::workspace;

/// Binaryen's optimiser for Wasm modules, ready for its arguments.
pub(crate) fn wasm_opt() -> Result<Program> {
    let source = workspace::root().join("crates/xtask/tools/binaryen");
    let folder = npm::install("wasm-opt", "binaryen", &source)?;
    Ok(Program::node().arg(folder.join("node_modules/binaryen/bin/wasm-opt")))
}
