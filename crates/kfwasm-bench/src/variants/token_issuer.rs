//! An issuer of tokens for programs, with its key in the configuration.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};

/// Whom its tokens name.
pub(super) const ROBOT: &str = "robot";

const ISSUER: &str = "https://tokens.example.com";
const AUDIENCE: &str = "kubeflow";
const HOURS: u64 = 12 * 3600;

/// The issuer's key.
pub(super) struct TokenIssuer(SigningKey);

impl TokenIssuer {
    pub(super) fn new() -> Result<Self> {
        let mut key = [0; 32];
        getrandom::fill(&mut key)?;
        // All but a few in 2³² of these numbers are keys.
        Ok(Self(SigningKey::from_slice(&key).context("no key")?))
    }

    /// The issuer as an operator writes it.
    pub(super) fn entry(&self) -> Value {
        let point = self.0.verifying_key().to_sec1_point(false);
        let coordinate = |bytes: Option<&_>| bytes.map(encode);
        let key = json!({
            "kty": "EC", "crv": "P-256", "kid": "1",
            "x": coordinate(point.x()), "y": coordinate(point.y()),
        });
        json!({
            "issuer": ISSUER,
            "audiences": [AUDIENCE],
            "signingAlgorithms": ["ES256"],
            "jwks": json!({ "keys": [key] }).to_string(),
        })
    }

    /// A token that is good for the day.
    pub(super) fn token(&self) -> Result<String> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let header = json!({ "alg": "ES256", "kid": "1" }).to_string();
        let claims = json!({
            "iss": ISSUER, "sub": ROBOT, "aud": AUDIENCE, "iat": now, "exp": now + HOURS,
        });
        let signed = [encode(header), encode(claims.to_string())].join(".");
        let signature: Signature = self.0.sign(signed.as_bytes());
        Ok([signed, encode(signature.to_bytes())].join("."))
    }
}

fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
