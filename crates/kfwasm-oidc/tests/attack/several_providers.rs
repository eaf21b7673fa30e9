use serde_json::json;

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
