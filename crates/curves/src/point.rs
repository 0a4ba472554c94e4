//! Points.

use std::fmt;

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::{
    arithmetic::{CardCurve, decode, encode, on_curve, scalar},
    curve::Curve,
    scalar::Scalar,
};

/// A point of a curve. It was checked when it came in, or was computed from such points; the result of a computation may be
/// the point at infinity, which a protocol step refuses by [`is_infinity`](Self::is_infinity).
///
/// A point may be secret (a mapped generator, a shared secret): its bytes are wiped, and `Debug` shows the curve only.
#[derive(Clone)]
pub struct Point {
    curve: Curve,
    /// `04 || x || y`; empty for the point at infinity.
    encoded: Zeroizing<Vec<u8>>,
}

impl Point {
    pub(crate) fn new(curve: Curve, encoded: Vec<u8>) -> Self {
        Self { curve, encoded: Zeroizing::new(encoded) }
    }

    /// The curve it is on.
    #[must_use]
    pub const fn curve(&self) -> Curve {
        self.curve
    }

    /// Whether it is the point at infinity.
    #[must_use]
    pub fn is_infinity(&self) -> bool {
        self.encoded.is_empty()
    }

    /// The scalar multiple, in a time that depends on the curve only. A scalar of another curve gives the point at infinity.
    #[must_use]
    pub fn mul(&self, factor: &Scalar) -> Self {
        fn product<C: CardCurve>(point: &[u8], factor: &[u8]) -> Vec<u8> {
            scalar::<C>(factor).map_or(Vec::new(), |factor| encode::<C>(&(decode::<C>(point) * factor)))
        }
        if factor.curve() != self.curve {
            return Self::new(self.curve, Vec::new());
        }
        Self::new(self.curve, on_curve!(self.curve, C => product::<C>(&self.encoded, factor.as_bytes())))
    }

    /// The sum. A point of another curve gives the point at infinity.
    #[must_use]
    pub fn add(&self, other: &Self) -> Self {
        fn sum<C: CardCurve>(left: &[u8], right: &[u8]) -> Vec<u8> {
            encode::<C>(&(decode::<C>(left) + decode::<C>(right)))
        }
        if other.curve != self.curve {
            return Self::new(self.curve, Vec::new());
        }
        Self::new(self.curve, on_curve!(self.curve, C => sum::<C>(&self.encoded, &other.encoded)))
    }

    /// `04 || x || y`, each coordinate in the field's length; the one byte 00 for the point at infinity.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        if self.is_infinity() { vec![0x00] } else { self.encoded.to_vec() }
    }

    /// The x coordinate in the field's length, the shared secret of ECDH; empty for the point at infinity.
    #[must_use]
    pub fn x(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.encoded.get(1..=self.curve.field_length()).unwrap_or_default().to_vec())
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.encoded
    }
}

impl PartialEq for Point {
    fn eq(&self, other: &Self) -> bool {
        self.curve == other.curve && self.encoded.ct_eq(&other.encoded).into()
    }
}

impl Eq for Point {}

impl fmt::Debug for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Point").field("curve", &self.curve).finish_non_exhaustive()
    }
}

/// Why bytes are no point that may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PointError {
    /// Wrong length or first byte for this curve.
    #[error("no point encoding of this curve")]
    Encoding,
    /// The coordinates do not satisfy the curve's equation.
    #[error("the point is not on the curve")]
    NotOnCurve,
    /// The point at infinity.
    #[error("the point at infinity")]
    Infinity,
}
