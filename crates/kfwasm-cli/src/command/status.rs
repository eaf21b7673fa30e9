use std::process::ExitCode;

use clap::Args;

use super::cluster_args::{ClusterArgs, run_async};
use super::place::PlaceArgs;
use crate::failure::Failure;
use crate::status::Status;

/// Show what is installed in the cluster: versions, plugin, backstop, certificate, redirect URIs. `kfwasm doctor` judges it.
#[derive(Args, Clone, Debug)]
pub(crate) struct StatusArgs {
    #[command(flatten)]
    cluster: ClusterArgs,
    #[command(flatten)]
    place: PlaceArgs,
    /// Print it as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &StatusArgs) -> Result<ExitCode, Failure> {
    let gateway = args.place.gateway()?;
    let status = run_async(async {
        let cluster = args.cluster.connect().await?;
        Status::of(&cluster, &gateway).await
    })?;
    let status = status.ok_or_else(|| {
        Failure::failed(
            format!("kfwasm is not installed in {}", gateway.namespace.as_str()),
            "`kfwasm install` does it; where the gateway is elsewhere, name the directory that says so",
        )
    })?;
    match args.json {
        true => println!("{:#}", status.json()),
        false => status
            .facts()
            .iter()
            .for_each(|(name, fact)| println!("{name:<13} {fact}")),
    }
    Ok(ExitCode::SUCCESS)
}
