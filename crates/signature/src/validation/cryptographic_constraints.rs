//! Which algorithms and keys are reliable, and until when: dated data.
//!
//! Sources: the machine-readable policies that ETSI publishes beside TS 119 312, "ETSI ESI Cryptographic Suites" V1.5.1 of
//! 13 October 2024 and V2.1.1 of 1 February 2026. What they call recommended has no end; what they call legacy has one. They
//! begin with RSA moduli of 1900 bits; keys below 2048 bits, SHA-1, SHA-224 and DSA are not verified here at all.

use std::fmt;

use bitaqa_trust::{
    DateTime,
    public_key::{Hash, KeyKind, MIN_RSA_BITS, SignatureScheme},
};
use serde::Serialize;

/// A kind of signature algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub enum Family {
    /// ECDSA on a curve of NIST or brainpool.
    #[serde(rename = "ECDSA")]
    Ecdsa,
    /// RSASSA-PKCS1-v1_5.
    #[serde(rename = "RSASSA-PKCS1-v1_5")]
    RsaPkcs1,
    /// RSASSA-PSS.
    #[serde(rename = "RSASSA-PSS")]
    RsaPss,
}

impl Family {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ecdsa => "ECDSA",
            Self::RsaPkcs1 => "RSASSA-PKCS1-v1_5",
            Self::RsaPss => "RSASSA-PSS",
        }
    }
}

/// The first moment at which something is no longer reliable; none if no end is known.
type End = Option<(u16, u8, u8)>;

/// A policy as it was published.
struct Edition {
    name: &'static str,
    issued: (u16, u8, u8),
    /// Shortest key in bits (of the modulus, or of the curve's order), and until when. The longest that fits counts.
    keys: &'static [(Family, u32, End)],
    hashes: &'static [(Hash, End)],
}

const RECOMMENDED_HASHES: &[(Hash, End)] = &[
    (Hash::Sha256, None),
    (Hash::Sha384, None),
    (Hash::Sha512, None),
    (Hash::Sha3_256, None),
    (Hash::Sha3_384, None),
    (Hash::Sha3_512, None),
];

const V1_5_1: Edition = Edition {
    name: "ETSI TS 119 312 V1.5.1",
    issued: (2024, 10, 13),
    keys: &[
        (Family::Ecdsa, 256, None),
        (Family::RsaPkcs1, MIN_RSA_BITS, Some((2029, 1, 1))),
        (Family::RsaPss, MIN_RSA_BITS, Some((2029, 1, 1))),
        (Family::RsaPss, 3000, None),
    ],
    hashes: RECOMMENDED_HASHES,
};

const V2_1_1: Edition = Edition {
    name: "ETSI TS 119 312 V2.1.1",
    issued: (2026, 2, 1),
    keys: &[
        (Family::Ecdsa, 256, None),
        (Family::RsaPkcs1, MIN_RSA_BITS, Some((2026, 4, 1))),
        (Family::RsaPkcs1, 3000, Some((2034, 1, 1))),
        (Family::RsaPss, MIN_RSA_BITS, Some((2026, 4, 1))),
        (Family::RsaPss, 3000, None),
    ],
    hashes: RECOMMENDED_HASHES,
};

/// The constraints of a validation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CryptographicConstraints {
    name: String,
    issued: DateTime,
    keys: Vec<(Family, u32, Option<DateTime>)>,
    hashes: Vec<(Hash, Option<DateTime>)>,
}

impl CryptographicConstraints {
    /// TS 119 312 V1.5.1: RSA with less than 3000 bits until the end of 2028.
    #[must_use]
    pub fn ts_119_312_v1_5_1() -> Self {
        Self::from_edition(&V1_5_1)
    }

    /// TS 119 312 V2.1.1: RSA with less than 3000 bits until the end of March 2026 only.
    #[must_use]
    pub fn ts_119_312_v2_1_1() -> Self {
        Self::from_edition(&V2_1_1)
    }

    fn from_edition(edition: &Edition) -> Self {
        let end = |end: End| end.map(date);
        Self {
            name: edition.name.to_owned(),
            issued: date(edition.issued),
            keys: edition.keys.iter().map(|(family, bits, until)| (*family, *bits, end(*until))).collect(),
            hashes: edition.hashes.iter().map(|(hash, until)| (*hash, end(*until))).collect(),
        }
    }

    /// The same, but a hash is not reliable from this moment on. It can only become stricter.
    #[must_use]
    pub fn without_hash_from(mut self, hash: Hash, end: DateTime) -> Self {
        for (_, until) in self.hashes.iter_mut().filter(|(known, _)| *known == hash) {
            *until = Some(until.map_or(end, |until| until.min(end)));
        }
        self.name.push_str(", with a shorter end");
        self
    }

