//! What a session's cookie is looked up by.

use core::hash::{BuildHasher, Hash, Hasher};

/// The last characters of a cookie: its authentication tag, as random as a hash.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Tag([u8; 21]);

impl Tag {
    /// The tag of a session's cookie, whose value this is; `None` when it is too short to be one of ours.
    pub(super) fn of(cookie: &[u8]) -> Option<Self> {
        cookie.last_chunk().copied().map(Self)
    }
}

impl Hash for Tag {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        let [.., a, b, c, d, e, f, g, h] = self.0;
        hasher.write_u64(u64::from_le_bytes([a, b, c, d, e, f, g, h]));
    }
}

/// Hashes a tag by one multiplication.
///
/// A table is flooded by whoever chooses keys whose hashes collide, which a secret seed would prevent. Nobody chooses these:
/// what is kept has been sealed, so that its tag is random, and what is looked for in vain is not kept. Somebody who signs
/// in, or has a session renewed, very often can present those of their cookies alone whose hashes collide; the worker keeps
/// some two thousand sessions, so that all of them in one place would still be few to look through.
#[derive(Clone, Copy)]
pub(super) struct TagHash;

impl BuildHasher for TagHash {
    type Hasher = TagHasher;

    fn build_hasher(&self) -> TagHasher {
        TagHasher(0)
    }
}

pub(super) struct TagHasher(u64);

/// An odd number without a pattern: 2^64 divided by the golden ratio.
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

impl Hasher for TagHasher {
    fn write_u64(&mut self, word: u64) {
        // The high half of the product depends on all characters, and the table takes the low bits too.
        let product = (self.0 ^ word).wrapping_mul(SPREAD);
        self.0 = product ^ (product >> 32);
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
