//! The signature algorithms, as headers and keys name them.

use kfwasm_config::SigningAlgorithm;
use sha2::{Digest, Sha256, Sha384, Sha512};

/// The algorithm of an `alg` header parameter or `alg` key member (RFC 7518 §3.1, RFC 8037 §3.1).
///
/// Case-sensitive, as RFC 7515 §4.1.1 demands. `Ed25519` is the fully specified name of what `EdDSA`
/// means with an Ed25519 key (RFC 9864 §2.2), the only EdDSA key there is here.
pub(crate) fn named(name: &str) -> Option<SigningAlgorithm> {
    Some(match name {
        "RS256" => SigningAlgorithm::RS256,
        "RS384" => SigningAlgorithm::RS384,
        "RS512" => SigningAlgorithm::RS512,
        "PS256" => SigningAlgorithm::PS256,
        "PS384" => SigningAlgorithm::PS384,
        "PS512" => SigningAlgorithm::PS512,
        "ES256" => SigningAlgorithm::ES256,
        "ES384" => SigningAlgorithm::ES384,
        "ES512" => SigningAlgorithm::ES512,
        "EdDSA" | "Ed25519" => SigningAlgorithm::EdDSA,
        _ => return None,
    })
}

/// The digest of `message` by the hash function that `algorithm` signs with; for Ed25519 that is
/// SHA-512 (RFC 8032 §5.1).
pub(crate) fn digest(algorithm: SigningAlgorithm, message: &[u8]) -> Vec<u8> {
    use SigningAlgorithm::{ES256, ES384, ES512, EdDSA, PS256, PS384, PS512, RS256, RS384, RS512};
    match algorithm {
        RS256 | PS256 | ES256 => Sha256::digest(message).to_vec(),
        RS384 | PS384 | ES384 => Sha384::digest(message).to_vec(),
        RS512 | PS512 | ES512 | EdDSA => Sha512::digest(message).to_vec(),
    }
}
