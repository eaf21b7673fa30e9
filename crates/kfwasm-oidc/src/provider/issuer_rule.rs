//! Whose tokens are believed.

use kfwasm_config::{Issuer, Provider, TenantId};

use crate::excerpt::Excerpt;
use crate::id_token::IdTokenFault;

/// Stands for the tenant in the issuers that Microsoft Entra ID publishes for many tenants.
const PLACEHOLDER: &str = "{tenantid}";

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
    pub(crate) fn admit(&self, issuer: &str, tenant: Option<&str>) -> Result<(), IdTokenFault> {
        let mismatch = || IdTokenFault::Issuer(Excerpt::of(issuer));
        match self {
            Self::Exact(exact) if exact == issuer => Ok(()),
            Self::Exact(_) => Err(mismatch()),
            Self::Tenants { template, allowed } => {
                let tenant = tenant.ok_or(IdTokenFault::ClaimMissing("tid"))?;
                if template.replace(PLACEHOLDER, tenant) != issuer {
                    return Err(mismatch());
                }
                if !allowed.iter().any(|id| id.as_str() == tenant) {
                    return Err(IdTokenFault::Tenant(Excerpt::of(tenant)));
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
    pub(super) fn as_str(&self) -> &str {
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::configured::provider;
    use super::IssuerRule;

    const TENANT: &str = "72f988bf-86f1-41af-91ab-2d7cd011db47";

    fn rule(issuer: &str) -> IssuerRule {
        IssuerRule::of(&provider(json!({"issuer": issuer, "tenants": [TENANT]})))
    }

    #[test]
    fn an_issuer_for_many_tenants_is_a_template() {
        for (issuer, template) in [
            (
                "https://login.microsoftonline.com/{tenantid}/v2.0",
                "https://login.microsoftonline.com/{tenantid}/v2.0",
            ),
            (
                "https://login.microsoftonline.com/common/v2.0",
                "https://login.microsoftonline.com/{tenantid}/v2.0",
            ),
            (
                "https://login.microsoftonline.us/Organizations/v2.0",
                "https://login.microsoftonline.us/{tenantid}/v2.0",
            ),
            (
                "https://sts.windows.net/{tenantid}/",
                "https://sts.windows.net/{tenantid}/",
            ),
            (
                "https://sts.windows.net/common",
                "https://sts.windows.net/{tenantid}",
            ),
        ] {
            assert_eq!(rule(issuer).as_str(), template);
        }
    }

    #[test]
    fn documents_name_the_template_or_an_allowed_tenant() {
        let rule = rule("https://login.microsoftonline.com/common/v2.0");
        let of = |tenant| format!("https://login.microsoftonline.com/{tenant}/v2.0");

        assert!(rule.is_named_by(&of("{tenantid}")));
        assert!(rule.is_named_by(&of(TENANT)));
        assert!(!rule.is_named_by(&of("common")));
        assert!(!rule.is_named_by(&of("deadbeef-0000-0000-0000-000000000000")));
        assert!(!rule.is_named_by("https://evil.example/{tenantid}/v2.0"));
    }

    #[test]
    fn a_single_issuer_is_compared_as_it_is_written() {
        let rule = IssuerRule::of(&provider(json!({})));

        assert!(rule.is_named_by("https://login.example.com"));
        assert!(!rule.is_named_by("https://login.example.com/"));
    }
}
