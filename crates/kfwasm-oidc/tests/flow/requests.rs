use kfwasm_oidc::Outcome;
use serde_json::{Value, json};

use crate::support::request::Request;
use crate::support::stage::{ALICE, Stage};

/// Requests of programs, each told by one thing from a person's navigation.
fn programs() -> Vec<(&'static str, Request)> {
    let page = || Request::navigation("/pipeline/");
    vec![
        ("a script", Request::script("GET", "/pipeline/x")),
        (
            "a script that posts",
            Request::script("POST", "/pipeline/x"),
        ),
        (
            "XMLHttpRequest",
            page().with("x-requested-with", "XMLHttpRequest"),
        ),
        ("a form", page().replacing(":method", "POST")),
        ("DELETE", page().replacing(":method", "DELETE")),
        ("OPTIONS", page().replacing(":method", "OPTIONS")),
        ("WebSocket", page().with("upgrade", "websocket")),
        (
            "gRPC",
            Request::new("POST", "/ml_metadata.Store/Get").with("content-type", "application/grpc"),
        ),
        (
            "gRPC-web",
            page().replacing(":path", "/ml_metadata.Store/Get"),
        ),
        (
            "a prefetch",
            page().with("sec-purpose", "prefetch;prerender"),
        ),
        ("an older prefetch", page().with("purpose", "prefetch")),
        (
            "an image",
            page()
                .replacing("sec-fetch-dest", "image")
                .replacing("sec-fetch-mode", "no-cors"),
        ),
        (
            "a worker",
            page()
                .replacing("sec-fetch-dest", "worker")
                .replacing("sec-fetch-mode", "same-origin"),
        ),
        ("api", page().replacing(":path", "/jupyter/api/namespaces")),
        (
            "apis",
            page().replacing(":path", "/pipeline/apis/v2beta1/runs?x"),
        ),
        ("curl", Request::new("GET", "/").with("accept", "*/*")),
        ("a program without accept", Request::new("GET", "/")),
        (
            "an SDK",
            Request::new("GET", "/").with("accept", "application/json"),
        ),
    ]
}

#[test]
fn a_program_without_a_session_gets_401_and_no_redirect() {
    let stage = Stage::new();
    for (who, request) in programs() {
        let reply = stage.gateway.handle(&request);

        assert_eq!(reply.status, 401, "{who}");
        assert_eq!(reply.outcome, Some(Outcome::Unauthorized));
        assert_eq!(reply.header("location"), None);
        assert_eq!(
            reply.header("www-authenticate"),
            Some("Bearer realm=\"kfwasm\"")
        );
        assert_eq!(
            reply.header("content-type"),
            Some("application/problem+json")
        );
        assert!(reply.cookies_set().is_empty());
        let problem: Value = serde_json::from_str(&reply.body).unwrap();
        assert_eq!(problem["status"], 401);
        assert_eq!(problem["requestId"], "3f0a2f6e-5b1c-4f0e-9d2a-7c1d5e8b9a00");
    }
}

#[test]
fn a_person_is_sent_to_the_provider() {
    let stage = Stage::new();
    let old_browser = Request::new("GET", "/").with("accept", "text/html, */*");
    for request in [
        Request::navigation("/pipeline/"),
        Request::navigation("/pipeline/").replacing(":method", "HEAD"),
        Request::navigation("/apiary/"),
        old_browser,
    ] {
        let reply = stage.gateway.handle(&request);
        assert_eq!(reply.status, 302);
        assert_eq!(reply.outcome, Some(Outcome::SignInStarted));
        assert_eq!(reply.location().path_alone(), "/authorize");
        assert_eq!(reply.header("cache-control"), Some("no-store"));
    }
}

#[test]
fn a_frame_gets_a_page_that_takes_the_whole_window_to_sign_in() {
    let stage = Stage::new();
    for kind in ["iframe", "frame", "embed", "object"] {
        let request = Request::navigation("/_/pipeline/").replacing("sec-fetch-dest", kind);

        let page = stage.gateway.handle(&request);

        assert_eq!((page.status, page.header("location")), (401, None));
        assert_eq!(page.outcome, Some(Outcome::FrameUnauthorized));
        assert!(page.body.contains("window.top.location.reload()"));
        assert!(page.body.contains("target=\"_top\""));
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"));
        assert!(!policy.contains("unsafe-inline"));
        assert!(policy.contains("frame-ancestors 'self'"));
    }
}

#[test]
fn plain_http_is_sent_to_https() {
    let stage = Stage::new();
    let mut browser = stage.browser();

    let reply = browser.open("http://kubeflow.example.com/pipeline/?x=1");

    assert_eq!(reply.status, 308);
    assert_eq!(reply.outcome, Some(Outcome::RedirectedToHttps));
    assert_eq!(
        reply.location().to_string(),
        "https://kubeflow.example.com/pipeline/?x=1"
    );
}

