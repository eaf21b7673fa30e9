//! The program, while it can be read what it says, and while the cluster works.

use std::fs::{self, File};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::Duration;

use kfwasm_cluster_rig::Cluster;
use kfwasm_rig::{RigError, wait_until};
use tempfile::TempDir;

use crate::kubelet::make_pods_ready;
use crate::stage::Shown;

const PATIENCE: Duration = Duration::from_secs(120);

/// A program that has no terminal, so that nobody is asked.
pub(crate) struct Running {
    child: Child,
    told: TempDir,
}

impl Running {
    pub(crate) fn start(command: &mut Command) -> Self {
        let told = TempDir::new().unwrap();
        let file = |name: &str| File::create(told.path().join(name)).unwrap();
        let command = command.stdin(Stdio::null());
        let command = command.stdout(file("stdout")).stderr(file("stderr"));
        let child = command.spawn().unwrap();
        Self { child, told }
    }

    pub(crate) fn said(&self) -> String {
        String::from_utf8(self.printed("stderr")).unwrap()
    }

    pub(crate) fn wait_for(&self, words: &str) -> Shown {
        let told = || self.said().contains(words).then_some(());
        wait_until(words, PATIENCE, told).inspect_err(|_| eprintln!("{}", self.said()))
    }

    /// Its end, where the cluster works by itself.
    pub(crate) fn end(mut self) -> Output {
        let status = self.child.wait().unwrap();
        self.ended(status)
    }

    /// Its end, while this is done again and again for the cluster.
    pub(crate) fn end_while(mut self, work: impl Fn()) -> Result<Output, RigError> {
        let status = wait_until("kfwasm to end", PATIENCE, || {
            work();
            self.child.try_wait().unwrap()
        })?;
        Ok(self.ended(status))
    }

    /// Its end, while pods become ready as kubelets would make them.
    pub(crate) fn end_while_pods_become_ready(self, cluster: &Cluster) -> Result<Output, RigError> {
        self.end_while(|| make_pods_ready(cluster.api()))
    }

    fn ended(&self, status: ExitStatus) -> Output {
        let [stdout, stderr] = ["stdout", "stderr"].map(|name| self.printed(name));
        Output {
            status,
            stdout,
            stderr,
        }
    }

    fn printed(&self, name: &str) -> Vec<u8> {
        fs::read(self.told.path().join(name)).unwrap()
    }
}

/// Runs a command to its end, while pods become ready as kubelets would make them.
pub(crate) fn while_pods_become_ready(
    cluster: &Cluster,
    command: &mut Command,
) -> Result<Output, RigError> {
    Running::start(command).end_while_pods_become_ready(cluster)
}
