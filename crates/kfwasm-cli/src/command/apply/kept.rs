//! What was there before kfwasm, as the cluster keeps it.

use crate::cluster::Cluster;
use crate::command::place::Meant;
use crate::failure::Failure;
use crate::install::{Plan, Previous};
use crate::settings::Settings;

/// What was there is kept before anything is changed.
pub(super) async fn record(
    cluster: &Cluster,
    plan: &Plan,
    before: &Previous,
    name: &str,
) -> Result<(), Failure> {
    if plan.is_empty() {
        return Ok(());
    }
    let mut previous = before.clone();
    previous.name(name);
    previous.add(cluster, plan).await?;
    previous.keep(cluster).await
}

/// What we no longer bring is no longer to be taken away: at last, because a way back that breaks off has made it anew.
pub(super) async fn forget(
    cluster: &Cluster,
    plan: &Plan,
    settings: &Settings,
) -> Result<(), Failure> {
    let given_up = plan.given_up();
    if given_up.is_empty() {
        return Ok(());
    }
    let mut kept = Meant::by(settings).previous(cluster).await?;
    kept.forget(&given_up);
    kept.keep(cluster).await
}
