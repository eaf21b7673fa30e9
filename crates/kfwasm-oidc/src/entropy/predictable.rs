//! Sources of anything but randomness, for tests.

use super::{Entropy, EntropyFailure};

/// Gives nothing but zeroes.
pub(crate) struct Zeroes;

impl Entropy for Zeroes {
    fn fill(&mut self, buffer: &mut [u8]) -> Result<(), EntropyFailure> {
        buffer.fill(0);
        Ok(())
    }
}

/// Has nothing to give.
pub(crate) struct NoEntropy;

impl Entropy for NoEntropy {
    fn fill(&mut self, _: &mut [u8]) -> Result<(), EntropyFailure> {
        Err(EntropyFailure)
    }
}
