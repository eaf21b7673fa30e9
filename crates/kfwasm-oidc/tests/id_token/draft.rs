//! A valid ID token, to be corrupted in one place.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kfwasm_config::{IssuerRule, SigningAlgorithm};
use kfwasm_oidc::id_token::{IdTokenExpectations, IdTokenFault, VerifiedIdToken};
use kfwasm_oidc::jose::{JwkSet, RustCryptoVerifier, TrustedKeys};
use kfwasm_oidc::time::UnixTime;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};

pub(crate) const NOW: UnixTime = UnixTime(1_800_000_000);
pub(crate) const CLOCK_SKEW: u64 = 60;
pub(crate) const MAX_AGE: u64 = 300;
pub(crate) const ISSUER: &str = "https://login.example.com";
pub(crate) const CLIENT_ID: &str = "kubeflow";
pub(crate) const NONCE: &str = "n-0S6_WzA2Mj";
pub(crate) const ACCESS_TOKEN: &[u8] = b"SlAV32hkKG";
pub(crate) const KEY_ID: &str = "p256";

/// Header and claims of a token that passes every step, signed by the provider's P-256 key.
#[derive(Clone)]
pub(crate) struct Draft {
    pub(crate) header: Value,
    pub(crate) claims: Value,
}

impl Draft {
    pub(crate) fn valid() -> Self {
        Self {
            header: json!({"alg": "ES256", "kid": KEY_ID, "typ": "JWT"}),
            claims: json!({
                "iss": ISSUER,
                "sub": "248289761001",
                "aud": CLIENT_ID,
                "azp": CLIENT_ID,
                "exp": NOW.0 + 3600,
                "iat": NOW.0,
                "nbf": NOW.0,
                "auth_time": NOW.0 - 10,
                "nonce": NONCE,
                "at_hash": "rXH7QWVTZnXYCou_6Vdpfg",
                "email": "jane@example.com",
            }),
        }
    }

    pub(crate) fn claim(&mut self, name: &str, value: Value) {
        self.claims[name] = value;
    }

    pub(crate) fn remove_claim(&mut self, name: &str) {
        self.claims.as_object_mut().unwrap().remove(name).unwrap();
    }

    pub(crate) fn sign(&self) -> String {
        sign(
            &self.header.to_string(),
            &self.claims.to_string(),
            &provider_key(),
        )
    }
}

/// A token of any header and payload, signed by ES256.
pub(crate) fn sign(header: &str, payload: &str, key: &SigningKey) -> String {
    let signed = [encode(header), encode(payload)].join(".");
    let signature: Signature = key.sign(signed.as_bytes());
    [signed, encode(signature.to_bytes())].join(".")
}

pub(crate) fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(crate) fn provider_key() -> SigningKey {
    SigningKey::from_slice(&[7; 32]).unwrap()
}

pub(crate) fn attacker_key() -> SigningKey {
    SigningKey::from_slice(&[8; 32]).unwrap()
}

/// The public half of `key` as a JWK with no more than it needs.
pub(crate) fn jwk_of(key: &SigningKey) -> Value {
    let point = key.verifying_key().to_sec1_point(false);
    json!({
        "kty": "EC",
        "crv": "P-256",
        "x": encode(point.x().unwrap()),
        "y": encode(point.y().unwrap()),
    })
}

/// `jwk` with one more member.
pub(crate) fn with(mut jwk: Value, name: &str, value: impl Into<Value>) -> Value {
    jwk[name] = value.into();
    jwk
}

pub(crate) fn key_set_of(keys: &[Value]) -> JwkSet {
    JwkSet::parse(json!({"keys": keys}).to_string().as_bytes()).unwrap()
}

pub(crate) fn provider_keys() -> JwkSet {
    key_set_of(&[with(jwk_of(&provider_key()), "kid", KEY_ID)])
}

/// Verifies `token` as a relying party does that sent a nonce and asked for `max_age`.
pub(crate) fn verify(token: &str) -> Result<VerifiedIdToken, IdTokenFault> {
    verify_with(token, &provider_keys(), &[SigningAlgorithm::ES256])
}

pub(crate) fn verify_with(
    token: &str,
    keys: &JwkSet,
    algorithms: &[SigningAlgorithm],
) -> Result<VerifiedIdToken, IdTokenFault> {
    let issuer = IssuerRule::Exact(ISSUER.to_owned());
    let expectations = IdTokenExpectations {
        issuer: &issuer,
        client_id: CLIENT_ID,
        keys: TrustedKeys { keys, algorithms },
        clock_skew: CLOCK_SKEW,
        nonce: Some(NONCE),
        access_token: Some(ACCESS_TOKEN),
        max_age: Some(MAX_AGE),
    };
    expectations.verify(token.as_bytes(), NOW, &mut RustCryptoVerifier)
}

/// The fault of `token`, which must have one.
pub(crate) fn fault_of(token: &str) -> IdTokenFault {
    verify(token).map(drop).unwrap_err()
}
