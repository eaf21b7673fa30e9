//! Clusters in which NetworkPolicies restrict where the gateway goes.

use std::fs;

use serde_json::{Value, json};

use crate::objects;
use crate::operator::Operator;
use crate::server::World;

const POLICIES: &str = "/networkpolicies";

/// For the gateway's pods, with these rules about where they go.
fn policy(name: &str, egress: Value) -> Value {
    let spec = json!({ "podSelector": { "matchLabels": { "istio": "ingressgateway" } },
        "policyTypes": ["Egress"], "egress": egress });
    json!({ "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
        "metadata": { "name": name, "namespace": "istio-system" }, "spec": spec })
}

fn to_kubeflow() -> Value {
    json!([{ "to": [{ "namespaceSelector": {} }] }])
}

fn world(policies: impl IntoIterator<Item = Value>) -> World {
    let gateway = [
        objects::deployment(),
        objects::service(),
        objects::plugin(json!({})),
    ];
    World::with(gateway.into_iter().chain(policies))
}

#[test]
fn the_doctor_tells_what_keeps_the_gateway_from_the_provider() {
    let others = || policy("default-deny", to_kubeflow());
    let ours = || policy("kfwasm-provider", json!([{ "ports": [{ "port": 443 }] }]));
    let worlds = [
        world([]),
        world([others()]),
        world([others(), ours()]),
        world([ours()]),
        world([]).refusing("GET", POLICIES, 403, "may not look"),
    ];
    let operators = worlds.map(|world| {
        let mut operator = Operator::at(world);
        operator.ask_the_doctor(&["--address", "127.0.0.1:1"], &["network"]);
        operator
    });
    Operator::is_recorded(operators, "doctor-network");
}

#[test]
fn a_policy_that_would_be_the_only_one_is_not_applied() {
    let others = policy("default-deny", to_kubeflow());
    let worlds = [
        world([]),
        world([]).refusing("GET", POLICIES, 403, "may not look"),
        world([others]),
    ];
    let operators = worlds.map(|world| {
        let mut operator = Operator::at(world).with_directory("none");
        let file = operator.folder().join("ml/kfwasm.yaml");
        let text = fs::read_to_string(&file).unwrap();
        let wanted = text.replace("networkPolicy: false", "networkPolicy: true");
        fs::write(&file, wanted).unwrap();
        operator.output(&["build", "ml"]);
        operator.run("kfwasm apply ml --yes --no-verify --timeout 1ms");
        operator
    });
    Operator::is_recorded(operators, "network-policy");
}
