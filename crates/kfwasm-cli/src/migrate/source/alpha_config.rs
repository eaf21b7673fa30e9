//! The alpha configuration of oauth2-proxy: YAML with the names of its source code.

use serde_json::Value;

use super::super::Setting;
use super::config_file::setting;
use crate::yaml;

/// Where an option stands in a provider, and what it is called in the configuration file.
const OPTIONS: [(&str, &str); 17] = [
    ("/provider", "provider"),
    ("/clientID", "client_id"),
    ("/scope", "scope"),
    ("/loginURL", "login_url"),
    ("/redeemURL", "redeem_url"),
    ("/profileURL", "profile_url"),
    ("/code_challenge_method", "code_challenge_method"),
    ("/allowedGroups", "allowed_groups"),
    ("/caFiles", "provider_ca_files"),
    ("/name", "provider_display_name"),
    ("/azureConfig/tenant", "azure_tenant"),
    ("/oidcConfig/issuerURL", "oidc_issuer_url"),
    ("/oidcConfig/jwksURL", "oidc_jwks_url"),
    ("/oidcConfig/skipDiscovery", "skip_oidc_discovery"),
    ("/oidcConfig/emailClaim", "oidc_email_claim"),
    ("/oidcConfig/groupsClaim", "oidc_groups_claim"),
    (
        "/oidcConfig/insecureAllowUnverifiedEmail",
        "insecure_oidc_allow_unverified_email",
    ),
];

/// What the first provider is told. Further ones become a setting that stays behind.
///
/// # Errors
/// The parser's words.
pub(super) fn settings(text: &str) -> Result<Vec<Setting>, String> {
    let file = yaml::document(text)?;
    let providers = file.get("providers").and_then(Value::as_array);
    let mut providers = providers.into_iter().flatten();
    let mut settings = Vec::new();
    if let Some(provider) = providers.next() {
        let options = OPTIONS.iter();
        settings.extend(
            options.filter_map(|(pointer, name)| Some(setting(name, provider.pointer(pointer)?))),
        );
        settings.extend(parameters(provider));
    }
    for provider in providers {
        let id = provider.get("id").unwrap_or(&Value::Null);
        settings.push(setting("a further provider", id));
    }
    Ok(settings)
}

/// Parameters of the authorization request that have a default.
fn parameters(provider: &Value) -> Vec<Setting> {
    let list = provider.get("loginURLParameters").and_then(Value::as_array);
    let list = list.into_iter().flatten();
    list.filter_map(|parameter| {
        let name = parameter.get("name")?.as_str()?;
        Some(setting(name, parameter.pointer("/default/0")?))
    })
    .collect()
}
