use kfwasm_oidc::Outcome;
use kfwasm_oidc::callout::CalloutError;
use serde_json::json;

use crate::support::clock::{DAY, HOUR};
use crate::support::provider::{Answer, Endpoint};
use crate::support::stage::{ALICE, OLD_KEY, Stage, config};

#[test]
fn people_who_are_signed_in_notice_nothing() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();
    stage.provider.goes_down();
    let calls = stage.provider.calls(Endpoint::Token);

    for _ in 0..6 {
        stage.pass(DAY / 2);
        assert_eq!(browser.open("/").user(), ALICE);
    }

    assert_eq!(stage.provider.calls(Endpoint::Token), calls);
}

#[test]
fn people_who_are_signed_in_notice_nothing_of_a_gateway_that_starts_during_the_outage() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();
    stage.provider.goes_down();

    stage.gateway.restart(&config(json!({})), OLD_KEY);
    stage.pass(1);

    assert_eq!(browser.open("/").user(), ALICE);
}

#[test]
fn a_new_sign_in_is_asked_to_come_back_later() {
    let stage = Stage::cold(json!({}));
    stage.provider.goes_down();
    let mut browser = stage.browser();

    for _ in 0..3 {
        let page = browser.open("/");
        assert_eq!(page.status, 503);
        assert_eq!(page.outcome, Some(Outcome::ProviderUnavailable));
        assert!(page.body.contains("Sign-in is not possible right now"));
        let seconds: u64 = page.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=60).contains(&seconds));
        assert!(!page.report.is_empty());
        stage.pass(1);
    }
}

#[test]
fn sign_in_works_again_without_a_restart() {
    let stage = Stage::cold(json!({}));
    stage.provider.goes_down();
    for _ in 0..120 {
        stage.pass(1);
    }
    assert_eq!(stage.browser().open("/").status, 503);

    stage.provider.comes_back();
    for _ in 0..61 {
        stage.pass(1);
    }

    assert_eq!(stage.browser().sign_in("/").user(), ALICE);
}

#[test]
fn sign_in_works_again_even_if_nothing_but_requests_asks() {
    let stage = Stage::cold(json!({}));
    stage.provider.goes_down();
    assert_eq!(stage.browser().open("/").status, 503);

    stage.provider.comes_back();
    stage.clock.advance(2);

    assert_eq!(stage.browser().sign_in("/").user(), ALICE);
}

#[test]
fn a_provider_that_is_down_is_asked_about_once_a_minute() {
    let stage = Stage::cold(json!({}));
    stage.provider.goes_down();
    let mut browser = stage.browser();

    for _ in 0..HOUR {
        stage.pass(1);
        browser.open("/");
    }

    let calls = stage.provider.calls(Endpoint::Discovery);
    assert!((60..140).contains(&calls), "{calls} calls in an hour");
}

#[test]
fn an_outage_in_the_middle_of_a_sign_in_costs_one_more_try() {
    let stage = Stage::new();

    for answer in [
        Answer::None(CalloutError::NoResponse),
        Answer::None(CalloutError::NotSent),
        Answer::Status(503),
        Answer::Status(504),
        Answer::Status(429),
        Answer::Error("temporarily_unavailable"),
    ] {
        let mut browser = stage.browser();
        let form = browser.go("/katib/");
        stage.provider.answers(Endpoint::Token, answer.clone());
        let page = browser.enter_password(&form, ALICE);
        stage.provider.comes_back();

        assert_eq!(page.status, 503, "{answer:?}: {}", page.report);
        assert_eq!(page.header("retry-after"), Some("5"));
        assert!(browser.attempts().is_empty());
        assert_eq!(browser.go("/katib/").address.path, "/katib/");
    }
}

#[test]
fn documents_that_cannot_be_fetched_anew_go_on_being_used() {
    let stage = Stage::new();
    stage
        .provider
        .answers(Endpoint::Discovery, Answer::Status(500));
    stage.provider.answers(Endpoint::KeySet, Answer::Html);

    stage.pass(30 * DAY);
    assert!(!stage.gateway.fetch_faults().is_empty());

    assert_eq!(stage.browser().sign_in("/").user(), ALICE);
}

#[test]
fn the_operator_is_told_why_documents_do_not_come() {
    let stage = Stage::cold(json!({}));
    stage
        .provider
        .answers(Endpoint::Discovery, Answer::None(CalloutError::NotSent));

    stage.pass(0);

    let faults = stage.gateway.fetch_faults();
    assert_eq!(
        faults[0],
        "the discovery document: Envoy did not send the request: it has no such cluster; \
         see that the gateway has a cluster for the provider and can reach it"
    );
}

#[test]
fn documents_are_fetched_again_before_they_are_too_old() {
    let stage = Stage::new();

    stage.pass(HOUR * 4 / 5);

    assert_eq!(stage.provider.calls(Endpoint::Discovery), 2);
    assert_eq!(stage.provider.calls(Endpoint::KeySet), 2);
}
