use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use kfwasm_rig::{Process, RigError, exchange, free_port, wait_until};

use super::NAMESPACE;

const PATIENCE: Duration = Duration::from_secs(90);
const ADVICE: &str = "run `cargo xtask test cluster`, which builds it";

/// What a real istiod is told, less what needs a mesh.
const ENVIRONMENT: [(&str, &str); 11] = [
    ("POD_NAME", "istiod-0"),
    ("POD_NAMESPACE", NAMESPACE),
    ("SERVICE_ACCOUNT", "istiod"),
    ("REVISION", "default"),
    ("CLUSTER_ID", "Kubernetes"),
    ("PILOT_CERT_PROVIDER", "istiod"),
    // The name in its certificate, by which agents and the API server reach it.
    ("ISTIOD_CUSTOM_HOST", "localhost"),
    // Extensions of Istio's own Envoy, which the upstream one does not have.
    ("PILOT_ENABLE_METADATA_EXCHANGE", "false"),
    ("PILOT_ENABLE_ALPN_FILTER", "false"),
    ("PILOT_DISABLE_MX_ALPN", "true"),
    ("PILOT_ENABLE_ANALYSIS", "false"),
];

/// A running `pilot-discovery`.
#[derive(Debug)]
pub(super) struct Discovery {
    process: Process,
    ready: u16,
    /// Where agents get configuration and certificates, by TLS.
    pub(super) secure: u16,
    /// Where the API server asks whether an object is right.
    pub(super) webhook: u16,
}

impl Discovery {
    /// Starts it. What it keeps on disk is in that folder.
    pub(super) fn start(
        program: &Path,
        kubeconfig: &Path,
        folder: &Path,
    ) -> Result<Self, RigError> {
        let [ready, plain, secure, monitoring, webhook] = ports()?;
        let at = |flag: &str, port: u16| format!("--{flag}=127.0.0.1:{port}");
        let mut command = Command::new(program);
        command
            .arg("discovery")
            .arg(format!("--kubeconfig={}", kubeconfig.display()))
            .arg(format!("--namespace={NAMESPACE}"))
            .args(["--domain=cluster.local", "--ctrlz_port=0"])
            .args([at("httpAddr", ready), at("grpcAddr", plain)])
            .args([at("secureGRPCAddr", secure), at("httpsAddr", webhook)])
            .arg(at("monitoringAddr", monitoring))
            .envs(ENVIRONMENT)
            .current_dir(folder);
        let process = Process::start(command, log(folder), ADVICE)?;
        Ok(Self {
            process,
            ready,
            secure,
            webhook,
        })
    }

    /// Waits until it serves.
    pub(super) fn wait_until_ready(&mut self) -> Result<(), RigError> {
        let authority = format!("127.0.0.1:{}", self.ready);
        let request =
            format!("GET /ready HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n");
        let process = &mut self.process;
        wait_until("istiod to be ready", PATIENCE, || {
            let answer = exchange(&authority, request.as_bytes());
            if answer.is_ok_and(|answer| answer.status == 200) {
                return Some(Ok(()));
            }
            process.ended().map(|_| Err(ended(process)))
        })?
    }

    /// What it prints.
    pub(super) fn log(&self) -> &kfwasm_rig::Log {
        self.process.log()
    }
}

fn ports() -> Result<[u16; 5], RigError> {
    let mut ports = [0; 5];
    for port in &mut ports {
        *port = free_port()?;
    }
    Ok(ports)
}

fn log(folder: &Path) -> PathBuf {
    folder.join("istiod.log")
}

fn ended(process: &Process) -> RigError {
    RigError::DidNotStart {
        part: "istiod",
        reason: process.log().tail(10),
    }
}
