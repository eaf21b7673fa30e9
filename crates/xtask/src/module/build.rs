use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::{exports, imports, size, source_paths};
use crate::program::Program;
use crate::{tools, workspace};

const PACKAGE: &str = "kfwasm-filter";
const TARGET: &str = "wasm32-wasip1";
/// The profile of the workspace's Cargo.toml that makes small code.
const PROFILE: &str = "module";

/// Makes target/wasm/kfwasm.wasm and says how large it is.
pub(crate) fn build() -> Result<PathBuf> {
    let linked = compile()?;
    let narrowed = exports::narrow(&linked)?;
    let folder = workspace::target().join("wasm");
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let module = optimise(&folder, &narrowed)?;
    let bytes = read(&module)?;
    imports::check(&bytes)?;
    eprintln!("{}", size::check(bytes.len())?);
    Ok(module)
}

fn compile() -> Result<Vec<u8>> {
    Program::cargo()
        .args([
            "build",
            "--quiet",
            "--locked",
            "--profile",
            PROFILE,
            "--target",
            TARGET,
            "--package",
            PACKAGE,
        ])
        .args(source_paths::shortened(TARGET)?)
        .run()
        .context("the module does not compile")?;
    let name = format!("{}.wasm", PACKAGE.replace('-', "_"));
    read(&workspace::target().join(TARGET).join(PROFILE).join(name))
}

/// Makes the module small, unless that was done with the very same bytes before.
fn optimise(folder: &Path, narrowed: &[u8]) -> Result<PathBuf> {
    let input = folder.join("narrowed.wasm");
    let output = folder.join("kfwasm.wasm");
    if output.is_file() && fs::read(&input).is_ok_and(|before| before == narrowed) {
        return Ok(output);
    }
    let wasm_opt = tools::wasm_opt()?;
    // Until the new output is there, neither file may suggest that it is.
    let _ = fs::remove_file(&output);
    fs::write(&input, narrowed).with_context(|| format!("cannot write {}", input.display()))?;
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
