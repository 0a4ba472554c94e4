//! Several cards at once: a reader that another program holds up keeps nobody from a card in another reader.

use std::{collections::HashMap, ffi::CString, time::Duration};

use bitaqa_card::{TransportError, layout::OpenedBy};

use super::{MISSING_LIMIT, verdict::Verdict};
use crate::reader::{CardPresence, ReaderSeen, Snapshot, Usage};

/// How long each of several readers that other programs hold up is waited for before the next has its turn.
const TURN: Duration = Duration::from_secs(5);

/// Cards that were judged before.
pub(super) type Judged = HashMap<Place, Finding>;

/// Why a card cannot be used as it is.
#[derive(Debug, Clone)]
pub(super) enum Finding {
    /// It opens with the number printed on it, which is typed in our window or on the reader.
    Closed(OpenedBy),
    /// It cannot be used at all.
    Unusable(Verdict),
}

/// A reader's name, and which insertion into it.
pub(crate) type Place = (CString, u64);

pub(super) fn place(reader: &ReaderSeen) -> Place {
    (reader.name.clone(), reader.insertion)
}

/// The other cards that are there while one is looked at.
pub(super) struct Around {
    /// Where cards were when this look around began.
    places: Vec<Place>,
    /// How long another program's transaction on this reader is waited for before the other cards have their turn.
    pub(super) patience: Duration,
}

impl Around {
    /// While the card at `index` is looked at, after cards with this verdict.
    pub(super) fn of(
        readers: &[ReaderSeen],
        index: usize,
        judged: &Judged,
        verdict: Option<&Verdict>,
    ) -> Self {
        let after = readers.get(index + 1..).unwrap_or_default();
        let patience = if after.iter().any(|reader| !judged.contains_key(&place(reader))) {
            Duration::ZERO
        } else if verdict == Some(&Verdict::Busy) {
            TURN
        } else {
            MISSING_LIMIT
        };
        Self { places: readers.iter().map(place).collect(), patience }
    }

    /// While one of several cards is asked about, all of which were looked at.
    pub(super) fn all(readers: &[ReaderSeen]) -> Self {
        Self { places: readers.iter().map(place).collect(), patience: MISSING_LIMIT }
    }

    /// Whether a card came to another place since.
    pub(super) fn is_joined(&self, snapshot: &Option<Snapshot>) -> bool {
        let Some(Snapshot::Readers(readers)) = snapshot else { return false };
        readers
            .iter()
            .any(|reader| reader.card != CardPresence::Empty && !self.places.contains(&place(reader)))
    }
}

/// What came of waiting for a transaction.
pub(super) enum WhileBusy<T> {
    /// It ended.
    Ended(Result<(T, Usage), TransportError>),
    /// The card left its reader.
    Gone,
    /// It did not begin, and there are other cards to be looked at.
    AnotherCard,
}
