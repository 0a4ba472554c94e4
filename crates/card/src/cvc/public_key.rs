//! Public key data objects of terminals and their authorities (TR-03110-3 section D.3).

use bitaqa_curves::{Curve, ExplicitParameters, Point, ecdsa_verify};

use super::{CvcError, rsa_signature};
use crate::{
    active_authentication::{DigestAlgorithm, RsaPublicKey},
    oid,
    tlv::{Tag, TlvReader},
};

/// `7F49`.
pub(super) const PUBLIC_KEY: Tag = Tag(0x7F49);
const OBJECT_IDENTIFIER: Tag = Tag(0x06);
const MODULUS: Tag = Tag(0x81);
const EXPONENT: Tag = Tag(0x82);
const PRIME: Tag = Tag(0x81);
const FIRST_COEFFICIENT: Tag = Tag(0x82);
const SECOND_COEFFICIENT: Tag = Tag(0x83);
const BASE_POINT: Tag = Tag(0x84);
const ORDER: Tag = Tag(0x85);
const POINT: Tag = Tag(0x86);
const COFACTOR: Tag = Tag(0x87);

/// How a key signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// RSASSA-PKCS1-v1_5.
    RsaPkcs1,
    /// RSASSA-PSS, MGF1 with the same hash, the salt as long as the digest.
    RsaPss,
    /// ECDSA, plain: `r || s`, each as long as the curve's order.
    Ecdsa,
}

/// A signature algorithm of terminal authentication: scheme and hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Algorithm {
    /// The scheme.
    pub scheme: Scheme,
    /// The hash.
    pub digest: DigestAlgorithm,
}

/// Arcs below `id-TA` (section A.1.1).
const ALGORITHMS: [([u8; 2], Scheme, DigestAlgorithm); 11] = [
    ([1, 1], Scheme::RsaPkcs1, DigestAlgorithm::Sha1),
    ([1, 2], Scheme::RsaPkcs1, DigestAlgorithm::Sha256),
    ([1, 3], Scheme::RsaPss, DigestAlgorithm::Sha1),
    ([1, 4], Scheme::RsaPss, DigestAlgorithm::Sha256),
    ([1, 5], Scheme::RsaPkcs1, DigestAlgorithm::Sha512),
    ([1, 6], Scheme::RsaPss, DigestAlgorithm::Sha512),
    ([2, 1], Scheme::Ecdsa, DigestAlgorithm::Sha1),
    ([2, 2], Scheme::Ecdsa, DigestAlgorithm::Sha224),
    ([2, 3], Scheme::Ecdsa, DigestAlgorithm::Sha256),
    ([2, 4], Scheme::Ecdsa, DigestAlgorithm::Sha384),
    ([2, 5], Scheme::Ecdsa, DigestAlgorithm::Sha512),
];

impl Algorithm {
    /// The algorithm of an object identifier, given as content bytes.
    #[must_use]
    pub fn from_oid(identifier: &[u8]) -> Option<Self> {
        let arcs = identifier.strip_prefix(oid::TERMINAL_AUTHENTICATION)?;
        let (_, scheme, digest) = ALGORITHMS.into_iter().find(|(own, ..)| own == arcs)?;
        Some(Self { scheme, digest })
    }

    /// Content bytes of its object identifier; empty for a combination that the standard does not have.
    #[must_use]
    pub fn oid(self) -> Vec<u8> {
        ALGORITHMS
            .iter()
            .find(|(_, scheme, digest)| (*scheme, *digest) == (self.scheme, self.digest))
            .map(|(arcs, ..)| [oid::TERMINAL_AUTHENTICATION, arcs].concat())
            .unwrap_or_default()
    }
}

/// A key as a certificate has it, perhaps without its curve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKeyObject {
    algorithm: Algorithm,
    value: Value,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Value {
    Rsa {
        modulus: Vec<u8>,
        exponent: Vec<u8>,
    },
    Point {
        /// `None`: that of the issuer's key.
        curve: Option<GivenCurve>,
        point: Vec<u8>,
    },
}

/// What the domain parameters in a certificate are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum GivenCurve {
    Known(Curve),
    Unknown,
}

