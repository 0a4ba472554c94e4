//! A digest that is taken piece by piece, for content that nobody wants to hold in memory at once.

use sha2::{Digest as _, Sha256, Sha384, Sha512};
use sha3::{Sha3_256, Sha3_384, Sha3_512};

use crate::Hash;

/// A running digest.
#[derive(Debug, Clone)]
pub struct Digester(Running);

#[derive(Debug, Clone)]
enum Running {
    Sha256(Sha256),
    Sha384(Sha384),
    Sha512(Sha512),
    Sha3_256(Sha3_256),
    Sha3_384(Sha3_384),
    Sha3_512(Sha3_512),
}

impl Digester {
    /// The digest of nothing yet.
    #[must_use]
    pub fn new(hash: Hash) -> Self {
        Self(match hash {
            Hash::Sha256 => Running::Sha256(Sha256::new()),
            Hash::Sha384 => Running::Sha384(Sha384::new()),
            Hash::Sha512 => Running::Sha512(Sha512::new()),
            Hash::Sha3_256 => Running::Sha3_256(Sha3_256::new()),
            Hash::Sha3_384 => Running::Sha3_384(Sha3_384::new()),
            Hash::Sha3_512 => Running::Sha3_512(Sha3_512::new()),
        })
    }

    /// Takes the next piece.
    pub fn update(&mut self, piece: &[u8]) {
        match &mut self.0 {
            Running::Sha256(hash) => hash.update(piece),
            Running::Sha384(hash) => hash.update(piece),
            Running::Sha512(hash) => hash.update(piece),
            Running::Sha3_256(hash) => hash.update(piece),
            Running::Sha3_384(hash) => hash.update(piece),
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
            Running::Sha3_256(hash) => hash.finalize().to_vec(),
            Running::Sha3_384(hash) => hash.finalize().to_vec(),
            Running::Sha3_512(hash) => hash.finalize().to_vec(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_hashed_as_the_whole() {
        for hash in [Hash::Sha256, Hash::Sha384, Hash::Sha512, Hash::Sha3_256, Hash::Sha3_384, Hash::Sha3_512]
        {
            let mut digester = Digester::new(hash);
            for piece in [&b"one"[..], b"", b"after the other"] {
                digester.update(piece);
            }
            assert_eq!(digester.finish(), hash.digest(&[b"oneafter the other"]), "{hash:?}");
        }
    }
}
