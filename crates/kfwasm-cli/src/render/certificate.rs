use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use kfwasm_config::EndpointUrl;
use kfwasm_config::installation::{CaBundle, CertificateIssuer, MailAddress, SubjectName};

use super::{Manifest, beside_the_gateway};
use crate::deploy::{self, DeployFile};
use crate::object::Object;
use crate::settings::Settings;

/// The gateway's certificate and who issues it.
pub(super) fn manifest(settings: &Settings) -> Option<Manifest> {
    let (file, objects) = match &settings.installation.certificate.issuer {
        CertificateIssuer::SelfSigned => (deploy::CERTIFICATE_SELF_SIGNED, self_signed(settings)),
        CertificateIssuer::Acme {
            email,
            server,
            ca_bundle,
        } => (
            deploy::CERTIFICATE_ACME,
            acme(settings, email, server, ca_bundle.as_ref()),
        ),
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

fn acme(
    settings: &Settings,
    email: &MailAddress,
    server: &EndpointUrl,
    ca_bundle: Option<&CaBundle>,
) -> Vec<Object> {
    let account = |object: Object| match object.text("/kind") {
        "Issuer" => {
            let issuer = object
                .with("/spec/acme/email", email.as_str())
                .with("/spec/acme/server", server.as_str());
            match ca_bundle {
                Some(bundle) => issuer.with("/spec/acme/caBundle", encoded(bundle)),
                None => issuer,
            }
        }
        _ => object,
    };
    placed(deploy::CERTIFICATE_ACME, settings)
        .into_iter()
        .map(account)
        .collect()
}

/// As Kubernetes writes bytes.
fn encoded(bundle: &CaBundle) -> String {
    BASE64_STANDARD.encode(bundle.as_str())
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

#[cfg(test)]
mod tests {
    use super::*;

    const PEM: &str = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

    fn issuer(more: &str) -> Object {
        let text = format!(
            "name: ml\ncertificate: {{issuer: acme, acmeEmail: platform@example.com{more}}}\nplugin:\n  \
             publicHosts: [ml.example.com]\n  \
             providers: [{{issuer: \"https://id.example.com\", clientId: kubeflow, clientSecret: {{env: SECRET}}}}]\n"
        );
        let settings = Settings::parse(&text).unwrap();
        let mut objects = manifest(&settings).unwrap().objects.into_iter();
        objects.find(|it| it.text("/kind") == "Issuer").unwrap()
    }

    #[test]
    fn an_authority_of_ones_own_is_asked_and_trusted_by_its_own_certificate() {
        let own = issuer(&format!(
            ", acmeServer: \"https://ca.example.com/acme/directory\", acmeCaBundle: {PEM:?}"
        ));
        assert_eq!(
            own.text("/spec/acme/server"),
            "https://ca.example.com/acme/directory"
        );
        let bundle = BASE64_STANDARD.decode(own.text("/spec/acme/caBundle"));
        assert_eq!(bundle.unwrap(), PEM.as_bytes());
        assert_eq!(issuer("").get("/spec/acme/caBundle"), None);
    }

    /// cert-manager before 1.12 knows no other field, and Istio installs no IngressClass that another could name.
    #[test]
    fn the_solver_names_istio_in_the_way_that_needs_no_ingress_class() {
        let ingress = "/spec/acme/solvers/0/http01/ingress";
        let wanted = serde_json::json!({ "class": "istio" });
        assert_eq!(issuer("").get(ingress), Some(&wanted));
    }
}
