//! How far an installation has come: `kfwasm-previous` lists all of it before the first object is applied.

use super::applied::applied;
use super::previous::Previous;
use crate::cluster::Cluster;
use crate::failure::Failure;
use crate::object::ObjectId;

/// What an installation consists of, but for Secrets: whoever may not read them is to see the rest.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    pub(crate) there: Vec<ObjectId>,
    /// What is not there, or not as kfwasm applies it.
    pub(crate) missing: Vec<ObjectId>,
}

impl Progress {
    /// Looks for each object that is listed.
    ///
    /// # Errors
    /// The account may not read one, or the cluster does not answer.
    pub(crate) async fn of(cluster: &Cluster, previous: &Previous) -> Result<Self, Failure> {
        let mut progress = Self::default();
        let ours = previous.touched.iter().filter(|it| it.ours.is_some());
        for id in ours.map(|touched| &touched.id) {
            let list = match is_applied(cluster, id).await? {
                true => &mut progress.there,
                false => &mut progress.missing,
            };
            list.push(id.clone());
        }
        Ok(progress)
    }
}

async fn is_applied(cluster: &Cluster, id: &ObjectId) -> Result<bool, Failure> {
    let live = match cluster.knows(id).await? {
        true => cluster.get(id).await?,
        false => None,
    };
    Ok(live.is_some_and(|live| applied(&live).is_some()))
}
