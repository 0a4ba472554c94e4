//! Digest algorithms of security objects (ICAO Doc 9303-12, section 4.4).

use sha1::Sha1;
use sha2::{Digest as _, Sha224, Sha256, Sha384, Sha512};

use crate::oid;

/// A digest algorithm that a security object may name. SHA-1 is among them for documents that were issued long ago.
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
        match self {
            Self::Sha1 => Sha1::digest(bytes).to_vec(),
            Self::Sha224 => Sha224::digest(bytes).to_vec(),
            Self::Sha256 => Sha256::digest(bytes).to_vec(),
            Self::Sha384 => Sha384::digest(bytes).to_vec(),
            Self::Sha512 => Sha512::digest(bytes).to_vec(),
        }
    }
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
