//! From the run-time curve to the types of the arithmetic, in one place.

use elliptic_curve::{
    FieldBytes, Scalar,
    ff::PrimeField,
    group::Group,
    hazmat::FieldArithmetic,
    point::AffineCoordinates,
    sec1::{FromSec1Point, Sec1Point, ToSec1Point},
};
use primeorder::{AffinePoint, PrimeCurveParams, ProjectivePoint};
use subtle::CtOption;
use zeroize::Zeroizing;

/// A curve of this crate: prime order, and usable for ECDSA.
pub(crate) trait CardCurve: PrimeCurveParams + ecdsa::EcdsaCurve {}

impl<C: PrimeCurveParams + ecdsa::EcdsaCurve> CardCurve for C {}

/// Names the type of the curve inside an expression.
macro_rules! on_curve {
    ($curve:expr, $type:ident => $body:expr) => {
        match $curve {
            $crate::Curve::P192 => {
                type $type = p192::NistP192;
                $body
            }
            $crate::Curve::P224 => {
                type $type = p224::NistP224;
                $body
            }
            $crate::Curve::P256 => {
                type $type = p256::NistP256;
                $body
            }
            $crate::Curve::P384 => {
                type $type = p384::NistP384;
                $body
            }
            $crate::Curve::P521 => {
                type $type = p521::NistP521;
                $body
            }
            $crate::Curve::BrainpoolP192r1 => {
                type $type = $crate::brainpool::p192r1::BrainpoolP192r1;
                $body
            }
            $crate::Curve::BrainpoolP224r1 => {
                type $type = $crate::brainpool::p224r1::BrainpoolP224r1;
                $body
            }
            $crate::Curve::BrainpoolP256r1 => {
                type $type = bp256::BrainpoolP256r1;
                $body
            }
            $crate::Curve::BrainpoolP320r1 => {
                type $type = $crate::brainpool::p320r1::BrainpoolP320r1;
                $body
            }
            $crate::Curve::BrainpoolP384r1 => {
                type $type = bp384::BrainpoolP384r1;
                $body
            }
            $crate::Curve::BrainpoolP512r1 => {
                type $type = $crate::brainpool::p512r1::BrainpoolP512r1;
                $body
            }
        }
    };
}
pub(crate) use on_curve;

/// The field of a curve's coordinates.
pub(crate) type Element<C> = <C as FieldArithmetic>::FieldElement;

/// `04 || x || y` of a point, nothing for the point at infinity.
pub(crate) fn encode<C: CardCurve>(point: &ProjectivePoint<C>) -> Vec<u8> {
    if bool::from(point.is_identity()) {
        return Vec::new();
    }
    point.to_affine().to_sec1_point(false).as_bytes().to_vec()
}

/// The opposite of [`encode`], for points that were checked when they came in.
pub(crate) fn decode<C: CardCurve>(encoded: &[u8]) -> ProjectivePoint<C> {
    decode_checked::<C>(encoded).map_or(ProjectivePoint::<C>::IDENTITY, Into::into)
}

/// A point of the curve other than the one at infinity (SEC 1 section 2.3.4).
pub(crate) fn decode_checked<C: CardCurve>(encoded: &[u8]) -> Option<AffinePoint<C>> {
    let point = Sec1Point::<C>::from_bytes(encoded).ok()?;
    let affine = AffinePoint::<C>::from_sec1_point(&point).into_option()?;
    (!bool::from(affine.is_identity())).then_some(affine)
}

/// A point of the curve from its coordinates.
pub(crate) fn from_coordinates<C: CardCurve>(x: &Element<C>, y: &Element<C>) -> CtOption<AffinePoint<C>> {
    AffinePoint::<C>::from_coordinates(&x.to_repr(), &y.to_repr())
}

/// The scalar of these bytes, big endian and of the field's length; nothing if it is not below the order.
pub(crate) fn scalar<C: CardCurve>(bytes: &[u8]) -> Option<Scalar<C>> {
    let mut repr = FieldBytes::<C>::default();
    if repr.len() != bytes.len() {
        return None;
    }
    repr.copy_from_slice(bytes);
    let scalar = Scalar::<C>::from_repr(repr).into_option();
    zeroize::Zeroize::zeroize(&mut *repr);
    scalar
}

/// Big-endian bytes of a scalar.
pub(crate) fn scalar_bytes<C: CardCurve>(scalar: &Scalar<C>) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(scalar.to_repr().to_vec())
}

/// The modulus of a field, big endian: its largest element is even, so one more carries nowhere.
pub(crate) fn modulus<F: PrimeField>() -> Vec<u8> {
    let mut bytes = (-F::ONE).to_repr().as_ref().to_vec();
    if let Some(last) = bytes.last_mut() {
        *last |= 1;
    }
    bytes
}

/// An element of a field from any number of big-endian bytes, reduced.
pub(crate) fn reduced<F: PrimeField>(bytes: &[u8]) -> F {
    let radix = F::from(0x100);
    bytes.iter().fold(F::ZERO, |sum, byte| sum * radix + F::from(u64::from(*byte)))
}
