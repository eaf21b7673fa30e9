//! Puts the Wasm module into the program: the file that `KFWASM_MODULE` names, or nothing.

use std::path::Path;
use std::{env, fs};

fn main() -> std::io::Result<()> {
    println!("cargo::rerun-if-env-changed=KFWASM_MODULE");
    let bytes = match env::var_os("KFWASM_MODULE") {
        Some(module) => {
            println!("cargo::rerun-if-changed={}", Path::new(&module).display());
            fs::read(module)?
        }
        None => Vec::new(),
    };
    let out = env::var_os("OUT_DIR").unwrap_or_default();
    fs::write(Path::new(&out).join("kfwasm.wasm"), bytes)
}
