use serde_json::json;

use crate::support::stage::{ALICE, NEW_KEY, OLD_KEY, Stage, config};

#[test]
fn a_new_key_signs_nobody_out() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();

    rotate(&stage, &[NEW_KEY, OLD_KEY]);

    assert_eq!(browser.open("/").user(), ALICE);
}

#[test]
fn a_sign_in_that_began_under_the_old_key_ends_under_the_new_one() {
    let stage = Stage::new();
    let mut browser = stage.browser();
    let form = browser.go("/katib/");

    rotate(&stage, &[NEW_KEY, OLD_KEY]);

    assert_eq!(browser.enter_password(&form, ALICE).address.path, "/katib/");
}

#[test]
fn new_sessions_are_sealed_with_the_first_key() {
    let stage = Stage::new();
    rotate(&stage, &[NEW_KEY, OLD_KEY]);
    let mut browser = stage.signed_in();

    rotate(&stage, &[NEW_KEY]);

    assert!(browser.is_signed_in());
}

#[test]
fn a_renewed_session_moves_to_the_first_key() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();

    rotate(&stage, &[NEW_KEY, OLD_KEY]);
    stage.pass(7_200);
    browser.open("/");
    rotate(&stage, &[NEW_KEY]);

    assert!(browser.is_signed_in());
}

#[test]
fn sessions_of_a_key_that_was_dropped_are_over() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();

    rotate(&stage, &[NEW_KEY]);

    assert!(!browser.is_signed_in());
    assert_eq!(browser.go("/katib/").user(), ALICE);
}

#[test]
fn a_sign_in_of_a_key_that_was_dropped_is_asked_to_begin_again() {
    let stage = Stage::new();
    let mut browser = stage.browser();
    let form = browser.go("/katib/");

    rotate(&stage, &[NEW_KEY]);
    let page = browser.enter_password(&form, ALICE);

    assert_eq!(page.status, 400);
    assert!(page.body.contains("This sign-in is not known here"));
    // What is left of it goes away with the next sign-in.
    let next = browser.open("/");
    assert_eq!(next.cookies_deleted().len(), 1);
    assert_eq!(browser.attempts().len(), 1);
}

#[test]
fn gateways_with_the_same_keys_accept_each_others_sessions() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();

    rotate(&stage, &[OLD_KEY]);

    assert!(browser.is_signed_in());
}

fn rotate(stage: &Stage, keys: &[&str]) {
    stage.gateway.restart(&config(json!({})), &keys.join(","));
    stage.pass(0);
}
