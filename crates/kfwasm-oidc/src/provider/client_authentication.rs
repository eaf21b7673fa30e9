//! How the client proves to the token endpoint who it is.

use core::error::Error;
use core::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use form_urlencoded::byte_serialize;
use kfwasm_config::{ClientAuthenticationMethod, EndpointUrl};

use super::client_assertion::ClientAssertionSigner;
use super::form::Form;
use crate::entropy::{Entropy, EntropyFailure};
use crate::secret::Secret;
use crate::time::UnixTime;

/// RFC 7523 §2.2: the `client_assertion_type` of a JWT.
const JWT_BEARER: &[u8] = b"urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// What the client can prove itself with.
#[derive(Clone, Debug)]
pub enum ClientCredential {
    /// The client secret, as the provider issued it.
    Secret(Secret),
    /// The private key, ready to sign assertions.
    PrivateKey(Box<ClientAssertionSigner>),
    /// Nothing: a public client, protected by PKCE alone.
    Public,
}

/// Why a request could not be authenticated. Neither is the provider's fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientAuthenticationFailure {
    /// The credential is not the one that the method needs.
    NoCredential(ClientAuthenticationMethod),
    /// The host gave no random bytes.
    Entropy,
    /// The private key could not sign.
    Signing,
}

impl ClientCredential {
    /// Authenticates a request to the token endpoint by `method` (OIDC Core §9): adds parameters to
    /// `form`, or returns the value of an `Authorization` header.
    ///
    /// `audience` is the token endpoint, `now` dates an assertion, which lives 5 minutes.
    ///
    /// # Errors
    /// [`ClientAuthenticationFailure`]: the request must not be sent.
    pub fn authenticate(
        &self,
        method: ClientAuthenticationMethod,
        client_id: &str,
        audience: &EndpointUrl,
        form: &mut Form,
        now: UnixTime,
        entropy: &mut dyn Entropy,
    ) -> Result<Option<Secret>, ClientAuthenticationFailure> {
        use ClientAuthenticationMethod as Method;
        if let (Method::ClientSecretBasic, Self::Secret(secret)) = (method, self) {
            return Ok(Some(basic(client_id, secret)));
        }
        form.append("client_id", client_id.as_bytes());
        match (method, self) {
            (Method::ClientSecretPost, Self::Secret(secret)) => {
                form.append("client_secret", secret.expose());
            }
            (Method::PrivateKeyJwt, Self::PrivateKey(signer)) => {
                let assertion = signer.sign(client_id, audience.as_str(), now, entropy)?;
                form.append("client_assertion_type", JWT_BEARER);
                form.append("client_assertion", assertion.expose());
            }
            (Method::None, _) => {}
            _ => return Err(ClientAuthenticationFailure::NoCredential(method)),
        }
        Ok(None)
    }
}

/// RFC 6749 §2.3.1: identifier and secret are each form-urlencoded, then joined as RFC 7617 §2 joins user
/// and password.
fn basic(client_id: &str, secret: &Secret) -> Secret {
    let mut credentials: String = byte_serialize(client_id.as_bytes()).collect();
    credentials.push(':');
    credentials.extend(byte_serialize(secret.expose()));
    let credentials = Secret::new(credentials.into_bytes());
    Secret::new(
        ["Basic ", &STANDARD.encode(credentials.expose())]
            .concat()
            .into_bytes(),
    )
}

impl From<EntropyFailure> for ClientAuthenticationFailure {
    fn from(_: EntropyFailure) -> Self {
        Self::Entropy
    }
}

impl Error for ClientAuthenticationFailure {}

impl fmt::Display for ClientAuthenticationFailure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCredential(method) => {
                write!(formatter, "there is no credential for {}", method.as_str())
            }
            Self::Entropy => EntropyFailure.fmt(formatter),
            Self::Signing => formatter.write_str("the private key could not sign"),
        }
    }
}

#[cfg(test)]
mod tests;
