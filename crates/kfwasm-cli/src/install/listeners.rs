//! What the Envoys of a gateway listen with: whether they have taken a change of it.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::everywhere::look;
use crate::cluster::{Cluster, Replica};
use crate::settings::Settings;

const PAUSE: Duration = Duration::from_millis(300);

/// How often each pod's Envoy had taken other listeners, or why nobody knows.
pub(super) struct Listeners(Result<BTreeMap<String, u64>, String>);

impl Listeners {
    pub(super) async fn of(cluster: &Cluster, settings: &Settings) -> Self {
        Self(look(cluster, settings).await.and_then(|pods| counts(&pods)))
    }

    /// Waits until each pod has taken others since. Where nobody may look into the pods, it says so and does not wait.
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
            let now = Self::of(cluster, settings).await;
            match self.unchanged(&now) {
                Err(why) => {
                    eprintln!("not seen  whether each pod has taken it: {why}");
                    return Ok(());
                }
                Ok(pods) if pods.is_empty() => return Ok(()),
                Ok(pods) if Instant::now() > deadline => return Err(pods.join(", ")),
                Ok(_) => sleep(PAUSE).await,
            }
        }
    }

    /// The pods that have what they had. One that has come since began with what is there now.
    fn unchanged<'a>(&'a self, now: &'a Self) -> Result<Vec<&'a str>, &'a String> {
        let (before, now) = (self.0.as_ref()?, now.0.as_ref()?);
        let is_same = |(pod, count): &(&String, &u64)| before.get(*pod) == Some(*count);
        let same = now.iter().filter(is_same);
        Ok(same.map(|(pod, _)| pod.as_str()).collect())
    }
}

fn counts(pods: &[Replica]) -> Result<BTreeMap<String, u64>, String> {
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
            (listeners(&[("a", 2), ("b", 4)]), vec!["a"]),
            (listeners(&[("a", 3), ("b", 4)]), vec![]),
            (listeners(&[("a", 3), ("c", 1)]), vec![]),
        ] {
            assert_eq!(before.unchanged(&now), Ok(unchanged));
        }
    }

    #[test]
    fn what_cannot_be_seen_is_not_waited_for() {
        let unseen = Listeners(Err("forbidden".to_owned()));
        let seen = listeners(&[("a", 1)]);
        assert!(unseen.unchanged(&seen).is_err());
        assert!(seen.unchanged(&unseen).is_err());
    }
}
