//! Asking the host to check a signature.
//!
//! Envoy's foreign function `verify_signature` does it in a fraction of the time that the module needs: a token that nobody has
//! verified yet must not be able to keep a worker busy. It knows RSA with PKCS#1 v1.5 and ECDSA. What a signature and a key must
//! be (RFC 7518 §3.3, §3.4) is asked here, so that the host is never given what the module itself would refuse unread.

mod argument;
mod der;
mod spki;

use kfwasm_config::SigningAlgorithm;

use super::public_key::PublicKey;
use super::signature::{RustCryptoVerifier, SignatureVerifier, Verdict};

/// Envoy's answer to a good signature: `VerifySignatureResult` with `result` true and no error, in Protocol Buffers' encoding.
const YES: [u8; 2] = [8, 1];

/// Checks signatures by the host's function, which it calls with its argument; where that returns nothing, and for algorithms that
/// the host does not know, by the module itself.
pub struct HostVerifier<F>(pub F);

impl<F: FnMut(&[u8]) -> Option<Vec<u8>>> SignatureVerifier for HostVerifier<F> {
    fn verify(
        &mut self,
        algorithm: SigningAlgorithm,
        key: &PublicKey,
        signed: &[u8],
        signature: &[u8],
    ) -> Verdict {
        let argument = argument::of(algorithm, key, signed, signature);
        match argument.and_then(|argument| self.0(&argument)) {
            Some(answer) => Verdict {
                is_good: answer == YES,
                cost: cost(key),
            },
            None => RustCryptoVerifier.verify(algorithm, key, signed, signature),
        }
    }
}

/// How long a check takes Envoy, in microseconds, for the longest keys (docs/decisions/023-envoy-checks-signatures.md).
const fn cost(key: &PublicKey) -> u32 {
    match key {
        PublicKey::Rsa(_) | PublicKey::P256(_) | PublicKey::Ed25519(_) => 65,
        PublicKey::LargeCurve(_) => 1_000,
    }
}

#[cfg(test)]
mod tests;
