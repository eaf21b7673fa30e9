//! Where the discovery document is.

use kfwasm_config::{EndpointUrl, Provider, UrlError};

/// The tenant of personal Microsoft accounts, which `organizations` leaves out.
const PERSONAL_ACCOUNTS: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

/// The URL of the provider's discovery document (OIDC Discovery §4).
///
/// An issuer with `{tenantid}` is not a URL that could be asked. With one tenant allowed, its own
/// issuer is; with several, Entra's `organizations`, or `common` when personal accounts are among them.
///
/// # Errors
/// The URL is too long.
pub fn discovery_url(provider: &Provider) -> Result<EndpointUrl, UrlError> {
    let issuer = match provider.tenants.as_slice() {
        [only] => provider.issuer.for_tenant(only),
        several if several.iter().any(|id| id.as_str() == PERSONAL_ACCOUNTS) => {
            provider.issuer.as_str().replace("{tenantid}", "common")
        }
        _ => provider
            .issuer
            .as_str()
            .replace("{tenantid}", "organizations"),
    };
    // §4.1: "any terminating / MUST be removed before appending /.well-known/openid-configuration."
    let issuer = issuer.strip_suffix('/').unwrap_or(&issuer);
    let url = [issuer, "/.well-known/openid-configuration"].concat();
    EndpointUrl::parse(&url, provider.insecure_http)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::configured::provider;
    use super::{PERSONAL_ACCOUNTS, discovery_url};

    const CONTOSO: &str = "72f988bf-86f1-41af-91ab-2d7cd011db47";
    const FABRIKAM: &str = "11111111-2222-3333-4444-555555555555";

    #[test]
    fn the_document_is_below_the_issuer() {
        for issuer in [
            "https://login.example.com/realms/a",
            "https://login.example.com/realms/a/",
        ] {
            let url = discovery_url(&provider(json!({"issuer": issuer}))).unwrap();
            assert_eq!(
                url.as_str(),
                "https://login.example.com/realms/a/.well-known/openid-configuration"
            );
        }
    }

    #[test]
    fn a_template_is_asked_at_a_place_that_exists() {
        for (tenants, segment) in [
            (vec![CONTOSO], CONTOSO),
            (vec![CONTOSO, FABRIKAM], "organizations"),
            (vec![CONTOSO, PERSONAL_ACCOUNTS], "common"),
        ] {
            let issuer = "https://login.microsoftonline.com/{tenantid}/v2.0";
            let url = discovery_url(&provider(json!({"issuer": issuer, "tenants": tenants})));
            assert_eq!(
                url.unwrap().path_and_query(),
                format!("/{segment}/v2.0/.well-known/openid-configuration")
            );
        }
    }
}
