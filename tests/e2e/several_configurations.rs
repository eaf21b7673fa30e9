//! Two configurations of the plugin in one virtual machine: each request is decided on under its own.

use kfwasm_rig::{Gateway, Request, RigError, UserAgent, free_port, wait_until};
use serde_json::json;

use crate::own_gateway::{OwnGateway, plugin};
use crate::stage::{PATIENCE, Shown, wait_for_line};
use crate::streams::{Stream, cookies, repeating_upstream};

/// Nothing but the listener tells them apart: the plugins have one name.
#[test]
fn two_listeners_with_plugins_of_one_name_keep_to_their_own_rules() -> Shown {
    let (mut own, beside) = two_listeners()?;
    let gateway = own.start()?;
    for _ in 0..20 {
        assert_eq!(status_at(&gateway.address(), "/one")?, 200);
        assert_eq!(status_at(&beside, "/two")?, 200);
        assert_eq!(status_at(&gateway.address(), "/two")?, 302);
        assert_eq!(status_at(&beside, "/one")?, 302);
    }
    drop(gateway);
    // Nobody signs in where the host may not be asked which of them are in use still; what is open to all is no other's.
    own.settings.forbidden = vec!["proxy_set_effective_context"];
    let gateway = own.start()?;
    let program = |address: &str, path: &str| {
        let request = Request::bare(&format!("{address}{path}"))?;
        Ok::<_, RigError>(UserAgent::new().send(&request)?.status)
    };
    for _ in 0..20 {
        assert_eq!(program(&gateway.address(), "/one")?, 200);
        assert_eq!(program(&beside, "/two")?, 200);
        assert_eq!(program(&gateway.address(), "/two")?, 401);
        assert_eq!(program(&beside, "/one")?, 401);
    }
    Ok(())
}

fn two_listeners() -> Result<(OwnGateway, String), RigError> {
    let mut own = OwnGateway::prepare()?;
    let port = free_port()?;
    own.configure("skip", json!([{ "prefix": "/one" }]));
    let mut beside = plugin(&own.provider.issuer(), port);
    beside["skip"] = json!([{ "prefix": "/two" }]);
    own.settings.beside = Some((port, beside));
    Ok((own, format!("http://localhost:{port}")))
}

/// The stream keeps the configuration that it began under in use.
#[test]
fn requests_beside_an_old_stream_are_under_the_new_configuration_or_refused() -> Shown {
    for may_call in [true, false] {
        let mut own = OwnGateway::prepare()?;
        own.settings.upstream = repeating_upstream()?;
        if !may_call {
            own.settings.forbidden = vec!["proxy_call_foreign_function"];
        }
        let mut gateway = own.start()?;
        let mut alice = UserAgent::new();
        assert_eq!(alice.sign_in(&gateway.address(), "alice")?.status, 200);
        let (mut stream, head) = Stream::open(&gateway, &cookies(&alice, &gateway))?;
        assert!(head.starts_with("HTTP/1.1 101 "), "{head}");

        let mut next = own.settings.plugin.clone();
        next["skip"] = json!([{ "prefix": "/open" }]);
        gateway.push(next)?;
        // The worker that has no stream forgets the old configuration.
        let while_it_runs = match may_call {
            true => [200, 200],
            false => [200, 503],
        };
        wait_until("the new configuration", PATIENCE, || {
            let mut statuses = distinct_statuses(&gateway, "/open").ok()?;
            statuses.resize(2, 200);
            (statuses == while_it_runs).then_some(())
        })?;
        stream.assert_repeats("as before")?;
        drop(stream);
        wait_until("nothing but the new configuration", PATIENCE, || {
            (distinct_statuses(&gateway, "/open").ok()? == [200]).then_some(())
        })?;
        if !may_call {
            let words = "allow the capability proxy_call_foreign_function";
            wait_for_line(&gateway, &["[error][wasm]", words])?;
        }
        assert_eq!(alice.visit(&gateway.address())?.status, 200);
    }
    Ok(())
}

/// Of as many requests as both workers get some of.
fn distinct_statuses(gateway: &Gateway, path: &str) -> Result<Vec<u16>, RigError> {
    let statuses = (0..20).map(|_| status_at(&gateway.address(), path));
    let mut statuses = statuses.collect::<Result<Vec<_>, _>>()?;
    statuses.sort_unstable();
    statuses.dedup();
    Ok(statuses)
}

fn status_at(address: &str, path: &str) -> Result<u16, RigError> {
    Ok(UserAgent::new().visit(&format!("{address}{path}"))?.status)
}
