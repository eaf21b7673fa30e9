use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::Result;
use kfwasm_rig::{Gateway, Parts, Person, Provider, Rig, RigSettings, Upstream};

use super::DemoArgs;
use crate::workspace;

/// Everything that the demo runs. All of it ends when this value is dropped.
pub(super) struct Shown {
    pub(super) gateway: Gateway,
    pub(super) _upstream: Upstream,
    pub(super) people: Vec<Person>,
    pub(super) issuer: String,
    /// What must be registered at a provider that is not the demo's own.
    pub(super) redirect_uri: Option<String>,
    pub(super) _provider: Option<Provider>,
    /// How long the start took.
    pub(super) start: Duration,
}

impl Shown {
    /// The demo with a provider of its own.
    pub(super) fn start(parts: &Parts, args: &DemoArgs) -> Result<Self> {
        let began = Instant::now();
        let settings = RigSettings {
            port: Some(args.port),
            folder: Some(log_folder()),
            ..RigSettings::default()
        };
        let Rig {
            gateway,
            provider,
            upstream,
        } = Rig::start(parts, &settings)?;
        Ok(Self {
            gateway,
            _upstream: upstream,
            people: settings.people,
            issuer: provider.issuer(),
            redirect_uri: None,
            _provider: Some(provider),
            start: began.elapsed(),
        })
    }
}

/// Where Envoy's configuration and log of the latest demo stay.
pub(super) fn log_folder() -> PathBuf {
    workspace::target().join("demo")
}
