use std::collections::BTreeMap;
use std::env;

use anyhow::{Result, anyhow, bail};
use kfwasm_config::{Config, EnvName, Provider};
use kfwasm_rig::session_key;
use serde_json::Value;

/// A plugin's configuration for somebody else's provider.
pub(super) struct ForeignPlugin {
    /// As it was written.
    pub(super) written: Value,
    /// Its provider.
    pub(super) provider: Provider,
    /// The values of the environment variables that it names.
    pub(super) environment: BTreeMap<String, String>,
    /// What must be registered at the provider.
    pub(super) redirect_uri: String,
}

impl ForeignPlugin {
    /// Checks what was written, for a demo at this host and port.
    pub(super) fn read(written: Value, authority: &str) -> Result<Self> {
        let config = Config::from_json(written.to_string().as_bytes())
            .map_err(|problems| anyhow!("the plugin's configuration is refused\n{problems}"))?;
        if !config
            .public_hosts
            .iter()
            .any(|host| host.as_str() == authority)
        {
            bail!(
                "publicHosts does not name {authority}, where the demo is\n    add it, or choose its port with --port"
            );
        }
        let environment = environment(&config)?;
        let redirect_uri = format!("http://{authority}{}", config.callback.path.as_str());
        let provider = config
            .providers
            .into_iter()
            .next()
            .ok_or_else(|| anyhow!("there is no provider"))?;
        Ok(Self {
            written,
            provider,
            environment,
            redirect_uri,
        })
    }
}

/// The secrets that the configuration names, from our own environment. Session keys are made up when there are none.
fn environment(config: &Config) -> Result<BTreeMap<String, String>> {
    let mut environment = BTreeMap::new();
    let providers = config.providers.iter();
    let secrets = providers.flat_map(|provider| [&provider.client_secret, &provider.private_key]);
    for name in secrets.flatten().map(EnvName::as_str) {
        let value = env::var(name).map_err(|_| {
            anyhow!("the environment variable {name} is not set\n    export it: the provider knows the client by what it holds")
        })?;
        environment.insert(name.to_owned(), value);
    }
    let keys = config.session.keys.as_str();
    let value = env::var(keys).or_else(|_| session_key())?;
    environment.insert(keys.to_owned(), value);
    Ok(environment)
}
