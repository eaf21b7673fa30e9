//! Programs that bring a token of their own.

use kfwasm_oidc::Outcome;
use kfwasm_oidc::callout::CalloutError;
use serde_json::{Value, json};

use crate::support::bearer::{ROBOT, alice, bearer, but, robot, with_token};
use crate::support::provider::{Answer, Endpoint};
use crate::support::request::Request;
use crate::support::response::Response;
use crate::support::stage::{ALICE, OLD_KEY, Stage, config};

fn stage() -> Stage {
    Stage::with(bearer())
}

fn send(stage: &Stage, claims: &Value) -> Response {
    let token = stage.provider.signs(claims);
    stage.gateway.handle(&with_token(&token))
}

#[test]
fn a_token_of_the_provider_is_its_user_with_groups() {
    let stage = stage();

    let response = send(&stage, &alice(&stage));

    let upstream = response.upstream.unwrap();
    assert_eq!(response.outcome, Some(Outcome::Forwarded));
    assert_eq!(upstream.text("kubeflow-userid"), ALICE);
    assert_eq!(upstream.text("kubeflow-groups"), "data-science");
}

#[test]
fn a_token_of_the_cluster_is_its_service_account_and_in_no_group() {
    let stage = stage();

    let upstream = send(&stage, &robot(&stage)).upstream.unwrap();

    assert_eq!(upstream.text("kubeflow-userid"), ROBOT);
    assert_eq!(upstream.text("kubeflow-groups"), "");
}

#[test]
fn each_issuer_has_its_own_claims_prefix_and_audiences() {
    let mut changes = bearer();
    changes["bearer"]["issuers"][1]["claims"] = json!(["email"]);
    changes["bearer"]["issuers"][1]["prefix"] = json!("ci:");
    changes["identity"] = json!({ "prefix": "people:" });
    let stage = Stage::with(changes);

    let upstream = send(&stage, &but(robot(&stage), "aud", json!("kfwasm")))
        .upstream
        .unwrap();
    assert_eq!(upstream.text("kubeflow-userid"), "ci:mallory@example.com");

    let upstream = send(&stage, &alice(&stage)).upstream.unwrap();
    assert_eq!(upstream.text("kubeflow-userid"), format!("people:{ALICE}"));

    let foreign = send(&stage, &but(alice(&stage), "aud", json!("kfwasm")));
    assert_eq!(foreign.status, 401);
}

#[test]
fn the_token_goes_no_further_unless_the_operator_wants_it_to() {
    let stage = stage();
    let upstream = send(&stage, &robot(&stage)).upstream.unwrap();
    assert_eq!(upstream.text("authorization"), "");

    let mut changes = bearer();
    changes["bearer"]["issuers"][1]["forwardToken"] = json!(true);
    let stage = Stage::with(changes);
    let token = stage.provider.signs(&robot(&stage));
    let upstream = stage.gateway.handle(&with_token(&token)).upstream.unwrap();
    assert_eq!(upstream.text("authorization"), format!("Bearer {token}"));
    assert_eq!(upstream.text("kubeflow-userid"), ROBOT);
}

#[test]
fn a_known_token_ends_when_it_says_so() {
    let stage = stage();
    let token = stage.provider.signs(&robot(&stage));
    let status = || stage.gateway.handle(&with_token(&token)).status;
    assert_eq!(status(), 200);

    stage.pass(3600 + 59);
    assert_eq!(status(), 200);

    stage.pass(1);
    let refused = stage.gateway.handle(&with_token(&token));
    assert_eq!(refused.status, 401);
    let challenge = refused.header("www-authenticate").unwrap();
    assert!(challenge.contains("error=\"invalid_token\""), "{challenge}");
    assert!(challenge.contains("expired"), "{challenge}");
}

#[test]
fn a_token_whose_key_is_withdrawn_ends_within_five_minutes() {
    let stage = stage();
    let token = stage.provider.signs(&robot(&stage));
    assert_eq!(stage.gateway.handle(&with_token(&token)).status, 200);
    stage.provider.replaces_keys();

    stage.pass(3600 - 1);

    assert_eq!(stage.gateway.handle(&with_token(&token)).status, 401);
}

#[test]
fn a_session_counts_more_than_a_token() {
    let stage = stage();
    let browser = stage.signed_in();
    let token = stage.provider.signs(&robot(&stage));
    for authorization in [format!("Bearer {token}"), "Bearer junk".to_owned()] {
        let request = browser
            .with_cookies(Request::navigation("/pipeline/"))
            .with("authorization", &authorization);

        let upstream = stage.gateway.handle(&request).upstream.unwrap();

        assert_eq!(upstream.text("kubeflow-userid"), ALICE);
        // An application's own use of the header is none of ours.
        assert_eq!(upstream.text("authorization"), authorization);
    }
}

