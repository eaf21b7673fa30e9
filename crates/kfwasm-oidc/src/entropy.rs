//! The source of randomness, handed in by the caller.

#[cfg(test)]
pub(crate) mod predictable;

use core::error::Error;
use core::fmt;

/// A cryptographically secure source of random bytes.
///
/// The core draws nothing by itself, so that a test can replay a sign-in byte for byte.
pub trait Entropy {
    /// Fills all of `buffer` with random bytes.
    ///
    /// # Errors
    /// [`EntropyFailure`] when the host has no randomness to give; `buffer` must then not be used.
    fn fill(&mut self, buffer: &mut [u8]) -> Result<(), EntropyFailure>;
}

/// The host gave no random bytes: nothing that needs a secret can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntropyFailure;

impl fmt::Display for EntropyFailure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the host gave no random bytes")
    }
}

impl Error for EntropyFailure {}
