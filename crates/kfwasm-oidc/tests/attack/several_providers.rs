use serde_json::{Value, json};

use crate::support::browser::Browser;
use crate::support::provider::Endpoint;
use crate::support::stage::{ALICE, HOST, Stage};

const START: &str = "/authservice/oidc/callback/partners/start";

/// RFC 9700 §4.4: the victim chooses the attacker's provider, which sends the browser on to the honest one with the state of
/// its own sign-in; the honest provider's code must not go to the attacker's token endpoint.
#[test]
fn a_response_of_one_provider_is_not_taken_for_anothers() {
    for names_itself in [true, false] {
        let (stage, partners) = Stage::with_partners(json!({}));
        if !names_itself {
            stage.provider.does_not_name_itself();
            partners.does_not_name_itself();
            stage.pass(24 * 3600);
        }
        let mut victim = stage.browser();
        let at_attacker = victim.open(&[START, "?return_to=%2F"].concat()).location();
        let parameter = |name: &str| at_attacker.parameter(name).unwrap();
        let honest = format!(
            "https://login.example.com/authorize?response_type=code&client_id=kubeflow&scope=openid\
             &redirect_uri=https%3A%2F%2F{HOST}%2Fauthservice%2Foidc%2Fcallback&state={}&nonce={}\
             &code_challenge={}&code_challenge_method=S256",
            parameter("state"),
            parameter("nonce"),
            parameter("code_challenge"),
        );

        let form = victim.follow_link_from("https://login.partners.example", &honest);
        let page = victim.enter_password(&form, ALICE);

        assert_eq!(page.status, 400, "{}", page.report);
        assert!(page.report.contains("RFC 9700"), "{}", page.report);
        assert_eq!(partners.calls(Endpoint::Token), 0);
        assert_eq!(stage.provider.calls(Endpoint::Token), 0);
        assert!(!victim.is_signed_in());
    }
}

/// The other way round: the code comes to the attacker's own callback.
#[test]
fn a_response_at_the_callback_of_another_provider_is_refused() {
    let (stage, partners) = Stage::with_partners(json!({}));
    let mut browser = stage.browser();
    let start = "/authservice/oidc/callback/employees/start";
    let form = browser.go(start);
    let back = browser
        .enter_password_only(&form, ALICE)
        .location()
        .to_string();

    let moved = back.replace("/callback?", "/callback/partners?");
    let page = browser.follow_link_from("https://login.example.com", &moved);

    assert_eq!(page.status, 400, "{}", page.report);
    assert_eq!(partners.calls(Endpoint::Token), 0);
    assert_eq!(stage.provider.calls(Endpoint::Token), 0);
}

#[test]
fn no_start_path_leads_to_another_origin() {
    let (stage, _) = Stage::with_partners(json!({}));
    for return_to in [
        "https%3A%2F%2Fevil.example%2F",
        "%2F%2Fevil.example",
        "%2F%5Cevil.example",
        "%5C%5Cevil.example",
        "%2F%09%2Fevil.example",
        "javascript%3Aalert(1)",
        "%0D%0ALocation%3A%20https%3A%2F%2Fevil.example",
        "",
        "%FF",
        "%2F&return_to=https%3A%2F%2Fevil.example",
    ] {
        let mut browser = stage.browser();
        let page = signed_in_by(&mut browser, &[START, "?return_to=", return_to].concat());
        assert_eq!(page, format!("https://{HOST}"), "{return_to}");
    }
}

const HINT: &str = "authservice_session_id_token";

/// Signs in at the provider of this name.
fn sign_in_at(browser: &mut Browser, provider: &str, user: &str) {
    let form = browser.go(&format!("/authservice/oidc/callback/{provider}/start"));
    browser.enter_password(&form, user);
    assert!(browser.is_signed_in());
}

fn hint_in(browser: &Browser) -> Option<String> {
    let hints = browser.jar.named(HINT);
    hints.first().map(|it| it.value.clone())
}

/// The ID token that is sent along at the sign-out, and to which host.
fn hint_at_sign_out(browser: &mut Browser) -> (String, Option<String>) {
    let location = browser.open("/logout").location();
    let hint = location.parameter("id_token_hint");
    (location.authority, hint)
}

#[test]
fn no_provider_is_sent_the_id_token_of_another() {
    let (stage, partners) = Stage::with_partners(json!({}));
    let mut browser = stage.browser();
    sign_in_at(&mut browser, "employees", ALICE);
    let of_employees = hint_in(&browser).unwrap();

    // Larger than a cookie, so that there is none in its place.
    partners.claims("photo", "x".repeat(4_000));
    sign_in_at(&mut browser, "partners", ALICE);

    assert_eq!(hint_in(&browser), None);
    browser.plant(HINT, &of_employees);
    assert_eq!(
        hint_at_sign_out(&mut browser),
        ("login.partners.example".to_owned(), None)
    );
}

#[test]
fn no_provider_is_told_that_somebody_else_signs_out() {
    let (stage, _) = Stage::with_partners(json!({}));
    let (mut alice, mut bob) = (stage.browser(), stage.browser());
    sign_in_at(&mut alice, "employees", ALICE);
    sign_in_at(&mut bob, "employees", "bob@example.com");

    bob.jar.forget(HINT);
    bob.plant(HINT, &hint_in(&alice).unwrap());

    assert_eq!(
        hint_at_sign_out(&mut bob),
        ("login.example.com".to_owned(), None)
    );
    assert!(hint_at_sign_out(&mut alice).1.is_some());
}

#[test]
fn no_id_token_is_left_by_a_sign_in_at_a_provider_that_wants_none() {
    let (stage, partners) = Stage::with_partners(json!({}));
    partners.announces("end_session_endpoint", Value::Null);
    stage.pass(24 * 3600);
    let mut browser = stage.browser();
    sign_in_at(&mut browser, "employees", ALICE);
    assert!(hint_in(&browser).is_some());

    sign_in_at(&mut browser, "partners", ALICE);

    assert_eq!(hint_in(&browser), None);
}

fn signed_in_by(browser: &mut Browser, url: &str) -> String {
    let form = browser.go(url);
    let page = browser.enter_password(&form, ALICE);
    page.address.origin()
}

#[test]
fn a_choice_that_does_not_exist_begins_no_sign_in() {
    let (stage, _) = Stage::with_partners(json!({}));
    for path in [
        "/authservice/oidc/callback/nobody/start",
        "/authservice/oidc/callback//start",
        "/authservice/oidc/callback/start",
        "/authservice/oidc/callback/partners/start/",
        "/authservice/oidc/callback/partners%2Fstart",
    ] {
        let answer = stage.browser().open(path);
        assert!(answer.header("location").is_none(), "{path}");
    }
}

/// A page of another site can make a browser begin a sign-in, as it can by a link to any page; it cannot finish one.
#[test]
fn a_sign_in_that_another_browser_began_at_a_chosen_provider_is_refused() {
    let (stage, _) = Stage::with_partners(json!({}));
    let mut attacker = stage.browser();
    let form = attacker.go(START);
    let back = attacker
        .enter_password_only(&form, "mallory@example.com")
        .location()
        .to_string();

    let mut victim = stage.browser();
    let page = victim.follow_link_from("https://evil.example", &back);

    assert_eq!(page.status, 400);
    assert!(!victim.is_signed_in());
}
