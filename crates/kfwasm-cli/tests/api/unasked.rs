//! Nobody is at a terminal: what takes something away is not done unless it was agreed to beforehand.

use serde_json::{Value, json};

use crate::objects;
use crate::operator::Operator;
use crate::server::World;

/// Where nothing may be changed, but asked what would be.
fn unchanging(objects: impl IntoIterator<Item = Value>) -> World {
    let gateway = [objects::deployment(), objects::service()];
    let world = World::with(gateway.into_iter().chain(objects));
    let world = world.refusing("PATCH", "!dryRun", 500, "it was changed");
    world.refusing("DELETE", "", 500, "it was deleted")
}

fn predecessor() -> Value {
    let nobody = json!({ "from": [{ "source": { "notRequestPrincipals": ["*"] } }] });
    let selector = json!({ "matchLabels": { "istio": "ingressgateway" } });
    let spec = json!({ "action": "DENY", "rules": [nobody], "selector": selector });
    objects::security("AuthorizationPolicy", "require-jwt", spec)
}

#[test]
fn what_takes_something_away_is_refused_where_nobody_can_be_asked() {
    let earlier = objects::earlier_entry();
    let previous = objects::previous(&[(&earlier, Value::Null)]);
    let keys = objects::secret("kfwasm", json!({ "KFWASM_SESSION_KEYS": objects::KEY }));
    let plugin = objects::plugin(json!({}));
    let installed = unchanging([earlier, previous, keys, plugin, predecessor()]);
    let mut operator = Operator::at(installed).with_directory("none");
    for command in [
        "kfwasm apply ml",
        "kfwasm uninstall ml",
        "kfwasm keys rotate ml",
        "kfwasm migrate ml --cut-over",
        "kfwasm migrate ml --back",
        "kfwasm revoke ml --everybody",
    ] {
        let refused = operator.run(command);
        assert_eq!(refused.status.code(), Some(2), "{command}: {refused:?}");
    }
    Operator::is_recorded([operator], "unasked");
}

#[test]
fn what_is_only_shown_is_not_done() {
    let (gateway, mut live) = (objects::gateway(), objects::gateway());
    let (policy, ours) = (predecessor(), objects::earlier_entry());
    live["metadata"]["managedFields"] = ours["metadata"]["managedFields"].clone();
    live["spec"]["servers"][0]["tls"]["credentialName"] = "ours".into();
    let touched = [(&ours, Value::Null), (&live, gateway)];
    let previous = objects::previous_removing(&touched, &policy);
    let keys = objects::secret("kfwasm", json!({ "KFWASM_SESSION_KEYS": objects::KEY }));
    let mut operator =
        Operator::at(unchanging([ours, live, previous, keys])).with_directory("none");
    for command in [
        "kfwasm uninstall ml --dry-run",
        "kfwasm uninstall ml --diff --yes",
        "kfwasm migrate ml --back --dry-run --yes",
        "kfwasm migrate ml --back --diff",
        "kfwasm keys rotate ml --dry-run",
    ] {
        let shown = operator.run(command);
        assert_eq!(shown.status.code(), Some(0), "{command}: {shown:?}");
    }
    Operator::is_recorded([operator], "only-shown");
}

#[test]
fn flags_that_mean_nothing_there_are_refused() {
    let mut operator = Operator::at(unchanging([]));
    for command in [
        "kfwasm migrate ml --dry-run",
        "kfwasm migrate ml --secret NAME=file",
        "kfwasm migrate ml --back --no-verify",
        "kfwasm migrate ml --back --overwrite",
        "kfwasm migrate ml --cut-over --host ml.example.com",
        "kfwasm migrate ml --cut-over --namespace elsewhere",
    ] {
        let refused = operator.run(command);
        assert_eq!(refused.status.code(), Some(2), "{command}: {refused:?}");
    }
    Operator::is_recorded([operator], "meaningless-flags");
}

/// The gateway denies everything from then on until the rest is there.
#[test]
fn a_gateway_is_not_closed_for_an_address_where_nobody_can_be_asked() {
    let mut operator = Operator::at(unchanging([]));
    let refused = operator.run(
        "kfwasm install ml --load-balancer --issuer https://id.example.com --client-id kubeflow --certificate none \
         --module-url oci://registry.example.com/kfwasm:1",
    );
    assert_eq!(refused.status.code(), Some(2), "{refused:?}");
    Operator::is_recorded([operator], "unasked-address");
}

/// As with `kubectl apply`.
#[test]
fn what_only_adds_goes_on_unasked() {
    let gateway = [objects::deployment(), objects::service()];
    let mut operator = Operator::at(World::with(gateway)).with_directory("none");
    let applied = operator.run("kfwasm apply ml --no-verify --timeout 1ms");
    assert_eq!(applied.status.code(), Some(0), "{applied:?}");
    Operator::is_recorded([operator], "unasked-addition");
}
