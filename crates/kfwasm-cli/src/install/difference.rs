//! What would be different, for people. Secrets are not shown.

use serde_json::Value;
use similar::TextDiff;

use super::condition;
use super::demand;
use crate::module::sha256_of;
use crate::object::Object;
use crate::yaml;

/// A unified diff of an object before and after; empty when both read the same.
pub(super) fn unified(name: &str, before: Option<&Object>, after: &Object) -> String {
    let before = before.map_or_else(String::new, shown);
    let after = shown(after);
    let diff = TextDiff::from_lines(&before, &after);
    diff.unified_diff()
        .context_radius(3)
        .header(
            &format!("{name} (in the cluster)"),
            &format!("{name} (wanted)"),
        )
        .to_string()
}

fn shown(object: &Object) -> String {
    let hidden = ["/data", "/binaryData"].into_iter().fold(
        condition::cleaned(object),
        |object, place| match (object.text("/kind"), object.get(place).cloned()) {
            ("Secret", Some(data)) => object.with(place, hide(data, "secret")),
            (_, Some(data)) if place == "/binaryData" => object.with(place, hide(data, "bytes")),
            _ => object,
        },
    );
    let hidden = match demand::is_demand(&hidden) {
        true => {
            let stand_in = digest_of(demand::value(&hidden), "secret");
            demand::demanding(hidden, &stand_in)
        }
        false => hidden,
    };
    yaml::write(hidden.value())
}

/// Each value's digest in its place, so that a change is seen. Of a secret, eight digits say nothing.
fn hide(data: Value, what: &str) -> Value {
    let Value::Object(fields) = data else {
        return data;
    };
    let hidden = fields.into_iter().map(|(name, value)| {
        let digest = digest_of(value.as_str().unwrap_or_default(), what);
        (name, Value::from(digest))
    });
    hidden.collect()
}

fn digest_of(value: &str, what: &str) -> String {
    let digest = sha256_of(value);
    let digest = digest.get(..8).unwrap_or_default();
    format!("({what}, digest {digest})")
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
        let diff = unified("Secret kfwasm", Some(&secret("b2xk")), &secret("bmV3"));
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
        let diff = unified("policy", Some(&policy("former")), &policy("latter"));
        assert!(
            !diff.contains("former") && !diff.contains("latter"),
            "{diff}"
        );
        assert!(diff.contains("digest"), "{diff}");
    }

    #[test]
    fn what_the_cluster_keeps_for_itself_is_no_difference() {
        let other = secret("b2xk").with("/metadata/uid", "other");
        assert_eq!(unified("Secret kfwasm", Some(&secret("b2xk")), &other), "");
    }
}