impl PublicKeyObject {
    /// From the value of `7F49`.
    pub(super) fn parse(mut fields: TlvReader<'_>) -> Result<Self, CvcError> {
        let identifier = fields.expect(OBJECT_IDENTIFIER)?.value;
        let algorithm = Algorithm::from_oid(identifier).ok_or(CvcError::Algorithm)?;
        let value = match algorithm.scheme {
            Scheme::RsaPkcs1 | Scheme::RsaPss => {
                let modulus = fields.expect(MODULUS)?.value.to_vec();
                Value::Rsa { modulus, exponent: fields.expect(EXPONENT)?.value.to_vec() }
            }
            Scheme::Ecdsa => point(&mut fields)?,
        };
        fields.end()?;
        Ok(Self { algorithm, value })
    }

    /// How the key signs.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Whether the key has its curve beside it, as an authority's first certificate must, or needs none.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        !matches!(self.value, Value::Point { curve: None, .. })
    }

    /// The key, checked; on the issuer's curve where it names none itself (section C.1.3).
    ///
    /// # Errors
    /// [`CvcError::DomainParameters`] where neither names a curve that we know, [`CvcError::PublicKey`].
    pub fn resolve(&self, issuer: Option<&VerificationKey>) -> Result<VerificationKey, CvcError> {
        let key = match &self.value {
            Value::Rsa { modulus, exponent } => {
                Key::Rsa(RsaPublicKey::new(modulus, exponent).ok_or(CvcError::PublicKey)?)
            }
            Value::Point { curve, point } => {
                let curve = match curve {
                    Some(GivenCurve::Known(curve)) => Some(*curve),
                    Some(GivenCurve::Unknown) => None,
                    None => issuer.and_then(VerificationKey::curve),
                };
                let curve = curve.ok_or(CvcError::DomainParameters)?;
                // A compressed point is no encoding that TR-03110 knows.
                if point.first() != Some(&0x04) {
                    return Err(CvcError::PublicKey);
                }
                Key::Point(curve.decode_point(point).map_err(|_| CvcError::PublicKey)?)
            }
        };
        Ok(VerificationKey { algorithm: self.algorithm, key })
    }
}

/// The point alone, or all of the curve around it (section D.3).
fn point(fields: &mut TlvReader<'_>) -> Result<Value, CvcError> {
    let Some(prime) = fields.take_if(PRIME)? else {
        return Ok(Value::Point { curve: None, point: fields.expect(POINT)?.value.to_vec() });
    };
    let a = fields.expect(FIRST_COEFFICIENT)?.value;
    let b = fields.expect(SECOND_COEFFICIENT)?.value;
    let generator = fields.expect(BASE_POINT)?.value;
    let order = fields.expect(ORDER)?.value;
    let point = fields.expect(POINT)?.value;
    let cofactor = fields.expect(COFACTOR)?.value;
    let parameters =
        ExplicitParameters { prime: prime.value, a, b, generator, order, cofactor: Some(cofactor) };
    let curve = Curve::from_explicit(&parameters).map_or(GivenCurve::Unknown, GivenCurve::Known);
    Ok(Value::Point { curve: Some(curve), point: point.to_vec() })
}

/// A key that signatures are checked with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerificationKey {
    algorithm: Algorithm,
    key: Key,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Key {
    Rsa(RsaPublicKey),
    Point(Point),
}

impl VerificationKey {
    /// How it signs.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Its curve, if it is on one.
    #[must_use]
    pub const fn curve(&self) -> Option<Curve> {
        match &self.key {
            Key::Rsa(_) => None,
            Key::Point(point) => Some(point.curve()),
        }
    }

    /// Bytes of its signatures.
    #[must_use]
    pub const fn signature_length(&self) -> usize {
        match &self.key {
            Key::Rsa(key) => key.length(),
            Key::Point(point) => 2 * point.curve().scalar_length(),
        }
    }

    /// Checks a signature over these bytes.
    ///
    /// # Errors
    /// [`CvcError::Signature`].
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), CvcError> {
        let Algorithm { scheme, digest } = self.algorithm;
        let hash = digest.of(&[message]);
        let holds = match (&self.key, scheme) {
            (Key::Point(point), Scheme::Ecdsa) => {
                signature.len() == self.signature_length() && ecdsa_verify(point, &hash, signature)
            }
            (Key::Rsa(key), Scheme::RsaPkcs1) => rsa_signature::pkcs1_v1_5(key, digest, &hash, signature),
            (Key::Rsa(key), Scheme::RsaPss) => rsa_signature::pss(key, digest, &hash, signature),
            _ => false,
        };
        if holds { Ok(()) } else { Err(CvcError::Signature) }
    }
}
