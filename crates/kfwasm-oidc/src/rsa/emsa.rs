//! The encodings that an RSA signature is made of.

use super::hash::Hash;

/// How a digest becomes a number as large as the modulus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// EMSA-PKCS1-v1_5 (RFC 8017 §9.2).
    Pkcs1V15,
    /// EMSA-PSS (RFC 8017 §9.1) with a salt as long as the digest, as RFC 7518 §3.5 demands.
    Pss,
}

/// EMSA-PKCS1-v1_5 (RFC 8017 §9.2): `length` bytes, or `None` when that is too short.
pub(super) fn pkcs1_v1_5(hash: Hash, message: &[u8], length: usize) -> Option<Vec<u8>> {
    let info = hash.digest_info();
    let padding = length.checked_sub(3 + info.len() + hash.length())?;
    if padding < 8 {
        return None;
    }
    let padding = vec![0xff; padding];
    let digest = hash.digest(&[message]);
    Some([&[0x00, 0x01], padding.as_slice(), &[0x00], &info, &digest].concat())
}

/// EMSA-PSS-ENCODE (RFC 8017 §9.1.1): the bytes that hold `bits` bits, or `None` when those are too few.
pub(super) fn pss(hash: Hash, message: &[u8], salt: &[u8], bits: usize) -> Option<Vec<u8>> {
    let length = bits.div_ceil(8);
    let padding = vec![0; length.checked_sub(2 + hash.length() + salt.len())?];
    let check = hash.digest(&[&[0; 8], &hash.digest(&[message]), salt]);
    let mut block = [padding.as_slice(), &[0x01], salt].concat();
    mask(hash, &mut block, &check);
    if let Some(first) = block.first_mut() {
        *first &= 0xff >> (8 * length - bits);
    }
    block.extend_from_slice(&check);
    block.push(0xbc);
    Some(block)
}

/// The salt in `encoded`, if that is an encoding at all: whether it is one of a message is for [`pss`] to say again, which
/// has no choice once the salt is known.
pub(super) fn pss_salt(hash: Hash, encoded: &[u8]) -> Option<Vec<u8>> {
    let (_, rest) = encoded.split_last()?;
    let (block, check) = rest.split_at_checked(rest.len().checked_sub(hash.length())?)?;
    let mut block = block.to_vec();
    mask(hash, &mut block, check);
    let padding = block.len().checked_sub(hash.length())?;
    Some(block.split_off(padding))
}

/// Covers `block` with the output of MGF1 (RFC 8017 appendix B.2.1), or uncovers it.
fn mask(hash: Hash, block: &mut [u8], seed: &[u8]) {
    for (counter, chunk) in (0_u32..).zip(block.chunks_mut(hash.length())) {
        let stream = hash.digest(&[seed, &counter.to_be_bytes()]);
        for (byte, mask) in chunk.iter_mut().zip(stream) {
            *byte ^= mask;
        }
    }
}
