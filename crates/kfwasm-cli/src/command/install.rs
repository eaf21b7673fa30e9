use std::process::ExitCode;

use clap::Args;

use super::apply::{self, ApplyingArgs, Verified};
use super::build::{self, BuildArgs};
use crate::failure::Failure;
use crate::starter::LoadBalancer;

/// Build, then apply: from nothing to sign-in at the gateway.
#[derive(Args, Clone, Debug)]
pub(crate) struct InstallArgs {
    #[command(flatten)]
    applying: ApplyingArgs,
    // Last, because its heading holds for what follows.
    #[command(flatten)]
    build: BuildArgs,
}

impl InstallArgs {
    /// What is built, where the cluster can say the public host.
    fn building(&self) -> BuildArgs {
        let mut build = self.build.clone();
        build.starter.host_source = Some(LoadBalancer {
            context: self.applying.cluster.context.clone(),
            limit: self.applying.timeout.limit(),
        });
        build
    }
}

pub(super) fn run(args: &InstallArgs) -> Result<ExitCode, Failure> {
    if args.build.output.is_some() {
        return Err(Failure::usage(
            "--output prints what is built, and does not install it",
            "`kfwasm build --output` prints it, `kfwasm install --diff` shows what would be different",
        ));
    }
    build::run(&args.building())?;
    let directory = args.build.place.directory()?;
    apply::apply(&directory, &args.applying, Verified::Afterwards)
}
