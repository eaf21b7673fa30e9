use kfwasm_oidc::RefreshOutcome;
use kfwasm_oidc::callout::CalloutError;
use serde_json::{Value, json};

use crate::support::browser::Browser;
use crate::support::clock::{DAY, HOUR, MINUTE};
use crate::support::gateway::Gateway;
use crate::support::provider::refresh::RefreshTokens;
use crate::support::provider::{Answer, Endpoint};
use crate::support::request::Request;
use crate::support::response::Response;
use crate::support::stage::{ALICE, Stage, config};

/// When a token of an hour is replaced.
const NEAR_THE_END: u64 = 55 * MINUTE;

const SESSION: &str = "authservice_session";
const TOKENS: &str = "authservice_session_tokens_0";

fn refreshing() -> Value {
    json!({"session": {"refresh": true}})
}

/// Sessions that end when the provider says so.
fn ending() -> Value {
    json!({"session": {"refresh": true, "onTokenExpiry": "end"}})
}

fn stage_with(changes: Value) -> Stage {
    let stage = Stage::with(changes);
    stage.provider.gives_refresh_tokens(RefreshTokens::Rotating);
    stage
}

fn stage() -> Stage {
    stage_with(refreshing())
}

fn groups(response: &Response) -> &str {
    response.upstream.as_ref().unwrap().text("kubeflow-groups")
}

/// The same request again, as from another tab that has not seen the response yet.
fn again(stage: &Stage, browser: &Browser) -> Response {
    stage
        .gateway
        .handle(&browser.with_cookies(Request::script("GET", "/x")))
}

fn refreshes(stage: &Stage) -> usize {
    // The first was for the code.
    stage.provider.calls(Endpoint::Token) - 1
}

#[test]
fn a_session_is_refreshed_beside_a_request_before_its_token_ends() {
    let stage = stage();
    let mut browser = stage.signed_in();
    stage.provider.claims("groups", json!(["retired"]));

    stage.pass(NEAR_THE_END - 1);
    assert!(!browser.open("/").cookies_set().contains(&TOKENS));
    assert_eq!(refreshes(&stage), 0);
    stage.pass(1);
    let page = browser.open("/");

    // The request went on at once, as who the user was.
    assert!(groups(&page).starts_with("data-science"));
    assert_eq!(page.cookies_set(), [SESSION, TOKENS]);
    assert_eq!(groups(&browser.open("/")), "retired");
    assert_eq!(refreshes(&stage), 1);
}

#[test]
fn a_session_lasts_as_long_as_the_provider_goes_on_and_no_longer_than_a_week() {
    let stage = stage_with(ending());
    let mut browser = stage.signed_in();

    for _ in 0..7 * DAY / NEAR_THE_END {
        stage.pass(NEAR_THE_END);
        assert!(browser.is_signed_in());
    }
    stage.pass(NEAR_THE_END);

    assert!(!browser.is_signed_in());
    assert_eq!(stage.provider.reuses(), 0);
}

#[test]
fn nothing_is_refreshed_where_it_is_not_wanted_or_not_possible() {
    for (changes, kind) in [
        (json!({}), RefreshTokens::Rotating),
        (refreshing(), RefreshTokens::None),
    ] {
        let stage = Stage::with(changes);
        stage.provider.gives_refresh_tokens(kind);
        let mut browser = stage.signed_in();
        assert!(browser.jar.named(TOKENS).is_empty());

        stage.pass(2 * HOUR);

        assert!(browser.is_signed_in());
        assert_eq!(refreshes(&stage), 0);
    }
}

#[test]
fn one_refresh_serves_all_requests_of_all_workers() {
    let stage = stage();
    let browser = stage.signed_in();
    stage.gateway.add_worker(&config(refreshing()));
    stage.pass(NEAR_THE_END);
    stage.gateway.hold_refreshes();

    for worker in [0, 1, 0, 1] {
        stage.gateway.serve_with(worker);
        let response = again(&stage, &browser);
        assert_eq!(response.user(), ALICE);
        assert!(response.cookies_set().is_empty());
    }
    assert_eq!(stage.gateway.held_refreshes(), 1);
    let end = stage.gateway.end_refresh();

    assert_eq!(end.outcome, RefreshOutcome::Refreshed);
    for worker in [1, 0] {
        stage.gateway.serve_with(worker);
        assert_eq!(again(&stage, &browser).cookies_set(), [SESSION, TOKENS]);
    }
    assert_eq!(refreshes(&stage), 1);
}

#[test]
fn cookies_of_an_old_refresh_do_not_come_after_those_of_a_newer_one() {
    let stage = stage();
    let mut browser = stage.signed_in();
    stage.pass(NEAR_THE_END);
    stage.gateway.hold_refreshes();
    browser.open("/");

    let refreshed = stage.gateway.end_refresh().refreshed.unwrap();

    assert!(refreshed.is_current(stage.clock.now()));
    stage.clock.advance(NEAR_THE_END - 1);
    assert!(refreshed.is_current(stage.clock.now()));
    stage.clock.advance(1);
    assert!(!refreshed.is_current(stage.clock.now()));
}

#[test]
fn a_worker_that_dies_with_a_refresh_holds_up_the_others_for_less_than_a_minute() {
    let stage = stage();
    let browser = stage.signed_in();
    stage.pass(NEAR_THE_END);
    stage.gateway.hold_refreshes();
    again(&stage, &browser);

    stage.pass(20);
    again(&stage, &browser);
    assert_eq!(stage.gateway.held_refreshes(), 1);
    stage.pass(30);
    again(&stage, &browser);

    assert_eq!(stage.gateway.held_refreshes(), 2);
}

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
}

