//! What was typed to open a card.

use bitaqa_card::chip_session::{AccessControl, AccessKey, AccessRefusal};
use bitaqa_protocol::identity::answer::Access;

use crate::window::{AccessNumber, MrzEntry};

/// What was typed to open the card, in locked memory.
pub(super) enum Typed {
    /// The number printed on it.
    AccessNumber(AccessNumber),
    /// The same, out of the keystore: nobody typed it, and it may be another card's.
    Remembered(AccessNumber),
    /// Of its machine readable zone.
    Mrz(MrzEntry),
}

impl Typed {
    /// What the card is opened with; nothing where it is no number or zone.
    pub(super) fn key(&self) -> Option<AccessKey> {
        match self {
            Self::AccessNumber(number) | Self::Remembered(number) => number.key(),
            Self::Mrz(entry) => entry.key(),
        }
    }

    /// What it is where it is no number or zone: wrong, without a try.
    pub(super) const fn refused(&self) -> AccessRefusal {
        match self {
            Self::AccessNumber(_) | Self::Remembered(_) => AccessRefusal::CanWrong { tries_left: None },
            Self::Mrz(_) => AccessRefusal::MrzWrong,
        }
    }

    /// Whether it is of the machine readable zone.
    pub(super) const fn is_zone(&self) -> bool {
        matches!(self, Self::Mrz(_))
    }

    /// Whether nobody typed it.
    pub(super) const fn is_remembered(&self) -> bool {
        matches!(self, Self::Remembered(_))
    }

    /// The number printed on the card, where it is that.
    pub(super) const fn number(&self) -> Option<&AccessNumber> {
        match self {
            Self::AccessNumber(number) | Self::Remembered(number) => Some(number),
            Self::Mrz(_) => None,
        }
    }

    /// How the card is opened with it.
    pub(super) const fn access(&self, control: AccessControl) -> Access {
        match (self, control) {
            (_, AccessControl::Bac) => Access::Bac,
            (Self::AccessNumber(_) | Self::Remembered(_), AccessControl::Pace(_)) => Access::PaceCan,
            (Self::Mrz(_), AccessControl::Pace(_)) => Access::PaceMrz,
        }
    }
}
