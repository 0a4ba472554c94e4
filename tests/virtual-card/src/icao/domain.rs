//! Domain parameters of key agreements: a curve or a group of numbers (BSI TR-03110-3, A.2.1.1).

use bitaqa_curves::{
    Curve, Point, Scalar,
    modp::{Element, Exponent, Group},
};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::oid;
use crate::{ber_tlv::object, der, random::Random};

/// Standardised domain parameters. In an order they are called by name: `P-256`, `brainpoolP256r1`, `modp-1024-160`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Domain {
    /// An elliptic curve.
    Curve(Curve),
    /// A group of numbers modulo a prime.
    Group(Group),
}

impl TryFrom<String> for Domain {
    type Error = DomainError;

    fn try_from(name: String) -> Result<Self, DomainError> {
        let curve = Curve::ALL.into_iter().find(|curve| curve.name() == name).map(Self::Curve);
        let group = Group::ALL.into_iter().find(|group| group.name() == name).map(Self::Group);
        curve.or(group).ok_or(DomainError)
    }
}

/// No domain parameters have that name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no domain parameters have that name")]
pub struct DomainError;

/// A private key.
#[derive(Clone)]
pub(crate) enum PrivateNumber {
    Scalar(Scalar),
    Exponent(Exponent),
}

/// A public key, or whatever else lies in the group.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum PublicElement {
    Point(Point),
    Element(Element),
}

impl Domain {
    /// The number of standardised domain parameters.
    #[must_use]
    pub fn parameter_id(self) -> u8 {
        match self {
            Self::Curve(curve) => curve.parameter_id(),
            Self::Group(group) => group.parameter_id(),
        }
    }

    pub(crate) fn is_curve(self) -> bool {
        matches!(self, Self::Curve(_))
    }

    pub(crate) fn generator(self) -> PublicElement {
        match self {
            Self::Curve(curve) => PublicElement::Point(curve.generator()),
            Self::Group(group) => PublicElement::Element(group.generator()),
        }
    }

    pub(crate) fn draw(self, random: &mut Random) -> PrivateNumber {
        let mut fill = |buffer: &mut [u8]| random.fill(buffer);
        match self {
            Self::Curve(curve) => PrivateNumber::Scalar(curve.random_scalar(&mut fill)),
            Self::Group(group) => PrivateNumber::Exponent(group.random_exponent(&mut fill)),
        }
    }

    /// A private key from its bytes; `None` when it is out of range.
    #[cfg(test)]
    pub(crate) fn private(self, bytes: &[u8]) -> Option<PrivateNumber> {
        match self {
            Self::Curve(curve) => curve.scalar(bytes).ok().map(PrivateNumber::Scalar),
            Self::Group(group) => group.exponent(bytes).ok().map(PrivateNumber::Exponent),
        }
    }

    /// What the other side sent, checked: on the curve and no infinity, or in the subgroup.
    pub(crate) fn decode(self, bytes: &[u8]) -> Option<PublicElement> {
        match self {
            // protocols use the uncompressed form only
            Self::Curve(curve) if bytes.first() == Some(&0x04) => {
                curve.decode_point(bytes).ok().map(PublicElement::Point)
            }
            Self::Curve(_) => None,
            Self::Group(group) => group.decode(bytes).ok().map(PublicElement::Element),
        }
    }

    /// The integrated mapping's element for a pseudo-random number (Doc 9303-11, section 4.4.3.3.2).
    pub(crate) fn integrated_map(self, number: &[u8]) -> Option<PublicElement> {
        match self {
            Self::Curve(curve) => curve.integrated_map(number).map(PublicElement::Point),
            Self::Group(group) => group.integrated_map(number).map(PublicElement::Element),
        }
    }

    /// SubjectPublicKeyInfo.algorithm by standardised parameters: id-standardizedDomainParameters and the number.
    pub(crate) fn algorithm(self) -> Vec<u8> {
        der::sequence(&[object(0x06, oid::STANDARDISED_DOMAIN), der::integer(u32::from(self.parameter_id()))])
    }

    /// SubjectPublicKeyInfo.algorithm with the curve written out (RFC 3279, section 2.3.5): of [`WRITTEN_OUT`] only.
    pub(crate) fn explicit_algorithm(self) -> Option<Vec<u8>> {
        (self == Self::Curve(WRITTEN_OUT)).then(|| {
            let field = der::sequence(&[
                der::oid(&[1, 2, 840, 10_045, 1, 1]),
                der::unsigned_integer(&WRITTEN_OUT.prime()),
            ]);
            let [a, b] = COEFFICIENTS;
            let parameters = der::sequence(&[
                der::integer(1),
                field,
                der::sequence(&[der::octet_string(&a), der::octet_string(&b)]),
                der::octet_string(&WRITTEN_OUT.generator().encode()),
                der::unsigned_integer(&WRITTEN_OUT.order()),
                der::integer(1),
            ]);
            der::sequence(&[der::oid(&[1, 2, 840, 10_045, 2, 1]), parameters])
        })
    }
}

