//! Diffie-Hellman as chips do it (BSI TR-03110-3 sections A.2 and D.3): one set of operations, on a curve or in a finite
//! field, with every check that a public key from outside must pass.

use bitaqa_curves::{Curve, Point, Scalar, modp};
use sha1::{Digest, Sha1};
use zeroize::Zeroizing;

use crate::{
    random::Random,
    tlv::{Tag, encode},
};

/// `7F49`, public key.
const PUBLIC_KEY: Tag = Tag(0x7F49);
/// Object identifier inside it.
const OBJECT_IDENTIFIER: Tag = Tag(0x06);
/// Public value of a finite field (section D.3).
const FIELD_VALUE: Tag = Tag(0x84);
/// Public point of a curve (section D.3).
const POINT: Tag = Tag(0x86);

/// In which group keys agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DomainParameters {
    /// A curve: ECDH.
    Curve(Curve),
    /// A finite-field group: DH.
    Group(modp::Group),
}

/// Which kind of key agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyAgreement {
    /// In a finite field.
    Dh,
    /// On a curve.
    Ecdh,
}

impl DomainParameters {
    /// The standardised domain parameters of a number (9303-11 section 9.5.1).
    #[must_use]
    pub fn from_parameter_id(id: u32) -> Option<Self> {
        let id = u8::try_from(id).ok()?;
        let curve = Curve::from_parameter_id(id).map(Self::Curve);
        curve.or_else(|| modp::Group::from_parameter_id(id).map(Self::Group))
    }

    /// Their number among the standardised ones.
    #[must_use]
    pub const fn parameter_id(self) -> u8 {
        match self {
            Self::Curve(curve) => curve.parameter_id(),
            Self::Group(group) => group.parameter_id(),
        }
    }

    /// Which kind of key agreement they serve.
    #[must_use]
    pub const fn key_agreement(self) -> KeyAgreement {
        match self {
            Self::Curve(_) => KeyAgreement::Ecdh,
            Self::Group(_) => KeyAgreement::Dh,
        }
    }

    /// The usual name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Curve(curve) => curve.name(),
            Self::Group(group) => group.name(),
        }
    }

    /// The standard's base point or generator, which keys are made with unless a mapping gives another.
    #[must_use]
    pub fn generator(self) -> PublicKey {
        match self {
            Self::Curve(curve) => PublicKey::Point(curve.generator()),
            Self::Group(group) => PublicKey::Element(group.generator()),
        }
    }

    /// A public key from outside: a point (`04 || x || y`) that is on the curve and not at infinity, or a number of the
    /// subgroup other than 1.
    ///
    /// # Errors
    /// [`BadPublicKey`].
    pub fn decode(self, encoded: &[u8]) -> Result<PublicKey, BadPublicKey> {
        match self {
            // A compressed point is no encoding that TR-03110 knows.
            Self::Curve(curve) if encoded.first() == Some(&0x04) => {
                curve.decode_point(encoded).map(PublicKey::Point).map_err(|_| BadPublicKey)
            }
            Self::Curve(_) => Err(BadPublicKey),
            Self::Group(group) => group.decode(encoded).map(PublicKey::Element).map_err(|_| BadPublicKey),
        }
    }

    /// A private key from its bytes.
    #[must_use]
    pub fn private_key(self, bytes: &[u8]) -> Option<PrivateKey> {
        match self {
            Self::Curve(curve) => curve.scalar(bytes).ok().map(PrivateKey::Scalar),
            Self::Group(group) => group.exponent(bytes).ok().map(PrivateKey::Exponent),
        }
    }

    /// A secret number as a private key, reduced modulo the group's order: a nonce, which may be longer than that.
    #[must_use]
    pub fn reduced_private_key(self, number: &[u8]) -> Option<PrivateKey> {
        match self {
            Self::Curve(curve) => curve.reduced_scalar(number).map(PrivateKey::Scalar),
            Self::Group(group) => group.exponent(number).ok().map(PrivateKey::Exponent),
        }
    }

    /// A new private key.
    pub fn random_private_key(self, random: &mut dyn Random) -> PrivateKey {
        let mut fill = |out: &mut [u8]| random.fill(out);
        match self {
            Self::Curve(curve) => PrivateKey::Scalar(curve.random_scalar(&mut fill)),
            Self::Group(group) => PrivateKey::Exponent(group.random_exponent(&mut fill)),
        }
    }
}

/// A public key, or another element of the group: a generator, a shared secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublicKey {
    /// On a curve.
    Point(Point),
    /// In a finite field.
    Element(modp::Element),
}

/// A private key, or another secret exponent.
#[derive(Debug, Clone)]
pub enum PrivateKey {
    /// Of a curve.
    Scalar(Scalar),
    /// Of a finite-field group.
    Exponent(modp::Exponent),
}

/// A public key from outside that must not be used, or a computation whose result must not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a public key that is none of its group")]
pub struct BadPublicKey;

impl PublicKey {
    /// The domain parameters it belongs to.
    #[must_use]
    pub const fn domain_parameters(&self) -> DomainParameters {
        match self {
            Self::Point(point) => DomainParameters::Curve(point.curve()),
            Self::Element(element) => DomainParameters::Group(element.group()),
        }
    }

