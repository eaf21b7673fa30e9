use std::process::ExitCode;

use clap::Args;

use super::apply::{self, ApplyingArgs, Verified};
use super::build::{self, BuildArgs};
use crate::failure::Failure;

/// Build, then apply: from nothing to sign-in at the gateway.
#[derive(Args, Clone, Debug)]
pub(crate) struct InstallArgs {
    #[command(flatten)]
    build: BuildArgs,
    #[command(flatten)]
    applying: ApplyingArgs,
}

pub(super) fn run(args: &InstallArgs) -> Result<ExitCode, Failure> {
    build::run(&args.build)?;
    let directory = args.build.place.directory()?;
    apply::apply(&directory, &args.applying, Verified::Afterwards)
}
