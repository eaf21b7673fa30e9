//! What the core may use of the world while it decides.

use crate::entropy::Entropy;
use crate::jose::SignatureVerifier;
use crate::shared_data::SharedData;
use crate::time::UnixTime;

/// Time, randomness, signatures and the memory that all workers share: everything that a decision depends on besides
/// the request. Whatever takes longer than a call is a [`crate::step::Step`] instead.
pub struct Host<'a> {
    /// The time of the decision. It does not pass while the core decides.
    pub now: UnixTime,
    /// Random bytes for identifiers and nonces: fit for cryptography.
    pub entropy: &'a mut dyn Entropy,
    /// The memory that all workers of this Envoy share, and other plugins too.
    pub shared: &'a mut dyn SharedData,
    /// What checks signatures: Envoy's own cryptography, or ours.
    pub signatures: &'a mut dyn SignatureVerifier,
}
