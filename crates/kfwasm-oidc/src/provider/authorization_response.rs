//! The issuer in an authorization response.

use core::fmt;

use super::fault::ProviderFault;
use super::metadata::ProviderMetadata;

/// How the `iss` of an authorization response fails (RFC 9207 §2.4): it may come from another provider
/// than the one that was asked (a mix-up attack).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResponseIssuerFault {
    /// The provider announces the parameter, and the response has none.
    Missing,
    /// It is another issuer.
    Mismatch,
}

impl ProviderMetadata {
    /// Checks the `iss` parameter, already form-decoded, of an authorization response.
    ///
    /// A parameter that is there is compared even when the provider does not announce it.
    ///
    /// # Errors
    /// [`ResponseIssuerFault`]: the response is to be dropped.
    pub fn check_response_issuer(&self, issuer: Option<&str>) -> Result<(), ProviderFault> {
        match issuer {
            Some(issuer) if self.issuer.is_named_by(issuer) => Ok(()),
            Some(_) => Err(ResponseIssuerFault::Mismatch.into()),
            None if self.announces_response_issuer => Err(ResponseIssuerFault::Missing.into()),
            None => Ok(()),
        }
    }
}

impl fmt::Display for ResponseIssuerFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Missing => "has no `iss`, although the provider announces it (RFC 9207 §2.4)",
            Self::Mismatch => "names another issuer in `iss` (RFC 9207 §2.4)",
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::configured::provider;
    use super::{ProviderFault, ProviderMetadata, ResponseIssuerFault};

    fn check(announced: bool, issuer: Option<&str>) -> Result<(), ProviderFault> {
        let endpoints = json!({
            "authorizationEndpoint": "https://login.example.com/authorize",
            "tokenEndpoint": "https://login.example.com/token",
            "jwksUri": "https://login.example.com/keys",
        });
        let mut metadata = ProviderMetadata::from_config(&provider(endpoints)).unwrap();
        metadata.announces_response_issuer = announced;
        metadata.check_response_issuer(issuer)
    }

    #[test]
    fn an_announced_issuer_must_be_there_and_right() {
        assert_eq!(check(true, Some("https://login.example.com")), Ok(()));
        assert_eq!(check(true, None), Err(ResponseIssuerFault::Missing.into()));
        assert_eq!(
            check(true, Some("https://evil.example")),
            Err(ResponseIssuerFault::Mismatch.into())
        );
    }

    #[test]
    fn an_issuer_that_is_there_must_be_right_even_when_it_was_not_announced() {
        assert_eq!(check(false, None), Ok(()));
        assert_eq!(check(false, Some("https://login.example.com")), Ok(()));
        assert_eq!(
            check(false, Some("")),
            Err(ResponseIssuerFault::Mismatch.into())
        );
    }
}
