//! Bringing the module to an OCI registry (OCI Distribution Specification), as an artifact that Istio's agent takes.

mod artifact;
mod challenge;
mod credentials;
mod reference;
mod upload;

pub(crate) use artifact::Artifact;
pub(crate) use reference::Reference;
pub(crate) use upload::Registry;
