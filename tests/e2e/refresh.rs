//! New tokens of a real provider that replaces refresh tokens, and takes all of them back when one is used twice.

use std::net::{Ipv4Addr, TcpListener};
use std::thread;

use kfwasm_rig::{
    Gateway, GatewaySettings, Page, Parts, Request, Rig, RigError, RigSettings, UserAgent,
    free_port, wait_until,
};
use serde_json::json;

use crate::own_gateway::OwnGateway;
use crate::stage::{PATIENCE, SESSION, Shown, alice_at, latest};
use crate::workers::{assert_gateway_serves, assert_workers_serve};

const TOKENS: &str = "authservice_session_tokens_0=";
/// Connections enough that each of two workers gets some.
const REQUESTS: usize = 24;

/// A rig whose tokens live a second.
fn stage() -> Result<Rig, RigError> {
    let settings = RigSettings {
        plugin: json!({ "session": { "refresh": true } }),
        refresh_tokens: true,
        token_seconds: 1,
        ..RigSettings::default()
    };
    Rig::start(&Parts::from_environment()?, &settings)
}

fn brings_tokens(page: &Page) -> bool {
    let cookies = page.all("set-cookie");
    cookies.iter().any(|it| it.starts_with(TOKENS))
}

/// Waits until a session that began now is due for a refresh; earlier ones then are too.
fn wait_until_due(gateway: &Gateway) -> Shown {
    let mut bob = UserAgent::new();
    bob.sign_in(&gateway.address(), "bob")?;
    wait_until("a refresh", PATIENCE, || {
        let page = bob.visit(&gateway.address()).ok()?;
        brings_tokens(&page).then_some(())
    })
}

/// The same browser's requests, all at once.
fn send_at_once(browser: &UserAgent, gateways: &[&Gateway]) -> Result<Vec<UserAgent>, RigError> {
    let send = |gateway: &Gateway| -> Result<(u16, UserAgent), RigError> {
        let mut browser = browser.clone();
        let request = Request::fetch(&format!("{}/echo", gateway.address()))?;
        Ok((browser.send(&request)?.status, browser))
    };
    let answers: Vec<_> = thread::scope(|scope| {
        let gateways = gateways.iter().cycle().take(REQUESTS);
        let threads: Vec<_> = gateways.map(|it| scope.spawn(|| send(it))).collect();
        threads
            .into_iter()
            .map(|it| it.join().expect("an answer"))
            .collect()
    });
    let answers = answers.into_iter().collect::<Result<Vec<_>, _>>()?;
    assert!(answers.iter().all(|(status, _)| *status == 200));
    Ok(answers.into_iter().map(|(_, browser)| browser).collect())
}

#[test]
fn a_session_is_refreshed_again_and_again_with_tokens_that_serve_once() -> Shown {
    let rig = stage()?;
    let mut alice = alice_at(&rig)?;
    for _ in 0..3 {
        wait_until("a refresh", PATIENCE, || {
            let page = alice.visit(&rig.at("/")).ok()?;
            brings_tokens(&page).then_some(())
        })?;
    }
    assert_eq!(latest(&rig).all("kubeflow-userid"), ["alice@example.com"]);
    assert_eq!(latest(&rig).all("cookie"), [""; 0]);
    let refused = |line: &String| line.contains("kfwasm refresh");
    assert_eq!(rig.gateway.log().lines().into_iter().find(refused), None);
    assert_workers_serve(&rig)
}

/// RFC 7009. What somebody has kept of the session refreshes nothing any more.
#[test]
fn a_sign_out_takes_the_refresh_token_back_at_the_provider() -> Shown {
    let rig = stage()?;
    let mut alice = alice_at(&rig)?;
    let mut kept = alice.clone();

    let page = alice.visit(&rig.at("/logout"))?;

    assert_eq!(page.status, 303);
    assert_eq!(rig.provider.asked("/token/revocation")?, 1);
    wait_until("a refresh that is refused", PATIENCE, || {
        assert!(!brings_tokens(&kept.visit(&rig.at("/")).ok()?));
        let refused = rig.gateway.stat("wasmcustom.kfwasm.refreshes.refused");
        (refused.ok()? > 0).then_some(())
    })
}

#[test]
fn many_requests_on_two_workers_cause_one_refresh() -> Shown {
    let rig = stage()?;
    let alice = alice_at(&rig)?;
    wait_until_due(&rig.gateway)?;
    rig.provider.issue_tokens_for(3600)?;
    let before = rig.provider.asked("/token")?;

    let browsers = send_at_once(&alice, &[&rig.gateway])?;

    assert_eq!(rig.provider.asked("/token")?, before + 1);
    let value = |it: &UserAgent| it.cookie(&rig.at("/"), SESSION);
    let old = value(&alice);
    assert!(browsers.iter().any(|it| value(it) != old));
    // Whoever came with the old cookies gets the new ones, without another refresh.
    let mut late = alice.clone();
    assert!(brings_tokens(&late.visit(&rig.at("/"))?));
    assert_eq!(rig.provider.asked("/token")?, before + 1);
    assert_workers_serve(&rig)
}

#[test]
fn two_gateways_that_refresh_at_once_sign_nobody_out() -> Shown {
    let mut own = OwnGateway::prepare_with(|provider| {
        provider.refresh_tokens = true;
        provider.token_seconds = 1;
    })?;
    own.settings.plugin["session"]["refresh"] = json!(true);
    let first = own.start()?;
    let settings = GatewaySettings {
        port: free_port()?,
        ..own.settings.clone()
    };
    let second = Gateway::start(&Parts::from_environment()?, settings)?;
    let mut alice = UserAgent::new();
    assert_eq!(alice.sign_in(&first.address(), "alice")?.status, 200);
    wait_until_due(&first)?;
    own.provider.issue_tokens_for(3600)?;
    let before = own.provider.asked("/token")?;

    let browsers = send_at_once(&alice, &[&first, &second])?;

    // One of each gateway at the most; the second may have come after the first was over, and been refused.
    assert!((1..=2).contains(&(own.provider.asked("/token")? - before)));
    for mut browser in browsers {
        for gateway in [&first, &second] {
            assert_eq!(browser.visit(&gateway.address())?.status, 200);
        }
    }
    assert_gateway_serves(&first)?;
    assert_gateway_serves(&second)
}

#[test]
fn a_provider_that_dies_or_hangs_during_a_refresh_holds_nobody_up() -> Shown {
    let mut rig = stage()?;
    let mut alice = alice_at(&rig)?;
    wait_until_due(&rig.gateway)?;
    let port = rig.provider.settings().port;
    rig.provider.pause();

    // It takes connections and says nothing: the response waits for some seconds and no longer.
    let hangs = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .map_err(RigError::io("listen in the provider's place"))?;
    let page = alice.visit(&rig.at("/"))?;
    assert_eq!((page.status, brings_tokens(&page)), (200, false));
    drop(hangs);

    // It is not there at all.
    wait_until("the next try", PATIENCE, || {
        let page = alice.visit(&rig.at("/")).ok()?;
        assert_eq!(page.status, 200);
        let tried = |line: &String| line.contains("kfwasm refresh");
        let lines = rig.gateway.log().lines();
        (lines.iter().filter(|it| tried(it)).count() > 1).then_some(())
    })?;

    // It is back, and has forgotten everything.
    rig.provider.resume()?;
    assert_eq!(alice.visit(&rig.at("/"))?.status, 200);
    assert_workers_serve(&rig)
}
