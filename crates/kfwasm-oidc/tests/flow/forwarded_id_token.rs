use serde_json::{Value, json};

use super::refresh::{NEAR_THE_END, SESSION, TOKENS, stage_with};
use crate::support::program::Program;
use crate::support::provider::refresh::RefreshTokens;
use crate::support::request::Request;
use crate::support::response::Response;
use crate::support::stage::{ALICE, OLD_KEY, Stage, config};

fn forwarding() -> Value {
    json!({"session": {"forwardIdToken": true, "refresh": true}})
}

fn authorization(response: &Response) -> &str {
    response.upstream.as_ref().unwrap().text("authorization")
}

fn newest(stage: &Stage) -> String {
    let mut secrets = stage.provider.secrets().into_iter().rev();
    let is_token = |it: &String| it.split('.').count() == 3;
    format!("Bearer {}", secrets.find(is_token).unwrap())
}

#[test]
fn the_id_token_goes_upstream_and_the_clients_own_does_not() {
    let stage = stage_with(forwarding());
    let mut browser = stage.signed_in();

    let forged = Request::script("GET", "/x").with("authorization", "Bearer of.somebody.else");
    let page = browser.send(forged);

    assert_eq!(authorization(&page), newest(&stage));
    assert_eq!(page.user(), ALICE);
    assert_eq!(page.upstream.unwrap().text("cookie"), "");
}

#[test]
fn the_next_one_comes_with_a_refresh_before_it_ends() {
    let stage = stage_with(forwarding());
    let mut browser = stage.signed_in();
    let first = newest(&stage);

    stage.pass(NEAR_THE_END);
    let page = browser.open("/");
    assert_eq!(authorization(&page), first);
    assert_eq!(page.cookies_set(), [SESSION, TOKENS]);

    assert_ne!(newest(&stage), first);
    assert_eq!(authorization(&browser.open("/")), newest(&stage));
}

/// One that lasts longer would be refused behind the gateway.
#[test]
fn a_session_ends_with_its_token_where_nothing_replaces_it() {
    for (kind, omits, lifetime) in [
        (RefreshTokens::None, false, Some(7_200)),
        (RefreshTokens::None, false, None),
        (RefreshTokens::Lasting, true, None),
    ] {
        let stage = Stage::with(forwarding());
        stage.provider.gives_refresh_tokens(kind);
        stage.provider.issues_tokens_for(lifetime);
        if omits {
            stage.provider.omits_id_tokens_at_refresh();
        }
        let mut browser = stage.signed_in();
        let token = newest(&stage);

        stage.pass(3_599);
        assert_eq!(authorization(&browser.open("/")), token);
        stage.pass(1);

        assert!(!browser.is_signed_in());
        assert_ne!(authorization(&browser.go("/")), token);
    }
}

#[test]
fn a_program_that_has_the_session_alone_has_no_token_and_brings_none() {
    let stage = stage_with(forwarding());
    let mut browser = stage.signed_in();
    let cookie = format!("{SESSION}={}", browser.session_cookie());
    let copied = Request::new("GET", "/x").with("cookie", cookie);
    let own = Program::new().signed_in(&stage.gateway, &mut browser);

    for request in [copied, own] {
        let request = request.with("authorization", "Bearer of.somebody.else");
        let page = stage.gateway.handle(&request);

        assert_eq!(page.user(), ALICE);
        assert_eq!(authorization(&page), "");
    }
}

#[test]
fn a_token_that_no_browser_can_keep_refuses_the_sign_in() {
    let stage = stage_with(forwarding());
    stage.provider.claims("padding", "x".repeat(12_000));

    let page = stage.browser().sign_in("/");

    assert_eq!(page.status, 403, "{}", page.report);
}

#[test]
fn a_token_that_is_over_already_is_no_loop() {
    let stage = stage_with(forwarding());
    let now = stage.clock.now().0;
    stage.provider.claims("exp", now - 1);

    let page = stage.browser().sign_in("/");

    assert_eq!(page.status, 502, "{}", page.report);
}

#[test]
fn without_the_setting_no_token_goes_upstream_and_the_clients_own_does() {
    let stage = stage_with(json!({"session": {"refresh": true}}));
    let mut browser = stage.signed_in();

    let page = browser.send(Request::script("GET", "/x").with("authorization", "Basic YTpi"));

    assert_eq!(authorization(&page), "Basic YTpi");
}

/// Longer ago than nobody is asked again.
const A_WHILE: u64 = 11;

#[test]
fn a_person_whose_session_is_older_than_the_setting_signs_in_again() {
    let stage = Stage::new();
    stage.provider.gives_refresh_tokens(RefreshTokens::Rotating);
    let mut browser = stage.signed_in();
    stage.gateway.restart(&config(forwarding()), OLD_KEY);
    stage.pass(A_WHILE);

    let script = browser.send(Request::script("GET", "/x"));
    assert_eq!((script.user(), authorization(&script)), (ALICE, ""));
    let framed = Request::new("GET", "/x")
        .with("sec-fetch-mode", "navigate")
        .with("sec-fetch-dest", "iframe");
    assert_eq!(browser.send(framed).status, 401);

    let page = browser.go("/x");
    assert_eq!(page.user(), ALICE);
    assert_eq!(authorization(&page), newest(&stage));
}

/// While the setting was off, the session was refreshed beyond the end of the token that the browser has.
#[test]
fn a_token_from_before_the_setting_was_off_for_a_while_does_not_go_upstream_again() {
    let stage = stage_with(forwarding());
    let mut browser = stage.signed_in();
    let off = json!({"session": {"refresh": true}});
    stage.gateway.restart(&config(off), OLD_KEY);
    stage.pass(NEAR_THE_END);
    assert_eq!(authorization(&browser.open("/")), "");
    stage.gateway.restart(&config(forwarding()), OLD_KEY);
    stage.pass(A_WHILE);

    let page = browser.go("/x");

    assert_eq!(page.user(), ALICE);
    assert_eq!(authorization(&page), newest(&stage));
}

#[test]
fn a_browser_that_loses_the_token_is_not_sent_around_for_ever() {
    let stage = stage_with(forwarding());
    let mut browser = stage.signed_in();
    browser.plant(TOKENS, "lost");

    let page = browser.open("/");
    assert_eq!((page.user(), authorization(&page)), (ALICE, ""));

    stage.pass(A_WHILE);
    assert_eq!(browser.open("/").status, 302);
}

#[test]
fn without_the_setting_nobody_is_asked_for_a_token() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();
    stage.pass(A_WHILE);
    assert_eq!(browser.open("/").user(), ALICE);
}
