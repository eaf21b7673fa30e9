//! Time, randomness, signatures and shared memory, as the core wants them.

use kfwasm_oidc::Host;
use kfwasm_oidc::entropy::{Entropy, EntropyFailure};
use kfwasm_oidc::jose::HostVerifier;

use crate::host_calls::{self, SharedMemory};

/// Envoy's function for checking a signature.
type VerifySignature = fn(&[u8]) -> Option<Vec<u8>>;

/// The world as this module sees it.
pub(crate) struct World {
    entropy: HostEntropy,
    shared: SharedMemory,
    signatures: HostVerifier<VerifySignature>,
}

impl World {
    pub(crate) const fn new() -> Self {
        Self {
            entropy: HostEntropy,
            shared: SharedMemory,
            signatures: HostVerifier(host_calls::verify_signature),
        }
    }

    pub(crate) fn host(&mut self) -> Host<'_> {
        Host {
            now: host_calls::now(),
            entropy: &mut self.entropy,
            shared: &mut self.shared,
            signatures: &mut self.signatures,
        }
    }
}

/// WASI's `random_get`.
struct HostEntropy;

impl Entropy for HostEntropy {
    fn fill(&mut self, buffer: &mut [u8]) -> Result<(), EntropyFailure> {
        getrandom::fill(buffer).map_err(|_| EntropyFailure)
    }
}
