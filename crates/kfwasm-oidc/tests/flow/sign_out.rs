use kfwasm_oidc::Outcome;
use kfwasm_oidc::callout::CalloutError;
use serde_json::{Value, json};

use crate::support::browser::Browser;
use crate::support::provider::refresh::RefreshTokens;
use crate::support::provider::{Answer, Endpoint};
use crate::support::request::Request;
use crate::support::response::Response;
use crate::support::stage::{ALICE, Stage};

const ORIGIN: &str = "https://kubeflow.example.com";
const CALLBACK: &str = "https://kubeflow.example.com/authservice/oidc/callback";
const PATHS: [&str; 3] = ["/logout", "/authservice/logout", "/oauth2/sign_out"];

#[test]
fn a_sign_out_ends_the_session_here_and_at_the_provider() {
    for path in PATHS {
        let stage = Stage::new();
        let mut browser = stage.signed_in();

        let end = click(&mut browser, path);

        assert_eq!(end.status, 200);
        assert!(end.body.contains("You are signed out"), "{}", end.body);
        assert_eq!(end.outcome, Some(Outcome::SignedOut));
        assert_eq!(browser.jar.names(), ["authservice_session_ended"]);
        assert!(browser.go("/pipeline/").is_sign_in_form());
    }
}

#[test]
fn a_sign_in_that_was_begun_in_another_tab_ends_with_the_sign_out() {
    let stage = Stage::new();
    let mut browser = stage.browser();
    let forgotten = browser.go("/katib/");
    let form = browser.go("/pipeline/");
    browser.enter_password(&form, ALICE);

    click(&mut browser, "/logout");
    let page = browser.enter_password(&forgotten, ALICE);

    assert_eq!(page.status, 400);
    assert!(page.body.contains("This sign-in is not known here"));
    assert!(!browser.is_signed_in());
}

#[test]
fn the_provider_is_told_who_signs_out_and_where_to_go_then() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();

    let reply = browser.open("/logout");

    assert_eq!(reply.status, 303);
    let location = reply.location();
    assert_eq!(
        location.origin() + location.path_alone(),
        "https://login.example.com/end-session"
    );
    let parameter = |name| location.parameter(name).unwrap();
    assert!(
        stage
            .provider
            .secrets()
            .contains(&parameter("id_token_hint"))
    );
    assert_eq!(parameter("client_id"), "kubeflow");
    assert_eq!(parameter("post_logout_redirect_uri"), CALLBACK);
}

#[test]
fn without_an_end_session_endpoint_the_session_ends_here() {
    let stage = Stage::cold(json!({}));
    stage
        .provider
        .announces("end_session_endpoint", Value::Null);
    stage.pass(0);
    let mut browser = stage.signed_in();

    let end = click(&mut browser, "/logout");

    assert!(end.body.contains("You are signed out"), "{}", end.body);
    assert!(!browser.is_signed_in());
}

#[test]
fn a_form_signs_out() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();

    let reply = browser.send(Request::form("/logout"));
    let end = browser.follow(reply);

    assert!(end.body.contains("You are signed out"), "{}", end.body);
    assert!(!browser.is_signed_in());
}

/// Kubeflow 1.7's and 1.8's dashboards ask oidc-authservice so, and go where it says.
#[test]
fn a_script_is_told_where_to_go_after_the_sign_out() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();

    let reply = browser.send(Request::script("POST", "/authservice/logout"));

    assert_eq!(reply.status, 201);
    assert_eq!(reply.header("content-type"), Some("application/json"));
    // The ID token is for the provider, and for no script on a page of this origin.
    assert!(!reply.body.contains("id_token_hint"), "{}", reply.body);
    assert!(!reply.body.contains("eyJ"), "{}", reply.body);
    let body: Value = serde_json::from_str(&reply.body).unwrap();
    let end = browser.go(body["afterLogoutURL"].as_str().unwrap());
    assert!(end.body.contains("You are signed out"), "{}", end.body);
    assert!(!browser.is_signed_in());
}

#[test]
fn a_script_without_an_end_session_endpoint_is_told_where_to_go_too() {
    let stage = Stage::cold(json!({}));
    stage
        .provider
        .announces("end_session_endpoint", Value::Null);
    stage.pass(0);
    let mut browser = stage.signed_in();

    let reply = browser.send(Request::script("POST", "/logout"));

    let again = "https://kubeflow.example.com/logout";
    assert_eq!(reply.body, json!({ "afterLogoutURL": again }).to_string());
    assert!(!browser.is_signed_in());
    let end = browser.go(again);
    assert!(end.body.contains("You are signed out"), "{}", end.body);
}

#[test]
fn a_program_that_says_nothing_about_itself_signs_out_like_a_script() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();

    let reply = browser.send(Request::new("POST", "/logout").with("accept", "*/*"));

    assert_eq!(reply.status, 201);
    assert!(!browser.is_signed_in());
}

#[test]
fn the_operator_chooses_where_a_sign_out_ends() {
    for (return_to, landing) in [
        ("/goodbye", "https://kubeflow.example.com/goodbye"),
        ("https://www.example.com/", "https://www.example.com/"),
    ] {
        let stage = Stage::with(json!({"signOut": {"returnTo": return_to}}));
        let mut browser = stage.signed_in();

        let location = browser.open("/logout").location();

        let sent = location.parameter("post_logout_redirect_uri");
        assert_eq!(sent.unwrap(), landing);
    }
}

