use std::process::ExitCode;

use clap::Args;

use super::cluster_args::{ClusterArgs, run_async};
use super::place::PlaceArgs;
use super::timeout::TimeoutArgs;
use crate::answer;
use crate::failure::Failure;
use crate::install::{Previous, undo};

/// Take kfwasm away: what was there before it is there again.
#[derive(Args, Clone, Debug)]
pub(crate) struct UninstallArgs {
    #[command(flatten)]
    cluster: ClusterArgs,
    #[command(flatten)]
    place: PlaceArgs,
    /// Do not ask before changing the cluster. Needed where nobody is at a terminal.
    #[arg(short, long)]
    yes: bool,
    #[command(flatten)]
    timeout: TimeoutArgs,
}

pub(super) fn run(args: &UninstallArgs) -> Result<ExitCode, Failure> {
    let meant = args.place.meant()?;
    let namespace = meant.gateway.namespace.as_str();
    run_async(async {
        let cluster = args.cluster.connect().await?;
        let previous = Previous::read(&cluster, namespace).await?;
        meant.check(&previous)?;
        if previous.is_empty() {
            eprintln!("kfwasm is not installed in {namespace}: nothing was changed.");
            return Ok(());
        }
        eprint!("{}", previous.summary());
        answer::agreed(args.yes, "Take kfwasm away?", "nothing was changed").await?;
        undo(&cluster, &previous, args.timeout.limit()).await
    })?;
    Ok(ExitCode::SUCCESS)
}
