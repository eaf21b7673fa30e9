use kfwasm_oidc::{Due, Host, RelyingParty, Step};
use serde_json::{Value, json};

use crate::support::bearer::{alice, bearer, but, robot, with_token};
use crate::support::gateway::decide;
use crate::support::provider::Endpoint;
use crate::support::request::Request;
use crate::support::stage::{ALICE, Stage, config};

#[test]
fn what_one_worker_has_fetched_serves_the_others() {
    let stage = Stage::new();
    stage.gateway.add_worker(&config(json!({})));

    let page = stage.browser().sign_in("/katib/");

    assert_eq!(page.user(), ALICE);
    assert_eq!(stage.provider.calls(Endpoint::Discovery), 1);
    assert_eq!(stage.provider.calls(Endpoint::KeySet), 1);
}

#[test]
fn one_worker_fetches_what_is_due_for_all() {
    let stage = Stage::cold(json!({}));
    stage.gateway.add_worker(&config(json!({})));

    for _ in 0..10 {
        stage.pass(1);
    }

    assert_eq!(stage.provider.calls(Endpoint::Discovery), 1);
    assert_eq!(stage.provider.calls(Endpoint::KeySet), 1);
}

#[test]
fn while_one_worker_fetches_the_others_do_not() {
    let stage = Stage::cold(json!({}));
    stage.gateway.add_worker(&config(json!({})));
    let due = |worker| {
        let ask = |it: &mut RelyingParty, host: &mut Host<'_>| it.due_fetches(host).len();
        stage.gateway.with_worker(worker, ask)
    };

    assert_eq!((due(0), due(1)), (1, 0));
    // The answer never comes. By then its deadline of five seconds is over.
    stage.clock.advance(5);
    assert_eq!((due(1), due(0)), (0, 0));
    stage.clock.advance(1);
    assert_eq!((due(1), due(0)), (1, 0));
}

#[test]
fn a_sign_in_may_begin_at_one_worker_and_end_at_another() {
    let stage = Stage::new();
    let mut browser = stage.browser();
    let form = browser.go("/katib/");

    stage.gateway.add_worker(&config(json!({})));
    assert_eq!(browser.enter_password(&form, ALICE).user(), ALICE);

    stage.gateway.serve_with(0);
    assert_eq!(browser.open("/").user(), ALICE);
}

#[test]
fn keys_that_one_worker_met_are_known_to_the_others() {
    let stage = Stage::new();
    stage.gateway.add_worker(&config(json!({})));
    stage.signed_in();
    stage.provider.replaces_keys();
    stage.clock.advance(60);

    stage.gateway.serve_with(0);
    stage.signed_in();
    stage.gateway.serve_with(1);
    stage.signed_in();

    assert_eq!(stage.provider.calls(Endpoint::KeySet), 2);
}

#[test]
fn a_worker_that_looks_while_another_stores_new_keys_does_not_miss_them() {
    let stage = Stage::with(bearer());
    stage.gateway.add_worker(&config(bearer()));
    let [mut alices, mut robots] = [alice, robot].map(|it| tokens(&stage, it).into_iter());
    stage.provider.replaces_keys();
    stage.clock.advance(3_500);

    for fetch in stage.gateway.with_worker(0, RelyingParty::due_fetches) {
        let answer = stage.gateway.call(&fetch.request);
        let take = |it: &mut RelyingParty, host: &mut Host<'_>| {
            it.fetched(fetch.document, answer, host).unwrap();
        };
        let old = match fetch.document {
            Due::Provider(..) => &mut alices,
            Due::BearerIssuer(_) => &mut robots,
        };
        let look = |it: &mut RelyingParty, host: &mut Host<'_>| {
            assert!(is_let_in(&old.next().unwrap(), it, host));
        };
        stage.gateway.with_contention([0, 1], take, look);
    }

    for claims in [alice, robot] {
        let new = tokens(&stage, claims).pop().unwrap();
        assert!(
            stage
                .gateway
                .with_worker(1, |it, host| is_let_in(&new, it, host))
        );
    }
}

/// Whether a worker lets a request in without asking for keys.
fn is_let_in(request: &Request, worker: &mut RelyingParty, host: &mut Host<'_>) -> bool {
    matches!(decide(request, worker, host), Step::Forward(_))
}

/// Requests with different tokens.
fn tokens(stage: &Stage, claims: fn(&Stage) -> Value) -> Vec<Request> {
    let token = |number| but(claims(stage), "jti", json!(number));
    let request = |number| with_token(&stage.provider.signs(&token(number)));
    (0..8).map(request).collect()
}

#[test]
fn a_request_that_needs_the_documents_does_not_wait_for_anothers_fetch() {
    let stage = Stage::cold(json!({}));
    // This worker has begun to fetch, and never gets an answer.
    let begun = stage
        .gateway
        .with_worker(0, |it, host| it.due_fetches(host).len());
    assert_eq!(begun, 1);

    stage.gateway.add_worker(&config(json!({})));

    assert_eq!(stage.browser().sign_in("/").user(), ALICE);
}
