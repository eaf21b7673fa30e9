use std::process::Command;

use kfwasm_rig::{Process, RigError, free_port};

use crate::cluster::Cluster;

/// A running cert-manager, which issues what Certificates ask for. It ends when this value is dropped.
#[derive(Debug)]
pub struct CertManager {
    _process: Process,
}

impl CertManager {
    /// Starts its controller. The cluster must have cert-manager's definitions; what it does shows at the API server.
    ///
    /// # Errors
    /// The program is missing.
    pub fn start(cluster: &Cluster) -> Result<Self, RigError> {
        let mut command = Command::new(&cluster.programs().cert_manager);
        command
            .arg(format!("--kubeconfig={}", cluster.kubeconfig().display()))
            .arg(format!(
                "--metrics-listen-address=127.0.0.1:{}",
                free_port()?
            ))
            .args([
                "--leader-elect=false",
                "--cluster-resource-namespace=cert-manager",
            ]);
        let advice = "run `cargo xtask test cluster`, which builds it";
        let process = Process::start(command, cluster.folder().join("cert-manager.log"), advice)?;
        Ok(Self { _process: process })
    }
}
