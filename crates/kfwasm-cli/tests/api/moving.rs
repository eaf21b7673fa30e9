//! An installation that moves to another gateway.

use serde_json::{Value, json};

use crate::objects;
use crate::operator::Operator;
use crate::server::World;

/// Where the filter is at another gateway than kfwasm.yaml names.
fn world() -> World {
    let mut plugin = objects::plugin(json!({}));
    plugin["spec"]["selector"]["matchLabels"]["istio"] = "former".into();
    let labels = json!({ "app.kubernetes.io/part-of": "kfwasm" });
    plugin["metadata"]["labels"] = labels;
    let previous = objects::previous(&[(&plugin, Value::Null)]);
    World::with([objects::deployment(), objects::service(), plugin, previous])
}

#[test]
fn a_gateway_that_the_filter_leaves_is_closed_and_stays_so_until_somebody_says_otherwise() {
    let mut operator = Operator::at(world()).with_directory("none");
    operator.run("kfwasm apply ml --yes --no-verify --timeout 1ms");
    operator.run("kfwasm apply ml --yes --no-verify --timeout 1ms");
    operator.run("kfwasm uninstall --yes");
    Operator::is_recorded([operator], "moving");
}
