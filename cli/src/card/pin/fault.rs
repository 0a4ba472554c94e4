//! Why a PIN was not sent to the card.

use crate::Verdict;

/// Something about a PIN, before it costs a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PinFault {
    /// Too short, too long, or of other characters.
    #[error(
        "{what} does not fit: this card takes {least} to {most} {characters}; nothing was sent to the card"
    )]
    DoesNotFit {
        /// Which of those asked for.
        what: &'static str,
        /// Fewest characters.
        least: u8,
        /// Most characters.
        most: u8,
        /// Which characters.
        characters: &'static str,
    },
    /// Typed differently the second time.
    #[error("the new PIN was not the same twice; nothing was sent to the card")]
    NotTheSame,
    /// The new one is the old one.
    #[error("the new PIN is the old one; nothing was sent to the card")]
    NotNew,
    /// The card says so.
    #[error("the PIN is wrong{}; nothing was signed", tries_left.map_or(String::new(), |left| format!(", tries left: {left}")))]
    Wrong {
        /// Tries left, where the card says so.
        tries_left: Option<u8>,
    },
    /// The card says no more than that.
    #[error("the card did not accept the PIN; nothing was signed")]
    NotAccepted,
    /// No tries are left.
    #[error(
        "the PIN is blocked: no tries are left\n`bitaqa card pin unblock` gives them back, with the PUK."
    )]
    Blocked,
    /// No tries are left of the PUK either.
    #[error("the PUK is blocked: no tries are left\nOnly the issuer of the card can help.")]
    PukBlocked,
    /// The profile does not say how.
    #[error("how this card unblocks a PIN is not known\nAsk its issuer.")]
    NoPuk,
    /// The card compares a fingerprint instead.
    #[error("this key has no PIN: the card wants a fingerprint before it is used")]
    Fingerprint,
    /// The card says so.
    #[error("this card does not let its PIN be changed")]
    CannotBeChanged,
    /// It has no PIN of the holder yet.
    #[error(
        "the PIN is not activated yet\n`bitaqa card pin activate` does it, with the PIN that came with the card."
    )]
    NotActivated,
    /// It has one.
    #[error("the PIN is activated already\n`bitaqa card pin change` changes it.")]
    Activated,
    /// Another card, or another program.
    #[error("the card was taken out or reset while the PIN was typed; nothing was sent to it\nTry again.")]
    CardChanged,
}

impl PinFault {
    /// What was typed could not be sent; everything else is a no of the card.
    pub(crate) const fn verdict(self) -> Verdict {
        match self {
            Self::DoesNotFit { .. } | Self::NotTheSame | Self::NotNew => Verdict::NotAsked,
            _ => Verdict::No,
        }
    }
}
