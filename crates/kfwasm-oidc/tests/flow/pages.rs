use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::support::request::Request;
use crate::support::response::Response;
use crate::support::stage::Stage;

const LOGO: &str = "data:image/png;base64,iVBORw0KGgo=";

#[test]
fn each_page_carries_the_brand_and_the_way_to_help() {
    let stage = Stage::with(json!({"brand": {
        "name": "A <b>Platform</b>",
        "logo": LOGO,
        "accentColor": "#ffd200",
        "supportUrl": "https://help.example.com/?a=1&b=2",
    }}));

    for page in pages(&stage) {
        let body = &page.body;
        assert!(body.contains("A &#60;b&#62;Platform&#60;/b&#62;"), "{body}");
        assert!(body.contains(&format!("<img alt=\"\" src=\"{LOGO}\">")));
        assert!(body.contains("--accent:#ffd200;--on-accent:#000"));
        assert!(body.contains("href=\"https://help.example.com/?a=1&#38;b=2\""));
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.contains("; img-src data:;"), "{policy}");
        assert_allowed(policy, body);
    }
}

#[test]
fn a_page_without_brand_loads_nothing_but_its_own_style() {
    let stage = Stage::new();
    for page in pages(&stage) {
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none';"), "{policy}");
        assert!(!policy.contains("img-src"), "{policy}");
        assert!(!page.body.contains("class=\"brand\""));
        assert_allowed(policy, &page.body);
    }
}

/// An error, the question before a sign-out, the page after it, and the page in a frame.
fn pages(stage: &Stage) -> [Response; 4] {
    let question = Request::navigation("/logout").replacing("sec-fetch-site", "cross-site");
    let frame = Request::navigation("/x").replacing("sec-fetch-dest", "iframe");
    let ask = |request: &Request| stage.gateway.handle(request);
    [
        ask(&Request::navigation("/login/oidc?code=a&state=b")),
        ask(&question),
        ask(&Request::navigation("/login/oidc")),
        ask(&frame),
    ]
}

/// The style on the page is the one that the policy names (CSP Level 3 §2.3.1).
fn assert_allowed(policy: &str, body: &str) {
    let (_, rest) = body.split_once("<style>").unwrap();
    let (style, _) = rest.split_once("</style>").unwrap();
    let hash = STANDARD.encode(Sha256::digest(style));
    assert!(
        policy.contains(&format!("style-src 'sha256-{hash}'")),
        "{policy}"
    );
}
