//! Envoy's own oauth2 filter, alone and with jwt_authn behind it, which makes `kubeflow-userid` of the ID token.
//!
//! jwt_authn's cache of verified tokens is off, as it is unless an operator turns it on.

use anyhow::{Context, Result, ensure};
use kfwasm_rig::{Proxy, UserAgent, loopback_cluster, session_key};
use serde_json::{Value, json};

use super::jwt_authn::jwt_authn;
use super::request::request;
use super::stage::Stage;
use crate::load::Target;
use crate::subject::Subject;

type Name<'a> = (&'static str, &'a str);

const USER: &str = "alice";
/// The cookies of a session.
const COOKIES: [&str; 4] = ["OauthHMAC", "OauthExpires", "BearerToken", "IdToken"];

pub(super) fn alone(name: Name<'_>, stage: &Stage) -> Result<Subject> {
    // It tells the upstream tokens, and no user.
    start(name, stage, Vec::new(), "-")
}

pub(super) fn with_jwt_authn(name: Name<'_>, stage: &Stage) -> Result<Subject> {
    // The filter has decrypted the cookie when jwt_authn sees it.
    let source = json!({ "from_cookies": ["IdToken"] });
    let saw = format!("{USER}@example.com");
    start(name, stage, vec![jwt_authn(stage, &source)], &saw)
}

fn start(name: Name<'_>, stage: &Stage, behind: Vec<Value>, saw: &str) -> Result<Subject> {
    let mut settings = stage.proxy()?;
    let provider = stage.provider.host();
    settings.clusters = vec![loopback_cluster(&provider.cluster_name(), provider.port)];
    settings.secrets = vec![
        secret(
            "token",
            &form_encoded(&stage.provider.settings().client_secret),
        ),
        secret("hmac", &session_key()?),
    ];
    settings.http_filters = std::iter::once(oauth2(stage)).chain(behind).collect();
    let proxy = Proxy::start(&stage.parts.envoy, settings)?;
    let requests = vec![request(&proxy.authority(), &sign_in(&proxy)?)];
    let target = Target::new(proxy.port(), requests, saw);
    Subject::new(name, proxy, Vec::new(), target, None)
}

/// Its cookies after a sign-in, as they stand in a request.
fn sign_in(proxy: &Proxy) -> Result<String> {
    let mut browser = UserAgent::new();
    let page = browser.sign_in(&proxy.at("/"), USER)?;
    ensure!(
        page.status == 200,
        "the sign-in was answered {}: {}",
        page.status,
        page.text()
    );
    let pairs = COOKIES.map(|name| {
        let value = browser.cookie(&proxy.at("/"), name);
        let value =
            value.with_context(|| format!("there is no cookie {name} after the sign-in"))?;
        Ok(format!("{name}={value}"))
    });
    let pairs: Vec<String> = pairs.into_iter().collect::<Result<_>>()?;
    Ok(pairs.join("; "))
}

/// As RFC 6749 §2.3.1 wants a client secret in a header, which the filter sends as it stands.
fn form_encoded(secret: &str) -> String {
    let encode = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    secret.bytes().map(encode).collect()
}

fn secret(name: &str, value: &str) -> Value {
    json!({ "name": name, "generic_secret": { "secret": { "inline_string": value } } })
}

fn oauth2(stage: &Stage) -> Value {
    let issuer = stage.provider.issuer();
    json!({
        "name": "envoy.filters.http.oauth2",
        "typed_config": {
            "@type": "type.googleapis.com/envoy.extensions.filters.http.oauth2.v3.OAuth2",
            "config": {
                "token_endpoint": {
                    "uri": format!("{issuer}/token"),
                    "cluster": stage.provider.host().cluster_name(),
                    "timeout": "5s",
                },
                "authorization_endpoint": format!("{issuer}/auth"),
                "auth_type": "BASIC_AUTH",
                "redirect_uri": "http://%REQ(:authority)%/callback",
                "redirect_path_matcher": { "path": { "exact": "/callback" } },
                "signout_path": { "path": { "exact": "/signout" } },
                "credentials": {
                    "client_id": stage.provider.settings().client_id,
                    "token_secret": { "name": "token" },
                    "hmac_secret": { "name": "hmac" },
                },
                "auth_scopes": ["openid", "email", "profile"],
                "use_refresh_token": false,
            },
        },
    })
}
