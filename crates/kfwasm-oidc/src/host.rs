//! What the core may use of the world while it decides.

use crate::entropy::Entropy;
use crate::jose::SignatureVerifier;
use crate::shared_data::SharedData;
use crate::time::UnixTime;

/// Time, randomness, signatures and the memory that all workers share: everything that a decision depends on besides
/// the request. Whatever takes longer than a call is a [`crate::step::Step`] instead.
pub struct Host<'a> {
    /// What time it is.
    pub now: UnixTime,
    /// Where randomness comes from.
    pub entropy: &'a mut dyn Entropy,
    /// What all workers see.
    pub shared: &'a mut dyn SharedData,
    /// Who checks signatures.
    pub signatures: &'a mut dyn SignatureVerifier,
}
