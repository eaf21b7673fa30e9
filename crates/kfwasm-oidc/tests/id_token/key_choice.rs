//! Which keys are tried for a token.

use kfwasm_config::SigningAlgorithm;
use kfwasm_oidc::id_token::IdTokenFault::Jws;
use kfwasm_oidc::jose::{
    CompactJws, JwkSet, JwsFault, PublicKey, RustCryptoVerifier, SignatureVerifier, TrustedKeys,
    Verdict,
};
use p256::ecdsa::SigningKey;
use serde_json::{Value, json};

use super::draft::{
    Draft, ISSUER, KEY_ID, attacker_key, jwk_of, key_set_of, provider_key, verify_with, with,
};

const ALGORITHMS: [SigningAlgorithm; 1] = [SigningAlgorithm::ES256];

/// Counts what it is asked.
struct Counting(usize);

impl SignatureVerifier for Counting {
    fn verify(
        &mut self,
        algorithm: SigningAlgorithm,
        key: &PublicKey,
        signed: &[u8],
        signature: &[u8],
    ) -> Verdict {
        self.0 += 1;
        RustCryptoVerifier.verify(algorithm, key, signed, signature)
    }
}

fn attempts(draft: &Draft, keys: &JwkSet) -> (Result<(), JwsFault>, usize) {
    let mut verifier = Counting(0);
    let token = draft.sign();
    let jws = CompactJws::parse(token.as_bytes()).unwrap();
    let trusted = TrustedKeys {
        keys,
        algorithms: &ALGORITHMS,
    };
    let result = trusted.verify(&jws, ISSUER, None, &mut verifier);
    (result.map(drop), verifier.0)
}

fn anonymous() -> Draft {
    let mut draft = Draft::valid();
    draft.header.as_object_mut().unwrap().remove("kid");
    draft
}

/// So many keys that did not sign.
fn strangers(count: u8) -> Vec<Value> {
    (0..count)
        .map(|n| jwk_of(&SigningKey::from_slice(&[100 + n; 32]).unwrap()))
        .collect()
}

#[test]
fn a_token_with_an_unknown_key_id_asks_for_newer_keys() {
    let keys = key_set_of(&[with(jwk_of(&provider_key()), "kid", "another")]);

    let fault = verify_with(&Draft::valid().sign(), &keys, &ALGORITHMS).unwrap_err();

    assert!(fault.is_key_not_found());
    assert_eq!(attempts(&Draft::valid(), &keys).1, 0);
}

#[test]
fn no_other_fault_asks_for_newer_keys() {
    let mut expired = Draft::valid();
    expired.claim("exp", json!(0));
    let keys = key_set_of(&[with(jwk_of(&attacker_key()), "kid", KEY_ID)]);

    let fault = verify_with(&Draft::valid().sign(), &keys, &ALGORITHMS).unwrap_err();

    assert_eq!(fault, Jws(JwsFault::Signature));
    assert!(!fault.is_key_not_found());
}

#[test]
fn a_token_without_key_id_is_tried_with_each_key_that_fits() {
    let mut keys = strangers(3);
    keys.push(with(jwk_of(&provider_key()), "alg", "ES384"));
    keys.push(with(jwk_of(&provider_key()), "use", "enc"));
    keys.push(with(jwk_of(&provider_key()), "kid", KEY_ID));

    assert_eq!(attempts(&anonymous(), &key_set_of(&keys)), (Ok(()), 4));
}

#[test]
fn a_token_without_key_id_that_no_key_signed_asks_for_newer_keys() {
    let keys = key_set_of(&strangers(3));

    assert_eq!(
        attempts(&anonymous(), &keys),
        (Err(JwsFault::KeyNotFound), 3)
    );
}

#[test]
fn no_token_costs_more_than_eight_attempts() {
    let mut keys = strangers(90);
    keys.push(jwk_of(&provider_key()));
    let same_name: Vec<Value> = keys
        .iter()
        .map(|it| with(it.clone(), "kid", KEY_ID))
        .collect();

    assert_eq!(attempts(&anonymous(), &key_set_of(&keys)).1, 8);
    assert_eq!(
        attempts(&Draft::valid(), &key_set_of(&same_name)),
        (Err(JwsFault::Signature), 8)
    );
}

#[test]
fn of_two_keys_with_the_same_name_either_may_have_signed() {
    let named = |key| with(jwk_of(key), "kid", KEY_ID);
    let keys = key_set_of(&[named(&attacker_key()), named(&provider_key())]);

    assert_eq!(attempts(&Draft::valid(), &keys), (Ok(()), 2));
}

#[test]
fn a_key_of_another_issuer_does_not_sign_for_this_one() {
    let key = with(jwk_of(&provider_key()), "kid", KEY_ID);

    for (issuer, expected) in [
        (ISSUER, Ok(())),
        ("https://other.example", Err(JwsFault::KeyOfAnotherIssuer)),
        (
            "https://login.example.com/{tenantid}",
            Err(JwsFault::KeyOfAnotherIssuer),
        ),
    ] {
        let keys = key_set_of(&[with(key.clone(), "issuer", issuer)]);
        assert_eq!(attempts(&Draft::valid(), &keys).0, expected, "{issuer}");
    }
}