#[test]
fn without_issuers_the_header_is_the_upstreams() {
    let stage = Stage::new();
    let token = stage.provider.signs(&robot(&stage));

    let refused = stage.gateway.handle(&with_token(&token));

    assert_eq!(refused.outcome, Some(Outcome::Unauthorized));
    let skipped = Request::new("GET", "/public/x").with("authorization", "Bearer x");
    let upstream = stage.gateway.handle(&skipped).upstream.unwrap();
    assert_eq!(upstream.text("authorization"), "Bearer x");
}

#[test]
fn another_scheme_is_no_bearer_token() {
    let stage = stage();
    for scheme in ["Basic YTpi", "token abc", "Bearerx y", ""] {
        let request = Request::navigation("/").with("authorization", scheme);
        assert_eq!(stage.gateway.handle(&request).status, 302, "{scheme}");
    }
}

#[test]
fn keys_that_are_not_there_yet_are_fetched_by_the_request() {
    let stage = Stage::cold(bearer());

    let upstream = send(&stage, &robot(&stage)).upstream.unwrap();

    assert_eq!(upstream.text("kubeflow-userid"), ROBOT);
    assert_eq!(stage.provider.calls(Endpoint::KeySet), 1);
}

#[test]
fn a_new_key_of_the_issuer_causes_one_fetch_and_unknown_keys_no_second_one() {
    let stage = stage();
    let fetched = stage.provider.calls(Endpoint::KeySet);
    stage.clock.advance(60);
    stage.provider.replaces_keys();
    assert_eq!(send(&stage, &robot(&stage)).status, 200);
    assert_eq!(stage.provider.calls(Endpoint::KeySet), fetched + 1);

    stage.provider.replaces_keys();
    assert_eq!(send(&stage, &robot(&stage)).status, 401);
    assert_eq!(stage.provider.calls(Endpoint::KeySet), fetched + 1);
}

#[test]
fn while_no_key_is_known_and_the_issuer_is_down_programs_are_asked_to_wait() {
    let stage = Stage::cold(bearer());
    stage
        .provider
        .answers(Endpoint::KeySet, Answer::None(CalloutError::NoResponse));
    for _ in 0..2 {
        let response = send(&stage, &robot(&stage));
        assert_eq!(response.status, 503, "{}", response.report);
        assert!(response.header("retry-after").is_some());
    }
    assert_eq!(stage.provider.calls(Endpoint::KeySet), 1);

    stage.provider.comes_back();
    stage.pass(2);
    assert_eq!(send(&stage, &robot(&stage)).status, 200);
}

#[test]
fn keys_in_the_configuration_are_never_fetched() {
    let stage = Stage::cold(json!({}));
    let keys = String::from_utf8(stage.provider.published_keys()).unwrap();
    let mut changes = bearer();
    let issuer = &mut changes["bearer"]["issuers"][1];
    issuer["jwks"] = json!(keys);
    issuer.as_object_mut().unwrap().remove("jwksUri");
    changes["provider"] = json!({
        "jwks": keys,
        "authorizationEndpoint": "https://login.example.com/authorize",
        "tokenEndpoint": "https://login.example.com/token",
    });
    stage.gateway.restart(&config(changes), OLD_KEY);
    stage
        .provider
        .answers(Endpoint::KeySet, Answer::Status(500));
    stage
        .provider
        .answers(Endpoint::Discovery, Answer::Status(500));
    stage.pass(1);

    assert_eq!(send(&stage, &robot(&stage)).status, 200);
    assert_eq!(send(&stage, &alice(&stage)).status, 200);
    assert_eq!(stage.browser().sign_in("/").user(), ALICE);
    stage.provider.replaces_keys();
    assert_eq!(send(&stage, &robot(&stage)).status, 401);
    assert_eq!(stage.provider.calls(Endpoint::KeySet), 0);
    assert_eq!(stage.provider.calls(Endpoint::Discovery), 0);
}

#[test]
fn access_rules_hold_for_tokens_and_mean_no_namesake_of_another_issuer() {
    let mut changes = bearer();
    changes["bearer"]["issuers"][1]["claims"] = json!(["email"]);
    changes["bearer"]["issuers"][1]["prefix"] = json!("ci:");
    changes["access"] = json!([{ "prefix": "/pipeline", "users": [ALICE] }]);
    let stage = Stage::with(changes);
    let namesake = but(robot(&stage), "email", json!(ALICE));

    // The second time the token is known.
    for _ in 0..2 {
        assert_eq!(send(&stage, &alice(&stage)).status, 200);
        let forbidden = send(&stage, &namesake);
        assert_eq!(forbidden.outcome, Some(Outcome::Forbidden));
        assert_eq!(forbidden.status, 403);
    }
    let token = stage.provider.signs(&namesake);
    let elsewhere = with_token(&token).replacing(":path", "/elsewhere");
    let upstream = stage.gateway.handle(&elsewhere).upstream.unwrap();
    assert_eq!(upstream.text("kubeflow-userid"), format!("ci:{ALICE}"));
    let several_readings = with_token(&token).replacing(":path", "/elsewhere/..%2fpipeline");
    assert_eq!(stage.gateway.handle(&several_readings).status, 403);
}
