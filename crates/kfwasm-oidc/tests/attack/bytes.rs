use kfwasm_oidc::Outcome;

use crate::support::request::Request;
use crate::support::stage::{ALICE, Stage};

/// Bytes that are not UTF-8, or not what the place is for.
const STRANGE: [&[u8]; 6] = [b"\xff", b"a=\xff", b"\xc3\x28", b"\xed\xa0\x80", b"\0", b""];

const NAMES: [&str; 18] = [
    ":method",
    ":path",
    ":authority",
    "x-forwarded-proto",
    "x-request-id",
    "cookie",
    "authorization",
    "accept",
    "content-type",
    "origin",
    "referer",
    "sec-fetch-mode",
    "sec-fetch-dest",
    "sec-fetch-site",
    "sec-purpose",
    "upgrade",
    "kubeflow-userid",
    "x-other",
];

/// One such cookie ended the service of other filters' workers.
#[test]
fn strange_bytes_in_any_header_end_nothing() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();

    for path in [
        "/",
        "/healthz",
        "/logout",
        "/authservice/oidc/callback?code=a&state=b",
    ] {
        for (name, value) in NAMES.iter().flat_map(|name| STRANGE.map(|it| (*name, it))) {
            let request = Request::navigation(path).replacing(name, value);
            let reply = stage.gateway.handle(&request);
            let skipped = reply.outcome == Some(Outcome::Skipped);
            assert_eq!(reply.upstream.is_some(), skipped, "{name}: {value:?}");
        }
    }

    assert_eq!(browser.open("/").user(), ALICE);
}

#[test]
fn a_header_whose_name_is_no_text_ends_nothing() {
    let stage = Stage::new();

    let request = Request::navigation("/").with(b"\xff\xfe", b"\xff");

    assert_eq!(stage.gateway.handle(&request).status, 302);
}

#[test]
fn somebody_who_is_signed_in_may_send_strange_bytes_upstream() {
    let stage = Stage::new();
    let browser = stage.signed_in();
    let session = browser.session_cookie();

    let cookies = [
        b"a=\xff; authservice_session=",
        session.as_bytes(),
        b"; b=\xfe",
    ]
    .concat();
    let request = Request::new("GET", "/")
        .replacing(":path", b"/caf\xe9")
        .with("cookie", cookies);
    let upstream = stage.gateway.handle(&request).upstream.unwrap();

    assert_eq!(upstream.all("cookie"), [b"a=\xff; b=\xfe"]);
    assert_eq!(upstream.all(":path"), [b"/caf\xe9"]);
    assert_eq!(upstream.text("kubeflow-userid"), ALICE);
}

#[test]
fn a_path_of_strange_bytes_leads_to_sign_in_and_then_to_the_front_page() {
    let stage = Stage::new();
    let mut browser = stage.browser();

    let form = browser.send(Request::navigation("/").replacing(":path", b"/caf\xe9"));
    let form = browser.follow(form);
    let page = browser.enter_password(&form, ALICE);

    assert_eq!(page.address.to_string(), "https://kubeflow.example.com/");
}

#[test]
fn headers_that_are_no_header_map_are_refused() {
    let stage = Stage::new();

    let reply = stage
        .gateway
        .with_worker(0, |party, _| party.refuse_malformed());

    assert_eq!((reply.status, reply.outcome), (400, Outcome::Malformed));
}