#[test]
fn a_refresh_token_that_lasts_is_used_again() {
    let stage = stage();
    stage.provider.gives_refresh_tokens(RefreshTokens::Lasting);
    let mut browser = stage.signed_in();

    for times in 1..=3 {
        stage.pass(NEAR_THE_END);
        assert_eq!(browser.open("/").cookies_set(), [SESSION, TOKENS]);
        assert_eq!(refreshes(&stage), times);
    }
}

#[test]
fn a_program_with_the_session_alone_goes_on_and_refreshes_nothing() {
    let stage = stage();
    let session = stage.signed_in().session_cookie();
    stage.pass(2 * HOUR);

    let request = Request::new("GET", "/pipeline/x")
        .with("cookie", ["authservice_session=", &session].concat());

    assert_eq!(stage.gateway.handle(&request).user(), ALICE);
    assert_eq!(refreshes(&stage), 0);
}

#[test]
fn the_tokens_of_another_session_are_not_used() {
    let stage = stage();
    let (mut hers, other) = (stage.signed_in(), stage.signed_in());
    let planted = other.jar.named(TOKENS).remove(0).value;
    stage.pass(NEAR_THE_END);
    hers.jar.forget(TOKENS);
    hers.plant(TOKENS, &planted);

    assert_eq!(hers.open("/").user(), ALICE);
    assert_eq!(stage.provider.calls(Endpoint::Token), 2);
}

#[test]
fn what_shared_caches_keep_begins_no_refresh() {
    let stage = stage();
    let mut browser = stage.signed_in();
    stage.pass(NEAR_THE_END);

    let image = Request::script("GET", "/x").replacing("sec-fetch-dest", "image");
    browser.send(image);

    assert_eq!(refreshes(&stage), 0);
}

#[test]
fn large_tokens_take_several_cookies_and_none_goes_upstream() {
    let stage = stage();
    stage.provider.pads_refresh_tokens(8_000);
    let mut browser = stage.signed_in();
    assert_eq!(browser.jar.named("authservice_session_tokens_").len(), 3);

    stage.provider.pads_refresh_tokens(0);
    stage.pass(NEAR_THE_END);
    let page = browser.open("/");
    assert_eq!(page.upstream.as_ref().unwrap().text("cookie"), "");
    assert_eq!(page.cookies_set(), [SESSION, TOKENS]);

    // What is left of the longer ones does not stand in the way.
    stage.pass(NEAR_THE_END);
    assert_eq!(browser.open("/").cookies_set(), [SESSION, TOKENS]);
    assert_eq!(refreshes(&stage), 2);
}

#[test]
fn tokens_that_no_browser_would_keep_are_given_up() {
    let stage = stage();
    stage.provider.pads_refresh_tokens(20_000);
    let mut browser = stage.signed_in();

    stage.pass(2 * HOUR);

    assert!(browser.is_signed_in());
    assert_eq!(refreshes(&stage), 0);
}

#[test]
fn a_sign_out_deletes_the_tokens_and_no_refresh_brings_the_session_back() {
    let stage = stage();
    let mut browser = stage.signed_in();
    stage.pass(NEAR_THE_END);
    stage.gateway.hold_refreshes();
    browser.open("/");

    let end = browser.open("/logout");
    assert!(end.cookies_deleted().contains(&TOKENS));
    let late = stage.gateway.end_refresh().refreshed.unwrap();
    for cookie in &late.cookies {
        browser
            .keep_cookies(&Response::new(end.address.clone(), 200, "").with("set-cookie", cookie));
    }

    assert!(!browser.is_signed_in());
}

#[test]
fn what_is_kept_for_others_is_emptied_after_a_while() {
    let stage = stage();
    let mut browser = stage.signed_in();
    stage.pass(NEAR_THE_END);
    browser.open("/");
    let names = stage.gateway.shared().names();
    let slot = names
        .iter()
        .find(|it| it.starts_with("kfwasm.refresh."))
        .unwrap();
    assert!(!stage.gateway.shared().value(slot).is_empty());

    stage.pass(5 * MINUTE);

    assert!(stage.gateway.shared().value(slot).is_empty());
}

#[test]
fn another_plugin_that_writes_into_the_leases_opens_nothing() {
    let stage = stage();
    let mut browser = stage.signed_in();
    stage.pass(NEAR_THE_END);
    stage.gateway.hold_refreshes();
    browser.open("/");
    let names = stage.gateway.shared().names();
    let slot = names
        .iter()
        .find(|it| it.starts_with("kfwasm.refresh."))
        .unwrap();
    stage.gateway.shared().put(slot, Some(b"rubbish".to_vec()));

    assert_eq!(browser.open("/").user(), ALICE);
    stage.gateway.end_refresh();

    assert_eq!(browser.open("/").cookies_set(), [SESSION, TOKENS]);
}

#[test]
fn a_shorter_configured_life_holds_for_refreshed_sessions() {
    let stage = stage_with(json!({"session": {"refresh": true, "idle": "2h", "absolute": "2h"}}));
    let mut browser = stage.signed_in();
    stage.pass(NEAR_THE_END);
    browser.open("/");
    stage.pass(NEAR_THE_END);
    browser.open("/");

    stage.pass(10 * MINUTE - 1);
    assert!(browser.is_signed_in());
    stage.pass(1);
    assert!(!browser.is_signed_in());
}
