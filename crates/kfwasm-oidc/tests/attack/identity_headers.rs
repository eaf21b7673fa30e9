use serde_json::json;

use crate::support::request::Request;
use crate::support::stage::{ALICE, Stage};
use crate::support::upstream::Upstream;

/// Every name that an upstream could read as one of ours (RFC 3875 §4.1.18 for the underscore).
const NAMES: [&str; 11] = [
    "kubeflow-userid",
    "kubeflow_userid",
    "kubeflow-groups",
    "kubeflow_groups",
    "kubeflow.userid",
    "kubeflow~userid",
    "kubeflow!groups",
    "kubeflow-userid",
    "kubeflow-groups",
    "kubeflow_userid",
    "kubeflow-userid",
];

fn forged(request: Request) -> Request {
    NAMES
        .into_iter()
        .fold(request, |it, name| it.with(name, "root@example.com"))
}

fn values(upstream: &Upstream) -> Vec<&[u8]> {
    NAMES[..7].iter().flat_map(|it| upstream.all(it)).collect()
}

#[test]
fn a_skipped_path_forwards_no_identity_of_the_clients() {
    let stage = Stage::new();
    for path in [
        "/healthz",
        "/public/a",
        "/x.css",
        "/.well-known/acme-challenge/token",
    ] {
        let response = stage.gateway.handle(&forged(Request::new("GET", path)));
        assert!(values(&response.upstream.unwrap()).is_empty(), "{path}");
    }
}

#[test]
fn a_skipped_path_forwards_no_identity_even_with_a_session() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();

    let response = browser.send(forged(Request::navigation("/public/a")));

    let upstream = response.upstream.unwrap();
    assert!(values(&upstream).is_empty());
    assert!(upstream.all("cookie").is_empty());
}

#[test]
fn a_session_replaces_every_identity_of_the_clients_by_its_own() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();

    let response = browser.send(forged(Request::navigation("/")));

    let upstream = response.upstream.unwrap();
    assert_eq!(upstream.all("kubeflow-userid"), [ALICE.as_bytes()]);
    assert_eq!(upstream.all("kubeflow-groups").len(), 1);
    assert_eq!(values(&upstream).len(), 2);
}

#[test]
fn somebody_without_groups_cannot_bring_some() {
    let stage = Stage::new();
    stage.provider.omits("groups");
    let mut browser = stage.signed_in();

    let response = browser.send(forged(Request::navigation("/")));

    let upstream = response.upstream.unwrap();
    assert_eq!(values(&upstream), [ALICE.as_bytes()]);
}

#[test]
fn headers_of_the_operators_own_names_are_kept_from_clients_too() {
    let stage = Stage::with(json!({"identity": {
        "header": "X-Auth-Request_User", "groupsHeader": "x-groups",
    }}));
    let request = [
        "x-auth-request-user",
        "x-auth-request_user",
        "x_auth_request_user",
        "x_groups",
    ]
    .into_iter()
    .fold(Request::new("GET", "/healthz"), |it, name| {
        it.with(name, "root")
    });

    let upstream = stage.gateway.handle(&request).upstream.unwrap();

    assert!(!upstream.headers.iter().any(|(_, value)| value == b"root"));
}

#[test]
fn other_headers_pass_as_they_are() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();
    let request = Request::navigation("/")
        .with("kubeflow-userid-hint", "x")
        .with("x-kubeflow-userid", "y")
        .with("authorization", "Bearer z");

    let upstream = browser.send(request).upstream.unwrap();

    assert_eq!(upstream.text("kubeflow-userid-hint"), "x");
    assert_eq!(upstream.text("x-kubeflow-userid"), "y");
    assert_eq!(upstream.text("authorization"), "Bearer z");
}
