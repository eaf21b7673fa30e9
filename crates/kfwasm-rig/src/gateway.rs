//! A real Envoy with the module, set up as Istio sets up its ingress gateway.

mod admin;
mod bootstrap;
mod cluster;
mod discovery;
mod envoy;
mod failure_policy;
mod gate;
mod module;
mod module_line;
mod plugin;
mod running;
mod settings;

pub use discovery::discover;
pub use failure_policy::FailurePolicy;
pub use module::Module;
pub use module_line::ModuleLine;
pub use running::Gateway;
pub use settings::GatewaySettings;
