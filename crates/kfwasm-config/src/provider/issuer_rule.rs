//! Whose tokens are believed.

use super::Provider;
use super::issuer::{Issuer, PLACEHOLDER};
use super::tenant_id::TenantId;

/// Which issuers a provider may use.
///
/// OIDC Discovery §4.3 and OIDC Core §3.1.3.7 (2) compare issuers character by character. The one
/// departure is Microsoft Entra ID for many tenants: its documents name the template
/// `https://login.microsoftonline.com/{tenantid}/v2.0`, its tokens the issuer of their tenant. There
/// the comparison is with the template in which the token's `tid` stands for the placeholder, and the
/// operator lists the tenants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IssuerRule {
    /// This issuer alone.
    Exact(String),
    /// The issuers of these tenants.
    Tenants {
        /// The issuer with `{tenantid}` in place of the tenant.
        template: String,
        /// The tenants that the operator lets in.
        allowed: Vec<TenantId>,
    },
}

/// Why a token is of nobody who is let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ForeignIssuer<'a> {
    /// This issuer is not the provider's.
    Issuer(&'a str),
    /// The issuer stands for many tenants, and the token does not say of which it is.
    NoTenant,
    /// The operator does not let this tenant in.
    Tenant(&'a str),
}

impl IssuerRule {
    /// The rule for a configured provider.
    #[must_use]
    pub fn of(provider: &Provider) -> Self {
        let issuer = &provider.issuer;
        if !issuer.has_many_tenants() {
            return Self::Exact(issuer.as_str().to_owned());
        }
        Self::Tenants {
            template: template(issuer),
            allowed: provider.tenants.clone(),
        }
    }

    /// Lets an ID token pass by its `iss` and `tid`.
    ///
    /// # Errors
    /// What of the two is not the provider's.
    pub fn admit<'a>(
        &self,
        issuer: &'a str,
        tenant: Option<&'a str>,
    ) -> Result<(), ForeignIssuer<'a>> {
        match self {
            Self::Exact(exact) if exact == issuer => Ok(()),
            Self::Exact(_) => Err(ForeignIssuer::Issuer(issuer)),
            Self::Tenants { template, allowed } => {
                let tenant = tenant.ok_or(ForeignIssuer::NoTenant)?;
                if template.replace(PLACEHOLDER, tenant) != issuer {
                    return Err(ForeignIssuer::Issuer(issuer));
                }
                if !allowed.iter().any(|id| id.as_str() == tenant) {
                    return Err(ForeignIssuer::Tenant(tenant));
                }
                Ok(())
            }
        }
    }

    /// Whether a document or response that names this issuer is this provider's: the issuer itself, the
    /// template itself, or the template for one of the allowed tenants.
    #[must_use]
    pub fn is_named_by(&self, issuer: &str) -> bool {
        match self {
            Self::Exact(exact) => exact == issuer,
            Self::Tenants { template, allowed } => {
                let of_tenant =
                    |id: &TenantId| template.replace(PLACEHOLDER, id.as_str()) == issuer;
                template == issuer || allowed.iter().any(of_tenant)
            }
        }
    }

    /// The issuer as a document is expected to name it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Exact(issuer)
            | Self::Tenants {
                template: issuer, ..
            } => issuer,
        }
    }
}

/// The issuer with the placeholder in it; Entra's `common`, `organizations` and `consumers`, which stand
/// in the same place, give way to it.
fn template(issuer: &Issuer) -> String {
    let path = issuer.path_and_query();
    let rest = path.splitn(3, '/').nth(2);
    match (issuer.as_str().strip_suffix(path), rest) {
        (Some(origin), Some(rest)) if !issuer.is_template() => {
            [origin, "/", PLACEHOLDER, "/", rest].concat()
        }
        (Some(origin), None) if !issuer.is_template() => [origin, "/", PLACEHOLDER].concat(),
        _ => issuer.as_str().to_owned(),
    }
}
