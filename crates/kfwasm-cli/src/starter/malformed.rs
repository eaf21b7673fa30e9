//! Flags that no kfwasm.yaml could say, whatever the one that is there says.

use kfwasm_config::installation::{
    EndDate, IssuerWord, IstioVersion, KubernetesName, MailAddress, ModuleUrl,
};

use super::StarterArgs;
use super::provider::entra;
use crate::failure::Failure;

impl StarterArgs {
    /// Refuses all of them at once.
    pub(crate) fn well_formed(&self) -> Result<(), Failure> {
        let malformed = self.malformed();
        match malformed.is_empty() {
            true => Ok(()),
            false => Err(Failure::usage(malformed.join("\n       "), "")),
        }
    }

    /// Each of them, with why.
    fn malformed(&self) -> Vec<String> {
        let flags = [
            ("--tenant", refusal(&self.tenant, entra)),
            (
                "--certificate",
                refusal(&self.certificate, IssuerWord::parse),
            ),
            (
                "--certificate-secret",
                refusal(&self.certificate_secret, KubernetesName::parse),
            ),
            (
                "--acme-email",
                refusal(&self.acme_email, MailAddress::parse),
            ),
            (
                "--client-secret-expires",
                refusal(&self.client_secret_expires, EndDate::parse),
            ),
            ("--module-url", refusal(&self.module_url, ModuleUrl::parse)),
            ("--istio", refusal(&self.istio, IstioVersion::parse)),
        ];
        let refused = flags.into_iter();
        let refused = refused.filter_map(|(flag, refusal)| Some(format!("{flag} {}", refusal?)));
        refused.chain(self.contradiction()).collect()
    }

    /// The mail address is for the ACME authority alone.
    fn contradiction(&self) -> Option<String> {
        let word = IssuerWord::parse(self.certificate.as_deref()?).ok()?;
        let is_one = self.acme_email.is_some() && word != IssuerWord::Acme;
        is_one.then(|| {
            format!(
                "--acme-email goes with --certificate acme alone, and not with {} (leave one of the two out)",
                word.as_str()
            )
        })
    }
}

fn refusal<T, R: ToString>(
    given: &Option<String>,
    parse: impl Fn(&str) -> Result<T, R>,
) -> Option<String> {
    let refused = parse(given.as_deref()?).err();
    refused.map(|refused| refused.to_string())
}
