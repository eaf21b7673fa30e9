use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::{exports, imports, size, source_paths};
use crate::program::Program;
use crate::tools::{self, WASM_TARGET};
use crate::workspace;

const PACKAGE: &str = "kfwasm-filter";
const EMPTY: &str = "kfwasm-empty-filter";
/// The profile of the workspace's Cargo.toml that makes small code.
const PROFILE: &str = "module";

/// Makes target/wasm/kfwasm.wasm and says how large it is.
pub(crate) fn build() -> Result<PathBuf> {
    let linked = compile(PACKAGE)?;
    let module = optimise("kfwasm", &exports::narrow(&linked)?)?;
    let bytes = read(&module)?;
    imports::check(&bytes)?;
    eprintln!("{}", size::check(bytes.len())?);
    Ok(module)
}

/// Makes target/wasm/empty.wasm for the bench: a filter that does nothing, with every export of the SDK, as most filters have.
pub(crate) fn build_empty() -> Result<PathBuf> {
    optimise("empty", &compile(EMPTY)?)
}

fn compile(package: &str) -> Result<Vec<u8>> {
    tools::wasm_target()?;
    Program::cargo()
        .args([
            "build",
            "--quiet",
            "--locked",
            "--profile",
            PROFILE,
            "--target",
            WASM_TARGET,
            "--package",
            package,
        ])
        .args(source_paths::shortened(WASM_TARGET)?)
        .run()
        .context("the module does not compile")?;
    let name = format!("{}.wasm", package.replace('-', "_"));
    read(
        &workspace::target()
            .join(WASM_TARGET)
            .join(PROFILE)
            .join(name),
    )
}

/// Makes target/wasm/NAME.wasm small, unless that was done with the very same bytes before.
fn optimise(name: &str, linked: &[u8]) -> Result<PathBuf> {
    let folder = workspace::target().join("wasm");
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let input = folder.join(format!("{name}.linked.wasm"));
    let output = folder.join(format!("{name}.wasm"));
    if output.is_file() && fs::read(&input).is_ok_and(|before| before == linked) {
        return Ok(output);
    }
    let wasm_opt = tools::wasm_opt()?;
    // Until the new output is there, neither file may suggest that it is.
    let _ = fs::remove_file(&output);
    fs::write(&input, linked).with_context(|| format!("cannot write {}", input.display()))?;
    wasm_opt
        .args([
            "-Oz",
            "--converge",
            "--strip-debug",
            "--strip-producers",
            "-o",
        ])
        .arg(&output)
        .arg(&input)
        .run_quietly()
        .context("wasm-opt refused the module")?;
    Ok(output)
}

fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("cannot read {}", file.display()))
}
