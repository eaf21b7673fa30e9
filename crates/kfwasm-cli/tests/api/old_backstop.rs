//! An old backstop goes when each pod has taken another, or where nobody may look.

use serde_json::{Value, json};

use crate::objects;
use crate::operator::Operator;
use crate::server::World;

const METRICS: &str = "/api/v1/namespaces/istio-system/pods/gateway-0:15020/proxy/stats/prometheus";

/// Where a policy denies, that an earlier kfwasm.yaml has brought.
fn world() -> World {
    let mut policy = objects::security("AuthorizationPolicy", "kfwasm-backstop", json!({}));
    let entry = objects::earlier_entry();
    for part in ["managedFields", "labels"] {
        policy["metadata"][part] = entry["metadata"][part].clone();
    }
    policy["metadata"]["managedFields"][0]["apiVersion"] = policy["apiVersion"].clone();
    let previous = objects::previous(&[(&policy, Value::Null)]);
    let gateway = [objects::pod(), objects::deployment(), objects::service()];
    World::with(gateway.into_iter().chain([policy, previous]))
}

#[test]
fn an_old_backstop_goes_unseen_only_where_nobody_may_look() {
    let forbidden = "pods \"gateway-0\" is forbidden";
    let worlds = [
        world().saying(METRICS, "envoy_listener_manager_listener_added{} 4\n"),
        world().refusing("GET", "/proxy/", 500, "error trying to reach service"),
        world().refusing("GET", "/proxy/", 403, forbidden),
    ];
    let operators = worlds.map(|world| {
        let mut operator = Operator::at(world).with_directory("none");
        operator.run("kfwasm apply ml --yes --timeout 1ms");
        operator
    });
    Operator::is_recorded(operators, "old-backstop");
}
