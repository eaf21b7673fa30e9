use serde_json::{Value, json};

use crate::support::response::Response;
use crate::support::stage::Stage;

/// What a sign-in leads to when this is what the ID token says of the address.
fn verified_is(policy: &str, verified: &Value) -> Response {
    let stage = Stage::with(json!({"identity": {"emailVerified": policy}}));
    stage.provider.claims("email_verified", verified.clone());
    stage.browser().sign_in("/")
}

#[test]
fn the_operator_says_what_an_unverified_address_is_worth() {
    for (policy, verified, is_let_in) in [
        ("notFalse", json!(true), true),
        ("notFalse", Value::Null, true),
        ("notFalse", json!(false), false),
        ("required", json!(true), true),
        ("required", Value::Null, false),
        ("required", json!("true"), false),
        ("required", json!(false), false),
        ("ignored", json!(false), true),
    ] {
        let page = verified_is(policy, &verified);
        assert_eq!(page.upstream.is_some(), is_let_in, "{policy} {verified}");
        assert!(
            is_let_in || page.report.contains("email_verified"),
            "{}",
            page.report
        );
    }
}

#[test]
fn a_name_is_written_in_lower_case_where_the_operator_says_so() {
    for (lower_case, name) in [(true, "alice@example.com"), (false, "Alice@Example.COM")] {
        let stage = Stage::with(json!({"identity": {"lowerCase": lower_case}}));
        stage.provider.claims("email", "Alice@Example.COM");
        assert_eq!(stage.browser().sign_in("/").user(), name);
    }
}

#[test]
fn a_name_is_transformed_before_it_is_written_in_lower_case() {
    let stage = Stage::with(json!({"identity": {"lowerCase": true, "transformers": [
        {"matches": "^live\\.com#"},
        {"matches": "@Example\\.com$", "replaces": "@corp"},
    ]}}));
    stage.provider.claims("email", "live.com#Alice@Example.com");
    assert_eq!(stage.browser().sign_in("/").user(), "alice@corp");
}

/// Somebody whose whole name is taken away is nobody.
#[test]
fn a_name_of_which_nothing_is_left_is_refused() {
    let stage = Stage::with(json!({"identity": {"transformers": [{"matches": ".*"}]}}));
    assert_eq!(stage.browser().sign_in("/").status, 403);
}

#[test]
fn a_name_longer_than_any_address_is_refused() {
    for (length, status) in [(320, 200), (321, 403)] {
        let stage = Stage::new();
        stage.provider.claims("email", "a".repeat(length));
        assert_eq!(stage.browser().sign_in("/").status, status, "{length}");
    }
}
