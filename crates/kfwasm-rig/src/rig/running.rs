use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::RigSettings;
use crate::{
    Gateway, GatewaySettings, Parts, Provider, ProviderSettings, RigError, Upstream, free_port,
};

const CALLBACK: &str = "/authservice/oidc/callback";
const CLIENT_SECRET: &str = "KFWASM_CLIENT_SECRET";
const SESSION_KEYS: &str = "KFWASM_SESSION_KEYS";

/// A gateway in front of an upstream, with a provider where people sign in. All end when this value is dropped.
#[derive(Debug)]
pub struct Rig {
    /// Envoy with the module.
    pub gateway: Gateway,
    /// Where people sign in.
    pub provider: Provider,
    /// What stands behind the gateway.
    pub upstream: Upstream,
}

impl Rig {
    /// Starts everything and waits until the gateway serves.
    ///
    /// # Errors
    /// Those of the parts.
    pub fn start(parts: &Parts, settings: &RigSettings) -> Result<Self, RigError> {
        let port = settings.port.map_or_else(free_port, Ok)?;
        let upstream = Upstream::start()?;
        let provider = Provider::start(parts, provider_settings(settings, port)?)?;
        let mut gateway =
            GatewaySettings::new(port, upstream.address(), plugin(settings, &provider, port));
        gateway.environment = environment(&provider)?;
        gateway.provider_hosts = vec![provider.host()];
        gateway.failure_policy = settings.failure_policy;
        gateway.folder = settings.folder.clone();
        Ok(Self {
            gateway: Gateway::start(parts, gateway)?,
            provider,
            upstream,
        })
    }

    /// The gateway's address with this path and query.
    #[must_use]
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.gateway.address())
    }
}

fn provider_settings(settings: &RigSettings, port: u16) -> Result<ProviderSettings, RigError> {
    let at = |path: &str| format!("http://{}{path}", Gateway::authority_at(port));
    Ok(ProviderSettings {
        people: settings.people.clone(),
        algorithm: settings.algorithm.clone(),
        token_seconds: settings.token_seconds,
        refresh_tokens: settings.refresh_tokens,
        thin_id_tokens: settings.thin_id_tokens,
        back_channel_logout_uri: Some(at("/authservice/backchannel-logout")),
        ..ProviderSettings::new(free_port()?, vec![at(CALLBACK), at("/"), at("/logout")])
    })
}

/// The plugin's configuration as an operator would write it for this gateway and provider.
fn plugin(settings: &RigSettings, provider: &Provider, port: u16) -> Value {
    let mut plugin = json!({
        "providers": [{
            "issuer": provider.issuer(),
            "clientId": provider.settings().client_id,
            "clientSecret": { "env": CLIENT_SECRET },
            "idTokenSigningAlgorithms": [settings.algorithm],
            "insecureHttp": true,
        }],
        "publicHosts": [Gateway::authority_at(port)],
        "insecureHttp": true,
        "skip": [{ "prefix": "/public" }],
    });
    if let (Some(plugin), Some(more)) = (plugin.as_object_mut(), settings.plugin.as_object()) {
        plugin.extend(more.clone());
    }
    plugin
}

fn environment(provider: &Provider) -> Result<BTreeMap<String, String>, RigError> {
    let secret = provider.settings().client_secret.clone();
    Ok(BTreeMap::from([
        (CLIENT_SECRET.to_owned(), secret),
        (SESSION_KEYS.to_owned(), session_key()?),
    ]))
}

/// A new session key: 32 random bytes in base64.
///
/// # Errors
/// When the operating system has no randomness.
pub fn session_key() -> Result<String, RigError> {
    let mut key = [0; 32];
    getrandom::fill(&mut key).map_err(|error| RigError::Io {
        doing: "draw a key".to_owned(),
        error: error.into(),
    })?;
    Ok(STANDARD.encode(key))
}