#[test]
fn plain_http_is_served_where_something_in_front_ends_tls() {
    let stage = Stage::with(json!({"plainHttp": "accept"}));

    let request = Request::navigation("/").replacing("x-forwarded-proto", "http");
    let location = stage.gateway.handle(&request).location();

    assert_eq!(
        location.parameter("redirect_uri").unwrap(),
        "https://kubeflow.example.com/authservice/oidc/callback"
    );
}

#[test]
fn the_demo_signs_in_over_plain_http() {
    let stage = Stage::with(json!({"insecureHttp": true}));
    let mut browser = stage.browser();

    let form = browser.go("http://kubeflow.example.com/katib/");
    let page = browser.enter_password(&form, ALICE);

    assert_eq!(
        page.address.to_string(),
        "http://kubeflow.example.com/katib/"
    );
    assert_eq!(page.user(), ALICE);
}

#[test]
fn a_skipped_path_needs_no_sign_in() {
    let stage = Stage::new();
    for path in [
        "/healthz",
        "/healthz?x",
        "/public",
        "/public/",
        "/public/a/b",
        "/x/y.css",
        "/%70ublic/a",
    ] {
        let page = stage.gateway.handle(&Request::new("GET", path));
        assert_eq!(page.outcome, Some(Outcome::Skipped), "{path}");
        assert_eq!(page.user(), "");
    }
}

#[test]
fn a_skip_rule_may_be_for_some_hosts_and_methods() {
    let stage = Stage::with(json!({"skip": [
        {"prefix": "/public", "hosts": ["kubeflow.example.com"], "methods": ["GET"]},
    ]}));
    for (method, url, skipped) in [
        ("GET", "https://kubeflow.example.com/public/a", true),
        ("POST", "https://kubeflow.example.com/public/a", false),
        ("GET", "https://kubeflow.example.org:8443/public/a", false),
        ("GET", "https://elsewhere.example/public/a", false),
    ] {
        let response = stage.gateway.handle(&Request::new(method, url));
        assert_eq!(response.upstream.is_some(), skipped, "{method} {url}");
    }
}

/// A preflight carries no credentials (Fetch §3.3.5): it gets through where a rule says so, as nobody, and nothing else does.
#[test]
fn a_preflight_passes_where_a_rule_says_so_and_as_nobody() {
    let preflight = |path| {
        Request::new("OPTIONS", path)
            .with("origin", "https://notebook.example.org")
            .with("access-control-request-method", "POST")
            .with("kubeflow-userid", "root@example.com")
    };
    let rule = json!({"skip": [{"prefix": "/pipeline", "methods": ["OPTIONS"]}]});
    let stage = Stage::with(rule);

    let passed = stage.gateway.handle(&preflight("/pipeline/apis"));
    assert!(passed.upstream.unwrap().all("kubeflow-userid").is_empty());
    for path in ["/katib", "/pipelines", "/x/../pipeline"] {
        assert_eq!(stage.gateway.handle(&preflight(path)).status, 401, "{path}");
    }
    let post = preflight("/pipeline/apis").replacing(":method", "POST");
    assert_eq!(stage.gateway.handle(&post).status, 401);
    assert_eq!(
        Stage::new()
            .gateway
            .handle(&preflight("/pipeline/apis"))
            .status,
        401
    );
}

#[test]
fn certificate_challenges_pass_over_plain_http_too() {
    let stage = Stage::new();
    let path = "/.well-known/acme-challenge/LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0";

    for scheme in ["http", "https"] {
        let request = Request::new("GET", path).replacing("x-forwarded-proto", scheme);
        assert_eq!(
            stage.gateway.handle(&request).outcome,
            Some(Outcome::Skipped)
        );
    }
    let off = Stage::with(json!({"acmeChallenges": false}));
    assert_eq!(off.gateway.handle(&Request::new("GET", path)).status, 401);
}

#[test]
fn a_refusal_is_a_page_for_people_and_json_for_programs() {
    let stage = Stage::new();
    let url = "/authservice/oidc/callback?code=x&state=unknown";

    let page = stage.gateway.handle(&Request::navigation(url));
    let problem = stage.gateway.handle(&Request::script("GET", url));

    assert_eq!((page.status, problem.status), (400, 400));
    assert_eq!(
        page.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    assert_eq!(
        problem.header("content-type"),
        Some("application/problem+json")
    );
}

#[test]
fn what_is_let_through_brings_the_backstops_header_whatever_the_client_sent() {
    let backstop = json!({"backstop": {"header": "x-kfwasm-gate", "secret": {"env": "GATE"}}});
    let stage = Stage::with(backstop);
    let mut browser = stage.signed_in();
    for path in ["/", "/public/x"] {
        let request = Request::navigation(path)
            .with("x-kfwasm-gate", "made up")
            .with("x-kfwasm-gate", "twice");
        let page = browser.send(request);
        assert_eq!(
            page.upstream.unwrap().text("x-kfwasm-gate"),
            crate::support::stage::GATE
        );
    }
}
