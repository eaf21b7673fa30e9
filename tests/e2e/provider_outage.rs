//! The provider is away, and comes back with new keys.

use kfwasm_rig::{Page, Rig, RigError, UserAgent, wait_until};

use crate::own_gateway::OwnGateway;
use crate::stage::{PATIENCE, SESSION, Shown, alice_at, latest, stage, wait_for_line};
use crate::workers::assert_workers_serve;

#[test]
fn an_outage_stops_new_sign_ins_alone_and_ends_by_itself() -> Shown {
    let mut rig = stage()?;
    let mut alice = alice_at(&rig)?;
    let mut bob = UserAgent::new();
    let back = with_code(&rig, &mut bob)?;
    rig.provider.pause();

    let page = alice.visit(&rig.at("/notebooks"))?;
    assert_eq!(page.status, 200);
    assert_eq!(latest(&rig).all("kubeflow-userid"), ["alice@example.com"]);

    assert_unavailable(&bob.follow(&back)?);
    let attempts = bob.cookie_names().into_iter();
    assert_eq!(attempts.filter(|name| name.starts_with(SESSION)).count(), 0);
    wait_for_line(&rig.gateway, &["[warning]", "kfwasm provider_unavailable"])?;

    rig.provider.resume()?;
    // The new keys are fetched because the old ones do not fit: at most once in ten seconds.
    wait_until("bob to sign in", PATIENCE, || {
        let page = UserAgent::new().sign_in(&rig.at("/"), "bob").ok()?;
        (page.status == 200).then_some(())
    })?;
    assert_eq!(latest(&rig).all("kubeflow-userid"), ["bob@example.com"]);
    assert_eq!(alice.visit(&rig.at("/"))?.status, 200);
    assert_workers_serve(&rig)
}

#[test]
fn a_gateway_that_starts_during_an_outage_signs_people_in_after_it() -> Shown {
    let mut own = OwnGateway::prepare()?;
    own.provider.pause();
    let gateway = own.start()?;
    let at = |path: &str| format!("{}{path}", gateway.address());
    let mut browser = UserAgent::new();
    assert_unavailable(&browser.visit(&at("/"))?);
    assert_eq!(browser.visit(&at("/public/x"))?.status, 200);
    wait_for_line(
        &gateway,
        &["[warning]", "kfwasm provider", "the discovery document"],
    )?;
    own.provider.resume()?;
    wait_until("alice to sign in", PATIENCE, || {
        let page = UserAgent::new().sign_in(&at("/"), "alice").ok()?;
        (page.status == 200).then_some(())
    })?;
    let seen = own.upstream.latest().expect("a request");
    assert_eq!(seen.all("kubeflow-userid"), ["alice@example.com"]);
    Ok(())
}

#[test]
fn one_worker_fetches_the_documents_for_all() -> Shown {
    let rig = stage()?;
    for _ in 0..4 {
        alice_at(&rig)?;
    }
    assert_workers_serve(&rig)?;
    for path in ["/.well-known/openid-configuration", "/jwks"] {
        assert_eq!(rig.provider.asked(path)?, 1, "{path}");
    }
    Ok(())
}

fn assert_unavailable(page: &Page) {
    assert_eq!(page.status, 503, "{}", page.text());
    let seconds = page
        .header("retry-after")
        .and_then(|it| it.parse::<u64>().ok());
    assert!(
        seconds.is_some_and(|it| (1..=60).contains(&it)),
        "{seconds:?}"
    );
    assert!(page.text().contains("The sign-in service does not answer"));
}

/// As far as the redirect that brings Bob back to the callback with a code.
fn with_code(rig: &Rig, browser: &mut UserAgent) -> Result<Page, RigError> {
    let asked = browser.visit(&rig.at("/"))?;
    let form = browser.land(asked)?;
    let mut page = browser.submit(&form, &[("username", "bob")])?;
    while page.location_parameter("code").is_none() {
        page = browser.follow(&page)?;
    }
    Ok(page)
}
