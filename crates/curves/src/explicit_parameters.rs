//! Domain parameters that somebody wrote out instead of naming a curve.

use crate::curve::Curve;

/// `SpecifiedECDomain` (RFC 3279 section 2.3.5, TR-03111 section 5.1): all values as big-endian bytes, leading zeros
/// allowed. They are never computed with, only compared: a curve that somebody made up could be a weak one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExplicitParameters<'a> {
    /// Modulus p of the field.
    pub prime: &'a [u8],
    /// Coefficient a.
    pub a: &'a [u8],
    /// Coefficient b.
    pub b: &'a [u8],
    /// Base point, SEC 1 encoded.
    pub generator: &'a [u8],
    /// Order n of the base point.
    pub order: &'a [u8],
    /// Cofactor, where it is given.
    pub cofactor: Option<&'a [u8]>,
}

impl ExplicitParameters<'_> {
    /// Whether every value is the curve's.
    pub(crate) fn describe(&self, curve: Curve) -> bool {
        let [a, b] = curve.coefficients();
        is_same_number(self.prime, &curve.prime())
            && is_same_number(self.order, &curve.order())
            && is_same_number(self.a, &a)
            && is_same_number(self.b, &b)
            && self.cofactor.is_none_or(|cofactor| is_same_number(cofactor, &[1]))
            && curve.decode_point(self.generator).is_ok_and(|point| point == curve.generator())
    }
}

/// Whether two big-endian numbers are equal, whatever zeros lead them. Both are public.
pub(crate) fn is_same_number(left: &[u8], right: &[u8]) -> bool {
    let digits =
        |number: &[u8]| -> Vec<u8> { number.iter().copied().skip_while(|byte| *byte == 0).collect() };
    digits(left) == digits(right)
}
