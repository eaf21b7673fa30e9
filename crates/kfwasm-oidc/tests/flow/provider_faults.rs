use kfwasm_oidc::Outcome;
use kfwasm_oidc::callout::CalloutError;
use serde_json::{Value, json};

use crate::support::clock::{HOUR, MINUTE};
use crate::support::provider::{Answer, Endpoint};
use crate::support::stage::{ALICE, Stage};

/// What a token endpoint can get wrong, and what the operator must be told.
fn token_faults() -> Vec<(Answer, &'static str)> {
    let body = |text: &str| Answer::Body(text.as_bytes().to_vec());
    vec![
        (Answer::Html, "HTML"),
        (Answer::Status(200), "JSON"),
        (Answer::Status(204), "204"),
        (Answer::Status(302), "302"),
        (Answer::Status(404), "404"),
        (Answer::Error("invalid_client"), "client secret"),
        (Answer::Error("invalid_grant"), "invalid_grant"),
        (Answer::None(CalloutError::TooLong), "1 MiB"),
        (Answer::Body(vec![b'['; 900_000]), "JSON"),
        (Answer::Body(b"\xff\xfe".to_vec()), "JSON"),
        (body("[]"), "object"),
        (body("{}"), "token_type"),
        (body(r#"{"error":"invalid_client"}"#), "token_type"),
        (
            body(r#"{"token_type":"mac","access_token":"a","id_token":"b"}"#),
            "token_type",
        ),
        (
            body(r#"{"token_type":"Bearer","access_token":"a"}"#),
            "id_token",
        ),
        (
            body(r#"{"token_type":"Bearer","id_token":"a"}"#),
            "access_token",
        ),
        (
            body(r#"{"token_type":"Bearer","access_token":"a","id_token":"a.b.c"}"#),
            "ID token",
        ),
        (
            body(r#"{"token_type":"Bearer","token_type":"Bearer"}"#),
            "twice",
        ),
    ]
}

#[test]
fn a_token_endpoint_that_breaks_the_rules_signs_nobody_in() {
    let stage = Stage::new();
    for (answer, told) in token_faults() {
        let mut browser = stage.browser();
        let form = browser.go("/");
        stage.provider.answers(Endpoint::Token, answer);

        let page = browser.enter_password(&form, ALICE);

        assert!(matches!(page.status, 502 | 503), "{told}");
        assert!(page.report.contains(told), "{told}: {}", page.report);
        assert!(page.cookies_set().is_empty());
        assert!(browser.attempts().is_empty());
        stage.provider.comes_back();
    }
}

#[test]
fn a_discovery_document_that_breaks_the_rules_signs_nobody_in() {
    let body = |text: &str| Answer::Body(text.as_bytes().to_vec());
    for (answer, told) in [
        (Answer::Html, "JSON"),
        (Answer::Status(301), "301"),
        (Answer::Status(404), "404"),
        (Answer::None(CalloutError::TooLong), "1 MiB"),
        (Answer::Body(vec![b'{'; 300_000]), "longer"),
        (body("[]"), "object"),
        (
            body(r#"{"issuer":"https://login.example.com/"}"#),
            "instead of",
        ),
        (
            body(r#"{"issuer":"https://evil.example"}"#),
            "https://evil.example",
        ),
    ] {
        let stage = Stage::cold(json!({}));
        stage.provider.answers(Endpoint::Discovery, answer);

        let page = stage.browser().open("/");

        assert!(matches!(page.status, 502 | 503), "{told}");
        assert!(page.report.contains(told), "{told}: {}", page.report);
        assert!(page.cookies_set().is_empty());
    }
}

/// Each case changes one claim of a good ID token.
#[test]
fn an_id_token_with_one_wrong_claim_signs_nobody_in() {
    let stage = Stage::with(json!({"provider": {"authorizationParameters": {"max_age": "3600"}}}));
    let now = stage.clock.now().0;
    for (claim, value) in [
        ("iss", json!("https://evil.example")),
        ("iss", Value::Null),
        ("aud", json!("another-client")),
        ("aud", json!(["kubeflow", "another-client"])),
        ("aud", Value::Null),
        ("azp", json!("another-client")),
        ("exp", json!(now - MINUTE)),
        ("exp", Value::Null),
        ("iat", json!(now + 2 * MINUTE)),
        ("iat", Value::Null),
        ("nbf", json!(now + 2 * MINUTE)),
        ("nonce", json!("another-nonce")),
        ("nonce", Value::Null),
        ("sub", Value::Null),
        ("at_hash", json!("AAAAAAAAAAAAAAAAAAAAAA")),
        ("auth_time", json!(now - HOUR - MINUTE - 1)),
        ("auth_time", Value::Null),
    ] {
        stage.provider.claims(claim, value.clone());
        let page = stage.browser().sign_in("/");

        assert_eq!(page.status, 502, "{claim} = {value}");
        assert_eq!(page.outcome, Some(Outcome::ProviderFault));
        assert!(page.cookies_set().is_empty());
        stage.provider.tells_the_truth();
    }
    assert_eq!(stage.browser().sign_in("/").user(), ALICE);
}

#[test]
fn a_user_who_signed_in_at_the_provider_within_max_age_is_let_in() {
    let stage = Stage::with(json!({"provider": {"authorizationParameters": {"max_age": "3600"}}}));
    let mut browser = stage.browser();

    let form = browser.go("/");
    assert_eq!(form.address.parameter("max_age").unwrap(), "3600");
    stage
        .provider
        .claims("auth_time", stage.clock.now().0 - HOUR);

    assert_eq!(browser.enter_password(&form, ALICE).user(), ALICE);
}

#[test]
fn clocks_may_differ_by_the_skew() {
    let stage = Stage::new();
    let now = stage.clock.now().0;

    for (claim, value) in [("exp", now - MINUTE + 1), ("iat", now + MINUTE)] {
        stage.provider.claims(claim, value);
        assert_eq!(stage.browser().sign_in("/").user(), ALICE);
        stage.provider.tells_the_truth();
    }
}

/// What the provider may say instead of a code (RFC 6749 §4.1.2.1), and what people then see.
#[test]
fn an_error_of_the_provider_becomes_a_page_that_a_person_understands() {
    for (error, status, said) in [
        ("access_denied", 403, "The sign-in was cancelled"),
        ("temporarily_unavailable", 503, "Try again in a moment"),
        ("server_error", 503, "Try again in a moment"),
        ("invalid_scope", 400, "You were not signed in"),
        ("interaction_required", 400, "You were not signed in"),
    ] {
        let stage = Stage::new();
        stage.provider.refuses_with(error);

        let page = stage.browser().sign_in("/");

        assert_eq!(page.status, status, "{error}");
        assert_eq!(
            page.header("content-type"),
            Some("text/html; charset=utf-8")
        );
        assert!(page.body.contains(said), "{error}: {}", page.body);
        assert!(page.body.contains("3f0a2f6e-5b1c-4f0e-9d2a-7c1d5e8b9a00"));
        assert!(page.report.contains(error), "{}", page.report);
        assert_eq!(page.cookies_deleted().len(), 1);
    }
}

#[test]
fn a_provider_that_loses_its_mind_between_two_sign_ins_harms_nobody_who_is_signed_in() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();

    for endpoint in Endpoint::ALL {
        stage
            .provider
            .answers(endpoint, Answer::Body(b"\0\0\0".to_vec()));
    }
    stage.pass(HOUR);

    assert_eq!(browser.open("/").user(), ALICE);
}
