//! `cargo xtask bench`: kfwasm beside its peers, measured in one run.

use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
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
    /// One thing alone; without it, kfwasm beside its peers, and with --docs the curves and the streams too.
    #[arg(long, value_enum)]
    what: Option<Measured>,
    /// Given to the rig: --quick (two minutes), --docs (write docs/performance.md), --no-gate (exit 0 whatever the figures are), --only NAME, --rounds N.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rig: Vec<String>,
}

/// What can be measured.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Measured {
    /// kfwasm beside its peers.
    Run,
    /// How the cost grows with headers, cookies, sessions, groups, skip rules and workers.
    Curves,
    /// Large bodies, WebSockets, and how long a gateway takes to start.
    Streams,
    /// Instructions under Valgrind instead of time: for a machine that is too busy for clocks.
    Instructions,
}

impl Measured {
    const fn command(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Curves => "curves",
            Self::Streams => "streams",
            Self::Instructions => "instructions",
        }
    }

    /// The profile in which the rig is compiled. Under Valgrind everything waits for Envoy, and how fast the rig is does not
    /// matter.
    const fn profile(self) -> &'static str {
        match self {
            Self::Instructions => "dev",
            Self::Run | Self::Curves | Self::Streams => "rig",
        }
    }
}

impl BenchArgs {
    fn wanted(&self) -> Vec<Measured> {
        let for_docs = self.rig.iter().any(|argument| argument == "--docs");
        match self.what {
            Some(one) => vec![one],
            None if for_docs => vec![Measured::Run, Measured::Curves, Measured::Streams],
            None => vec![Measured::Run],
        }
    }
}

/// Makes what is measured, and measures it; a target that is missed does not keep the rest from being measured.
pub(crate) fn run(args: &BenchArgs) -> Result<ExitCode> {
    let mut passed = true;
    for measured in args.wanted() {
        let rig = rig(args.envoy_version, measured, measured.profile(), "bench")?;
        let mut command = rig.args(&args.rig).into_command();
        passed &= command.status().context("cannot start the rig")?.success();
    }
    Ok(match passed {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// The smallest runs that go everywhere: what they measure means nothing, but every variant must start, answer and count.
pub(crate) fn self_checks() -> Result<Vec<Program>> {
    let measured = [Measured::Run, Measured::Curves, Measured::Streams];
    let tiny = |measured| {
        let rig = rig(EnvoyVersion::V1_40, measured, "dev", "bench/self-check");
        Ok(rig?.args(["--tiny", "--no-gate"]))
    };
    measured.into_iter().map(tiny).collect()
}

/// The rig as compiled in this profile, told where the parts are and what to measure; its results go to a folder of target.
fn rig(version: EnvoyVersion, measured: Measured, profile: &str, results: &str) -> Result<Program> {
    let parts = Parts {
        module: module::build()?,
        envoy: tools::envoy(version)?,
        provider: tools::provider()?,
    };
    let empty = module::build_empty()?;
    let program =
        Program::cargo().args(["run", "--quiet", "--locked", "--package", "kfwasm-bench"]);
    let program = told(program.args(["--profile", profile]), &parts, &empty);
    let program = match tools::oauth2_proxy() {
        Ok(peer) => program.env("KFWASM_BENCH_OAUTH2_PROXY", peer),
        Err(error) => {
            eprintln!("Without oauth2-proxy: {error:#}");
            program
        }
    };
    let results = workspace::target().join(results);
    Ok(program
        .args(["--", measured.command(), "--out"])
        .arg(results))
}

fn told(program: Program, parts: &Parts, empty: &module::Empty) -> Program {
    let told = parts
        .to_environment()
        .into_iter()
        .fold(program, |program, (name, path)| program.env(name, path));
    told.env("KFWASM_BENCH_EMPTY", &empty.as_linked)
        .env("KFWASM_BENCH_EMPTY_NARROWED", &empty.narrowed)
}
