//! Digests over ranges of a file, read once for all signatures whose ranges begin alike.

use std::{collections::BTreeMap, ops::Range};

use sha2::{Digest, Sha256, Sha384, Sha512};
use sha3::{Sha3_256, Sha3_384, Sha3_512};

use crate::{
    Hash,
    pdf::{Source, SourceError, source::read_in_pieces},
};

/// A digest in the making.
#[derive(Clone)]
pub(super) enum Hasher {
    Sha256(Sha256),
    Sha384(Sha384),
    Sha512(Sha512),
    Sha3_256(Sha3_256),
    Sha3_384(Sha3_384),
    Sha3_512(Sha3_512),
}

impl Hasher {
    pub(super) fn new(hash: Hash) -> Self {
        match hash {
            Hash::Sha256 => Self::Sha256(Sha256::new()),
            Hash::Sha384 => Self::Sha384(Sha384::new()),
            Hash::Sha512 => Self::Sha512(Sha512::new()),
            Hash::Sha3_256 => Self::Sha3_256(Sha3_256::new()),
            Hash::Sha3_384 => Self::Sha3_384(Sha3_384::new()),
            Hash::Sha3_512 => Self::Sha3_512(Sha3_512::new()),
        }
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha256(hasher) => hasher.update(bytes),
            Self::Sha384(hasher) => hasher.update(bytes),
            Self::Sha512(hasher) => hasher.update(bytes),
            Self::Sha3_256(hasher) => hasher.update(bytes),
            Self::Sha3_384(hasher) => hasher.update(bytes),
            Self::Sha3_512(hasher) => hasher.update(bytes),
        }
    }

    pub(super) fn finish(self) -> Vec<u8> {
        match self {
            Self::Sha256(hasher) => hasher.finalize().to_vec(),
            Self::Sha384(hasher) => hasher.finalize().to_vec(),
            Self::Sha512(hasher) => hasher.finalize().to_vec(),
            Self::Sha3_256(hasher) => hasher.finalize().to_vec(),
            Self::Sha3_384(hasher) => hasher.finalize().to_vec(),
            Self::Sha3_512(hasher) => hasher.finalize().to_vec(),
        }
    }
}

/// Digests over a file with a gap. The states at the beginnings of gaps are kept, so that the bytes before many gaps are read
/// once and not for each.
pub(super) struct GapDigests<'s> {
    source: &'s dyn Source,
    states: BTreeMap<(u8, u64), Hasher>,
}

impl<'s> GapDigests<'s> {
    pub(super) const fn new(source: &'s dyn Source) -> Self {
        Self { source, states: BTreeMap::new() }
    }

    /// The digest over everything before `end`, but for the gap.
    pub(super) fn digest(&mut self, hash: Hash, gap: &Range<u64>, end: u64) -> Result<Vec<u8>, SourceError> {
        let key = hash as u8;
        let nearest = self.states.range((key, 0)..=(key, gap.start)).next_back();
        let (from, mut hasher) = nearest
            .map_or_else(|| (0, Hasher::new(hash)), |((_, position), state)| (*position, state.clone()));
        read_in_pieces(self.source, from..gap.start, |bytes| hasher.update(bytes))?;
        self.states.insert((key, gap.start), hasher.clone());
        read_in_pieces(self.source, gap.end..end, |bytes| hasher.update(bytes))?;
        Ok(hasher.finish())
    }
}
