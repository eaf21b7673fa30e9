//! From the predecessor to kfwasm at a gateway that people use: it may refuse for a moment, and never opens.
//!
//! The filter has been applied before this, behind the predecessor, with what demands it. Then the predecessor goes,
//! and requests on new connections show whether the filter decides. If it does not, everything is put back.

mod removal;

use std::time::Duration;

use crate::cluster::Cluster;
use crate::failure::Failure;
use crate::install::{Previous, Verification, undo};
use crate::probe::Target;
use crate::settings::Settings;
pub(crate) use removal::Removal;

/// A listener that was applied a moment ago is not open yet.
const OPENING: Duration = Duration::from_secs(15);

/// How it is done.
#[derive(Clone, Debug)]
pub(crate) struct ChangeOver {
    /// Where the gateway is asked whether it works.
    pub(crate) target: Target,
    /// How long it may take to work.
    pub(crate) limit: Duration,
}

impl ChangeOver {
    /// Removes the predecessor, and shows that the filter works without it.
    pub(crate) async fn run(
        &self,
        cluster: &Cluster,
        settings: &Settings,
        removal: &Removal,
    ) -> Result<(), Failure> {
        let verification = Verification::of(settings, &self.target)
            .map_err(|what| Failure::usage(what, "write plugin.publicHosts"))?;
        let answers = verification.until_gateway_answers(self.limit.min(OPENING));
        answers.await.map_err(unverifiable)?;
        let namespace = settings.installation.gateway.namespace.as_str();
        let mut previous = Previous::read(cluster, namespace).await?;
        removal.carry_out(cluster, &mut previous).await?;
        let Err(unexpected) = verification.until_it_works(self.limit).await else {
            eprintln!("verified  {}: the filter decides", self.target.authority);
            return Ok(());
        };
        eprintln!(
            "The filter does not decide at {}: {}",
            self.target.authority, unexpected.what
        );
        undo(cluster, &previous, self.limit).await?;
        Err(Failure::failed(
            format!("everything is as it was before: {}", unexpected.what),
            unexpected.advice,
        ))
    }
}

fn unverifiable(why: String) -> Failure {
    Failure::not_ready(
        format!("the gateway does not answer, so that nothing could be verified: {why}"),
        "name an address at which this machine reaches it with --address; nothing was removed",
    )
}
