//! kfwasm with people who have signed in.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use kfwasm_rig::{FailurePolicy, Proxy, ProxySettings, UserAgent, WasmFilter, session_key};
use serde_json::{Value, json};

use super::request::{bearer_request, request};
use super::stage::Stage;
use super::token_issuer::{self, TokenIssuer};
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

/// What stands around the module.
#[derive(Clone, Copy)]
enum Around {
    /// The filters that are installed with it.
    Backstop,
    Nothing,
}

pub(super) fn seen(name: Name<'_>, stage: &Stage) -> Result<Subject> {
    start(name, stage, "alice", PRESENT)
}

/// Without the filters that are installed with it: what of the cost is theirs.
pub(super) fn alone(name: Name<'_>, stage: &Stage) -> Result<Subject> {
    start_with(name, stage, "alice", PRESENT, Around::Nothing)
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

/// No filter, and the same cookies: what their bytes cost alone.
pub(super) fn none_groups_200(name: Name<'_>, stage: &Stage) -> Result<Subject> {
    let cookies = SignedIn::start(stage, "carol", &json!([]), 1)?.cookies(PRESENT)?;
    let proxy = Proxy::start(&stage.parts.envoy, stage.proxy()?)?;
    let target = target(&proxy, &cookies, "-");
    Subject::new(name, proxy, Vec::new(), target, None)
}

/// A program with a token of a further issuer.
pub(super) fn bearer(name: Name<'_>, stage: &Stage) -> Result<Subject> {
    let issuer = TokenIssuer::new()?;
    let settings = stage.proxy()?;
    let bearer = json!({ "issuers": [issuer.entry()] });
    let plugin = with(plugin(stage, settings.port), "bearer", bearer);
    let (proxy, _) = gateway(stage, settings, &plugin.to_string(), Around::Backstop)?;
    let requests = vec![bearer_request(&proxy.authority(), &issuer.token()?)];
    let target = Target::new(proxy.port(), requests, token_issuer::ROBOT);
    Subject::new(name, proxy, Vec::new(), target, Some(FORWARDED))
}

/// Signs in at the gateway, and makes `count` cookies of that session.
fn start(name: Name<'_>, stage: &Stage, user: &str, count: usize) -> Result<Subject> {
    start_with(name, stage, user, count, Around::Backstop)
}

fn start_with(
    name: Name<'_>,
    stage: &Stage,
    user: &str,
    count: usize,
    around: Around,
) -> Result<Subject> {
    let settings = stage.proxy()?;
    let plugin = plugin(stage, settings.port);
    let signed_in = SignedIn::at(stage, settings, user, &plugin, around)?;
    let target = signed_in.target(count)?;
    Subject::new(name, signed_in.proxy, Vec::new(), target, Some(FORWARDED))
}

fn target(proxy: &Proxy, cookies: &[String], saw: &str) -> Target {
    let requests = cookies.iter().map(|it| request(&proxy.authority(), it));
    Target::new(proxy.port(), requests.collect(), saw)
}

/// A gateway at which somebody has signed in.
pub(crate) struct SignedIn {
    pub(crate) proxy: Proxy,
    /// Whom the upstream sees.
    pub(crate) saw: String,
    plugin: String,
    environment: BTreeMap<String, String>,
    first: String,
}

impl SignedIn {
    /// A gateway as it is installed, with these skip rules and so many workers.
    pub(crate) fn start(stage: &Stage, user: &str, skip: &Value, workers: u8) -> Result<Self> {
        let mut settings = stage.proxy()?;
        settings.workers = workers;
        let plugin = with(plugin(stage, settings.port), "skip", skip.clone());
        Self::at(stage, settings, user, &plugin, Around::Backstop)
    }

    /// The gateway alone, with nobody there.
    pub(crate) fn gateway(stage: &Stage) -> Result<Proxy> {
        let settings = stage.proxy()?;
        let plugin = plugin(stage, settings.port).to_string();
        Ok(gateway(stage, settings, &plugin, Around::Backstop)?.0)
    }

    fn at(
        stage: &Stage,
        settings: ProxySettings,
        user: &str,
        plugin: &Value,
        around: Around,
    ) -> Result<Self> {
        let plugin = plugin.to_string();
        let (proxy, environment) = gateway(stage, settings, &plugin, around)?;
        Ok(Self {
            first: sign_in(&proxy, user)?,
            saw: format!("{user}@example.com"),
            proxy,
            plugin,
            environment,
        })
    }

    /// Requests with so many cookies of the session, all different.
    pub(crate) fn target(&self, count: usize) -> Result<Target> {
        Ok(target(&self.proxy, &self.cookies(count)?, &self.saw))
    }

    /// So many cookies of the session, all different, as they stand in a request.
    pub(crate) fn cookies(&self, count: usize) -> Result<Vec<String>> {
        let environment = |name: &str| self.environment.get(name).cloned();
        let values = sessions::renewals(&self.first, &self.plugin, &environment, count)?;
        let cookie = |value: String| format!("{SESSION}={value}");
        Ok(values.into_iter().map(cookie).collect())
    }
}

/// An Envoy with kfwasm in these surroundings, and the secrets that it has.
fn gateway(
    stage: &Stage,
    mut settings: ProxySettings,
    plugin: &str,
    around: Around,
) -> Result<(Proxy, BTreeMap<String, String>)> {
    settings.environment = environment(stage)?;
    settings.clusters = vec![kfwasm_rig::loopback_cluster(
        &stage.provider.host().cluster_name(),
        stage.provider.host().port,
    )];
    settings.wasm = Some(WasmFilter {
        name: "kfwasm".to_owned(),
        module: stage.parts.module.clone(),
        configuration: plugin.to_owned(),
        failure_policy: FailurePolicy::FailReload,
        environment: settings.environment.keys().cloned().collect(),
        forbidden: Vec::new(),
    });
    if let Around::Backstop = around {
        let backstop = kfwasm_rig::Backstop::installed()?;
        settings.in_front = vec![backstop.bodies];
        settings.http_filters = vec![backstop.gate];
        settings.routes = backstop.routes;
    }
    let environment = settings.environment.clone();
    let proxy = Proxy::start(&stage.parts.envoy, settings)?;
    Ok((proxy, environment))
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

/// The configuration with one more member, or another value for it.
fn with(mut plugin: Value, name: &str, value: Value) -> Value {
    if let Some(members) = plugin.as_object_mut() {
        members.insert(name.to_owned(), value);
    }
    plugin
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
