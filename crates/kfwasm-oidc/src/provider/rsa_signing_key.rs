//! An RSA private key that signs.
//!
//! Made of the arithmetic that checking a signature needs anyway: the `rsa` crate's private key, with
//! its factors and their blinding, would add 38 KB to the module (docs/decisions/002-signatures.md).
//! Two attacks that those answer do not arise: without the factors there is no Chinese remainder whose
//! miscalculation gives them away, and the exponentiation takes the same time for every exponent.

use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use crypto_bigint::{BoxedUint, Odd};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::emsa;
use super::pkcs8::RsaNumbers;

/// A private key in the representation of RFC 8017 §3.2 (1): modulus and private exponent.
#[derive(Clone)]
pub(super) struct RsaSigningKey {
    modulus: BoxedMontyParams,
    public_exponent: BoxedUint,
    private_exponent: Zeroizing<BoxedUint>,
}

impl RsaSigningKey {
    /// A key of these numbers; `None` when they do not belong together.
    pub(super) fn new(numbers: &RsaNumbers<'_>) -> Option<Self> {
        let modulus = BoxedUint::from_be_slice_vartime(numbers.modulus);
        let bits = modulus.bits_precision();
        let key = Self {
            // As wide as the modulus, so that its own size does not show in the time it takes.
            private_exponent: BoxedUint::from_be_slice(numbers.private_exponent, bits)
                .ok()?
                .into(),
            public_exponent: BoxedUint::from_be_slice_vartime(numbers.public_exponent),
            modulus: BoxedMontyParams::new(Odd::new(modulus).into_option()?),
        };
        key.sign_pkcs1_v1_5(b"").map(|_| key)
    }

    /// How many bits the modulus has.
    pub(super) fn bits(&self) -> usize {
        self.modulus.modulus().bit_width_vartime() as usize
    }

    /// The RSASSA-PKCS1-v1_5 signature with SHA-256 (RFC 8017 §8.2.1).
    pub(super) fn sign_pkcs1_v1_5(&self, message: &[u8]) -> Option<Vec<u8>> {
        let digest = Sha256::digest(message).into();
        self.apply(&emsa::pkcs1_v1_5(&digest, self.bits().div_ceil(8))?)
    }

    /// The RSASSA-PSS signature with SHA-256 (RFC 8017 §8.1.1); `salt` is random.
    pub(super) fn sign_pss(&self, message: &[u8], salt: &emsa::Digest) -> Option<Vec<u8>> {
        let digest = Sha256::digest(message).into();
        self.apply(&emsa::pss(&digest, salt, self.bits().checked_sub(1)?)?)
    }

    /// RSASP1 (RFC 8017 §5.2.1), and RSAVP1 over its result: `None` when that does not lead back, since
    /// a miscalculated signature tells about the key.
    fn apply(&self, encoded: &[u8]) -> Option<Vec<u8>> {
        let message = BoxedUint::from_be_slice(encoded, self.modulus.bits_precision()).ok()?;
        let signature =
            BoxedMontyForm::new(message.clone(), &self.modulus).pow(&self.private_exponent);
        let bits = self.public_exponent.bit_width_vartime();
        let check = signature.pow_bounded_exp(&self.public_exponent, bits);
        if check.retrieve() != message {
            return None;
        }
        let bytes = signature.retrieve().to_be_bytes();
        // The integer is as wide as whole machine words; the signature is as wide as the modulus.
        let excess = bytes.len().checked_sub(self.bits().div_ceil(8))?;
        bytes.get(excess..).map(<[u8]>::to_vec)
    }
}

#[cfg(test)]
mod tests {
    use rsa::pkcs8::DecodePrivateKey as _;
    use sha2::Sha256;

    use super::super::pkcs8::PrivateKeyInfo;
    use super::RsaSigningKey;

    const MESSAGE: &[u8] = b"header.payload";

    /// The key of `pem` here and in the `rsa` crate, and how long its signatures are in bytes.
    fn keys() -> [(RsaSigningKey, rsa::PrivateKey, usize); 2] {
        [
            (include_str!("../../tests/id_token/keys/rsa-2048.pem"), 256),
            (include_str!("../../tests/id_token/keys/rsa-2049.pem"), 257),
        ]
        .map(|(pem, length)| {
            let info = PrivateKeyInfo::from_pem(pem.as_bytes()).ok().unwrap();
            let ours = RsaSigningKey::new(&info.rsa().unwrap()).unwrap();
            (ours, rsa::PrivateKey::from_pkcs8_pem(pem).unwrap(), length)
        })
    }

    #[test]
    fn a_pkcs1_signature_is_the_one_that_the_rsa_crate_makes() {
        for (ours, theirs, length) in keys() {
            let signature = ours.sign_pkcs1_v1_5(MESSAGE).unwrap();

            assert_eq!(signature.len(), length);
            assert_eq!(signature, theirs.pkcs1v15_sign::<Sha256>(MESSAGE).unwrap());
        }
    }

    /// With 2049 bits the encoded message is a byte shorter than the signature.
    #[test]
    fn a_pss_signature_is_accepted_by_the_rsa_crate() {
        for (ours, theirs, length) in keys() {
            let public = theirs.to_public_key();
            for salt in 0..16 {
                let signature = ours.sign_pss(MESSAGE, &[salt; 32]).unwrap();

                assert_eq!(signature.len(), length);
                assert_eq!(public.pss_verify::<Sha256>(MESSAGE, &signature), Ok(()));
            }
        }
    }
}
