use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

use serde_json::Value;

use super::{FailurePolicy, Loudness, Module};
use crate::ProviderHost;

/// How a [`super::Gateway`] is to be set up.
#[derive(Clone)]
pub struct GatewaySettings {
    /// The TCP port on loopback that it serves.
    pub port: u16,
    /// The plugin's configuration.
    pub plugin: Value,
    /// A second port, and how the same plugin is configured there, under the same name.
    pub beside: Option<(u16, Value)>,
    /// What the module may read from its environment: names and values. They go into the environment of Envoy's
    /// process and nowhere else, as Istio's `valueFrom: HOST` has it.
    pub environment: BTreeMap<String, String>,
    /// Where requests that pass the filter go.
    pub upstream: SocketAddr,
    /// Every host that the module calls.
    pub provider_hosts: Vec<ProviderHost>,
    /// Which module stands in the filter chain.
    pub module: Module,
    /// Whether a filter before the router demands the module's mark, as an installed gateway's does.
    pub gate: bool,
    /// The header and value that this filter demands in place of the mark.
    pub gate_header: Option<(String, String)>,
    /// Whether a filter hands the module the bodies of the requests that it answers itself.
    pub bodies: bool,
    /// Filters that stand behind the module.
    pub behind: Vec<Value>,
    /// What happens when the module fails.
    pub failure_policy: FailurePolicy,
    /// The functions of the proxy-wasm ABI that the module may not call; it may call all unless an operator restricts it.
    pub forbidden: Vec<&'static str>,
    /// How many threads, each with a module of its own.
    pub workers: u8,
    /// How many of the module's lines are logged.
    pub loudness: Loudness,
    /// The format of a line of Envoy's access log (`text_format_source`); no access log when it is empty.
    pub access_log_format: String,
    /// Where its files and its log are kept; a folder that goes away with the gateway when `None`.
    pub folder: Option<PathBuf>,
}

impl GatewaySettings {
    /// Two workers, `FAIL_RELOAD`, nothing in the environment and no provider.
    #[must_use]
    pub fn new(port: u16, upstream: SocketAddr, plugin: Value) -> Self {
        Self {
            port,
            plugin,
            beside: None,
            environment: BTreeMap::new(),
            upstream,
            provider_hosts: Vec::new(),
            module: Module::default(),
            gate: true,
            gate_header: None,
            bodies: true,
            behind: Vec::new(),
            failure_policy: FailurePolicy::default(),
            forbidden: Vec::new(),
            workers: 2,
            loudness: Loudness::Decisions,
            access_log_format: String::new(),
            folder: None,
        }
    }
}

/// The values of the environment are secrets.
impl fmt::Debug for GatewaySettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GatewaySettings")
            .field("port", &self.port)
            .field("plugin", &self.plugin)
            .field("environment", &self.environment.keys())
            .field("upstream", &self.upstream)
            .field("provider_hosts", &self.provider_hosts)
            .finish_non_exhaustive()
    }
}
