//! What the Envoys of a gateway have taken: whether a change has arrived in each pod.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

use super::everywhere::look;
use crate::cluster::{Cluster, Replica, Unseen};
use crate::settings::Settings;

const PAUSE: Duration = Duration::from_millis(300);
/// How long one look may take: the client tries again by itself, for minutes, where a pod cannot be reached.
const LOOK: Duration = Duration::from_secs(10);

/// What an Envoy counts when it takes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counted {
    /// A listener that is new, or other than it was.
    Listeners,
    /// A configuration of the filter.
    Configurations,
}

impl Counted {
    fn of(self, pod: &Replica) -> u64 {
        match self {
            Self::Listeners => pod.listeners,
            Self::Configurations => pod.configurations,
        }
    }
}

/// How often each pod's Envoy had taken one.
#[derive(Clone, Debug)]
pub(crate) struct Taken {
    counted: Counted,
    by_pod: BTreeMap<String, u64>,
}

impl Taken {
    async fn look(
        counted: Counted,
        cluster: &Cluster,
        settings: &Settings,
    ) -> Result<Self, Unseen> {
        let pods = in_time(LOOK, look(cluster, settings)).await?;
        let count = |pod: &Replica| {
            let loaded = pod.loaded.as_ref().map_err(Clone::clone);
            loaded.map(|_| (pod.name.clone(), counted.of(pod)))
        };
        Ok(Self {
            counted,
            by_pod: pods.iter().map(count).collect::<Result<_, _>>()?,
        })
    }

    /// As soon as each pod can be seen.
    ///
    /// # Errors
    /// Why one cannot be seen, at once where nobody may look, and otherwise when the time is over.
    pub(super) async fn once_seen(
        counted: Counted,
        cluster: &Cluster,
        settings: &Settings,
        limit: Duration,
    ) -> Result<Self, Unseen> {
        let deadline = Instant::now() + limit;
        loop {
            match Self::look(counted, cluster, settings).await {
                Ok(taken) => return Ok(taken),
                Err(unseen) if unseen.is_forbidden || Instant::now() > deadline => {
                    return Err(unseen);
                }
                Err(_) => sleep(PAUSE).await,
            }
        }
    }

    /// Waits until each pod has taken others since, and takes no more: Envoy's workers take them one after the other.
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
        let mut last = BTreeMap::new();
        loop {
            let waits = match Self::look(self.counted, cluster, settings).await {
                Err(unseen) => Some(unseen.why),
                Ok(now) => {
                    let waits = self.awaited(&now);
                    if waits.is_none() && now.by_pod == last {
                        return Ok(());
                    }
                    last = now.by_pod;
                    waits
                }
            };
            match waits {
                Some(pods) if Instant::now() > deadline => return Err(pods),
                _ => sleep(PAUSE).await,
            }
        }
    }

    /// The pods that have what they had. One that has come since began with what is there now.
    fn awaited(&self, now: &Self) -> Option<String> {
        let is_same = |(pod, count): &(&String, &u64)| self.by_pod.get(*pod) == Some(*count);
        let pods = now.by_pod.iter().filter(is_same);
        let same: Vec<_> = pods.map(|(pod, _)| pod.as_str()).collect();
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

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(pods: &[(&str, u64)]) -> Taken {
        let pod = |(name, count): &(&str, u64)| ((*name).to_owned(), *count);
        Taken {
            counted: Counted::Listeners,
            by_pod: pods.iter().map(pod).collect(),
        }
    }

    #[test]
    fn each_pod_that_was_there_must_have_taken_others() {
        let before = taken(&[("a", 2), ("b", 3)]);
        for (now, unchanged) in [
            (taken(&[("a", 2), ("b", 3)]), Some("a, b")),
            (taken(&[("a", 2), ("b", 4)]), Some("a")),
            (taken(&[("a", 3), ("b", 4)]), None),
            (taken(&[("a", 3), ("c", 1)]), None),
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
}
