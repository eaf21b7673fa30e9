//! Public keys as X.509 has them: `SubjectPublicKeyInfo` (RFC 5280 §4.1.2.7).

use p256::elliptic_curve::point::AffineCoordinates;

use super::der;
use crate::jose::large_curve::LargeCurve;
use crate::jose::public_key::PublicKey;

/// `rsaEncryption` and its parameters (RFC 3279 §2.3.1).
const RSA: &[u8] = b"\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x01\x01\x05\x00";
/// `id-ecPublicKey` with each curve (RFC 5480 §2.1.1).
const P256: &[u8] = b"\x06\x07\x2A\x86\x48\xCE\x3D\x02\x01\x06\x08\x2A\x86\x48\xCE\x3D\x03\x01\x07";
const P384: &[u8] = b"\x06\x07\x2A\x86\x48\xCE\x3D\x02\x01\x06\x05\x2B\x81\x04\x00\x22";
const P521: &[u8] = b"\x06\x07\x2A\x86\x48\xCE\x3D\x02\x01\x06\x05\x2B\x81\x04\x00\x23";

/// The key; `None` when it is of a kind that the host does not know.
pub(super) fn of(key: &PublicKey) -> Option<Vec<u8>> {
    let (algorithm, key) = match key {
        PublicKey::Rsa(key) => {
            let (modulus, exponent) = key.numbers();
            let numbers = [der::integer(&modulus), der::integer(exponent)];
            (RSA, der::sequence(&numbers))
        }
        PublicKey::P256(key) => {
            let point = key.as_affine();
            (P256, uncompressed(point.x().as_ref(), point.y().as_ref()))
        }
        PublicKey::LargeCurve(key) => {
            let curve = match key.curve {
                LargeCurve::P384 => P384,
                LargeCurve::P521 => P521,
            };
            (curve, uncompressed(&key.x, &key.y))
        }
        PublicKey::Ed25519(_) => return None,
    };
    let algorithm = der::sequence(&[algorithm.to_vec()]);
    Some(der::sequence(&[algorithm, der::bit_string(&key)]))
}

/// A point as SEC 1 §2.3.3 writes it, without compression.
fn uncompressed(x: &[u8], y: &[u8]) -> Vec<u8> {
    const UNCOMPRESSED: &[u8] = &[4];
    [UNCOMPRESSED, x, y].concat()
}
