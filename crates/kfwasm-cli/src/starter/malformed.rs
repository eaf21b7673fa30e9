//! Flags that no kfwasm.yaml could say, whatever the one that is there says.

use kfwasm_config::Refusal;
use kfwasm_config::installation::{
    EndDate, IssuerWord, IstioVersion, KubernetesName, MailAddress, ModuleUrl,
};

use super::StarterArgs;
use crate::failure::Failure;

impl StarterArgs {
    /// Refuses all of them at once.
    pub(super) fn well_formed(&self) -> Result<(), Failure> {
        let malformed = self.malformed();
        match malformed.is_empty() {
            true => Ok(()),
            false => Err(Failure::usage(malformed.join("\n       "), "")),
        }
    }

    /// Each of them, with why.
    fn malformed(&self) -> Vec<String> {
        let flags = [
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
        refused
            .filter_map(|(flag, refusal)| Some(format!("{flag} {}", refusal?)))
            .collect()
    }
}

fn refusal<T>(
    given: &Option<String>,
    parse: impl Fn(&str) -> Result<T, Refusal>,
) -> Option<Refusal> {
    parse(given.as_deref()?).err()
}
