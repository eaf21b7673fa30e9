use serde_json::Value;
use tokio::task::JoinSet;

use super::sample::Sample;
use super::{Reader, Seen, Unseen};

/// Where Istio's agent shows Envoy's metrics, unless the pod says otherwise.
const METRICS: (&str, &str) = ("15020", "/stats/prometheus");
/// The name of each counter of the filter begins so. Others have it in their labels, where something is called so.
const OURS: &str = "kfwasm_";
/// What the agent counts by results.
const CONVERSIONS: &str = "istio_agent_wasm_config_conversion_count";
/// The result that there is no module.
const UNFETCHED: &str = "result=\"fetch_failure\"";

/// What Envoy counts when it takes a listener.
const LISTENERS: &[&str] = &[
    "envoy_listener_manager_listener_added",
    "envoy_listener_manager_listener_modified",
];

/// What the filter counts when it takes a configuration.
const CONFIGURATIONS: &[&str] = &["kfwasm_configurations"];

/// A pod of the gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Replica {
    pub(crate) name: String,
    /// Whether the filter runs there, or why nobody knows.
    pub(crate) loaded: Result<bool, Unseen>,
    /// Whether Istio's agent has tried in vain to fetch a module there. It does not try again by itself.
    pub(crate) is_unfetched: bool,
    /// How often Envoy has taken a listener that is new, or other than it was.
    pub(crate) listeners: u64,
    /// How often the filter has taken a configuration there.
    pub(crate) configurations: u64,
}

/// Asks each pod for its metrics, through the API server.
pub(crate) async fn replicas(
    reader: &Reader,
    namespace: &str,
    deployment: &Seen,
) -> Result<Vec<Replica>, Unseen> {
    let pods = format!("/api/v1/namespaces/{namespace}/pods");
    let deployment = deployment.as_ref().map_err(Clone::clone)?;
    let labels = deployment
        .as_ref()
        .and_then(|it| it.pointer("/spec/selector/matchLabels")?.as_object());
    let labels = labels.ok_or_else(|| "there is no gateway".to_owned())?;
    let pair = |(name, value): (&String, &Value)| {
        format!("{name}%3D{}", value.as_str().unwrap_or_default())
    };
    let selector = labels.iter().map(pair).collect::<Vec<_>>().join("%2C");
    let list = reader
        .look(&format!("{pods}?labelSelector={selector}"))
        .await?;
    let found = list.as_ref().and_then(|list| list.get("items")?.as_array());
    let mut asking = JoinSet::new();
    let running = found.into_iter().flatten().filter(|pod| is_running(pod));
    for pod in running {
        let (reader, pods, pod) = (reader.clone(), pods.clone(), pod.clone());
        asking.spawn(async move { replica(&reader, &pods, &pod).await });
    }
    let mut replicas = asking.join_all().await;
    replicas.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(replicas)
}

fn is_running(pod: &Value) -> bool {
    let ends = pod.pointer("/metadata/deletionTimestamp").is_some();
    !ends && pod.pointer("/status/phase") == Some(&"Running".into())
}

async fn replica(reader: &Reader, pods: &str, pod: &Value) -> Replica {
    let text = |pointer| pod.pointer(pointer).and_then(Value::as_str);
    let name = text("/metadata/name").unwrap_or_default().to_owned();
    let port = text("/metadata/annotations/prometheus.io~1port").unwrap_or(METRICS.0);
    let path = text("/metadata/annotations/prometheus.io~1path").unwrap_or(METRICS.1);
    let metrics = reader
        .text(&format!("{pods}/{name}:{port}/proxy{path}"))
        .await;
    Replica {
        name,
        is_unfetched: metrics.as_deref().is_ok_and(shows_failure),
        listeners: metrics.as_deref().map_or(0, |it| sum(it, LISTENERS)),
        configurations: metrics.as_deref().map_or(0, |it| sum(it, CONFIGURATIONS)),
        loaded: metrics.map(|metrics| shows_filter(&metrics)),
    }
}

/// The sum of these counters.
fn sum(metrics: &str, counters: &[&str]) -> u64 {
    let samples = Sample::all(metrics).filter(|it| counters.contains(&it.name));
    samples.filter_map(|it| it.value.parse::<u64>().ok()).sum()
}

fn shows_failure(metrics: &str) -> bool {
    let mut conversions = Sample::all(metrics).filter(|it| it.name == CONVERSIONS);
    conversions.any(|it| it.labels.contains(UNFETCHED))
}

fn shows_filter(metrics: &str) -> bool {
    Sample::all(metrics).any(|it| it.name.starts_with(OURS)) && !has_ended(metrics)
}

/// Envoy keeps the counters of a module that Istio's agent has put a denial in the place of; it runs no machine then.
fn has_ended(metrics: &str) -> bool {
    let is_machine =
        |it: &Sample<'_>| it.name.starts_with("envoy_wasm_") && it.name.ends_with("_active");
    let mut machines = Sample::all(metrics).filter(is_machine).peekable();
    machines.peek().is_some() && machines.all(|it| it.value == "0")
}

#[cfg(test)]
mod tests {
    use super::*;

    const COUNTER: &str =
        "# TYPE kfwasm_requests_forwarded counter\nkfwasm_requests_forwarded{} 0\n";

    #[test]
    fn the_filter_shows_by_its_counters() {
        assert!(shows_filter(COUNTER));
        assert!(!shows_filter("# kfwasm\nenvoy_server_uptime{} 7\n"));
    }

    /// Whoever may name a Service decides about labels.
    #[test]
    fn what_is_called_so_is_not_the_filter() {
        let requests =
            "istio_requests_total{destination_service=\"kfwasm-demo.a.svc.cluster.local\"} 7\n";
        assert!(!shows_filter(requests));
        assert!(!shows_filter("envoy_kfwasm_demo_up{} 1\n"));
        let failures = |metric| format!("{metric}{{result=\"fetch_failure\"}} 1\n");
        assert!(shows_failure(&failures(CONVERSIONS)));
        assert!(!shows_failure(&failures("somebodys_count")));
        let success = format!("{CONVERSIONS}{{result=\"success\"}} 1\n");
        assert!(!shows_failure(&success));
    }

    #[test]
    fn what_is_taken_is_counted() {
        let metrics = "# TYPE envoy_listener_manager_listener_added counter\nenvoy_listener_manager_listener_added{} 4\n\
             envoy_listener_manager_listener_modified{} 3\nenvoy_listener_manager_listener_removed{} 9\n";
        assert_eq!(sum(metrics, LISTENERS), 7);
        assert_eq!(sum(COUNTER, LISTENERS), 0);
        let metrics = "# TYPE kfwasm_configurations counter\nkfwasm_configurations{} 3\nkfwasm_configuration_accepted{} 1\n";
        assert_eq!(sum(metrics, CONFIGURATIONS), 3);
    }

    #[test]
    fn counters_of_a_filter_that_is_gone_do_not_count() {
        let active =
            |count| format!("{COUNTER}envoy_wasm_envoy_wasm_runtime_v8_active{{}} {count}\n");
        assert!(shows_filter(&active(4)));
        assert!(!shows_filter(&active(0)));
    }
}
