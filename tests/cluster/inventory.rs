//! What there is in a cluster, to be compared with what there was: each kind that the API server knows.

use std::collections::BTreeMap;
use std::time::Duration;

use kfwasm_cluster_rig::{Api, Cluster};
use kfwasm_rig::{RigError, wait_until};
use serde_json::Value;

use crate::stage::Shown;

const PATIENCE: Duration = Duration::from_secs(120);

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
/// Controllers write these into each namespace, a moment after it was made.
const OF_EACH_NAMESPACE: [(&str, &str); 2] = [
    ("configmaps", "kube-root-ca.crt"),
    ("serviceaccounts", "default"),
];

/// Objects by their paths.
pub(crate) type Inventory = BTreeMap<String, Value>;

/// What there is in all namespaces but the server's own, without what the server and the controllers write themselves.
pub(crate) fn everything(cluster: &Cluster) -> Result<Inventory, RigError> {
    let api = cluster.api();
    let mut found = BTreeMap::new();
    for versions in groups(api)? {
        for (kind, version) in kinds(api, &versions)? {
            let list = api.get(&format!("{version}/{kind}"))?;
            let items = list["items"].as_array().into_iter().flatten();
            for object in items.filter(|object| is_somebodys(&kind, object)) {
                found.insert(
                    path(&version, &kind, object),
                    without_the_servers(object.clone()),
                );
            }
        }
    }
    Ok(found)
}

/// After `uninstall`: what cert-manager made for the Certificates goes with them, a moment later.
pub(crate) fn is_again(before: &Inventory, now: impl Fn() -> Result<Inventory, RigError>) -> Shown {
    let _ = wait_until("everything to be as before", PATIENCE, || {
        (now().ok()? == *before).then_some(())
    });
    assert_eq!(now()?, *before);
    Ok(())
}

/// The paths of the versions of each group, the one first that the server prefers.
fn groups(api: &Api) -> Result<Vec<Vec<String>>, RigError> {
    let groups = api.get("/apis")?["groups"].take();
    let groups = groups.as_array().cloned().unwrap_or_default();
    let is_the_servers = |group: &&Value| {
        let name = group["name"].as_str().unwrap_or_default();
        !GROUPS_OF_THE_SERVER.contains(&name)
    };
    let groups = groups.iter().filter(is_the_servers);
    let versions = |group: &Value| {
        let versions = group["versions"].as_array().into_iter().flatten();
        let paths = versions.filter_map(|it| it["groupVersion"].as_str());
        paths.map(|it| format!("/apis/{it}")).collect()
    };
    let core = vec!["/api/v1".to_owned()];
    Ok([core].into_iter().chain(groups.map(versions)).collect())
}

/// What can be listed of a group, each kind in the first version that has it: not every version has each.
fn kinds(api: &Api, versions: &[String]) -> Result<BTreeMap<String, String>, RigError> {
    let mut kinds = BTreeMap::new();
    for version in versions {
        for kind in kinds_of(api, version)? {
            kinds.entry(kind).or_insert_with(|| version.clone());
        }
    }
    Ok(kinds)
}

fn kinds_of(api: &Api, version: &str) -> Result<Vec<String>, RigError> {
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
fn is_somebodys(kind: &str, object: &Value) -> bool {
    let metadata = &object["metadata"];
    let text = |field: &str| metadata[field].as_str().unwrap_or_default();
    let owners = metadata["ownerReferences"].as_array();
    let mut owners = owners.into_iter().flatten();
    !text("namespace").starts_with("kube-")
        && !OF_EACH_NAMESPACE.contains(&(kind, text("name")))
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
