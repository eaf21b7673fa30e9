//! What an operator may write, and what becomes of the rest.

use kfwasm_rig::{Gateway, Request, RigError, UserAgent, wait_until};
use serde_json::json;

use crate::own_gateway::{OwnGateway, plugin};
use crate::stage::{PATIENCE, Shown, wait_for_line};

#[test]
fn a_gateway_without_a_good_configuration_lets_nothing_through_and_names_every_problem() -> Shown {
    let mut own = OwnGateway::prepare()?;
    own.settings.plugin["publicHosts"] = json!([]);
    own.settings.plugin["skip"] = json!([{ "prefix": "/" }]);
    own.settings.plugin["sesion"] = json!({ "idle": "1h" });
    own.settings.plugin["providers"][0]["issuer"] = json!("login.example.com");
    let gateway = own.start()?;
    for path in [
        "/",
        "/public/x",
        "/health",
        "/authservice/oidc/callback",
        "/logout",
    ] {
        for _ in 0..4 {
            assert_eq!(status_at(&gateway, path)?, 503, "{path}");
        }
    }
    for path in ["publicHosts", "skip[0]", "sesion", "providers[0].issuer"] {
        let refused = format!("kfwasm configuration refused: {path}");
        wait_for_line(&gateway, &["[error][wasm]", &refused])?;
    }
    assert!(own.upstream.received().is_empty());
    Ok(())
}

#[test]
fn a_refused_update_leaves_the_old_configuration_in_force() -> Shown {
    let own = OwnGateway::prepare()?;
    let mut gateway = own.start()?;
    let mut alice = UserAgent::new();
    assert_eq!(alice.sign_in(&gateway.address(), "alice")?.status, 200);
    let mut bad = own.settings.plugin.clone();
    bad["skip"] = json!([{ "prefix": "/open" }, { "prefix": "no slash" }]);
    assert!(matches!(
        gateway.push(bad),
        Err(RigError::EnvoyRefused { .. })
    ));
    wait_for_line(&gateway, &["kfwasm configuration refused: skip[1]"])?;
    for _ in 0..10 {
        assert_eq!(status_at(&gateway, "/open/x")?, 302);
        assert_eq!(status_at(&gateway, "/public/x")?, 200);
        assert_eq!(alice.visit(&gateway.address())?.status, 200);
    }
    Ok(())
}

#[test]
fn a_good_update_takes_effect_and_signs_nobody_out() -> Shown {
    let own = OwnGateway::prepare()?;
    let mut gateway = own.start()?;
    let mut alice = UserAgent::new();
    assert_eq!(alice.sign_in(&gateway.address(), "alice")?.status, 200);
    let mut next = plugin(&own.provider.issuer(), own.settings.port);
    next["skip"] = json!([{ "prefix": "/open" }]);
    next["identity"] = json!({ "header": "x-user" });
    gateway.push(next)?;
    // Each worker takes it when it comes around to it; so many answers in a row are from both.
    wait_until("both workers to follow", PATIENCE, || {
        let followed = (0..10).all(|_| {
            let statuses = ["/open/x", "/public/x"].map(|path| status_at(&gateway, path).ok());
            statuses == [Some(200), Some(302)]
        });
        followed.then_some(())
    })?;
    assert_eq!(alice.visit(&gateway.address())?.status, 200);
    let seen = own.upstream.latest().expect("a request");
    assert_eq!(seen.all("x-user"), ["alice@example.com"]);
    Ok(())
}

/// A session's end is a matter of configuration: no store, no restart.
#[test]
fn a_push_ends_the_sessions_of_one_user_and_no_others() -> Shown {
    let own = OwnGateway::prepare()?;
    let mut gateway = own.start()?;
    let (mut alice, mut bob) = (UserAgent::new(), UserAgent::new());
    alice.sign_in(&gateway.address(), "alice")?;
    bob.sign_in(&gateway.address(), "bob")?;
    let mut next = plugin(&own.provider.issuer(), own.settings.port);
    let user = json!({ "user": "alice@example.com", "notBefore": "2100-01-01T00:00:00Z" });
    next["session"]["revocation"] = json!({ "users": [user] });
    gateway.push(next)?;
    wait_until("both workers to follow", PATIENCE, || {
        let request = |agent: &mut UserAgent| {
            let request = Request::fetch(&gateway.address()).ok()?;
            Some(agent.send(&request).ok()?.status)
        };
        let followed = (0..10).all(|_| request(&mut alice) == Some(401));
        (followed && request(&mut bob) == Some(200)).then_some(())
    })
}

#[test]
fn secrets_that_are_missing_are_named_and_those_that_are_there_are_not_shown() -> Shown {
    let mut own = OwnGateway::prepare()?;
    own.settings.environment = [("KEYS".to_owned(), "c2hvcnQ=".to_owned())].into();
    let gateway = own.start()?;
    assert_eq!(status_at(&gateway, "/public/x")?, 503);
    wait_for_line(&gateway, &["providers[0].clientSecret", "SECRET"])?;
    wait_for_line(&gateway, &["session.keys", "KEYS"])?;
    let lines = gateway.log().lines();
    assert!(!lines.iter().any(|line| line.contains("c2hvcnQ")));
    Ok(())
}

fn status_at(gateway: &Gateway, path: &str) -> Result<u16, RigError> {
    let page = UserAgent::new().visit(&format!("{}{path}", gateway.address()))?;
    Ok(page.status)
}
