//! How signatures are made: hash, padding, encoding.

use der::asn1::ObjectIdentifier;
use digest::Digest;
use sha2::{Sha256, Sha384, Sha512};
#[cfg(feature = "sha3")]
use sha3::{Sha3_256, Sha3_384, Sha3_512};

use crate::oid;

/// A hash function of the SHA-2 (FIPS 180-4) or, with the feature `sha3`, the SHA-3 family (FIPS 202).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hash {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
    /// SHA3-256.
    #[cfg(feature = "sha3")]
    Sha3_256,
    /// SHA3-384.
    #[cfg(feature = "sha3")]
    Sha3_384,
    /// SHA3-512.
    #[cfg(feature = "sha3")]
    Sha3_512,
}

impl Hash {
    /// Hashes the parts, one after the other.
    #[must_use]
    pub fn digest(self, parts: &[&[u8]]) -> Vec<u8> {
        let mut hasher = self.hasher();
        for part in parts {
            hasher.update(part);
        }
        hasher.finish()
    }

    /// For what comes piece by piece.
    #[must_use]
    pub fn hasher(self) -> Hasher {
        Hasher(match self {
            Self::Sha256 => Running::Sha256(Sha256::new()),
            Self::Sha384 => Running::Sha384(Sha384::new()),
            Self::Sha512 => Running::Sha512(Sha512::new()),
            #[cfg(feature = "sha3")]
            Self::Sha3_256 => Running::Sha3_256(Sha3_256::new()),
            #[cfg(feature = "sha3")]
            Self::Sha3_384 => Running::Sha3_384(Sha3_384::new()),
            #[cfg(feature = "sha3")]
            Self::Sha3_512 => Running::Sha3_512(Sha3_512::new()),
        })
    }

    /// A number that no other hash has.
    #[cfg(feature = "memory")]
    pub(crate) const fn number(self) -> u8 {
        match self {
            Self::Sha256 => 1,
            Self::Sha384 => 2,
            Self::Sha512 => 3,
            #[cfg(feature = "sha3")]
            Self::Sha3_256 => 4,
            #[cfg(feature = "sha3")]
            Self::Sha3_384 => 5,
            #[cfg(feature = "sha3")]
            Self::Sha3_512 => 6,
        }
    }

    /// Length of a digest in bytes.
    #[must_use]
    pub const fn length(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
            #[cfg(feature = "sha3")]
            Self::Sha3_256 => 32,
            #[cfg(feature = "sha3")]
            Self::Sha3_384 => 48,
            #[cfg(feature = "sha3")]
            Self::Sha3_512 => 64,
        }
    }

    /// The hash of an algorithm identifier (RFC 5754 section 2, RFC 8702 section 3).
    #[must_use]
    pub fn from_oid(oid: ObjectIdentifier) -> Option<Self> {
        match oid {
            oid::ID_SHA_256 => Some(Self::Sha256),
            oid::ID_SHA_384 => Some(Self::Sha384),
            oid::ID_SHA_512 => Some(Self::Sha512),
            #[cfg(feature = "sha3")]
            oid::ID_SHA_3_256 => Some(Self::Sha3_256),
            #[cfg(feature = "sha3")]
            oid::ID_SHA_3_384 => Some(Self::Sha3_384),
            #[cfg(feature = "sha3")]
            oid::ID_SHA_3_512 => Some(Self::Sha3_512),
            _ => None,
        }
    }

    /// Its identifier.
    #[must_use]
    pub const fn oid(self) -> ObjectIdentifier {
        match self {
            Self::Sha256 => oid::ID_SHA_256,
            Self::Sha384 => oid::ID_SHA_384,
            Self::Sha512 => oid::ID_SHA_512,
            #[cfg(feature = "sha3")]
            Self::Sha3_256 => oid::ID_SHA_3_256,
            #[cfg(feature = "sha3")]
            Self::Sha3_384 => oid::ID_SHA_3_384,
            #[cfg(feature = "sha3")]
            Self::Sha3_512 => oid::ID_SHA_3_512,
        }
    }
}

/// A digest under way.
#[derive(Clone)]
pub struct Hasher(Running);

#[derive(Clone)]
enum Running {
    Sha256(Sha256),
    Sha384(Sha384),
    Sha512(Sha512),
    #[cfg(feature = "sha3")]
    Sha3_256(Sha3_256),
    #[cfg(feature = "sha3")]
    Sha3_384(Sha3_384),
    #[cfg(feature = "sha3")]
    Sha3_512(Sha3_512),
}

impl Hasher {
    /// Takes the next piece.
    pub fn update(&mut self, piece: &[u8]) {
        match &mut self.0 {
            Running::Sha256(hash) => hash.update(piece),
            Running::Sha384(hash) => hash.update(piece),
            Running::Sha512(hash) => hash.update(piece),
            #[cfg(feature = "sha3")]
            Running::Sha3_256(hash) => hash.update(piece),
            #[cfg(feature = "sha3")]
            Running::Sha3_384(hash) => hash.update(piece),
            #[cfg(feature = "sha3")]
            Running::Sha3_512(hash) => hash.update(piece),
        }
    }

    /// The digest of all pieces.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        match self.0 {
            Running::Sha256(hash) => hash.finalize().to_vec(),
            Running::Sha384(hash) => hash.finalize().to_vec(),
            Running::Sha512(hash) => hash.finalize().to_vec(),
            #[cfg(feature = "sha3")]
            Running::Sha3_256(hash) => hash.finalize().to_vec(),
            #[cfg(feature = "sha3")]
            Running::Sha3_384(hash) => hash.finalize().to_vec(),
            #[cfg(feature = "sha3")]
            Running::Sha3_512(hash) => hash.finalize().to_vec(),
        }
    }
}

impl std::fmt::Debug for Hasher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hasher")
    }
}

/// How a signature is made and encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SignatureScheme {
    /// ECDSA, encoded as `r ‖ s`, each as long as the curve's order (IEEE P1363; RFC 7518 section 3.4).
    EcdsaRaw(Hash),
    /// ECDSA, encoded as the DER of `Ecdsa-Sig-Value` (RFC 3279 section 2.2.3), as in certificates.
    EcdsaDer(Hash),
    /// RSASSA-PKCS1-v1_5 (RFC 8017 section 8.2).
    Pkcs1(Hash),
    /// RSASSA-PSS (RFC 8017 section 8.1), MGF1 with the same hash.
    Pss {
        /// Hash of message and mask.
        hash: Hash,
        /// Bytes of salt.
        salt_length: usize,
    },
}

impl SignatureScheme {
    /// The hash over the message.
    #[must_use]
    pub const fn hash(self) -> Hash {
        match self {
            Self::EcdsaRaw(hash) | Self::EcdsaDer(hash) | Self::Pkcs1(hash) | Self::Pss { hash, .. } => hash,
        }
    }
}
