use kfwasm_oidc::Outcome;

use crate::support::provider::Endpoint;
use crate::support::request::Request;
use crate::support::stage::{ALICE, Stage};

/// Authorities that are not those of the gateway.
const STRANGERS: [&str; 14] = [
    "evil.example",
    "kubeflow.example.com.evil.example",
    "evil.example/kubeflow.example.com",
    "kubeflow.example.com@evil.example",
    "evil.example#kubeflow.example.com",
    "evil.example:443",
    "kubeflow.example.com:444",
    "kubeflow.example.com:80",
    "kubeflow.example.com:443:443",
    "kubeflow.example.com.",
    "kubeflow.example.org",
    "kubeflow.example.com\r\nx: y",
    " kubeflow.example.com",
    "",
];

#[test]
fn a_host_that_is_not_ours_gets_no_sign_in_and_is_never_repeated() {
    let stage = Stage::new();
    for stranger in STRANGERS {
        for path in [
            "/",
            "/authservice/oidc/callback?code=x&state=y",
            "/authservice/oidc/callback",
            "/logout",
        ] {
            let request = Request::navigation(path).replacing(":authority", stranger);

            let reply = stage.gateway.handle(&request);

            assert_eq!(reply.status, 421, "{stranger} {path}");
            assert_eq!(reply.outcome, Some(Outcome::Misdirected));
            assert_eq!(
                (reply.header("location"), reply.cookies_set().len()),
                (None, 0)
            );
            assert!(!reply.body.contains("evil.example"));
            assert!(!reply.report.contains("evil.example"));
        }
    }
}

#[test]
fn a_host_that_is_not_ours_is_not_redirected_to_over_https() {
    let stage = Stage::new();
    for stranger in STRANGERS {
        let request = Request::navigation("/")
            .replacing(":authority", stranger)
            .replacing("x-forwarded-proto", "http");

        assert_eq!(stage.gateway.handle(&request).status, 421, "{stranger}");
    }
}

#[test]
fn no_other_header_names_the_host() {
    let stage = Stage::new();
    let request = ["x-forwarded-host", "forwarded", "x-original-host", "x-host"]
        .into_iter()
        .fold(Request::navigation("/"), |it, name| {
            it.with(name, "host=evil.example")
        });

    let reply = stage.gateway.handle(&request);

    assert!(!reply.header("location").unwrap().contains("evil"));
}

/// Cookies do not know ports: the browser shows those of one public host to another on the same name.
#[test]
fn a_sign_in_that_was_begun_on_another_public_host_does_not_end_here() {
    let stage = Stage::new();
    let mut browser = stage.browser();
    let form = browser.go("/");
    let mut back = browser.enter_password_only(&form, ALICE);
    back.edit_location("kubeflow.example.com", "kubeflow.example.org:8443");
    let (name, value) = browser.attempts().remove(0);

    let request = Request::navigation(&back.location().to_string())
        .with("cookie", [name.as_str(), "=", value.as_str()].concat());
    let reply = stage.gateway.handle(&request);

    assert_eq!(reply.status, 400);
    assert!(reply.cookies_set().is_empty());
    assert_eq!(stage.provider.calls(Endpoint::Token), 0);
}
