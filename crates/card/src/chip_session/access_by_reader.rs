//! A chip that the reader opens: it takes the card access number on its own keys, runs PACE, and protects what follows (PC/SC
//! part 10, amendment 1). Neither the number nor a session key reaches this program.

use super::{
    access::{AccessControl, AccessRefusal, ChipAccess, refusal_of_number},
    session::ChipSession,
};
use crate::{
    channel::Channel,
    error::CardError,
    file::Selection,
    layout::OpenedBy,
    pace::verdict_on_number,
    transport::{PaceOnReader, Transport, TransportError},
};

pub(crate) const NO_PACE: CardError = CardError::Unsupported("opening a card that offers no PACE");

/// What came of having the reader open a card.
#[derive(Debug)]
pub enum ReaderOpening<T> {
    /// It is open.
    Open(T),
    /// It stays closed.
    Refused(AccessRefusal),
    /// The person pressed the cancel key; nothing was tried.
    Cancelled,
    /// The person typed nothing in time; nothing was tried.
    TimedOut,
}

impl<T> ReaderOpening<T> {
    /// The same with something else of what is open.
    ///
    /// # Errors
    /// What `with` fails with.
    pub fn and_then<U>(
        self,
        with: impl FnOnce(T) -> Result<U, CardError>,
    ) -> Result<ReaderOpening<U>, CardError> {
        Ok(match self {
            Self::Open(open) => ReaderOpening::Open(with(open)?),
            Self::Refused(refusal) => ReaderOpening::Refused(refusal),
            Self::Cancelled => ReaderOpening::Cancelled,
            Self::TimedOut => ReaderOpening::TimedOut,
        })
    }
}

impl ChipAccess {
    /// Has the reader open the chip (`Transport::executes_pace`), over the channel on which it was found. It blocks until the
    /// person has typed the card access number, cancels, or the time is over.
    ///
    /// # Errors
    /// [`CardError::Unsupported`] for a chip that offers no PACE; refusals that are no verdict on the number; transport faults,
    /// also where the reader does not run PACE or fails at it.
    pub fn open_on_reader<'t>(
        self,
        mut channel: Channel<'t>,
        mut selection: Selection,
    ) -> Result<ReaderOpening<Box<ChipSession<'t>>>, CardError> {
        if self.control == AccessControl::Bac {
            return Err(NO_PACE);
        }
        channel.set_link(self.link);
        execute_pace(&mut channel)?.and_then(|()| {
            // the reader may have selected something else for it
            selection.forget();
            Ok(Box::new(ChipSession { channel, selection, access: self, pace: None, by: OpenedBy::Reader }))
        })
    }
}

impl ChipAccess {
    /// The chip that the reader opened in an earlier transaction, and that nobody has reset since. Nothing is sent yet. A card that was
    /// put in its place does not have the keys of the reader's session: it refuses what comes next.
    #[must_use]
    pub fn opened_on_reader_before(self, transport: &mut dyn Transport) -> ChipSession<'_> {
        let channel = Channel::new(transport, self.link);
        ChipSession {
            channel,
            selection: Selection::default(),
            access: self,
            pace: None,
            by: OpenedBy::Reader,
        }
    }
}

/// PACE by the reader. Afterwards the channel is protected below this program.
pub(crate) fn execute_pace(channel: &mut Channel<'_>) -> Result<ReaderOpening<()>, CardError> {
    Ok(match channel.execute_pace()? {
        PaceOnReader::Open => ReaderOpening::Open(()),
        PaceOnReader::Cancelled => ReaderOpening::Cancelled,
        PaceOnReader::TimedOut => ReaderOpening::TimedOut,
        PaceOnReader::WrongKey => ReaderOpening::Refused(AccessRefusal::CanWrong { tries_left: None }),
        PaceOnReader::Refused { command, status } => {
            let verdict = verdict_on_number(command, status).map_err(|_| {
                // it sent what the card does not understand, or at the wrong time: another number would not help
                TransportError::Fault(format!("PACE on the reader: the card refused {command} ({status})"))
            })?;
            ReaderOpening::Refused(refusal_of_number(&verdict))
        }
    })
}
