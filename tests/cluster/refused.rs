//! What a cluster forbids is told before anything is changed.

use std::fs;
use std::time::Duration;

use kfwasm_cluster_rig::Cluster;
use kfwasm_rig::wait_until;
use serde_json::{Value, json};
use tempfile::{NamedTempFile, TempDir};

use crate::installing::{SECRET, built, built_with, kfwasm, said};
use crate::inventory::everything;
use crate::recording::is_recorded;
use crate::stage::{ISTIO, Shown, cluster, gateway};

const APPLY: &str = "kfwasm apply ml --yes --secret KFWASM_CLIENT_SECRET=secret";
const PATIENCE: Duration = Duration::from_secs(60);
const ACCOUNTS: &str = "/api/v1/namespaces/default/serviceaccounts";

#[test]
fn what_the_account_may_not_do_is_told_all_at_once() -> Shown {
    let (cluster, folder) = (cluster(ISTIO)?, built());
    gateway(&cluster)?;
    let before = everything(&cluster)?;
    let looks_only = kubeconfig_of_one_who_may(&cluster, &["get", "list"])?;

    let mut command = kfwasm(&cluster, folder.path());
    command.args(["apply", "--yes"]).args(SECRET);
    let refused = command
        .env("KUBECONFIG", looks_only.path())
        .output()
        .unwrap();

    assert_eq!(refused.status.code(), Some(3), "{}", said(&refused));
    is_recorded("not-permitted", APPLY, &refused);
    assert_eq!(everything(&cluster)?, before);
    Ok(())
}

#[test]
fn a_quota_that_is_used_up_is_told_and_nothing_changed() -> Shown {
    let (cluster, folder) = (cluster(ISTIO)?, built());
    gateway(&cluster)?;
    let quotas = "/api/v1/namespaces/istio-system/resourcequotas";
    let none = json!({ "count/secrets": "0" });
    let quota = json!({ "apiVersion": "v1", "kind": "ResourceQuota", "metadata": { "name": "tight" }, "spec": { "hard": none } });
    cluster.api().create(quotas, &quota)?;
    wait_until("the quota to be counted", PATIENCE, || {
        let quota = cluster.api().get(&format!("{quotas}/tight")).ok()?;
        quota["status"]["hard"]["count/secrets"]
            .as_str()
            .map(|_| ())
    })?;
    is_refused(&cluster, &folder, 3, "quota")
}

#[test]
fn a_rule_of_the_cluster_that_refuses_is_told_in_its_own_words() -> Shown {
    let (cluster, folder) = (cluster(ISTIO)?, built());
    gateway(&cluster)?;
    forbid_envoy_filters(&cluster)?;
    is_refused(&cluster, &folder, 1, "forbidden-by-policy")
}

#[test]
fn a_gateway_that_somebody_else_owns_is_told_and_left_alone() -> Shown {
    let (cluster, folder) = (
        cluster(ISTIO)?,
        built_with(&["--certificate", "selfSigned"]),
    );
    gateway(&cluster)?;
    let server =
        json!({ "hosts": ["*"], "port": { "name": "http", "number": 80, "protocol": "HTTP" } });
    cluster.api().apply_as(
        "argocd",
        &json!({
            "apiVersion": "networking.istio.io/v1beta1",
            "kind": "Gateway",
            "metadata": { "name": "kubeflow-gateway", "namespace": "kubeflow" },
            "spec": { "selector": { "istio": "ingressgateway" }, "servers": [server] },
        }),
    )?;
    is_refused(&cluster, &folder, 1, "gateway-of-others")
}

/// Applying ends with this code and says what is recorded, and nothing is changed.
fn is_refused(cluster: &Cluster, folder: &TempDir, code: i32, recorded: &str) -> Shown {
    let before = everything(cluster)?;
    let mut command = kfwasm(cluster, folder.path());
    command.args(["apply", "--yes"]).args(SECRET);
    let refused = command.output().unwrap();
    assert_eq!(refused.status.code(), Some(code), "{}", said(&refused));
    is_recorded(recorded, APPLY, &refused);
    assert_eq!(everything(cluster)?, before);
    Ok(())
}

/// In force when it is: the API server needs a moment.
fn forbid_envoy_filters(cluster: &Cluster) -> Shown {
    let group = "admissionregistration.k8s.io/v1";
    let rule = json!({ "apiGroups": ["networking.istio.io"], "apiVersions": ["*"], "operations": ["CREATE"], "resources": ["envoyfilters"] });
    cluster.api().apply(&json!({
        "apiVersion": group,
        "kind": "ValidatingAdmissionPolicy",
        "metadata": { "name": "no-envoy-filters" },
        "spec": {
            "matchConstraints": { "resourceRules": [rule] },
            "validations": [{ "expression": "false", "message": "no EnvoyFilter in our clusters" }],
        },
    }))?;
    cluster.api().apply(&json!({
        "apiVersion": group,
        "kind": "ValidatingAdmissionPolicyBinding",
        "metadata": { "name": "no-envoy-filters" },
        "spec": { "policyName": "no-envoy-filters", "validationActions": ["Deny"] },
    }))?;
    let metadata = json!({ "name": "probe" });
    let probe = json!({ "apiVersion": "networking.istio.io/v1alpha3", "kind": "EnvoyFilter", "metadata": metadata, "spec": {} });
    let filters =
        "/apis/networking.istio.io/v1alpha3/namespaces/istio-system/envoyfilters?dryRun=All";
    wait_until("the rule to be in force", PATIENCE, || {
        cluster.api().create(filters, &probe).is_err().then_some(())
    })
}

/// Of an account that may do this with everything, and nothing else.
pub(crate) fn kubeconfig_of_one_who_may(
    cluster: &Cluster,
    verbs: &[&str],
) -> Result<NamedTempFile, kfwasm_rig::RigError> {
    let api = cluster.api();
    let subject = json!({ "kind": "ServiceAccount", "name": "default", "namespace": "default" });
    let everything = json!([{ "apiGroups": ["*"], "resources": ["*"], "verbs": verbs }]);
    let rbac = "rbac.authorization.k8s.io/v1";
    let metadata = json!({ "name": "some" });
    api.apply(&json!({ "apiVersion": rbac, "kind": "ClusterRole", "metadata": metadata, "rules": everything }))?;
    let role =
        json!({ "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "some" });
    api.apply(&json!({ "apiVersion": rbac, "kind": "ClusterRoleBinding", "metadata": metadata, "roleRef": role, "subjects": [subject] }))?;
    let asked =
        json!({ "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {} });
    let token =
        api.create(&format!("{ACCOUNTS}/default/token"), &asked)?["status"]["token"].clone();
    let mut document: Value =
        serde_json::from_slice(&fs::read(cluster.kubeconfig()).unwrap()).unwrap();
    document["users"][0]["user"]["token"] = token;
    let file = NamedTempFile::new().unwrap();
    fs::write(file.path(), document.to_string()).unwrap();
    Ok(file)
}
