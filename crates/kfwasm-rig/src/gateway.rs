//! A real Envoy with the module, set up as Istio sets up its ingress gateway.

mod admin;
mod backstop;
mod bootstrap;
mod cluster;
mod discovery;
mod envoy;
mod failure_policy;
mod module;
mod module_line;
mod plugin;
mod proxy;
mod running;
mod settings;
mod wasm_filter;

pub use backstop::Backstop;
pub use discovery::discover;
pub use envoy::Loudness;
pub use failure_policy::FailurePolicy;
pub use module::Module;
pub use module_line::ModuleLine;
pub use proxy::{Proxy, ProxySettings, loopback_cluster};
pub use running::Gateway;
pub use settings::GatewaySettings;
pub use wasm_filter::WasmFilter;
