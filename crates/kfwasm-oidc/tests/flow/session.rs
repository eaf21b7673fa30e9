use kfwasm_oidc::Outcome;
use serde_json::json;

use crate::support::clock::{DAY, HOUR, MINUTE};
use crate::support::request::Request;
use crate::support::stage::{ALICE, HOST, OLD_KEY, Stage, config};

#[test]
fn a_session_ends_when_it_is_not_used_for_a_day() {
    let stage = Stage::new();
    let (mut in_time, mut too_late) = (stage.signed_in(), stage.signed_in());

    stage.pass(DAY - 1);
    assert!(in_time.is_signed_in());
    stage.pass(1);
    assert!(!too_late.is_signed_in());
}

#[test]
fn a_session_that_is_used_goes_on_for_a_week() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();

    for _ in 0..13 {
        stage.pass(DAY / 2);
        assert!(browser.is_signed_in());
    }
    stage.pass(DAY / 2 - 1);
    assert!(browser.is_signed_in());
    stage.pass(1);
    assert!(!browser.is_signed_in());
}

/// The gateway asks the cookie, not the browser's clock.
#[test]
fn a_session_that_is_over_is_over_for_programs_that_kept_its_cookie() {
    let stage = Stage::new();
    let session = stage.signed_in().session_cookie();
    let request = Request::script("GET", "/pipeline/x")
        .with("cookie", ["authservice_session=", &session].concat());
    assert_eq!(stage.gateway.handle(&request).user(), ALICE);

    stage.pass(DAY);

    assert_eq!(stage.gateway.handle(&request).status, 401);
}

#[test]
fn limits_are_the_operators() {
    let stage = Stage::with(json!({"session": {"idle": "10m", "absolute": "1h"}}));
    let mut browser = stage.signed_in();
    let mut idle = stage.signed_in();

    for _ in 0..6 {
        assert!(browser.is_signed_in());
        stage.pass(9 * MINUTE + 59);
    }
    assert!(!idle.is_signed_in());
    assert!(browser.is_signed_in());
    stage.pass(6);
    assert!(!browser.is_signed_in());
}

#[test]
fn a_session_is_renewed_when_its_last_use_was_an_hour_ago() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();

    stage.pass(HOUR - 1);
    assert!(browser.open("/").cookies_set().is_empty());
    stage.pass(1);
    let page = browser.open("/");

    assert_eq!(page.user(), ALICE);
    assert_eq!(page.cookies_set(), ["authservice_session"]);
    assert!(browser.open("/").cookies_set().is_empty());
}

#[test]
fn the_renewal_does_not_ride_on_what_shared_caches_may_keep() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();
    stage.pass(2 * HOUR);

    for (kind, renews) in [
        ("script", false),
        ("style", false),
        ("image", false),
        ("font", false),
        ("audio", false),
        ("video", false),
        ("track", false),
        ("manifest", false),
        ("empty", true),
        ("iframe", true),
    ] {
        let request = Request::script("GET", "/x").replacing("sec-fetch-dest", kind);
        // Not kept by the browser, so that each request finds the same old session.
        let response = stage.gateway.handle(&browser.with_cookies(request));
        assert_eq!(!response.cookies_set().is_empty(), renews, "{kind}");
        assert_eq!(response.user(), ALICE);
    }
    assert_eq!(browser.open("/").cookies_set(), ["authservice_session"]);
}

#[test]
fn renewal_never_goes_beyond_the_end() {
    let stage = Stage::with(json!({"session": {"idle": "10h", "absolute": "12h"}}));
    let mut browser = stage.signed_in();

    stage.pass(9 * HOUR);
    let page = browser.open("/");
    assert!(page.all("set-cookie")[0].contains("Max-Age=10800;"));
    stage.pass(2 * HOUR);
    assert!(browser.open("/").cookies_set().is_empty());
    stage.pass(HOUR);

    assert!(!browser.is_signed_in());
}

#[test]
fn a_session_can_end_with_the_providers_token() {
    let stage = Stage::with(json!({"session": {"onTokenExpiry": "end"}}));
    stage.provider.issues_tokens_for(Some(90 * MINUTE));
    let mut browser = stage.signed_in();

    stage.pass(90 * MINUTE - 1);
    assert!(browser.is_signed_in());
    stage.pass(1);
    assert!(!browser.is_signed_in());
}

#[test]
fn a_token_that_outlives_the_absolute_limit_does_not_lengthen_the_session() {
    let stage = Stage::with(json!({"session": {
        "onTokenExpiry": "end", "idle": "1h", "absolute": "1h",
    }}));

    for lifetime in [Some(30 * DAY), None] {
        stage.provider.issues_tokens_for(lifetime);
        let mut browser = stage.signed_in();
        stage.pass(HOUR - 1);
        assert!(browser.is_signed_in());
        stage.pass(1);
        assert!(!browser.is_signed_in());
    }
}

#[test]
fn a_session_usually_outlives_the_providers_token() {
    let stage = Stage::new();
    stage.provider.issues_tokens_for(Some(5 * MINUTE));
    let mut browser = stage.signed_in();

    stage.pass(12 * HOUR);

    assert!(browser.is_signed_in());
}

/// `kfp.Client(cookies="authservice_session=...")`.
#[test]
fn a_program_uses_the_session_that_was_copied_out_of_a_browser() {
    let stage = Stage::new();
    let session = stage.signed_in().session_cookie();

    let request = Request::new("POST", "/pipeline/apis/v2beta1/runs")
        .with("cookie", ["authservice_session=", &session].concat());
    let response = stage.gateway.handle(&request);

    assert_eq!(response.outcome, Some(Outcome::Forwarded));
    assert_eq!(response.user(), ALICE);
}

#[test]
fn everything_of_kubeflow_works_with_a_session() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();
    let url = format!("https://{HOST}/notebook/team/nb/api/kernels");

    for request in [
        Request::script("GET", &url),
        Request::script("DELETE", &url),
        Request::form(&url),
        Request::new("GET", &url).with("upgrade", "websocket"),
        Request::new("POST", &url).with("content-type", "application/grpc-web+proto"),
        Request::navigation(&url).replacing("sec-fetch-dest", "iframe"),
    ] {
        assert_eq!(browser.send(request).user(), ALICE);
    }
}

#[test]
fn a_session_goes_on_while_the_host_gives_no_random_bytes() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();
    stage.pass(2 * HOUR);

    stage.gateway.entropy().fails = true;
    let page = browser.open("/");
    assert_eq!(page.user(), ALICE);
    assert!(page.cookies_set().is_empty());

    stage.gateway.entropy().fails = false;
    assert_eq!(browser.open("/").cookies_set(), ["authservice_session"]);
}

#[test]
fn a_shorter_limit_holds_for_sessions_that_are_there_already() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();
    stage.pass(2 * HOUR);

    let shorter = config(json!({"session": {"idle": "1h", "absolute": "3h"}}));
    stage.gateway.restart(&shorter, OLD_KEY);
    stage.pass(0);

    assert!(browser.is_signed_in());
    stage.pass(HOUR);
    assert!(!browser.is_signed_in());
}