    /// The same, but keys of a kind below a length are not reliable from this moment on. It can only become stricter.
    #[must_use]
    pub fn without_keys_below_from(mut self, family: Family, bits: u32, end: DateTime) -> Self {
        for (_, _, until) in
            self.keys.iter_mut().filter(|(known, least, _)| *known == family && *least < bits)
        {
            *until = Some(until.map_or(end, |until| until.min(end)));
        }
        self.keys.push((family, bits, None));
        self.name.push_str(", with a shorter end");
        self
    }

    /// Their name, edition included.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// When they were issued.
    #[must_use]
    pub const fn issued(&self) -> DateTime {
        self.issued
    }

    /// Whether a hash is reliable at a time.
    ///
    /// # Errors
    /// [`Unreliable`].
    pub fn check_hash(&self, hash: Hash, at: DateTime) -> Result<(), Unreliable> {
        let what = || super::hash_name(hash).to_owned();
        let Some((_, until)) = self.hashes.iter().find(|(known, _)| *known == hash) else {
            return Err(Unreliable { what: what(), since: None });
        };
        check_end(*until, at, what)
    }

    /// Whether signatures of a key in a scheme are reliable at a time, hash included.
    ///
    /// # Errors
    /// [`Unreliable`].
    pub fn check_signature(
        &self,
        scheme: SignatureScheme,
        key: KeyKind,
        at: DateTime,
    ) -> Result<(), Unreliable> {
        let family = match scheme {
            SignatureScheme::EcdsaDer(_) | SignatureScheme::EcdsaRaw(_) => Family::Ecdsa,
            SignatureScheme::Pkcs1(_) => Family::RsaPkcs1,
            SignatureScheme::Pss { .. } => Family::RsaPss,
        };
        self.check_key_in(family, key, at)?;
        self.check_hash(scheme.hash(), at)
    }

    /// Whether a key is reliable at a time, in the least favourable of the schemes that it may be used in.
    ///
    /// # Errors
    /// [`Unreliable`].
    pub fn check_key(&self, key: KeyKind, at: DateTime) -> Result<(), Unreliable> {
        match key {
            KeyKind::Ec(_) => self.check_key_in(Family::Ecdsa, key, at),
            KeyKind::Rsa { .. } => self.check_key_in(Family::RsaPkcs1, key, at),
            KeyKind::RsaPss { .. } => self.check_key_in(Family::RsaPss, key, at),
        }
    }

    fn check_key_in(&self, family: Family, key: KeyKind, at: DateTime) -> Result<(), Unreliable> {
        let bits = bits(key);
        let what = || format!("{} with a key of {bits} bits", family.name());
        let fitting = self.keys.iter().filter(|(known, least, _)| *known == family && *least <= bits);
        let Some((_, _, until)) = fitting.max_by_key(|(_, least, _)| *least) else {
            return Err(Unreliable { what: what(), since: None });
        };
        check_end(*until, at, what)
    }
}

/// V1.5.1, whose policy ETSI published; V2.1.1 is stricter, and for verifiers to choose.
impl Default for CryptographicConstraints {
    fn default() -> Self {
        Self::ts_119_312_v1_5_1()
    }
}

fn check_end(until: Option<DateTime>, at: DateTime, what: impl Fn() -> String) -> Result<(), Unreliable> {
    match until {
        Some(end) if at >= end => Err(Unreliable { what: what(), since: Some(end) }),
        _ => Ok(()),
    }
}

const fn bits(key: KeyKind) -> u32 {
    use bitaqa_trust::public_key::Curve;
    match key {
        KeyKind::Ec(Curve::P256 | Curve::BrainpoolP256r1) => 256,
        KeyKind::Ec(Curve::P384 | Curve::BrainpoolP384r1) => 384,
        KeyKind::Ec(Curve::BrainpoolP512r1) => 512,
        KeyKind::Ec(Curve::P521) => 521,
        KeyKind::Rsa { bits } | KeyKind::RsaPss { bits } => bits,
    }
}

/// Midnight at the beginning of a day. The tables hold nothing but days that exist, so the other branch is never taken; it
/// is the one that makes everything unreliable.
fn date((year, month, day): (u16, u8, u8)) -> DateTime {
    DateTime::new(year, month, day, 0, 0, 0).unwrap_or(DateTime::INFINITY)
}

/// Something that is not reliable at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreliable {
    /// What.
    pub what: String,
    /// Since when; none if it never was.
    pub since: Option<DateTime>,
}

impl fmt::Display for Unreliable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.since {
            Some(since) => write!(f, "{} is not reliable since {since}", self.what),
            None => write!(f, "{} is not reliable", self.what),
        }
    }
}

impl std::error::Error for Unreliable {}
