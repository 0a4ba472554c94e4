//! How signatures are made: hash, padding, encoding.

use der::asn1::ObjectIdentifier;
use digest::{Digest, DynDigest};
use sha2::{Sha256, Sha384, Sha512};
use sha3::{Sha3_256, Sha3_384, Sha3_512};

use crate::oid;

/// A hash function of the SHA-2 (FIPS 180-4) or SHA-3 family (FIPS 202).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hash {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
    /// SHA3-256.
    Sha3_256,
    /// SHA3-384.
    Sha3_384,
    /// SHA3-512.
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
            Self::Sha256 => Box::new(Sha256::new()),
            Self::Sha384 => Box::new(Sha384::new()),
            Self::Sha512 => Box::new(Sha512::new()),
            Self::Sha3_256 => Box::new(Sha3_256::new()),
            Self::Sha3_384 => Box::new(Sha3_384::new()),
            Self::Sha3_512 => Box::new(Sha3_512::new()),
        })
    }

    /// Length of a digest in bytes.
    #[must_use]
    pub const fn length(self) -> usize {
        match self {
            Self::Sha256 | Self::Sha3_256 => 32,
            Self::Sha384 | Self::Sha3_384 => 48,
            Self::Sha512 | Self::Sha3_512 => 64,
        }
    }

    /// The hash of an algorithm identifier (RFC 5754 section 2, RFC 8702 section 3).
    #[must_use]
    pub fn from_oid(oid: ObjectIdentifier) -> Option<Self> {
        match oid {
            oid::ID_SHA_256 => Some(Self::Sha256),
            oid::ID_SHA_384 => Some(Self::Sha384),
            oid::ID_SHA_512 => Some(Self::Sha512),
            oid::ID_SHA_3_256 => Some(Self::Sha3_256),
            oid::ID_SHA_3_384 => Some(Self::Sha3_384),
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
            Self::Sha3_256 => oid::ID_SHA_3_256,
            Self::Sha3_384 => oid::ID_SHA_3_384,
            Self::Sha3_512 => oid::ID_SHA_3_512,
        }
    }
}

/// A digest under way.
pub struct Hasher(Box<dyn DynDigest + Send>);

impl Hasher {
    /// Takes the next piece.
    pub fn update(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    /// The digest of all pieces.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        self.0.finalize().into_vec()
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
