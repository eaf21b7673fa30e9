//! Keys on P-384 and P-521.
//!
//! In the module their arithmetic is Envoy's (`host_signature.rs`): it would be a tenth of the module, for algorithms that few
//! providers use. The feature `large-curves` brings it in; natively it is there, so that the rules around it are tested.

use core::fmt;

/// A curve (RFC 7518 §6.2.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LargeCurve {
    /// P-384.
    P384,
    /// P-521.
    P521,
}

impl LargeCurve {
    /// The octets of a coordinate, and of each half of a signature.
    pub(crate) const fn length(self) -> usize {
        match self {
            Self::P384 => 48,
            Self::P521 => 66,
        }
    }
}

/// A public key: a point by its coordinates. It is on its curve where that can be asked here; Envoy asks in any case.
#[derive(Clone)]
pub struct LargeCurveKey {
    pub(crate) curve: LargeCurve,
    pub(crate) x: Vec<u8>,
    pub(crate) y: Vec<u8>,
}

impl fmt::Debug for LargeCurveKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.curve.fmt(formatter)
    }
}

impl LargeCurveKey {
    /// RFC 7518 §6.2.1.2: each coordinate has the full length of the field.
    pub(super) fn new(curve: LargeCurve, x: Vec<u8>, y: Vec<u8>) -> Option<Self> {
        let fits = x.len() == curve.length() && y.len() == curve.length();
        let key = Self { curve, x, y };
        (fits && arithmetic::is_on_curve(&key)).then_some(key)
    }

    /// Whether `signature` is this key's, R and S side by side (RFC 7518 §3.4). Without the arithmetic: no.
    pub(super) fn verify(&self, signed: &[u8], signature: &[u8]) -> bool {
        arithmetic::verify(self, signed, signature).unwrap_or(false)
    }
}

#[cfg(feature = "large-curves")]
mod arithmetic {
    use p256::ecdsa::signature::Verifier as _;
    use p256::elliptic_curve::point::{AffineCoordinates, AffinePoint};
    use p256::elliptic_curve::{CurveArithmetic, FieldBytes};
    use p384::NistP384;
    use p521::NistP521;

    use super::{LargeCurve, LargeCurveKey};

    pub(super) fn is_on_curve(key: &LargeCurveKey) -> bool {
        match key.curve {
            LargeCurve::P384 => point::<NistP384>(key).is_some(),
            LargeCurve::P521 => point::<NistP521>(key).is_some(),
        }
    }

    pub(super) fn verify(key: &LargeCurveKey, signed: &[u8], signature: &[u8]) -> Option<bool> {
        Some(match key.curve {
            LargeCurve::P384 => {
                let signature = p384::ecdsa::Signature::from_slice(signature).ok()?;
                let key = p384::ecdsa::VerifyingKey::from_affine(point::<NistP384>(key)?).ok()?;
                key.verify(signed, &signature).is_ok()
            }
            LargeCurve::P521 => {
                let signature = p521::ecdsa::Signature::from_slice(signature).ok()?;
                let key = p521::ecdsa::VerifyingKey::from_affine(point::<NistP521>(key)?).ok()?;
                key.verify(signed, &signature).is_ok()
            }
        })
    }

    fn point<C>(key: &LargeCurveKey) -> Option<AffinePoint<C>>
    where
        C: CurveArithmetic,
        AffinePoint<C>: AffineCoordinates<FieldRepr = FieldBytes<C>>,
    {
        let x = FieldBytes::<C>::try_from(key.x.as_slice()).ok()?;
        let y = FieldBytes::<C>::try_from(key.y.as_slice()).ok()?;
        AffinePoint::<C>::from_coordinates(&x, &y).into_option()
    }
}

#[cfg(not(feature = "large-curves"))]
mod arithmetic {
    use super::LargeCurveKey;

    pub(super) const fn is_on_curve(_: &LargeCurveKey) -> bool {
        true
    }

    pub(super) const fn verify(_: &LargeCurveKey, _: &[u8], _: &[u8]) -> Option<bool> {
        None
    }
}
