use kfwasm_config::{Config, PathMatch};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{SkipRules, is_for};
use crate::normalized_path::NormalizedPath;
use crate::request_head::RequestHead;

fn config(skip: &[Value]) -> Config {
    let text = json!({
        "providers": [{
            "issuer": "https://issuer.example.com",
            "clientId": "kfwasm",
            "clientSecret": { "env": "SECRET" },
        }],
        "publicHosts": ["kubeflow.example.com"],
        "skip": skip,
    });
    Config::from_json(text.to_string().as_bytes()).unwrap()
}

/// What the rules say one by one.
fn covered_by_one(config: &Config, head: &RequestHead<'_>, path: &str) -> bool {
    let covers = |path_match: &PathMatch| path_match.covers(path);
    let mut rules = config.skip.iter();
    rules.any(|rule| covers(&rule.path) && is_for(rule, head))
}

fn head() -> RequestHead<'static> {
    RequestHead {
        method: b"GET",
        authority: b"kubeflow.example.com",
        ..RequestHead::default()
    }
}

/// Paths of few segments, so that they often meet the rules.
fn path() -> impl Strategy<Value = String> {
    proptest::collection::vec("(a|b|ab|a\\.js|b\\.js|\\.js)", 1..5)
        .prop_map(|segments| format!("/{}", segments.join("/")))
}

fn rule() -> impl Strategy<Value = Value> {
    let suffix = prop_oneof![Just(".js".to_owned()), path()];
    let methods = prop_oneof![
        Just(json!(null)),
        Just(json!(["GET"])),
        Just(json!(["POST"]))
    ];
    let path = prop_oneof![
        path().prop_map(|path| ("exact", path)),
        path().prop_map(|path| ("prefix", path)),
        suffix.prop_map(|path| ("suffix", path)),
    ];
    (path, methods).prop_map(|((kind, path), methods)| {
        let mut rule = json!({ kind: path });
        if !methods.is_null() {
            rule["methods"] = methods;
        }
        rule
    })
}

proptest! {
    #[test]
    fn looked_up_rules_cover_what_each_rule_covers(
        rules in proptest::collection::vec(rule(), 0..12),
        path in path(),
    ) {
        let config = config(&rules);
        let skip = SkipRules::new(&config);
        let normalized = NormalizedPath::of(path.as_bytes()).unwrap();
        let expected = covered_by_one(&config, &head(), &path);
        prop_assert_eq!(skip.cover(&head(), &normalized), expected);
    }
}

#[test]
fn the_last_of_a_thousand_rules_is_found() {
    let rules: Vec<_> = (0..1000)
        .map(|number| json!({ "prefix": format!("/p{number}") }))
        .collect();
    let config = config(&rules);
    let skip = SkipRules::new(&config);
    let covers = |path: &str| skip.cover(&head(), &NormalizedPath::of(path.as_bytes()).unwrap());
    assert!(covers("/p999/a") && covers("/p0"));
    assert!(!covers("/p1000") && !covers("/p99x/a"));
}
