use serde_json::json;

use crate::support::request::Request;
use crate::support::stage::{ALICE, Stage};

/// Where Alice gets to, of these paths.
fn open_to_alice(access: serde_json::Value, paths: &[&'static str]) -> Vec<&'static str> {
    let stage = Stage::with(json!({"access": access}));
    let mut browser = stage.browser();
    browser.sign_in("/");
    let mut open = paths.to_vec();
    open.retain(|path| browser.send(Request::navigation(path)).upstream.is_some());
    open
}

#[test]
fn one_of_users_groups_and_domains_is_enough() {
    for rule in [
        json!({"users": [ALICE]}),
        json!({"groups": ["data-science"]}),
        json!({"groups": ["nobody", "0f8fad5b-d9cb-469f-a165-70867728950e"]}),
        json!({"domains": ["Example.COM"]}),
        json!({"users": ["bob@example.com"], "groups": ["nobody"], "domains": ["example.com"]}),
    ] {
        assert_eq!(open_to_alice(json!([rule]), &["/"]), ["/"], "{rule}");
    }
}

#[test]
fn who_is_none_of_them_stays_outside() {
    for rule in [
        json!({"users": ["Alice@example.com"]}),
        json!({"groups": ["data", "data-science-2", "Data-Science"]}),
        json!({"domains": ["ample.com", "com", "sub.example.com"]}),
    ] {
        assert!(
            open_to_alice(json!([rule]), &["/", "/public"]) == ["/public"],
            "{rule}"
        );
    }
}

#[test]
fn each_rule_that_covers_a_path_must_be_met() {
    let access = json!([
        {"domains": ["example.com"]},
        {"prefix": "/pipeline", "groups": ["admins"]},
        {"prefix": "/katib", "groups": ["data-science"]},
    ]);
    let paths = ["/", "/pipeline", "/pipeline/apis/v1", "/katib/ui"];
    assert_eq!(open_to_alice(access, &paths), ["/", "/katib/ui"]);
}

/// A VirtualService with `prefix: /app` and `rewrite: /` makes `/admin` of `/appadmin`, and that of Kubeflow with
/// `prefix: /ml_metadata` is there for `/ml_metadata.MetadataStoreService`.
#[test]
fn a_rule_covers_what_a_route_with_its_prefix_reaches() {
    let access = json!([
        {"prefix": "/ml_metadata", "groups": ["admins"]},
        {"prefix": "/app", "groups": ["admins"]},
    ]);
    let paths = [
        "/ml_metadata.MetadataStoreService/GetArtifacts",
        "/ml_metadata%2EMetadataStoreService/GetArtifacts",
        "/appadmin",
        "/app.html",
        "/ap",
        "/x/app",
    ];
    assert_eq!(open_to_alice(access, &paths), ["/ap", "/x/app"]);
}

/// The gateway and an upstream could read them differently: whoever may not go everywhere may not go there.
#[test]
fn an_ambiguous_path_escapes_no_rule() {
    let access = json!([{"prefix": "/pipeline", "groups": ["admins"]}]);
    let ways = [
        "/x/../pipeline/",
        "//pipeline",
        "/%2e%2e/pipeline",
        "/pipeline%2Fx",
        "/x%2f..%2fpipeline",
        "/pipeline;a=b/x",
        "/%70ipeline/x",
        "/pipeline\\x",
        "/./pipeline",
    ];
    assert!(open_to_alice(access, &ways).is_empty());
}

/// Upstreams read an encoded `@` as an `@`.
#[test]
fn no_spelling_of_a_character_escapes_a_rule() {
    let access = json!([{"prefix": "/app/@admin", "groups": ["admins"]}, {"prefix": "/a(b)!", "groups": ["admins"]}]);
    let ways = [
        "/app/@admin",
        "/app/%40admin",
        "/app/%40%61dmin/x",
        "/a%28b%29%21",
        "/a(b%29!/x",
    ];
    assert!(open_to_alice(access, &ways).is_empty());
}

#[test]
fn somebody_who_is_kept_out_learns_as_whom_and_what_to_do() {
    let stage = Stage::with(json!({"access": [{"groups": ["<admins>"]}]}));
    let mut browser = stage.browser();
    let page = browser.sign_in("/");

    assert_eq!((page.status, page.upstream.is_none()), (403, true));
    assert!(
        page.body
            .contains("You are signed in as alice@example.com."),
        "{}",
        page.body
    );
    assert!(page.body.contains("Use another account"));
    assert!(page.body.contains("href=\"/logout\""), "{}", page.body);
    assert!(page.report.contains("lets them in"));
}

#[test]
fn a_program_that_is_kept_out_gets_json() {
    let stage = Stage::with(json!({"access": [{"groups": ["admins"]}]}));
    let mut browser = stage.browser();
    browser.sign_in("/");

    let answer = browser.fetch("/jupyter/api/namespaces");

    assert_eq!(answer.status, 403);
    assert_eq!(
        answer.header("content-type"),
        Some("application/problem+json")
    );
    assert!(!answer.body.contains("alice"));
}

/// A rule is asked when a cookie is seen first and remembered with it: another configuration must not remember.
#[test]
fn a_new_rule_counts_for_sessions_that_are_there() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();
    let strict = crate::support::stage::config(json!({"access": [{"groups": ["admins"]}]}));

    stage.gateway.add_worker(&strict);

    assert_eq!(browser.open("/").status, 403);
    stage.gateway.serve_with(0);
    assert_eq!(browser.open("/").status, 200);
}
