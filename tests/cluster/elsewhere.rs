//! A gateway that browsers do not come to by its public host.

use std::fs;
use std::path::Path;

use kfwasm_cluster_rig::Cluster;
use kfwasm_rig::RigError;
use serde_json::json;

use crate::installing::{apply, built, kfwasm, said};
use crate::recording::is_recorded;
use crate::stage::{Shown, cluster, gateway};

const SERVICE: &str = "/api/v1/namespaces/istio-system/services/istio-ingressgateway";

#[test]
fn a_public_host_that_leads_elsewhere_is_told() -> Shown {
    let (cluster, folder) = (cluster("1.31.4")?, built());
    gateway(&cluster)?;
    balanced_at(&cluster, "127.0.0.9")?;
    known_as(&cluster, folder.path(), "localhost");

    let applied = apply(&cluster, folder.path())?;

    assert_eq!(applied.status.code(), Some(0), "{}", said(&applied));
    let command = "kfwasm apply ml --yes --timeout 100 --secret KFWASM_CLIENT_SECRET=secret";
    is_recorded("elsewhere", command, &applied);
    Ok(())
}

fn balanced_at(cluster: &Cluster, address: &str) -> Result<(), RigError> {
    let (api, ingress) = (cluster.api(), json!([{ "ip": address }]));
    api.merge(SERVICE, &json!({ "spec": { "type": "LoadBalancer" } }))?;
    let status = json!({ "status": { "loadBalancer": { "ingress": ingress } } });
    api.merge(&format!("{SERVICE}/status"), &status)?;
    Ok(())
}

fn known_as(cluster: &Cluster, folder: &Path, host: &str) {
    let file = folder.join("ml/kfwasm.yaml");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("kubeflow.example.com", host)).unwrap();
    let built = kfwasm(cluster, folder)
        .args(["build", "ml", "--overwrite"])
        .output();
    assert!(built.unwrap().status.success());
}
