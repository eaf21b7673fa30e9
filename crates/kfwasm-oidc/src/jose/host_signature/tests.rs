use kfwasm_config::SigningAlgorithm::{self, *};
use serde_json::{Map, Value, json};

use super::{HostVerifier, argument, der};
use crate::jose::SignatureVerifier as _;
use crate::jose::base64url;
use crate::jose::public_key::PublicKey;

/// The public key of RFC 7515 §A.3.1, a signature of the right length, and what it is over.
fn p256() -> (PublicKey, [u8; 64], &'static [u8]) {
    let members: Value = json!({
        "kty": "EC", "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    });
    (key(members), [1; 64], b"signed")
}

/// A number of 2,048 bits, odd.
fn rsa() -> PublicKey {
    let n = base64url::encode(&[0xFF; 256]);
    key(json!({ "kty": "RSA", "n": n, "e": "AQAB" }))
}

fn key(members: Value) -> PublicKey {
    let members: Map<String, Value> = serde_json::from_value(members).unwrap();
    PublicKey::from_jwk(&members).unwrap()
}

/// What the verifier says when the host answers this, and how often the host was asked.
fn verdict(
    algorithm: SigningAlgorithm,
    key: &PublicKey,
    signature: &[u8],
    answer: Option<&[u8]>,
) -> (bool, usize) {
    let mut asked = 0;
    let accepted = HostVerifier(|_: &[u8]| {
        asked += 1;
        answer.map(<[u8]>::to_vec)
    })
    .verify(algorithm, key, b"signed", signature);
    (accepted.is_good, asked)
}

#[test]
fn the_host_is_believed_when_it_says_yes_and_in_no_other_words() {
    let (key, signature, _) = p256();
    assert_eq!(verdict(ES256, &key, &signature, Some(&[8, 1])), (true, 1));
    for answer in [
        &b""[..],
        &[8, 0],
        &[8],
        &[8, 1, 0],
        &[8, 2],
        &[8, 1, 18, 1, b'e'],
        &[1],
    ] {
        assert_eq!(
            verdict(ES256, &key, &signature, Some(answer)),
            (false, 1),
            "{answer:?}"
        );
    }
}

#[test]
fn without_the_hosts_function_the_module_checks_the_signature_itself() {
    // RFC 7515 §A.3.
    let (key, _, _) = p256();
    let signature = base64url::decode(
        b"DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
    )
    .unwrap();
    let signed = b"eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    let mut absent = HostVerifier(|_: &[u8]| None);
    assert!(absent.verify(ES256, &key, signed, &signature).is_good);
    assert!(!absent.verify(ES256, &key, b"other", &signature).is_good);
}

#[test]
fn a_check_by_the_host_costs_less_than_one_by_the_module() {
    let (key, signature, signed) = p256();
    let mut present = HostVerifier(|_: &[u8]| Some(vec![8, 0]));
    let mut absent = HostVerifier(|_: &[u8]| None);
    let [by_host, by_module] = [
        present.verify(ES256, &key, signed, &signature).cost,
        absent.verify(ES256, &key, signed, &signature).cost,
    ];
    assert!(by_host * 10 < by_module, "{by_host} {by_module}");
}

#[test]
fn a_signature_of_another_length_never_reaches_the_host() {
    let (key, signature, _) = p256();
    for wrong in [&signature[..63], &[1; 65], &[]] {
        assert_eq!(verdict(ES256, &key, wrong, Some(&[8, 1])), (false, 0));
    }
    for length in [255, 257, 0] {
        let wrong = vec![1; length];
        assert_eq!(verdict(RS256, &rsa(), &wrong, Some(&[8, 1])), (false, 0));
    }
}

#[test]
fn what_the_host_does_not_know_is_not_asked_of_it() {
    for algorithm in [PS256, PS384, PS512] {
        let signature = [1; 256];
        assert_eq!(
            verdict(algorithm, &rsa(), &signature, Some(&[8, 1])),
            (false, 0)
        );
    }
}

#[test]
fn the_argument_is_hash_key_signature_and_text() {
    let (key, signature, signed) = p256();
    let argument = argument::of(ES256, &key, signed, &signature).unwrap();
    let hash = b"\x0A\x06sha256";
    let key = b"\x12\x5B\x30\x59\x30\x13\x06\x07\x2A\x86\x48\xCE\x3D\x02\x01\x06\x08\x2A\x86\x48\xCE\x3D\x03\x01\x07\x03\x42\x00\x04\x7F\xCD\xCE";
    assert!(
        argument.starts_with(&[&hash[..], key].concat()),
        "{argument:x?}"
    );
    let signature = [
        &b"\x1A\x46\x30\x44\x02\x20"[..],
        &[1; 32],
        b"\x02\x20",
        &[1; 32],
    ]
    .concat();
    let text = b"\x22\x06signed";
    assert!(
        argument.ends_with(&[&signature[..], text].concat()),
        "{argument:x?}"
    );
    // 300 bytes and more need two bytes of length.
    let argument = argument::of(RS256, &rsa(), signed, &[1; 256]).unwrap();
    assert_eq!(argument.get(8..11), Some(&b"\x12\xA6\x02"[..]));
}

#[test]
fn numbers_have_no_octet_too_many_and_no_sign() {
    assert_eq!(der::integer(&[0, 0, 5]), [2, 1, 5]);
    assert_eq!(der::integer(&[0, 0x80]), [2, 2, 0, 0x80]);
    assert_eq!(der::integer(&[0, 0]), [2, 1, 0]);
}
