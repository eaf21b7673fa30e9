use kfwasm_oidc::RefreshOutcome;
use kfwasm_oidc::callout::CalloutError;
use serde_json::json;

use crate::refresh::{
    NEAR_THE_END, SESSION, TOKENS, ending, groups, refreshes, refreshing, stage, stage_with,
};
use crate::support::clock::MINUTE;
use crate::support::gateway::Gateway;
use crate::support::provider::{Answer, Endpoint};
use crate::support::request::Request;
use crate::support::stage::{ALICE, config};

#[test]
fn a_provider_that_is_away_for_a_while_ends_no_session() {
    let stage = stage();
    let mut browser = stage.signed_in();
    stage.pass(NEAR_THE_END);
    stage.provider.goes_down();

    for _ in 0..10 {
        assert_eq!(browser.open("/").user(), ALICE);
    }
    assert_eq!(refreshes(&stage), 1);
    for _ in 0..120 {
        stage.pass(1);
        assert_eq!(browser.open("/").user(), ALICE);
    }
    assert!(
        (3..=6).contains(&refreshes(&stage)),
        "{}",
        refreshes(&stage)
    );
    stage.provider.comes_back();
    stage.pass(MINUTE);

    assert_eq!(browser.open("/").cookies_set(), [SESSION, TOKENS]);
    assert_eq!(stage.provider.reuses(), 0);
}

#[test]
fn passing_faults_of_the_token_endpoint_are_tried_again() {
    for answer in [
        Answer::Status(503),
        Answer::Status(429),
        Answer::Error("temporarily_unavailable"),
        Answer::Html,
        Answer::None(CalloutError::TooLong),
        Answer::None(CalloutError::NotSent),
        Answer::Body(b"{}".to_vec()),
    ] {
        let stage = stage_with(ending());
        let mut browser = stage.signed_in();
        stage.pass(NEAR_THE_END);
        stage.provider.answers(Endpoint::Token, answer.clone());
        let page = browser.open("/");
        assert_eq!(page.user(), ALICE);
        assert!(page.cookies_set().is_empty(), "{answer:?}");

        stage.provider.comes_back();
        stage.pass(5);

        assert_eq!(
            browser.open("/").cookies_set(),
            [SESSION, TOKENS],
            "{answer:?}"
        );
    }
}

/// Another gateway with the same keys may be faster, and a provider that replaces refresh tokens then withdraws them all.
#[test]
fn a_race_of_two_gateways_signs_nobody_out_before_the_token_ends() {
    let stage = stage_with(ending());
    let mut browser = stage.signed_in();
    let other = Gateway::new(&stage.clock, &stage.provider, &config(ending()));
    other.tick();
    other.tick();
    stage.pass(NEAR_THE_END);
    let request = browser.with_cookies(Request::script("GET", "/x"));

    let won = browser.open("/");
    let lost = other.handle(&request);

    assert_eq!(won.cookies_set(), [SESSION, TOKENS]);
    assert_eq!(stage.provider.reuses(), 1);
    // The loser sets no cookie, which would replace the winner's.
    assert_eq!(lost.user(), ALICE);
    assert!(lost.cookies_set().is_empty());
    stage.pass(NEAR_THE_END - 1);
    assert!(browser.is_signed_in());
}

#[test]
fn a_refusal_ends_the_session_with_its_token_where_it_is_to_end_so() {
    for (changes, goes_on) in [(ending(), false), (refreshing(), true)] {
        let stage = stage_with(changes);
        let mut browser = stage.signed_in();
        stage.provider.withdraws_refresh_tokens();

        stage.pass(NEAR_THE_END);
        for _ in 0..10 {
            assert_eq!(browser.open("/").user(), ALICE);
        }
        assert_eq!(refreshes(&stage), 1, "asked once in five minutes");
        assert_eq!(stage.gateway.refreshes(), [RefreshOutcome::Refused]);
        stage.pass(5 * MINUTE);

        assert_eq!(browser.is_signed_in(), goes_on);
    }
}

