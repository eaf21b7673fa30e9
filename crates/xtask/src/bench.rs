//! `cargo xtask bench`: kfwasm beside its peers, measured in one run.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Args;
use kfwasm_rig::Parts;

use crate::program::Program;
use crate::tools::EnvoyVersion;
use crate::{module, tools, workspace};

/// How the bench is run.
#[derive(Args)]
pub(crate) struct BenchArgs {
    /// Envoy's version.
    #[arg(long, value_enum, default_value = "1.40")]
    envoy_version: EnvoyVersion,
    /// Given to the rig: --quick (two minutes), --docs (write docs/performance.md), --no-gate (exit 0 whatever the figures are), --only NAME, --rounds N.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rig: Vec<String>,
}

/// Makes what is measured, and measures it.
pub(crate) fn run(args: &BenchArgs) -> Result<ExitCode> {
    let parts = Parts {
        module: module::build()?,
        envoy: tools::envoy(args.envoy_version)?,
        provider: tools::provider()?,
    };
    let program = program(&parts, &module::build_empty()?);
    let program = match tools::oauth2_proxy() {
        Ok(peer) => program.env("KFWASM_BENCH_OAUTH2_PROXY", peer),
        Err(error) => {
            eprintln!("Without oauth2-proxy: {error:#}");
            program
        }
    };
    let mut command = program.args(&args.rig).into_command();
    let status = command.status().context("cannot start the rig")?;
    Ok(match status.success() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// The rig, told where the parts are.
pub(crate) fn program(parts: &Parts, empty: &module::Empty) -> Program {
    let program = Program::cargo().args([
        "run",
        "--quiet",
        "--locked",
        "--profile",
        "rig",
        "--package",
        "kfwasm-bench",
    ]);
    let told = parts
        .to_environment()
        .into_iter()
        .fold(program, |program, (name, path)| program.env(name, path));
    told.env("KFWASM_BENCH_EMPTY", &empty.as_linked)
        .env("KFWASM_BENCH_EMPTY_NARROWED", &empty.narrowed)
        .args(["--", "run", "--out"])
        .arg(results())
}

/// Where the results are.
fn results() -> PathBuf {
    workspace::target().join("bench")
}
