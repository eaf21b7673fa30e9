use std::env;
use std::path::PathBuf;

use kfwasm_rig::{RigError, existing_part};

/// Where the programs are that `cargo xtask` builds or that `KUBEBUILDER_ASSETS` has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Programs {
    /// etcd.
    pub etcd: PathBuf,
    /// The API server.
    pub api_server: PathBuf,
    /// The controllers of Deployments, namespaces, service accounts.
    pub controller_manager: PathBuf,
    /// cert-manager's controller.
    pub cert_manager: PathBuf,
    /// What answers ACME challenges for it.
    pub acme_solver: PathBuf,
    /// The custom resource definitions that a Kubeflow has.
    pub crds: CrdSources,
}

/// Files with the definitions of custom resources, of the projects that they belong to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrdSources {
    /// Istio's, by the version of Istio, oldest first.
    pub istio: Vec<(String, PathBuf)>,
    /// The folder of cert-manager's.
    pub cert_manager: PathBuf,
    /// The folder of the Gateway API's.
    pub gateway_api: PathBuf,
}

const ETCD: &str = "KFWASM_RIG_ETCD";
const API_SERVER: &str = "KFWASM_RIG_KUBE_APISERVER";
const CONTROLLER_MANAGER: &str = "KFWASM_RIG_KUBE_CONTROLLER_MANAGER";
const CERT_MANAGER: &str = "KFWASM_RIG_CERT_MANAGER";
const ACME_SOLVER: &str = "KFWASM_RIG_ACME_SOLVER";
const ISTIO_CRDS: &str = "KFWASM_RIG_ISTIO_CRDS";
const CERT_MANAGER_CRDS: &str = "KFWASM_RIG_CERT_MANAGER_CRDS";
const GATEWAY_API_CRDS: &str = "KFWASM_RIG_GATEWAY_API_CRDS";

impl Programs {
    /// As `cargo xtask test cluster` says in the environment.
    ///
    /// # Errors
    /// [`RigError::PartMissing`] for the first that is unset or names nothing that exists.
    pub fn from_environment() -> Result<Self, RigError> {
        Ok(Self {
            etcd: existing_part("etcd", ETCD)?,
            api_server: existing_part("kube-apiserver", API_SERVER)?,
            controller_manager: existing_part("kube-controller-manager", CONTROLLER_MANAGER)?,
            cert_manager: existing_part("cert-manager's controller", CERT_MANAGER)?,
            acme_solver: existing_part("cert-manager's solver", ACME_SOLVER)?,
            crds: CrdSources {
                istio: istio_versions()?,
                cert_manager: existing_part("cert-manager's definitions", CERT_MANAGER_CRDS)?,
                gateway_api: existing_part("the Gateway API's definitions", GATEWAY_API_CRDS)?,
            },
        })
    }

    /// The variables and values that [`Programs::from_environment`] reads.
    #[must_use]
    pub fn to_environment(&self) -> Vec<(&'static str, String)> {
        let text = |path: &PathBuf| path.display().to_string();
        let istio = self.crds.istio.iter();
        let istio: Vec<_> = istio
            .map(|(version, path)| format!("{version}={}", path.display()))
            .collect();
        vec![
            (ETCD, text(&self.etcd)),
            (API_SERVER, text(&self.api_server)),
            (CONTROLLER_MANAGER, text(&self.controller_manager)),
            (CERT_MANAGER, text(&self.cert_manager)),
            (ACME_SOLVER, text(&self.acme_solver)),
            (ISTIO_CRDS, istio.join(",")),
            (CERT_MANAGER_CRDS, text(&self.crds.cert_manager)),
            (GATEWAY_API_CRDS, text(&self.crds.gateway_api)),
        ]
    }
}

/// Written as `1.24.2=FILE,1.31.4=FILE`.
fn istio_versions() -> Result<Vec<(String, PathBuf)>, RigError> {
    let text = env::var(ISTIO_CRDS).map_err(|_| RigError::PartMissing {
        what: "Istio's definitions",
        reason: format!("{ISTIO_CRDS} is not set"),
    })?;
    let versions = text.split(',').filter_map(|part| part.split_once('='));
    Ok(versions
        .map(|(version, path)| (version.to_owned(), PathBuf::from(path)))
        .collect())
}
