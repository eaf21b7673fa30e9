//! What is no longer built, and stays all the same; and a secret that is another one.

use std::fs;

use serde_json::{Value, json};

use crate::objects;
use crate::operator::Operator;
use crate::server::World;

fn world(more: impl IntoIterator<Item = Value>) -> World {
    let gateway = [objects::deployment(), objects::service()];
    World::with(gateway.into_iter().chain(more))
}

/// Without kfwasm's label others may use it.
#[test]
fn what_may_be_in_use_by_others_is_named_and_stays() {
    let mut shared = objects::earlier_entry();
    shared["metadata"]["labels"] = json!({});
    let previous = objects::previous(&[(&shared, Value::Null)]);
    let mut operator = Operator::at(world([shared, previous])).with_directory("none");
    operator.run("kfwasm apply ml --dry-run");
    Operator::is_recorded([operator], "left-behind");
}

#[test]
fn a_difference_says_that_a_secret_is_another_and_not_which() {
    let live = json!({ "KFWASM_CLIENT_SECRET": "of yesterday", "KFWASM_SESSION_KEYS": "a key" });
    let world = world([objects::secret("kfwasm", live)]);
    let mut operator = Operator::at(world).with_directory("none");
    let manifests = operator.folder().join("ml/manifests");
    for entry in fs::read_dir(manifests).unwrap().map(Result::unwrap) {
        if entry.file_name() != "secret.yaml" {
            fs::remove_file(entry.path()).unwrap();
        }
    }
    operator.run("kfwasm apply ml --diff");
    Operator::is_recorded([operator], "another-secret");
}
