//! An RSA public key that checks signatures.

use super::emsa::{self, Encoding};
use super::hash::Hash;
use super::modulus::Modulus;

/// Bits of a modulus: RFC 7518 §3.3 and §3.5 demand 2048 or more, and the work of a check is bounded by the most.
const MODULUS_BITS: core::ops::RangeInclusive<usize> = 2048..=8192;

/// Largest exponent: what is used is 65537, and larger ones cost in every check.
const LARGEST_EXPONENT: u64 = (1 << 33) - 1;

/// A public key of RFC 8017 §3.1: a modulus of 2048 to 8192 bits, an odd exponent of 3 to 2³³ − 1.
#[derive(Clone, Debug)]
pub struct RsaPublicKey {
    modulus: Modulus,
    exponent: [u8; 8],
}

impl RsaPublicKey {
    /// The key of these big-endian numbers; `None` when they are not those of a sound key. Leading zero octets are dropped.
    pub(crate) fn new(modulus: &[u8], exponent: &[u8]) -> Option<Self> {
        let (modulus, exponent) = (significant(modulus), significant(exponent));
        if modulus.len() > MODULUS_BITS.end() / 8 || exponent.len() > 8 {
            return None;
        }
        let exponent = exponent
            .iter()
            .fold(0, |number, octet| number << 8 | u64::from(*octet));
        let modulus = Modulus::new(modulus)?;
        let is_sound = exponent % 2 == 1
            && (3..=LARGEST_EXPONENT).contains(&exponent)
            && MODULUS_BITS.contains(&modulus.bits());
        is_sound.then_some(Self {
            modulus,
            exponent: exponent.to_be_bytes(),
        })
    }

    /// The octets of a signature.
    pub(crate) fn length(&self) -> usize {
        self.modulus.length()
    }

    /// The modulus and the exponent, big-endian.
    pub(crate) fn numbers(&self) -> (Vec<u8>, &[u8]) {
        (self.modulus.to_bytes(), &self.exponent)
    }

    /// Whether `signature` is this key's over `message` (RFC 8017 §8.1.2 and §8.2.2).
    ///
    /// What the signature says is compared as a whole with what it should say; nothing of it is parsed.
    pub(crate) fn verify(
        &self,
        encoding: Encoding,
        hash: Hash,
        message: &[u8],
        signature: &[u8],
    ) -> bool {
        if signature.len() != self.modulus.length() {
            return false;
        }
        let encoded = self.modulus.power(signature, &self.exponent);
        encoded.is_some_and(|encoded| self.says(encoding, hash, message, &encoded) == Some(true))
    }

    fn says(&self, encoding: Encoding, hash: Hash, message: &[u8], encoded: &[u8]) -> Option<bool> {
        match encoding {
            Encoding::Pkcs1V15 => {
                Some(emsa::pkcs1_v1_5(hash, message, self.modulus.length())? == encoded)
            }
            Encoding::Pss => {
                let bits = self.modulus.bits() - 1;
                // With a modulus of 8·m + 1 bits, the encoding is a byte shorter than the number.
                let (zeros, encoded) =
                    encoded.split_at_checked(encoded.len() - bits.div_ceil(8))?;
                let salt = emsa::pss_salt(hash, encoded)?;
                let expected = emsa::pss(hash, message, &salt, bits)?;
                Some(zeros.iter().all(|octet| *octet == 0) && expected == encoded)
            }
        }
    }
}

fn significant(octets: &[u8]) -> &[u8] {
    let zeros = octets.iter().take_while(|octet| **octet == 0).count();
    octets.get(zeros..).unwrap_or_default()
}

#[cfg(test)]
mod tests;
