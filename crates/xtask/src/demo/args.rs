use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use clap::Args;
use kfwasm_rig::Gateway;
use serde_json::{Value, json};

use super::foreign_plugin::ForeignPlugin;
use crate::tools::EnvoyVersion;

/// How the demo is run.
#[derive(Args)]
pub(crate) struct DemoArgs {
    /// The port of localhost to serve at.
    #[arg(long, default_value_t = 8080, value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) port: u16,
    /// Envoy's version.
    #[arg(long, value_enum, default_value = "1.40")]
    pub(super) envoy_version: EnvoyVersion,
    /// Do a whole sign-in without a browser, print each step, and exit 0 or 1.
    #[arg(long, conflicts_with_all = ["issuer", "config"])]
    pub(super) check: bool,
    /// Sign in at this OpenID provider instead of the demo's own.
    #[arg(
        long,
        value_name = "URL",
        requires = "client_id",
        conflicts_with = "config"
    )]
    issuer: Option<String>,
    /// The client that is registered there.
    #[arg(long, value_name = "ID", requires = "issuer")]
    client_id: Option<String>,
    /// The environment variable that holds the client's secret; none for a public client.
    #[arg(long, value_name = "NAME", requires = "issuer")]
    client_secret_env: Option<String>,
    /// Take the whole plugin configuration from this file, YAML or JSON.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl DemoArgs {
    /// Host and port as they stand in a request.
    pub(super) fn authority(&self) -> String {
        Gateway::authority_at(self.port)
    }

    /// The plugin's configuration, when somebody else's provider is to be used.
    pub(super) fn plugin(&self) -> Result<Option<ForeignPlugin>> {
        let written = match (&self.issuer, &self.config) {
            (Some(issuer), _) => self.plugin_for(issuer),
            (None, Some(file)) => read(file)?,
            (None, None) => return Ok(None),
        };
        ForeignPlugin::read(written, &self.authority()).map(Some)
    }

    fn plugin_for(&self, issuer: &str) -> Value {
        let mut provider = json!({
            "issuer": issuer,
            "clientId": self.client_id,
            "insecureHttp": issuer.starts_with("http://"),
        });
        if let (Some(name), Some(fields)) = (&self.client_secret_env, provider.as_object_mut()) {
            fields.insert("clientSecret".to_owned(), json!({ "env": name }));
        }
        json!({
            "providers": [provider],
            "publicHosts": [self.authority()],
            "insecureHttp": true,
            "skip": [{ "prefix": "/public" }],
        })
    }
}

fn read(file: &Path) -> Result<Value> {
    let text =
        fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    serde_saphyr::from_str(&text)
        .map_err(|error| anyhow!("{} is neither YAML nor JSON: {error}", file.display()))
}
