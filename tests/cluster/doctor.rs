//! `kfwasm doctor` on a real API server: everything as it should be, then one thing broken at a time.

use std::env;
use std::process::{Command, Output};
use std::time::Duration;

use kfwasm_cluster_rig::{Api, Cluster};
use kfwasm_rig::{RigError, wait_until};
use serde_json::{Value, json};

use crate::accepted::built;
use crate::stage::{Shown, cluster, gateway};

const PATIENCE: Duration = Duration::from_secs(60);
const ISTIO: &str = "1.31.4";
const PLUGIN: &str =
    "/apis/extensions.istio.io/v1alpha1/namespaces/istio-system/wasmplugins/kfwasm";
const SECRETS: &str = "/api/v1/namespaces/istio-system/secrets";
const PODS: &str = "/api/v1/namespaces/istio-system/pods";
const POLICIES: &str =
    "/apis/security.istio.io/v1beta1/namespaces/istio-system/authorizationpolicies";
const FILTERS: &str = "/apis/networking.istio.io/v1alpha3/namespaces/istio-system/envoyfilters";

#[test]
fn the_doctor_finds_what_is_broken_and_nothing_else() -> Shown {
    let cluster = cluster(ISTIO)?;
    assert_eq!(
        doctor(&cluster).status.code(),
        Some(1),
        "nothing is installed"
    );
    install(&cluster)?;
    let healthy = doctor(&cluster);
    assert_eq!(wrong(&healthy), [""; 0]);
    assert_eq!(healthy.status.code(), Some(0));
    for (rule, path, broken) in broken_fields(&certificate(&cluster)?) {
        let before = cluster.api().get(&path)?;
        cluster.api().merge(&path, &broken)?;
        assert_eq!(wrong(&doctor(&cluster)), [rule], "{path} {broken}");
        let undo = json!({ "spec": before["spec"], "data": before["data"] });
        cluster.api().merge(&path, &undo)?;
    }
    for (rule, collection, object) in unwanted() {
        let made = cluster.api().create(collection, &object)?;
        assert_eq!(wrong(&doctor(&cluster)), [rule], "{object}");
        cluster.api().delete(&cluster.api().path_of(&made)?)?;
    }
    cluster
        .api()
        .delete(&format!("{FILTERS}/kfwasm-backstop"))?;
    assert_eq!(wrong(&doctor(&cluster)), ["backstop"]);
    Ok(())
}

#[test]
fn without_a_cluster_the_doctor_says_so_and_ends_with_3() {
    let mut command = Command::new(env::var_os("KFWASM").unwrap());
    let output = command
        .arg("doctor")
        .env("KUBECONFIG", "no-such-file")
        .output()
        .unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{complaint}");
    assert!(
        complaint.contains("there is no cluster to look at"),
        "{complaint}"
    );
}

/// A field that is broken, and the rule that finds it.
fn broken_fields(certificate: &str) -> Vec<(&'static str, String, Value)> {
    let of_plugin = |spec: Value| ("plugin", PLUGIN.to_owned(), json!({ "spec": spec }));
    let secret = |name: &str| format!("{SECRETS}/{name}");
    vec![
        of_plugin(json!({ "failStrategy": "FAIL_OPEN" })),
        of_plugin(json!({ "phase": "AUTHZ" })),
        of_plugin(json!({ "selector": { "matchLabels": { "istio": "another" } } })),
        (
            "secrets",
            secret("kfwasm"),
            json!({ "data": { "KFWASM_SESSION_KEYS": null } }),
        ),
        (
            "certificate",
            secret(certificate),
            json!({ "data": { "tls.crt": null } }),
        ),
    ]
}

/// An object that should not be there, and the rule that finds it.
fn unwanted() -> Vec<(&'static str, &'static str, Value)> {
    let policy = json!({
        "apiVersion": "security.istio.io/v1beta1",
        "kind": "AuthorizationPolicy",
        "metadata": { "name": "istio-ingressgateway-oauth2-proxy", "namespace": "istio-system" },
        "spec": { "action": "CUSTOM", "provider": { "name": "oauth2-proxy" }, "rules": [{}] },
    });
    let value = json!({ "name": "envoy.filters.http.ext_authz" });
    let patch = json!({ "operation": "INSERT_BEFORE", "value": value });
    let filter = json!({
        "apiVersion": "networking.istio.io/v1alpha3",
        "kind": "EnvoyFilter",
        "metadata": { "name": "authn-filter", "namespace": "istio-system" },
        "spec": { "configPatches": [{ "applyTo": "HTTP_FILTER", "patch": patch }] },
    });
    vec![
        ("external authorization", POLICIES, policy),
        ("other filters", FILTERS, filter),
    ]
}

/// What `kfwasm build` writes, with secrets, and pods that a kubelet would have made ready.
fn install(cluster: &Cluster) -> Result<(), RigError> {
    gateway(cluster)?;
    for object in built("any-provider", ISTIO) {
        cluster.api().apply_as("kfwasm", &object)?;
    }
    let values = json!({ "KFWASM_CLIENT_SECRET": "c2VjcmV0", "KFWASM_SESSION_KEYS": "a2V5" });
    cluster
        .api()
        .merge(&format!("{SECRETS}/kfwasm"), &json!({ "data": values }))?;
    cluster.api().create(
        SECRETS,
        &json!({
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": { "name": certificate(cluster)?, "namespace": "istio-system" },
            "data": { "tls.crt": "Y2VydGlmaWNhdGU=", "tls.key": "a2V5" },
        }),
    )?;
    wait_until("the gateway to be rolled out", PATIENCE, || {
        make_pods_ready(cluster.api());
        wrong(&doctor(cluster)).is_empty().then_some(())
    })
}

/// The name of the Secret that the Gateway takes its certificate from.
fn certificate(cluster: &Cluster) -> Result<String, RigError> {
    let path = "/apis/networking.istio.io/v1beta1/namespaces/kubeflow/gateways/kubeflow-gateway";
    let gateway = cluster.api().get(path)?;
    let servers = gateway["spec"]["servers"].as_array().into_iter().flatten();
    let mut names = servers.filter_map(|server| server["tls"]["credentialName"].as_str());
    Ok(names.next().unwrap().to_owned())
}

/// As a kubelet does. A pod that is gone meanwhile needs nothing.
pub(crate) fn make_pods_ready(api: &Api) {
    let list = api.get(PODS).unwrap_or_default();
    let ready = json!({ "type": "Ready", "status": "True" });
    let status = json!({ "status": { "phase": "Running", "conditions": [ready] } });
    for pod in list["items"].as_array().into_iter().flatten() {
        let name = pod["metadata"]["name"].as_str().unwrap_or_default();
        let _ = api.merge(&format!("{PODS}/{name}/status"), &status);
    }
}

fn doctor(cluster: &Cluster) -> Output {
    let mut command = Command::new(env::var_os("KFWASM").unwrap());
    let command = command
        .args(["doctor", "--json"])
        .env("KUBECONFIG", cluster.kubeconfig());
    command.output().unwrap()
}

/// The rules that something breaks.
fn wrong(output: &Output) -> Vec<String> {
    let complaint = String::from_utf8_lossy(&output.stderr);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    assert!(report["findings"].is_array(), "no report: {complaint}");
    let findings = report["findings"].as_array();
    let findings = findings.into_iter().flatten();
    let wrong = findings.filter(|finding| finding["mark"] == "wrong");
    wrong
        .map(|finding| finding["rule"].as_str().unwrap_or_default().to_owned())
        .collect()
}
