//! Istio's own control plane, and its gateways as real processes.

mod control_plane;
mod discovery;
mod ingress_gateway;
mod installation;
mod programs;

pub use control_plane::Istio;
pub use ingress_gateway::IngressGateway;
pub use programs::IstioPrograms;

/// Where Istio is installed.
pub(crate) const NAMESPACE: &str = "istio-system";
