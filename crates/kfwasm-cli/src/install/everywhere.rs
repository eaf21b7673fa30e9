use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::cluster::{Cluster, Replica, Unseen, replicas};
use crate::probe::Unexpected;
use crate::settings::Settings;

const PAUSE: Duration = Duration::from_millis(300);
/// An agent that failed before this change has tried again by then: a change reaches it within a second.
const TRIED: Duration = Duration::from_secs(15);

/// Waits until the filter runs in each pod of the gateway.
///
/// Where nobody may look into the pods, it says so and does not wait.
///
/// # Errors
/// When the time is over and a pod is without it.
pub(crate) async fn until_everywhere(
    cluster: &Cluster,
    settings: &Settings,
    limit: Duration,
) -> Result<(), Unexpected> {
    let began = Instant::now();
    let mut said = String::new();
    loop {
        let found = look(cluster, settings).await;
        let Some(waits) = awaited(&found) else {
            tell(&found);
            return Ok(());
        };
        if waits != said {
            eprintln!("waiting   {waits}");
            said = waits;
        }
        if let Some(advice) = in_vain(&found, began.elapsed(), limit) {
            return Err(Unexpected { what: said, advice });
        }
        sleep(PAUSE).await;
    }
}

pub(super) async fn look(cluster: &Cluster, settings: &Settings) -> Result<Vec<Replica>, Unseen> {
    let gateway = &settings.installation.gateway;
    let (namespace, name) = (gateway.namespace.as_str(), gateway.deployment.as_str());
    let reader = cluster.reader();
    let path = format!("/apis/apps/v1/namespaces/{namespace}/deployments/{name}");
    let deployment = reader.see(&path).await;
    replicas(&reader, namespace, &deployment).await
}

/// The pods that are known to be without the filter.
fn awaited(found: &Result<Vec<Replica>, Unseen>) -> Option<String> {
    let replicas = found.as_ref().ok()?;
    let without = replicas
        .iter()
        .filter(|replica| replica.loaded == Ok(false));
    let names: Vec<_> = without.map(|replica| replica.name.as_str()).collect();
    (!names.is_empty()).then(|| {
        format!(
            "{} of {} pods run without the filter: {}",
            names.len(),
            replicas.len(),
            names.join(", ")
        )
    })
}

/// What to do where it is of no use to wait longer.
fn in_vain(
    found: &Result<Vec<Replica>, Unseen>,
    waited: Duration,
    limit: Duration,
) -> Option<&'static str> {
    let is_lost = |replica: &Replica| replica.is_unfetched && replica.loaded == Ok(false);
    match found {
        Ok(replicas) if waited > TRIED.min(limit) && replicas.iter().any(is_lost) => Some(
            "Istio's agent could not fetch the module: see that it is at module.url, and that the gateway's pods reach it",
        ),
        _ if waited > limit => Some(
            "the log of that pod says why: Envoy did not take the module, or was not told of it",
        ),
        _ => None,
    }
}

fn tell(found: &Result<Vec<Replica>, Unseen>) {
    let unseen = match found {
        Err(unseen) => Some(unseen),
        Ok(replicas) => replicas.iter().find_map(|it| it.loaded.as_ref().err()),
    };
    match (unseen, found) {
        (Some(unseen), _) => {
            eprintln!(
                "not seen  whether the filter runs in each pod: {}",
                unseen.why
            );
        }
        (None, Ok(replicas)) => {
            eprintln!("loaded    in each pod of the gateway: {}", replicas.len());
        }
        (None, Err(_)) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pods(loaded: &[Result<bool, Unseen>]) -> Result<Vec<Replica>, Unseen> {
        let pod = |(index, loaded): (usize, &Result<bool, Unseen>)| Replica {
            name: format!("pod-{index}"),
            loaded: loaded.clone(),
            is_unfetched: false,
            listeners: 0,
            configurations: 0,
        };
        Ok(loaded.iter().enumerate().map(pod).collect())
    }

    #[test]
    fn a_pod_without_the_filter_is_waited_for_and_named() {
        let waits = awaited(&pods(&[Ok(true), Ok(false), Ok(true)]));
        let wanted = "1 of 3 pods run without the filter: pod-1";
        assert_eq!(waits.as_deref(), Some(wanted));
        assert_eq!(awaited(&pods(&[Ok(true), Ok(true)])), None);
    }

    #[test]
    fn what_the_agent_could_not_fetch_is_not_waited_for() {
        let [soon, later, late] = [1, 20, 200].map(Duration::from_secs);
        let limit = Duration::from_secs(100);
        let mut found = pods(&[Ok(true), Ok(false)]);
        assert_eq!(in_vain(&found, later, limit), None);
        assert!(in_vain(&found, late, limit).is_some());
        found.as_mut().unwrap()[1].is_unfetched = true;
        assert_eq!(in_vain(&found, soon, limit), None);
        assert!(in_vain(&found, later, limit).is_some());
    }

    #[test]
    fn what_cannot_be_seen_is_not_waited_for() {
        assert_eq!(awaited(&Err("forbidden".to_owned().into())), None);
        assert_eq!(awaited(&pods(&[Err("no route".to_owned().into())])), None);
    }
}
