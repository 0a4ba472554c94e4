//! Digests over ranges of a file, read once for all signatures whose ranges begin alike.

use std::{collections::BTreeMap, ops::Range};

use bitaqa_trust::public_key::Hasher;

use crate::{
    Hash,
    pdf::{Source, SourceError, source::read_in_pieces},
};

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
        let (from, mut hasher) =
            nearest.map_or_else(|| (0, hash.hasher()), |((_, position), state)| (*position, state.clone()));
        read_in_pieces(self.source, from..gap.start, |bytes| hasher.update(bytes))?;
        self.states.insert((key, gap.start), hasher.clone());
        read_in_pieces(self.source, gap.end..end, |bytes| hasher.update(bytes))?;
        Ok(hasher.finish())
    }
}
