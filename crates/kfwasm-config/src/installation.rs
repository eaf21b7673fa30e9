//! What an operator says about an installation: `kfwasm.yaml`, with the plugin's configuration in it.
//!
//! The command line reads this, the filter does not. It is here because both halves are read by one reader, so that
//! everything that is wrong with the file is told at once.

mod backstop;
mod ca_bundle;
mod certificate;
mod end_date;
mod extension;
mod gateway;
mod kf_name;
mod kubernetes_name;
mod mail_address;
mod module_source;
mod module_url;
mod provider_host;
mod short_names;
mod subject_name;
mod token_backstop;

pub use backstop::Backstop;
pub use ca_bundle::CaBundle;
pub use certificate::{Certificate, CertificateIssuer, IssuerWord};
pub use end_date::EndDate;
pub use extension::Extension;
pub use gateway::{Gateway, GatewayResource};
pub use kf_name::KfName;
pub use kubernetes_name::KubernetesName;
pub use mail_address::MailAddress;
pub use module_source::{IstioVersion, ModuleSource};
pub use module_url::{ModuleUrl, Sha256};
pub use provider_host::ProviderHost;
pub use subject_name::SubjectName;

use crate::config::{Config, document};
use crate::problem::Problems;
use crate::read::node::Node;
use crate::read::object::Object;

/// An installation, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installation {
    /// What the installation is called (`KF_NAME`), and the directory that it is built in.
    pub name: KfName,
    /// The gateway that people sign in at.
    pub gateway: Gateway,
    /// The gateway's certificate.
    pub certificate: Certificate,
    /// How the module reaches the gateway.
    pub module: ModuleSource,
    /// The version of Istio that is built for.
    pub istio: IstioVersion,
    /// What Istio loads the filter from.
    pub extension: Extension,
    /// What denies requests when the filter is gone.
    pub backstop: Backstop,
    /// Hosts that the provider's discovery document names beside the issuer's own.
    pub provider_hosts: Vec<ProviderHost>,
    /// When the client secret ends, as somebody has written it down; of several, the one that ends first.
    pub client_secret_expires: Option<EndDate>,
    /// The configuration of the filter.
    pub plugin: Config,
}

const MOST_HOSTS: usize = 32;

impl Installation {
    /// Reads an installation from JSON.
    ///
    /// # Errors
    /// Everything that is wrong with it and with the plugin's configuration in it, at once.
    pub fn from_json(bytes: &[u8]) -> Result<Self, Problems> {
        let fields = document(bytes).map_err(|problem| Problems(vec![problem]))?;
        let mut problems = Problems(Vec::new());
        let installation = Self::read(Object::new(String::new(), fields, &mut problems));
        match installation {
            Some(installation) if problems.0.is_empty() => Ok(installation),
            _ => Err(problems),
        }
    }

    fn read(mut object: Object<'_>) -> Option<Self> {
        let name = KfName::read(&mut object);
        let gateway = Gateway::read(object.object("gateway"));
        let module = ModuleSource::read(object.object("module"));
        let istio = object.or_default("istio", module_source::ISTIO, &IstioVersion::parse);
        let extension = object.or_default("extension", "wasmPlugin", &Extension::parse);
        let backstop = object.or_default("backstop", "envoyFilter", &Backstop::parse);
        let provider_hosts =
            object.list("providerHosts", &[], 0..=MOST_HOSTS, &ProviderHost::parse);
        let expires = object.optional("clientSecretExpires", &EndDate::parse);
        let plugin = read_plugin(&mut object);
        extension::check(&mut object, extension, istio);
        backstop::check(&mut object, backstop, istio, plugin.as_ref());
        if let Some(plugin) = &plugin {
            short_names::check(&mut object, plugin);
        }
        let certificate = Certificate::read(object.object("certificate"), plugin.as_ref());
        object.finish();
        Some(Self {
            name: name?,
            gateway: gateway?,
            certificate: certificate?,
            module: module?,
            istio: istio?,
            extension: extension?,
            backstop: backstop?,
            provider_hosts: provider_hosts.whole()?,
            client_secret_expires: expires.into_option(),
            plugin: plugin?,
        })
    }
}

fn read_plugin(object: &mut Object<'_>) -> Option<Config> {
    match object.take("plugin") {
        Some(Node::Object(fields)) => Config::read(object.object_at("plugin".to_owned(), fields)),
        Some(other) => {
            object.refuse_kind("plugin".to_owned(), &other, "an object");
            None
        }
        None => {
            object.refuse(
                "plugin",
                "is missing",
                "write the configuration of the filter, with publicHosts and providers",
            );
            None
        }
    }
}
