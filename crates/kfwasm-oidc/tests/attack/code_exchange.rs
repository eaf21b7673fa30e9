use crate::support::browser::Browser;
use crate::support::gateway::Held;
use crate::support::provider::Endpoint;
use crate::support::request::Request;
use crate::support::stage::{ALICE, Stage};

const MALLORY: &str = "mallory@example.com";

/// A code that was stolen is worth nothing without the code verifier, which never leaves its browser unsealed.
#[test]
fn a_stolen_code_in_the_thiefs_own_sign_in_is_refused() {
    let stage = Stage::new();
    let stolen = code(&mut stage.browser(), ALICE);
    let mut mallory = stage.browser();
    let form = mallory.go("/");
    let mut redirect = mallory.enter_password_only(&form, MALLORY);
    let own = redirect.location().parameter("code").unwrap();
    redirect.edit_location(&own, &stolen);

    let page = mallory.follow(redirect);

    assert_eq!(page.status, 502);
    assert!(page.report.contains("invalid_grant"), "{}", page.report);
    assert!(page.cookies_set().is_empty());
}

fn code(browser: &mut Browser, user: &str) -> String {
    let form = browser.go("/");
    let redirect = browser.enter_password_only(&form, user);
    redirect.location().parameter("code").unwrap()
}

/// A request at the callback that waits for the token endpoint.
fn at_token_endpoint(stage: &Stage, user: &str) -> Held {
    let mut browser = stage.browser();
    let form = browser.go("/");
    let redirect = browser.enter_password_only(&form, user);
    let request = Request::navigation(&redirect.location().to_string());
    stage.gateway.hold(browser.with_cookies(request))
}

/// Also where a provider does not check the code verifier, or answers are mixed up on the way.
#[test]
fn answers_of_the_token_endpoint_that_are_swapped_sign_nobody_in() {
    let stage = Stage::new();
    let alice = at_token_endpoint(&stage, ALICE);
    let mallory = at_token_endpoint(&stage, MALLORY);
    let (for_alice, for_mallory) = (
        stage.gateway.call(&alice.callout),
        stage.gateway.call(&mallory.callout),
    );

    for (held, answer) in [(mallory, for_alice), (alice, for_mallory)] {
        let page = stage.gateway.resume(held, answer);
        assert_eq!(page.status, 502);
        assert!(page.report.contains("nonce"), "{}", page.report);
        assert!(page.cookies_set().is_empty());
    }
}

#[test]
fn the_right_answers_would_have_signed_both_in() {
    let stage = Stage::new();
    let alice = at_token_endpoint(&stage, ALICE);
    let mallory = at_token_endpoint(&stage, MALLORY);

    for held in [alice, mallory] {
        let answer = stage.gateway.call(&held.callout);
        let page = stage.gateway.resume(held, answer);
        assert_eq!(page.status, 302);
    }
}

#[test]
fn an_id_token_of_another_client_signs_nobody_in() {
    let stage = Stage::new();
    stage.provider.claims("aud", "another-application");

    let page = stage.browser().sign_in("/");

    assert_eq!(page.status, 502);
    assert!(
        page.report.contains("another-application"),
        "{}",
        page.report
    );
}

/// A key set that an attacker chose the contents of could still not be asked for: its address is the provider's.
#[test]
fn unknown_keys_do_not_make_the_gateway_a_load_on_the_provider() {
    let stage = Stage::new();
    stage.clock.advance(60);
    stage.provider.replaces_keys();
    let published = stage.provider.published_keys();
    stage.provider.replaces_keys();
    stage.provider.answers(
        Endpoint::KeySet,
        crate::support::provider::Answer::Body(published),
    );

    for _ in 0..50 {
        stage.browser().sign_in("/");
    }

    assert_eq!(stage.provider.calls(Endpoint::KeySet), 2);
}

/// Whoever can write any address into an account at the provider would be anybody (OpenID Connect Core §5.1).
#[test]
fn an_address_that_the_provider_has_not_verified_names_nobody() {
    let stage = Stage::new();
    stage.provider.claims("email_verified", false);
    let mut browser = stage.browser();

    let page = browser.sign_in("/");

    assert_eq!(page.status, 403);
    assert!(page.report.contains("email_verified"), "{}", page.report);
    assert!(!browser.is_signed_in());
}
