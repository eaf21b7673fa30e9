//! What an operator sees: metrics, log lines, the access log.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use kfwasm_rig::{Gateway, Request, RigError, UserAgent, wait_until};
use serde_json::{Value, json};

use crate::own_gateway::OwnGateway;
use crate::stage::{PATIENCE, SESSION, Shown, stage, stage_with, wait_for_line};

const FORMAT: &str = "%RESPONSE_CODE% outcome=%FILTER_STATE(wasm.kfwasm_outcome:PLAIN)% \
    user=%FILTER_STATE(wasm.kfwasm_user:PLAIN)% session=%FILTER_STATE(wasm.kfwasm_session:PLAIN)% \
    provider=%FILTER_STATE(wasm.kfwasm_provider:PLAIN)%";

#[test]
fn the_access_log_shows_of_each_decision_what_was_asked_for() -> Shown {
    let own = with_access_log(&json!(["outcome", "user", "session", "provider"]))?;
    let gateway = own.start()?;
    let mut alice = UserAgent::new();
    alice.sign_in(&gateway.address(), "alice")?;
    let seen = wait_for_access(&gateway, "200 outcome=forwarded user=alice@example.com")?;
    let session = field(&seen, "session");
    assert_eq!(session.len(), 22, "{seen}");
    assert!(!field(&seen, "provider").is_empty(), "{seen}");
    let signed_in = wait_for_access(&gateway, "302 outcome=sign_in_completed")?;
    assert_eq!(field(&signed_in, "session"), session);
    UserAgent::new().visit(&format!("{}/public/x", gateway.address()))?;
    let skipped = wait_for_access(&gateway, "outcome=skipped")?;
    assert!(
        skipped.ends_with("user=- session=- provider=-"),
        "{skipped}"
    );
    Ok(())
}

#[test]
fn the_access_log_shows_nothing_that_was_not_asked_for() -> Shown {
    let own = with_access_log(&json!(["session"]))?;
    let gateway = own.start()?;
    UserAgent::new().sign_in(&gateway.address(), "alice")?;
    let seen = wait_for_access(&gateway, "200 ")?;
    assert!(seen.contains("outcome=- user=- session="), "{seen}");
    assert_eq!(field(&seen, "session").len(), 22);
    Ok(())
}

#[test]
fn an_operator_ends_the_session_that_a_log_line_names() -> Shown {
    let own = OwnGateway::prepare()?;
    let mut gateway = own.start()?;
    let mut alice = UserAgent::new();
    alice.sign_in(&gateway.address(), "alice")?;
    let line = wait_for_line(&gateway, &["kfwasm sign_in_completed"])?;
    assert!(!line.contains("alice"), "{line}");
    let mut plugin = own.settings.plugin.clone();
    plugin["session"]["revocation"] = json!({ "sessions": [field(&line, "session")] });
    gateway.push(plugin)?;
    wait_until("the session to be over", PATIENCE, || {
        let page = alice.visit(&gateway.address()).ok()?;
        (page.status == 302).then_some(())
    })
}

#[test]
fn lines_name_the_session_from_sign_in_to_sign_out_and_the_user_on_request() -> Shown {
    let rig = stage_with(json!({
        "logs": { "user": true },
        "access": [{ "prefix": "/secret", "users": ["bob@example.com"] }],
    }))?;
    let mut alice = UserAgent::new();
    alice.sign_in(&rig.at("/"), "alice")?;
    let named = "user=alice@example.com";
    let line = wait_for_line(&rig.gateway, &["kfwasm sign_in_completed", named])?;
    let session = format!("session={}", field(&line, "session"));
    assert_eq!(alice.visit(&rig.at("/secret"))?.status, 403);
    wait_for_line(
        &rig.gateway,
        &[
            "kfwasm forbidden",
            "path=/secret",
            &session,
            named,
            "reason=\"",
        ],
    )?;
    alice.visit(&rig.at("/logout"))?;
    wait_for_line(&rig.gateway, &["kfwasm signed_out", &session, named])?;
    wait_for_line(
        &rig.gateway,
        &["kfwasm forwarded", "request=", "method=GET"],
    )?;
    Ok(())
}

