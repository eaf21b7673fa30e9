use kfwasm_oidc::RefreshOutcome;
use serde_json::{Value, json};

use crate::support::browser::Browser;
use crate::support::clock::{DAY, HOUR, MINUTE};
use crate::support::provider::Endpoint;
use crate::support::provider::refresh::RefreshTokens;
use crate::support::request::Request;
use crate::support::response::Response;
use crate::support::stage::{ALICE, Stage, config};

/// When a token of an hour is replaced.
pub(crate) const NEAR_THE_END: u64 = 55 * MINUTE;

pub(crate) const SESSION: &str = "authservice_session";
pub(crate) const TOKENS: &str = "authservice_session_tokens_0";

pub(crate) fn refreshing() -> Value {
    json!({"session": {"refresh": true}})
}

/// Sessions that end when the provider says so.
pub(crate) fn ending() -> Value {
    json!({"session": {"refresh": true, "onTokenExpiry": "end"}})
}

pub(crate) fn stage_with(changes: Value) -> Stage {
    let stage = Stage::with(changes);
    stage.provider.gives_refresh_tokens(RefreshTokens::Rotating);
    stage
}

pub(crate) fn stage() -> Stage {
    stage_with(refreshing())
}

pub(crate) fn groups(response: &Response) -> &str {
    response.upstream.as_ref().unwrap().text("kubeflow-groups")
}

/// The same request again, as from another tab that has not seen the response yet.
pub(crate) fn again(stage: &Stage, browser: &Browser) -> Response {
    stage
        .gateway
        .handle(&browser.with_cookies(Request::script("GET", "/x")))
}

pub(crate) fn refreshes(stage: &Stage) -> usize {
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
