use kfwasm_oidc::entropy::{Entropy, EntropyFailure};
use sha2::{Digest as _, Sha256};

/// Bytes that never repeat within a test, and are the same in each run of it.
#[derive(Default)]
pub(crate) struct CountedEntropy {
    drawn: u64,
    /// Whether the host gives nothing.
    pub(crate) fails: bool,
}

impl Entropy for CountedEntropy {
    fn fill(&mut self, buffer: &mut [u8]) -> Result<(), EntropyFailure> {
        if self.fails {
            return Err(EntropyFailure);
        }
        for chunk in buffer.chunks_mut(32) {
            self.drawn += 1;
            let block = Sha256::digest(self.drawn.to_le_bytes());
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
        Ok(())
    }
}
