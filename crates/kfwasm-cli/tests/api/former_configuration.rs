//! A change of the filter's configuration that does not arrive.

use serde_json::{Value, json};

use crate::objects;
use crate::operator::Operator;
use crate::server::World;

const METRICS: &str = "/api/v1/namespaces/istio-system/pods/gateway-0:15020/proxy/stats/prometheus";

/// It decides as before, and is not taken for what was asked for.
#[test]
fn a_filter_that_goes_on_as_it_was_is_not_verified() {
    let earlier = objects::plugin(json!({}));
    let previous = objects::previous(&[(&earlier, Value::Null)]);
    let gateway = [objects::pod(), objects::deployment(), objects::service()];
    let metrics = "kfwasm_requests_forwarded{} 7\nkfwasm_configurations{} 3\n";
    let world = World::with(gateway.into_iter().chain([earlier, previous]));
    let mut operator = Operator::at(world.saying(METRICS, metrics)).with_directory("none");
    operator.run("kfwasm apply ml --yes --timeout 1ms");
    Operator::is_recorded([operator], "former-configuration");
}
