//! Which curves there are, and how a card names them.

use elliptic_curve::hazmat::FieldArithmetic;
use primeorder::ProjectivePoint;
use zeroize::Zeroize;

use crate::{
    arithmetic::{CardCurve, decode_checked, encode, modulus, on_curve, reduced, scalar_bytes},
    explicit_parameters::ExplicitParameters,
    integrated_mapping,
    point::{Point, PointError},
    scalar::{Scalar, ScalarError},
};

/// An elliptic curve of prime order over a prime field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Curve {
    /// NIST P-192, secp192r1.
    P192,
    /// NIST P-224, secp224r1.
    P224,
    /// NIST P-256, secp256r1.
    P256,
    /// NIST P-384, secp384r1.
    P384,
    /// NIST P-521, secp521r1.
    P521,
    /// brainpoolP192r1 (RFC 5639).
    BrainpoolP192r1,
    /// brainpoolP224r1 (RFC 5639).
    BrainpoolP224r1,
    /// brainpoolP256r1 (RFC 5639).
    BrainpoolP256r1,
    /// brainpoolP320r1 (RFC 5639).
    BrainpoolP320r1,
    /// brainpoolP384r1 (RFC 5639).
    BrainpoolP384r1,
    /// brainpoolP512r1 (RFC 5639).
    BrainpoolP512r1,
}

impl Curve {
    /// Every curve.
    pub const ALL: [Self; 11] = [
        Self::P192,
        Self::P224,
        Self::P256,
        Self::P384,
        Self::P521,
        Self::BrainpoolP192r1,
        Self::BrainpoolP224r1,
        Self::BrainpoolP256r1,
        Self::BrainpoolP320r1,
        Self::BrainpoolP384r1,
        Self::BrainpoolP512r1,
    ];

    /// Number among the standardised domain parameters (TR-03110 part 3, A.2.1.1; ICAO 9303-11 section 9.5.1).
    #[must_use]
    pub const fn parameter_id(self) -> u8 {
        match self {
            Self::P192 => 8,
            Self::BrainpoolP192r1 => 9,
            Self::P224 => 10,
            Self::BrainpoolP224r1 => 11,
            Self::P256 => 12,
            Self::BrainpoolP256r1 => 13,
            Self::BrainpoolP320r1 => 14,
            Self::P384 => 15,
            Self::BrainpoolP384r1 => 16,
            Self::BrainpoolP512r1 => 17,
            Self::P521 => 18,
        }
    }

