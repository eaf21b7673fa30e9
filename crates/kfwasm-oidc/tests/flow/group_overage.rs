use kfwasm_oidc::callout::CalloutError;
use serde_json::{Value, json};

use crate::support::browser::Browser;
use crate::support::provider::refresh::RefreshTokens;
use crate::support::provider::{Answer, Endpoint};
use crate::support::stage::Stage;

const GRAPH: &str = "https://login.example.com/v1.0/me/transitiveMemberOf?$select=id&$top=2";

fn changes() -> Value {
    json!({
        "provider": { "graphEndpoint": GRAPH },
        "access": [{ "prefix": "/pipeline", "groups": ["e"] }],
    })
}

#[test]
fn groups_that_do_not_fit_into_a_token_are_asked_for_at_graph() {
    let stage = Stage::with(changes());
    stage
        .provider
        .tells_groups_at_graph(&["a", "b", "c", "d", "e"]);
    let mut browser = stage.browser();

    let page = browser.sign_in("/pipeline/runs");

    let upstream = page.upstream.unwrap();
    assert_eq!(upstream.all("kubeflow-groups"), [b"a,b,c,d,e"]);
    assert_eq!(stage.provider.calls(Endpoint::Groups), 3);
    assert!(browser.is_signed_in());
}

#[test]
fn entras_other_way_to_say_so_counts_as_well() {
    let stage = Stage::with(changes());
    stage.provider.tells_groups_at_graph(&["a"]);
    stage.provider.omits("_claim_names");
    stage.provider.claims("hasgroups", true);

    let upstream = stage.browser().sign_in("/").upstream.unwrap();

    assert_eq!(upstream.all("kubeflow-groups"), [b"a"]);
}

#[test]
fn only_groups_that_count_are_kept() {
    let mut changes = changes();
    changes["identity"] = json!({ "groupFilter": { "names": ["b"] } });
    let stage = Stage::with(changes);
    stage
        .provider
        .tells_groups_at_graph(&["a", "b", "c", "d", "e"]);

    let upstream = stage.browser().sign_in("/").upstream.unwrap();

    assert_eq!(upstream.all("kubeflow-groups"), [b"b,e"]);
}

#[test]
fn graph_is_not_asked_for_what_the_token_says() {
    let stage = Stage::with(changes());

    assert!(stage.browser().sign_in("/").upstream.is_some());

    assert_eq!(stage.provider.calls(Endpoint::Groups), 0);
}

/// Nobody is let in as somebody without groups who has some.
#[test]
fn a_graph_that_does_not_tell_refuses_the_sign_in_and_says_why() {
    let next = json!({ "value": [], "@odata.nextLink": "https://evil.example/v1.0/me" });
    for (answer, status) in [
        (Answer::Status(401), 502),
        (Answer::Status(403), 502),
        (Answer::Status(429), 503),
        (Answer::Status(500), 503),
        (Answer::None(CalloutError::NoResponse), 503),
        (Answer::None(CalloutError::NotSent), 503),
        (Answer::Html, 502),
        (Answer::Body(b"{}".to_vec()), 502),
        (Answer::Body(next.to_string().into_bytes()), 502),
    ] {
        let stage = Stage::with(changes());
        stage.provider.tells_groups_at_graph(&["a"]);
        stage.provider.answers(Endpoint::Groups, answer.clone());
        let mut browser = stage.browser();

        let page = browser.sign_in("/");

        assert_eq!(page.status, status, "{answer:?}: {}", page.report);
        assert!(page.report.contains("Microsoft Graph"), "{}", page.report);
        assert!(status != 502 || page.body.contains("Your groups could not be found out"));
        assert!(!browser.is_signed_in(), "{answer:?}");
    }
}

#[test]
fn a_missing_permission_is_told_to_the_operator() {
    let stage = Stage::with(changes());
    stage.provider.tells_groups_at_graph(&["a"]);
    stage
        .provider
        .answers(Endpoint::Groups, Answer::Status(403));

    let page = stage.browser().sign_in("/");

    assert!(page.report.contains("User.Read"), "{}", page.report);
    assert!(
        page.report.contains("groupOverage: ignore"),
        "{}",
        page.report
    );
}

/// The address in the token is anybody's who can write claims; only the configured one gets the access token.
#[test]
fn the_address_in_the_token_is_not_used() {
    let stage = Stage::with(changes());
    stage.provider.tells_groups_at_graph(&["a"]);

    assert!(stage.browser().sign_in("/").upstream.is_some());

    // The provider in memory panics when it is asked at another host.
    assert_eq!(stage.provider.calls(Endpoint::Groups), 1);
}

#[test]
fn an_operator_may_leave_such_people_without_groups() {
    let stage = Stage::new();
    stage.provider.tells_groups_at_graph(&["a"]);

    let upstream = stage.browser().sign_in("/").upstream.unwrap();

    assert!(upstream.all("kubeflow-groups").is_empty());
    assert_eq!(stage.provider.calls(Endpoint::Groups), 0);
}

/// A session near the end of its token, whose refresh is to find the groups anew.
fn near_refresh() -> (Stage, Browser) {
    let mut changes = changes();
    changes["session"] = json!({ "refresh": true });
    let stage = Stage::with(changes);
    stage.provider.gives_refresh_tokens(RefreshTokens::Rotating);
    stage.provider.tells_groups_at_graph(&["a", "b", "c"]);
    let mut browser = stage.browser();
    let page = browser.sign_in("/");
    assert_eq!(page.upstream.unwrap().all("kubeflow-groups"), [b"a,b,c"]);
    stage.pass(55 * 60);
    (stage, browser)
}

#[test]
fn groups_are_found_anew_by_each_refresh() {
    let (stage, mut browser) = near_refresh();
    stage.provider.tells_groups_at_graph(&["c", "d", "e"]);

    browser.open("/");
    let page = browser.open("/");

    assert_eq!(page.upstream.unwrap().all("kubeflow-groups"), [b"c,d,e"]);
    assert_eq!(stage.provider.calls(Endpoint::Groups), 4);
}

#[test]
fn a_refresh_without_an_answer_of_graph_keeps_the_groups_that_are_known() {
    let (stage, mut browser) = near_refresh();
    stage
        .provider
        .answers(Endpoint::Groups, Answer::Status(403));

    browser.open("/");
    let page = browser.open("/");

    assert_eq!(page.upstream.unwrap().all("kubeflow-groups"), [b"a,b,c"]);
}
