//! The text of a new kfwasm.yaml.

use serde_json::Value;

use super::StarterArgs;

const TEMPLATE: &str = include_str!("template.yaml");
const CERTIFICATE_SECRET: &str = "istio-ingressgateway-certs";
pub(super) const ISTIO: &str = "1.30";

impl StarterArgs {
    /// The template with these answers, all of which are there.
    pub(super) fn filled(&self, name: &str, host: &str) -> String {
        let answer = |answer: &Option<String>| answer.clone().unwrap_or_default();
        let certificate = answer(&self.certificate);
        let acme = match certificate.as_str() {
            "acme" => format!("\n  acmeEmail: {}", quoted(&answer(&self.acme_email))),
            _ => String::new(),
        };
        let module = match &self.module_url {
            Some(url) => format!("\n  url: {}", quoted(url)),
            None => " {}".to_owned(),
        };
        let balanced = if self.load_balancer { "true" } else { "false" };
        let secret = self.certificate_secret.as_deref();
        let secret = plain_or_quoted(secret.unwrap_or(CERTIFICATE_SECRET));
        let istio = self.istio.as_deref().unwrap_or(ISTIO);
        TEMPLATE
            .replace("@NAME@", &quoted(name))
            .replace("@LOAD_BALANCER@", balanced)
            .replace("@ISSUER_WORD@", &plain_or_quoted(&certificate))
            .replace("@ACME@", &acme)
            .replace("@SECRET_NAME@", &secret)
            .replace(" @MODULE@", &module)
            .replace("\"@ISTIO@\"", &quoted(istio))
            .replace("@EXPIRES@", &self.expires())
            .replace("@HOST@", &quoted(host))
            .replace("@ISSUER@", &quoted(&answer(&self.issuer)))
            .replace("@CLIENT_ID@", &quoted(&answer(&self.client_id)))
    }

    fn expires(&self) -> String {
        let day = self.client_secret_expires.as_deref();
        day.map_or_else(
            || "# clientSecretExpires: 2027-05-28".to_owned(),
            |day| format!("clientSecretExpires: {}", quoted(day)),
        )
    }
}

/// A text in JSON's quotes, which YAML reads the same.
pub(super) fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

fn plain_or_quoted(word: &str) -> String {
    let plain = word.starts_with(|c: char| c.is_ascii_lowercase())
        && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if plain { word.to_owned() } else { quoted(word) }
}
