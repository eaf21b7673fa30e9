//! What the Envoys of a gateway listen with: whether they have taken a change of it.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

use super::everywhere::look;
use crate::cluster::{Cluster, Replica, Unseen};
use crate::settings::Settings;

const PAUSE: Duration = Duration::from_millis(300);
/// How long one look may take: the client tries again by itself, for minutes, where a pod cannot be reached.
const LOOK: Duration = Duration::from_secs(10);

/// How often each pod's Envoy had taken other listeners, or why nobody knows.
pub(super) struct Listeners(Result<BTreeMap<String, u64>, Unseen>);

impl Listeners {
    pub(super) async fn of(cluster: &Cluster, settings: &Settings) -> Self {
        let pods = in_time(LOOK, look(cluster, settings)).await;
        Self(pods.and_then(|pods| counts(&pods)))
    }

    /// As soon as each pod can be seen. Nothing, where nobody may look, which it says.
    ///
    /// # Errors
    /// Why one cannot be seen, when the time is over.
    pub(super) async fn once_seen(
        cluster: &Cluster,
        settings: &Settings,
        limit: Duration,
    ) -> Result<Option<Self>, String> {
        let deadline = Instant::now() + limit;
        loop {
            match Self::of(cluster, settings).await.0 {
                Ok(counts) => return Ok(Some(Self(Ok(counts)))),
                Err(unseen) if unseen.is_forbidden => {
                    eprintln!("not seen  whether each pod takes it: {}", unseen.why);
                    return Ok(None);
                }
                Err(unseen) if Instant::now() > deadline => return Err(unseen.why),
                Err(_) => sleep(PAUSE).await,
            }
        }
    }

    /// Waits until each pod has taken others since.
    ///
    /// # Errors
    /// The pods that have not, when the time is over.
    pub(super) async fn until_others(
        &self,
        cluster: &Cluster,
        settings: &Settings,
        limit: Duration,
    ) -> Result<(), String> {
        let deadline = Instant::now() + limit;
        loop {
            let waits = self.awaited(&Self::of(cluster, settings).await);
            match waits {
                None => return Ok(()),
                Some(pods) if Instant::now() > deadline => return Err(pods),
                Some(_) => sleep(PAUSE).await,
            }
        }
    }

    /// The pods that have what they had, or cannot be seen now. One that has come since began with what is there now.
    fn awaited(&self, now: &Self) -> Option<String> {
        let (before, now) = match (&self.0, &now.0) {
            (Ok(before), Ok(now)) => (before, now),
            (Err(unseen), _) | (_, Err(unseen)) => return Some(unseen.why.clone()),
        };
        let is_same = |(pod, count): &(&String, &u64)| before.get(*pod) == Some(*count);
        let same: Vec<_> = now
            .iter()
            .filter(is_same)
            .map(|(pod, _)| pod.as_str())
            .collect();
        (!same.is_empty()).then(|| same.join(", "))
    }
}

/// What is seen within the limit.
async fn in_time<T>(
    limit: Duration,
    seeing: impl Future<Output = Result<T, Unseen>>,
) -> Result<T, Unseen> {
    let late = |_| format!("no answer within {} s", limit.as_secs());
    timeout(limit, seeing).await.map_err(late)?
}

fn counts(pods: &[Replica]) -> Result<BTreeMap<String, u64>, Unseen> {
    let count = |pod: &Replica| {
        let loaded = pod.loaded.as_ref().map_err(Clone::clone);
        loaded.map(|_| (pod.name.clone(), pod.listeners))
    };
    pods.iter().map(count).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listeners(pods: &[(&str, u64)]) -> Listeners {
        let pod = |(name, count): &(&str, u64)| ((*name).to_owned(), *count);
        Listeners(Ok(pods.iter().map(pod).collect()))
    }

    #[test]
    fn each_pod_that_was_there_must_have_taken_others() {
        let before = listeners(&[("a", 2), ("b", 3)]);
        for (now, unchanged) in [
            (listeners(&[("a", 2), ("b", 3)]), Some("a, b")),
            (listeners(&[("a", 2), ("b", 4)]), Some("a")),
            (listeners(&[("a", 3), ("b", 4)]), None),
            (listeners(&[("a", 3), ("c", 1)]), None),
        ] {
            assert_eq!(before.awaited(&now).as_deref(), unchanged);
        }
    }

    #[tokio::test]
    async fn a_look_that_does_not_end_is_ended() {
        let limit = Duration::from_millis(1);
        let seen = in_time::<()>(limit, std::future::pending()).await;
        assert_eq!(seen.unwrap_err().why, "no answer within 0 s");
    }

    #[test]
    fn a_pod_that_cannot_be_seen_for_a_moment_has_taken_nothing() {
        let unseen = Listeners(Err("no route".to_owned().into()));
        let seen = listeners(&[("a", 1)]);
        assert_eq!(seen.awaited(&unseen).as_deref(), Some("no route"));
    }
}
