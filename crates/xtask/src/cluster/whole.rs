use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use kfwasm_cluster_rig::Kubeflow;
use kfwasm_rig::{Parts, claim_port};

use crate::tools::EnvoyVersion;
use crate::{cli, interrupt, module, tools};

/// Starts a Kubeflow without sign-in, says how to give it one, and ends with Ctrl-C.
pub(super) fn run(replicas: usize, port: u16) -> Result<ExitCode> {
    claim_port(port)?;
    let (programs, istio) = (tools::kubernetes()?, tools::istio()?);
    let parts = Parts {
        module: module::build()?,
        envoy: tools::envoy(EnvoyVersion::V1_40)?,
        provider: tools::provider()?,
    };
    let kfwasm = cli::debug()?;
    let interrupt = interrupt::expect()?;
    let folder = tempfile::tempdir()?;
    let kubeflow = Kubeflow::start(&programs, &istio, &parts, replicas, port)?;
    write_secrets(&kubeflow, folder.path())?;
    announce(&kubeflow, folder.path(), &kfwasm);
    interrupt.wait();
    drop(kubeflow);
    println!("\nEverything has ended.");
    Ok(ExitCode::SUCCESS)
}

/// What one needs to install, and to trust the gateway.
fn write_secrets(kubeflow: &Kubeflow, folder: &Path) -> Result<()> {
    let secret = kubeflow.provider.settings().client_secret.as_str();
    for (name, text) in [
        ("client-secret", secret),
        ("authority.pem", &kubeflow.authority.pem()),
    ] {
        let file = folder.join(name);
        fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(())
}

fn announce(kubeflow: &Kubeflow, folder: &Path, kfwasm: &Path) {
    let (folder, kfwasm) = (folder.display(), kfwasm.display());
    let (host, issuer) = (kubeflow.public_host(), kubeflow.provider.issuer());
    let client = &kubeflow.provider.settings().client_id;
    let (names, certificate) = (Kubeflow::NAMES.join(" "), Kubeflow::CERTIFICATE);
    println!(
        "
  A Kubeflow without sign-in: Istio's control plane, its gateway, a dashboard, and a provider

  Names       put them into /etc/hosts: 127.0.0.1 {names}
  Gateway     https://{host}, once kfwasm has given it TLS
  Authority   {folder}/authority.pem, which browsers must be told to trust
  Provider    {issuer}, with alice and bob, no password

  export KUBECONFIG={kubeconfig}
  {kfwasm} install ml --host {host} --issuer {issuer} --client-id {client} --istio 1.31 \\
      --certificate existing --certificate-secret {certificate} --force-conflicts \\
      --secret KFWASM_CLIENT_SECRET={folder}/client-secret
  {kfwasm} doctor
  {kfwasm} uninstall

  Ctrl-C      ends everything",
        kubeconfig = kubeflow.cluster.kubeconfig().display(),
    );
}
