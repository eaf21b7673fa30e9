//! Tokens that try to choose how they are checked (RFC 8725 §2.1).

use jwt_simple::prelude::*;
use kfwasm_config::SigningAlgorithm;
use kfwasm_oidc::id_token::IdTokenFault::Jws;
use kfwasm_oidc::jose::JwsFault;
use serde_json::json;

use super::claims_set::claims_set;
use super::draft::{
    Draft, KEY_ID, attacker_key, encode, fault_of, jwk_of, key_set_of, provider_key, provider_keys,
    sign, verify, verify_with, with,
};

#[test]
fn a_token_without_signature_is_refused_however_none_is_spelled() {
    for spelling in ["none", "None", "NONE", "nOnE"] {
        for signature in ["", "AA"] {
            let mut draft = Draft::valid();
            draft.header["alg"] = json!(spelling);
            let token = draft.sign();
            let (signed, _) = token.rsplit_once('.').unwrap();

            let fault = fault_of(&format!("{signed}.{signature}"));
            assert_eq!(fault, Jws(JwsFault::Unsigned), "{spelling} {signature}");
        }
    }
}

#[test]
fn a_public_key_is_no_shared_secret() {
    let point = provider_key().verifying_key().to_sec1_point(false);
    let jwk = jwk_of(&provider_key()).to_string();

    for secret in [point.as_bytes(), jwk.as_bytes()] {
        let token = HS256Key::from_bytes(secret)
            .with_key_id(KEY_ID)
            .authenticate(claims_set(Draft::valid().claims))
            .unwrap();

        assert_eq!(fault_of(&token), Jws(JwsFault::Symmetric));
    }
}

#[test]
fn symmetric_algorithms_are_refused_by_name() {
    for name in ["HS256", "HS384", "HS512"] {
        let mut draft = Draft::valid();
        draft.header["alg"] = json!(name);

        assert_eq!(fault_of(&draft.sign()), Jws(JwsFault::Symmetric), "{name}");
    }
}

#[test]
fn a_header_cannot_bend_a_key_to_another_algorithm() {
    let everything = [
        SigningAlgorithm::RS256,
        SigningAlgorithm::ES256,
        SigningAlgorithm::ES384,
        SigningAlgorithm::EdDSA,
    ];
    for name in ["RS256", "ES384", "EdDSA"] {
        let mut draft = Draft::valid();
        draft.header["alg"] = json!(name);

        let fault = verify_with(&draft.sign(), &provider_keys(), &everything).map(drop);
        assert_eq!(fault, Err(Jws(JwsFault::KeyDoesNotFit)), "{name}");
    }
}

#[test]
fn a_key_that_the_token_brings_along_is_not_used() {
    for (name, value) in [
        ("jwk", jwk_of(&attacker_key())),
        ("jku", json!("https://evil.example/keys")),
        ("x5u", json!("https://evil.example/certificate")),
        ("x5c", json!(["MIIB"])),
    ] {
        let mut draft = Draft::valid();
        draft.header[name] = value;
        let (header, claims) = (draft.header.to_string(), draft.claims.to_string());

        let forged = sign(&header, &claims, &attacker_key());
        assert_eq!(fault_of(&forged), Jws(JwsFault::Signature), "{name}");
        assert_eq!(verify(&draft.sign()).map(drop), Ok(()), "{name}");
    }
}

#[test]
fn the_signature_of_another_token_is_refused() {
    let mut other = Draft::valid();
    other.claim("sub", json!("admin"));
    let (token, other) = (Draft::valid().sign(), other.sign());
    let spliced = [
        other.rsplit_once('.').unwrap().0,
        token.rsplit_once('.').unwrap().1,
    ]
    .join(".");

    assert_eq!(fault_of(&spliced), Jws(JwsFault::Signature));
}

#[test]
fn a_signature_of_zeros_is_refused() {
    let token = Draft::valid().sign();
    let (signed, _) = token.rsplit_once('.').unwrap();

    let fault = fault_of(&[signed, &encode([0; 64])].join("."));

    assert_eq!(fault, Jws(JwsFault::Signature));
}

#[test]
fn ed25519_is_another_name_of_eddsa() {
    let pair = Ed25519KeyPair::generate();
    let jwk: serde_json::Value = serde_json::from_str(&pair.public_key().to_jwk()).unwrap();
    let jwk = with(with(jwk, "kid", KEY_ID), "alg", "Ed25519");

    assert_eq!(key_set_of(&[jwk]).keys().len(), 1);
}
