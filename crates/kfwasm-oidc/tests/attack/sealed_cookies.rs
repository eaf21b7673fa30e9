use serde_json::json;

use crate::support::browser::Browser;
use crate::support::provider::Endpoint;
use crate::support::request::Request;
use crate::support::stage::{ALICE, NEW_KEY, OLD_KEY, Stage, config};

const SESSION: &str = "authservice_session";

/// The value with each character changed, one at a time, and with each part of it cut off.
fn forgeries(value: &str) -> Vec<String> {
    let changed = (0..value.len()).map(|place| {
        let mut bytes = value.as_bytes().to_vec();
        bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
        String::from_utf8(bytes).unwrap()
    });
    let next = (0..value.len()).map(|place| {
        let mut bytes = value.as_bytes().to_vec();
        // The neighbour in the alphabet differs in the last bit: at the end of a value, one that base64 may not use.
        bytes[place] ^= 1;
        String::from_utf8(bytes).unwrap()
    });
    let cut = (0..value.len()).map(|length| value.chars().take(length).collect());
    let longer = ["A", "=", " x", "%3D"].map(|it| [value, it].concat());
    changed.chain(next).chain(cut).chain(longer).collect()
}

fn opens(stage: &Stage, cookies: &str) -> bool {
    let request = Request::new("GET", "/").with("cookie", cookies);
    stage.gateway.handle(&request).upstream.is_some()
}

#[test]
fn a_session_with_one_character_changed_or_cut_off_is_none() {
    let stage = Stage::new();
    let session = stage.signed_in().session_cookie();
    // The worker knows the session already, and must not take another one for it.
    assert!(opens(&stage, &format!("{SESSION}={session}")));

    for forgery in forgeries(&session) {
        assert!(!opens(&stage, &format!("{SESSION}={forgery}")), "{forgery}");
    }
}

#[test]
fn an_attempt_with_one_character_changed_or_cut_off_is_none() {
    let stage = Stage::new();
    let mut browser = stage.browser();
    let form = browser.go("/");
    let redirect = browser.enter_password_only(&form, ALICE);
    let (name, value) = browser.attempts().remove(0);

    for forgery in forgeries(&value) {
        let request = Request::navigation(&redirect.location().to_string())
            .with("cookie", format!("{name}={forgery}"));
        assert_eq!(stage.gateway.handle(&request).status, 400, "{forgery}");
    }
    assert_eq!(stage.provider.calls(Endpoint::Token), 0);
    assert_eq!(browser.follow(redirect).user(), ALICE);
}

#[test]
fn what_is_sealed_for_one_purpose_serves_no_other() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();
    browser.open("https://kubeflow.example.org:8443/");
    let (attempt, value) = browser.attempts().remove(0);
    let session = browser.session_cookie();
    let hint = browser.jar.named("authservice_session_id_token")[0]
        .value
        .clone();

    assert!(!opens(&stage, &format!("{SESSION}={value}")));
    assert!(!opens(&stage, &format!("{SESSION}={hint}")));
    assert!(!opens(&stage, &format!("{SESSION}_id_token={session}")));
    assert!(!opens(&stage, &format!("{attempt}={session}")));
    let reply = stage.gateway.handle(
        &Request::navigation("/logout").with("cookie", format!("{SESSION}_id_token={session}")),
    );
    assert_eq!(reply.location().parameter("id_token_hint"), None);
}

#[test]
fn a_session_as_an_attempt_is_none() {
    let stage = Stage::new();
    let session = stage.signed_in().session_cookie();
    let mut browser = stage.browser();
    let form = browser.go("/");
    let redirect = browser.enter_password_only(&form, ALICE);
    let (name, _) = browser.attempts().remove(0);
    browser.plant(&name, &session);

    assert_eq!(browser.follow(redirect).status, 400);
}

/// Whoever has two sign-ins under way must not be able to finish one with what belongs to the other.
#[test]
fn the_attempt_of_one_state_serves_no_other() {
    let stage = Stage::new();
    let mut browser = stage.browser();
    let form = browser.go("/a");
    browser.go("/b");
    let attempts = browser.attempts();
    let redirect = browser.enter_password_only(&form, ALICE);
    swap(&mut browser, &attempts);
    let calls = stage.provider.calls(Endpoint::Token);

    let page = browser.follow(redirect);

    assert_eq!(page.status, 400);
    assert_eq!(stage.provider.calls(Endpoint::Token), calls);
}

fn swap(browser: &mut Browser, attempts: &[(String, String)]) {
    browser.plant(&attempts[0].0, &attempts[1].1);
    browser.plant(&attempts[1].0, &attempts[0].1);
}

#[test]
fn a_session_of_another_deployment_is_none() {
    let stage = Stage::new();
    let session = stage.signed_in().session_cookie();

    stage.gateway.restart(&config(json!({})), NEW_KEY);

    assert!(!opens(&stage, &format!("{SESSION}={session}")));
}

#[test]
fn a_session_under_another_name_is_none() {
    let stage = Stage::new();
    let session = stage.signed_in().session_cookie();

    let renamed = config(json!({"session": {"cookieName": "other"}}));
    stage.gateway.restart(&renamed, OLD_KEY);

    assert!(!opens(&stage, &format!("other={session}")));
    assert!(!opens(&stage, &format!("{SESSION}={session}")));
}

/// The same person signing in twice must not give an observer anything to compare.
#[test]
fn no_two_cookies_are_alike() {
    let stage = Stage::new();
    let mut seen: Vec<String> = (0..20)
        .map(|_| stage.signed_in().session_cookie())
        .collect();
    seen.sort();
    seen.dedup_by(|one, other| one.get(8..24) == other.get(8..24));
    assert_eq!(seen.len(), 20);
}
