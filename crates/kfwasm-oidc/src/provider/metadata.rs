//! What is known of a provider.

use kfwasm_config::{
    ClientAuthenticationMethod, EndpointUrl, IssuerRule, Provider, SigningAlgorithm,
};
use serde_json::{Map, Value};

use super::document::Document;
use super::fault::{DiscoveryFault, ProviderFault};
use crate::excerpt::Excerpt;
use crate::jose::{self, json_object};

/// Longest discovery document in bytes. Providers publish 1 to 10 KB.
const LONGEST: usize = 256 * 1024;

/// Where a provider's endpoints are and what it can do (OIDC Discovery §3): what the operator set by
/// hand, and the discovery document for the rest.
#[derive(Clone, Debug)]
pub struct ProviderMetadata {
    /// Whose tokens are believed.
    pub issuer: IssuerRule,
    /// `authorization_endpoint`.
    pub authorization_endpoint: EndpointUrl,
    /// `token_endpoint`.
    pub token_endpoint: EndpointUrl,
    /// `jwks_uri`; `None` when the keys themselves are configured.
    pub jwks_uri: Option<EndpointUrl>,
    /// `userinfo_endpoint` (OIDC Core §5.3).
    pub userinfo_endpoint: Option<EndpointUrl>,
    /// `end_session_endpoint` (RP-Initiated Logout §2.1).
    pub end_session_endpoint: Option<EndpointUrl>,
    /// `revocation_endpoint` (RFC 8414 §2).
    pub revocation_endpoint: Option<EndpointUrl>,
    /// How to authenticate to the token endpoint: configured, or the first method that the provider
    /// supports and our credential fits.
    pub client_authentication: ClientAuthenticationMethod,
    /// `authorization_response_iss_parameter_supported` (RFC 9207 §3).
    pub announces_response_issuer: bool,
}

impl ProviderMetadata {
    /// The metadata of a provider whose `authorizationEndpoint`, `tokenEndpoint` and `jwksUri` or `jwks` are all
    /// set by hand; `None` when discovery is needed.
    #[must_use]
    pub fn from_config(provider: &Provider) -> Option<Self> {
        if provider.jwks.is_none() && provider.jwks_uri.is_none() {
            return None;
        }
        Some(Self {
            issuer: IssuerRule::of(provider),
            authorization_endpoint: provider.authorization_endpoint.clone()?,
            token_endpoint: provider.token_endpoint.clone()?,
            jwks_uri: provider.jwks_uri.clone(),
            userinfo_endpoint: provider.userinfo_endpoint.clone(),
            end_session_endpoint: provider.end_session_endpoint.clone(),
            revocation_endpoint: None,
            client_authentication: provider.client_authentication(None)?,
            announces_response_issuer: false,
        })
    }

    /// Reads a discovery document. Endpoints that the operator set by hand win over the document's.
    ///
    /// # Errors
    /// The document is not this issuer's (OIDC Discovery §4.3), lacks what is needed, or says that the
    /// provider cannot do what kfwasm always does.
    pub fn from_discovery(document: &[u8], provider: &Provider) -> Result<Self, ProviderFault> {
        Document::Discovery.check_length(document, LONGEST)?;
        let members = json_object::parse(document)
            .map_err(|fault| ProviderFault::json(Document::Discovery, fault))?;
        let document = DiscoveryDocument {
            members,
            insecure_http: provider.insecure_http,
        };
        let issuer = IssuerRule::of(provider);
        document.check_issuer(&issuer)?;
        document.check_pkce()?;
        document.check_algorithms(&provider.id_token_signing_algorithms)?;
        document.merge(issuer, provider)
    }
}

struct DiscoveryDocument {
    members: Map<String, Value>,
    insecure_http: bool,
}

