use std::env;
use std::fs;
use std::ops::Deref;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::time::Duration;

use kfwasm_cluster_rig::{IstioPrograms, Kubeflow, LocalNames, Pebble, Programs};
use kfwasm_rig::{Parts, RigError, UserAgent, free_port, wait_until};
use serde_json::Value;
use tempfile::TempDir;

use crate::kubelet::PODS;
use crate::recording::Recording;

pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// A Kubeflow before kfwasm, and whoever installs it there.
pub(super) struct Mesh {
    kubeflow: Kubeflow,
    names: LocalNames,
    folder: TempDir,
}

impl Deref for Mesh {
    type Target = Kubeflow;

    fn deref(&self) -> &Kubeflow {
        &self.kubeflow
    }
}

impl Mesh {
    pub(super) fn with_replicas(replicas: usize) -> Result<Self, RigError> {
        let programs = Programs::from_environment()?;
        let istio = IstioPrograms::from_environment()?;
        let parts = Parts::from_environment()?;
        let mesh = Self {
            kubeflow: Kubeflow::start(&programs, &istio, &parts, replicas, free_port()?)?,
            names: LocalNames::new(&Kubeflow::NAMES)?,
            folder: TempDir::new().map_err(RigError::io("create a temporary folder"))?,
        };
        let secret = &mesh.provider.settings().client_secret;
        fs::write(mesh.folder.path().join("secret"), secret).unwrap();
        let authority = mesh.authority.pem();
        fs::write(mesh.folder.path().join("authority.pem"), authority).unwrap();
        Ok(mesh)
    }

    /// Who speaks ACME, and finds the gateway by its public name.
    pub(super) fn pebble(&self) -> Result<Pebble, RigError> {
        let program = PathBuf::from(env::var_os("PEBBLE").unwrap());
        Pebble::start(&program, &self.authority, &self.names, self.plain_port())
    }

    /// A person's browser, which trusts whom the gateway's certificate is by.
    pub(super) fn browser(&self) -> Result<UserAgent, RigError> {
        UserAgent::trusting(&self.authority.pem())
    }

    /// The program, where the public host and the provider's are in the DNS.
    pub(super) fn kfwasm(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    pub(super) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.names.command(env::var_os("KFWASM").unwrap());
        command
            .args(arguments)
            .current_dir(self.folder.path())
            // What certifies the provider is among the authorities of this machine.
            .env("SSL_CERT_FILE", self.folder.path().join("authority.pem"))
            .env("KUBECONFIG", self.cluster.kubeconfig());
        command
    }

    /// A recording in which gateway and provider have the names of real ones.
    pub(super) fn recording(&self) -> Recording {
        self.recording_at(&self.provider.issuer())
    }

    /// The same with another provider.
    pub(super) fn recording_at(&self, issuer: &str) -> Recording {
        let provider = issuer.trim_start_matches("https://");
        let at_once = [provider, &self.provider.host().authority()].map(str::to_owned);
        let mut names: Vec<_> = at_once
            .iter()
            .map(|it| (it.replace(':', "-"), "id.example.com"))
            .collect();
        names.extend(at_once.map(|it| (it, "id.example.com")));
        names.push((self.public_host(), "ml.example.com"));
        Recording::with(names)
    }

    /// From nothing, with these options beside those that are needed.
    pub(super) fn install(&self, options: &[&str]) -> Output {
        self.install_for(&self.provider.issuer(), options)
    }

    /// The same with another provider.
    pub(super) fn install_for(&self, issuer: &str, options: &[&str]) -> Output {
        let existing = ["--certificate", "existing", "--certificate-secret"];
        let certificate = [&existing[..], &[Kubeflow::CERTIFICATE]].concat();
        self.install_with(issuer, &[&certificate, options].concat())
    }

    /// The same with another certificate too.
    pub(super) fn install_with(&self, issuer: &str, options: &[&str]) -> Output {
        let host = self.public_host();
        let mut arguments = vec!["install", "ml", "--host", &host, "--issuer", issuer];
        arguments.extend(["--client-id", &self.provider.settings().client_id]);
        arguments.extend(["--yes", "--force-conflicts"]);
        arguments.extend(["--secret", "KFWASM_CLIENT_SECRET=secret"]);
        arguments.extend(options);
        self.kfwasm(&arguments)
    }

    /// Ends one pod of the gateway, and waits until another has taken its place.
    pub(super) fn restart_one_pod(&self) -> Result<(), RigError> {
        self.restart_pods(1)
    }

    /// The same with all of them.
    pub(super) fn restart_all_pods(&self) -> Result<(), RigError> {
        self.restart_pods(usize::MAX)
    }

    fn restart_pods(&self, most: usize) -> Result<(), RigError> {
        let all = self.pods()?;
        let old: Vec<_> = all.iter().map(name).take(most).collect();
        for pod in &old {
            self.cluster.api().delete(&format!("{PODS}/{pod}"))?;
        }
        // The Deployment says so later.
        wait_until("other pods in their places", PATIENCE, || {
            let pods = self.pods().ok()?;
            let is_new = |pod: &Value| is_ready(pod) && !old.contains(&name(pod));
            (pods.len() == all.len() && pods.iter().all(is_new)).then_some(())
        })?;
        self.istio.wait_until_gateway_is_ready()
    }

    fn pods(&self) -> Result<Vec<Value>, RigError> {
        let list = self.cluster.api().get(PODS)?;
        Ok(list["items"].as_array().cloned().unwrap_or_default())
    }

    /// Changes what kfwasm.yaml says.
    pub(super) fn edit(&self, from: &str, to: &str) {
        self.edit_file("kfwasm.yaml", from, to);
    }

    /// Changes what a file of the installation says.
    pub(super) fn edit_file(&self, name: &str, from: &str, to: &str) {
        let file = self.folder.path().join("ml").join(name);
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.contains(from), "{text}");
        fs::write(file, text.replace(from, to)).unwrap();
    }

    /// The object in a file that was built.
    pub(super) fn manifest(&self, name: &str) -> Value {
        let file = self.folder.path().join("ml/manifests").join(name);
        serde_saphyr::from_str(&fs::read_to_string(file).unwrap()).unwrap()
    }

    /// As if nothing had been built.
    pub(super) fn forget(&self) {
        fs::remove_dir_all(self.folder.path().join("ml")).unwrap();
    }
}

fn name(pod: &Value) -> String {
    pod["metadata"]["name"].as_str().unwrap().to_owned()
}

fn is_ready(pod: &Value) -> bool {
    let conditions = pod["status"]["conditions"].as_array();
    let mut conditions = conditions.into_iter().flatten();
    conditions.any(|it| it["type"] == "Ready" && it["status"] == "True")
}
