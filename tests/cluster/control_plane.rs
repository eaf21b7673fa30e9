//! The control plane does what the other tests take for granted.

use std::time::Duration;

use kfwasm_cluster_rig::{Api, Cluster, Programs};
use kfwasm_rig::wait_until;
use serde_json::{Value, json};

use crate::stage::Shown;

const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn the_controllers_make_pods_of_a_deployment() -> Shown {
    let cluster = Cluster::start(&Programs::from_environment()?)?;
    cluster.api().apply(&deployment())?;
    let pods = "/api/v1/namespaces/default/pods?labelSelector=app%3Dgateway";
    let names = wait_until("two pods", PATIENCE, || {
        let list = cluster.api().get(pods).ok()?;
        let items = list["items"].as_array()?.clone();
        (items.len() == 2).then_some(items)
    })?;
    let tokens = names.iter().map(|pod| &pod["spec"]["serviceAccountName"]);
    assert!(tokens.into_iter().all(|name| name == "default"));
    Ok(())
}

#[test]
fn a_caller_without_a_token_is_nobody() -> Shown {
    let cluster = Cluster::start(&Programs::from_environment()?)?;
    let mut document: Value =
        serde_json::from_slice(&std::fs::read(cluster.kubeconfig()).unwrap()).unwrap();
    document["users"][0]["user"] = json!({});
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), document.to_string()).unwrap();
    let refused = Api::connect(file.path())?
        .get("/api/v1/namespaces")
        .unwrap_err();
    assert_eq!(refused.status, 403, "{refused}");
    Ok(())
}

fn deployment() -> Value {
    json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": { "name": "gateway" },
        "spec": {
            "replicas": 2,
            "selector": { "matchLabels": { "app": "gateway" } },
            "template": {
                "metadata": { "labels": { "app": "gateway" } },
                "spec": { "containers": [{ "name": "gateway", "image": "gateway" }] },
            },
        },
    })
}
