//! Values that nobody can guess.

use crate::entropy::{Entropy, EntropyFailure};

/// `LENGTH` random bytes.
pub(crate) fn bytes<const LENGTH: usize>(
    entropy: &mut dyn Entropy,
) -> Result<[u8; LENGTH], EntropyFailure> {
    let mut bytes = [0; LENGTH];
    entropy.fill(&mut bytes)?;
    Ok(bytes)
}
