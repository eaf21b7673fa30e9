//! What was there before kfwasm is there again, or is only shown.

use std::time::Duration;

use super::showing::ShowingArgs;
use crate::answer;
use crate::cluster::Cluster;
use crate::failure::Failure;
use crate::install::{Previous, difference_of_going_back, undo};

/// How somebody goes back.
#[derive(Clone, Copy, Debug)]
pub(super) struct GoingBack {
    pub(super) question: &'static str,
    pub(super) showing: ShowingArgs,
    pub(super) yes: bool,
    pub(super) limit: Duration,
}

impl GoingBack {
    /// Shows what it comes to, asks and does it; or ends, where it is only to be shown.
    pub(super) async fn run(self, cluster: &Cluster, previous: &Previous) -> Result<(), Failure> {
        if self.showing.only_shows() {
            return self.show(cluster, previous).await;
        }
        eprint!("{}", previous.summary());
        answer::agreed(self.yes, self.question, "nothing was changed").await?;
        undo(cluster, previous, self.limit).await
    }

    async fn show(self, cluster: &Cluster, previous: &Previous) -> Result<(), Failure> {
        if self.showing.diff {
            print!("{}", difference_of_going_back(cluster, previous).await?);
        }
        if self.showing.dry_run {
            print!("{}", previous.summary());
        }
        Ok(())
    }
}