/// The curve that can be written out.
pub(crate) const WRITTEN_OUT: Curve = Curve::BrainpoolP256r1;

/// Its coefficients (RFC 5639, section 3.4).
pub(crate) const COEFFICIENTS: [[u8; 32]; 2] = [
    [
        0x7D, 0x5A, 0x09, 0x75, 0xFC, 0x2C, 0x30, 0x57, 0xEE, 0xF6, 0x75, 0x30, 0x41, 0x7A, 0xFF, 0xE7, 0xFB,
        0x80, 0x55, 0xC1, 0x26, 0xDC, 0x5C, 0x6C, 0xE9, 0x4A, 0x4B, 0x44, 0xF3, 0x30, 0xB5, 0xD9,
    ],
    [
        0x26, 0xDC, 0x5C, 0x6C, 0xE9, 0x4A, 0x4B, 0x44, 0xF3, 0x30, 0xB5, 0xD9, 0xBB, 0xD7, 0x7C, 0xBF, 0x95,
        0x84, 0x16, 0x29, 0x5C, 0xF7, 0xE1, 0xCE, 0x6B, 0xCC, 0xDC, 0x18, 0xFF, 0x8C, 0x07, 0xB6,
    ],
];

impl PublicElement {
    /// The element, this many times (or to this power). `None` across two groups.
    pub(crate) fn times(&self, number: &PrivateNumber) -> Option<Self> {
        match (self, number) {
            (Self::Point(point), PrivateNumber::Scalar(scalar)) => Some(Self::Point(point.mul(scalar))),
            (Self::Element(element), PrivateNumber::Exponent(exponent)) => {
                Some(Self::Element(element.power(exponent)))
            }
            _ => None,
        }
    }

    /// The element, as many times as a nonce says, which may be longer than the group's order.
    pub(crate) fn times_nonce(&self, nonce: &[u8]) -> Option<Self> {
        match self {
            Self::Element(element) => {
                let exponent = element.group().exponent(nonce).ok()?;
                Some(Self::Element(element.power(&exponent)))
            }
            Self::Point(point) => {
                let curve = point.curve();
                if let Ok(scalar) = curve.scalar(nonce) {
                    return Some(Self::Point(point.mul(&scalar)));
                }
                // digit by digit to the base of 256
                let base = curve.scalar(&[1, 0]).ok()?;
                let mut sum: Option<Point> = None;
                for digit in nonce {
                    let shifted = sum.map(|sum| sum.mul(&base));
                    let digit = curve.scalar(&[*digit]).ok().map(|digit| point.mul(&digit));
                    sum = match (shifted, digit) {
                        (Some(shifted), Some(digit)) => Some(shifted.add(&digit)),
                        (one, other) => one.or(other),
                    };
                }
                sum.map(Self::Point)
            }
        }
    }

    /// The sum (or product). `None` across two groups.
    pub(crate) fn combine(&self, other: &Self) -> Option<Self> {
        match (self, other) {
            (Self::Point(one), Self::Point(other)) => Some(Self::Point(one.add(other))),
            (Self::Element(one), Self::Element(other)) => Some(Self::Element(one.mul(other))),
            _ => None,
        }
    }

    /// Infinity, or one: nothing that a protocol may go on with.
    pub(crate) fn is_neutral(&self) -> bool {
        match self {
            Self::Point(point) => point.is_infinity(),
            Self::Element(element) => element.is_neutral(),
        }
    }

    /// As it stands in commands (TR-03110-3, D.2): an uncompressed point, or a number without leading zeros.
    pub(crate) fn encode(&self) -> Vec<u8> {
        match self {
            Self::Point(point) => point.encode(),
            Self::Element(element) => element.to_unsigned(),
        }
    }

    /// As a shared secret: the x-coordinate, or the number as long as the prime.
    pub(crate) fn secret(&self) -> Zeroizing<Vec<u8>> {
        match self {
            Self::Point(point) => point.x(),
            Self::Element(element) => element.encode(),
        }
    }

    /// "Compressed": the x-coordinate, or the hash of the number (TR-03110-3, A.2.2.3).
    pub(crate) fn compressed(&self) -> Vec<u8> {
        match self {
            Self::Point(point) => point.x().to_vec(),
            Self::Element(element) => crate::digest::Digest::Sha1.of(&element.to_unsigned()),
        }
    }

    /// The public key data object without domain parameters (Doc 9303-11, section 4.4.3.4): what tokens are computed over.
    pub(crate) fn data_object(&self, protocol: &[u8]) -> Vec<u8> {
        let tag = match self {
            Self::Point(_) => 0x86,
            Self::Element(_) => 0x84,
        };
        object(0x7F49, &[object(0x06, protocol), object(tag, &self.encode())].concat())
    }
}
