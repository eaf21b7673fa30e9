//! Servers of others in Kubeflow's Gateway, where the API server knows who owns what.

use std::process::Output;
use std::slice;

use kfwasm_cluster_rig::Cluster;
use kfwasm_rig::RigError;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::installing::{SECRET, built_with, kfwasm, said, uninstall};
use crate::pruning::kubeflows_gateway;
use crate::running::while_pods_become_ready;
use crate::stage::{ISTIO, Shown, cluster, gateway};

const GATEWAY: &str =
    "/apis/networking.istio.io/v1beta1/namespaces/kubeflow/gateways/kubeflow-gateway";

#[test]
fn servers_of_others_stay_in_the_gateway_and_those_that_are_added_later_too() -> Shown {
    let (cluster, folder) = staged()?;
    let [queue, later] = [9000, 9001].map(tcp);
    let shipped = with_servers_of_others(&cluster, slice::from_ref(&queue))?;

    let applied = applied_over(&cluster, &folder)?;
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

/// What kfwasm alone owns goes as it gives it up, and with the list what others have in it.
#[test]
fn what_uninstall_shows_of_the_gateway_is_what_it_leaves() -> Shown {
    let (cluster, folder) = staged()?;
    let queue = tcp(9000);
    let shipped = with_servers_of_others(&cluster, slice::from_ref(&queue))?;
    applied_over(&cluster, &folder)?;
    let with_ours = servers(&cluster)?;

    let mut command = kfwasm(&cluster, folder.path());
    let shown = command.args(["uninstall", "--diff"]).output().unwrap();
    assert_eq!(shown.status.code(), Some(0), "{}", said(&shown));
    let gone = uninstall(&cluster, folder.path())?;
    assert_eq!(gone.status.code(), Some(0), "{}", said(&gone));

    let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
    let left = servers(&cluster)?;
    assert_eq!(left, [queue, shipped]);
    assert_eq!(going(&shown), ports(&with_ours, &left), "{shown}");
    Ok(())
}

/// The ports of the servers that a difference takes out of the Gateway.
fn going(shown: &str) -> Vec<u64> {
    let mut sections = shown.split("--- ");
    let gateway = sections.find(|it| it.starts_with("Gateway kubeflow/kubeflow-gateway"));
    let marked = |mark: char| {
        let lines = gateway.unwrap_or_default().lines();
        let marked = lines.filter_map(move |line| line.strip_prefix(mark));
        let numbers = marked.filter_map(|it| it.split("number: ").nth(1)?.trim().parse().ok());
        numbers.collect::<Vec<u64>>()
    };
    let come = marked('+');
    let gone = marked('-').into_iter().filter(|it| !come.contains(it));
    gone.collect()
}

/// The ports at which there were servers before and are none after.
fn ports(before: &[Value], after: &[Value]) -> Vec<u64> {
    let number = |it: &Value| it["port"]["number"].as_u64().unwrap();
    let after: Vec<u64> = after.iter().map(number).collect();
    let before = before.iter().map(number);
    before.filter(|it| !after.contains(it)).collect()
}

/// A cluster with a gateway, and what is built for a certificate that is there.
fn staged() -> Result<(Cluster, TempDir), RigError> {
    let cluster = cluster(ISTIO)?;
    gateway(&cluster)?;
    let certificate = json!({ "apiVersion": "v1", "kind": "Secret", "type": "kubernetes.io/tls",
        "metadata": { "name": "istio-ingressgateway-certs", "namespace": "istio-system" },
        "data": { "tls.crt": "Y2VydGlmaWNhdGU=", "tls.key": "a2V5" } });
    cluster.api().apply(&certificate)?;
    Ok((cluster, built_with(&["--certificate", "existing"])))
}

/// Kubeflow's Gateway with these servers before its own; its own.
fn with_servers_of_others(cluster: &Cluster, theirs: &[Value]) -> Result<Value, RigError> {
    let mut gateway = kubeflows_gateway();
    let shipped = gateway["spec"]["servers"][0].clone();
    gateway["spec"]["servers"] = [theirs, slice::from_ref(&shipped)].concat().into();
    cluster.api().apply(&gateway)?;
    Ok(shipped)
}

/// What was applied over the fields of others.
fn applied_over(cluster: &Cluster, folder: &TempDir) -> Result<Output, RigError> {
    let mut command = kfwasm(cluster, folder.path());
    let command = command.args(["apply", "--yes", "--no-verify", "--force-conflicts"]);
    let applied = while_pods_become_ready(cluster, command.args(SECRET))?;
    assert_eq!(applied.status.code(), Some(0), "{}", said(&applied));
    Ok(applied)
}

fn tcp(port: u16) -> Value {
    let name = format!("tcp-{port}");
    json!({ "hosts": ["*"], "port": { "name": name, "number": port, "protocol": "TCP" } })
}

fn servers(cluster: &Cluster) -> Result<Vec<Value>, RigError> {
    let gateway = cluster.api().get(GATEWAY)?;
    Ok(gateway["spec"]["servers"].as_array().unwrap().clone())
}
