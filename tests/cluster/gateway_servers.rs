//! Servers of others in Kubeflow's Gateway, where the API server knows who owns what.

use kfwasm_cluster_rig::Cluster;
use kfwasm_rig::RigError;
use serde_json::{Value, json};

use crate::installing::{SECRET, built_with, kfwasm, said, uninstall};
use crate::pruning::kubeflows_gateway;
use crate::running::while_pods_become_ready;
use crate::stage::{ISTIO, Shown, cluster, gateway};

const GATEWAY: &str =
    "/apis/networking.istio.io/v1beta1/namespaces/kubeflow/gateways/kubeflow-gateway";

#[test]
fn servers_of_others_stay_in_the_gateway_and_those_that_are_added_later_too() -> Shown {
    let cluster = cluster(ISTIO)?;
    gateway(&cluster)?;
    let mut theirs = kubeflows_gateway();
    let [queue, later] = [9000, 9001].map(tcp);
    let shipped = theirs["spec"]["servers"][0].clone();
    theirs["spec"]["servers"] = json!([queue, shipped]);
    cluster.api().apply(&theirs)?;
    let certificate = json!({ "apiVersion": "v1", "kind": "Secret", "type": "kubernetes.io/tls",
        "metadata": { "name": "istio-ingressgateway-certs", "namespace": "istio-system" },
        "data": { "tls.crt": "Y2VydGlmaWNhdGU=", "tls.key": "a2V5" } });
    cluster.api().apply(&certificate)?;
    let folder = built_with(&["--certificate", "existing"]);

    let mut command = kfwasm(&cluster, folder.path());
    command
        .args(["apply", "--yes", "--no-verify", "--force-conflicts"])
        .args(SECRET);
    let applied = while_pods_become_ready(&cluster, &mut command)?;
    assert_eq!(applied.status.code(), Some(0), "{}", said(&applied));
    let kept = "keeps     its server tcp-9000 (port 9000, *)";
    assert!(said(&applied).contains(kept), "{}", said(&applied));
    let mut with_ours = servers(&cluster)?;
    assert_eq!((with_ours.len(), &with_ours[0]), (3, &queue));

    with_ours.push(later.clone());
    cluster
        .api()
        .merge(GATEWAY, &json!({ "spec": { "servers": with_ours } }))?;
    let mut command = kfwasm(&cluster, folder.path());
    let again = command
        .args(["apply", "--no-verify"])
        .args(SECRET)
        .output()
        .unwrap();
    assert_eq!(again.status.code(), Some(0), "{}", said(&again));
    assert_eq!(servers(&cluster)?, with_ours);

    let gone = uninstall(&cluster, folder.path())?;
    assert_eq!(gone.status.code(), Some(0), "{}", said(&gone));
    assert_eq!(servers(&cluster)?, [queue, shipped, later]);
    Ok(())
}

fn tcp(port: u16) -> Value {
    let name = format!("tcp-{port}");
    json!({ "hosts": ["*"], "port": { "name": name, "number": port, "protocol": "TCP" } })
}

fn servers(cluster: &Cluster) -> Result<Vec<Value>, RigError> {
    let gateway = cluster.api().get(GATEWAY)?;
    Ok(gateway["spec"]["servers"].as_array().unwrap().clone())
}
