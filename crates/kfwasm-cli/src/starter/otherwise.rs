//! Flags that only make a new kfwasm.yaml, where there is one: they would go unheeded.

use std::path::Path;

use kfwasm_config::installation::{
    Certificate, CertificateIssuer, EndDate, IssuerWord, IstioVersion, ModuleSource,
};
use serde_json::Value;

use super::StarterArgs;
use super::provider::entra;
use crate::failure::Failure;
use crate::settings::Settings;

impl StarterArgs {
    /// Refuses flags that say otherwise than the file. Those that say the same are the command that made it, given again.
    pub(crate) fn agree_with(&self, settings: &Settings, file: &Path) -> Result<(), Failure> {
        let flags: Vec<&str> = self.otherwise(settings).collect();
        if flags.is_empty() {
            return Ok(());
        }
        let (file, flags) = (file.display(), flags.join(", "));
        Err(Failure::usage(
            format!("{file} is there already, and says otherwise than {flags}"),
            "edit the file: these flags only make a new one",
        ))
    }

    fn otherwise(&self, settings: &Settings) -> impl Iterator<Item = &'static str> {
        let installation = &settings.installation;
        let certificate = &installation.certificate;
        let hosts = texts(settings.plugin.get("publicHosts"));
        let issuers = of_providers(settings, "issuer");
        let clients = of_providers(settings, "clientId");
        let flags = [
            ("--host", differs(&self.host, &hosts)),
            ("--tenant", differs(&self.issuer_of_tenant(), &issuers)),
            ("--issuer", differs(&self.issuer, &issuers)),
            ("--client-id", differs(&self.client_id, &clients)),
            (
                "--client-secret-expires",
                self.is_another_end(installation.client_secret_expires),
            ),
            (
                "--certificate",
                differs(&self.certificate, &[word(certificate)]),
            ),
            (
                "--certificate-secret",
                differs(
                    &self.certificate_secret,
                    &[certificate.secret_name.as_str()],
                ),
            ),
            (
                "--acme-email",
                differs(&self.acme_email, &email(certificate)),
            ),
            (
                "--load-balancer",
                self.load_balancer && !installation.gateway.load_balancer,
            ),
            (
                "--module-url",
                differs(&self.module_url, &url(&installation.module)),
            ),
            ("--istio", self.is_other_istio(installation.istio)),
        ];
        flags
            .into_iter()
            .filter_map(|(flag, differs)| differs.then_some(flag))
    }

    fn issuer_of_tenant(&self) -> Option<String> {
        entra(self.tenant.as_deref()?).ok()
    }

    fn is_another_end(&self, written: Option<EndDate>) -> bool {
        let given = self.client_secret_expires.as_deref();
        given.is_some_and(|given| EndDate::parse(given).ok() != written)
    }

    fn is_other_istio(&self, written: IstioVersion) -> bool {
        let given = self.istio.as_deref();
        given.is_some_and(|given| IstioVersion::parse(given) != Ok(written))
    }
}

fn differs(given: &Option<String>, written: &[&str]) -> bool {
    let given = given.as_deref();
    given.is_some_and(|given| !written.contains(&given))
}

fn texts(list: Option<&Value>) -> Vec<&str> {
    let list = list.and_then(Value::as_array).into_iter().flatten();
    list.filter_map(Value::as_str).collect()
}

fn of_providers<'s>(settings: &'s Settings, field: &str) -> Vec<&'s str> {
    let providers = settings.plugin.get("providers").and_then(Value::as_array);
    let providers = providers.into_iter().flatten();
    providers.filter_map(|it| it.get(field)?.as_str()).collect()
}

fn word(certificate: &Certificate) -> &'static str {
    let word = match certificate.issuer {
        CertificateIssuer::SelfSigned => IssuerWord::SelfSigned,
        CertificateIssuer::Acme { .. } => IssuerWord::Acme,
        CertificateIssuer::Existing => IssuerWord::Existing,
        CertificateIssuer::None => IssuerWord::None,
    };
    word.as_str()
}

fn email(certificate: &Certificate) -> Vec<&str> {
    match &certificate.issuer {
        CertificateIssuer::Acme { email, .. } => vec![email.as_str()],
        _ => Vec::new(),
    }
}

fn url(module: &ModuleSource) -> Vec<&str> {
    match module {
        ModuleSource::Url { url, .. } => vec![url.as_str()],
        ModuleSource::ConfigMap => Vec::new(),
    }
}
