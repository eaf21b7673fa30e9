use kfwasm_config::EndpointUrl;
use kfwasm_config::installation::{CertificateIssuer, MailAddress, SubjectName};

use super::{Manifest, beside_the_gateway};
use crate::deploy::{self, DeployFile};
use crate::object::Object;
use crate::settings::Settings;

/// The gateway's certificate and who issues it.
pub(super) fn manifest(settings: &Settings) -> Option<Manifest> {
    let (file, objects) = match &settings.installation.certificate.issuer {
        CertificateIssuer::SelfSigned => (deploy::CERTIFICATE_SELF_SIGNED, self_signed(settings)),
        CertificateIssuer::Acme { email, server } => {
            (deploy::CERTIFICATE_ACME, acme(settings, email, server))
        }
        CertificateIssuer::Existing | CertificateIssuer::None => return None,
    };
    Some(Manifest {
        name: "certificate.yaml",
        comment: file.comment(),
        objects,
    })
}

fn self_signed(settings: &Settings) -> Vec<Object> {
    placed(deploy::CERTIFICATE_SELF_SIGNED, settings)
}

fn acme(settings: &Settings, email: &MailAddress, server: &EndpointUrl) -> Vec<Object> {
    let account = |object: Object| match object.text("/kind") {
        "Issuer" => object
            .with("/spec/acme/email", email.as_str())
            .with("/spec/acme/server", server.as_str()),
        _ => object,
    };
    placed(deploy::CERTIFICATE_ACME, settings)
        .into_iter()
        .map(account)
        .collect()
}

fn placed(file: DeployFile, settings: &Settings) -> Vec<Object> {
    let place = |object: Object| {
        let is_leaf = object.get("/spec/isCA").is_some_and(|is_ca| is_ca == false);
        match object.text("/kind") {
            "ClusterIssuer" => object,
            "Certificate" if is_leaf => leaf(beside_the_gateway(object, settings), settings),
            _ => beside_the_gateway(object, settings),
        }
    };
    file.objects().into_iter().map(place).collect()
}

fn leaf(certificate: Object, settings: &Settings) -> Object {
    let installation = &settings.installation;
    let (mut addresses, mut names) = (Vec::new(), Vec::new());
    for host in &installation.plugin.public_hosts {
        match SubjectName::of(host) {
            SubjectName::Address(address) => addresses.push(address.to_string()),
            SubjectName::Dns(name) => names.push(name),
        }
    }
    let secret = installation.certificate.secret_name.as_str();
    let named = certificate
        .with("/metadata/name", secret)
        .with("/spec/secretName", secret)
        .without("/spec/dnsNames");
    [("/spec/dnsNames", names), ("/spec/ipAddresses", addresses)]
        .into_iter()
        .filter(|(_, hosts)| !hosts.is_empty())
        .fold(named, |certificate, (place, hosts)| {
            certificate.with(place, without_repeats(hosts))
        })
}

/// The same host may be public by several ports.
fn without_repeats(mut hosts: Vec<String>) -> Vec<String> {
    let mut seen = std::collections::BTreeSet::new();
    hosts.retain(|host| seen.insert(host.clone()));
    hosts
}
