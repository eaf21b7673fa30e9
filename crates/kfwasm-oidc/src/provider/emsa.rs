//! The encodings that an RSA signature is made of, for SHA-256.

use sha2::{Digest as _, Sha256};

/// A SHA-256 digest.
pub(super) type Digest = [u8; 32];

/// The DER of a SHA-256 `DigestInfo` up to the digest (RFC 8017 §9.2, note 1).
const DIGEST_INFO: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
    0x00, 0x04, 0x20,
];

/// EMSA-PKCS1-v1_5 (RFC 8017 §9.2): `length` bytes, or `None` when that is too short.
pub(super) fn pkcs1_v1_5(digest: &Digest, length: usize) -> Option<Vec<u8>> {
    let padding = length.checked_sub(3 + DIGEST_INFO.len() + digest.len())?;
    if padding < 8 {
        return None;
    }
    let padding = vec![0xff; padding];
    Some(
        [
            &[0x00, 0x01],
            padding.as_slice(),
            &[0x00],
            &DIGEST_INFO,
            digest,
        ]
        .concat(),
    )
}

/// EMSA-PSS (RFC 8017 §9.1.1) with a salt as long as the digest, as RFC 7518 §3.5 demands: the bytes
/// that hold `bits` bits, or `None` when those are too few.
pub(super) fn pss(digest: &Digest, salt: &Digest, bits: usize) -> Option<Vec<u8>> {
    let length = bits.div_ceil(8);
    let padding = vec![0; length.checked_sub(2 + digest.len() + salt.len())?];
    let hash = Sha256::new()
        .chain_update([0; 8])
        .chain_update(digest)
        .chain_update(salt)
        .finalize();
    let mut block = [padding.as_slice(), &[0x01], salt].concat();
    mask(&mut block, &hash);
    if let Some(first) = block.first_mut() {
        *first &= 0xff >> (8 * length - bits);
    }
    Some([block.as_slice(), &hash, &[0xbc]].concat())
}

/// Covers `block` with the output of MGF1 (RFC 8017 appendix B.2.1).
fn mask(block: &mut [u8], seed: &[u8]) {
    for (counter, chunk) in (0_u32..).zip(block.chunks_mut(32)) {
        let stream = Sha256::new()
            .chain_update(seed)
            .chain_update(counter.to_be_bytes())
            .finalize();
        for (byte, mask) in chunk.iter_mut().zip(stream) {
            *byte ^= mask;
        }
    }
}
