//! `cargo xtask cluster`: a Kubernetes API server to try kfwasm on, on this machine.

mod whole;

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use kfwasm_cluster_rig::{CertManager, Cluster};

use crate::{interrupt, tools};

/// What the cluster is like.
#[derive(Args)]
pub(crate) struct ClusterArgs {
    /// The version of Istio whose custom resources it knows: 1.24.2, 1.30.8 or 1.31.4.
    #[arg(long, default_value = "1.31.4", value_name = "VERSION")]
    istio: String,
    /// Run Istio's own control plane too, a gateway in front of a dashboard, and a provider to sign in at.
    #[arg(long, conflicts_with = "istio")]
    whole: bool,
    /// How many pods the gateway has.
    #[arg(long, default_value_t = 1, value_name = "COUNT", requires = "whole")]
    replicas: usize,
    /// Where the gateway listens for https.
    #[arg(long, default_value_t = 8443, value_name = "PORT", requires = "whole")]
    port: u16,
}

/// Starts it, says how to use it, and ends with Ctrl-C.
pub(crate) fn run(args: &ClusterArgs) -> Result<ExitCode> {
    if args.whole {
        return whole::run(args.replicas, args.port);
    }
    let programs = tools::kubernetes()?;
    let interrupt = interrupt::expect()?;
    let cluster = Cluster::with_custom_resources(&programs, &args.istio)?;
    println!(
        "\n  A Kubernetes API server with the resources of Istio {}",
        args.istio
    );
    println!("\n  export KUBECONFIG={}", cluster.kubeconfig().display());
    let certificates = CertManager::start(&cluster)?;
    println!(
        "\n  cert-manager issues certificates. There are no nodes: pods stay pending. Ctrl-C ends it."
    );
    interrupt.wait();
    drop(certificates);
    drop(cluster);
    println!("\nEverything has ended.");
    Ok(ExitCode::SUCCESS)
}
