//! Checking one signature with one key.

use kfwasm_config::SigningAlgorithm;
use p256::ecdsa::signature::Verifier as _;

use super::public_key::PublicKey;
use crate::rsa::{Encoding, Hash};

/// Something that can check a signature: this module, or the host it runs in.
pub trait SignatureVerifier {
    /// Whether `signature` is `key`'s over `signed` by `algorithm`, in the encoding of RFC 7518 §3
    /// and RFC 8037 §3.1 (ECDSA: R and S side by side, not DER).
    ///
    /// Whoever calls has made sure that `key` fits `algorithm`; what cannot be checked is not good.
    fn verify(
        &mut self,
        algorithm: SigningAlgorithm,
        key: &PublicKey,
        signed: &[u8],
        signature: &[u8],
    ) -> Verdict;
}

/// What came of checking a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it is the key's.
    pub is_good: bool,
    /// How long that kept a worker busy, about, in microseconds.
    pub cost: u32,
}

/// A verifier that adds up what its checks cost.
pub(crate) struct Metered<'a> {
    verifier: &'a mut dyn SignatureVerifier,
    /// In microseconds.
    cost: u64,
}

impl<'a> Metered<'a> {
    pub(crate) fn new(verifier: &'a mut dyn SignatureVerifier) -> Self {
        Self { verifier, cost: 0 }
    }

    /// In microseconds.
    pub(crate) const fn cost(&self) -> u64 {
        self.cost
    }
}

impl SignatureVerifier for Metered<'_> {
    fn verify(
        &mut self,
        algorithm: SigningAlgorithm,
        key: &PublicKey,
        signed: &[u8],
        signature: &[u8],
    ) -> Verdict {
        let verdict = self.verifier.verify(algorithm, key, signed, signature);
        self.cost = self.cost.saturating_add(u64::from(verdict.cost));
        verdict
    }
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
    ) -> Verdict {
        let is_good = match key {
            PublicKey::Rsa(key) => rsa(algorithm)
                .is_some_and(|(encoding, hash)| key.verify(encoding, hash, signed, signature)),
            PublicKey::P256(key) => p256::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify(signed, &signature).is_ok()),
            PublicKey::LargeCurve(key) => key.verify(signed, signature),
            PublicKey::Ed25519(key) => ed25519_compact::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify(signed, &signature).is_ok()),
        };
        let cost = cost(key);
        Verdict { is_good, cost }
    }
}

/// How long a check takes in a Wasm module, in microseconds: rather too much, for the longest keys.
const fn cost(key: &PublicKey) -> u32 {
    match key {
        PublicKey::Rsa(_) => 800,
        PublicKey::P256(_) => 1_500,
        PublicKey::LargeCurve(_) => 3_000,
        PublicKey::Ed25519(_) => 1_000,
    }
}

/// What an RSA signature of `algorithm` is made of (RFC 7518 §3.3 and §3.5).
fn rsa(algorithm: SigningAlgorithm) -> Option<(Encoding, Hash)> {
    match algorithm {
        SigningAlgorithm::RS256 => Some((Encoding::Pkcs1V15, Hash::Sha256)),
        SigningAlgorithm::RS384 => Some((Encoding::Pkcs1V15, Hash::Sha384)),
        SigningAlgorithm::RS512 => Some((Encoding::Pkcs1V15, Hash::Sha512)),
        SigningAlgorithm::PS256 => Some((Encoding::Pss, Hash::Sha256)),
        SigningAlgorithm::PS384 => Some((Encoding::Pss, Hash::Sha384)),
        SigningAlgorithm::PS512 => Some((Encoding::Pss, Hash::Sha512)),
        SigningAlgorithm::ES256
        | SigningAlgorithm::ES384
        | SigningAlgorithm::ES512
        | SigningAlgorithm::EdDSA => None,
    }
}

#[cfg(test)]
mod tests;
