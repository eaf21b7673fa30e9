use kfwasm_oidc::callout::CalloutError;
use serde_json::json;

use crate::support::provider::{Answer, Endpoint};
use crate::support::response::Response;
use crate::support::stage::{ALICE, Stage};

/// A provider that puts no claims into its ID tokens, as the book has it (OIDC Core §5.4).
fn thin(changes: serde_json::Value) -> Stage {
    let stage = Stage::with(changes);
    stage.provider.omits("email");
    stage.provider.omits("groups");
    stage
}

fn calls(stage: &Stage) -> usize {
    stage.provider.calls(Endpoint::UserInfo)
}

#[test]
fn what_the_id_token_does_not_say_is_asked_for() {
    let stage = thin(json!({}));
    stage.provider.tells("email", ALICE);
    stage.provider.tells("groups", json!(["a", "b"]));

    let page = stage.browser().sign_in("/");

    let upstream = page.upstream.unwrap();
    assert_eq!(upstream.text("kubeflow-userid"), ALICE);
    assert_eq!(upstream.text("kubeflow-groups"), "a,b");
    assert_eq!(calls(&stage), 1);
}

#[test]
fn an_id_token_that_says_enough_is_enough() {
    let stage = Stage::new();
    stage.signed_in();
    assert_eq!(calls(&stage), 0);
}

#[test]
fn groups_that_only_userinfo_tells_are_asked_for_where_the_operator_says_so() {
    let stage = Stage::with(json!({"identity": {"userInfo": "always"}}));
    stage.provider.omits("groups");
    stage.provider.tells("groups", json!(["from-userinfo"]));
    stage.provider.tells("email", "somebody-else@example.com");

    let page = stage.browser().sign_in("/");

    let upstream = page.upstream.unwrap();
    assert_eq!(
        upstream.text("kubeflow-userid"),
        ALICE,
        "the ID token counts first"
    );
    assert_eq!(upstream.text("kubeflow-groups"), "from-userinfo");
}

#[test]
fn where_the_operator_forbids_it_nobody_is_asked() {
    let stage = thin(json!({"identity": {"userInfo": "never"}}));
    stage.provider.tells("email", ALICE);

    let page = stage.browser().sign_in("/");

    assert_eq!((page.status, calls(&stage)), (403, 0));
    assert!(
        page.report
            .contains("none of the claims email, preferred_username, upn"),
        "{}",
        page.report
    );
}

#[test]
fn an_unverified_address_is_refused_by_the_document_that_has_it() {
    let stage = thin(json!({}));
    stage.provider.claims("email_verified", true);
    stage.provider.tells("email", ALICE);
    stage.provider.tells("email_verified", false);

    let page = stage.browser().sign_in("/");

    assert_eq!(page.status, 403);
    assert!(page.report.contains("email_verified"), "{}", page.report);
}

fn refused(answer: Answer) -> Response {
    let stage = thin(json!({}));
    stage.provider.answers(Endpoint::UserInfo, answer);
    let mut browser = stage.browser();
    let page = browser.sign_in("/");
    assert!(page.upstream.is_none() && browser.jar.named("authservice_session").is_empty());
    page
}

#[test]
fn an_answer_about_somebody_else_is_not_used() {
    for body in [
        json!({"sub": "subject of mallory", "email": ALICE}),
        json!({"email": ALICE}),
        json!({"sub": null, "email": ALICE}),
    ] {
        let page = refused(Answer::Body(body.to_string().into_bytes()));
        assert_eq!(page.status, 502);
        assert!(
            page.report
                .contains("has no `sub`, or not that of the ID token"),
            "{}",
            page.report
        );
    }
}

#[test]
fn an_answer_that_cannot_be_read_ends_the_sign_in() {
    let cases = [
        (Answer::Body(b"[]".to_vec()), 502, "is not a JSON object"),
        (
            Answer::Typed("application/jwt", b"a.b.c".to_vec()),
            502,
            "is a JWT",
        ),
        (Answer::Body(vec![b' '; 300_000]), 502, "is longer than"),
        (Answer::Status(401), 502, "HTTP status 401"),
        (Answer::Status(500), 503, "HTTP status 500"),
        (
            Answer::None(CalloutError::NoResponse),
            503,
            "no response came",
        ),
    ];
    for (answer, status, report) in cases {
        let page = refused(answer);
        assert_eq!(page.status, status, "{}", page.report);
        assert!(page.report.contains(report), "{}", page.report);
    }
}
