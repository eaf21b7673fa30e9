use super::{KubernetesName, MailAddress, SubjectName};
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
        /// The authority's directory.
        server: EndpointUrl,
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
const LETS_ENCRYPT: &str = "https://acme-v02.api.letsencrypt.org/directory";

impl Certificate {
    pub(super) fn read(mut object: Object<'_>, plugin: Option<&Config>) -> Option<Self> {
        let word = object.or_default("issuer", "selfSigned", &IssuerWord::parse);
        let secret_name = object.or_default("secretName", SECRET_NAME, &KubernetesName::parse);
        let email = object.optional("acmeEmail", &MailAddress::parse);
        let server = object.or_default("acmeServer", LETS_ENCRYPT, &|text| {
            EndpointUrl::parse(text, false).map_err(|error| match error {
                UrlError::PlainHttp => Refusal::quoting(text, error.message(), "write https://"),
                error => error.refusal(text),
            })
        });
        let issuer = match word {
            Some(IssuerWord::Acme) => acme(&mut object, email, server, plugin),
            Some(word) => without_acme(&mut object, word, &email),
            None => None,
        };
        object.finish();
        Some(Self {
            issuer: issuer?,
            secret_name: secret_name?,
        })
    }
}

fn acme(
    object: &mut Object<'_>,
    email: Field<MailAddress>,
    server: Option<EndpointUrl>,
    plugin: Option<&Config>,
) -> Option<CertificateIssuer> {
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
    })
}

fn without_acme(
    object: &mut Object<'_>,
    word: IssuerWord,
    email: &Field<MailAddress>,
) -> Option<CertificateIssuer> {
    if !email.is_absent() {
        object.refuse(
            "acmeEmail",
            "is for issuer: acme alone",
            "remove it, or write issuer: acme",
        );
    }
    match word {
        IssuerWord::SelfSigned => Some(CertificateIssuer::SelfSigned),
        IssuerWord::Existing => Some(CertificateIssuer::Existing),
        IssuerWord::None => Some(CertificateIssuer::None),
        IssuerWord::Acme => None,
    }
}
