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

    pub(crate) fn start(&self) -> Result<Gateway, RigError> {
        Gateway::start(&Parts::from_environment()?, self.settings.clone())
    }
}

/// A configuration for this provider, whose answers are waited for a second.
pub(crate) fn plugin(issuer: &str, port: u16) -> Value {
    json!({
        "providers": [{
            "issuer": issuer,
            "clientId": "kfwasm",
            "clientSecret": { "env": "SECRET" },
            "insecureHttp": true,
            "timeout": "1s",
        }],
        "publicHosts": [format!("localhost:{port}")],
        "insecureHttp": true,
        "session": { "keys": { "env": "KEYS" } },
        "skip": [{ "prefix": "/public" }],
    })
}
