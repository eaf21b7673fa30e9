use std::path::PathBuf;

use anyhow::Result;
use kfwasm_rig::Parts;

use super::measured::{Means, Measured};
use crate::program::Program;
use crate::tools::EnvoyVersion;
use crate::{cli, module, tools, workspace};

/// What is measured, made.
pub(super) struct Made {
    parts: Parts,
    empty: PathBuf,
}

impl Made {
    pub(super) fn new(version: EnvoyVersion) -> Result<Self> {
        Ok(Self {
            parts: Parts {
                module: module::build()?,
                envoy: tools::envoy(version)?,
                provider: tools::provider()?,
            },
            empty: module::build_empty()?,
        })
    }

    /// What measures it, told where the parts are.
    pub(super) fn program(
        &self,
        measured: Measured,
        profile: &str,
        results: &str,
    ) -> Result<Program> {
        match measured.means() {
            Means::Rig(command) => {
                let rig = self.told(cargo("run", "kfwasm-bench").args(["--profile", profile]));
                let results = workspace::target().join(results);
                Ok(rig.args(["--", command, "--out"]).arg(results))
            }
            Means::Criterion(name) => {
                let bench = self.told(cargo("bench", "kfwasm-benches").args(["--bench", name]));
                let bench = match measured {
                    Measured::Program => with_cluster(bench.args(["--profile", profile]))?,
                    _ => bench,
                };
                Ok(bench.arg("--"))
            }
        }
    }

    fn told(&self, program: Program) -> Program {
        let told = self.parts.to_environment().into_iter();
        let program = told.fold(program, |program, (name, path)| program.env(name, path));
        let program = program.env("KFWASM_BENCH_EMPTY", &self.empty);
        if Program::go().missing().is_some() {
            return program;
        }
        match tools::oauth2_proxy() {
            Ok(peer) => program.env("KFWASM_BENCH_OAUTH2_PROXY", peer),
            Err(error) => {
                eprintln!("Without oauth2-proxy: {error:#}");
                program
            }
        }
    }
}

fn cargo(command: &str, package: &str) -> Program {
    Program::cargo().args([command, "--quiet", "--locked", "--package", package])
}

/// The program as it is released, and an API server for it, where one can be had.
fn with_cluster(bench: Program) -> Result<Program> {
    let bench = bench.env("KFWASM", cli::release()?);
    Ok(match tools::kubernetes() {
        Ok(programs) => {
            let told = programs.to_environment().into_iter();
            told.fold(bench, |bench, (name, value)| bench.env(name, value))
        }
        Err(error) => {
            eprintln!("Without an API server: {error:#}");
            bench
        }
    })
}
