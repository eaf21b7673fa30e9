use kfwasm_oidc::callout::CalloutError;
use serde_json::json;

use crate::support::provider::{Answer, Endpoint};
use crate::support::response::Response;
use crate::support::stage::{ALICE, Stage};

#[test]
fn a_new_key_of_the_provider_causes_one_fetch() {
    let stage = Stage::new();
    stage.signed_in();
    stage.clock.advance(60);
    stage.provider.replaces_keys();

    assert_eq!(sign_in(&stage).user(), ALICE);
    assert_eq!(sign_in(&stage).user(), ALICE);

    assert_eq!(stage.provider.calls(Endpoint::KeySet), 2);
}

#[test]
fn unknown_keys_cause_no_second_fetch_within_ten_seconds() {
    let stage = Stage::new();
    stage.clock.advance(60);
    stage.provider.replaces_keys();
    sign_in(&stage);
    stage.provider.replaces_keys();

    stage.clock.advance(9);
    let refused = sign_in(&stage);
    assert_eq!(refused.status, 502, "{}", refused.report);
    assert_eq!(stage.provider.calls(Endpoint::KeySet), 2);

    stage.clock.advance(1);
    assert_eq!(sign_in(&stage).user(), ALICE);
    assert_eq!(stage.provider.calls(Endpoint::KeySet), 3);
}

#[test]
fn a_token_of_a_key_that_nobody_publishes_is_refused_after_one_fetch() {
    let stage = Stage::new();
    stage.clock.advance(60);
    let published = stage.provider.published_keys();
    stage.provider.replaces_keys();
    stage
        .provider
        .answers(Endpoint::KeySet, Answer::Body(published));

    let refused = sign_in(&stage);

    assert_eq!(refused.status, 502);
    assert!(refused.report.contains("key"), "{}", refused.report);
    assert_eq!(stage.provider.calls(Endpoint::KeySet), 2);
}

#[test]
fn a_fetch_that_fails_keeps_the_keys_that_are_known() {
    for answer in [
        Answer::None(CalloutError::NoResponse),
        Answer::None(CalloutError::TooLong),
        Answer::Status(500),
        Answer::Status(301),
        Answer::Html,
        Answer::Body(b"{\"keys\":[]}".to_vec()),
        Answer::Body(b"{\"keys\":".to_vec()),
        Answer::Body(vec![b' '; 1_000_000]),
        Answer::Body(Vec::new()),
    ] {
        let stage = Stage::new();
        stage.clock.advance(60);
        stage.provider.add_key();
        stage.provider.answers(Endpoint::KeySet, answer.clone());

        let refused = sign_in(&stage);
        assert!(matches!(refused.status, 502 | 503), "{answer:?}");
        assert!(refused.cookies_set().is_empty());
        stage.provider.withdraws_newest_key();

        assert_eq!(sign_in(&stage).user(), ALICE, "{answer:?}");
    }
}

#[test]
fn a_gateway_without_any_keys_fetches_them_for_the_first_sign_in() {
    let stage = Stage::cold(json!({}));

    assert_eq!(sign_in(&stage).user(), ALICE);

    assert_eq!(stage.provider.calls(Endpoint::Discovery), 1);
    assert_eq!(stage.provider.calls(Endpoint::KeySet), 1);
}

#[test]
fn without_any_keys_an_outage_of_the_key_set_is_called_an_outage() {
    let stage = Stage::cold(json!({}));
    stage
        .provider
        .answers(Endpoint::KeySet, Answer::None(CalloutError::NoResponse));

    for _ in 0..2 {
        let page = sign_in(&stage);
        assert_eq!(page.status, 503, "{}", page.report);
        assert!(page.header("retry-after").is_some());
    }

    stage.provider.comes_back();
    stage.pass(2);
    assert_eq!(sign_in(&stage).user(), ALICE);
}

#[test]
fn keys_that_cannot_be_used_do_not_hide_those_that_can() {
    let stage = Stage::cold(json!({}));
    let published = String::from_utf8(stage.provider.published_keys()).unwrap();
    let strange = r#"{"keys":[{"kty":"oct","k":"AA"},{"kty":"EC","crv":"P-999"},17,{"kty":"RSA"},"#;
    let keys = published.replacen("{\"keys\":[", strange, 1);
    stage
        .provider
        .answers(Endpoint::KeySet, Answer::Body(keys.into_bytes()));

    assert_eq!(sign_in(&stage).user(), ALICE);
}

fn sign_in(stage: &Stage) -> Response {
    stage.browser().sign_in("/")
}
