//! The program, while it can be read what it says.

use std::fs::{self, File};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::Duration;

use kfwasm_cluster_rig::Cluster;
use kfwasm_rig::{RigError, wait_until};
use tempfile::TempDir;

use crate::doctor::make_pods_ready;
use crate::stage::Shown;

const PATIENCE: Duration = Duration::from_secs(120);

/// A program that has no terminal.
pub(crate) struct Running {
    child: Child,
    told: TempDir,
}

impl Running {
    pub(crate) fn start(command: &mut Command) -> Self {
        let told = TempDir::new().unwrap();
        let stderr = File::create(told.path().join("stderr")).unwrap();
        let command = command.stdin(Stdio::null()).stdout(Stdio::null());
        let child = command.stderr(stderr).spawn().unwrap();
        Self { child, told }
    }

    pub(crate) fn said(&self) -> String {
        fs::read_to_string(self.told.path().join("stderr")).unwrap()
    }

    pub(crate) fn wait_for(&self, words: &str) -> Shown {
        let told = || self.said().contains(words).then_some(());
        wait_until(words, PATIENCE, told).inspect_err(|_| eprintln!("{}", self.said()))
    }

    /// Its end, where pods become ready by themselves.
    pub(crate) fn end(mut self) -> Output {
        let status = self.child.wait().unwrap();
        self.ended(status)
    }

    /// Its end, while pods become ready as kubelets would make them.
    pub(crate) fn end_while_pods_become_ready(
        mut self,
        cluster: &Cluster,
    ) -> Result<Output, RigError> {
        let status = wait_until("kfwasm to end", PATIENCE, || {
            make_pods_ready(cluster.api());
            self.child.try_wait().unwrap()
        })?;
        Ok(self.ended(status))
    }

    fn ended(&self, status: ExitStatus) -> Output {
        Output {
            status,
            stdout: Vec::new(),
            stderr: self.said().into_bytes(),
        }
    }
}
