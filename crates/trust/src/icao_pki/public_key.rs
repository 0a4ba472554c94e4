//! Public keys of authorities and signers (9303-12, section 4.4): on any curve that documents use, or RSA.

use std::fmt;

use bitaqa_card::{
    key_agreement::{DomainParameters, PublicKey},
    oid,
    security_infos::SubjectPublicKey,
};
use bitaqa_curves::{Curve, Point};
use crypto_bigint::BoxedUint;
use rsa::{RsaPublicKey, traits::PublicKeyParts};

use super::fields::{
    BIT_STRING, Fields, FormatError, INTEGER, OBJECT_IDENTIFIER, SEQUENCE, dotted, whole_octets,
    without_leading_zeros,
};
use crate::public_key::{MAX_RSA_BITS, MIN_RSA_BITS};

const WHAT: &str = "SubjectPublicKeyInfo";
/// Longest public exponent, in bytes.
const MAX_EXPONENT: usize = 4;
/// Shortest order of a curve, in bytes: 224 bits (9303-12, section 4.4).
const MIN_ORDER: usize = 28;
/// `id-RSASSA-PSS` (RFC 4055), content bytes.
pub(super) const RSASSA_PSS: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0A];

/// A key that signatures are verified with.
#[derive(Clone)]
pub enum IcaoKey {
    /// A point of a curve. The curve may have been written out: it is one that we know, value for value.
    Ec(Point),
    /// An RSA key.
    Rsa {
        /// The numbers.
        key: Box<RsaPublicKey>,
        /// Whether its algorithm identifier restricts it to RSASSA-PSS (RFC 4055 section 1.2).
        is_pss_only: bool,
    },
}

impl IcaoKey {
    /// From a `SubjectPublicKeyInfo`.
    ///
    /// # Errors
    /// [`IcaoKeyError`].
    pub fn from_der(info: &[u8]) -> Result<Self, IcaoKeyError> {
        let mut fields = Fields::of_object(info, SEQUENCE, WHAT)?;
        let mut algorithm = fields.inside(SEQUENCE, WHAT)?;
        let identifier = algorithm.expect(OBJECT_IDENTIFIER, WHAT)?.value;
        match identifier {
            oid::RSA_ENCRYPTION | RSASSA_PSS => {
                let bits = fields.expect(BIT_STRING, WHAT)?;
                let key = Box::new(rsa_key(whole_octets(&bits, WHAT)?)?);
                Ok(Self::Rsa { key, is_pss_only: identifier == RSASSA_PSS })
            }
            oid::EC_PUBLIC_KEY => point(info),
            other => Err(IcaoKeyError::Algorithm { algorithm: dotted(other) }),
        }
    }
}

impl fmt::Display for IcaoKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ec(point) => f.write_str(point.curve().name()),
            Self::Rsa { key, .. } => write!(f, "RSA {}", key.n().bits()),
        }
    }
}

impl fmt::Debug for IcaoKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IcaoKey({self})")
    }
}

fn point(info: &[u8]) -> Result<IcaoKey, IcaoKeyError> {
    let key = SubjectPublicKey::from_der(WHAT, info).map_err(|_| IcaoKeyError::Curve)?;
    match key.domain_parameters {
        Some(DomainParameters::Curve(curve)) if curve.scalar_length() < MIN_ORDER => {
            return Err(IcaoKeyError::CurveTooShort { curve });
        }
        Some(DomainParameters::Curve(_)) => {}
        _ => return Err(IcaoKeyError::Curve),
    }
    match key.key() {
        Ok(PublicKey::Point(point)) => Ok(IcaoKey::Ec(point)),
        _ => Err(IcaoKeyError::Malformed(FormatError::value("subjectPublicKey"))),
    }
}

/// `RSAPublicKey` (RFC 8017 appendix A.1.1). A first bit that would make a number negative is taken for part of it.
fn rsa_key(encoded: &[u8]) -> Result<RsaPublicKey, IcaoKeyError> {
    const KEY: &str = "RSAPublicKey";
    let mut numbers = Fields::of_object(encoded, SEQUENCE, KEY)?;
    let modulus = without_leading_zeros(numbers.expect(INTEGER, KEY)?.value);
    let exponent = without_leading_zeros(numbers.expect(INTEGER, KEY)?.value);
    numbers.end(KEY)?;
    let malformed = || IcaoKeyError::Malformed(FormatError::value(KEY));
    // judged before any arithmetic, so that none is done on an absurd key
    let unused = modulus.first().map_or(0, |byte| byte.leading_zeros());
    let bits = u32::try_from(modulus.len()).unwrap_or(u32::MAX).saturating_mul(8).saturating_sub(unused);
    if !(MIN_RSA_BITS..=MAX_RSA_BITS).contains(&bits) {
        return Err(IcaoKeyError::RsaLength { bits });
    }
    // an even exponent has no inverse, and with 1 everybody signs
    let is_odd = exponent.last().is_some_and(|byte| byte & 1 == 1);
    if !is_odd || exponent == [1] || exponent.len() > MAX_EXPONENT {
        return Err(malformed());
    }
    let number = |bytes: &[u8]| BoxedUint::from_be_slice_vartime(bytes);
    RsaPublicKey::new(number(modulus), number(exponent)).map_err(|_| malformed())
}

/// Why a key is not one that we verify with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IcaoKeyError {
    /// Neither on a curve nor RSA.
    #[error("a key of the algorithm {algorithm}, which is not supported")]
    Algorithm {
        /// Object identifier.
        algorithm: String,
    },
    /// A curve that is none of those documents use, named or written out.
    #[error("a key on a curve that is not known")]
    Curve,
    /// A curve whose order has less than 224 bits.
    #[error("a key on {}, which is too short", .curve.name())]
    CurveTooShort {
        /// Which.
        curve: Curve,
    },
    /// An RSA modulus outside what is accepted.
    #[error("an RSA key of {bits} bits; {MIN_RSA_BITS} to {MAX_RSA_BITS} are accepted")]
    RsaLength {
        /// Bits of the modulus.
        bits: u32,
    },
    /// No key at all.
    #[error("a malformed key: {0}")]
    Malformed(#[from] FormatError),
}
