use kfwasm_config::Config;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::sample::{changed, good, said_about};

/// What is said about any document fits into a log: 101 problems of two lines.
const MOST_LINES: usize = 202;
const MOST_BYTES: usize = 64 * 1024;

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".*".prop_map(Value::from),
        "[a-z0-9:/.{}%?#@-]{0,40}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 64, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(any_name(), inner, 0..6)
                .prop_map(|fields| fields.into_iter().collect::<Value>()),
        ]
    })
}

fn any_name() -> impl Strategy<Value = String> {
    let known = [
        "providers",
        "publicHosts",
        "callback",
        "signOut",
        "session",
        "identity",
        "skip",
        "issuer",
        "clientId",
        "clientSecret",
        "env",
        "tenants",
        "scopes",
        "authorizationParameters",
        "path",
        "aliases",
        "paths",
        "returnTo",
        "idle",
        "absolute",
        "header",
        "exact",
        "prefix",
        "suffix",
    ];
    prop_oneof![
        proptest::sample::select(known.to_vec()).prop_map(str::to_owned),
        ".{0,8}"
    ]
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
        let _ = Config::from_json(&bytes);
    }

    #[test]
    fn any_json_is_read_or_refused_with_something_to_say(document in any_json()) {
        let said = said_about(&document);
        prop_assert!(!said.is_empty());
    }

    #[test]
    fn any_json_in_any_field_is_read_or_refused_with_something_to_say(
        (pointer, value) in (any_place(), any_json())
    ) {
        let mut document = good();
        document["session"] = json!({"idle": "1h", "keys": {"env": "KEYS"}});
        document["callback"] = json!({"aliases": ["/login/oidc"]});
        *document.pointer_mut(pointer).unwrap() = value;
        let said = said_about(&document);
        prop_assert!(!said.is_empty());
        prop_assert!(said.chars().all(|c| c == '\n' || (' '..='~').contains(&c)), "{}", said);
    }
}

fn any_place() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec![
        "/publicHosts",
        "/publicHosts/0",
        "/providers",
        "/providers/0",
        "/providers/0/issuer",
        "/providers/0/clientId",
        "/providers/0/clientSecret",
        "/providers/0/clientSecret/env",
        "/skip",
        "/skip/0",
        "/skip/0/exact",
        "/session",
        "/session/idle",
        "/session/keys",
        "/callback",
        "/callback/aliases",
        "/callback/aliases/0",
    ])
}

fn assert_bounded(document: &str) {
    let problems = Config::from_json(document.as_bytes()).unwrap_err();
    let said = problems.to_string();
    assert!(said.len() <= MOST_BYTES, "{} bytes", said.len());
    assert!(
        said.lines().count() <= MOST_LINES,
        "{} lines",
        said.lines().count()
    );
}

#[test]
fn a_document_longer_than_256_kib_is_not_read() {
    let document = " ".repeat(Config::LONGEST + 1);
    let problems = Config::from_json(document.as_bytes()).unwrap_err();
    assert_eq!(
        problems.to_string(),
        "configuration: is longer than 256 KiB\n    write less"
    );
}

#[test]
fn deep_nesting_is_refused() {
    assert_bounded(&"[".repeat(100_000));
    assert_bounded(&"{\"a\":".repeat(40_000));
}

#[test]
fn lists_and_objects_have_a_most() {
    let hosts = |count| {
        (0..count)
            .map(|n| format!("h{n}.example"))
            .collect::<Value>()
    };
    let parameters = |count| -> Value {
        let parameter = |n| (format!("p{n}"), json!("x"));
        (0..count).map(parameter).collect()
    };
    let cases = [
        ("/publicHosts", hosts(64), "nothing"),
        (
            "/publicHosts",
            hosts(65),
            "publicHosts: has too many elements\n    write fewer",
        ),
        (
            "/publicHosts",
            hosts(1025),
            "configuration: cannot be read as JSON: a list has more than 1024 elements",
        ),
        (
            "/providers/0/authorizationParameters",
            parameters(32),
            "nothing",
        ),
        (
            "/providers/0/authorizationParameters",
            parameters(33),
            "providers[0].authorizationParameters: has more than 32 parameters\n    write fewer",
        ),
        (
            "/providers/0/authorizationParameters",
            parameters(129),
            "configuration: cannot be read as JSON: an object has more than 128 fields",
        ),
    ];
    for (at, value, expected) in cases {
        let said = said_about(&changed(at, &value.to_string()));
        assert!(said.starts_with(expected), "{said}");
    }
}

#[test]
fn a_long_text_is_not_repeated_whole() {
    for text in [
        "a".repeat(80_000),
        "\u{1}".repeat(10_000),
        "é".repeat(40_000),
    ] {
        let document = json!({&text: 1, "plainHttp": text, "publicHosts": [text]});
        assert_bounded(&document.to_string());
    }
}

#[test]
fn more_than_a_hundred_problems_are_cut_short() {
    let mut document = good();
    for number in 0..120 {
        document[format!("field{number}")] = json!(1);
    }
    let said = said_about(&document);
    assert_eq!(said.lines().count(), MOST_LINES);
    assert!(said.ends_with("configuration: has more problems than these\n    correct these first"));
}
