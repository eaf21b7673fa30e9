use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::cluster::{Cluster, Replica, replicas};
use crate::probe::Unexpected;
use crate::settings::Settings;

const PAUSE: Duration = Duration::from_millis(300);

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
    let deadline = Instant::now() + limit;
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
        if Instant::now() > deadline {
            return Err(Unexpected {
                what: said,
                advice: "the log of that pod says why; Istio's agent could not fetch the module, or Envoy did not take it",
            });
        }
        sleep(PAUSE).await;
    }
}

async fn look(cluster: &Cluster, settings: &Settings) -> Result<Vec<Replica>, String> {
    let gateway = &settings.installation.gateway;
    let (namespace, name) = (gateway.namespace.as_str(), gateway.deployment.as_str());
    let reader = cluster.reader();
    let path = format!("/apis/apps/v1/namespaces/{namespace}/deployments/{name}");
    let deployment = reader.see(&path).await;
    replicas(&reader, namespace, &deployment).await
}

/// The pods that are known to be without the filter.
fn awaited(found: &Result<Vec<Replica>, String>) -> Option<String> {
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

fn tell(found: &Result<Vec<Replica>, String>) {
    let unseen = match found {
        Err(why) => Some(why),
        Ok(replicas) => replicas.iter().find_map(|it| it.loaded.as_ref().err()),
    };
    match (unseen, found) {
        (Some(why), _) => eprintln!("not seen  whether the filter runs in each pod: {why}"),
        (None, Ok(replicas)) => {
            eprintln!("loaded    in all of the {} pods", replicas.len());
        }
        (None, Err(_)) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pods(loaded: &[Result<bool, String>]) -> Result<Vec<Replica>, String> {
        let pod = |(index, loaded): (usize, &Result<bool, String>)| Replica {
            name: format!("pod-{index}"),
            loaded: loaded.clone(),
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
    fn what_cannot_be_seen_is_not_waited_for() {
        assert_eq!(awaited(&Err("forbidden".to_owned())), None);
        assert_eq!(awaited(&pods(&[Err("no route".to_owned())])), None);
    }
}
