use super::{CaBundle, KubernetesName, MailAddress, SubjectName};
use crate::config::Config;
use crate::endpoint_url::EndpointUrl;
use crate::read::field::Field;
use crate::read::object::Object;
use crate::refusal::Refusal;
use crate::url_error::UrlError;

/// The gateway's certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Who issues it.
    pub issuer: CertificateIssuer,
    /// The Secret that holds it, in the gateway's namespace.
    pub secret_name: KubernetesName,
}

/// Who issues the gateway's certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CertificateIssuer {
    /// An authority of the installation's own, by cert-manager.
    SelfSigned,
    /// An authority that speaks ACME (RFC 8555), by cert-manager.
    Acme {
        /// The address that the authority may write to.
        email: MailAddress,
        /// The authority's directory (RFC 8555 §7.1.1).
        server: EndpointUrl,
        /// By what the directory's own certificate is trusted; `None` for the authorities that cert-manager trusts anyway.
        ca_bundle: Option<CaBundle>,
    },
    /// The operator: the Secret is there already.
    Existing,
    /// Nobody: something in front of the gateway ends TLS, and the Gateway resource is left alone.
    None,
}

choice_type! {
    /// How the issuer is written.
    IssuerWord {
        /// An authority of the installation's own.
        SelfSigned = "selfSigned",
        /// By ACME.
        Acme = "acme",
        /// The Secret is there already.
        Existing = "existing",
        /// No certificate.
        None = "none",
    }
}

const SECRET_NAME: &str = "istio-ingressgateway-certs";
/// What is for an authority that speaks ACME alone.
const ACME_FIELDS: [&str; 3] = ["acmeEmail", "acmeServer", "acmeCaBundle"];
const LETS_ENCRYPT: &str = "https://acme-v02.api.letsencrypt.org/directory";

impl Certificate {
    pub(super) fn read(mut object: Object<'_>, plugin: Option<&Config>) -> Option<Self> {
        let word = object.or_default("issuer", "selfSigned", &IssuerWord::parse);
        let secret_name = object.or_default("secretName", SECRET_NAME, &KubernetesName::parse);
        let issuer = match word {
            Some(IssuerWord::Acme) => acme(&mut object, plugin),
            Some(word) => without_acme(&mut object, word),
            None => unread(&mut object),
        };
        object.finish();
        Some(Self {
            issuer: issuer?,
            secret_name: secret_name?,
        })
    }
}

fn acme(object: &mut Object<'_>, plugin: Option<&Config>) -> Option<CertificateIssuer> {
    let email = object.optional("acmeEmail", &MailAddress::parse);
    let server = object.or_default("acmeServer", LETS_ENCRYPT, &directory);
    let ca_bundle = object.optional("acmeCaBundle", &CaBundle::parse);
    if email.is_absent() {
        object.refuse(
            "acmeEmail",
            "is missing",
            "write the mail address that the certificate authority may write to",
        );
    }
    let hosts = plugin.map_or(&[][..], |plugin| &plugin.public_hosts);
    if let Some(host) = hosts
        .iter()
        .find(|host| matches!(SubjectName::of(host), SubjectName::Address(_)))
    {
        let refusal = Refusal::quoting(
            host.as_str(),
            "is an IP address, for which there is no ACME certificate here",
            "give the load balancer a DNS name, or write issuer: selfSigned",
        );
        object.refuse_at(object.path_of("issuer"), refusal);
    }
    if plugin.is_some_and(|plugin| !plugin.acme_challenges) {
        object.refuse(
            "issuer",
            "is acme, and plugin.acmeChallenges refuses its challenges",
            "remove acmeChallenges",
        );
    }
    Some(CertificateIssuer::Acme {
        email: email.into_option()?,
        server: server?,
        ca_bundle: match ca_bundle {
            Field::Absent => None,
            field => Some(field.into_option()?),
        },
    })
}

fn directory(text: &str) -> Result<EndpointUrl, Refusal> {
    EndpointUrl::parse(text, false).map_err(|error| match error {
        UrlError::PlainHttp => Refusal::quoting(text, error.message(), "write https://"),
        error => error.refusal(text),
    })
}

/// Where it is not known whether they belong there.
fn unread(object: &mut Object<'_>) -> Option<CertificateIssuer> {
    for name in ACME_FIELDS {
        object.take(name);
    }
    None
}

fn without_acme(object: &mut Object<'_>, word: IssuerWord) -> Option<CertificateIssuer> {
    for name in ACME_FIELDS {
        if object.take(name).is_some() {
            object.refuse(
                name,
                "is for issuer: acme alone",
                "remove it, or write issuer: acme",
            );
        }
    }
    match word {
        IssuerWord::SelfSigned => Some(CertificateIssuer::SelfSigned),
        IssuerWord::Existing => Some(CertificateIssuer::Existing),
        IssuerWord::None => Some(CertificateIssuer::None),
        IssuerWord::Acme => None,
    }
}
