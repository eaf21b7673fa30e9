//! Every algorithm, signed by another implementation than the one that verifies.

use std::sync::LazyLock;

use jwt_simple::prelude::*;
use kfwasm_config::SigningAlgorithm;
use kfwasm_oidc::id_token::IdTokenFault;
use kfwasm_oidc::jose::JwsFault;
use p521::ecdsa::signature::Signer as _;
use serde_json::{Value, json};

use super::claims_set::claims_set;
use super::draft::{Draft, KEY_ID, encode, key_set_of, verify_with, with};

const RSA_PEM: &str = include_str!("keys/rsa-2048.pem");

/// An algorithm, a token that is signed by it, and the JWK to check it with.
struct Signed {
    algorithm: SigningAlgorithm,
    token: String,
    jwk: Value,
}

impl Signed {
    /// What becomes of a token where this one's key is known and these algorithms are allowed.
    fn verify(&self, token: &str, allowed: &[SigningAlgorithm]) -> Result<(), IdTokenFault> {
        let keys = key_set_of(&[with(self.jwk.clone(), "kid", KEY_ID)]);
        verify_with(token, &keys, allowed).map(drop)
    }
}

/// The claims of a valid token; `at_hash` differs from algorithm to algorithm.
fn claims(access_token_hash: &str) -> JWTClaims<Value> {
    let mut draft = Draft::valid();
    draft.claim("at_hash", json!(access_token_hash));
    claims_set(draft.claims)
}

const NOT_SIGNED: Result<(), IdTokenFault> = Err(IdTokenFault::Jws(JwsFault::Signature));

const SHA256: &str = "rXH7QWVTZnXYCou_6Vdpfg";
const SHA384: &str = "VIA58s_ekAohY5Wl9vIMJ_R_t_FV36t2";
const SHA512: &str = "z0cYnONBc9TdhgRUdlJ3DO6ArL2M-v_70iPj9lnAlnQ";

macro_rules! signed {
    ($algorithm:ident, $key:expr, $hash:expr) => {{
        let key = $key.with_key_id(KEY_ID);
        Signed {
            algorithm: SigningAlgorithm::$algorithm,
            token: key.sign(claims($hash)).unwrap(),
            jwk: serde_json::from_str(&key.public_key().to_jwk()).unwrap(),
        }
    }};
}

static ALL: LazyLock<Vec<Signed>> = LazyLock::new(|| {
    vec![
        signed!(RS256, RS256KeyPair::from_pem(RSA_PEM).unwrap(), SHA256),
        signed!(RS384, RS384KeyPair::from_pem(RSA_PEM).unwrap(), SHA384),
        signed!(RS512, RS512KeyPair::from_pem(RSA_PEM).unwrap(), SHA512),
        signed!(PS256, PS256KeyPair::from_pem(RSA_PEM).unwrap(), SHA256),
        signed!(PS384, PS384KeyPair::from_pem(RSA_PEM).unwrap(), SHA384),
        signed!(PS512, PS512KeyPair::from_pem(RSA_PEM).unwrap(), SHA512),
        signed!(ES256, ES256KeyPair::generate(), SHA256),
        signed!(ES384, ES384KeyPair::generate(), SHA384),
        es512(),
        signed!(EdDSA, Ed25519KeyPair::generate(), SHA512),
    ]
});

/// jwt-simple has no ES512.
fn es512() -> Signed {
    let key = p521::ecdsa::SigningKey::from_slice(&[1; 66]).unwrap();
    let header = json!({"alg": "ES512", "kid": KEY_ID}).to_string();
    let payload = serde_json::to_string(&claims(SHA512)).unwrap();
    let signed = [encode(header), encode(payload)].join(".");
    let signature: p521::ecdsa::Signature = key.sign(signed.as_bytes());
    let point = key.verifying_key().to_sec1_point(false);
    Signed {
        algorithm: SigningAlgorithm::ES512,
        token: [signed, encode(signature.to_bytes())].join("."),
        jwk: json!({
            "kty": "EC",
            "crv": "P-521",
            "x": encode(point.x().unwrap()),
            "y": encode(point.y().unwrap()),
        }),
    }
}

#[test]
fn a_token_signed_by_each_algorithm_is_accepted() {
    for signed in ALL.iter() {
        let verified = signed.verify(&signed.token, &[signed.algorithm]);
        assert_eq!(verified, Ok(()), "{:?}", signed.algorithm);
    }
}

#[test]
fn a_changed_claim_is_noticed_under_each_algorithm() {
    for signed in ALL.iter() {
        let parts: Vec<&str> = signed.token.split('.').collect();
        let forged = serde_json::to_string(&claims(""))
            .unwrap()
            .replace("jane@", "john@");
        let token = [parts[0], &encode(forged), parts[2]].join(".");

        let verified = signed.verify(&token, &[signed.algorithm]);
        assert_eq!(verified, NOT_SIGNED, "{:?}", signed.algorithm);
    }
}

#[test]
fn a_signature_of_no_length_but_its_own_is_accepted() {
    for signed in ALL.iter() {
        let algorithm = signed.algorithm;
        let (text, _) = signed.token.rsplit_once('.').unwrap();
        for length in [0, 1, 31, 32, 63, 64, 65, 96, 132, 255, 256, 257, 512, 1024] {
            let token = [text, ".", &encode(vec![1; length])].concat();
            let verified = signed.verify(&token, &[algorithm]);
            assert_eq!(verified, NOT_SIGNED, "{algorithm:?} {length}");
        }
    }
}

#[test]
fn no_algorithm_passes_for_another() {
    for signed in ALL.iter() {
        let algorithm = signed.algorithm;
        let others = ALL.iter().map(|it| it.algorithm);
        for other in others.filter(|it| *it != algorithm) {
            let verified = signed.verify(&signed.token, &[other]);
            assert!(
                matches!(
                    verified,
                    Err(IdTokenFault::Jws(JwsFault::AlgorithmNotAllowed(_)))
                ),
                "{algorithm:?} where {other:?} is allowed: {verified:?}"
            );
        }
    }
}

#[test]
fn a_key_for_one_algorithm_does_not_serve_another_of_its_type() {
    let (rs256, ps256) = (&ALL[0], &ALL[3]);
    let keys = key_set_of(&[with(with(rs256.jwk.clone(), "kid", KEY_ID), "alg", "RS256")]);
    let both = [SigningAlgorithm::RS256, SigningAlgorithm::PS256];

    assert_eq!(verify_with(&rs256.token, &keys, &both).map(drop), Ok(()));
    assert_eq!(
        verify_with(&ps256.token, &keys, &both).map(drop),
        Err(IdTokenFault::Jws(JwsFault::KeyDoesNotFit))
    );
}
