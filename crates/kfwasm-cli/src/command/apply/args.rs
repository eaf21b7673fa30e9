use clap::Args;

use crate::command::cluster_args::ClusterArgs;
use crate::command::place::PlaceArgs;
use crate::command::showing::ShowingArgs;
use crate::command::timeout::TimeoutArgs;
use crate::failure::Failure;
use crate::install::{CarryingOut, Check, Plan, Previous, SecretFiles, Taken};

/// Bring the directory to the cluster.
///
/// What was there before is kept in the ConfigMap kfwasm-previous. What an earlier kfwasm.yaml of this installation has
/// brought and this one does not is taken away again. Interrupted at any moment, the same command continues.
#[derive(Args, Clone, Debug)]
pub(crate) struct ApplyArgs {
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    #[command(flatten)]
    pub(crate) applying: ApplyingArgs,
}

/// How it is applied.
#[derive(Args, Clone, Debug)]
pub(crate) struct ApplyingArgs {
    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,
    #[command(flatten)]
    pub(crate) showing: ShowingArgs,
    /// Take over fields that others own.
    #[arg(long)]
    pub(super) force_conflicts: bool,
    /// A file with a secret that the plugin's configuration names. Otherwise it is taken from the environment, or
    /// from the cluster.
    #[arg(long, value_name = "NAME=FILE")]
    secret: Vec<String>,
    /// Do not ask before changing the cluster. Needed where nobody is at a terminal and something goes: what only adds or
    /// changes goes on there.
    #[arg(short, long)]
    pub(crate) yes: bool,
    #[command(flatten)]
    pub(crate) timeout: TimeoutArgs,
    /// Where the gateway is asked whether the filter decides, when it is neither at its load balancer nor at its public
    /// host.
    #[arg(long, value_name = "HOST:PORT")]
    pub(crate) address: Option<String>,
    /// Do not ask the gateway whether the filter decides.
    #[arg(long)]
    pub(super) no_verify: bool,
}

impl ApplyingArgs {
    /// Where the secrets are that the cluster does not have yet.
    pub(in crate::command) fn secret_files(&self) -> Result<SecretFiles, Failure> {
        SecretFiles::parse(&self.secret)
    }

    pub(super) fn carrying_out(&self) -> CarryingOut {
        CarryingOut {
            limit: self.timeout.limit(),
            force: self.force_conflicts,
            looks: !self.no_verify,
        }
    }

    pub(super) fn check(&self, plan: &Plan, before: &Previous, former: Option<Taken>) -> Check {
        Check {
            address: self.address.clone(),
            limit: self.timeout.limit(),
            is_new: plan.changes("Service") || before.has_only_begun(),
            listens_anew: plan.changes("Gateway"),
            former,
        }
    }
}
