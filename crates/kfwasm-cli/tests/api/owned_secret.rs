//! A Certificate that is no longer built, and the Secret that it may own.

use serde_json::{Value, json};

use crate::objects;
use crate::operator::Operator;
use crate::server::World;

/// Where an earlier kfwasm.yaml had a certificate made; who owns its Secret.
fn world(owners: Value) -> World {
    let mut certificate = objects::certificate("2027-01-01T00:00:00Z");
    let entry = objects::earlier_entry();
    for part in ["managedFields", "labels"] {
        certificate["metadata"][part] = entry["metadata"][part].clone();
    }
    certificate["metadata"]["managedFields"][0]["apiVersion"] = certificate["apiVersion"].clone();
    certificate["spec"] = json!({ "secretName": "certs" });
    let mut secret = objects::secret("certs", json!({ "tls.crt": "chain", "tls.key": "key" }));
    secret["metadata"]["ownerReferences"] = owners;
    let previous = objects::previous(&[(&certificate, Value::Null)]);
    let gateway = [objects::deployment(), objects::service()];
    World::with(gateway.into_iter().chain([certificate, secret, previous]))
}

#[test]
fn a_certificate_stays_where_its_secret_would_go_with_it() {
    let owner = |name: &str| json!({ "apiVersion": "cert-manager.io/v1", "kind": "Certificate", "name": name, "uid": "u" });
    let worlds = [
        json!([owner("certs")]),
        json!([owner("another")]),
        Value::Null,
    ];
    let operators = worlds.map(|owners| {
        let mut operator = Operator::at(world(owners)).with_directory("none");
        operator.run("kfwasm apply ml --dry-run");
        operator
    });
    Operator::is_recorded(operators, "owned-secret");
}
