//! What Kubeflow runs today: ext_authz to the real oauth2-proxy, with its settings of Kubeflow's manifests, and behind it
//! jwt_authn, which makes `kubeflow-userid` of the ID token.

use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use kfwasm_rig::{Process, Proxy, UserAgent, free_port, loopback_cluster, session_key, wait_until};
use serde_json::{Value, json};

use super::jwt_authn::jwt_authn;
use super::redis;
use super::request::request;
use super::stage::{Stage, part};
use crate::load::Target;
use crate::subject::Subject;

type Name<'a> = (&'static str, &'a str);

/// Names the program, made by `cargo xtask bench`.
pub(super) const PROGRAM: &str = "KFWASM_BENCH_OAUTH2_PROXY";
const COOKIE: &str = "oauth2_proxy_kubeflow";
const AUTHORIZER: &str = "oauth2-proxy";
const PATIENCE: Duration = Duration::from_secs(20);
const USER: &str = "alice";

pub(super) fn alone(name: Name<'_>, stage: &Stage) -> Result<Subject> {
    start(name, stage, Vec::new(), Store::Cookie)
}

pub(super) fn with_jwt_authn(name: Name<'_>, stage: &Stage) -> Result<Subject> {
    start(name, stage, vec![behind(stage)], Store::Cookie)
}

pub(super) fn redis_alone(name: Name<'_>, stage: &Stage) -> Result<Subject> {
    start(name, stage, Vec::new(), Store::Redis)
}

pub(super) fn redis_with_jwt_authn(name: Name<'_>, stage: &Stage) -> Result<Subject> {
    start(name, stage, vec![behind(stage)], Store::Redis)
}

/// Where oauth2-proxy keeps sessions.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Store {
    /// In the browser.
    Cookie,
    /// On a server, which it asks for each request.
    Redis,
}

fn behind(stage: &Stage) -> Value {
    let source =
        json!({ "from_headers": [{ "name": "authorization", "value_prefix": "Bearer " }] });
    jwt_authn(stage, &source)
}

fn start(name: Name<'_>, stage: &Stage, behind: Vec<Value>, store: Store) -> Result<Subject> {
    let mut settings = stage.proxy()?;
    let port = free_port()?;
    let log = tempfile::NamedTempFile::new()?.into_temp_path();
    let (mut helpers, mut arguments) = (Vec::new(), Vec::new());
    if store == Store::Redis {
        let (process, port) = redis::start()?;
        helpers.push(process);
        arguments.push("--session-store-type=redis".to_owned());
        arguments.push(format!("--redis-connection-url=redis://127.0.0.1:{port}"));
    }
    helpers.push(oauth2_proxy(stage, settings.port, port, &arguments, &log)?);
    let provider = stage.provider.host();
    settings.clusters = vec![
        loopback_cluster(AUTHORIZER, port),
        loopback_cluster(&provider.cluster_name(), provider.port),
    ];
    settings.http_filters = std::iter::once(ext_authz(port)).chain(behind).collect();
    let proxy = Proxy::start(&stage.parts.envoy, settings)?;
    let cookies = sign_in(&proxy)?;
    let requests = vec![request(&proxy.authority(), &cookies)];
    let target = Target::new(proxy.port(), requests, &format!("{USER}@example.com"));
    Subject::new(
        name,
        proxy,
        helpers,
        target,
        Some("http.gateway.ext_authz.ok"),
    )
}

/// Its cookies after a sign-in, as they stand in a request: a large session is split.
fn sign_in(proxy: &Proxy) -> Result<String> {
    let mut browser = UserAgent::new();
    let page = browser.sign_in(&proxy.at("/"), USER)?;
    ensure!(
        page.status == 200,
        "the sign-in was answered {}",
        page.status
    );
    let session = |name: &String| name.starts_with(COOKIE) && !name.contains("csrf");
    let names = browser.cookie_names().into_iter().filter(session);
    let pairs = names.map(|name| {
        let value = browser.cookie(&proxy.at("/"), &name);
        let value = value.context("a cookie of oauth2-proxy is gone")?;
        Ok(format!("{name}={value}"))
    });
    let pairs = pairs.collect::<Result<Vec<_>>>()?;
    ensure!(
        !pairs.is_empty(),
        "there is no session cookie after the sign-in"
    );
    Ok(pairs.join("; "))
}

/// Kubeflow's oauth2_proxy.cfg; discovery stands for Dex's addresses, and it logs less.
const AS_KUBEFLOW: [&str; 14] = [
    "--provider=oidc",
    "--scope=openid email profile offline_access",
    "--email-domain=*",
    "--upstream=static://200",
    "--skip-provider-button",
    "--reverse-proxy",
    "--set-authorization-header",
    "--set-xauthrequest",
    "--cookie-expire=24h",
    "--cookie-refresh=0",
    "--cookie-secure=false",
    "--code-challenge-method=S256",
    "--request-logging=false",
    "--auth-logging=false",
];

/// Runs it for the gateway at this port, and waits until it listens.
fn oauth2_proxy(
    stage: &Stage,
    gateway: u16,
    port: u16,
    more: &[String],
    log: &Path,
) -> Result<Process> {
    let mut command = command(stage, gateway, port)?;
    command.args(more);
    let mut process = Process::start(command, log.to_owned(), "run this by `cargo xtask bench`")?;
    wait_until("oauth2-proxy to listen", PATIENCE, || {
        let listens = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok();
        (listens || process.ended().is_some()).then_some(())
    })?;
    ensure!(
        process.ended().is_none(),
        "oauth2-proxy ended: {}",
        process.log().tail(5)
    );
    Ok(process)
}

fn command(stage: &Stage, gateway: u16, port: u16) -> Result<Command> {
    let settings = stage.provider.settings();
    let mut command = Command::new(part(PROGRAM)?);
    command
        .arg(format!("--http-address=127.0.0.1:{port}"))
        .arg(format!("--oidc-issuer-url={}", stage.provider.issuer()))
        .arg(format!("--client-id={}", settings.client_id))
        .arg(format!(
            "--redirect-url=http://localhost:{gateway}/oauth2/callback"
        ))
        .arg(format!("--cookie-name={COOKIE}"))
        .args(AS_KUBEFLOW)
        .env("OAUTH2_PROXY_CLIENT_SECRET", &settings.client_secret)
        .env("OAUTH2_PROXY_COOKIE_SECRET", cookie_secret()?);
    Ok(command)
}

/// 32 bytes of text make an AES-256 key.
fn cookie_secret() -> Result<String> {
    let key = session_key()?;
    Ok(key.chars().take(32).collect())
}

/// As Istio makes it of Kubeflow's extension provider.
fn ext_authz(port: u16) -> Value {
    let exactly = |names: &[&str]| {
        let patterns: Vec<_> = names.iter().map(|name| json!({ "exact": name })).collect();
        json!({ "patterns": patterns })
    };
    json!({
        "name": "envoy.filters.http.ext_authz",
        "typed_config": {
            "@type": "type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthz",
            "transport_api_version": "V3",
            "allowed_headers": exactly(&["authorization", "cookie"]),
            "http_service": {
                "server_uri": {
                    "uri": format!("http://127.0.0.1:{port}"),
                    "cluster": AUTHORIZER,
                    "timeout": "10s",
                },
                "authorization_response": {
                    "allowed_upstream_headers":
                        exactly(&["authorization", "x-auth-request-email", "x-auth-request-groups"]),
                },
            },
        },
    })
}
