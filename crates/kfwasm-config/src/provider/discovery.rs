//! Where the discovery document is.

use super::Provider;
use crate::endpoint_url::EndpointUrl;
use crate::url_error::UrlError;

/// The tenant of personal Microsoft accounts, which `organizations` leaves out.
const PERSONAL_ACCOUNTS: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

impl Provider {
    /// The URL of the provider's discovery document (OIDC Discovery §4).
    ///
    /// An issuer with `{tenantid}` is not a URL that could be asked. With one tenant allowed, its own
    /// issuer is; with several, Entra's `organizations`, or `common` when personal accounts are among them.
    ///
    /// # Errors
    /// The URL is too long.
    pub fn discovery_url(&self) -> Result<EndpointUrl, UrlError> {
        let issuer = match self.tenants.as_slice() {
            [only] => self.issuer.for_tenant(only),
            several if several.iter().any(|id| id.as_str() == PERSONAL_ACCOUNTS) => {
                self.issuer.with_segment("common")
            }
            _ => self.issuer.with_segment("organizations"),
        };
        // §4.1: "any terminating / MUST be removed before appending /.well-known/openid-configuration."
        let issuer = issuer.strip_suffix('/').unwrap_or(&issuer);
        let url = [issuer, "/.well-known/openid-configuration"].concat();
        EndpointUrl::parse(&url, self.insecure_http)
    }
}
