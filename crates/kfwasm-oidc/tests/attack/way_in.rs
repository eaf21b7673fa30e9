use kfwasm_oidc::Outcome;
use serde_json::json;

use crate::support::request::Request;
use crate::support::stage::Stage;

/// Paths that look like one of the skipped ones: `/public` and below, `/healthz`, `*.css`, ACME challenges.
const DISGUISED: [&str; 55] = [
    "/admin?x=/healthz",
    "/admin?/healthz",
    "/admin?/public/",
    "/admin?x=y.css",
    "/admin?.css",
    "/admin#/public",
    "/admin#.css",
    "/admin%23.css",
    "/admin%3F.css",
    "/admin/healthz",
    "/healthz/",
    "/healthz/admin",
    "/healthzx",
    "/healthz%00",
    "/healthz%20",
    "/healthz;",
    "/healthz/..",
    "/HEALTHZ",
    "/publicity",
    "/public.",
    "/public-admin",
    "/public%2fadmin",
    "/public%2Fadmin",
    "/public/../admin",
    "/public/..",
    "/public/./../admin",
    "/public/%2e%2e/admin",
    "/public/%2E./admin",
    "/public/..%2fadmin",
    "/public/..;/admin",
    "/public/%252e%252e/admin",
    "/public\\..\\admin",
    "/public/..\\admin",
    "/public%5c..%5cadmin",
    "/public//../admin",
    "//public",
    "/x/../public/../admin",
    "//admin/x.css",
    "/admin/..%2fx.css",
    "/admin%2fx.css",
    "/admin;x.css",
    "/admin/\u{2024}\u{2024}/x.css",
    "public",
    "https://kubeflow.example.com/public",
    "/.well-known/acme-challenge/",
    "/.well-known/acme-challenge/../../admin",
    "/.well-known/acme-challenge/a/b",
    "/.well-known/acme-challenge",
    "/.well-known/acme-challenge/a/",
    "/.well-known/acme-challenge/a.css.x",
    "/.well-known/acme-challenge/a%2fb",
    "/.well-known/acme-challenge/%2e%2e",
    "/.well-known/acme-challenge/a%20b",
    "/.well-known/acme-challenge/a~b",
    "/x/.well-known/acme-challenge/token",
];

#[test]
fn no_disguise_makes_a_path_a_skipped_one() {
    let stage = Stage::new();
    for path in DISGUISED {
        for request in [Request::script("GET", "/"), Request::navigation("/")] {
            let reply = stage.gateway.handle(&request.replacing(":path", path));
            assert!(reply.upstream.is_none(), "{path}");
        }
    }
}

/// RFC 8555 §8.3: the authority sends a GET, and nothing with it.
#[test]
fn only_the_question_of_an_authority_passes_as_a_challenge() {
    let stage = Stage::new();
    let question = Request::new("GET", "/.well-known/acme-challenge/token");
    assert!(stage.gateway.handle(&question).upstream.is_some());
    for method in [
        "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "get", "",
    ] {
        let reply = stage
            .gateway
            .handle(&question.clone().replacing(":method", method));
        assert!(reply.upstream.is_none(), "{method}");
    }
    for (name, value) in [
        ("upgrade", "websocket"),
        ("upgrade", "h2c"),
        ("content-length", "1"),
        ("transfer-encoding", "chunked"),
    ] {
        let reply = stage.gateway.handle(&question.clone().with(name, value));
        assert!(reply.upstream.is_none(), "{name}: {value}");
    }
}

#[test]
fn nothing_but_a_session_opens_the_gateway() {
    let stage = Stage::new();
    for (name, value) in [
        ("authorization", "Bearer x"),
        (
            "authorization",
            "Bearer eyJhbGciOiJub25lIn0.eyJlbWFpbCI6ImFAYiJ9.",
        ),
        ("authorization", "Basic YWxpY2U6c2VjcmV0"),
        ("cookie", "authservice_session="),
        ("cookie", "authservice_session"),
        ("cookie", "authservice_session=alice@example.com"),
        ("cookie", "authservice_session=AQ"),
        ("kubeflow-userid", "alice@example.com"),
        ("x-forwarded-user", "alice@example.com"),
        ("x-original-url", "/healthz"),
        ("x-envoy-original-path", "/healthz"),
        ("x-http-method-override", "OPTIONS"),
        ("access-control-request-method", "GET"),
    ] {
        for method in ["GET", "POST", "OPTIONS", "HEAD", "TRACE", "CONNECT"] {
            let request = Request::new(method, "/pipeline/").with(name, value);
            let reply = stage.gateway.handle(&request);
            assert_eq!(reply.status, 401, "{method} {name}: {value}");
        }
    }
}

#[test]
fn nothing_opens_while_the_provider_is_down() {
    let stage = Stage::cold(json!({}));
    stage.provider.goes_down();
    stage.pass(5);

    let page = stage.gateway.handle(&Request::navigation("/"));
    let script = stage.gateway.handle(&Request::script("GET", "/"));

    assert_eq!((page.status, script.status), (503, 401));
    assert!(page.upstream.is_none() && script.upstream.is_none());
}

#[test]
fn nothing_opens_while_the_host_gives_no_random_bytes() {
    let stage = Stage::new();
    stage.gateway.entropy().fails = true;

    let page = stage.gateway.handle(&Request::navigation("/"));

    assert_eq!(page.status, 503);
    assert_eq!(page.outcome, Some(Outcome::GatewayFault));
    assert!(page.cookies_set().is_empty());
}

/// A redirect that keeps method and body would hand what was posted to the provider.
#[test]
fn what_is_posted_without_a_session_is_redirected_nowhere() {
    let stage = Stage::new();
    for method in ["POST", "PUT", "PATCH", "DELETE"] {
        let reply = stage
            .gateway
            .handle(&Request::form("/pipeline/").replacing(":method", method));

        assert_eq!((reply.status, reply.header("location")), (401, None));
    }
}

#[test]
fn only_the_exact_path_is_the_callback() {
    let stage = Stage::new();
    for path in [
        "/authservice/oidc/callback/",
        "/authservice/oidc/callbackx",
        "/authservice/oidc/callback/x",
        "/authservice/oidc",
        "/AuthService/oidc/callback",
        "/authservice/oidc/callback;x",
        "/authservice/oidc//callback",
        "//authservice/oidc/callback",
        "/authservice/oidc%2fcallback",
        "/x/../authservice/oidc/callback",
        "/x/authservice/oidc/callback",
    ] {
        let url = [path, "?error=access_denied&state=x"].concat();
        let reply = stage.gateway.handle(&Request::navigation(&url));
        assert_eq!(reply.outcome, Some(Outcome::SignInStarted), "{path}");
    }
}