#[test]
fn metrics_tell_of_decisions_callouts_keys_and_configuration() -> Shown {
    let mut rig = stage()?;
    UserAgent::new().sign_in(&rig.at("/"), "alice")?;
    let forged = Request::bare(&rig.at("/"))?.header("cookie", format!("{SESSION}=junk"));
    UserAgent::new().send(&forged)?;
    wait_for_metric(&rig.gateway, "kfwasm_key_set_age_seconds", |_| true)?;
    for (name, least) in [
        ("kfwasm_requests_sign_in_started", 1),
        ("kfwasm_requests_sign_in_completed", 1),
        ("kfwasm_requests_forwarded", 1),
        ("kfwasm_requests_unauthorized", 1),
        ("kfwasm_callouts_discovery_ok", 1),
        ("kfwasm_callouts_key_set_ok", 1),
        ("kfwasm_callouts_token_ok", 1),
        ("kfwasm_configuration_accepted", 1),
        ("kfwasm_configurations", 1),
    ] {
        wait_for_metric(&rig.gateway, name, |value| value >= least)?;
    }
    wait_for_metric(
        &rig.gateway,
        "kfwasm_callout_milliseconds_token_count",
        |value| value == 1,
    )?;
    rig.provider.pause();
    let page = UserAgent::new().visit(&rig.at("/"))?;
    assert_eq!(page.status, 302, "the metadata are known");
    rig.gateway
        .push(json!({ "providers": [] }))
        .expect_err("refused");
    wait_for_metric(&rig.gateway, "kfwasm_configuration_accepted", |value| {
        value == 0
    })
}

/// A gateway whose access log has these fields to show.
fn with_access_log(fields: &Value) -> Result<OwnGateway, RigError> {
    let mut own = OwnGateway::prepare()?;
    own.settings.plugin["logs"] = json!({ "accessLog": fields });
    FORMAT.clone_into(&mut own.settings.access_log_format);
    Ok(own)
}

fn wait_for_access(gateway: &Gateway, mark: &str) -> Result<String, RigError> {
    wait_until(
        &format!("a line of the access log with {mark}"),
        PATIENCE,
        || {
            let lines = gateway.access_log().ok()?;
            lines.into_iter().find(|line| line.contains(mark))
        },
    )
}

/// The value of a field of a line.
fn field<'a>(line: &'a str, name: &str) -> &'a str {
    let mut fields = line.split(' ').filter_map(|field| field.split_once('='));
    let value = fields.find(|(other, _)| *other == name);
    value.map_or("", |(_, value)| value)
}

/// Waits for a metric as Prometheus is shown it.
fn wait_for_metric(gateway: &Gateway, name: &str, is_it: impl Fn(u64) -> bool) -> Shown {
    wait_until(&format!("the metric {name}"), PATIENCE, || {
        let stats = gateway.admin("/stats/prometheus").ok()?;
        let mut lines = stats.lines();
        let line = lines.find(|line| line.strip_prefix(name).is_some_and(is_the_name))?;
        let value = line.rsplit(' ').next()?.parse().ok()?;
        is_it(value).then_some(())
    })
}

fn is_the_name(rest: &str) -> bool {
    rest.starts_with(['{', ' '])
}

/// The files themselves are what an operator takes: each metric that they name must be one that a gateway shows.
#[test]
fn every_metric_of_the_dashboard_and_the_alerts_is_there() -> Shown {
    let rig = stage()?;
    UserAgent::new().sign_in(&rig.at("/"), "alice")?;
    wait_for_metric(&rig.gateway, "kfwasm_key_set_age_seconds", |_| true)?;
    let stats = rig.gateway.admin("/stats/prometheus")?;
    let shown: BTreeSet<_> = stats.split(is_no_part_of_a_name).collect();
    for file in ["dashboard.json", "alerts.yaml"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/monitoring");
        let text = fs::read_to_string(path.join(file)).expect(file);
        let named = text.split(is_no_part_of_a_name);
        let named: BTreeSet<_> = named.filter(|it| it.starts_with("kfwasm_")).collect();
        assert!(named.len() > 5, "{file} names {named:?}");
        let missing: Vec<_> = named.difference(&shown).collect();
        assert!(missing.is_empty(), "{file} names {missing:?}");
    }
    Ok(())
}

fn is_no_part_of_a_name(character: char) -> bool {
    !(character.is_ascii_alphanumeric() || character == '_')
}
