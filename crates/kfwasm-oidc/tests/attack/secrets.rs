use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kfwasm_oidc::Step;
use kfwasm_oidc::callout::CalloutError;

use crate::support::browser::Browser;
use crate::support::provider::{Answer, Endpoint};
use crate::support::request::Request;
use crate::support::stage::{ALICE, CLIENT_SECRET, HOST, OLD_KEY, Stage};

/// Everything that nobody but the browser and the provider may see, as it is on the wire.
struct Secrets(Vec<Vec<u8>>);

impl Secrets {
    fn of(stage: &Stage) -> Self {
        let encoded: String = form_urlencoded::byte_serialize(CLIENT_SECRET.as_bytes()).collect();
        let basic = STANDARD.encode(format!("kubeflow:{encoded}"));
        let key = STANDARD.decode(OLD_KEY).unwrap();
        let mut secrets = vec![
            CLIENT_SECRET.into(),
            encoded.into_bytes(),
            basic.into_bytes(),
            OLD_KEY.into(),
            key,
        ];
        secrets.extend(stage.provider.secrets().into_iter().map(String::into_bytes));
        Self(secrets)
    }

    fn add_cookies(&mut self, browser: &Browser) {
        let cookies = browser.jar.named("authservice_session").into_iter();
        self.0.extend(cookies.map(|it| it.value.into_bytes()));
    }
}

/// A life with everything in it: sign-in, pages, renewal, faults of all kinds, sign-out.
fn live(stage: &Stage) -> Secrets {
    let mut browser = stage.browser();
    let form = browser.go("/pipeline/?token=of-the-page");
    let mut seen = Secrets(Vec::new());
    seen.add_cookies(&browser);
    let redirect = browser.enter_password_only(&form, ALICE);
    let callback = browser.with_cookies(Request::navigation(&redirect.location().to_string()));
    browser.follow(redirect);
    seen.add_cookies(&browser);
    stage.gateway.handle(&callback);
    stage.gateway.handle(&callback.without("cookie"));
    stage.pass(7_200);
    browser.open("/notebook/team/nb/");
    browser.fetch("/public/a");
    seen.add_cookies(&browser);
    for answer in [
        Answer::None(CalloutError::NoResponse),
        Answer::Error("invalid_client"),
        Answer::Html,
        Answer::Body(br#"{"token_type":"Bearer","access_token":"a","id_token":"b"}"#.to_vec()),
    ] {
        stage.provider.answers(Endpoint::Token, answer);
        stage.browser().sign_in("/");
    }
    stage.provider.comes_back();
    stage.provider.claims("aud", "another");
    stage.browser().sign_in("/");
    stage.provider.replaces_keys();
    stage.browser().sign_in("/");
    let end = browser.follow_link_from(&format!("https://{HOST}"), "/logout");
    browser.follow(end);
    seen.0.extend(Secrets::of(stage).0);
    seen
}

#[test]
fn no_report_no_upstream_no_other_client_and_no_other_plugin_sees_a_secret() {
    let stage = Stage::new();

    let secrets = live(&stage);

    let shared = stage.gateway.shared().written.clone();
    let record = stage.gateway.record();
    assert!(record.holds(ALICE.as_bytes()), "nothing was recorded");
    assert!(record.holds(b"invalid_client"), "no report was recorded");
    assert!(secrets.0.len() > 20);
    for secret in secrets.0 {
        let shown = String::from_utf8_lossy(&secret).into_owned();
        assert!(!record.holds(&secret), "{shown} was shown");
        let leaks = |value: &Vec<u8>| value.windows(secret.len()).any(|it| it == secret);
        assert!(!shared.iter().any(leaks), "{shown} was shared");
    }
}

/// The client secret and the keys go to the provider alone, or nowhere.
#[test]
fn no_redirect_and_no_cookie_carries_a_secret_of_the_gateway() {
    let stage = Stage::new();
    let mut browser = stage.browser();
    let form = browser.go("/");
    let callback = browser.come_back(&form, ALICE);
    let end = browser.open("/logout");

    let gateway_secrets = &Secrets::of(&stage).0[..5];
    for response in [callback, end] {
        let sent = format!("{:?}", response.headers);
        for secret in gateway_secrets {
            assert!(!sent.contains(&*String::from_utf8_lossy(secret)));
        }
    }
}

/// `state`, `nonce` and `code_challenge` are the browser's and the provider's; the verifier is the provider's alone.
#[test]
fn the_redirect_to_the_provider_does_not_hold_the_code_verifier() {
    let stage = Stage::new();
    let mut browser = stage.browser();
    let form = browser.go("/");
    let redirect = browser.enter_password_only(&form, ALICE);
    let request = Request::navigation(&redirect.location().to_string());
    let held = stage.gateway.hold(browser.with_cookies(request));

    let body = held.callout.body.as_ref().unwrap().expose();
    let mut pairs = form_urlencoded::parse(body);
    let (_, verifier) = pairs.find(|(name, _)| name == "code_verifier").unwrap();

    assert_eq!(verifier.len(), 43);
    assert!(!form.address.to_string().contains(&*verifier));
    assert!(!format!("{:?}", held.callout).contains(&*verifier));
}

/// The cookies of a notebook are as good as a password there.
#[test]
fn what_becomes_of_other_cookies_is_not_told() {
    let stage = Stage::new();
    let session = stage.signed_in().session_cookie();
    let cookies = format!("_xsrf=of-a-notebook; authservice_session={session}");
    let request = Request::new("GET", "/").with("cookie", cookies);

    let Step::Forward(edits) = stage.gateway.decide(&request) else {
        panic!("the session is valid");
    };

    assert_eq!(format!("{:?}", edits.cookies), "Replace([redacted])");
}
