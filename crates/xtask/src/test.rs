//! `cargo xtask test`: everything that proves kfwasm, and a table of it.

mod args;
mod bench;
mod browser;
mod cli;
mod cluster;
mod envoy;
mod fuzz;
mod module;
mod row;
mod step;
mod summary;
mod tally;
mod tidy;
mod unit;

use std::process::ExitCode;

use anyhow::Result;

use args::Suite;
pub(crate) use args::TestArgs;
use summary::Summary;

/// Runs every suite that is wanted, also after one has failed.
pub(crate) fn run(args: &TestArgs) -> Result<ExitCode> {
    let mut summary = Summary::begin(!args.filter.is_empty());
    for suite in args.suites() {
        match suite {
            Suite::Tidy => tidy::run(args, &mut summary),
            Suite::Unit => unit::run(args, &mut summary),
            Suite::Module => module::run(args, &mut summary),
            Suite::Cli => cli::run(args, &mut summary),
            Suite::Fuzz => fuzz::run(args, &mut summary),
            Suite::Envoy => envoy::run(args, &mut summary),
            Suite::Cluster => cluster::run(args, &mut summary),
            Suite::Bench => bench::run(args, &mut summary),
            Suite::Browser => browser::run(args, &mut summary),
        }
    }
    Ok(summary.end())
}
