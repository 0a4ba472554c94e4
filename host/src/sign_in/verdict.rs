//! Why a card that is there cannot be used, and what the page hears of it.

use bitaqa_card::{CardError, TransportError, apdu::StatusWord};
use bitaqa_protocol::{ErrorCode, ErrorReport};

use crate::window::message::Missing;

/// Why a card that is there is not usable, in rising order of what the person should hear.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Verdict {
    /// It left while it was looked at.
    Gone,
    /// It gives no answer to reset.
    Mute,
    /// It is of no known kind.
    Unknown,
    /// It opens with its machine readable zone alone.
    NumberNotTaken,
    /// It has nothing to sign in with.
    NoCertificate(String),
    /// Its key for documents is not used, for this reason.
    UnsuitableForDocuments(String),
    /// It answers against its standard.
    Misbehaved(String),
    /// The reader failed.
    ReaderFault(String),
    /// Another program holds it.
    Busy,
}

impl Verdict {
    pub(super) fn of(error: &CardError) -> Self {
        match error {
            CardError::Transport(
                TransportError::Removed | TransportError::ReaderGone | TransportError::ServiceStopped,
            ) => Self::Gone,
            CardError::Transport(TransportError::Busy | TransportError::Reset) => Self::Busy,
            CardError::Transport(error) => Self::ReaderFault(error.to_string()),
            // what is closed before any PIN needs to be opened in a way that we do not know
            CardError::Unknown | CardError::Refused { status: StatusWord::SECURITY_STATUS, .. } => {
                Self::Unknown
            }
            // the card is sound, and none that we can use
            CardError::Unsupported(_) => Self::Unknown,
            CardError::NoCredential | CardError::DocumentOnly => Self::NoCertificate(error.to_string()),
            error => Self::Misbehaved(error.to_string()),
        }
    }

    pub(super) const fn missing(&self) -> Missing {
        match self {
            Self::Gone => Missing::Card,
            Self::Mute => Missing::AnsweringCard,
            Self::Unknown
            | Self::NoCertificate(_)
            | Self::UnsuitableForDocuments(_)
            | Self::Misbehaved(_)
            | Self::ReaderFault(_) => Missing::KnownCard,
            Self::NumberNotTaken => Missing::NumberedCard,
            Self::Busy => Missing::FreeReader,
        }
    }

    /// What the page hears if the person gives up here, where it is more than what is missing.
    pub(super) fn report(&self) -> Option<ErrorReport> {
        let (code, detail) = match self {
            Self::NoCertificate(detail) => (ErrorCode::CertificateMissing, detail),
            Self::UnsuitableForDocuments(detail) => (ErrorCode::SigningCertificateUnsuitable, detail),
            Self::Misbehaved(detail) => (ErrorCode::CardMisbehaved, detail),
            Self::ReaderFault(detail) => (ErrorCode::ReaderFault, detail),
            Self::Gone | Self::Mute | Self::Unknown | Self::NumberNotTaken | Self::Busy => return None,
        };
        Some(ErrorReport::new(code).with_detail(detail))
    }
}

/// What the page hears if nobody mends it.
pub(super) const fn code_of(missing: Missing) -> ErrorCode {
    match missing {
        Missing::Service => ErrorCode::ServiceStopped,
        Missing::Reader => ErrorCode::NoReader,
        Missing::Card => ErrorCode::NoCard,
        Missing::KnownCard | Missing::SigningCard => ErrorCode::CardUnknown,
        Missing::NumberedCard => ErrorCode::MrzNeeded,
        Missing::AnsweringCard => ErrorCode::CardMute,
        Missing::FreeReader => ErrorCode::ReaderBusy,
        Missing::SameCard => ErrorCode::CardRemoved,
    }
}
