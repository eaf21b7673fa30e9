use std::process::ExitCode;

use clap::Args;

use super::cluster_args::{ClusterArgs, run_async};
use super::going_back::GoingBack;
use super::place::PlaceArgs;
use super::showing::ShowingArgs;
use super::timeout::TimeoutArgs;
use crate::failure::Failure;

/// Take kfwasm away: what was there before it is there again.
#[derive(Args, Clone, Debug)]
pub(crate) struct UninstallArgs {
    #[command(flatten)]
    cluster: ClusterArgs,
    #[command(flatten)]
    place: PlaceArgs,
    #[command(flatten)]
    showing: ShowingArgs,
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
        let cluster = args.cluster.connect_to_change().await?;
        let previous = meant.previous(&cluster).await?;
        if previous.is_empty() {
            eprintln!("kfwasm is not installed in {namespace}: nothing was changed.");
            return Ok(());
        }
        let going_back = GoingBack {
            question: "Take kfwasm away?",
            showing: args.showing,
            yes: args.yes,
            limit: args.timeout.limit(),
        };
        going_back.run(&cluster, &previous).await
    })?;
    Ok(ExitCode::SUCCESS)
}
