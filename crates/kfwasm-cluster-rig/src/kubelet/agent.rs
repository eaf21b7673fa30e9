//! The one program in a gateway's pod: Istio's agent, which starts Envoy.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use kfwasm_rig::{RigError, free_port};
use serde_json::json;

use super::container::{Health, Prepared};
use super::node::Node;
use super::pod::{Mount, Pod};
use super::sandbox::{Sandbox, write};
use crate::Api;

/// Ports that each pod has to itself where pods have a network of their own.
#[derive(Clone, Copy, Debug)]
struct Ports {
    /// The agent's: readiness and metrics.
    status: u16,
    admin: u16,
    envoy_status: u16,
    envoy_metrics: u16,
}

/// Makes its files.
pub(super) fn prepare(
    api: &Api,
    node: &Node,
    pod: &Pod,
    address: &str,
) -> Result<Prepared, RigError> {
    let folder = node.folder.join(pod.uid());
    let ports = Ports::free()?;
    let own = pod.environment(api)?;
    let mounts = volumes(&folder, &pod.mounts(api)?)?;
    let sandbox = Sandbox::of(&folder, pod, mounts)?;
    identity(api, &folder, pod)?;
    let template = OsStr::new("--templateFile");
    let arguments = [
        "proxy",
        "router",
        "--domain",
        "istio-system.svc.cluster.local",
    ];
    let mut arguments = arguments.map(OsStr::new).to_vec();
    arguments.extend([template, node.bootstrap.as_os_str()]);
    let mut command = sandbox.command(&node.agent, &arguments);
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .envs(settings(node, pod, address, ports))
        .envs(own)
        .current_dir(&folder);
    Ok(Prepared {
        command,
        log: folder.join("agent.log"),
        // Of itself and of Envoy.
        health: Health {
            port: ports.status,
            path: "/healthz/ready",
        },
        // Where a scraper finds its metrics, and `kfwasm doctor` too.
        annotations: json!({
            "prometheus.io/port": ports.status.to_string(),
            "prometheus.io/path": "/stats/prometheus",
        }),
    })
}

impl Ports {
    fn free() -> Result<Self, RigError> {
        Ok(Self {
            status: free_port()?,
            admin: free_port()?,
            envoy_status: free_port()?,
            envoy_metrics: free_port()?,
        })
    }
}

/// What Istio's injection writes into the container's environment.
fn settings(node: &Node, pod: &Pod, address: &str, ports: Ports) -> Vec<(&'static str, String)> {
    let istiod = format!("localhost:{}", node.discovery);
    let proxy = json!({
        "binaryPath": node.envoy,
        "configPath": "./etc/istio/proxy",
        "discoveryAddress": istiod,
        "concurrency": 2,
        "proxyAdminPort": ports.admin,
        "statusPort": ports.status,
    });
    vec![
        ("PROXY_CONFIG", proxy.to_string()),
        ("POD_NAME", pod.name().to_owned()),
        ("POD_NAMESPACE", pod.namespace().to_owned()),
        ("SERVICE_ACCOUNT", pod.account().to_owned()),
        ("INSTANCE_IP", address.to_owned()),
        ("HOST_IP", address.to_owned()),
        ("CA_ADDR", istiod),
        ("PILOT_CERT_PROVIDER", "istiod".to_owned()),
        ("TRUST_DOMAIN", "cluster.local".to_owned()),
        ("ISTIO_META_CLUSTER_ID", "Kubernetes".to_owned()),
        (
            "ISTIO_META_WORKLOAD_NAME",
            "istio-ingressgateway".to_owned(),
        ),
        ("ISTIO_META_UNPRIVILEGED_POD", "true".to_owned()),
        ("ISTIO_METAJSON_LABELS", pod.labels().to_string()),
        ("ENVOY_STATUS_PORT", ports.envoy_status.to_string()),
        ("ENVOY_PROMETHEUS_PORT", ports.envoy_metrics.to_string()),
    ]
}

fn volumes(folder: &Path, mounts: &[Mount]) -> Result<Vec<(PathBuf, String)>, RigError> {
    let mut made = Vec::new();
    for (index, mount) in mounts.iter().enumerate() {
        let volume = folder.join("volumes").join(index.to_string());
        for (name, bytes) in &mount.files {
            write(&volume.join(name), bytes)?;
        }
        made.push((volume, mount.path.clone()));
    }
    Ok(made)
}

/// By what the agent shows istiod who it is, and knows istiod. It looks for both in its working folder.
fn identity(api: &Api, folder: &Path, pod: &Pod) -> Result<(), RigError> {
    let root = api.get(&pod.beside("configmaps", "istio-ca-root-cert"))?;
    let root = root
        .pointer("/data/root-cert.pem")
        .and_then(|pem| pem.as_str());
    let secrets = folder.join("var/run/secrets");
    write(
        &secrets.join("istio/root-cert.pem"),
        root.unwrap_or_default().as_bytes(),
    )?;
    let token = pod.token(api)?;
    write(&secrets.join("tokens/istio-token"), token.as_bytes())
}