#[test]
fn whoever_wants_to_leave_is_let_go_while_the_provider_is_down() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();
    stage.provider.goes_down();
    // A worker that has just started knows no end session endpoint.
    stage.gateway.restart(
        &crate::support::stage::config(json!({})),
        crate::support::stage::OLD_KEY,
    );

    let end = click(&mut browser, "/logout");

    assert!(end.body.contains("You are signed out"), "{}", end.body);
    assert!(!browser.is_signed_in());
}

#[test]
fn a_sign_out_without_a_session_is_no_error() {
    let stage = Stage::new();
    let mut browser = stage.browser();

    let end = click(&mut browser, "/logout");

    assert_eq!(end.status, 200);
    assert_eq!(end.address.path_alone(), "/end-session");
}

#[test]
fn the_id_token_travels_to_the_sign_out_paths_alone() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();
    let hint = "authservice_session_id_token";

    let carried = |path| {
        let request = browser.with_cookies(Request::navigation(path));
        request.text("cookie").contains(hint)
    };
    assert!(PATHS.into_iter().all(carried));
    assert!(!carried("/"));
    assert!(!carried("/logout-page"));
    // Elsewhere it would not get past the gateway either.
    let page = browser.send(Request::navigation("/").with("cookie", [hint, "=x"].concat()));
    assert_eq!(page.upstream.unwrap().text("cookie"), "");
}

#[test]
fn an_id_token_that_does_not_fit_a_cookie_is_done_without() {
    let stage = Stage::new();
    stage.provider.claims("photo", "x".repeat(4_000));
    let mut browser = stage.signed_in();

    let end = click(&mut browser, "/logout");

    assert_eq!(end.body, "Do you want to sign out?");
    assert_eq!(end.address.parameter("id_token_hint"), None);
    assert!(!browser.is_signed_in());
}

#[test]
fn signing_in_again_works_as_at_the_first_time() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();

    click(&mut browser, "/logout");
    let page = browser.sign_in("/katib/");

    assert_eq!(
        (page.address.path.as_str(), page.user()),
        ("/katib/", ALICE)
    );
}

/// A provider that takes its refresh tokens back (RFC 7009), and somebody who has one.
fn with_refresh_token() -> (Stage, Browser) {
    let stage = Stage::cold(json!({"session": {"refresh": true}}));
    let provider = &stage.provider;
    provider.gives_refresh_tokens(RefreshTokens::Rotating);
    provider.announces("revocation_endpoint", "https://login.example.com/revoke");
    stage.pass(0);
    let browser = stage.signed_in();
    assert_eq!(stage.provider.valid_refresh_tokens(), 1);
    (stage, browser)
}

#[test]
fn a_sign_out_gives_the_refresh_token_back() {
    let (stage, mut browser) = with_refresh_token();

    let end = click(&mut browser, "/logout");

    assert!(end.body.contains("You are signed out"), "{}", end.body);
    assert_eq!(stage.provider.valid_refresh_tokens(), 0);
    assert_eq!(browser.jar.names(), ["authservice_session_ended"]);
    // Who has none gives none back.
    click(&mut browser, "/logout");
    assert_eq!(stage.provider.calls(Endpoint::Revocation), 1);
}

#[test]
fn a_script_that_signs_out_gives_it_back_too() {
    let (stage, mut browser) = with_refresh_token();

    let reply = browser.send(Request::script("POST", "/authservice/logout"));

    assert_eq!(reply.status, 201);
    assert_eq!(stage.provider.valid_refresh_tokens(), 0);
}

#[test]
fn a_provider_that_does_not_take_it_back_keeps_nobody_in() {
    for answer in [
        Answer::None(CalloutError::NoResponse),
        Answer::None(CalloutError::NotSent),
        Answer::Status(503),
        Answer::Error("unsupported_token_type"),
        Answer::Html,
    ] {
        let (stage, mut browser) = with_refresh_token();
        let is_success = matches!(answer, Answer::Html);
        stage.provider.answers(Endpoint::Revocation, answer);

        let leaving = browser.follow_link_from(ORIGIN, "/logout");

        assert_eq!(leaving.status, 303);
        assert_eq!(leaving.report.contains("revocation endpoint"), !is_success);
        let end = browser.follow(leaving);
        assert!(end.body.contains("You are signed out"), "{}", end.body);
        assert!(!browser.is_signed_in());
    }
}

#[test]
fn whoever_signs_out_waits_two_seconds_for_the_provider_at_the_most() {
    let (stage, browser) = with_refresh_token();
    let request = Request::navigation("/logout").replacing("sec-fetch-site", "same-origin");

    let held = stage.gateway.hold(browser.with_cookies(request));

    assert_eq!(held.callout.path, "/revoke");
    assert_eq!(held.callout.timeout_milliseconds, 2_000);
    assert!(!format!("{:?}", held.callout).contains("secret-refresh-token"));
}

/// Follows a link on a page of Kubeflow.
fn click(browser: &mut Browser, path: &str) -> Response {
    let response = browser.follow_link_from(ORIGIN, path);
    browser.follow(response)
}
