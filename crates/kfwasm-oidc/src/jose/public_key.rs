//! Public keys that can verify a signature.

use kfwasm_config::SigningAlgorithm;
use p256::NistP256;
use p256::elliptic_curve::point::{AffineCoordinates, AffinePoint};
use p256::elliptic_curve::{CurveArithmetic, FieldBytes};
use p384::NistP384;
use p521::NistP521;
use rsa::BoxedUint;
use serde_json::{Map, Value};

use super::base64url;

/// Smallest RSA modulus in bits: RFC 7518 §3.3 and §3.5 demand 2048 or more.
const SMALLEST_MODULUS: usize = 2048;

/// Largest RSA modulus in bits: the work of a verification is bounded by it.
const LARGEST_MODULUS: usize = 8192;

/// Largest RSA exponent in bytes. The `rsa` crate refuses those above 2^33, even ones, and 1.
const LARGEST_EXPONENT: usize = 5;

/// A public key whose numbers have been checked: an RSA modulus of 2048 to 8192 bits, a point that
/// is on its curve.
#[derive(Clone, Debug)]
pub enum PublicKey {
    /// RSA (RFC 7518 §6.3), for RS256 to RS512 and PS256 to PS512.
    Rsa(Box<rsa::PublicKey>),
    /// P-256 (RFC 7518 §6.2), for ES256.
    P256(Box<p256::ecdsa::VerifyingKey>),
    /// P-384, for ES384.
    P384(Box<p384::ecdsa::VerifyingKey>),
    /// P-521, for ES512.
    P521(Box<p521::ecdsa::VerifyingKey>),
    /// Ed25519 (RFC 8037 §2), for EdDSA.
    Ed25519(ed25519_compact::PublicKey),
}

impl PublicKey {
    /// Whether `algorithm` signs with keys of this type and curve (RFC 7518 §3.1).
    #[must_use]
    pub fn fits(&self, algorithm: SigningAlgorithm) -> bool {
        use SigningAlgorithm::{
            ES256, ES384, ES512, EdDSA, PS256, PS384, PS512, RS256, RS384, RS512,
        };
        match self {
            Self::Rsa(_) => matches!(algorithm, RS256 | RS384 | RS512 | PS256 | PS384 | PS512),
            Self::P256(_) => algorithm == ES256,
            Self::P384(_) => algorithm == ES384,
            Self::P521(_) => algorithm == ES512,
            Self::Ed25519(_) => algorithm == EdDSA,
        }
    }

    /// The key in the members of a JWK; `None` when its type or curve is not one of ours, or its
    /// numbers are not those of a sound key.
    pub(super) fn from_jwk(members: &Map<String, Value>) -> Option<Self> {
        match (text(members, "kty")?, text(members, "crv")) {
            ("RSA", _) => rsa_key(members).map(Box::new).map(Self::Rsa),
            ("EC", Some("P-256")) => {
                let key =
                    p256::ecdsa::VerifyingKey::from_affine(point::<NistP256>(members)?).ok()?;
                Some(Self::P256(Box::new(key)))
            }
            ("EC", Some("P-384")) => {
                let key =
                    p384::ecdsa::VerifyingKey::from_affine(point::<NistP384>(members)?).ok()?;
                Some(Self::P384(Box::new(key)))
            }
            ("EC", Some("P-521")) => {
                let key =
                    p521::ecdsa::VerifyingKey::from_affine(point::<NistP521>(members)?).ok()?;
                Some(Self::P521(Box::new(key)))
            }
            ("OKP", Some("Ed25519")) => ed25519_key(members).map(Self::Ed25519),
            _ => None,
        }
    }
}

fn text<'a>(members: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    members.get(name)?.as_str()
}

fn bytes(members: &Map<String, Value>, name: &str) -> Option<Vec<u8>> {
    base64url::decode(text(members, name)?.as_bytes())
}

fn rsa_key(members: &Map<String, Value>) -> Option<rsa::PublicKey> {
    let modulus = number(&bytes(members, "n")?, LARGEST_MODULUS / 8)?;
    let exponent = number(&bytes(members, "e")?, LARGEST_EXPONENT)?;
    let sizes = SMALLEST_MODULUS..=LARGEST_MODULUS;
    rsa::PublicKey::new_with_size_limits(modulus, exponent, sizes).ok()
}

/// A Base64urlUInt (RFC 7518 §2). Leading zero octets, which it forbids and some providers write,
/// are dropped before the size is looked at.
fn number(octets: &[u8], longest: usize) -> Option<BoxedUint> {
    let zeros = octets.iter().take_while(|octet| **octet == 0).count();
    let significant = octets.get(zeros..).filter(|octets| !octets.is_empty())?;
    if significant.len() > longest {
        return None;
    }
    let bits = u32::try_from(significant.len()).ok()?.checked_mul(8)?;
    BoxedUint::from_be_slice(significant, bits).ok()
}

/// A point on the curve `C`. RFC 7518 §6.2.1.2: each coordinate has the full length of the field.
///
/// Made from its coordinates and not from SEC 1 bytes, whose reader would bring the decompression of
/// points on each curve into the module.
fn point<C>(members: &Map<String, Value>) -> Option<AffinePoint<C>>
where
    C: CurveArithmetic,
    AffinePoint<C>: AffineCoordinates<FieldRepr = FieldBytes<C>>,
{
    let x = FieldBytes::<C>::try_from(bytes(members, "x")?.as_slice()).ok()?;
    let y = FieldBytes::<C>::try_from(bytes(members, "y")?.as_slice()).ok()?;
    AffinePoint::<C>::from_coordinates(&x, &y).into_option()
}

fn ed25519_key(members: &Map<String, Value>) -> Option<ed25519_compact::PublicKey> {
    let key = ed25519_compact::PublicKey::from_slice(&bytes(members, "x")?).ok()?;
    key.validate().ok()?;
    Some(key)
}
