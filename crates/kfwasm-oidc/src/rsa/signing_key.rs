//! An RSA private key that signs.
//!
//! It has no factors: two attacks that those bring do not arise. Without the factors there is no Chinese remainder whose
//! miscalculation gives them away, and the exponentiation takes the same time for every exponent.

use core::iter::repeat_n;

use zeroize::Zeroizing;

use super::emsa;
use super::hash::Hash;
use super::modulus::Modulus;

/// A private key in the representation of RFC 8017 §3.2 (1): modulus and private exponent.
#[derive(Clone)]
pub(crate) struct RsaSigningKey {
    modulus: Modulus,
    public_exponent: Vec<u8>,
    private_exponent: Zeroizing<Vec<u8>>,
}

impl RsaSigningKey {
    /// A key of these big-endian numbers; `None` when they do not belong together.
    pub(crate) fn new(
        modulus: &[u8],
        public_exponent: &[u8],
        private_exponent: &[u8],
    ) -> Option<Self> {
        let modulus = Modulus::new(modulus)?;
        // As wide as the modulus, so that its own size does not show in the time it takes.
        let missing = modulus.length().checked_sub(private_exponent.len())?;
        let mut exponent = Zeroizing::new(Vec::with_capacity(modulus.length()));
        exponent.extend(repeat_n(0, missing));
        exponent.extend_from_slice(private_exponent);
        let key = Self {
            private_exponent: exponent,
            public_exponent: public_exponent.to_vec(),
            modulus,
        };
        key.sign_pkcs1_v1_5(b"").map(|_| key)
    }

    /// The RSASSA-PKCS1-v1_5 signature with SHA-256 (RFC 8017 §8.2.1).
    pub(crate) fn sign_pkcs1_v1_5(&self, message: &[u8]) -> Option<Vec<u8>> {
        self.apply(&emsa::pkcs1_v1_5(
            Hash::Sha256,
            message,
            self.modulus.length(),
        )?)
    }

    /// The RSASSA-PSS signature with SHA-256 (RFC 8017 §8.1.1); `salt` is random.
    pub(crate) fn sign_pss(&self, message: &[u8], salt: &[u8; 32]) -> Option<Vec<u8>> {
        let bits = self.modulus.bits().checked_sub(1)?;
        self.apply(&emsa::pss(Hash::Sha256, message, salt, bits)?)
    }

    /// RSASP1 (RFC 8017 §5.2.1), and RSAVP1 over its result: `None` when that does not lead back, since
    /// a miscalculated signature tells about the key.
    fn apply(&self, encoded: &[u8]) -> Option<Vec<u8>> {
        let signature = self.modulus.secret_power(encoded, &self.private_exponent)?;
        let check = self.modulus.power(&signature, &self.public_exponent)?;
        check.ends_with(encoded).then_some(signature)
    }
}

#[cfg(test)]
mod tests;
