//! The program on a real API server with a real gateway beside it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use kfwasm_cluster_rig::{Cluster, Programs};
use kfwasm_rig::{Parts, Rig, RigSettings};
use tempfile::TempDir;

use crate::running::while_pods_become_ready;
use crate::stage;

/// A cluster in which everything is installed.
pub(crate) struct Installed {
    program: PathBuf,
    folder: TempDir,
    cluster: Cluster,
    rig: Rig,
}

impl Installed {
    /// `None` where no API server is named in the environment.
    pub(crate) fn start(program: &Path) -> Option<Self> {
        Programs::from_environment().ok()?;
        let cluster = stage::cluster(stage::ISTIO).expect("an API server");
        stage::gateway(&cluster).expect("a gateway's Deployment");
        let parts = Parts::from_environment().expect("the rig's parts");
        let installed = Self {
            program: program.to_owned(),
            folder: built(program),
            cluster,
            rig: Rig::start(&parts, &RigSettings::default()).expect("a gateway"),
        };
        installed.install();
        Some(installed)
    }

    /// Applies for the first time, while pods become ready as kubelets would make them.
    fn install(&self) {
        let output = while_pods_become_ready(&self.cluster, &mut self.applying());
        expect(&output.expect("an end"), &[0]);
    }

    /// Applies again, when nothing is to be changed.
    pub(crate) fn apply(&self) {
        expect(&self.applying().output().expect("the program"), &[0]);
    }

    fn applying(&self) -> Command {
        let mut command = self.command(&["apply", "ml", "--yes", "--timeout", "100"]);
        command.args(["--secret", "KFWASM_CLIENT_SECRET=secret"]);
        command
    }

    /// Looks at everything. The gateway is another than the one that is installed, of which the doctor complains.
    pub(crate) fn examine(&self) {
        let address = format!("127.0.0.1:{}", self.rig.gateway.port());
        let output = self.command(&["doctor", "--address", &address]).output();
        expect(&output.expect("the program"), &[0, 1]);
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env("KUBECONFIG", self.cluster.kubeconfig());
        command
    }
}

/// The directory of an installation, with the secret beside it.
fn built(program: &Path) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("secret"), "a secret of the bench").expect("a file");
    let output = Command::new(program)
        .args(["build", "ml", "--host", "kubeflow.example.com"])
        .args(["--issuer", "https://login.example.com"])
        .args(["--client-id", "kubeflow", "--istio", "1.31"])
        .args(["--certificate", "none"])
        .current_dir(folder.path())
        .output();
    expect(&output.expect("the program"), &[0]);
    folder
}

fn expect(output: &Output, codes: &[i32]) {
    let said = String::from_utf8_lossy(&output.stderr);
    let code = output.status.code().expect("an exit code");
    assert!(codes.contains(&code), "{said}");
}
