//! What the browser brings back from the provider (OIDC Core §3.1.2.5, §3.1.2.6).

use form_urlencoded::parse;

use crate::client_fault::ClientFault;
use crate::provider::OAuthError;
use crate::secret::Secret;

/// The parameters of an authorization response.
pub(crate) struct AuthorizationResponse {
    pub(crate) state: String,
    /// RFC 9207.
    pub(crate) issuer: Option<String>,
    pub(crate) result: Result<Secret, OAuthError>,
}

#[derive(Default)]
struct Parameters {
    state: Option<String>,
    issuer: Option<String>,
    code: Option<String>,
    error: Option<String>,
    description: Option<String>,
}

impl AuthorizationResponse {
    /// Reads the query of a callback; `None` when it holds nothing of a response, as after a sign-out.
    pub(crate) fn parse(query: &[u8]) -> Result<Option<Self>, ClientFault> {
        let parameters = Parameters::parse(query)?;
        if parameters.is_empty() {
            return Ok(None);
        }
        let state = parameters
            .state
            .ok_or(ClientFault::Malformed("a callback without state"))?;
        let result = match (parameters.code, parameters.error) {
            (Some(code), None) => Ok(Secret::new(code.into_bytes())),
            (None, Some(error)) => Err(OAuthError::new(&error, parameters.description.as_deref())
                .ok_or(ClientFault::Malformed("a callback with a malformed error"))?),
            _ => {
                return Err(ClientFault::Malformed(
                    "a callback with neither or both of code and error",
                ));
            }
        };
        Ok(Some(Self {
            state,
            issuer: parameters.issuer,
            result,
        }))
    }
}

impl Parameters {
    fn parse(query: &[u8]) -> Result<Self, ClientFault> {
        let mut parameters = Self::default();
        for (name, value) in parse(query) {
            let Some(place) = parameters.place(&name) else {
                continue;
            };
            // RFC 6749 §3.1: "Request and response parameters MUST NOT be included more than once."
            if place.replace(value.into_owned()).is_some() {
                return Err(ClientFault::Malformed(
                    "a callback that repeats a parameter",
                ));
            }
        }
        Ok(parameters)
    }

    fn place(&mut self, name: &str) -> Option<&mut Option<String>> {
        match name {
            "state" => Some(&mut self.state),
            "iss" => Some(&mut self.issuer),
            "code" => Some(&mut self.code),
            "error" => Some(&mut self.error),
            "error_description" => Some(&mut self.description),
            // RFC 6749 §4.1.2: "The client MUST ignore unrecognized response parameters."
            _ => None,
        }
    }

    fn is_empty(&self) -> bool {
        self.state.is_none() && self.code.is_none() && self.error.is_none()
    }
}