/// OIDC Core §12.2.
#[test]
fn an_id_token_that_does_not_go_on_with_the_first_one_changes_nothing() {
    for (name, value) in [
        ("sub", json!("subject of mallory")),
        ("iss", json!("https://evil.example")),
        ("aud", json!("another-client")),
        ("nonce", json!("of another sign-in")),
        ("auth_time", json!(1_800_000_001)),
        ("exp", json!(1_800_000_000)),
        ("at_hash", json!("AAAAAAAAAAAAAAAAAAAAAA")),
        ("email", json!("mallory@example.com")),
        ("groups", json!(["a,b"])),
    ] {
        let stage = stage_with(ending());
        let mut browser = stage.signed_in();
        let before = browser.session_cookie();
        stage.provider.claims(name, value);
        stage.pass(NEAR_THE_END);

        let page = browser.open("/");

        assert_eq!(page.user(), ALICE, "{name}");
        assert!(page.cookies_set().is_empty(), "{name}");
        assert_eq!(browser.session_cookie(), before, "{name}");
        assert_eq!(refreshes(&stage), 1, "{name}");
    }
}

#[test]
fn a_nonce_that_is_repeated_must_be_the_same() {
    let stage = stage();
    let mut browser = stage.browser();
    let form = browser.go("/");
    let nonce = form.address.parameter("nonce").unwrap();
    browser.enter_password(&form, ALICE);
    stage.provider.claims("nonce", nonce);
    stage.pass(NEAR_THE_END);

    assert_eq!(browser.open("/").cookies_set(), [SESSION, TOKENS]);
}

#[test]
fn a_refresh_without_id_token_keeps_user_and_groups() {
    let stage = stage_with(ending());
    let mut browser = stage.signed_in();
    stage.provider.omits_id_tokens_at_refresh();
    stage.pass(NEAR_THE_END);
    browser.open("/");
    stage.pass(NEAR_THE_END - 1);

    let page = browser.open("/");

    assert!(groups(&page).starts_with("data-science"));
}

#[test]
fn a_new_key_of_the_provider_is_fetched_for_a_refresh() {
    let stage = stage();
    let mut browser = stage.signed_in();
    stage.pass(NEAR_THE_END);
    stage.clock.advance(10);
    stage.provider.replaces_keys();

    assert_eq!(browser.open("/").cookies_set(), [SESSION, TOKENS]);
}

#[test]
fn userinfo_is_asked_again_where_the_id_token_is_thin() {
    let stage = stage();
    stage.provider.omits("email");
    stage.provider.omits("groups");
    stage.provider.tells("email", ALICE);
    stage.provider.tells("groups", json!(["before"]));
    let mut browser = stage.signed_in();
    stage.provider.tells("groups", json!(["after"]));
    stage.pass(NEAR_THE_END);

    assert_eq!(groups(&browser.open("/")), "before");
    assert_eq!(groups(&browser.open("/")), "after");

    stage.provider.tells("email", "mallory@example.com");
    stage.pass(NEAR_THE_END);
    assert!(browser.open("/").cookies_set().is_empty());
    assert_eq!(browser.open("/").user(), ALICE);
}

/// The provider has replaced the refresh token already: the old one must not be tried again.
#[test]
fn an_outage_between_the_steps_of_a_refresh_loses_no_refresh_token() {
    let stage = stage();
    stage.provider.omits("email");
    stage.provider.tells("email", ALICE);
    let mut browser = stage.signed_in();
    stage.pass(NEAR_THE_END);

    stage
        .provider
        .answers(Endpoint::UserInfo, Answer::Status(503));
    assert_eq!(browser.open("/").cookies_set(), [SESSION, TOKENS]);
    stage.provider.comes_back();
    stage.provider.claims("groups", json!(["after"]));
    stage.pass(MINUTE);
    browser.open("/");

    assert_eq!(groups(&browser.open("/")), "after");
    assert_eq!((refreshes(&stage), stage.provider.reuses()), (2, 0));
    let ends = [RefreshOutcome::Failed, RefreshOutcome::Refreshed];
    assert_eq!(stage.gateway.refreshes(), ends);
}

/// The same with keys that are not fetched again so soon.
#[test]
fn an_unknown_key_loses_no_refresh_token() {
    let stage = stage();
    let mut browser = stage.signed_in();
    stage.pass(NEAR_THE_END);
    stage.provider.replaces_keys();
    let before = browser.session_cookie();

    browser.open("/");
    assert_ne!(browser.session_cookie(), before);
    stage.pass(MINUTE);
    stage.provider.claims("groups", json!(["after"]));
    browser.open("/");

    assert_eq!(groups(&browser.open("/")), "after");
    assert_eq!((refreshes(&stage), stage.provider.reuses()), (2, 0));
    let ends = [RefreshOutcome::Failed, RefreshOutcome::Refreshed];
    assert_eq!(stage.gateway.refreshes(), ends);
}
