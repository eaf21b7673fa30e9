//! The hash functions that RSA signatures are made with.

use sha2::digest::DynDigest;
use sha2::{Sha256, Sha384, Sha512};

/// A hash function of RFC 7518 §3.3 and §3.5.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    /// The digest of `parts`, one after the other.
    pub(super) fn digest(self, parts: &[&[u8]]) -> Vec<u8> {
        match self {
            Self::Sha256 => digest(&mut Sha256::default(), parts),
            Self::Sha384 => digest(&mut Sha384::default(), parts),
            Self::Sha512 => digest(&mut Sha512::default(), parts),
        }
    }

    /// How many bytes a digest has.
    pub(super) fn length(self) -> usize {
        usize::from(self.octets())
    }

    /// The DER of a `DigestInfo` up to the digest (RFC 8017 §9.2, note 1).
    pub(super) fn digest_info(self) -> [u8; 19] {
        let length = self.octets();
        let id = match self {
            Self::Sha256 => 1,
            Self::Sha384 => 2,
            Self::Sha512 => 3,
        };
        [
            0x30,
            0x11 + length,
            0x30,
            0x0d,
            0x06,
            0x09,
            0x60,
            0x86,
            0x48,
            0x01,
            0x65,
            0x03,
            0x04,
            0x02,
            id,
            0x05,
            0x00,
            0x04,
            length,
        ]
    }

    fn octets(self) -> u8 {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }
}

fn digest(hash: &mut dyn DynDigest, parts: &[&[u8]]) -> Vec<u8> {
    for part in parts {
        hash.update(part);
    }
    hash.finalize_reset().into_vec()
}
