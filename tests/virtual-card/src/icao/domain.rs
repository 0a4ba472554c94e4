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
}

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
