//! kfwasm with people who have signed in.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use kfwasm_rig::{FailurePolicy, Proxy, UserAgent, WasmFilter, session_key};
use serde_json::{Value, json};

use super::request::request;
use super::stage::Stage;
use crate::load::Target;
use crate::sessions;
use crate::subject::Subject;

type Name<'a> = (&'static str, &'a str);

const SESSION: &str = "authservice_session";
const FORWARDED: &str = "wasmcustom.kfwasm.requests.forwarded";
/// More than any worker keeps: the one that comes next is always one that was forgotten.
const MORE_THAN_KEPT: usize = 20_000;
/// People who are there at the same time.
const PRESENT: usize = 100;

pub(super) fn seen(name: Name<'_>, stage: &Stage) -> Result<Subject> {
    start(name, stage, "alice", PRESENT)
}

pub(super) fn new(name: Name<'_>, stage: &Stage) -> Result<Subject> {
    start(name, stage, "alice", MORE_THAN_KEPT)
}

pub(super) fn groups_20(name: Name<'_>, stage: &Stage) -> Result<Subject> {
    start(name, stage, "bob", PRESENT)
}

pub(super) fn groups_200(name: Name<'_>, stage: &Stage) -> Result<Subject> {
    start(name, stage, "carol", PRESENT)
}

/// Signs in at the gateway, and makes `count` cookies of that session.
fn start(name: Name<'_>, stage: &Stage, user: &str, count: usize) -> Result<Subject> {
    let mut settings = stage.proxy()?;
    let plugin = plugin(stage, settings.port).to_string();
    settings.environment = environment(stage)?;
    settings.clusters = vec![kfwasm_rig::loopback_cluster(
        &stage.provider.host().cluster_name(),
        stage.provider.host().port,
    )];
    settings.wasm = Some(WasmFilter {
        name: "kfwasm".to_owned(),
        module: stage.parts.module.clone(),
        configuration: plugin.clone(),
        failure_policy: FailurePolicy::FailReload,
        environment: settings.environment.keys().cloned().collect(),
    });
    settings.http_filters = vec![kfwasm_rig::mark_filter()];
    let environment = settings.environment.clone();
    let proxy = Proxy::start(&stage.parts.envoy, settings)?;
    let first = sign_in(&proxy, user)?;
    let cookies = sessions::renewals(
        &first,
        &plugin,
        &|name| environment.get(name).cloned(),
        count,
    )?;
    let cookies = cookies.iter().map(|value| format!("{SESSION}={value}"));
    let requests = cookies.map(|cookie| request(&proxy.authority(), &cookie));
    let saw = format!("{user}@example.com");
    let target = Target::new(proxy.port(), requests.collect(), &saw);
    Subject::new(name, proxy, Vec::new(), target, Some(FORWARDED))
}

/// The value of the session's cookie after a sign-in.
fn sign_in(proxy: &Proxy, user: &str) -> Result<String> {
    let mut browser = UserAgent::new();
    let page = browser.sign_in(&proxy.at("/"), user)?;
    ensure!(
        page.status == 200,
        "{user} signed in and was answered {}",
        page.status
    );
    browser
        .cookie(&proxy.at("/"), SESSION)
        .context("there is no session cookie after the sign-in")
}

fn plugin(stage: &Stage, port: u16) -> Value {
    json!({
        "providers": [{
            "issuer": stage.provider.issuer(),
            "clientId": stage.provider.settings().client_id,
            "clientSecret": { "env": "KFWASM_CLIENT_SECRET" },
            "insecureHttp": true,
        }],
        "publicHosts": [format!("localhost:{port}")],
        "insecureHttp": true,
        "skip": [{ "prefix": "/public" }],
    })
}

fn environment(stage: &Stage) -> Result<BTreeMap<String, String>> {
    let secret = stage.provider.settings().client_secret.clone();
    Ok(BTreeMap::from([
        ("KFWASM_CLIENT_SECRET".to_owned(), secret),
        ("KFWASM_SESSION_KEYS".to_owned(), session_key()?),
    ]))
}
