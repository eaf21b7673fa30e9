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
        Self::with(cluster, |_| {})
    }

    /// The same where port 80 of each host is that port of this machine, as a load balancer makes it. Nothing else lets it
    /// look for challenges elsewhere (RFC 8555 §8.3): Go's programs ask a proxy about each plain address but loopback's.
    ///
    /// # Errors
    /// As for [`CertManager::start`].
    pub fn start_before(cluster: &Cluster, plain_port: u16) -> Result<Self, RigError> {
        Self::with(cluster, |command| {
            command
                .env("HTTP_PROXY", format!("http://127.0.0.1:{plain_port}"))
                // It looks again after a second.
                .arg("--dns01-check-retry-period=1s");
        })
    }

    fn with(cluster: &Cluster, more: impl FnOnce(&mut Command)) -> Result<Self, RigError> {
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
        more(&mut command);
        let advice = "run `cargo xtask test cluster`, which builds it";
        let process = Process::start(command, cluster.folder().join("cert-manager.log"), advice)?;
        Ok(Self { _process: process })
    }
}
