use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kfwasm_rig::{Parts, Provider, ProviderSettings, ProviderTls, RigError, Upstream, free_port};
use serde_json::{Value, json};

use crate::{Authority, Cluster, IngressGateway, Istio, IstioPrograms, Programs, own_address};

/// The version of the custom resources that the control plane knows.
const ISTIO: &str = "1.31.4";
const HOST: &str = "ml.example.com";
const PROVIDER: &str = "id.example.com";
const CERTIFICATE: &str = "gateway-certificate";

/// A Kubeflow's cluster before kfwasm: Istio with a gateway in front of a dashboard, and a provider elsewhere. All of it
/// ends when this value is dropped.
pub struct Kubeflow {
    // In the order in which they end: the gateways first.
    /// Its control plane and the gateway's pods.
    pub istio: Istio,
    /// Its API server.
    pub cluster: Cluster,
    /// Where people sign in, by TLS.
    pub provider: Provider,
    /// The dashboard.
    pub upstream: Upstream,
    /// Who certifies the gateway and the provider.
    pub authority: Authority,
    port: u16,
    plain_port: u16,
}

impl Kubeflow {
    /// Names that must be this machine to whoever uses it: the gateway's and the provider's.
    pub const NAMES: [&str; 2] = [HOST, PROVIDER];
    /// The Secret with the gateway's certificate.
    pub const CERTIFICATE: &str = CERTIFICATE;

    /// Starts everything and waits until the gateway's pods, so many, are ready. They listen at that port for https.
    ///
    /// # Errors
    /// Those of the parts.
    pub fn start(
        programs: &Programs,
        istio: &IstioPrograms,
        parts: &Parts,
        replicas: usize,
        port: u16,
    ) -> Result<Self, RigError> {
        let authority = Authority::new()?;
        let cluster = Cluster::with_custom_resources(programs, ISTIO)?;
        let istio = start_istio(&cluster, istio, &parts.envoy)?;
        let plain_port = free_port()?;
        istio.install_gateway(&IngressGateway {
            replicas,
            http_port: plain_port,
            https_port: port,
            local_names: vec![PROVIDER.to_owned()],
            authorities: Some(authority.pem()),
        })?;
        let kubeflow = Self {
            istio,
            provider: Provider::start(parts, provider(&authority, port)?)?,
            upstream: Upstream::start_at(own_address()?)?,
            cluster,
            authority,
            port,
            plain_port,
        };
        for object in kubeflow.objects()? {
            kubeflow.cluster.api().apply_as("kubeflow", &object)?;
        }
        Ok(kubeflow)
    }

    /// The public host, with its port.
    #[must_use]
    pub fn public_host(&self) -> String {
        format!("{HOST}:{}", self.port)
    }

    /// Where the gateway listens for the load balancer's port 80.
    #[must_use]
    pub fn plain_port(&self) -> u16 {
        self.plain_port
    }

    /// What Kubeflow's manifests install of this: the Gateway, the dashboard and the route to it; and a certificate.
    fn objects(&self) -> Result<[Value; 5], RigError> {
        let certified = self.authority.certify(&[HOST])?;
        let address = self.upstream.address();
        let of = |name: &str| json!({ "name": name, "namespace": "kubeflow" });
        let secret = json!({ "name": CERTIFICATE, "namespace": "istio-system" });
        Ok([
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
        ])
    }
}

fn start_istio(
    cluster: &Cluster,
    programs: &IstioPrograms,
    envoy: &Path,
) -> Result<Istio, RigError> {
    let namespace =
        json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": "kubeflow" } });
    cluster.api().apply(&namespace)?;
    Istio::start(cluster, programs, envoy)
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
    STANDARD.encode(text).into()
}
