//! The client assertion of `private_key_jwt`.

use core::fmt;

use kfwasm_config::Provider;
use serde_json::{Map, Value};

use super::client_authentication::ClientAuthenticationFailure;
use super::private_key::{PrivateKey, PrivateKeyFault};
use crate::entropy::Entropy;
use crate::jose::base64url;
use crate::secret::Secret;
use crate::time::UnixTime;

/// How long an assertion lives, in seconds.
const LIFETIME: u64 = 300;

/// Signs assertions by which the client proves to the token endpoint that it has its private key (OIDC
/// Core §9, RFC 7523 §3).
#[derive(Clone)]
pub struct ClientAssertionSigner {
    key: PrivateKey,
    header: String,
}

impl ClientAssertionSigner {
    /// Makes a signer from the private key, which `provider` names and describes; `pem` is PKCS#8.
    ///
    /// # Errors
    /// The key cannot be read, or does not fit the configured algorithm.
    pub fn new(provider: &Provider, pem: &Secret) -> Result<Self, PrivateKeyFault> {
        let algorithm = provider.client_assertion_signing_algorithm;
        Ok(Self {
            key: PrivateKey::from_pem(pem, algorithm)?,
            header: encode(json_text([
                ("alg", Some(algorithm.as_str().into())),
                ("typ", Some("JWT".into())),
                ("kid", provider.private_key_id.clone().map(Value::String)),
                (
                    "x5t#S256",
                    provider.certificate_thumbprint.clone().map(Value::String),
                ),
            ])),
        })
    }

    /// A fresh assertion for one request (RFC 7523 §3): issued `now`, for `audience`, which is the token
    /// endpoint, and never to be used again.
    ///
    /// # Errors
    /// The host gave no random bytes, or the key could not sign.
    pub fn sign(
        &self,
        client_id: &str,
        audience: &str,
        now: UnixTime,
        entropy: &mut dyn Entropy,
    ) -> Result<Secret, ClientAuthenticationFailure> {
        let mut identifier = [0; 16];
        entropy.fill(&mut identifier)?;
        let claims = encode(json_text([
            ("iss", Some(client_id.into())),
            ("sub", Some(client_id.into())),
            ("aud", Some(audience.into())),
            ("jti", Some(base64url::encode(&identifier).into())),
            ("iat", Some(now.0.into())),
            ("nbf", Some(now.0.into())),
            ("exp", Some(now.plus(LIFETIME).0.into())),
        ]));
        let mut assertion = [self.header.as_str(), ".", &claims].concat();
        let signature = self.key.sign(assertion.as_bytes(), entropy)?;
        assertion.push('.');
        assertion.push_str(&base64url::encode(&signature));
        Ok(Secret::new(assertion.into_bytes()))
    }
}

impl fmt::Debug for ClientAssertionSigner {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ClientAssertionSigner([redacted])")
    }
}

/// A JSON object with those members that have a value.
fn json_text<const N: usize>(members: [(&str, Option<Value>); N]) -> String {
    let mut object = Map::new();
    for (name, value) in members {
        if let Some(value) = value {
            object.insert(name.to_owned(), value);
        }
    }
    Value::Object(object).to_string()
}

fn encode(json: String) -> String {
    base64url::encode(json.as_bytes())
}

#[cfg(test)]
mod tests;
