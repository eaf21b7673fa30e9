use std::env;
use std::fs;
use std::process::{Command, Output};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use kfwasm_cluster_rig::{
    Authority, Cluster, IngressGateway, Istio, IstioPrograms, LocalNames, own_address,
};
use kfwasm_rig::{
    Parts, Provider, ProviderSettings, ProviderTls, RigError, Upstream, UserAgent, free_port,
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::stage::cluster;

const ISTIO: &str = "1.31.4";
pub(super) const HOST: &str = "ml.example.com";
const PROVIDER: &str = "id.example.com";
pub(super) const CERTIFICATE: &str = "gateway-certificate";

/// A Kubeflow's cluster with Istio, before kfwasm: a gateway in front of a dashboard, and a provider elsewhere.
pub(super) struct Mesh {
    // In the order in which they end: the gateways first.
    _istio: Istio,
    pub(super) cluster: Cluster,
    pub(super) provider: Provider,
    pub(super) upstream: Upstream,
    authority: Authority,
    names: LocalNames,
    /// Where the gateway listens for https, in place of 443.
    pub(super) port: u16,
    folder: TempDir,
}

impl Mesh {
    pub(super) fn with_replicas(replicas: usize) -> Result<Self, RigError> {
        let parts = Parts::from_environment()?;
        let authority = Authority::new()?;
        let port = free_port()?;
        let cluster = cluster(ISTIO)?;
        let istio = Istio::start(&cluster, &IstioPrograms::from_environment()?, &parts.envoy)?;
        istio.install_gateway(&IngressGateway {
            replicas,
            http_port: free_port()?,
            https_port: port,
            local_names: vec![PROVIDER.to_owned()],
            authorities: Some(authority.pem()),
        })?;
        let mesh = Self {
            _istio: istio,
            provider: Provider::start(&parts, provider(&authority, port)?)?,
            upstream: Upstream::start_at(own_address()?)?,
            names: LocalNames::new(&[HOST, PROVIDER])?,
            folder: TempDir::new().map_err(RigError::io("create a temporary folder"))?,
            cluster,
            authority,
            port,
        };
        mesh.install_kubeflow()?;
        let secret = &mesh.provider.settings().client_secret;
        fs::write(mesh.folder.path().join("secret"), secret).unwrap();
        Ok(mesh)
    }

    /// The public host, with its port.
    pub(super) fn authority(&self) -> String {
        format!("{HOST}:{}", self.port)
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
            .env("KUBECONFIG", self.cluster.kubeconfig());
        command
    }

    /// From nothing, with these options beside those that are needed.
    pub(super) fn install(&self, options: &[&str]) -> Output {
        let (host, issuer) = (self.authority(), self.provider.issuer());
        let mut arguments = vec!["install", "ml", "--host", &host, "--issuer", &issuer];
        arguments.extend(["--client-id", &self.provider.settings().client_id]);
        arguments.extend([
            "--certificate",
            "existing",
            "--certificate-secret",
            CERTIFICATE,
        ]);
        arguments.extend(["--istio", "1.31", "--yes", "--force-conflicts"]);
        arguments.extend(["--secret", "KFWASM_CLIENT_SECRET=secret"]);
        arguments.extend(options);
        self.kfwasm(&arguments)
    }

    /// What Kubeflow's manifests install of this: the Gateway, the dashboard and the route to it; and a certificate.
    fn install_kubeflow(&self) -> Result<(), RigError> {
        let certified = self.authority.certify(&[HOST])?;
        let address = self.upstream.address();
        let of = |name: &str| json!({ "name": name, "namespace": "kubeflow" });
        let secret = json!({ "name": CERTIFICATE, "namespace": "istio-system" });
        for object in [
            json!({ "apiVersion": "v1", "kind": "Secret", "metadata": secret, "type": "kubernetes.io/tls", "data": {
                "tls.crt": encoded(&certified.certificate), "tls.key": encoded(&certified.key) } }),
            json!({ "apiVersion": "networking.istio.io/v1beta1", "kind": "Gateway", "metadata": of("kubeflow-gateway"),
                "spec": { "selector": { "istio": "ingressgateway" }, "servers": [
                    { "hosts": ["*"], "port": { "name": "http", "number": 80, "protocol": "HTTP" } }] } }),
            json!({ "apiVersion": "v1", "kind": "Service", "metadata": of("centraldashboard"), "spec": {
                "ports": [{ "name": "http", "port": 80, "targetPort": address.port() }] } }),
            json!({ "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
                "metadata": { "name": "centraldashboard-1", "namespace": "kubeflow",
                    "labels": { "kubernetes.io/service-name": "centraldashboard" } },
                "endpoints": [{ "addresses": [address.ip().to_string()], "conditions": { "ready": true } }],
                "ports": [{ "name": "http", "port": address.port() }] }),
            json!({ "apiVersion": "networking.istio.io/v1beta1", "kind": "VirtualService",
                "metadata": of("centraldashboard"), "spec": { "gateways": ["kubeflow-gateway"], "hosts": ["*"],
                    "http": [{ "match": [{ "uri": { "prefix": "/" } }], "route": [{ "destination": {
                        "host": "centraldashboard.kubeflow.svc.cluster.local", "port": { "number": 80 } } }] }] } }),
        ] {
            self.cluster.api().apply_as("kubeflow", &object)?;
        }
        Ok(())
    }
}

fn provider(authority: &Authority, port: u16) -> Result<ProviderSettings, RigError> {
    let certified = authority.certify(&[PROVIDER])?;
    let at = |path: &str| format!("https://{HOST}:{port}{path}");
    let redirect_uris = vec![at("/authservice/oidc/callback"), at("/"), at("/logout")];
    Ok(ProviderSettings {
        tls: Some(ProviderTls {
            host: PROVIDER.to_owned(),
            certificate: certified.certificate,
            key: certified.key,
        }),
        ..ProviderSettings::new(free_port()?, redirect_uris)
    })
}

fn encoded(text: &str) -> Value {
    BASE64_STANDARD.encode(text).into()
}
