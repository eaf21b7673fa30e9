//! Public keys that can verify a signature.

use kfwasm_config::SigningAlgorithm;
use p256::NistP256;
use p256::elliptic_curve::point::{AffineCoordinates, AffinePoint};
use p256::elliptic_curve::{CurveArithmetic, FieldBytes};
use serde_json::{Map, Value};

use super::base64url;
use super::large_curve::{LargeCurve, LargeCurveKey};
use crate::rsa::RsaPublicKey;

/// A public key whose numbers have been checked: an RSA modulus of 2048 to 8192 bits, a point that
/// is on its curve.
#[derive(Clone, Debug)]
pub enum PublicKey {
    /// RSA (RFC 7518 §6.3), for RS256 to RS512 and PS256 to PS512.
    Rsa(Box<RsaPublicKey>),
    /// P-256 (RFC 7518 §6.2), for ES256.
    P256(Box<p256::ecdsa::VerifyingKey>),
    /// P-384, for ES384, or P-521, for ES512.
    LargeCurve(Box<LargeCurveKey>),
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
            Self::LargeCurve(key) => match key.curve {
                LargeCurve::P384 => algorithm == ES384,
                LargeCurve::P521 => algorithm == ES512,
            },
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
            ("EC", Some("P-384")) => large_curve_key(LargeCurve::P384, members),
            ("EC", Some("P-521")) => large_curve_key(LargeCurve::P521, members),
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

/// An RSA key. RFC 7518 §2 forbids leading zero octets, which some providers write.
fn rsa_key(members: &Map<String, Value>) -> Option<RsaPublicKey> {
    RsaPublicKey::new(&bytes(members, "n")?, &bytes(members, "e")?)
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

fn large_curve_key(curve: LargeCurve, members: &Map<String, Value>) -> Option<PublicKey> {
    let key = LargeCurveKey::new(curve, bytes(members, "x")?, bytes(members, "y")?)?;
    Some(PublicKey::LargeCurve(Box::new(key)))
}

fn ed25519_key(members: &Map<String, Value>) -> Option<ed25519_compact::PublicKey> {
    let key = ed25519_compact::PublicKey::from_slice(&bytes(members, "x")?).ok()?;
    key.validate().ok()?;
    Some(key)
}
