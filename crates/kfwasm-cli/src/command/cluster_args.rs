use std::future::Future;

use clap::Args;

use crate::cluster::Cluster;
use crate::failure::Failure;
use crate::interruption::run_until_interrupted;

/// Which cluster is meant.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct ClusterArgs {
    /// The context of the kubeconfig, instead of the current one.
    #[arg(long, value_name = "NAME")]
    pub(crate) context: Option<String>,
}

impl ClusterArgs {
    pub(crate) async fn connect(&self) -> Result<Cluster, Failure> {
        Cluster::connect(self.context.as_deref()).await
    }

    /// The same, for what changes it or shows what would be changed.
    pub(crate) async fn connect_to_change(&self) -> Result<Cluster, Failure> {
        Cluster::connect_to_change(self.context.as_deref()).await
    }
}

/// Runs work that waits for the cluster, until it is done or somebody presses Ctrl-C.
pub(crate) fn run_async<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    // Each change is one request, which the server carries out whole or not at all.
    run_until_interrupted(
        work,
        "the same command continues where this one stopped; `kfwasm uninstall` goes back to what was there",
    )
}
