//! What `kfwasm status` says of installations that are not whole.

use serde_json::{Value, json};

use crate::objects;
use crate::operator::Operator;
use crate::server::World;

#[test]
fn what_is_not_there_or_cannot_be_read_is_said() {
    let mut of_the_future = objects::plugin(json!({}));
    of_the_future["spec"]["pluginConfig"]["fromTheFuture"] = true.into();
    let mut by_others = objects::deployment();
    by_others["spec"]["template"]["metadata"]["annotations"] =
        json!({ "kfwasm.io/module": "ab".repeat(32) });
    let mut mounted =
        objects::plugin(json!({ "revocation": { "notBefore": "2026-01-01T00:00:00Z" } }));
    mounted["spec"]["url"] = "file:///kfwasm/kfwasm.wasm".into();
    let worlds: [Vec<Value>; 3] = [
        vec![objects::plugin(json!({}))],
        vec![of_the_future, objects::deployment()],
        vec![
            mounted,
            by_others,
            objects::gateway(),
            objects::certificate("2027-01-01T00:00:00Z"),
        ],
    ];
    let operators = worlds.map(|objects| {
        let mut operator = Operator::at(World::with(objects));
        operator.run("kfwasm status");
        operator
    });
    Operator::is_recorded(operators, "status");
}
