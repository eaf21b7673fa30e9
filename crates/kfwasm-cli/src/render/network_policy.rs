use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::egress::ports;
use super::{Manifest, beside_the_gateway};
use crate::deploy;
use crate::settings::Settings;

/// What lets the gateway out to the provider, where others restrict it.
pub(super) fn manifest(settings: &Settings) -> Option<Manifest> {
    let gateway = &settings.installation.gateway;
    if !gateway.network_policy {
        return None;
    }
    let policy = beside_the_gateway(deploy::NETWORK_POLICY.object("NetworkPolicy")?, settings);
    let policy = policy
        .with(
            "/spec/podSelector/matchLabels/istio",
            gateway.label.as_str(),
        )
        .with("/spec/egress/0/ports", written(&ports(settings)));
    Some(Manifest {
        name: "networkpolicy.yaml",
        comment: deploy::NETWORK_POLICY.comment(),
        objects: vec![policy],
    })
}

fn written(ports: &BTreeSet<u16>) -> Vec<Value> {
    let port = |port: &u16| json!({ "protocol": "TCP", "port": port });
    ports.iter().map(port).collect()
}
