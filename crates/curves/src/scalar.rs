//! Scalars: private keys and other numbers below a curve's order.

use std::fmt;

use elliptic_curve::ff::Field;
use subtle::{Choice, ConstantTimeEq};
use zeroize::Zeroizing;

use crate::{
    arithmetic::{CardCurve, on_curve, scalar, scalar_bytes},
    curve::Curve,
};

/// A number k with 0 < k < n. Taken to be secret: wiped when dropped, and `Debug` shows the curve only.
#[derive(Clone)]
pub struct Scalar {
    curve: Curve,
    bytes: Zeroizing<Vec<u8>>,
}

impl Scalar {
    pub(crate) fn decode(curve: Curve, bytes: &[u8]) -> Result<Self, ScalarError> {
        let mut value = Zeroizing::new(vec![0; curve.scalar_length()]);
        let excess = bytes.len().saturating_sub(value.len());
        let (zeros, digits) = bytes.split_at_checked(excess).ok_or(ScalarError)?;
        let start = value.len() - digits.len();
        value.get_mut(start..).ok_or(ScalarError)?.copy_from_slice(digits);

        let too_long = zeros.iter().fold(0, |bits, byte| bits | byte);
        let is_zero: Choice = value.iter().fold(0, |bits, byte| bits | byte).ct_eq(&0);
        let in_range = on_curve!(curve, C => scalar::<C>(&value).is_some());
        if too_long != 0 || bool::from(is_zero) || !in_range {
            return Err(ScalarError);
        }
        Ok(Self { curve, bytes: value })
    }

    /// The curve whose order it is below.
    #[must_use]
    pub const fn curve(&self) -> Curve {
        self.curve
    }

    /// Big endian, in the length of the curve's order.
    #[must_use]
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        self.bytes.clone()
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The product modulo the order.
    ///
    /// # Panics
    /// Where the factors belong to two curves: no input can bring that about, only a mistake in the calling code.
    #[must_use]
    pub fn mul(&self, other: &Self) -> Self {
        fn product<C: CardCurve>(left: &[u8], right: &[u8]) -> Zeroizing<Vec<u8>> {
            let zero = elliptic_curve::Scalar::<C>::ZERO;
            let [left, right] = [left, right].map(|bytes| scalar::<C>(bytes).unwrap_or(zero));
            scalar_bytes::<C>(&(left * right))
        }
        assert!(self.curve == other.curve, "factors of two curves");
        Self { curve: self.curve, bytes: on_curve!(self.curve, C => product::<C>(&self.bytes, &other.bytes)) }
    }

    /// The inverse modulo the order, in constant time.
    #[must_use]
    pub fn invert(&self) -> Self {
        fn inverse<C: CardCurve>(value: &[u8]) -> Zeroizing<Vec<u8>> {
            let zero = elliptic_curve::Scalar::<C>::ZERO;
            let value = scalar::<C>(value).unwrap_or(zero);
            scalar_bytes::<C>(&Field::invert(&value).unwrap_or(zero))
        }
        Self { curve: self.curve, bytes: on_curve!(self.curve, C => inverse::<C>(&self.bytes)) }
    }
}

impl PartialEq for Scalar {
    fn eq(&self, other: &Self) -> bool {
        self.curve == other.curve && self.bytes.ct_eq(&other.bytes).into()
    }
}

impl Eq for Scalar {}

impl fmt::Debug for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scalar").field("curve", &self.curve).finish_non_exhaustive()
    }
}

/// The number is zero or not below the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the number is zero or not below the order of the curve")]
pub struct ScalarError;
