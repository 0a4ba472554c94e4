//! Hash algorithms that a card knows.

use sha1::Sha1;
use sha2::{Digest as _, Sha224, Sha256, Sha384, Sha512};

use crate::der;

/// A hash algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Digest {
    /// SHA-1: only because PKCS#15 cards of its age still offer it.
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

impl Digest {
    /// Bytes of a hash value.
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

    /// The hash value of `message`.
    #[must_use]
    pub fn of(self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha1 => Sha1::digest(message).to_vec(),
            Self::Sha224 => Sha224::digest(message).to_vec(),
            Self::Sha256 => Sha256::digest(message).to_vec(),
            Self::Sha384 => Sha384::digest(message).to_vec(),
            Self::Sha512 => Sha512::digest(message).to_vec(),
        }
    }

    /// DigestInfo of a hash value (RFC 8017, section 9.2, note 1).
    #[must_use]
    pub fn info(self, value: &[u8]) -> Vec<u8> {
        let oid = match self {
            Self::Sha1 => der::oid(&[1, 3, 14, 3, 2, 26]),
            Self::Sha224 => der::oid(&[2, 16, 840, 1, 101, 3, 4, 2, 4]),
            Self::Sha256 => der::oid(&[2, 16, 840, 1, 101, 3, 4, 2, 1]),
            Self::Sha384 => der::oid(&[2, 16, 840, 1, 101, 3, 4, 2, 2]),
            Self::Sha512 => der::oid(&[2, 16, 840, 1, 101, 3, 4, 2, 3]),
        };
        der::sequence(&[der::sequence(&[oid, der::null()]), der::octet_string(value)])
    }
}
