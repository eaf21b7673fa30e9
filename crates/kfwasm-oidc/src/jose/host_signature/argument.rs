use kfwasm_config::SigningAlgorithm;

use super::{der, spki};
use crate::jose::public_key::PublicKey;

/// Envoy's `VerifySignatureArguments`; `None` when the host cannot, or need not, be asked.
pub(super) fn of(
    algorithm: SigningAlgorithm,
    key: &PublicKey,
    signed: &[u8],
    signature: &[u8],
) -> Option<Vec<u8>> {
    let hash = hash(algorithm)?;
    let signature = signature_of(key, signature)?;
    let fields = [hash.as_bytes(), &spki::of(key)?, &signature, signed];
    let mut argument = Vec::new();
    for (number, field) in (1..).zip(fields) {
        append(&mut argument, number, field);
    }
    Some(argument)
}

/// The hash function of an algorithm that the host knows, by its name there.
fn hash(algorithm: SigningAlgorithm) -> Option<&'static str> {
    match algorithm {
        SigningAlgorithm::RS256 | SigningAlgorithm::ES256 => Some("sha256"),
        SigningAlgorithm::RS384 | SigningAlgorithm::ES384 => Some("sha384"),
        SigningAlgorithm::RS512 | SigningAlgorithm::ES512 => Some("sha512"),
        SigningAlgorithm::PS256
        | SigningAlgorithm::PS384
        | SigningAlgorithm::PS512
        | SigningAlgorithm::EdDSA => None,
    }
}

/// The signature as the host wants it, if its length is the only one that it may have (RFC 8017 §8.2.2, RFC 7518 §3.4).
fn signature_of(key: &PublicKey, signature: &[u8]) -> Option<Vec<u8>> {
    let numbers = |length: usize| {
        let (r, s) = signature.split_at_checked(length)?;
        (s.len() == length).then(|| der::sequence(&[der::integer(r), der::integer(s)]))
    };
    match key {
        PublicKey::Rsa(key) => (signature.len() == key.length()).then(|| signature.to_vec()),
        PublicKey::P256(_) => numbers(32),
        PublicKey::LargeCurve(key) => numbers(key.curve.length()),
        PublicKey::Ed25519(_) => None,
    }
}

/// Appends a field of bytes in Protocol Buffers' encoding.
fn append(message: &mut Vec<u8>, number: u8, field: &[u8]) {
    const LENGTH_DELIMITED: u8 = 2;
    message.push(number << 3 | LENGTH_DELIMITED);
    let mut length = field.len();
    while length > 0x7F {
        message.push(low_bits(length) | 0x80);
        length >>= 7;
    }
    message.push(low_bits(length));
    message.extend_from_slice(field);
}

fn low_bits(length: usize) -> u8 {
    u8::try_from(length & 0x7F).unwrap_or_default()
}
