//! A card access number that is remembered: tried once for an insertion, after the person agreed, and kept where they say so.
//!
//! Before PACE a chip cannot be told apart from others, so the number that was used last may be another card's. That costs the
//! card one wrong try, never its last one, and counts as no mistake of the person.

use std::{
    collections::VecDeque,
    sync::{Arc, PoisonError},
};

use bitaqa_card::{
    CardError,
    channel::Channel,
    chip_session::{AccessControl, AccessRefusal, ChipAccess},
};
use tokio::task::spawn_blocking;

use super::{
    Flow,
    around::{Place, place},
    typed::Typed,
};
use crate::{
    reader::ReaderSeen,
    remembered::{
        Label,
        parent::{Keystore, keep, last_used},
    },
    window::AccessNumber,
};

/// Most insertions of which it is known that the remembered number opens another card.
const MOST_REFUSED: usize = 16;

/// Insertions of cards that the remembered number does not open, the latest last.
pub(crate) type RefusedPlaces = VecDeque<Place>;

/// Why a chip is still closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotOpened {
    /// What was typed does not open it.
    Typed(AccessRefusal),
    /// The remembered number does not, or may not be tried.
    Remembered {
        /// Tries left, where the chip says so.
        tries_left: Option<u8>,
    },
}

/// What the keystore has for a card.
pub(super) struct RememberedNumber(Keystore);

impl RememberedNumber {
    /// Whether a number can be remembered here.
    pub(super) const fn can_be_kept(&self) -> bool {
        !matches!(self.0, Keystore::NotThere)
    }

    /// Whether there is one to be tried.
    pub(super) const fn is_there(&self) -> bool {
        matches!(self.0, Keystore::Holds(_))
    }

    /// The number, once.
    pub(super) fn take(&mut self) -> Option<AccessNumber> {
        if !self.is_there() {
            return None;
        }
        match std::mem::replace(&mut self.0, Keystore::Empty) {
            Keystore::Holds(number) => Some(number),
            Keystore::NotThere | Keystore::Empty => None,
        }
    }
}

impl Flow<'_> {
    /// What the keystore has for the card in this reader. It is not asked about a card that takes no number; a number that did not
    /// open the card is not there again for this insertion.
    pub(super) async fn remembered_number(
        &self,
        reader: &ReaderSeen,
        control: Option<AccessControl>,
    ) -> RememberedNumber {
        if !matches!(control, Some(AccessControl::Pace(_))) {
            return RememberedNumber(Keystore::NotThere);
        }
        let mut remembered = RememberedNumber(spawn_blocking(last_used).await.unwrap_or(Keystore::NotThere));
        if self.refused_places().contains(&place(reader)) {
            remembered.take();
        }
        remembered
    }

    /// The chip in this reader does not open.
    pub(super) fn not_opened(&self, reader: &ReaderSeen, typed: &Typed, refusal: AccessRefusal) -> NotOpened {
        if !typed.is_remembered() {
            return NotOpened::Typed(refusal);
        }
        let mut refused = self.refused_places();
        if refused.len() >= MOST_REFUSED {
            refused.pop_front();
        }
        refused.push_back(place(reader));
        match refusal {
            AccessRefusal::CanWrong { tries_left } => NotOpened::Remembered { tries_left },
            refusal => NotOpened::Typed(refusal),
        }
    }

    /// Keeps the number that opened the card in this reader, if that is wanted. One that was remembered becomes the last used one.
    pub(super) async fn keep_number(&self, reader: &ReaderSeen, typed: &Arc<Typed>, label: Option<Label>) {
        if !typed.is_remembered() && label.is_none() {
            return;
        }
        let typed = Arc::clone(typed);
        let label = label.unwrap_or_default();
        let kept = spawn_blocking(move || typed.number().is_some_and(|number| keep(number, &label).is_ok()));
        // where the keystore went away meanwhile the number is typed next time
        if kept.await.unwrap_or(false) {
            self.refused_places().retain(|refused| *refused != place(reader));
        }
    }

    fn refused_places(&self) -> std::sync::MutexGuard<'_, RefusedPlaces> {
        self.desk.refused_places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a chip may be tried with this: what nobody typed is never its last try, and no try at all where that is left.
pub(super) fn may_be_tried(
    access: &ChipAccess,
    channel: &mut Channel<'_>,
    typed: &Typed,
) -> Result<Result<(), AccessRefusal>, CardError> {
    if !typed.is_remembered() {
        return Ok(Ok(()));
    }
    Ok(match access.number_tries_left(channel)? {
        tries_left @ Some(0 | 1) => Err(AccessRefusal::CanWrong { tries_left }),
        _ => Ok(()),
    })
}
