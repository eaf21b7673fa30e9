use serde_json::{Value, json};

use crate::sample::{good, read, said_about};

fn with(rules: Value) -> Value {
    let mut document = good();
    document["stepUp"] = rules;
    document
}

#[test]
fn a_rule_asks_for_a_kind_or_an_age_on_a_path_or_everywhere() {
    let config = read(&with(json!([
        { "prefix": "/admin", "acrValues": ["phr", "urn:mace:silver"], "maxAge": "15m" },
        { "maxAge": "24h" },
    ])));
    assert!(config.step_up[0].covers(Some("/admin/users")));
    assert!(config.step_up[0].covers(Some("/administrators")));
    assert!(!config.step_up[0].covers(Some("/adm")));
    assert!(config.step_up[0].covers(None));
    assert!(config.step_up[1].covers(Some("/")));
    assert_eq!(config.step_up[0].max_age.unwrap().as_secs(), 900);
}

#[test]
fn wrong_rules_are_refused() {
    for (rule, said) in [
        (
            json!({ "prefix": "/admin" }),
            "stepUp[0]: asks for nothing\n    write acrValues or maxAge",
        ),
        (json!({ "maxAge": "59s" }), "stepUp[0].maxAge: "),
        (
            json!({ "acrValues": ["a b"] }),
            "stepUp[0].acrValues[0]: \"a b\" is not an authentication context class",
        ),
        (
            json!({ "acrValues": ["a\"b"] }),
            "is not an authentication context class",
        ),
        (json!({ "acrValues": ["a", "a"] }), "is in the list already"),
        (
            json!({ "acr": ["a"] }),
            "stepUp[0].acr: is no field that exists here",
        ),
    ] {
        let found = said_about(&with(json!([rule])));
        assert!(found.contains(said), "{found}");
    }
}
