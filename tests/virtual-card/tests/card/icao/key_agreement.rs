//! Key agreements from a terminal's side: curves and groups under one roof, and the mappings of PACE.

use bitaqa_curves::{
    Point, Scalar,
    modp::{Element, Exponent},
};
use bitaqa_virtual_card::icao::{cipher::Cipher, domain::Domain};

use super::terminal::object;
use crate::terminal::bytes;

/// A private key on either kind of group.
pub(crate) enum Private {
    Scalar(Scalar),
    Exponent(Exponent),
}

/// What it is multiplied with.
#[derive(Clone)]
pub(crate) enum Public {
    Point(Point),
    Element(Element),
}

impl Public {
    pub(crate) fn generator(domain: Domain) -> Self {
        match domain {
            Domain::Curve(curve) => Self::Point(curve.generator()),
            Domain::Group(group) => Self::Element(group.generator()),
        }
    }

    pub(crate) fn decode(domain: Domain, bytes: &[u8]) -> Self {
        match domain {
            Domain::Curve(curve) => Self::Point(curve.decode_point(bytes).unwrap()),
            Domain::Group(group) => Self::Element(group.decode(bytes).unwrap()),
        }
    }

    pub(crate) fn times(&self, private: &Private) -> Self {
        match (self, private) {
            (Self::Point(point), Private::Scalar(scalar)) => Self::Point(point.mul(scalar)),
            (Self::Element(element), Private::Exponent(exponent)) => Self::Element(element.power(exponent)),
            _ => panic!("two kinds of groups"),
        }
    }

    pub(crate) fn plus(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Point(one), Self::Point(other)) => Self::Point(one.add(other)),
            (Self::Element(one), Self::Element(other)) => Self::Element(one.mul(other)),
            _ => panic!("two kinds of groups"),
        }
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        match self {
            Self::Point(point) => point.encode(),
            Self::Element(element) => element.to_unsigned(),
        }
    }

    pub(crate) fn secret(&self) -> Vec<u8> {
        match self {
            Self::Point(point) => point.x().to_vec(),
            Self::Element(element) => element.encode().to_vec(),
        }
    }

    pub(crate) fn object(&self, protocol: &[u8]) -> Vec<u8> {
        let tag = if matches!(self, Self::Point(_)) { 0x86 } else { 0x84 };
        object(0x7F49, &[object(0x06, protocol), object(tag, &self.encode())].concat())
    }
}

/// Not random: a test that fails should fail again.
pub(crate) fn private(domain: Domain, seed: u8) -> Private {
    let mut next = seed;
    let mut fill = |buffer: &mut [u8]| {
        for byte in buffer {
            next = next.wrapping_mul(29).wrapping_add(17);
            *byte = next;
        }
    };
    match domain {
        Domain::Curve(curve) => Private::Scalar(curve.random_scalar(&mut fill)),
        Domain::Group(group) => Private::Exponent(group.random_exponent(&mut fill)),
    }
}

/// The generator as often as a nonce says; if that is more often than it has multiples, bit by bit from the low end.
pub(crate) fn nonce_times_generator(domain: Domain, nonce: &[u8]) -> Public {
    let Domain::Curve(curve) = domain else {
        let Domain::Group(group) = domain else { panic!() };
        return Public::Element(group.generator().power(&group.exponent(nonce).unwrap()));
    };
    if let Ok(scalar) = curve.scalar(nonce) {
        return Public::Point(curve.generator().mul(&scalar));
    }
    let two = curve.scalar(&[2]).unwrap();
    let mut power = curve.generator();
    let mut sum: Option<Point> = None;
    for byte in nonce.iter().rev() {
        for bit in 0..8 {
            if byte >> bit & 1 == 1 {
                sum = Some(sum.map_or(power.clone(), |sum| sum.add(&power)));
            }
            power = power.mul(&two);
        }
    }
    Public::Point(sum.unwrap())
}

/// The pseudo-random function of the integrated mapping, over constants of Doc 9303-11, section 4.4.3.3.2.
pub(crate) fn pseudo_random(cipher: Cipher, bits: usize, nonce: &[u8], own: &[u8]) -> Vec<u8> {
    let [c0, c1] = if nonce.len() == 16 {
        ["A668892A7C41E3CA739F40B057D85904", "A4E136AC725F738B01C1F60217C188AD"]
    } else {
        [
            "D463D65234124EF7897054986DCA0A174E28DF758CBAA03F240616414D5A1676",
            "54BD7255F0AAF831BEC3423FCF39D69B6CBF066677D0FAAE5AADD99DF8E53517",
        ]
    }
    .map(bytes);
    let zeros = vec![0; cipher.block_length()];
    let mut key = cipher.encrypt(own, &zeros, nonce)[..cipher.key_length()].to_vec();
    let mut output = Vec::new();
    for _ in 0..(bits + 64).div_ceil(nonce.len() * 8) {
        output.extend(cipher.encrypt(&key, &zeros, &c1));
        key = cipher.encrypt(&key, &zeros, &c0)[..cipher.key_length()].to_vec();
    }
    output
}
