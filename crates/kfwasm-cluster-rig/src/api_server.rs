use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use kfwasm_rig::{Process, RigError, free_port, wait_until};

use crate::credentials::Credentials;
use crate::programs::Programs;

const PATIENCE: Duration = Duration::from_secs(120);

/// A kube-apiserver that may not be ready yet.
#[derive(Debug)]
pub(crate) struct ApiServer {
    process: Process,
    port: u16,
    certificates: PathBuf,
}

impl ApiServer {
    pub(crate) fn start(
        programs: &Programs,
        folder: &Path,
        etcd: &str,
        credentials: &Credentials,
    ) -> Result<Self, RigError> {
        Self::start_at(free_port()?, programs, folder, etcd, credentials)
    }

    /// The same at this port. With the folder of one that has ended it goes on as that one.
    pub(crate) fn start_at(
        port: u16,
        programs: &Programs,
        folder: &Path,
        etcd: &str,
        credentials: &Credentials,
    ) -> Result<Self, RigError> {
        let certificates = folder.join("api-server");
        let mut command = Command::new(&programs.api_server);
        command
            .arg(format!("--etcd-servers={etcd}"))
            .arg(format!("--cert-dir={}", certificates.display()))
            .arg(format!("--secure-port={port}"))
            .args(["--bind-address=127.0.0.1", "--advertise-address=127.0.0.1"])
            .args([
                "--endpoint-reconciler-type=none",
                "--service-cluster-ip-range=10.96.0.0/16",
            ])
            .args([
                "--authorization-mode=RBAC",
                "--allow-privileged=true",
                "--profiling=false",
            ]);
        identities(&mut command, credentials);
        let advice = "run `cargo xtask test cluster`, which builds it";
        let process = Process::start(command, folder.join("api-server.log"), advice)?;
        Ok(Self {
            process,
            port,
            certificates,
        })
    }

    /// Ends it, and gives back its port.
    pub(crate) fn stop(mut self) -> u16 {
        self.process.stop();
        self.port
    }

    pub(crate) fn url(&self) -> String {
        format!("https://127.0.0.1:{}", self.port)
    }

    /// The certificate that it made for itself, with its issuer's; it writes it before it listens.
    pub(crate) fn certificate(&self) -> PathBuf {
        self.certificates.join("apiserver.crt")
    }

    /// Waits until `is_ready` says so.
    pub(crate) fn wait_until(
        &mut self,
        mut is_ready: impl FnMut() -> bool,
    ) -> Result<(), RigError> {
        let process = &mut self.process;
        wait_until("the API server to be ready", PATIENCE, || {
            if is_ready() {
                return Some(Ok(()));
            }
            process.ended().map(|_| Err(ended(process)))
        })?
    }
}

fn identities(command: &mut Command, credentials: &Credentials) {
    let key = credentials.service_account_key.display();
    let public = credentials.service_account_public.display();
    command
        .arg(format!(
            "--token-auth-file={}",
            credentials.tokens.display()
        ))
        .arg("--service-account-issuer=https://kubernetes.default.svc.cluster.local")
        .arg(format!("--service-account-key-file={public}"))
        .arg(format!("--service-account-signing-key-file={key}"));
}

fn ended(process: &Process) -> RigError {
    RigError::DidNotStart {
        part: "API server",
        reason: process.log().tail(10),
    }
}
