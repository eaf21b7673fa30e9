use crate::cluster::Cluster;
use crate::failure::Failure;
use crate::network::restricting;
use crate::object::ObjectId;
use crate::settings::Settings;

const POLICY: &str = "kfwasm-provider";

/// Refuses a NetworkPolicy that would be the only one: it would cut the gateway off from everything but the provider.
///
/// # Errors
/// That, or the cluster does not tell.
pub(crate) async fn needed_policy(cluster: &Cluster, settings: &Settings) -> Result<(), Failure> {
    let gateway = &settings.installation.gateway;
    if !gateway.network_policy {
        return Ok(());
    }
    let (namespace, name) = (gateway.namespace.as_str(), gateway.deployment.as_str());
    let path = format!("/apis/networking.k8s.io/v1/namespaces/{namespace}/networkpolicies");
    let list = cluster.reader().see(&path).await.map_err(unread)?;
    let deployment = ObjectId::of("apps/v1", "Deployment", namespace, name);
    let deployment = cluster.get(&deployment).await?;
    let labels = deployment.as_ref();
    let labels = labels.and_then(|it| it.get("/spec/template/metadata/labels"));
    let list = list.unwrap_or_default();
    let is_others =
        |policy: &&serde_json::Value| policy.pointer("/metadata/name") != Some(&POLICY.into());
    match restricting(&list, labels).any(|policy| is_others(&policy)) {
        true => Ok(()),
        false => Err(alone(namespace)),
    }
}

fn unread(why: String) -> Failure {
    Failure::not_ready(
        format!("NetworkPolicies cannot be read: {why}"),
        "ask for the right to list networkpolicies.networking.k8s.io, or write gateway.networkPolicy: false",
    )
}

fn alone(namespace: &str) -> Failure {
    Failure::not_ready(
        format!(
            "no NetworkPolicy in {namespace} restricts where the gateway goes: {POLICY} alone would cut it off from Kubeflow"
        ),
        "write gateway.networkPolicy: false into kfwasm.yaml, then run the same command again",
    )
}
