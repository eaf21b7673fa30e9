use kfwasm_oidc::Outcome;
use serde_json::{Value, json};

use crate::support::bearer::{alice, bearer, robot, with_token};
use crate::support::clock::{DAY, HOUR};
use crate::support::program::Program;
use crate::support::stage::{ALICE, OLD_KEY, Stage, config};

/// What a push of the configuration does: the workers begin anew.
fn push(stage: &Stage, revocation: Value) {
    push_with(stage, json!({}), revocation);
}

fn push_with(stage: &Stage, mut changes: Value, revocation: Value) {
    changes["session"] = json!({ "revocation": revocation });
    let changed = config(changes);
    stage.gateway.restart(&changed, OLD_KEY);
    stage.pass(0);
}

fn now(stage: &Stage) -> String {
    rfc3339(stage.clock.now().0)
}

/// Of a day in November 2026, or some days later.
fn rfc3339(seconds: u64) -> String {
    let days = seconds / DAY;
    let (hour, minute, second) = (seconds % DAY / HOUR, seconds % HOUR / 60, seconds % 60);
    let (mut year, mut day) = (1970, days);
    let length = |year: u64| 365 + u64::from(year.is_multiple_of(4));
    while day >= length(year) {
        day -= length(year);
        year += 1;
    }
    let mut month = 1;
    let of_month = |month, year: u64| match month {
        2 => 28 + u64::from(year.is_multiple_of(4)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    while day >= of_month(month, year) {
        day -= of_month(month, year);
        month += 1;
    }
    format!(
        "{year}-{month:02}-{:02}T{hour:02}:{minute:02}:{second:02}Z",
        day + 1
    )
}

#[test]
fn everybody_is_signed_out_by_one_push() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();
    stage.pass(1);

    push(&stage, json!({"notBefore": now(&stage)}));

    assert!(!browser.is_signed_in());
    assert_eq!(browser.go("/katib/").user(), ALICE);
    assert!(browser.is_signed_in());
}

#[test]
fn one_user_is_signed_out_and_the_others_are_not() {
    let stage = Stage::new();
    let mut alice = stage.signed_in();
    let mut bob = stage.browser();
    let form = bob.go("/");
    bob.enter_password(&form, "bob@example.com");
    stage.pass(1);

    push(
        &stage,
        json!({"users": [{"user": ALICE, "notBefore": now(&stage)}]}),
    );

    assert!(!alice.is_signed_in());
    assert!(bob.is_signed_in());
    assert_eq!(alice.go("/").user(), ALICE);
}

/// A sign-in that is revoked before it is there would go to the provider and back for ever.
#[test]
fn a_user_who_is_kept_out_gets_a_page_and_no_loop() {
    let stage = Stage::new();
    let until = rfc3339(stage.clock.now().0 + DAY);
    push(
        &stage,
        json!({"users": [{"user": ALICE, "notBefore": until}]}),
    );
    let mut browser = stage.browser();

    let page = browser.sign_in("/");

    assert_eq!(
        (page.status, page.outcome),
        (403, Some(Outcome::SignInRefused))
    );
    assert!(
        page.body
            .contains("your administrator has ended your access")
    );
    assert!(page.report.contains("session.revocation"));
    stage.pass(DAY);
    assert_eq!(browser.go("/").user(), ALICE);
}

#[test]
fn one_session_of_a_user_is_ended_and_the_others_are_not() {
    let stage = Stage::new();
    let (mut lost, mut kept) = (stage.signed_in(), stage.signed_in());
    let id = lost.session_id();
    assert_ne!(id, kept.session_id());

    push(&stage, json!({"sessions": [id]}));

    assert!(!lost.is_signed_in());
    assert!(kept.is_signed_in());
}

/// An operator who ends the session that a stranger has taken must not leave what was made of it.
#[test]
fn a_session_takes_the_programs_with_it_that_were_let_in_with_it() {
    let stage = Stage::new();
    let (mut lost, mut kept) = (stage.signed_in(), stage.signed_in());
    let program = Program::new();
    let of_lost = program.signed_in(&stage.gateway, &mut lost);
    let of_kept = program.signed_in(&stage.gateway, &mut kept);
    assert!(stage.gateway.handle(&of_lost).upstream.is_some());

    push(&stage, json!({"sessions": [lost.session_id()]}));

    assert_eq!(stage.gateway.handle(&of_lost).status, 401);
    assert!(stage.gateway.handle(&of_kept).upstream.is_some());
}

#[test]
fn a_revocation_that_names_nobody_here_ends_nothing() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();

    push(
        &stage,
        json!({
            "notBefore": now(&stage),
            "users": [{"user": "mallory@example.com", "notBefore": "9999-12-31T23:59:59Z"}],
            "sessions": ["AAAAAAAAAAAAAAAAAAAAAA"],
        }),
    );

    assert!(browser.is_signed_in());
}

/// A long poll that was on its way during the sign-out brings a renewed cookie afterwards.
#[test]
fn a_response_that_comes_after_the_sign_out_does_not_bring_the_session_back() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();
    stage.pass(2 * HOUR);
    let late = stage
        .gateway
        .handle(&browser.with_cookies(crate::support::request::Request::script("GET", "/events")));
    assert_eq!(late.cookies_set(), ["authservice_session"]);

    browser.open("/logout");
    browser.keep_cookies(&late);

    assert!(!browser.session_cookie().is_empty());
    assert!(!browser.is_signed_in());
    assert_eq!(browser.go("/").user(), ALICE);
    assert!(browser.is_signed_in());
}

#[test]
fn the_tokens_of_a_user_end_with_the_sessions() {
    let stage = Stage::with(bearer());
    let (hers, robots) = (alice(&stage), robot(&stage));
    let (old, robot) = (stage.provider.signs(&hers), stage.provider.signs(&robots));
    stage.pass(1);

    push_with(
        &stage,
        bearer(),
        json!({"users": [{"user": ALICE, "notBefore": now(&stage)}]}),
    );

    // Seen before or not, it is over.
    for _ in 0..2 {
        let refused = stage.gateway.handle(&with_token(&old));
        assert_eq!(
            (refused.status, refused.outcome),
            (401, Some(Outcome::BearerRefused))
        );
        assert!(
            refused
                .header("www-authenticate")
                .unwrap()
                .contains("invalid_token")
        );
        assert!(refused.report.contains("session.revocation"));
    }
    let new = stage.provider.signs(&alice(&stage));
    assert_eq!(stage.gateway.handle(&with_token(&new)).user(), ALICE);
    assert!(stage.gateway.handle(&with_token(&robot)).upstream.is_some());
}
