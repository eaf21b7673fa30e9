//! Where people sign in: a tenant of Microsoft Entra ID, or the issuer of any other provider.

use kfwasm_config::TenantId;

use super::StarterArgs;
use super::template::quoted;
use crate::failure::Failure;

impl StarterArgs {
    /// The issuer.
    pub(super) fn provider(&self) -> Result<String, Failure> {
        if let Some(tenant) = &self.tenant {
            let refused = |why| Failure::usage(format!("--tenant {why}"), "");
            return entra(tenant).map_err(refused);
        }
        if let Some(issuer) = &self.issuer {
            return Ok(issuer.clone());
        }
        let question = "Issuer of the provider, or the tenant id of Microsoft Entra ID";
        issuer(self.asked(&None, "--tenant or --issuer", question)?)
    }
}

/// The issuer of a Microsoft Entra tenant, or why this is none. Its documents and tokens have the id in lower case, and never
/// a domain; they are compared by character (OIDC Discovery §4.3, OIDC Core §3.1.3.7 (2)).
pub(super) fn entra(tenant: &str) -> Result<String, String> {
    let refused = |_| {
        let (tenant, get) = (quoted(tenant), "az account show --query tenantId");
        format!("{tenant} is not a tenant's id (write the GUID that `{get}` prints)")
    };
    let tenant = TenantId::parse(tenant).map_err(refused)?;
    let tenant = tenant.as_str();
    Ok(format!("https://login.microsoftonline.com/{tenant}/v2.0"))
}

/// What a person has answered: an issuer, or a tenant's id.
fn issuer(answer: String) -> Result<String, Failure> {
    if answer.starts_with("https://") {
        return Ok(answer);
    }
    entra(&answer).map_err(|_| {
        Failure::usage(
            format!("{} is neither an issuer nor a tenant's id", quoted(&answer)),
            "write the issuer with https://, or the id that `az account show --query tenantId` prints",
        )
    })
}