impl DiscoveryDocument {
    /// OIDC Discovery §4.3: "The issuer value returned MUST be identical to the Issuer URL that was
    /// used as the prefix to /.well-known/openid-configuration".
    fn check_issuer(&self, rule: &IssuerRule) -> Result<(), DiscoveryFault> {
        let found = self
            .text("issuer")
            .ok_or(DiscoveryFault::Member("issuer"))?;
        if rule.is_named_by(found) {
            return Ok(());
        }
        Err(DiscoveryFault::Issuer {
            found: Excerpt::of(found),
            expected: Excerpt::of(rule.as_str()),
        })
    }

    /// Whoever knows S256 may leave the member out, as Microsoft Entra ID does; whoever lists other
    /// methods alone would not protect the code.
    fn check_pkce(&self) -> Result<(), DiscoveryFault> {
        match self.names("code_challenge_methods_supported") {
            Some(methods) if !methods.contains(&"S256") => Err(DiscoveryFault::Pkce),
            _ => Ok(()),
        }
    }

    fn check_algorithms(&self, allowed: &[SigningAlgorithm]) -> Result<(), DiscoveryFault> {
        let Some(names) = self.names("id_token_signing_alg_values_supported") else {
            return Ok(());
        };
        let is_allowed = |name: &&str| jose::named(name).is_some_and(|it| allowed.contains(&it));
        if names.iter().any(is_allowed) {
            return Ok(());
        }
        Err(DiscoveryFault::Algorithms(Excerpt::of(&names.join(" "))))
    }

    fn merge(
        &self,
        issuer: IssuerRule,
        provider: &Provider,
    ) -> Result<ProviderMetadata, ProviderFault> {
        // One that is not a URL that kfwasm may call counts as absent.
        let optional = |name, by_hand: &Option<EndpointUrl>| self.endpoint(name, by_hand).ok();
        Ok(ProviderMetadata {
            issuer,
            userinfo_endpoint: optional("userinfo_endpoint", &provider.userinfo_endpoint),
            end_session_endpoint: optional("end_session_endpoint", &provider.end_session_endpoint),
            revocation_endpoint: optional("revocation_endpoint", &None),
            authorization_endpoint: self
                .endpoint("authorization_endpoint", &provider.authorization_endpoint)?,
            token_endpoint: self.endpoint("token_endpoint", &provider.token_endpoint)?,
            jwks_uri: match provider.jwks {
                Some(_) => None,
                None => Some(self.endpoint("jwks_uri", &provider.jwks_uri)?),
            },
            client_authentication: self.client_authentication(provider)?,
            announces_response_issuer: self.flag("authorization_response_iss_parameter_supported"),
        })
    }

    fn client_authentication(
        &self,
        provider: &Provider,
    ) -> Result<ClientAuthenticationMethod, DiscoveryFault> {
        let supported = self.names("token_endpoint_auth_methods_supported");
        let method = provider.client_authentication(supported.as_deref());
        method.ok_or_else(|| {
            let names = supported.unwrap_or_default().join(" ");
            DiscoveryFault::ClientAuthentication(Excerpt::of(&names))
        })
    }

    fn endpoint(
        &self,
        name: &'static str,
        by_hand: &Option<EndpointUrl>,
    ) -> Result<EndpointUrl, DiscoveryFault> {
        if let Some(url) = by_hand {
            return Ok(url.clone());
        }
        let url = self.text(name).ok_or(DiscoveryFault::Member(name))?;
        EndpointUrl::parse(url, self.insecure_http)
            .map_err(|error| DiscoveryFault::Endpoint(name, error))
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.members.get(name)?.as_str()
    }

    fn flag(&self, name: &str) -> bool {
        self.members.get(name) == Some(&Value::Bool(true))
    }

    /// The strings of an array; `None` when there is no such array.
    fn names(&self, name: &str) -> Option<Vec<&str>> {
        let values = self.members.get(name)?.as_array()?;
        Some(values.iter().filter_map(Value::as_str).collect())
    }
}

#[cfg(test)]
mod tests;
