use kfwasm_config::installation::CertificateIssuer;

use super::Manifest;
use crate::deploy;
use crate::settings::Settings;

/// Kubeflow's Gateway with TLS, unless something in front of it ends TLS.
pub(super) fn manifest(settings: &Settings) -> Option<Manifest> {
    let installation = &settings.installation;
    let resource = &installation.gateway.resource;
    let gateway = deploy::GATEWAY
        .object("Gateway")?
        .with("/metadata/namespace", resource.namespace.as_str())
        .with("/metadata/name", resource.name.as_str())
        .with("/spec/selector/istio", installation.gateway.label.as_str())
        .with(
            "/spec/servers/0/tls/credentialName",
            installation.certificate.secret_name.as_str(),
        );
    let gateway = match installation.certificate.issuer {
        CertificateIssuer::None => return None,
        CertificateIssuer::Acme { .. } => gateway.without("/spec/servers/1/tls"),
        CertificateIssuer::SelfSigned | CertificateIssuer::Existing => gateway,
    };
    Some(Manifest {
        name: "gateway.yaml",
        comment: deploy::GATEWAY.comment(),
        objects: vec![gateway],
    })
}
