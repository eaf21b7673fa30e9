//! Secrets that are missing, or are not where somebody says.

use std::fs;

use serde_json::json;

use crate::objects;
use crate::operator::Operator;
use crate::server::World;

fn world() -> World {
    World::with([objects::deployment(), objects::service()])
}

#[test]
fn a_secret_that_nobody_has_is_asked_for() {
    let mut nowhere = Operator::at(world())
        .with_directory("none")
        .without_secret();
    nowhere.run("kfwasm apply ml --yes");
    nowhere.run("kfwasm apply ml --yes --secret KFWASM_CLIENT_SECRET=no-such-file");
    nowhere.run("kfwasm apply ml --yes --secret a-secret-in-clear");
    Operator::is_recorded([nowhere], "secrets");
}

/// The filter would refuse them, and the gateway answer nobody.
#[test]
fn secrets_that_the_filter_would_refuse_and_names_that_it_does_not_know_are_refused() {
    let world = world().refusing("PATCH", "", 500, "it was changed");
    let mut operator = Operator::at(world).with_directory("none");
    for (file, text) in [
        ("client-secret", "\n"),
        ("nonsense", "nonsense"),
        ("short", "AAAA"),
    ] {
        fs::write(operator.folder().join(file), text).unwrap();
    }
    for given in [
        "KFWASM_CLIENT_SECRET=client-secret",
        "KFWASM_SESSION_KEYS=client-secret",
        "KFWASM_SESSION_KEYS=nonsense",
        "KFWASM_SESSION_KEYS=short",
        "KFWASM_CLIENT_SECERT=nonsense",
    ] {
        let refused = operator.run(&format!("kfwasm apply ml --yes --secret {given}"));
        assert_eq!(refused.status.code(), Some(2), "{given}: {refused:?}");
    }
    let mut operator = operator.with_secret("");
    let refused = operator.run("kfwasm apply ml --yes");
    assert_eq!(refused.status.code(), Some(2), "{refused:?}");
    Operator::is_recorded([operator], "refused-secrets");
}

#[test]
fn keys_are_rotated_where_there_are_some() {
    let mut without_secret = Operator::at(world()).with_directory("none");
    without_secret.run("kfwasm keys rotate ml --yes");
    let mut without_keys =
        Operator::at(World::with([objects::secret("kfwasm", json!({}))])).with_directory("none");
    without_keys.run("kfwasm keys rotate ml --yes");
    Operator::is_recorded([without_secret, without_keys], "keys");
}
