//! A Gateway in which somebody has more servers than Kubeflow's.

use serde_json::{Value, json};

use crate::objects;
use crate::operator::Operator;
use crate::server::World;

fn server(number: u16, name: &str, protocol: &str, host: &str) -> Value {
    json!({ "hosts": [host], "port": { "name": name, "number": number, "protocol": protocol } })
}

/// The Gateway's servers, as the API server has them now.
fn servers(operator: &Operator) -> String {
    let path = "/apis/networking.istio.io/v1beta1/namespaces/kubeflow/gateways/kubeflow-gateway";
    let gateway: Value = serde_json::from_str(&operator.seen(path)).unwrap();
    gateway["spec"]["servers"].to_string()
}

/// An operator of a cluster with this Gateway and a certificate for it.
fn operator_of(gateway: Value) -> Operator {
    let certificate = json!({ "tls.crt": "a certificate", "tls.key": "a key" });
    let certificate = objects::secret("istio-ingressgateway-certs", certificate);
    let there = [
        objects::deployment(),
        objects::service(),
        gateway,
        certificate,
    ];
    Operator::at(World::with(there)).with_directory("existing")
}

/// A server at the place of kfwasm's.
fn with_tls_of_theirs() -> Value {
    let mut theirs = server(443, "tls", "HTTPS", "*");
    theirs["tls"] = json!({ "mode": "SIMPLE", "credentialName": "theirs" });
    theirs
}

/// As it was before kfwasm is kept already where kfwasm owns something of it.
#[test]
fn what_has_come_to_the_place_of_ours_since_is_not_said_to_be_given_back() {
    let mut gateway = objects::gateway();
    gateway["spec"]["servers"] = json!([with_tls_of_theirs()]);
    let fields = json!({ "f:spec": { "f:selector": {} } });
    let ours = json!({ "manager": "kfwasm", "operation": "Apply", "fieldsV1": fields,
        "apiVersion": gateway["apiVersion"] });
    gateway["metadata"]["managedFields"] = json!([ours]);
    let mut operator = operator_of(gateway);
    let before = servers(&operator);

    let shown = operator.run("kfwasm apply ml --dry-run --no-verify");
    assert_eq!(shown.status.code(), Some(0), "{shown:?}");
    assert_eq!(servers(&operator), before);
    Operator::is_recorded([operator], "gateway-servers-since");
}

/// At another port one, at the place of kfwasm's another.
#[test]
fn servers_of_others_stay_in_the_gateway_or_are_named_before_they_go() {
    let mut gateway = objects::gateway();
    gateway["spec"]["servers"] = json!([
        server(80, "http", "HTTP", "*"),
        server(9000, "tcp-queue", "TCP", "mq.example.com"),
        with_tls_of_theirs(),
    ]);
    let mut operator = operator_of(gateway);
    let before = servers(&operator);

    let asked = operator.run("kfwasm apply ml --no-verify --timeout 1ms");
    assert_eq!(asked.status.code(), Some(2), "{asked:?}");
    let applied = operator.run("kfwasm apply ml --yes --no-verify --timeout 1ms");
    assert_eq!(applied.status.code(), Some(0), "{applied:?}");
    let with_ours = servers(&operator);
    assert!(with_ours.contains("mq.example.com") && !with_ours.contains("theirs"));
    let again = operator.run("kfwasm apply ml --no-verify --timeout 1ms");
    assert_eq!(again.status.code(), Some(0), "{again:?}");
    let gone = operator.run("kfwasm uninstall ml --yes");
    assert_eq!(gone.status.code(), Some(0), "{gone:?}");
    assert_eq!(servers(&operator), before);
    Operator::is_recorded([operator], "gateway-servers");
}
