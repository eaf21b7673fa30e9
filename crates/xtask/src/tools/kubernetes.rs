use std::env;
use std::path::{Path, PathBuf};

use anyhow::Result;
use kfwasm_cluster_rig::{CrdSources, Programs};

use super::cert_manager::cert_manager;
use super::go::{GoTool, module};

const CONTROL_PLANE: GoTool = GoTool {
    name: "kubernetes",
    pins: "cluster",
    takes: "about 7 minutes",
    programs: &[
        ("go.etcd.io/etcd/server/v3", "etcd"),
        ("k8s.io/kubernetes/cmd/kube-apiserver", "kube-apiserver"),
        (
            "k8s.io/kubernetes/cmd/kube-controller-manager",
            "kube-controller-manager",
        ),
    ],
};

/// Versions of Istio whose custom resources are applied to, with the digests of their modules.
const ISTIO: [(&str, &str); 3] = [
    ("1.24.2", "h1:jYjcN6Iq0RPtQj/3KMFsybxmfqmjGN/dxhL7FGJEdIM="),
    ("1.30.8", "h1:/weRNO9YbJsKqFibiGCjXG1i+UwNhJb3vts6ChGR554="),
    ("1.31.4", "h1:AcnncYrlDj1PJkym7h88Gggkef4MAra8QpGaXRMsr+E="),
];
const CERT_MANAGER: [&str; 3] = [
    "github.com/cert-manager/cert-manager",
    "v1.20.2",
    "h1:CimnY00nLqB2lmxhoSuEC4GDMFDK7JCXqyjwMM9ndIQ=",
];
const GATEWAY_API: [&str; 3] = [
    "sigs.k8s.io/gateway-api",
    "v1.5.1",
    "h1:RqVRIlkhLhUO8wOHKTLnTJA6o/1un4po4/6M1nRzdd0=",
];

/// etcd, the API server and its controllers: those in `KUBEBUILDER_ASSETS` where it is set, else built from Go modules.
pub(crate) fn kubernetes() -> Result<Programs> {
    let assets = env::var_os("KUBEBUILDER_ASSETS").map(PathBuf::from);
    let cert_manager = cert_manager()?;
    Ok(Programs {
        etcd: program(assets.as_deref(), "etcd")?,
        api_server: program(assets.as_deref(), "kube-apiserver")?,
        controller_manager: program(assets.as_deref(), "kube-controller-manager")?,
        cert_manager: cert_manager.join("controller"),
        acme_solver: cert_manager.join("acmesolver"),
        crds: definitions()?,
    })
}

fn program(assets: Option<&Path>, name: &str) -> Result<PathBuf> {
    let given = assets.map(|folder| folder.join(name));
    match given.filter(|program| program.is_file()) {
        Some(program) => Ok(program),
        None => Ok(CONTROL_PLANE.build()?.join(name)),
    }
}

fn definitions() -> Result<CrdSources> {
    let [path, version, sum] = CERT_MANAGER;
    let cert_manager = module(path, version, sum)?.join("deploy/crds");
    let [path, version, sum] = GATEWAY_API;
    let gateway_api = module(path, version, sum)?.join("config/crd/standard");
    Ok(CrdSources {
        istio: ISTIO.map(istio).into_iter().collect::<Result<_>>()?,
        cert_manager,
        gateway_api,
    })
}

fn istio((version, sum): (&str, &str)) -> Result<(String, PathBuf)> {
    let folder = module("istio.io/api", &format!("v{version}"), sum)?;
    let file = folder.join("kubernetes/customresourcedefinitions.gen.yaml");
    Ok((version.to_owned(), file))
}
