use kfwasm_oidc::Outcome;
use kfwasm_oidc::callout::CalloutError;
use serde_json::{Value, json};

use crate::support::browser::Browser;
use crate::support::program::posted;
use crate::support::provider::{Answer, CLIENT_ID, Endpoint, ISSUER};
use crate::support::request::Request;
use crate::support::response::Response;
use crate::support::stage::{ALICE, Stage, config};

const BACK: &str = "/authservice/backchannel-logout";
const SID: &str = "08a5019c-17e1-4977-8f42-65a12843ea02";
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// A provider that tells which of its sessions an ID token is of.
fn stage() -> Stage {
    let stage = Stage::new();
    stage.provider.claims("sid", SID);
    stage
}

/// A logout token of the provider, with these claims besides those that it must have.
fn token(stage: &Stage, changes: Value) -> String {
    let now = stage.clock.now().0;
    let mut claims = json!({
        "iss": ISSUER, "aud": CLIENT_ID, "iat": now, "exp": now + 120, "jti": "1",
        "events": {EVENT: {}},
    });
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    stage.provider.signs(&claims)
}

fn log_out(stage: &Stage, token: &str) -> Response {
    let request = posted(BACK, &[("logout_token", token)]);
    stage.gateway.handle(&request)
}

fn log_out_in_frame(browser: &mut Browser, sid: &str) -> Response {
    let url = format!("/authservice/frontchannel-logout?iss={ISSUER}&sid={sid}");
    let frame = Request::navigation(&url)
        .replacing("sec-fetch-dest", "iframe")
        .replacing("sec-fetch-site", "cross-site");
    browser.send_without_cookies(frame)
}

#[test]
fn the_provider_ends_one_session_and_the_others_go_on() {
    let stage = stage();
    let mut ended = stage.signed_in();
    stage.provider.claims("sid", "another-session-of-hers");
    let mut other = stage.signed_in();

    let answer = log_out(&stage, &token(&stage, json!({"sid": SID})));

    assert_eq!(
        (answer.status, answer.outcome),
        (200, Some(Outcome::ProviderSignOut))
    );
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert!(!ended.is_signed_in());
    assert!(other.is_signed_in());
    // Whoever signs in anew is in, even at the same session of the provider, as soon as the clock has gone on.
    stage.provider.claims("sid", SID);
    stage.pass(1);
    assert_eq!(ended.go("/").user(), ALICE);
}

#[test]
fn without_a_session_the_provider_ends_all_of_a_users() {
    let stage = stage();
    let mut browsers = [stage.signed_in(), stage.signed_in()];
    let mut bob = stage.browser();
    let form = bob.go("/");
    bob.enter_password(&form, "bob@example.com");

    let subject = format!("subject of {ALICE}");
    assert_eq!(
        log_out(&stage, &token(&stage, json!({"sub": subject}))).status,
        200
    );

    assert!(browsers.iter_mut().all(|it| !it.is_signed_in()));
    assert!(bob.is_signed_in());
}

#[test]
fn every_worker_knows_within_a_second_and_a_new_configuration_at_once() {
    let stage = stage();
    stage.gateway.add_worker(&config(json!({})));
    let mut browser = stage.signed_in();
    stage.gateway.serve_with(0);
    assert!(browser.is_signed_in());

    log_out(&stage, &token(&stage, json!({"sid": SID})));
    assert!(!browser.is_signed_in());
    stage.pass(1);
    stage.gateway.serve_with(1);
    assert!(!browser.is_signed_in());

    stage.gateway.add_worker(&config(json!({"apiPaths": []})));
    stage
        .gateway
        .with_worker(2, |party, host| party.recall(host));
    assert!(!browser.is_signed_in());
}

#[test]
fn workers_that_take_logouts_side_by_side_lose_none() {
    let stage = stage();
    stage.gateway.add_worker(&config(json!({})));
    let mut first = stage.signed_in();
    stage.provider.claims("sid", "the-second-session");
    let mut second = stage.signed_in();

    stage.gateway.serve_with(0);
    log_out(&stage, &token(&stage, json!({"sid": SID})));
    stage.gateway.serve_with(1);
    log_out(&stage, &token(&stage, json!({"sid": "the-second-session"})));

    stage.pass(1);
    for worker in [0, 1] {
        stage.gateway.serve_with(worker);
        assert!(!first.is_signed_in() && !second.is_signed_in());
    }
}

#[test]
fn a_worker_does_not_forget_what_another_plugin_deletes() {
    let stage = stage();
    let mut browser = stage.signed_in();
    log_out(&stage, &token(&stage, json!({"sid": SID})));

    let names = stage.gateway.shared().names();
    for name in names {
        stage.gateway.shared().put(&name, None);
    }
    stage.pass(1);

    assert!(!browser.is_signed_in());
    // It tells those that come.
    stage.gateway.add_worker(&config(json!({})));
    stage
        .gateway
        .with_worker(1, |party, host| party.recall(host));
    assert!(!browser.is_signed_in());
}

