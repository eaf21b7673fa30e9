//! A gateway that the filter leaves for another one: there everything is denied from then on.
//!
//! The backstop goes with the filter, and routes may lead to the old gateway still.

use serde_json::json;

use super::step::Step;
use crate::filter::is_filter;
use crate::object::Object;

/// The value of the pods' label `istio`, in WasmPlugins and in AuthorizationPolicies.
const LABEL: &str = "/spec/selector/matchLabels/istio";
const KIND: &str = "AuthorizationPolicy";
const PREFIX: &str = "kfwasm-left-";

/// What denies everything at the gateway of the former filter, which these steps take it away from; nothing, where it stays.
pub(super) fn denial(former: &Object, steps: &[Step]) -> Option<Object> {
    filter(steps)?;
    let left = Some(gateway(former)).filter(|it| !it.is_empty())?;
    if is_served(left, steps) {
        return None;
    }
    let labels = json!({ "app.kubernetes.io/part-of": "kfwasm" });
    let metadata = json!({ "name": format!("{PREFIX}{left}"), "labels": labels,
        "namespace": former.text("/metadata/namespace") });
    // One rule without a condition is for every request.
    let spec = json!({ "selector": { "matchLabels": { "istio": left } }, "action": "DENY", "rules": [{}] });
    Object::new(
        json!({ "apiVersion": "security.istio.io/v1beta1", "kind": KIND, "metadata": metadata, "spec": spec }),
    )
}

/// Whether it is such a denial.
pub(super) fn is_denial(object: &Object) -> bool {
    object.text("/kind") == KIND && object.text("/metadata/name").starts_with(PREFIX)
}

/// Whether it is one for a gateway that the filter does not come back to.
pub(super) fn is_still_left(object: &Object, steps: &[Step]) -> bool {
    is_denial(object) && !is_served(gateway(object), steps)
}

/// Which gateway's pods an object is for.
pub(super) fn gateway(object: &Object) -> &str {
    object.text(LABEL)
}

fn is_served(gateway: &str, steps: &[Step]) -> bool {
    filter(steps).is_some_and(|it| self::gateway(&it.ours) == gateway)
}

/// The filter that comes or stays.
pub(super) fn filter(steps: &[Step]) -> Option<&Step> {
    let mut wanted = steps.iter().filter(|step| !step.is_stale());
    wanted.find(|step| is_filter(&step.ours))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::install::step::Change;

    fn filter_at(gateway: &str) -> Object {
        let metadata = json!({ "name": "kfwasm", "namespace": "istio-system" });
        let spec = json!({ "selector": { "matchLabels": { "istio": gateway } } });
        Object::new(
            json!({ "apiVersion": "v1", "kind": "WasmPlugin", "metadata": metadata, "spec": spec }),
        )
        .unwrap()
    }

    fn moving(from: Option<&str>, to: &str) -> [Step; 1] {
        [Step {
            ours: filter_at(to),
            before: from.map(filter_at),
            change: Change::Nothing,
        }]
    }

    #[test]
    fn the_gateway_that_the_filter_leaves_is_denied_everything() {
        let steps = moving(Some("old"), "new");
        let denial = denial(&filter_at("old"), &steps).unwrap();
        assert_eq!(
            denial.id().to_string(),
            "AuthorizationPolicy istio-system/kfwasm-left-old"
        );
        let wanted = json!({ "selector": { "matchLabels": { "istio": "old" } }, "action": "DENY", "rules": [{}] });
        assert_eq!(denial.get("/spec"), Some(&wanted));
        assert!(is_still_left(&denial, &steps));
        assert!(is_still_left(&denial, &moving(Some("new"), "third")));
        assert!(!is_still_left(&denial, &moving(Some("new"), "old")));
    }

    #[test]
    fn it_is_so_too_where_another_kind_of_filter_takes_the_place() {
        let [mut step] = moving(None, "new");
        step.ours = step.ours.with("/kind", "TrafficExtension");
        let denial = denial(&filter_at("old"), &[step]).unwrap();
        assert_eq!(gateway(&denial), "old");
    }

    #[test]
    fn where_the_filter_stays_or_comes_nothing_is_denied() {
        for from in ["new", ""] {
            assert_eq!(denial(&filter_at(from), &moving(Some(from), "new")), None);
        }
        assert_eq!(denial(&filter_at("old"), &[]), None);
    }
}
