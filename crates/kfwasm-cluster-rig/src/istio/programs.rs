use std::path::PathBuf;

use kfwasm_rig::{RigError, existing_part};

/// Where Istio's programs are that `cargo xtask` builds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IstioPrograms {
    /// The control plane, `pilot-discovery`, which runs as istiod.
    pub discovery: PathBuf,
    /// The agent of a gateway, `pilot-agent`, which starts Envoy and speaks for it.
    pub agent: PathBuf,
    /// What the agent makes Envoy's first configuration of.
    pub bootstrap: PathBuf,
}

const DISCOVERY: &str = "KFWASM_RIG_PILOT_DISCOVERY";
const AGENT: &str = "KFWASM_RIG_PILOT_AGENT";
const BOOTSTRAP: &str = "KFWASM_RIG_ISTIO_BOOTSTRAP";

impl IstioPrograms {
    /// As `cargo xtask test cluster` says in the environment.
    ///
    /// # Errors
    /// [`RigError::PartMissing`] for the first that is unset or names nothing that exists.
    pub fn from_environment() -> Result<Self, RigError> {
        Ok(Self {
            discovery: existing_part("pilot-discovery", DISCOVERY)?,
            agent: existing_part("pilot-agent", AGENT)?,
            bootstrap: existing_part("Istio's bootstrap template", BOOTSTRAP)?,
        })
    }

    /// The variables and values that [`IstioPrograms::from_environment`] reads.
    #[must_use]
    pub fn to_environment(&self) -> [(&'static str, PathBuf); 3] {
        [
            (DISCOVERY, self.discovery.clone()),
            (AGENT, self.agent.clone()),
            (BOOTSTRAP, self.bootstrap.clone()),
        ]
    }
}
