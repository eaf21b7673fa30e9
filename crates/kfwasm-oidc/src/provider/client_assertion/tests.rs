use core::cell::Cell;

use jwt_simple::prelude::*;
use kfwasm_config::ClientAssertionSigningAlgorithm as Algorithm;
use serde_json::{Value, json};

use super::super::configured::provider;
use super::{ClientAssertionSigner, ClientAuthenticationFailure, PrivateKeyFault};
use crate::entropy::predictable::NoEntropy;
use crate::entropy::{Entropy, EntropyFailure};
use crate::jose::base64url;
use crate::secret::Secret;
use crate::time::UnixTime;

const RSA: &str = include_str!("../../../tests/id_token/keys/rsa-2048.pem");
const RSA_PKCS1: &str = include_str!("../../../tests/id_token/keys/rsa-2048-pkcs1.pem");
const RSA_1024: &str = include_str!("../../../tests/id_token/keys/rsa-1024.pem");
const P256: &str = include_str!("../../../tests/id_token/keys/p256.pem");
const P256_ENCRYPTED: &str = include_str!("../../../tests/id_token/keys/p256-encrypted.pem");
const P384: &str = include_str!("../../../tests/id_token/keys/p384.pem");
const AUDIENCE: &str = "https://login.example.com/token";

/// Never the same bytes twice.
struct Counter(Cell<u8>);

impl Entropy for Counter {
    fn fill(&mut self, buffer: &mut [u8]) -> Result<(), EntropyFailure> {
        for byte in buffer {
            *byte = self.0.replace(self.0.get().wrapping_add(1));
        }
        Ok(())
    }
}

fn signer(algorithm: &str, pem: &str) -> Result<ClientAssertionSigner, PrivateKeyFault> {
    let provider = provider(json!({
        "privateKey": {"env": "KEY"},
        "privateKeyId": "key \"1\"".replace(' ', "-"),
        "certificateThumbprint": "A".repeat(43),
        "clientAssertionSigningAlgorithm": algorithm,
    }));
    ClientAssertionSigner::new(&provider, &Secret::new(pem.as_bytes().to_vec()))
}

fn now() -> u64 {
    Clock::now_since_epoch().as_secs()
}

fn assertion(signer: &ClientAssertionSigner) -> String {
    let mut entropy = Counter(Cell::new(0));
    let assertion = signer
        .sign("kubeflow", AUDIENCE, UnixTime(now()), &mut entropy)
        .unwrap();
    String::from_utf8(assertion.expose().to_vec()).unwrap()
}

fn part(assertion: &str, index: usize) -> Value {
    let part = assertion.split('.').nth(index).unwrap();
    serde_json::from_slice(&base64url::decode(part.as_bytes()).unwrap()).unwrap()
}

#[test]
fn an_assertion_says_who_for_whom_and_for_how_long() {
    let assertion = assertion(&signer("ES256", P256).unwrap());

    let header = json!({
        "alg": "ES256",
        "typ": "JWT",
        "kid": "key-\"1\"",
        "x5t#S256": "A".repeat(43),
    });
    assert_eq!(part(&assertion, 0), header);
    let claims = part(&assertion, 1);
    let issued = claims["iat"].as_u64().unwrap();
    let expected = json!({
        "iss": "kubeflow",
        "sub": "kubeflow",
        "aud": AUDIENCE,
        "jti": "AAECAwQFBgcICQoLDA0ODw",
        "iat": issued,
        "nbf": issued,
        "exp": issued + 300,
    });
    assert_eq!(claims, expected);
}

#[test]
fn another_implementation_accepts_each_algorithm() {
    let verified = |result: Result<JWTClaims<NoCustomClaims>, jwt_simple::Error>| {
        assert_eq!(result.unwrap().subject.as_deref(), Some("kubeflow"));
    };
    let rs256 = RS256KeyPair::from_pem(RSA).unwrap().public_key();
    let ps256 = PS256KeyPair::from_pem(RSA).unwrap().public_key();
    let es256 = ES256KeyPair::from_pem(P256).unwrap().public_key();

    verified(rs256.verify_token(&assertion(&signer("RS256", RSA).unwrap()), None));
    verified(ps256.verify_token(&assertion(&signer("PS256", RSA).unwrap()), None));
    verified(es256.verify_token(&assertion(&signer("ES256", P256).unwrap()), None));
}

#[test]
fn no_two_assertions_have_the_same_identifier() {
    let signer = signer("ES256", P256).unwrap();
    let mut entropy = Counter(Cell::new(0));
    let mut identifier = || {
        let assertion = signer
            .sign("kubeflow", AUDIENCE, UnixTime(0), &mut entropy)
            .unwrap();
        part(core::str::from_utf8(assertion.expose()).unwrap(), 1)["jti"].clone()
    };

    assert_ne!(identifier(), identifier());
}

#[test]
fn without_randomness_nothing_is_signed() {
    let signer = signer("PS256", RSA).unwrap();

    let failure = signer.sign("kubeflow", AUDIENCE, UnixTime(0), &mut NoEntropy);

    assert_eq!(failure.map(drop), Err(ClientAuthenticationFailure::Entropy));
}

#[test]
fn a_key_that_cannot_be_used_says_why() {
    let one_line = P256.replace('\n', "");
    let in_a_bag = format!("Bag Attributes\r\n{}\r\n", P256.replace('\n', "\r\n"));
    for (what, algorithm, pem, fault) in [
        (
            "PKCS#1",
            "RS256",
            RSA_PKCS1,
            Some(PrivateKeyFault::NotPkcs8),
        ),
        (
            "under a passphrase",
            "ES256",
            P256_ENCRYPTED,
            Some(PrivateKeyFault::Encrypted),
        ),
        ("1024 bits", "RS256", RSA_1024, Some(PrivateKeyFault::Size)),
        (
            "P-256 for RSA",
            "RS256",
            P256,
            Some(PrivateKeyFault::Unfit(Algorithm::RS256)),
        ),
        (
            "RSA for P-256",
            "ES256",
            RSA,
            Some(PrivateKeyFault::Unfit(Algorithm::ES256)),
        ),
        (
            "P-384 for P-256",
            "ES256",
            P384,
            Some(PrivateKeyFault::Unfit(Algorithm::ES256)),
        ),
        ("nothing", "ES256", "", Some(PrivateKeyFault::NotPem)),
        (
            "half a key",
            "ES256",
            P256.get(..100).unwrap(),
            Some(PrivateKeyFault::NotPem),
        ),
        ("no line breaks", "ES256", &one_line, None),
        ("text around it", "ES256", &in_a_bag, None),
    ] {
        assert_eq!(signer(algorithm, pem).err(), fault, "{what}");
    }
}

#[test]
fn a_private_exponent_of_another_key_is_noticed_when_the_key_is_read() {
    let body: String = RSA.lines().filter(|line| !line.starts_with('-')).collect();
    let mut der = Base64::decode_to_vec(body, None).unwrap();
    // Beyond the headers, the modulus and the public exponent: within the private exponent.
    der[400] ^= 1;
    let body = Base64::encode_to_string(der).unwrap();
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----");

    let fault = signer("RS256", &pem).err();

    assert_eq!(fault, Some(PrivateKeyFault::Unfit(Algorithm::RS256)));
}

#[test]
fn a_signer_does_not_show_its_key() {
    let signer = signer("ES256", P256).unwrap();

    assert_eq!(format!("{signer:?}"), "ClientAssertionSigner([redacted])");
}
