//! A gateway that browsers do not come to by its public host.

use std::fs;
use std::path::Path;

use kfwasm_cluster_rig::Cluster;
use kfwasm_rig::RigError;
use serde_json::json;

use crate::installing::{APPLY, apply, built, kfwasm, said};
use crate::recording::Recording;
use crate::stage::{Shown, cluster, gateway};

const SERVICE: &str = "/api/v1/namespaces/istio-system/services/istio-ingressgateway";

#[test]
fn a_public_host_that_leads_elsewhere_is_told() -> Shown {
    let (cluster, folder) = (cluster("1.31.4")?, built());
    gateway(&cluster)?;
    balanced_at(&cluster, "127.0.0.9")?;
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

fn balanced_at(cluster: &Cluster, address: &str) -> Result<(), RigError> {
    let (api, ingress) = (cluster.api(), json!([{ "ip": address }]));
    api.merge(SERVICE, &json!({ "spec": { "type": "LoadBalancer" } }))?;
    let status = json!({ "status": { "loadBalancer": { "ingress": ingress } } });
    api.merge(&format!("{SERVICE}/status"), &status)?;
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
