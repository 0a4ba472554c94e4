//! Hash algorithms that a card knows.

use sha1::Sha1;
use sha2::{Digest as _, Sha224, Sha256, Sha384, Sha512};
use sha3::{Sha3_256, Sha3_384, Sha3_512};

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
    /// SHA3-256.
    Sha3_256,
    /// SHA3-384.
    Sha3_384,
    /// SHA3-512.
    Sha3_512,
}

impl Digest {
    /// Bytes of a hash value.
    #[must_use]
    pub const fn length(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha224 => 28,
            Self::Sha256 | Self::Sha3_256 => 32,
            Self::Sha384 | Self::Sha3_384 => 48,
            Self::Sha512 | Self::Sha3_512 => 64,
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
            Self::Sha3_256 => Sha3_256::digest(message).to_vec(),
            Self::Sha3_384 => Sha3_384::digest(message).to_vec(),
            Self::Sha3_512 => Sha3_512::digest(message).to_vec(),
        }
    }

    /// The hash value of a message of which the terminal hashed all whole blocks: `begun` is the intermediate value and
    /// the number of bits behind it (eight bytes), or empty; `rest` is less than a block, or the last one.
    ///
    /// SHA-256 alone: IAS ECC has it for SHA-1 too, which no card here begins to use.
    #[must_use]
    pub fn finish(self, begun: &[u8], rest: &[u8]) -> Option<Vec<u8>> {
        const BLOCK: usize = 64;
        if rest.len() > BLOCK {
            return None;
        }
        if begun.is_empty() {
            return Some(self.of(rest));
        }
        let (value, bits) = begun.split_at_checked(32)?;
        let bits = u64::from_be_bytes(*bits.as_array()?);
        if self != Self::Sha256 || bits == 0 || bits % 512 != 0 {
            return None;
        }
        let words =
            value.chunks_exact(4).map(|word| word.iter().fold(0, |all, byte| all << 8 | u32::from(*byte)));
        let mut state = [0; 8];
        for (place, word) in state.iter_mut().zip(words) {
            *place = word;
        }
        // FIPS 180-4, section 5.1.1: a one, zeros, and the length in the last eight bytes of a block
        let length = bits.checked_add(u64::try_from(rest.len() * 8).ok()?)?;
        let mut padded = [rest, &[0x80]].concat();
        while padded.len() % BLOCK != BLOCK - 8 {
            padded.push(0);
        }
        padded.extend(length.to_be_bytes());
        let (blocks, _) = padded.as_chunks::<BLOCK>();
        sha2::block_api::compress256(&mut state, blocks);
        Some(state.iter().flat_map(|word| word.to_be_bytes()).collect())
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
            Self::Sha3_256 => der::oid(&[2, 16, 840, 1, 101, 3, 4, 2, 8]),
            Self::Sha3_384 => der::oid(&[2, 16, 840, 1, 101, 3, 4, 2, 9]),
            Self::Sha3_512 => der::oid(&[2, 16, 840, 1, 101, 3, 4, 2, 10]),
        };
        der::sequence(&[der::sequence(&[oid, der::null()]), der::octet_string(value)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_that_was_begun_elsewhere_is_finished() {
        // after one block of "a": computed with the compression function alone
        let mut state = [
            0x6A09_E667_u32,
            0xBB67_AE85,
            0x3C6E_F372,
            0xA54F_F53A,
            0x510E_527F,
            0x9B05_688C,
            0x1F83_D9AB,
            0x5BE0_CD19,
        ];
        sha2::block_api::compress256(&mut state, &[[b'a'; 64]]);
        let value: Vec<u8> = state.iter().flat_map(|word| word.to_be_bytes()).collect();
        let begun = [value.as_slice(), &512_u64.to_be_bytes()].concat();
        for rest in [&b""[..], b"b", &[b'c'; 55], &[b'c'; 56], &[b'c'; 64]] {
            let whole = [&[b'a'; 64][..], rest].concat();
            assert_eq!(Digest::Sha256.finish(&begun, rest), Some(Digest::Sha256.of(&whole)));
        }
        assert_eq!(Digest::Sha256.finish(&[], b"b"), Some(Digest::Sha256.of(b"b")));
        assert_eq!(Digest::Sha256.finish(&begun[..39], b"b"), None);
        assert_eq!(Digest::Sha256.finish(&begun, &[0; 65]), None);
        assert_eq!(Digest::Sha384.finish(&begun, b"b"), None);
    }
}
