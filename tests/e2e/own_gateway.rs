//! Gateways that are not the rig's: with other providers, or with nothing right.

use kfwasm_rig::{
    Gateway, GatewaySettings, Parts, Provider, ProviderSettings, RigError, Upstream, free_port,
    session_key,
};
use serde_json::{Value, json};

/// A provider and an upstream, and how a gateway for them is set up.
pub(crate) struct OwnGateway {
    pub(crate) provider: Provider,
    pub(crate) upstream: Upstream,
    pub(crate) settings: GatewaySettings,
}

impl OwnGateway {
    pub(crate) fn prepare() -> Result<Self, RigError> {
        Self::prepare_with(|_| {})
    }

    /// The same with another kind of provider.
    pub(crate) fn prepare_with(
        change: impl FnOnce(&mut ProviderSettings),
    ) -> Result<Self, RigError> {
        let (port, upstream) = (free_port()?, Upstream::start()?);
        let callback = format!("http://localhost:{port}/authservice/oidc/callback");
        let mut settings = ProviderSettings::new(free_port()?, vec![callback]);
        change(&mut settings);
        let provider = Provider::start(&Parts::from_environment()?, settings)?;
        let mut settings =
            GatewaySettings::new(port, upstream.address(), plugin(&provider.issuer(), port));
        settings.environment = [
            (
                "SECRET".to_owned(),
                provider.settings().client_secret.clone(),
            ),
            ("KEYS".to_owned(), session_key()?),
        ]
        .into();
        settings.provider_hosts = vec![provider.host()];
        Ok(Self {
            provider,
            upstream,
            settings,
        })
    }

    /// Sets a field of the plugin's configuration.
    pub(crate) fn configure(&mut self, name: &str, value: Value) {
        if let Some(plugin) = self.settings.plugin.as_object_mut() {
            plugin.insert(name.to_owned(), value);
        }
    }

    pub(crate) fn start(&self) -> Result<Gateway, RigError> {
        Gateway::start(&Parts::from_environment()?, self.settings.clone())
    }
}

/// How a provider is written, with these fields besides.
pub(crate) fn provider(issuer: &str, more: Value) -> Value {
    let mut provider = json!({
        "issuer": issuer,
        "clientId": "kfwasm",
        "clientSecret": { "env": "SECRET" },
        "insecureHttp": true,
        "timeout": "1s",
    });
    if let (Some(provider), Value::Object(more)) = (provider.as_object_mut(), more) {
        provider.extend(more);
    }
    provider
}

/// A configuration for this provider, whose answers are waited for a second.
pub(crate) fn plugin(issuer: &str, port: u16) -> Value {
    json!({
        "providers": [provider(issuer, json!({}))],
        "publicHosts": [format!("localhost:{port}")],
        "insecureHttp": true,
        "session": { "keys": { "env": "KEYS" } },
        "skip": [{ "prefix": "/public" }],
    })
}
