use std::path::PathBuf;

/// What pods are run with.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// The namespace whose pods are looked after.
    pub(crate) namespace: &'static str,
    /// Istio's agent, which is the container's one program.
    pub(crate) agent: PathBuf,
    /// What it makes Envoy's first configuration of.
    pub(crate) bootstrap: PathBuf,
    /// The Envoy that it starts.
    pub(crate) envoy: PathBuf,
    /// What runs in the pods of ACME challenges.
    pub(crate) solver: PathBuf,
    /// Istiod's port on loopback, by TLS.
    pub(crate) discovery: u16,
    /// Where the pods' files are.
    pub(crate) folder: PathBuf,
}
