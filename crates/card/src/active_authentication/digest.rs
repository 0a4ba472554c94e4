//! The hashes that chips sign with.

use sha1::{Digest, Sha1};
use sha2::{Sha224, Sha256, Sha384, Sha512};

use crate::oid;

/// A hash of active authentication. SHA-1 is what most chips of the first generations know; a verifier can tell it from
/// the result and judge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MessageDigest {
    /// SHA-1.
    Sha1,
    /// SHA-224.
    Sha224,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl MessageDigest {
    /// Every hash.
    pub const ALL: [Self; 5] = [Self::Sha1, Self::Sha224, Self::Sha256, Self::Sha384, Self::Sha512];

    /// Bytes of a digest.
    #[must_use]
    pub const fn length(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha224 => 28,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// The hash in a signature algorithm of ActiveAuthenticationInfo, given as content bytes of its object identifier.
    #[must_use]
    pub fn of_ecdsa(signature_algorithm: &[u8]) -> Option<Self> {
        // The standard has the first family; some chips name the hash in the others.
        if signature_algorithm == oid::ECDSA_WITH_SHA1 {
            return Some(Self::Sha1);
        }
        let (arc, family) = signature_algorithm.split_last()?;
        match (family, arc) {
            (oid::ECDSA_PLAIN, 1) => Some(Self::Sha1),
            (oid::ECDSA_PLAIN, 2) | (oid::ECDSA_WITH_SHA2, 1) => Some(Self::Sha224),
            (oid::ECDSA_PLAIN, 3) | (oid::ECDSA_WITH_SHA2, 2) => Some(Self::Sha256),
            (oid::ECDSA_PLAIN, 4) | (oid::ECDSA_WITH_SHA2, 3) => Some(Self::Sha384),
            (oid::ECDSA_PLAIN, 5) | (oid::ECDSA_WITH_SHA2, 4) => Some(Self::Sha512),
            _ => None,
        }
    }

    /// The digest of these parts, one after the other.
    #[must_use]
    pub fn of(self, parts: &[&[u8]]) -> Vec<u8> {
        match self {
            Self::Sha1 => digest::<Sha1>(parts),
            Self::Sha224 => digest::<Sha224>(parts),
            Self::Sha256 => digest::<Sha256>(parts),
            Self::Sha384 => digest::<Sha384>(parts),
            Self::Sha512 => digest::<Sha512>(parts),
        }
    }
}

fn digest<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
    let mut digest = D::new();
    for part in parts {
        digest.update(part);
    }
    digest.finalize().to_vec()
}
