//! The program that `cargo xtask bench` runs.

use std::process::ExitCode;

fn main() -> ExitCode {
    kfwasm_bench::run()
}