    /// As it is sent (section D.3): the uncompressed point, or the number without leading zeros.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::Point(point) => point.encode(),
            Self::Element(element) => element.to_unsigned(),
        }
    }

    /// The compressed form by which terminal authentication names a key (TR-03110-3 section A.2.2.3): the x coordinate, or
    /// the SHA-1 hash of the number.
    #[must_use]
    pub fn compressed(&self) -> Vec<u8> {
        match self {
            Self::Point(point) => point.x().to_vec(),
            Self::Element(element) => Sha1::digest(element.to_unsigned()).to_vec(),
        }
    }

    /// The public key data object that authentication tokens are made over: `7F49` with the protocol's object identifier and
    /// the public value, without domain parameters (9303-11 section 4.4.3, TR-03110-3 section D.3).
    #[must_use]
    pub fn data_object(&self, protocol: &[u8]) -> Vec<u8> {
        let value = match self {
            Self::Point(_) => POINT,
            Self::Element(_) => FIELD_VALUE,
        };
        encode(PUBLIC_KEY, &[encode(OBJECT_IDENTIFIER, protocol), encode(value, &self.encode())].concat())
    }

    /// The shared secret of a key agreement as keys are derived from it: the x coordinate, or the number in the length of p
    /// (TR-03111).
    #[must_use]
    pub fn shared_secret(&self) -> Zeroizing<Vec<u8>> {
        match self {
            Self::Point(point) => point.x(),
            Self::Element(element) => element.encode(),
        }
    }

    /// This element to the power of a private key (times it, on a curve): the public key for a generator, the shared secret for
    /// a public key.
    ///
    /// # Errors
    /// [`BadPublicKey`] if the result is the neutral element, or the two are of different groups.
    pub fn agree(&self, private: &PrivateKey) -> Result<Self, BadPublicKey> {
        match (self, private) {
            (Self::Point(point), PrivateKey::Scalar(scalar)) => Self::Point(point.mul(scalar)),
            (Self::Element(element), PrivateKey::Exponent(exponent)) => {
                Self::Element(element.power(exponent))
            }
            _ => return Err(BadPublicKey),
        }
        .not_neutral()
    }

    /// The group's operation on two such elements: each to the power of its private key, then both together.
    ///
    /// # Errors
    /// As for [`agree`](Self::agree).
    pub fn agree_together(terms: [(&Self, &PrivateKey); 2]) -> Result<Self, BadPublicKey> {
        match terms {
            [
                (Self::Point(first), PrivateKey::Scalar(first_factor)),
                (Self::Point(second), PrivateKey::Scalar(second_factor)),
            ] => Self::Point(Point::sum_of_multiples([(first, first_factor), (second, second_factor)])),
            [
                (Self::Element(first), PrivateKey::Exponent(first_power)),
                (Self::Element(second), PrivateKey::Exponent(second_power)),
            ] => Self::Element(first.power(first_power).mul(&second.power(second_power))),
            _ => return Err(BadPublicKey),
        }
        .not_neutral()
    }

    fn not_neutral(self) -> Result<Self, BadPublicKey> {
        let is_neutral = match &self {
            Self::Point(point) => point.is_infinity(),
            Self::Element(element) => element.is_neutral(),
        };
        if is_neutral { Err(BadPublicKey) } else { Ok(self) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> impl Iterator<Item = DomainParameters> {
        let curves = Curve::ALL.into_iter().map(DomainParameters::Curve);
        curves.chain(modp::Group::ALL.into_iter().map(DomainParameters::Group))
    }

    /// A generator that counts; good enough to be different each time.
    fn counting() -> impl FnMut(&mut [u8]) {
        let mut count = 0_u8;
        move |out: &mut [u8]| {
            count += 1;
            out.fill(count);
        }
    }

    #[test]
    fn both_sides_agree_in_every_group() {
        let mut random = counting();
        for parameters in all() {
            assert_eq!(
                DomainParameters::from_parameter_id(parameters.parameter_id().into()),
                Some(parameters)
            );
            let [ours, theirs] = [(); 2].map(|()| parameters.random_private_key(&mut random));
            let [our_public, their_public] =
                [&ours, &theirs].map(|private| parameters.generator().agree(private).unwrap());
            let received = parameters.decode(&their_public.encode()).unwrap();
            let shared = received.agree(&ours).unwrap();
            assert_eq!(shared, our_public.agree(&theirs).unwrap());
            assert!(!shared.shared_secret().is_empty());
        }
    }

    #[test]
    fn keys_of_different_groups_do_not_agree() {
        let mut random = counting();
        let curve = DomainParameters::Curve(Curve::P256);
        let group = DomainParameters::Group(modp::Group::Rfc5114_1024_160);
        assert_eq!(curve.generator().agree(&group.random_private_key(&mut random)), Err(BadPublicKey));
        assert_eq!(group.generator().agree(&curve.random_private_key(&mut random)), Err(BadPublicKey));
        let keys = [curve, group].map(|parameters| parameters.random_private_key(&mut random));
        let mixed = [(&curve.generator(), &keys[0]), (&group.generator(), &keys[1])];
        assert_eq!(PublicKey::agree_together(mixed), Err(BadPublicKey));
        let other = DomainParameters::Curve(Curve::P384);
        assert_eq!(curve.generator().agree(&other.random_private_key(&mut random)), Err(BadPublicKey));
    }

    #[test]
    fn only_points_and_numbers_of_the_group_are_public_keys() {
        for parameters in all() {
            let good = parameters.generator().encode();
            assert!(parameters.decode(&good).is_ok());
            for bad in [&[] as &[u8], &[0], &[1], &[4], &good[1..], &[0xFF; 300]] {
                assert_eq!(parameters.decode(bad), Err(BadPublicKey), "{}", parameters.name());
            }
        }
        let curve = Curve::P256;
        let mut compressed = curve.generator().encode();
        compressed.truncate(33);
        compressed[0] = 0x03;
        assert!(curve.decode_point(&compressed).is_ok());
        assert_eq!(DomainParameters::Curve(curve).decode(&compressed), Err(BadPublicKey));
    }
}
