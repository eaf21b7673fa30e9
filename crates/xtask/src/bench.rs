//! `cargo xtask bench`: kfwasm beside its peers, measured in one run.

mod made;
mod measured;
mod missing;

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::program::Program;
use crate::tools::EnvoyVersion;

use made::Made;
use measured::Measured;

/// How the bench is run.
#[derive(Args)]
pub(crate) struct BenchArgs {
    /// Envoy's version.
    #[arg(long, value_enum, default_value = "1.40")]
    envoy_version: EnvoyVersion,
    /// One thing alone; without it, kfwasm beside its peers, and with --docs the curves, the streams and the memory too.
    #[arg(long, value_enum)]
    what: Option<Measured>,
    /// Given to the rig: --quick (two minutes), --docs (write docs/performance.md), --no-gate (exit 0 whatever the figures are), --only NAME, --rounds N. To criterion, for what it measures: its own.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rig: Vec<String>,
}

impl BenchArgs {
    fn wanted(&self) -> Vec<Measured> {
        let for_docs = self.rig.iter().any(|argument| argument == "--docs");
        match self.what {
            Some(one) => vec![one],
            None if for_docs => Measured::FOR_DOCS.to_vec(),
            None => vec![Measured::Run],
        }
    }
}

/// Makes what is measured, and measures it; a target that is missed does not keep the rest from being measured.
pub(crate) fn run(args: &BenchArgs) -> Result<ExitCode> {
    let wanted = args.wanted();
    missing::tell(&wanted);
    let made = Made::new(args.envoy_version)?;
    let mut passed = true;
    for measured in wanted {
        let program = made.program(measured, measured.profile(), "bench")?;
        passed &= program.args(&args.rig).succeeds()?;
    }
    Ok(match passed {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// The smallest runs that go everywhere: what they measure means nothing, but every variant must start, answer and count.
pub(crate) fn self_checks() -> Result<Vec<Program>> {
    let made = Made::new(EnvoyVersion::V1_40)?;
    let tiny = |measured| {
        let rig = made.program(measured, "dev", "bench/self-check");
        Ok(rig?.args(["--tiny", "--no-gate"]))
    };
    Measured::FOR_DOCS.into_iter().map(tiny).collect()
}
