//! What does not become ready, changes or vanishes while it is applied.

use std::fs;

use serde_json::{Value, json};

use crate::objects;
use crate::operator::Operator;
use crate::server::World;

const APPLY: &str = "kfwasm apply ml --yes --timeout 1ms";
const METRICS: &str = "/api/v1/namespaces/istio-system/pods/gateway-0:15020/proxy/stats/prometheus";

fn world(status: Value) -> World {
    let mut deployment = objects::deployment();
    deployment["status"] = status;
    World::with([deployment, objects::service()])
}

fn ready() -> Value {
    objects::deployment()["status"].clone()
}

#[test]
fn a_rollout_that_does_not_end_and_one_that_is_deleted_are_told() {
    let worlds = [
        world(json!({})),
        world(
            json!({ "observedGeneration": 1, "updatedReplicas": 0, "availableReplicas": 1, "replicas": 2 }),
        ),
        world(ready()).losing("/deployments/"),
    ];
    let operators = worlds.map(|world| {
        let mut operator = Operator::at(world).with_directory("none");
        operator.run(APPLY);
        operator
    });
    Operator::is_recorded(operators, "rollout");
}

/// The Certificate itself says nothing but that it is waited for.
#[test]
fn what_the_acme_authority_does_not_get_is_told() {
    let refused = "Failed to register ACME account: tls: failed to verify certificate: x509: certificate signed by unknown authority";
    let redirected =
        "Waiting for HTTP-01 challenge propagation: wrong status code '302', expected '200'";
    let forged = "did not return expected response: \u{1b}]0;root\u{7}\u{1b}[2Jkey";
    let worlds = [
        acme("False", refused, json!([])),
        acme(
            "True",
            "The ACME account was registered",
            json!([
                challenge("other.example.com", "of another certificate"),
                challenge("ml.example.com", redirected),
            ]),
        ),
        acme("True", "The ACME account was registered", json!([])),
        acme(
            "True",
            "The ACME account was registered",
            json!([challenge("ml.example.com", forged)]),
        ),
    ];
    let operators = worlds.map(|world| {
        let mut operator = Operator::at(world).with_directory("acme");
        operator.run(APPLY);
        operator
    });
    Operator::is_recorded(operators, "acme");
}

/// Where cert-manager says this of its Issuer, and has these challenges.
fn acme(ready: &str, message: &str, challenges: Value) -> World {
    let said = |status: &str, message: &str| json!({ "conditions": [{ "type": "Ready", "status": status, "message": message }] });
    let object = |kind: &str, name: &str, status: Value| {
        json!({ "apiVersion": "cert-manager.io/v1", "kind": kind,
            "metadata": { "name": name, "namespace": "istio-system" }, "status": status })
    };
    let waits = said("False", "Issuing certificate as Secret does not exist");
    let made = [
        object("Issuer", "kfwasm-acme", said(ready, message)),
        object("Certificate", "istio-ingressgateway-certs", waits),
        objects::deployment(),
        objects::service(),
    ];
    let challenges = challenges.as_array().cloned().unwrap_or_default();
    World::with(made.into_iter().chain(challenges))
}

fn challenge(host: &str, reason: &str) -> Value {
    json!({ "apiVersion": "acme.cert-manager.io/v1", "kind": "Challenge",
        "metadata": { "name": host, "namespace": "istio-system" },
        "spec": { "dnsName": host, "issuerRef": { "name": "kfwasm-acme" } }, "status": { "reason": reason } })
}

#[test]
fn what_somebody_changes_in_the_meantime_is_not_overwritten() {
    let refused = "conflict with \"argocd\" using extensions.istio.io/v1alpha1";
    let world = world(ready()).refusing("PATCH", "/wasmplugins/ !dryRun", 409, refused);
    let mut operator = Operator::at(world).with_directory("none");
    operator.run(APPLY);
    Operator::is_recorded([operator], "changed-meanwhile");
}

/// Whoever comes back after `kfwasm uninstall` does not read that kfwasm is in its own way.
#[test]
fn what_kfwasm_has_given_back_is_not_its_own() {
    let refused = "conflict with \"kfwasm\" using networking.istio.io/v1beta1";
    let world = world(ready()).refusing("PATCH", "/deployments/", 409, refused);
    let mut operator = Operator::at(world).with_directory("none");
    operator.run(APPLY);
    Operator::is_recorded([operator], "given-back");
}

/// Where it can be seen that the filter does not run, everything is put back; where it cannot be seen, that is told.
#[test]
fn a_pod_without_the_filter_stops_an_installation_if_it_can_be_seen() {
    let with_pod = || World::with([objects::pod(), objects::deployment(), objects::service()]);
    let unfetched = "istio_agent_wasm_config_conversion_count{result=\"fetch_failure\"} 1\n";
    let worlds = [
        with_pod().saying(METRICS, "envoy_server_uptime{} 7\n"),
        with_pod().saying(METRICS, unfetched),
        with_pod().refusing("GET", "/proxy/", 403, "pods \"gateway-0\" is forbidden"),
    ];
    let operators = worlds.map(|world| {
        let mut operator = Operator::at(world).with_directory("none");
        operator.run(&format!("{APPLY} --address 127.0.0.1:1"));
        operator
    });
    Operator::is_recorded(operators, "pods");
}

#[test]
fn a_kind_that_the_cluster_lacks_is_told_with_what_brings_it() {
    let without = |group: &'static str| world(ready()).refusing("GET", group, 404, "not found");
    let mut without_istio =
        Operator::at(without("/apis/extensions.istio.io/")).with_directory("none");
    without_istio.run(APPLY);
    let world = without("/apis/cert-manager.io/");
    let mut without_cert_manager = Operator::at(world).with_directory("selfSigned");
    without_cert_manager.run(APPLY);
    let mut of_others = Operator::at(without("/apis/example.com/")).with_directory("none");
    let file = of_others.folder().join("ml/manifests/mine.yaml");
    fs::write(
        file,
        "apiVersion: example.com/v1\nkind: Wish\nmetadata: {name: mine, namespace: a}\n",
    )
    .unwrap();
    of_others.run(APPLY);
    Operator::is_recorded(
        [without_istio, without_cert_manager, of_others],
        "unknown-kinds",
    );
}

#[test]
fn without_a_gateway_there_is_nothing_to_put_the_filter_in() {
    let mut operator = Operator::at(World::default()).with_directory("none");
    operator.run(APPLY);
    Operator::is_recorded([operator], "no-gateway");
}

#[test]
fn what_was_there_before_is_not_guessed_when_it_cannot_be_read() {
    let previous = json!({ "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": { "name": "kfwasm-previous", "namespace": "istio-system" }, "data": { "objects.json": "?" } });
    let mut operator = Operator::at(World::with([previous]));
    operator.run("kfwasm uninstall --yes");
    operator.run("kfwasm migrate --back --yes");
    let mut of_nothing = Operator::at(World::default());
    of_nothing.run("kfwasm uninstall --yes");
    of_nothing.run("kfwasm migrate --back --yes");
    Operator::is_recorded([operator, of_nothing], "previous");
}

/// Nothing is taken back that was not done.
#[test]
fn a_filter_that_does_not_run_is_told_where_nothing_is_to_be_changed() {
    let world = World::with([objects::pod(), objects::deployment(), objects::service()]);
    let world = world.saying(METRICS, "envoy_server_uptime{} 7\n");
    let mut operator = Operator::at(world).with_directory("none");
    operator.run(&format!("{APPLY} --no-verify"));
    operator.run(APPLY);
    Operator::is_recorded([operator], "does-not-run");
}
