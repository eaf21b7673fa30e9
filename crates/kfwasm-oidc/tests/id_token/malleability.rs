//! Other spellings of a signature.

use kfwasm_config::SigningAlgorithm;
use kfwasm_oidc::jose::{JwkSet, PublicKey, RustCryptoVerifier, SignatureVerifier};
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use rsa::BoxedUint;
use rsa::pkcs8::DecodePrivateKey as _;
use rsa::traits::PublicKeyParts as _;
use serde_json::json;
use sha2::Sha256;

use super::draft::{encode, jwk_of, key_set_of, provider_key};

const MESSAGE: &[u8] = b"header.payload";

fn verifies(algorithm: SigningAlgorithm, keys: &JwkSet, signature: &[u8]) -> bool {
    let key: &PublicKey = keys.keys()[0].public_key();
    RustCryptoVerifier
        .verify(algorithm, key, MESSAGE, signature)
        .is_good
}

/// Anybody can turn (r, s) into (r, n - s), and RFC 7518 §3.4 accepts both. Harmless here: a token is
/// never told from another by its signature.
#[test]
fn the_second_signature_of_ecdsa_is_accepted_as_the_specification_says() {
    let key: SigningKey = provider_key();
    let keys = key_set_of(&[jwk_of(&key)]);
    let signature: Signature = key.sign(MESSAGE);
    let (r, s) = signature.split_scalars();
    let second = Signature::from_scalars(r, -s).unwrap();

    assert!(verifies(
        SigningAlgorithm::ES256,
        &keys,
        &signature.to_bytes()
    ));
    assert!(verifies(SigningAlgorithm::ES256, &keys, &second.to_bytes()));
}

#[test]
fn ecdsa_in_der_is_refused() {
    let key = provider_key();
    let signature: Signature = key.sign(MESSAGE);

    let der = signature.to_der();

    assert!(!verifies(
        SigningAlgorithm::ES256,
        &key_set_of(&[jwk_of(&key)]),
        der.as_bytes()
    ));
}

/// RFC 8032 §5.1.7 (1): S must be below the order of the group.
#[test]
fn ed25519_with_a_larger_s_is_refused() {
    const ORDER: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde,
        0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let pair = ed25519_compact::KeyPair::from_seed(ed25519_compact::Seed::new([7; 32]));
    let keys = key_set_of(&[json!({"kty": "OKP", "crv": "Ed25519", "x": encode(*pair.pk)})]);
    let signature = pair.sk.sign(MESSAGE, None);
    let mut larger = *signature;
    let mut carry = 0_u16;
    for (byte, addend) in larger[32..].iter_mut().zip(ORDER) {
        carry += u16::from(*byte) + u16::from(addend);
        *byte = carry.to_le_bytes()[0];
        carry >>= 8;
    }

    assert!(verifies(SigningAlgorithm::EdDSA, &keys, &*signature));
    assert!(!verifies(SigningAlgorithm::EdDSA, &keys, &larger));
}

/// RFC 8017 §8.2.2 (1) and §5.2.2 (1): as long as the modulus, and below it.
#[test]
fn rsa_beyond_the_modulus_or_of_another_length_is_refused() {
    let pem = include_str!("keys/rsa-2048.pem");
    let key = rsa::PrivateKey::from_pkcs8_pem(pem).unwrap();
    let jwk = json!({"kty": "RSA", "n": encode(key.n_bytes()), "e": encode(key.e_bytes())});
    let keys = key_set_of(&[jwk]);
    let signature = key.pkcs1v15_sign::<Sha256>(MESSAGE).unwrap();
    let zero_in_front = [&[0], signature.as_slice()].concat();
    let number = BoxedUint::from_be_slice(&signature, 2112).unwrap();
    let modulus = BoxedUint::from_be_slice(&key.n_bytes(), 2112).unwrap();
    let beyond = number.wrapping_add(&modulus).to_be_bytes();

    assert!(verifies(SigningAlgorithm::RS256, &keys, &signature));
    assert!(!verifies(SigningAlgorithm::RS256, &keys, &zero_in_front));
    assert!(!verifies(SigningAlgorithm::RS256, &keys, &beyond[7..]));
    assert!(!verifies(SigningAlgorithm::RS256, &keys, &beyond[8..]));
    assert!(!verifies(SigningAlgorithm::PS256, &keys, &signature));
}