    /// The curve of a number of the standardised domain parameters.
    #[must_use]
    pub fn from_parameter_id(id: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|curve| curve.parameter_id() == id)
    }

    /// Content bytes of the object identifier's DER encoding (SEC 2, RFC 5639).
    #[must_use]
    pub const fn oid(self) -> &'static [u8] {
        match self {
            Self::P192 => &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x01],
            Self::P224 => &[0x2B, 0x81, 0x04, 0x00, 0x21],
            Self::P256 => &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07],
            Self::P384 => &[0x2B, 0x81, 0x04, 0x00, 0x22],
            Self::P521 => &[0x2B, 0x81, 0x04, 0x00, 0x23],
            Self::BrainpoolP192r1 => &[0x2B, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x03],
            Self::BrainpoolP224r1 => &[0x2B, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x05],
            Self::BrainpoolP256r1 => &[0x2B, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x07],
            Self::BrainpoolP320r1 => &[0x2B, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x09],
            Self::BrainpoolP384r1 => &[0x2B, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0B],
            Self::BrainpoolP512r1 => &[0x2B, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0D],
        }
    }

    /// The curve of an object identifier, given as the content bytes of its DER encoding.
    #[must_use]
    pub fn from_oid(oid: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|curve| curve.oid() == oid)
    }

    /// The curve that explicitly given domain parameters describe; `None` where they are no curve of ours in every value.
    #[must_use]
    pub fn from_explicit(parameters: &ExplicitParameters<'_>) -> Option<Self> {
        Self::ALL.into_iter().find(|curve| parameters.describe(*curve))
    }

    /// The usual name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::P192 => "P-192",
            Self::P224 => "P-224",
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
            Self::BrainpoolP192r1 => "brainpoolP192r1",
            Self::BrainpoolP224r1 => "brainpoolP224r1",
            Self::BrainpoolP256r1 => "brainpoolP256r1",
            Self::BrainpoolP320r1 => "brainpoolP320r1",
            Self::BrainpoolP384r1 => "brainpoolP384r1",
            Self::BrainpoolP512r1 => "brainpoolP512r1",
        }
    }

    /// Bytes of a coordinate.
    #[must_use]
    pub const fn field_length(self) -> usize {
        match self {
            Self::P192 | Self::BrainpoolP192r1 => 24,
            Self::P224 | Self::BrainpoolP224r1 => 28,
            Self::P256 | Self::BrainpoolP256r1 => 32,
            Self::BrainpoolP320r1 => 40,
            Self::P384 | Self::BrainpoolP384r1 => 48,
            Self::BrainpoolP512r1 => 64,
            Self::P521 => 66,
        }
    }

    /// Bytes of a scalar; on each of these curves as many as of a coordinate.
    #[must_use]
    pub const fn scalar_length(self) -> usize {
        self.field_length()
    }

    /// Bits of the field's modulus.
    #[must_use]
    pub const fn field_bits(self) -> usize {
        match self {
            Self::P521 => 521,
            _ => self.field_length() * 8,
        }
    }

    /// The field's modulus p, big endian.
    #[must_use]
    pub fn prime(self) -> Vec<u8> {
        on_curve!(self, C => modulus::<<C as FieldArithmetic>::FieldElement>())
    }

    /// The group's order n, big endian.
    #[must_use]
    pub fn order(self) -> Vec<u8> {
        on_curve!(self, C => modulus::<elliptic_curve::Scalar<C>>())
    }

    /// Coefficients a and b of the curve's equation, big endian.
    pub(crate) fn coefficients(self) -> [Vec<u8>; 2] {
        fn bytes<C: CardCurve>() -> [Vec<u8>; 2] {
            use elliptic_curve::ff::PrimeField;
            [C::EQUATION_A, C::EQUATION_B].map(|value| value.to_repr().to_vec())
        }
        on_curve!(self, C => bytes::<C>())
    }

    /// The standard's base point.
    #[must_use]
    pub fn generator(self) -> Point {
        Point::new(self, on_curve!(self, C => encode(&ProjectivePoint::<C>::GENERATOR)))
    }

    /// A point that somebody else gave: SEC 1 encoded, uncompressed or compressed.
    ///
    /// # Errors
    /// [`PointError`] if it is badly encoded, not on this curve, or the point at infinity.
    pub fn decode_point(self, encoded: &[u8]) -> Result<Point, PointError> {
        let length = self.field_length();
        match encoded {
            [0x04, coordinates @ ..] if coordinates.len() == 2 * length => {}
            [0x02 | 0x03, x @ ..] if x.len() == length => {}
            [0x00] => return Err(PointError::Infinity),
            _ => return Err(PointError::Encoding),
        }
        fn checked<C: CardCurve>(encoded: &[u8]) -> Option<Vec<u8>> {
            Some(encode::<C>(&decode_checked::<C>(encoded)?.into()))
        }
        on_curve!(self, C => checked::<C>(encoded))
            .map(|encoded| Point::new(self, encoded))
            .ok_or(PointError::NotOnCurve)
    }

    /// A private key or another number k with 0 < k < n, big endian, with any number of leading zeros.
    ///
    /// # Errors
    /// [`ScalarError`] if it is zero or not below the order.
    pub fn scalar(self, bytes: &[u8]) -> Result<Scalar, ScalarError> {
        Scalar::decode(self, bytes)
    }

    /// A number of any length, big endian, reduced modulo n; `None` if that is zero.
    #[must_use]
    pub fn reduced_scalar(self, bytes: &[u8]) -> Option<Scalar> {
        let reduced = on_curve!(self, C => scalar_bytes::<C>(&reduced::<elliptic_curve::Scalar<C>>(bytes)));
        self.scalar(&reduced).ok()
    }

    /// A number drawn evenly from 1..n: draws until one fits. `random` fills what it is given with random bytes.
    pub fn random_scalar(self, random: &mut dyn FnMut(&mut [u8])) -> Scalar {
        let mut bytes = zeroize::Zeroizing::new(vec![0; self.scalar_length()]);
        loop {
            random(&mut bytes);
            if self == Self::P521
                && let Some(first) = bytes.first_mut()
            {
                // the order has 521 bits
                *first &= 0x01;
            }
            if let Ok(scalar) = self.scalar(&bytes) {
                bytes.zeroize();
                return scalar;
            }
        }
    }

    /// The point encoding of the integrated mapping (ICAO 9303-11, appendix B.2) for a number that is reduced modulo p.
    ///
    /// `None` on P-224, for whose prime the standard defines none, and for the three numbers (0, 1 and -1) on which the
    /// standard's formula divides by zero.
    #[must_use]
    pub fn integrated_map(self, number: &[u8]) -> Option<Point> {
        on_curve!(self, C => integrated_mapping::map::<C>(number)).map(|encoded| Point::new(self, encoded))
    }
}
