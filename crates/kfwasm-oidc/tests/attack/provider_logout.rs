use kfwasm_oidc::Outcome;
use serde_json::{Value, json};

use crate::support::bearer::{forged, made_up};
use crate::support::program::posted;
use crate::support::provider::{CLIENT_ID, Endpoint, ISSUER, Provider};
use crate::support::request::Request;
use crate::support::response::Response;
use crate::support::stage::{Stage, config};

const BACK: &str = "/authservice/backchannel-logout";
const SID: &str = "08a5019c-17e1-4977-8f42-65a12843ea02";

fn stage() -> Stage {
    let stage = Stage::new();
    stage.provider.claims("sid", SID);
    stage
}

fn claims(stage: &Stage) -> Value {
    let now = stage.clock.now().0;
    json!({
        "iss": ISSUER, "aud": CLIENT_ID, "iat": now, "exp": now + 120, "jti": "1", "sid": SID,
        "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
    })
}

fn send(stage: &Stage, token: &str) -> Response {
    let request = posted(BACK, &[("logout_token", token)]);
    stage.gateway.handle(&request)
}

#[test]
fn a_logout_token_that_the_provider_did_not_sign_ends_nothing() {
    let stage = stage();
    let mut browser = stage.signed_in();
    let stranger = Provider::new(&stage.clock);
    for token in [
        stranger.signs(&claims(&stage)).as_str(),
        "",
        "x",
        "e30.e30.",
        "a.b.c",
    ] {
        let answer = send(&stage, token);

        assert_eq!(answer.status, 400, "{token}");
        assert_eq!(answer.outcome, Some(Outcome::ProviderSignOutRefused));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        let body: Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(body["error"], "invalid_request");
    }
    assert!(browser.is_signed_in());
}

/// Whoever has seen an ID token of ours, such as a notebook that was given one, must not sign its user out with it.
#[test]
fn an_id_token_ends_nothing() {
    let stage = stage();
    let mut browser = stage.signed_in();
    let id_token = stage.provider.secrets().pop().unwrap();

    assert_eq!(send(&stage, &id_token).status, 400);

    assert!(browser.is_signed_in());
}

#[test]
fn a_logout_token_that_is_sent_again_does_not_end_what_began_since() {
    let stage = stage();
    let mut browser = stage.signed_in();
    let mut claims = claims(&stage);
    claims["sub"] = browser_subject();
    claims.as_object_mut().unwrap().remove("sid");
    claims["exp"] = json!(stage.clock.now().0 + 3_600);
    let token = stage.provider.signs(&claims);
    assert_eq!(send(&stage, &token).status, 200);
    assert!(!browser.is_signed_in());
    stage.pass(61);
    browser.go("/");
    assert!(browser.is_signed_in());

    assert_eq!(send(&stage, &token).status, 200);

    assert!(browser.is_signed_in());
}

fn browser_subject() -> Value {
    json!(format!("subject of {}", crate::support::stage::ALICE))
}

#[test]
fn wrong_signatures_cost_a_bounded_time() {
    let stage = stage();
    let mut browser = stage.signed_in();
    let token = stage.provider.signs(&claims(&stage));
    let forged = forged(&token);

    let statuses: Vec<u16> = (0..200).map(|_| send(&stage, &forged).status).collect();

    // A tenth of a second's work, where the module itself checks.
    assert_eq!(statuses.iter().filter(|it| **it == 400).count(), 67);
    assert_eq!(statuses.last(), Some(&503));
    assert!(browser.is_signed_in());
    stage.pass(1);
    assert_eq!(send(&stage, &token).status, 200);
    assert!(!browser.is_signed_in());
}

/// What nobody has signed must not make the gateway a load on the provider, nor be sent again for ever.
#[test]
fn a_key_that_nobody_publishes_causes_one_fetch_in_ten_seconds_and_is_then_refused() {
    let stage = stage();
    let stranger = Provider::new(&stage.clock);
    stranger.replaces_keys();
    let token = stranger.signs(&claims(&stage));
    let fetches = stage.provider.calls(Endpoint::KeySet);
    stage.clock.advance(60);

    let statuses: Vec<u16> = (0..20)
        .map(|_| {
            stage.clock.advance(1);
            send(&stage, &token).status
        })
        .collect();

    let refused: Vec<usize> = (0..20).filter(|it| statuses[*it] == 400).collect();
    assert_eq!(refused, [0, 10]);
    assert!(statuses.iter().all(|it| matches!(it, 400 | 503)));
    assert_eq!(stage.provider.calls(Endpoint::KeySet) - fetches, 2);
}

