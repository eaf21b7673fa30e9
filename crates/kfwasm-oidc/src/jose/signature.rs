//! Checking one signature with one key.

use kfwasm_config::SigningAlgorithm;
use p256::ecdsa::signature::Verifier as _;
use sha2::{Sha256, Sha384, Sha512};

use super::public_key::PublicKey;

/// Something that can check a signature: this module, or the host it runs in.
pub trait SignatureVerifier {
    /// Whether `signature` is `key`'s over `signed` by `algorithm`, in the encoding of RFC 7518 §3
    /// and RFC 8037 §3.1 (ECDSA: R and S side by side, not DER).
    ///
    /// Whoever calls has made sure that `key` fits `algorithm`; what cannot be checked is `false`.
    fn verify(
        &mut self,
        algorithm: SigningAlgorithm,
        key: &PublicKey,
        signed: &[u8],
        signature: &[u8],
    ) -> bool;
}

/// The verifier in the module itself (docs/decisions/002-signatures.md).
#[derive(Clone, Copy, Debug, Default)]
pub struct RustCryptoVerifier;

impl SignatureVerifier for RustCryptoVerifier {
    fn verify(
        &mut self,
        algorithm: SigningAlgorithm,
        key: &PublicKey,
        signed: &[u8],
        signature: &[u8],
    ) -> bool {
        match key {
            PublicKey::Rsa(key) => verify_rsa(algorithm, key, signed, signature),
            PublicKey::P256(key) => p256::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify(signed, &signature).is_ok()),
            PublicKey::P384(key) => p384::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify(signed, &signature).is_ok()),
            PublicKey::P521(key) => p521::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify(signed, &signature).is_ok()),
            PublicKey::Ed25519(key) => ed25519_compact::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify(signed, &signature).is_ok()),
        }
    }
}

fn verify_rsa(
    algorithm: SigningAlgorithm,
    key: &rsa::PublicKey,
    signed: &[u8],
    signature: &[u8],
) -> bool {
    match algorithm {
        SigningAlgorithm::RS256 => key.pkcs1v15_verify::<Sha256>(signed, signature),
        SigningAlgorithm::RS384 => key.pkcs1v15_verify::<Sha384>(signed, signature),
        SigningAlgorithm::RS512 => key.pkcs1v15_verify::<Sha512>(signed, signature),
        // RFC 7518 §3.5: the salt is as long as the hash, which `pss_verify` demands.
        SigningAlgorithm::PS256 => key.pss_verify::<Sha256>(signed, signature),
        SigningAlgorithm::PS384 => key.pss_verify::<Sha384>(signed, signature),
        SigningAlgorithm::PS512 => key.pss_verify::<Sha512>(signed, signature),
        SigningAlgorithm::ES256
        | SigningAlgorithm::ES384
        | SigningAlgorithm::ES512
        | SigningAlgorithm::EdDSA => return false,
    }
    .is_ok()
}