#[test]
fn a_logout_is_forgotten_when_no_session_could_be_left() {
    let stage = stage();
    stage.signed_in();
    log_out(&stage, &token(&stage, json!({"sid": SID})));
    let written = |stage: &Stage| stage.gateway.shared().written.len();

    stage.pass(7 * 24 * 3_600);
    log_out(&stage, &token(&stage, json!({"sid": "the-only-one-left"})));

    let before = written(&stage);
    stage.pass(1);
    assert_eq!(
        written(&stage),
        before,
        "nothing is written while nothing happens"
    );
    let names = stage.gateway.shared().names();
    let entry = names
        .iter()
        .find(|it| it.starts_with("kfwasm.logouts-back"))
        .unwrap();
    assert!(stage.gateway.shared().value(entry).len() < 140);
}

#[test]
fn a_key_that_is_not_known_yet_is_fetched_for_a_logout() {
    let stage = stage();
    let mut browser = stage.signed_in();
    stage.clock.advance(60);
    stage.provider.add_key();

    assert_eq!(
        log_out(&stage, &token(&stage, json!({"sid": SID}))).status,
        200
    );

    assert!(!browser.is_signed_in());
}

/// A browser does not send our cookies with a frame of another site: what counts is the provider's session.
#[test]
fn a_frame_on_the_providers_page_ends_its_session() {
    let stage = stage();
    let mut browser = stage.signed_in();

    let answer = log_out_in_frame(&mut browser, SID);

    assert_eq!(
        (answer.status, answer.outcome),
        (200, Some(Outcome::ProviderSignOut))
    );
    let policy = answer.header("content-security-policy").unwrap();
    assert!(
        policy.ends_with("frame-ancestors https://login.example.com"),
        "{policy}"
    );
    assert!(!browser.is_signed_in());
}

#[test]
fn a_frame_of_the_same_site_deletes_the_cookies_too() {
    let stage = stage();
    let mut browser = stage.signed_in();
    let url = format!("/authservice/frontchannel-logout?iss={ISSUER}&sid={SID}");
    let frame = Request::navigation(&url).replacing("sec-fetch-dest", "iframe");

    let answer = browser.send(frame);

    assert_eq!(answer.cookies_deleted(), ["authservice_session"]);
    assert!(!browser.is_signed_in());
}

#[test]
fn a_provider_whose_keys_cannot_be_had_is_asked_to_try_again() {
    let stage = Stage::cold(json!({}));
    stage.provider.goes_down();

    let answer = log_out(&stage, &token(&stage, json!({"sid": SID})));

    assert_eq!(answer.status, 503);
    assert!(answer.header("retry-after").is_some());
}

/// §2.8: what is answered 400 does not come again.
#[test]
fn a_provider_whose_key_set_alone_cannot_be_had_is_asked_to_try_again_too() {
    let stage = Stage::cold(json!({}));
    let unreachable = Answer::None(CalloutError::NoResponse);
    stage.provider.answers(Endpoint::KeySet, unreachable);
    let token = token(&stage, json!({"sid": SID}));

    for _ in 0..2 {
        let answer = log_out(&stage, &token);
        assert_eq!(
            (answer.status, answer.header("retry-after")),
            (503, Some("1"))
        );
    }
    assert_eq!(stage.provider.calls(Endpoint::KeySet), 1);

    stage.provider.comes_back();
    stage.clock.advance(1);
    assert_eq!(log_out(&stage, &token).status, 200);
}

#[test]
fn while_the_key_set_may_not_be_fetched_again_the_provider_is_asked_to_try_again() {
    let stage = stage();
    let mut browser = stage.signed_in();
    stage.clock.advance(60);
    stage.provider.replaces_keys();
    let of_another = token(&stage, json!({"sid": "another-session-of-hers"}));
    assert_eq!(log_out(&stage, &of_another).status, 200);
    stage.provider.replaces_keys();
    let token = token(&stage, json!({"sid": SID}));

    for (wait, retry_after) in [(0, "10"), (9, "1")] {
        stage.clock.advance(wait);
        let answer = log_out(&stage, &token);
        assert_eq!(answer.status, 503, "{}", answer.report);
        assert_eq!(answer.header("retry-after"), Some(retry_after));
    }
    stage.clock.advance(1);

    assert_eq!(log_out(&stage, &token).status, 200);
    assert!(!browser.is_signed_in());
}

#[test]
fn a_fetch_that_fails_with_keys_at_hand_is_no_reason_to_refuse_a_logout_for_good() {
    let stage = stage();
    let mut browser = stage.signed_in();
    stage.clock.advance(60);
    stage.provider.replaces_keys();
    stage
        .provider
        .answers(Endpoint::KeySet, Answer::Status(500));
    let token = token(&stage, json!({"sid": SID}));

    for _ in 0..2 {
        let answer = log_out(&stage, &token);
        assert_eq!(
            (answer.status, answer.header("retry-after")),
            (503, Some("10"))
        );
    }

    stage.provider.comes_back();
    stage.clock.advance(10);
    assert_eq!(log_out(&stage, &token).status, 200);
    assert!(!browser.is_signed_in());
}
