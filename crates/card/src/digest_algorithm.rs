//! Digest algorithms that documents and chips name (ICAO Doc 9303-12; 9303-11, section 6.1).

use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};

use crate::oid;

/// A digest algorithm. SHA-1 is among them for documents that were issued long ago, and for chips of the first generations; a
/// verifier can tell it from the result and judge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DigestAlgorithm {
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

impl DigestAlgorithm {
    /// Every one.
    pub const ALL: [Self; 5] = [Self::Sha1, Self::Sha224, Self::Sha256, Self::Sha384, Self::Sha512];

    /// By the content bytes of its object identifier.
    #[must_use]
    pub fn from_oid(identifier: &[u8]) -> Option<Self> {
        match identifier {
            oid::SHA1 => Some(Self::Sha1),
            oid::SHA224 => Some(Self::Sha224),
            oid::SHA256 => Some(Self::Sha256),
            oid::SHA384 => Some(Self::Sha384),
            oid::SHA512 => Some(Self::Sha512),
            _ => None,
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

    /// The digest.
    #[must_use]
    pub fn digest(self, bytes: &[u8]) -> Vec<u8> {
        self.of(&[bytes])
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_hex::hex;

    #[test]
    fn the_digests_of_abc_are_those_of_fips_180_4() {
        for (identifier, start) in [
            (oid::SHA1, "A9993E364706816ABA3E25717850C26C9CD0D89D"),
            (oid::SHA224, "23097D223405D8228642A477BDA255B3"),
            (oid::SHA256, "BA7816BF8F01CFEA414140DE5DAE2223"),
            (oid::SHA384, "CB00753F45A35E8BB5A03D699AC65007"),
            (oid::SHA512, "DDAF35A193617ABACC417349AE204131"),
        ] {
            let algorithm = DigestAlgorithm::from_oid(identifier).unwrap();
            let digest = algorithm.digest(b"abc");
            assert_eq!(digest.len(), algorithm.length());
            assert!(digest.starts_with(&hex(start)), "{algorithm:?}");
        }
        assert_eq!(DigestAlgorithm::from_oid(oid::SIGNED_DATA), None);
    }
}
