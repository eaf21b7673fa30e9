//! What would be different, for people. Secrets are not shown.

use serde_json::Value;
use similar::TextDiff;

use super::condition;
use super::demand;
use crate::module::sha256_of;
use crate::object::Object;
use crate::yaml;

/// A unified diff of an object before and after, where it is there; empty when both read the same.
pub(super) fn unified(name: &str, before: Option<&Object>, after: Option<&Object>) -> String {
    let after = after.map(|it| shown(it, before)).unwrap_or_default();
    let before = before.map(|it| shown(it, None)).unwrap_or_default();
    let diff = TextDiff::from_lines(&before, &after);
    diff.unified_diff()
        .context_radius(3)
        .header(
            &format!("{name} (in the cluster)"),
            &format!("{name} (wanted)"),
        )
        .to_string()
}

/// What stands for a secret, and for one that is not what it was: that it changes is seen, and nothing of what it is.
const SECRET: &str = "(a secret)";
const ANOTHER_SECRET: &str = "(another secret)";

/// An object as people see it, beside the one that it replaces.
fn shown(object: &Object, before: Option<&Object>) -> String {
    let object = condition::cleaned(object);
    let object = match object.text("/kind") {
        "Secret" => without_values(object, "/data", |name, value| {
            let old = before.and_then(|it| it.get("/data")?.get(name));
            secret(value, old).to_owned()
        }),
        _ => without_values(object, "/binaryData", |_, value| bytes(value)),
    };
    yaml::write(without_demand(object, before).value())
}

/// The object with something else in the place of each of these values.
fn without_values(
    object: Object,
    place: &str,
    stand_in: impl Fn(&str, &Value) -> String,
) -> Object {
    let Some(Value::Object(fields)) = object.get(place).cloned() else {
        return object;
    };
    let hidden = fields.into_iter().map(|(name, value)| {
        let text = stand_in(&name, &value);
        (name, Value::from(text))
    });
    object.with(place, hidden.collect::<Value>())
}

fn without_demand(object: Object, before: Option<&Object>) -> Object {
    if !demand::is_demand(&object) {
        return object;
    }
    let value = Value::from(demand::value(&object));
    let old = before.map(|it| Value::from(demand::value(it)));
    demand::demanding(object, secret(&value, old.as_ref()))
}

fn secret(value: &Value, old: Option<&Value>) -> &'static str {
    match old {
        Some(old) if old != value => ANOTHER_SECRET,
        _ => SECRET,
    }
}

/// Bytes are many; their digest shows that they change.
fn bytes(value: &Value) -> String {
    let digest = sha256_of(value.as_str().unwrap_or_default());
    format!("(bytes, digest {})", digest.get(..8).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn secret(value: &str) -> Object {
        Object::new(json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "kfwasm", "uid": value},
            "data": {"KEY": value}}))
        .unwrap()
    }

    #[test]
    fn a_secret_is_not_shown_but_its_change_is() {
        let diff = unified(
            "Secret kfwasm",
            Some(&secret("b2xk")),
            Some(&secret("bmV3")),
        );
        assert!(!diff.contains("b2xk") && !diff.contains("bmV3"), "{diff}");
        assert!(
            diff.contains("-  KEY:") && diff.contains("+  KEY:"),
            "{diff}"
        );
    }

    #[test]
    fn the_value_of_the_backstops_header_is_not_shown_either() {
        let policy = |value: &str| {
            Object::new(json!({"apiVersion": "security.istio.io/v1beta1", "kind": "AuthorizationPolicy",
                "metadata": {"name": "kfwasm-backstop"}, "spec": {"rules": [{"when": [{"notValues": [value]}]}]}}))
            .unwrap()
        };
        let diff = unified("policy", Some(&policy("former")), Some(&policy("latter")));
        assert!(
            !diff.contains("former") && !diff.contains("latter"),
            "{diff}"
        );
        assert!(diff.contains("another secret"), "{diff}");
    }

    #[test]
    fn what_goes_is_shown_without_its_secrets() {
        let diff = unified("Secret kfwasm", Some(&secret("b2xk")), None);
        assert!(
            diff.contains("-kind: Secret") && !diff.contains("b2xk"),
            "{diff}"
        );
    }

    #[test]
    fn what_the_cluster_keeps_for_itself_is_no_difference() {
        let other = secret("b2xk").with("/metadata/uid", "other");
        assert_eq!(
            unified("Secret kfwasm", Some(&secret("b2xk")), Some(&other)),
            ""
        );
    }
}
