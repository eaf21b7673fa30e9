use std::process::ExitCode;

use clap::Args;

use super::cluster_args::{ClusterArgs, run_async};
use crate::failure::Failure;
use crate::status::Status;

/// Show what is installed in the cluster: versions, plugin, backstop, certificate, redirect URIs. `kfwasm doctor` judges it.
#[derive(Args, Clone, Debug)]
pub(crate) struct StatusArgs {
    #[command(flatten)]
    cluster: ClusterArgs,
    /// The namespace of the gateway's pods.
    #[arg(long, value_name = "NAME", default_value = "istio-system")]
    namespace: String,
    /// Print it as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &StatusArgs) -> Result<ExitCode, Failure> {
    let status = run_async(async {
        let cluster = args.cluster.connect().await?;
        Status::of(&cluster, &args.namespace).await
    })?;
    let status = status.ok_or_else(|| {
        Failure::failed(
            format!("kfwasm is not installed in {}", args.namespace),
            "`kfwasm install` does it; --namespace names another place",
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
