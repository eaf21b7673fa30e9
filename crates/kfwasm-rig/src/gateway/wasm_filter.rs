use std::path::PathBuf;

use super::FailurePolicy;

/// A proxy-wasm module as an HTTP filter.
#[derive(Clone, Debug)]
pub struct WasmFilter {
    /// The filter's name in Envoy's configuration and statistics.
    pub name: String,
    /// The file with the module.
    pub module: PathBuf,
    /// What the plugin is told.
    pub configuration: String,
    /// What happens when the module fails.
    pub failure_policy: FailurePolicy,
    /// The functions of the proxy-wasm ABI that it may not call.
    pub forbidden: Vec<&'static str>,
    /// The names of what it may read of Envoy's environment.
    pub environment: Vec<String>,
}
