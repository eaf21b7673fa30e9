//! What the tests begin with.

use kfwasm_cluster_rig::{Cluster, Programs};
use kfwasm_rig::RigError;
use serde_json::json;

/// The version of Istio whose custom resources a cluster has, where another would do as well.
pub(crate) const ISTIO: &str = "1.31.4";

/// How a test ends: an error says what was not there.
pub(crate) type Shown = Result<(), RigError>;

/// A cluster with the custom resources of this version of Istio and the namespaces of a Kubeflow.
pub(crate) fn cluster(istio: &str) -> Result<Cluster, RigError> {
    let cluster = Cluster::with_custom_resources(&Programs::from_environment()?, istio)?;
    for name in ["istio-system", "kubeflow"] {
        let namespace =
            json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": name } });
        cluster.api().apply(&namespace)?;
        cluster.wait_for(&format!(
            "/api/v1/namespaces/{name}/serviceaccounts/default"
        ))?;
    }
    Ok(cluster)
}

/// The Deployment and the Service of a gateway, as Istio installs them, in short.
pub(crate) fn gateway(cluster: &Cluster) -> Result<(), RigError> {
    let labels = json!({ "app": "istio-ingressgateway", "istio": "ingressgateway" });
    let metadata =
        json!({ "name": "istio-ingressgateway", "namespace": "istio-system", "labels": labels });
    cluster.api().apply(&json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": metadata,
        "spec": {
            "selector": { "matchLabels": labels },
            "template": {
                "metadata": { "labels": labels },
                "spec": { "containers": [{ "name": "istio-proxy", "image": "auto" }] },
            },
        },
    }))?;
    cluster.api().apply(&json!({
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata,
        "spec": {
            "selector": labels,
            "ports": [
                { "name": "http2", "port": 80, "targetPort": 8080 },
                { "name": "https", "port": 443, "targetPort": 8443 },
            ],
        },
    }))?;
    Ok(())
}
