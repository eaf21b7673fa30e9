use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

use super::survey::object;
use super::{Finding, Survey};
use crate::migrate::is_published;

/// What Kubeflow's manifests publish as the hash of the password `12341234`.
const PASSWORD: &str = "$2y$12$4K/VkmDd1q1Orb3xAt82zu8gk7Ad6ReFR4LCP9UeYE90NLiN9Df72";
/// The same of older releases.
const OLDER_PASSWORD: &str = "$2y$12$ruoM7FqXrpVgaol44eRZW.4HWS8SAvg6KYVVSCIwKQPBmTpCm.EeO";

/// No secret is one that everybody knows.
pub(super) fn published(survey: &Survey) -> Finding {
    const RULE: &str = "published secrets";
    if has_published_secret(survey) {
        return Finding::wrong(
            RULE,
            "the client secret is the one that Kubeflow's manifests publish",
            "make a new one at the provider, and apply it with KFWASM_CLIENT_SECRET",
        );
    }
    if has_published_password(survey) {
        return Finding::wrong(
            RULE,
            "Dex lets user@example.com in with the password that Kubeflow's manifests publish",
            "remove staticPasswords from Dex's configuration, or choose another password",
        );
    }
    match survey.secret.as_ref().and(survey.dex.as_ref()) {
        Err(reason) => Finding::unchecked(RULE, reason, "ask for the right to read Secrets"),
        Ok(_) => Finding::good(RULE, "no secret is one that everybody knows"),
    }
}

fn has_published_secret(survey: &Survey) -> bool {
    values(object(&survey.secret))
        .iter()
        .any(|secret| is_published(secret))
}

fn has_published_password(survey: &Survey) -> bool {
    let config = object(&survey.dex)
        .map(Value::to_string)
        .unwrap_or_default();
    let in_config = [PASSWORD, OLDER_PASSWORD]
        .iter()
        .any(|hash| config.contains(hash));
    let is_known = |value: &String| [PASSWORD, OLDER_PASSWORD].contains(&value.trim());
    in_config || values(object(&survey.dex_passwords)).iter().any(is_known)
}

fn values(secret: Option<&Value>) -> Vec<String> {
    let data = secret.and_then(|secret| secret.get("data")?.as_object());
    let decoded = |value: &Value| {
        let bytes = BASE64_STANDARD.decode(value.as_str()?).ok()?;
        String::from_utf8(bytes).ok()
    };
    data.into_iter()
        .flatten()
        .filter_map(|(_, value)| decoded(value))
        .collect()
}
