use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::condition::{addresses, awaited};
use super::obstacle::obstacle;
use crate::cluster::Cluster;
use crate::failure::Failure;
use crate::object::{Object, ObjectId};
use crate::web::without_controls;

const PAUSE: Duration = Duration::from_millis(300);

/// How long to wait for an object to become ready.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Waiting {
    pub(crate) limit: Duration,
}

impl Waiting {
    /// Waits until the object is ready, and says what for.
    pub(crate) async fn until_ready(self, cluster: &Cluster, id: &ObjectId) -> Result<(), Failure> {
        match self.too_late(cluster, id).await? {
            Some(reason) => Err(not_ready(id, &reason, self.limit)),
            None => Ok(()),
        }
    }

    /// The same; what it still waits for when the time is over.
    pub(super) async fn too_late(
        self,
        cluster: &Cluster,
        id: &ObjectId,
    ) -> Result<Option<String>, Failure> {
        let deadline = Instant::now() + self.limit;
        let mut said = String::new();
        loop {
            let Some(object) = cluster.get(id).await? else {
                return Err(Failure::failed(
                    format!("{id} was deleted while kfwasm waited for it"),
                    "the same command begins again",
                ));
            };
            let Some(reason) = awaited(&object) else {
                tell_address(&object);
                return Ok(None);
            };
            let reason = match obstacle(cluster, &object).await {
                Some(why) => format!("{reason}: {why}"),
                None => reason,
            };
            // Whoever answers an authority's question in our place is repeated in it.
            let reason = without_controls(&reason);
            if reason != said {
                eprintln!("waiting   {id}: {reason}");
                said = reason;
            }
            if Instant::now() > deadline {
                return Ok(Some(said));
            }
            sleep(PAUSE).await;
        }
    }

    /// Waits for the rollout that a way back causes; why that was in vain. It goes on to the end all the same: that is told
    /// at last.
    pub(super) async fn rolled_out(self, cluster: &Cluster, id: &ObjectId) -> Option<Failure> {
        match self.unfinished(cluster, id).await {
            Ok(reason) => reason.map(|reason| not_as_before(id, &reason, self.limit)),
            Err(failure) => Some(not_known(id, &failure)),
        }
    }

    async fn unfinished(self, cluster: &Cluster, id: &ObjectId) -> Result<Option<String>, Failure> {
        if id.kind != "Deployment" || cluster.get(id).await?.is_none() {
            return Ok(None);
        }
        self.too_late(cluster, id).await
    }
}

fn not_as_before(id: &ObjectId, reason: &str, limit: Duration) -> Failure {
    let seconds = limit.as_secs();
    Failure::not_ready(
        format!(
            "everything is as it was before, and the pods of {id} are not after {seconds} s: {reason}"
        ),
        "see why its pods do not start with `kubectl describe pods`",
    )
}

fn not_known(id: &ObjectId, failure: &Failure) -> Failure {
    let why = failure.message();
    Failure::failed(
        format!(
            "everything is as it was before; whether the pods of {id} are too is not known: {why}"
        ),
        "see whether its pods run with `kubectl get pods`",
    )
}

fn tell_address(service: &Object) {
    if service.text("/kind") == "Service" {
        for address in addresses(service) {
            eprintln!("address   {}", without_controls(address));
        }
    }
}

fn not_ready(id: &ObjectId, reason: &str, limit: Duration) -> Failure {
    let advice = match id.kind.as_str() {
        "Deployment" => {
            "see why its pods do not start with `kubectl describe pods`; then run the same command again"
        }
        "Certificate" => {
            "see why with `kubectl describe certificate`; then run the same command again"
        }
        _ => {
            "see why with `kubectl describe service`; then run the same command again. To do without, set gateway.loadBalancer: false, or give --host where there is no kfwasm.yaml yet"
        }
    };
    let seconds = limit.as_secs();
    Failure::not_ready(
        format!("{id} is not ready after {seconds} s: {reason}"),
        advice,
    )
}
