//! Nobody could ask the gateway whether the filter decides.

use serde_json::json;

use crate::objects;
use crate::operator::Operator;
use crate::server::World;

/// It opens a listener a moment after it was told to.
#[test]
fn a_gateway_that_does_not_listen_yet_is_waited_for_and_told_last_when_it_never_does() {
    let certificate = json!({ "tls.crt": "a certificate", "tls.key": "a key" });
    let certificate = objects::secret("istio-ingressgateway-certs", certificate);
    let mut gateway = objects::gateway();
    gateway["spec"]["servers"] = json!([]);
    let objects = [
        objects::deployment(),
        objects::service(),
        certificate,
        gateway,
    ];
    let mut operator = Operator::at(World::with(objects)).with_directory("existing");

    let applied = operator.run("kfwasm apply ml --yes --timeout 1ms --address 127.0.0.1:1");

    assert_eq!(applied.status.code(), Some(0), "{applied:?}");
    let said = String::from_utf8_lossy(&applied.stderr);
    let waited = "waiting   for the gateway to answer: 127.0.0.1:1 cannot be reached";
    assert!(said.contains(waited), "{said}");
    Operator::is_recorded([operator], "unverified");
}
