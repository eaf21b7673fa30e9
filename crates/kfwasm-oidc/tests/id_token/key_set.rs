//! The provider's key set.

use kfwasm_oidc::jose::{JsonFault, JwkSet};
use kfwasm_oidc::provider::{Document, KeySetFault, ProviderFault};
use serde_json::{Value, json};

use super::draft::{encode, jwk_of, key_set_of, provider_key, with};

fn sound() -> Value {
    with(jwk_of(&provider_key()), "kid", "sound")
}

/// An RSA key of so many bytes whose exponent is these bytes.
fn rsa(modulus: usize, exponent: &[u8]) -> Value {
    json!({"kty": "RSA", "n": encode(vec![0xff; modulus]), "e": encode(exponent)})
}

type Keys = Vec<(&'static str, Value)>;

fn keys_that_are_not_ours() -> Keys {
    vec![
        ("no object", json!("key")),
        ("nothing in it", json!({})),
        ("an unknown type", json!({"kty": "lattice"})),
        ("a symmetric key", json!({"kty": "oct", "k": "AAAA"})),
        ("a key for key agreement", okp("X25519", [9; 32])),
        (
            "an algorithm for encryption",
            with(rsa(256, &[1, 0, 1]), "alg", "RSA-OAEP"),
        ),
    ]
}

/// A sound key with one member that makes it useless.
fn spoilt_keys() -> Keys {
    let spoilt = |name, value| with(jwk_of(&provider_key()), name, value);
    vec![
        ("for encryption", spoilt("use", json!("enc"))),
        ("a use that is no string", spoilt("use", json!(1))),
        (
            "for other operations",
            spoilt("key_ops", json!(["encrypt", "wrapKey"])),
        ),
        (
            "operations that are no array",
            spoilt("key_ops", json!("verify")),
        ),
        ("a private key", spoilt("d", json!("AAAA"))),
        (
            "an algorithm of another type",
            spoilt("alg", json!("RS256")),
        ),
        ("a symmetric algorithm", spoilt("alg", json!("HS256"))),
        ("a name that is no string", spoilt("kid", json!(1))),
        ("an issuer that is no string", spoilt("issuer", json!([]))),
        ("an unknown curve", spoilt("crv", json!("secp256k1"))),
        ("a curve that is no string", spoilt("crv", json!(256))),
        ("a point off the curve", spoilt("x", json!(encode([1; 32])))),
        (
            "a coordinate that is too short",
            spoilt("y", json!(encode([1; 31]))),
        ),
        (
            "a coordinate that is too long",
            spoilt("y", json!(encode([0; 33]))),
        ),
        (
            "a coordinate beyond the field",
            spoilt("x", json!(encode([0xff; 32]))),
        ),
        (
            "a padded coordinate",
            spoilt("x", json!(encode([1; 32]) + "=")),
        ),
    ]
}

fn unsound_numbers() -> Keys {
    let modulus = |n: &[u8]| json!({"kty": "RSA", "n": encode(n), "e": "AQAB"});
    let zero = encode([0; 32]);
    vec![
        (
            "the point at zero",
            json!({"kty": "EC", "crv": "P-256", "x": zero, "y": zero}),
        ),
        (
            "RSA of 2047 bits",
            modulus(&[[0x7f].as_slice(), &[0xff; 255]].concat()),
        ),
        ("RSA of 8200 bits", rsa(1025, &[1, 0, 1])),
        ("RSA of no bits", rsa(0, &[1, 0, 1])),
        ("RSA of zeros", modulus(&[0; 256])),
        ("an even modulus", modulus(&[0xfe; 256])),
        ("an exponent of one", rsa(256, &[1])),
        ("an even exponent", rsa(256, &[1, 0, 0])),
        ("no exponent", rsa(256, &[])),
        ("an enormous exponent", rsa(256, &[0xff; 256])),
        ("an exponent above 2^33", rsa(256, &[3, 0, 0, 0, 1])),
        ("an Ed25519 key that is too short", okp("Ed25519", [1; 31])),
        ("an Ed25519 key of small order", okp("Ed25519", [0; 32])),
    ]
}

fn okp(curve: &str, x: impl AsRef<[u8]>) -> Value {
    json!({"kty": "OKP", "crv": curve, "x": encode(x)})
}

#[test]
fn one_odd_key_does_not_fail_the_set() {
    for (what, odd) in [keys_that_are_not_ours(), spoilt_keys(), unsound_numbers()].concat() {
        let keys = key_set_of(&[odd, sound()]);

        assert_eq!(keys.keys().len(), 1, "{what}");
        assert_eq!(keys.keys()[0].key_id(), Some("sound"), "{what}");
        assert_eq!(keys.skipped(), 1, "{what}");
    }
}

#[test]
fn keys_as_providers_publish_them_are_kept() {
    let p256 = jwk_of(&provider_key());
    for (what, key) in [
        ("no more than needed", p256.clone()),
        ("for signatures", with(p256.clone(), "use", "sig")),
        (
            "for verifying",
            with(p256.clone(), "key_ops", json!(["verify", "sign"])),
        ),
        ("with its algorithm", with(p256.clone(), "alg", "ES256")),
        (
            "with a certificate",
            with(p256.clone(), "x5c", json!(["MIIB"])),
        ),
        ("RSA of 2048 bits", rsa(256, &[1, 0, 1])),
        ("RSA of 8192 bits", rsa(1024, &[1, 0, 1])),
        ("RSA with the exponent 3", rsa(256, &[3])),
        (
            "an exponent with leading zeros",
            rsa(256, &[0, 0, 0, 1, 0, 1]),
        ),
    ] {
        assert_eq!(key_set_of(&[key]).keys().len(), 1, "{what}");
    }
}

#[test]
fn a_document_that_is_no_key_set_is_refused() {
    let json = |fault| ProviderFault::Json(Document::KeySet, fault);
    for (document, fault) in [
        ("", json(JsonFault::NotJson)),
        ("<html>", json(JsonFault::NotJson)),
        ("[]", json(JsonFault::NotAnObject)),
        (r#"{"keys":[],"keys":[]}"#, json(JsonFault::DuplicateMember)),
        ("{}", KeySetFault::KeysMissing.into()),
        (r#"{"keys":{}}"#, KeySetFault::KeysMissing.into()),
        (r#"{"keys":[]}"#, KeySetFault::NoUsableKey.into()),
        (
            r#"{"keys":[{"kty":"oct","k":"AAAA"}]}"#,
            KeySetFault::NoUsableKey.into(),
        ),
    ] {
        assert_eq!(
            JwkSet::parse(document.as_bytes()).map(drop),
            Err(fault),
            "{document}"
        );
    }
}

#[test]
fn a_set_of_a_hundred_keys_is_read_and_a_larger_one_refused() {
    let set = |count| json!({"keys": vec![sound(); count]}).to_string();

    assert_eq!(
        JwkSet::parse(set(100).as_bytes()).unwrap().keys().len(),
        100
    );
    assert_eq!(
        JwkSet::parse(set(101).as_bytes()).map(drop),
        Err(KeySetFault::TooManyKeys.into())
    );
}

#[test]
fn a_key_set_longer_than_the_limit_is_refused_unread() {
    let document = " ".repeat(256 * 1024 + 1);

    assert_eq!(
        JwkSet::parse(document.as_bytes()).map(drop),
        Err(ProviderFault::TooLong(Document::KeySet, 256 * 1024))
    );
}
