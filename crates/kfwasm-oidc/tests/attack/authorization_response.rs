use kfwasm_oidc::Outcome;

use crate::support::provider::Endpoint;
use crate::support::request::Request;
use crate::support::stage::{ALICE, Stage};

/// Login CSRF: the victim is made to finish what the attacker began, and works in the attacker's name.
#[test]
fn a_sign_in_that_another_browser_began_is_refused() {
    let stage = Stage::new();
    let (mut mallory, mut alice) = (stage.browser(), stage.browser());
    let form = mallory.go("/");
    let redirect = mallory.enter_password_only(&form, "mallory@example.com");

    let page = alice.follow_link_from("https://evil.example", &redirect.location().to_string());

    assert_eq!(page.status, 400);
    assert!(page.body.contains("begun in another browser"));
    assert!(page.cookies_set().is_empty());
    assert_eq!(stage.provider.calls(Endpoint::Token), 0);
}

#[test]
fn a_victim_who_is_signed_in_stays_who_they_are() {
    let stage = Stage::new();
    let mut mallory = stage.browser();
    let mut alice = stage.signed_in();
    let form = mallory.go("/");
    let redirect = mallory.enter_password_only(&form, "mallory@example.com");

    let link = redirect.location().to_string();
    let page = alice.follow_link_from("https://evil.example", &link);

    assert_eq!(page.location().path, "/");
    assert_eq!(alice.open("/").user(), ALICE);
}

#[test]
fn the_attempt_of_another_browsers_sign_in_does_not_serve() {
    let stage = Stage::new();
    let (mut mallory, mut alice) = (stage.browser(), stage.browser());
    let form = mallory.go("/");
    let redirect = mallory.enter_password_only(&form, "mallory@example.com");
    alice.go("/");
    let (own, _) = alice.attempts().remove(0);
    let (_, foreign) = mallory.attempts().remove(0);
    alice.plant(&own, &foreign);

    let page = alice.follow_link_from("https://evil.example", &redirect.location().to_string());

    assert_eq!(page.status, 400);
    assert_eq!(stage.provider.calls(Endpoint::Token), 0);
}

#[test]
fn a_callback_that_is_replayed_with_all_its_cookies_signs_nobody_in() {
    let stage = Stage::new();
    let mut browser = stage.browser();
    let form = browser.go("/");
    let redirect = browser.enter_password_only(&form, ALICE);
    let replay = browser.with_cookies(Request::navigation(&redirect.location().to_string()));
    assert_eq!(browser.follow(redirect).user(), ALICE);

    let page = stage.gateway.handle(&replay);

    assert_eq!(page.status, 502, "the provider takes a code once");
    assert!(page.report.contains("invalid_grant"));
    assert!(page.cookies_set().is_empty());
}

/// RFC 9207: a provider that the attacker runs must not get the code of another.
#[test]
fn a_code_goes_to_the_provider_alone_that_issued_it() {
    let stage = Stage::new();
    for (from, to) in [
        ("login.example.com", "evil.example"),
        ("iss=https%3A%2F%2Flogin.example.com", "iss="),
        ("&iss=https%3A%2F%2Flogin.example.com", ""),
        ("login.example.com", "login.example.com%2F"),
        ("login.example.com", "LOGIN.example.com"),
    ] {
        let mut browser = stage.browser();
        let form = browser.go("/");
        let mut redirect = browser.enter_password_only(&form, ALICE);
        let path = redirect
            .header("location")
            .unwrap()
            .split_once("iss=")
            .unwrap()
            .1;
        assert!(!path.is_empty());
        redirect.edit_location(from, to);

        let page = browser.follow(redirect);

        assert_eq!(page.status, 502, "{to}: {}", page.report);
        assert!(page.report.contains("RFC 9207"), "{}", page.report);
    }
    assert_eq!(stage.provider.calls(Endpoint::Token), 0);
}

/// `CODE` and `STATE` stand for those of a sign-in under way.
const MALFORMED: [&str; 14] = [
    "code=CODE&state=STATE&code=CODE",
    "code=CODE&state=STATE&state=STATE",
    "code=CODE&state=STATE&state=other",
    "code=CODE&state=STATE&iss=a&iss=a",
    "code=CODE&state=STATE&error=access_denied",
    "error=access_denied&error=x&state=STATE",
    "error=a&error_description=b&error_description=c&state=STATE",
    "state=STATE",
    "code=CODE",
    "error=access_denied",
    "error=%22quoted%22&state=STATE",
    "error=&state=STATE",
    "error=%00&state=STATE",
    "code=CODE&%73tate=STATE&state=STATE",
];

#[test]
fn an_authorization_response_with_two_readings_is_refused() {
    let stage = Stage::new();
    for template in MALFORMED {
        let mut browser = stage.browser();
        let form = browser.go("/");
        let location = browser.enter_password_only(&form, ALICE).location();
        let query = template
            .replace("CODE", &location.parameter("code").unwrap())
            .replace("STATE", &location.parameter("state").unwrap());

        let page = browser.open(&format!("/authservice/oidc/callback?{query}"));

        assert_eq!(page.status, 400, "{template}");
        assert_eq!(page.outcome, Some(Outcome::Malformed));
        assert!(page.cookies_set().is_empty());
    }
    assert_eq!(stage.provider.calls(Endpoint::Token), 0);
}

#[test]
fn an_authorization_response_of_any_size_or_bytes_is_refused() {
    let stage = Stage::new();
    for query in [
        format!("code={}&state=x", "a".repeat(100_000)),
        format!("code=x&state={}", "%ff".repeat(30_000)),
        "a=b&".repeat(20_000) + "code=x&state=x",
        "code=%&state=%zz".to_owned(),
        "code=x&state=%00%0d%0a".to_owned(),
        "code[]=x&state[]=x&state=x&code=x".to_owned(),
    ] {
        let page = stage
            .gateway
            .handle(&Request::navigation(&["/login/oidc?", &query].concat()));
        assert_eq!(page.status, 400);
    }
}

#[test]
fn an_error_that_a_stranger_makes_up_is_not_the_gateways() {
    let stage = Stage::new();

    let url = "/authservice/oidc/callback?error=access_denied&state=made-up";
    let page = stage.gateway.handle(&Request::navigation(url));

    assert_eq!(page.status, 400);
    assert_eq!(page.outcome, Some(Outcome::SignInRefused));
}

#[test]
fn what_a_provider_says_of_an_error_stays_text() {
    let stage = Stage::new();
    let mut browser = stage.browser();
    let form = browser.go("/");
    let state = form.address.parameter("state").unwrap();

    let page = browser.open(&format!(
        "/login/oidc?state={state}&error=<script>alert(1)</script>&error_description=a%0d%0aadmin signed in%e2%80%ae"
    ));

    assert_eq!(page.status, 400);
    assert!(!page.body.contains("<script>alert"));
    assert!(
        page.report.contains("a  admin signed in "),
        "{}",
        page.report
    );
}

#[test]
fn the_callback_takes_no_other_method() {
    let stage = Stage::new();
    let mut browser = stage.browser();
    let form = browser.go("/");
    let url = browser
        .enter_password_only(&form, ALICE)
        .location()
        .to_string();

    for method in ["POST", "PUT", "DELETE", "OPTIONS", "get", ""] {
        let reply = browser.send(Request::form(&url).replacing(":method", method));
        assert_eq!(
            (reply.status, reply.header("location")),
            (405, None),
            "{method}"
        );
    }
    assert_eq!(stage.provider.calls(Endpoint::Token), 0);
}
