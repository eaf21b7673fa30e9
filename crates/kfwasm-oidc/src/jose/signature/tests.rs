//! All of Wycheproof's vectors for the algorithms of this module (C2SP/wycheproof).

use kfwasm_config::SigningAlgorithm::{self, *};
use serde_json::{Map, Value, json};
use wycheproof::{HashFunction, TestResult, ecdsa, eddsa, rsa_pkcs1_verify, rsa_pss_verify};

use super::super::base64url;
use super::super::public_key::PublicKey;
use super::{RustCryptoVerifier, SignatureVerifier as _};

/// How many vectors were checked, and how many of these were accepted: a test in which either is small shows nothing.
#[derive(Default)]
struct Tally {
    checked: usize,
    accepted: usize,
}

impl Tally {
    /// "Acceptable" vectors are legal but weak; each may be refused.
    fn check(&mut self, accepted: bool, result: TestResult, which: &str) {
        let is_right = match result {
            TestResult::Valid => accepted,
            TestResult::Invalid => !accepted,
            TestResult::Acceptable => true,
        };
        assert!(is_right, "{which}: accepted is {accepted}");
        self.checked += 1;
        self.accepted += usize::from(accepted);
    }
}

fn key(members: Value) -> Option<PublicKey> {
    let members: Map<String, Value> = serde_json::from_value(members).unwrap();
    PublicKey::from_jwk(&members)
}

fn rsa_key(n: &[u8], e: &[u8]) -> Option<PublicKey> {
    key(json!({ "kty": "RSA", "n": base64url::encode(n), "e": base64url::encode(e) }))
}

fn verifies(
    algorithm: SigningAlgorithm,
    key: Option<&PublicKey>,
    message: &[u8],
    signature: &[u8],
) -> bool {
    key.is_some_and(|key| {
        RustCryptoVerifier
            .verify(algorithm, key, message, signature)
            .is_good
    })
}

fn rsa(hash: HashFunction, algorithms: [SigningAlgorithm; 3]) -> Option<SigningAlgorithm> {
    let [with_256, with_384, with_512] = algorithms;
    match hash {
        HashFunction::Sha2_256 => Some(with_256),
        HashFunction::Sha2_384 => Some(with_384),
        HashFunction::Sha2_512 => Some(with_512),
        _ => None,
    }
}

#[test]
fn rsassa_pkcs1_v1_5() {
    use rsa_pkcs1_verify::{TestName, TestSet};
    let mut tally = Tally::default();
    // The largest keys once: they take most of the time, and show the same with each hash.
    let dear = [TestName::Rsa8192Sha384, TestName::Rsa8192Sha512];
    for name in TestName::all()
        .into_iter()
        .filter(|name| !dear.contains(name))
    {
        for group in TestSet::load(name).unwrap().test_groups {
            let Some(algorithm) = rsa(group.hash, [RS256, RS384, RS512]) else {
                continue;
            };
            let key = rsa_key(&group.key.n, &group.key.e);
            for test in group.tests {
                let accepted = verifies(algorithm, key.as_ref(), &test.msg, &test.sig);
                tally.check(accepted, test.result, &format!("{name:?} {}", test.tc_id));
            }
        }
    }
    assert!(
        tally.checked > 2_000 && tally.accepted > 50,
        "{} {}",
        tally.checked,
        tally.accepted
    );
}

#[test]
fn rsassa_pss() {
    use rsa_pss_verify::{TestName, TestSet};
    let mut tally = Tally::default();
    for name in TestName::all() {
        for group in TestSet::load(name).unwrap().test_groups {
            let Some(algorithm) = rsa(group.hash, [PS256, PS384, PS512]) else {
                continue;
            };
            // RFC 7518 §3.5: the mask's hash is the message's, and the salt as long as its digest.
            let is_jose =
                group.mgf_hash == Some(group.hash) && group.salt_size * 8 == bits(algorithm);
            let key = rsa_key(&group.key.n, &group.key.e);
            for test in group.tests {
                let accepted = verifies(algorithm, key.as_ref(), &test.msg, &test.sig);
                let result = match (is_jose, test.result) {
                    (false, TestResult::Valid) => TestResult::Invalid,
                    // Some are invalid there for a salt that is right here.
                    (false, TestResult::Invalid) => TestResult::Acceptable,
                    (_, result) => result,
                };
                tally.check(accepted, result, &format!("{name:?} {}", test.tc_id));
            }
        }
    }
    assert!(
        tally.checked > 500 && tally.accepted > 50,
        "{} {}",
        tally.checked,
        tally.accepted
    );
}

fn bits(algorithm: SigningAlgorithm) -> usize {
    match algorithm {
        PS256 => 256,
        PS384 => 384,
        _ => 512,
    }
}

#[test]
fn ecdsa_with_r_and_s_side_by_side() {
    use ecdsa::{TestName, TestSet};
    let sets = [
        (TestName::EcdsaSecp256r1Sha256P1363, ES256, "P-256"),
        (TestName::EcdsaSecp384r1Sha384P1363, ES384, "P-384"),
        (TestName::EcdsaSecp521r1Sha512P1363, ES512, "P-521"),
    ];
    let mut tally = Tally::default();
    for (name, algorithm, curve) in sets {
        for group in TestSet::load(name).unwrap().test_groups {
            let point = &group.key.key[1..];
            let (x, y) = point.split_at(point.len() / 2);
            let key = key(json!({
                "kty": "EC", "crv": curve, "x": base64url::encode(x), "y": base64url::encode(y),
            }));
            for test in group.tests {
                let accepted = verifies(algorithm, key.as_ref(), &test.msg, &test.sig);
                tally.check(accepted, test.result, &format!("{name:?} {}", test.tc_id));
            }
        }
    }
    assert!(
        tally.checked > 700 && tally.accepted > 300,
        "{} {}",
        tally.checked,
        tally.accepted
    );
}

#[test]
fn ed25519() {
    use eddsa::{TestName, TestSet};
    let mut tally = Tally::default();
    for group in TestSet::load(TestName::Ed25519).unwrap().test_groups {
        let key =
            key(json!({ "kty": "OKP", "crv": "Ed25519", "x": base64url::encode(&group.key.pk) }));
        for test in group.tests {
            let accepted = verifies(EdDSA, key.as_ref(), &test.msg, &test.sig);
            tally.check(accepted, test.result, &format!("{}", test.tc_id));
        }
    }
    assert!(
        tally.checked > 100 && tally.accepted > 50,
        "{} {}",
        tally.checked,
        tally.accepted
    );
}
