//! A gateway that browsers do not come to by its public host.

use std::fs;
use std::path::Path;

use kfwasm_cluster_rig::Cluster;
use serde_json::json;

use crate::installing::{APPLY, apply, built, kfwasm, said};
use crate::load_balancer::balance;
use crate::recording::Recording;
use crate::stage::{ISTIO, Shown, cluster, gateway};

#[test]
fn a_public_host_that_leads_elsewhere_is_told() -> Shown {
    let (cluster, folder) = (cluster(ISTIO)?, built());
    gateway(&cluster)?;
    balance(&cluster, &[json!({ "ip": "127.0.0.9" })])?;
    let mut recording = Recording::with(Vec::new());
    for (former, host) in [
        ("kubeflow.example.com", "localhost"),
        ("localhost", "127.0.0.1"),
    ] {
        known_as(&cluster, folder.path(), former, host);
        let applied = apply(&cluster, folder.path())?;
        assert_eq!(applied.status.code(), Some(0), "{}", said(&applied));
        recording.add_ended(APPLY, &applied);
    }
    recording.pins("elsewhere");
    Ok(())
}

fn known_as(cluster: &Cluster, folder: &Path, former: &str, host: &str) {
    let file = folder.join("ml/kfwasm.yaml");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace(former, host)).unwrap();
    let built = kfwasm(cluster, folder)
        .args(["build", "ml", "--overwrite"])
        .output();
    assert!(built.unwrap().status.success());
}
