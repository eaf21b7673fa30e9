//! What there is in a cluster, to be compared with what there was: each kind that the API server knows.

use std::collections::BTreeMap;

use kfwasm_cluster_rig::{Api, Cluster};
use kfwasm_rig::RigError;
use serde_json::Value;

/// What the control plane writes for itself, whenever it comes to it; and definitions, which are megabytes.
const GROUPS_OF_THE_SERVER: [&str; 7] = [
    "apiextensions.k8s.io",
    "apiregistration.k8s.io",
    "coordination.k8s.io",
    "events.k8s.io",
    "flowcontrol.apiserver.k8s.io",
    "rbac.authorization.k8s.io",
    "scheduling.k8s.io",
];
/// The same of the group without a name.
const KINDS_OF_THE_SERVER: [&str; 4] = ["componentstatuses", "endpoints", "events", "nodes"];
/// A controller writes it into each namespace.
const ROOT_CERTIFICATE: &str = "kube-root-ca.crt";

/// What there is in all namespaces but the server's own, without what the server and the controllers write themselves.
pub(crate) fn everything(cluster: &Cluster) -> Result<BTreeMap<String, Value>, RigError> {
    let api = cluster.api();
    let mut found = BTreeMap::new();
    for version in versions(api)? {
        for kind in kinds(api, &version)? {
            let list = api.get(&format!("{version}/{kind}"))?;
            let items = list["items"].as_array().into_iter().flatten();
            for object in items.filter(|object| is_somebodys(object)) {
                found.insert(
                    path(&version, &kind, object),
                    without_the_servers(object.clone()),
                );
            }
        }
    }
    Ok(found)
}

/// The paths of the groups, each in the version that the server prefers.
fn versions(api: &Api) -> Result<Vec<String>, RigError> {
    let groups = api.get("/apis")?["groups"].take();
    let groups = groups.as_array().cloned().unwrap_or_default();
    let is_the_servers = |group: &&Value| {
        let name = group["name"].as_str().unwrap_or_default();
        !GROUPS_OF_THE_SERVER.contains(&name)
    };
    let groups = groups.iter().filter(is_the_servers);
    let preferred = |group: &Value| {
        let version = group["preferredVersion"]["groupVersion"].as_str();
        format!("/apis/{}", version.unwrap_or_default())
    };
    let versions = groups.map(preferred);
    Ok(["/api/v1".to_owned()].into_iter().chain(versions).collect())
}

/// What can be listed of a group.
fn kinds(api: &Api, version: &str) -> Result<Vec<String>, RigError> {
    let resources = api.get(version)?["resources"].take();
    let resources = resources.as_array().cloned().unwrap_or_default();
    let can_be_listed = |resource: &&Value| {
        let verbs = resource["verbs"].as_array();
        verbs.is_some_and(|verbs| verbs.contains(&"list".into()))
    };
    let names = resources.iter().filter(can_be_listed);
    let names = names.filter_map(|resource| resource["name"].as_str());
    let is_the_servers = |name: &str| version == "/api/v1" && KINDS_OF_THE_SERVER.contains(&name);
    let names = names.filter(|name| !is_the_servers(name));
    Ok(names.map(str::to_owned).collect())
}

/// Whether a person or kfwasm has made it, and no controller for another object.
fn is_somebodys(object: &Value) -> bool {
    let metadata = &object["metadata"];
    let text = |field: &str| metadata[field].as_str().unwrap_or_default();
    let owners = metadata["ownerReferences"].as_array();
    let mut owners = owners.into_iter().flatten();
    !text("namespace").starts_with("kube-")
        && text("name") != ROOT_CERTIFICATE
        && !owners.any(|owner| owner["controller"] == true)
}

fn path(version: &str, kind: &str, object: &Value) -> String {
    let metadata = &object["metadata"];
    let name = metadata["name"].as_str().unwrap_or_default();
    match metadata["namespace"].as_str() {
        Some(namespace) => format!("{version}/namespaces/{namespace}/{kind}/{name}"),
        None => format!("{version}/{kind}/{name}"),
    }
}

fn without_the_servers(mut object: Value) -> Value {
    object.as_object_mut().unwrap().remove("status");
    let metadata = object["metadata"].as_object_mut().unwrap();
    for name in ["managedFields", "resourceVersion", "generation"] {
        metadata.remove(name);
    }
    // The Deployment's controller counts its rollouts there.
    if let Some(annotations) = metadata
        .get_mut("annotations")
        .and_then(Value::as_object_mut)
    {
        annotations.remove("deployment.kubernetes.io/revision");
        if annotations.is_empty() {
            metadata.remove("annotations");
        }
    }
    object
}
