//! Which cluster is changed is seen before what is changed there.

use serde_json::{Value, json};

use crate::objects;
use crate::operator::Operator;
use crate::server::World;

/// Which has kfwasm.yaml to make, for the Istio of that cluster.
const INSTALL: &str = "install other --host ml.example.com --issuer https://id.example.com --client-id kubeflow --certificate none --module-url oci://registry.example.com/kfwasm:1 --dry-run";

#[test]
fn what_changes_a_cluster_or_shows_the_change_says_first_which_one_it_is() {
    let plugin = objects::plugin(json!({}));
    let previous = objects::previous(&[(&plugin, Value::Null)]);
    let secret = objects::secret("kfwasm", json!({ "KFWASM_SESSION_KEYS": objects::KEY }));
    let gateway = [objects::deployment(), objects::service()];
    let operator = Operator::at(World::with(
        gateway.into_iter().chain([plugin, previous, secret]),
    ))
    .with_directory("none");
    let first = format!(
        "In the cluster of the context here (http://{}):",
        operator.address()
    );
    for command in [
        "apply ml --diff",
        "apply ml --dry-run",
        "migrate ml --cut-over --diff",
        "migrate ml --back --dry-run",
        "uninstall ml --diff",
        "keys rotate ml --dry-run",
        "revoke ml --everybody",
        "uninstall ml --yes",
        "apply ml --yes --no-verify",
        INSTALL,
    ] {
        let shown = operator.shown(&command.split(' ').collect::<Vec<_>>());
        assert_eq!(shown.lines().next(), Some(&*first), "{command}: {shown}");
        assert_eq!(shown.matches(&first).count(), 1, "{command}: {shown}");
    }
}

#[test]
fn what_only_looks_does_not_say_it() {
    let plugin = objects::plugin(json!({}));
    let operator = Operator::at(World::with([objects::deployment(), plugin]));
    let shown = operator.shown(&["status"]);
    assert!(
        !shown.contains("In the cluster") && shown.contains("kfwasm"),
        "{shown}"
    );
}
