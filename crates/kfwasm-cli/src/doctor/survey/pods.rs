use serde_json::Value;
use tokio::task::JoinSet;

use super::Seen;
use super::api::Reader;

const PODS: &str = "/api/v1/namespaces/istio-system/pods";
/// Where Istio's agent shows Envoy's metrics, unless the pod says otherwise.
const METRICS: (&str, &str) = ("15020", "/stats/prometheus");
/// The name of each counter of the filter has it.
const MARK: &str = "kfwasm";

/// A pod of the gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Replica {
    pub(crate) name: String,
    /// Whether the filter runs there, or why nobody knows.
    pub(crate) loaded: Result<bool, String>,
}

/// Asks each pod for its metrics, through the API server.
pub(super) async fn replicas(reader: &Reader, deployment: &Seen) -> Result<Vec<Replica>, String> {
    let deployment = deployment.as_ref().map_err(Clone::clone)?;
    let labels = deployment
        .as_ref()
        .and_then(|it| it.pointer("/spec/selector/matchLabels")?.as_object());
    let labels = labels.ok_or("there is no gateway")?;
    let pair = |(name, value): (&String, &Value)| {
        format!("{name}%3D{}", value.as_str().unwrap_or_default())
    };
    let selector = labels.iter().map(pair).collect::<Vec<_>>().join("%2C");
    let list = reader
        .see(&format!("{PODS}?labelSelector={selector}"))
        .await?;
    let pods = list.as_ref().and_then(|list| list.get("items")?.as_array());
    let mut asking = JoinSet::new();
    let running = pods.into_iter().flatten().filter(|pod| is_running(pod));
    for pod in running {
        let (reader, pod) = (reader.clone(), pod.clone());
        asking.spawn(async move { replica(&reader, &pod).await });
    }
    let mut replicas = asking.join_all().await;
    replicas.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(replicas)
}

fn is_running(pod: &Value) -> bool {
    let ends = pod.pointer("/metadata/deletionTimestamp").is_some();
    !ends && pod.pointer("/status/phase") == Some(&"Running".into())
}

async fn replica(reader: &Reader, pod: &Value) -> Replica {
    let text = |pointer| pod.pointer(pointer).and_then(Value::as_str);
    let name = text("/metadata/name").unwrap_or_default().to_owned();
    let port = text("/metadata/annotations/prometheus.io~1port").unwrap_or(METRICS.0);
    let path = text("/metadata/annotations/prometheus.io~1path").unwrap_or(METRICS.1);
    let metrics = reader
        .text(&format!("{PODS}/{name}:{port}/proxy{path}"))
        .await;
    Replica {
        name,
        loaded: metrics.map(|metrics| shows_filter(&metrics)),
    }
}

fn shows_filter(metrics: &str) -> bool {
    let mut samples = metrics.lines().filter(|line| !line.starts_with('#'));
    samples.any(|sample| sample.contains(MARK))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filter_shows_by_its_counters() {
        let with = "# TYPE wasmcustom_kfwasm_requests_forwarded counter\nwasmcustom_kfwasm_requests_forwarded{} 0\n";
        assert!(shows_filter(with));
        assert!(!shows_filter("# kfwasm\nenvoy_server_uptime{} 7\n"));
    }
}
