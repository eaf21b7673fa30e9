//! ID tokens, verified by every step of OIDC Core §3.1.3.7, by algorithm.

use std::hint::black_box;

use jwt_simple::prelude::*;
use kfwasm_config::{IssuerRule, SigningAlgorithm};
use kfwasm_oidc::id_token::IdTokenExpectations;
use kfwasm_oidc::jose::{JwkSet, RustCryptoVerifier, TrustedKeys};
use kfwasm_oidc::time::UnixTime;
use serde_json::{Value, json};

use super::{Case, case};
use crate::support::claims_set::claims_set;

const RSA_PEM: &str = include_str!("../../crates/kfwasm-oidc/tests/id_token/keys/rsa-2048.pem");
const ISSUER: &str = "https://login.example.com";
const CLIENT_ID: &str = "kubeflow";
const NONCE: &str = "n-0S6_WzA2Mj";
const NOW: u64 = 1_800_000_000;

fn claims() -> JWTClaims<Value> {
    claims_set(json!({
        "iss": ISSUER, "sub": "248289761001", "aud": CLIENT_ID, "nonce": NONCE,
        "iat": NOW, "exp": NOW + 3600, "email": "jane@example.com",
    }))
}

macro_rules! verified {
    ($algorithm:ident, $key:expr) => {{
        let key = $key.with_key_id("1");
        let token = key.sign(claims()).expect("a signature");
        let key = key.public_key().to_jwk();
        verification(SigningAlgorithm::$algorithm, token, &key)
    }};
}

pub(super) fn cases() -> Vec<Case> {
    let rsa = "a key of RSA";
    vec![
        verified!(RS256, RS256KeyPair::from_pem(RSA_PEM).expect(rsa)),
        verified!(PS256, PS256KeyPair::from_pem(RSA_PEM).expect(rsa)),
        verified!(ES256, ES256KeyPair::generate()),
        verified!(ES384, ES384KeyPair::generate()),
        verified!(EdDSA, Ed25519KeyPair::generate()),
    ]
}

fn verification(algorithm: SigningAlgorithm, token: String, key: &str) -> Case {
    let key: Value = serde_json::from_str(key).expect("a key as JSON");
    let keys = json!({ "keys": [key] }).to_string();
    let keys = JwkSet::parse(keys.as_bytes()).expect("a key set");
    let issuer = IssuerRule::Exact(ISSUER.to_owned());
    case(&format!("ID token, {algorithm:?}"), move || {
        let expectations = IdTokenExpectations {
            issuer: &issuer,
            client_id: CLIENT_ID,
            keys: TrustedKeys {
                keys: &keys,
                algorithms: &[algorithm],
            },
            clock_skew: 60,
            nonce: Some(NONCE),
            access_token: None,
            max_age: None,
        };
        let token = black_box(token.as_bytes());
        let verified = expectations.verify(token, UnixTime(NOW), &mut RustCryptoVerifier);
        assert!(verified.is_ok(), "the token must be accepted");
    })
}