#[test]
fn a_few_wrong_tokens_do_not_keep_the_providers_own_from_counting() {
    let stage = stage();
    let mut browser = stage.signed_in();
    let token = stage.provider.signs(&claims(&stage));
    for _ in 0..30 {
        assert_eq!(send(&stage, &forged(&token)).status, 400);
        // It names no key, so that one which is not known yet may have signed it.
        assert_eq!(send(&stage, &made_up(&claims(&stage))).status, 503);
    }

    assert_eq!(send(&stage, &token).status, 200);

    assert!(!browser.is_signed_in());
}

#[test]
fn a_thousand_wrong_tokens_do_not_either_where_envoy_checks_them() {
    let stage = stage();
    stage.gateway.asks_envoy_about_signatures();
    let mut browser = stage.signed_in();
    let token = stage.provider.signs(&claims(&stage));
    for _ in 0..1_000 {
        assert_eq!(send(&stage, &forged(&token)).status, 400);
    }

    assert_eq!(send(&stage, &token).status, 200);

    assert!(!browser.is_signed_in());
}

#[test]
fn a_page_of_another_site_that_does_not_know_the_session_ends_nothing() {
    let stage = stage();
    let mut browser = stage.signed_in();
    for query in [
        "",
        "?sid=",
        &format!("?sid={SID}"),
        &format!("?iss=https://evil.example&sid={SID}"),
        &format!("?iss={ISSUER}"),
        &format!("?iss={ISSUER}&sid=x"),
        &format!("?iss={ISSUER}&sid=08a5019c-17e1-4977-8f42-65a12843ea03"),
        &format!("?iss={ISSUER}&sid={SID}&sid={SID}"),
    ] {
        let url = format!("/authservice/frontchannel-logout{query}");
        let frame = Request::navigation(&url).replacing("sec-fetch-dest", "iframe");

        let answer = browser.send(frame);

        assert_eq!(answer.status, 200, "{query}");
        assert!(answer.all("set-cookie").is_empty(), "{query}");
    }
    assert!(browser.is_signed_in());
}

fn frame(sid: &str) -> Request {
    let url = format!("/authservice/frontchannel-logout?iss={ISSUER}&sid={sid}");
    Request::navigation(&url).replacing("sec-fetch-dest", "iframe")
}

/// So many front-channel logouts of nobody.
fn make_up(stage: &Stage, count: usize) {
    for number in 0..count {
        stage
            .gateway
            .handle(&frame(&format!("made-up-session-{number}")));
    }
}

/// Everybody can send a front-channel logout: that must not push out what the provider signed, nor cost much.
#[test]
fn made_up_front_channel_logouts_do_not_push_out_the_providers_own() {
    let stage = stage();
    let mut browser = stage.signed_in();
    send(&stage, &stage.provider.signs(&claims(&stage)));
    let written = stage.gateway.shared().written.len();

    make_up(&stage, 3_000);

    assert_eq!(stage.gateway.shared().written.len() - written, 1);
    assert!(!browser.is_signed_in());
    stage.pass(1);
    assert!(!browser.is_signed_in());
}

#[test]
fn made_up_front_channel_logouts_do_not_keep_a_real_one_from_counting() {
    let stage = stage();
    stage.gateway.add_worker(&config(json!({})));
    let mut browser = stage.signed_in();
    stage.gateway.serve_with(0);
    make_up(&stage, 3_000);

    stage.gateway.handle(&frame(SID));

    assert!(!browser.is_signed_in());
    stage.pass(1);
    stage.gateway.serve_with(1);
    assert!(!browser.is_signed_in());
}

/// The worker that is told may not have seen the session; one that has believes what was said.
#[test]
fn made_up_front_channel_logouts_do_not_push_out_that_of_a_session_that_some_worker_has_seen() {
    let stage = stage();
    stage.gateway.add_worker(&config(json!({})));
    let mut browser = stage.signed_in();
    assert!(browser.is_signed_in());
    stage.gateway.serve_with(0);

    stage.gateway.handle(&frame(SID));
    for _ in 0..3 {
        stage.pass(1);
    }
    for _ in 0..3 {
        make_up(&stage, 3_000);
        stage.pass(1);
    }

    for worker in [0, 1] {
        stage.gateway.serve_with(worker);
        assert!(!browser.is_signed_in(), "{worker}");
    }
}

#[test]
fn a_browser_that_brings_its_session_is_believed_at_once() {
    let stage = stage();
    let mut browser = stage.signed_in();
    let cookie = browser.session_cookie();
    make_up(&stage, 3_000);

    browser.send(frame(SID));
    make_up(&stage, 3_000);

    browser.plant("authservice_session", &cookie);
    assert!(!browser.is_signed_in());
}
