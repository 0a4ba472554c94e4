//! A card that the reader opens, with the card access number from its own keys: the person is told where to type it.

use std::io::{self, Write as _};

use bitaqa_card::{CardError, ReaderOpening, TransportError, chip_session::AccessControl};
use bitaqa_host::reader::{
    Connection, ReaderSeen, connection::AfterTransaction, connection::Usage, transport::PcscTransport,
};

use super::{CardFault, access_key::KeySource, name};
use crate::printable::Printable;

/// Whether the number of a card that is opened so is typed on the reader: it can take it, and no file holds what opens the card.
pub(super) const fn is_typed_on_reader(executes_pace: bool, control: AccessControl, key: &KeySource) -> bool {
    executes_pace && matches!(control, AccessControl::Pace(_)) && key.is_asked_for()
}

/// Has the reader open the card, and something done with it, in one transaction. `None` where the reader fails at it, which is
/// said: then the number is asked for on the terminal.
pub(super) async fn on_reader<T: Send + 'static>(
    reader: &ReaderSeen,
    connection: &Connection,
    work: impl FnOnce(&mut PcscTransport<'_>) -> Result<ReaderOpening<T>, CardError> + Send + 'static,
) -> Result<Option<T>, CardFault> {
    let shown = name(reader);
    let shown = Printable(&shown);
    writeln!(
        io::stderr(),
        "{shown}: type the card access number, as printed on the card, on the keys of the reader."
    )?;
    let done: Result<(Result<ReaderOpening<T>, CardError>, Usage), TransportError> =
        connection.transaction(AfterTransaction::Reset, work).await;
    match done.map_err(CardError::from).and_then(|(outcome, _)| outcome) {
        Ok(ReaderOpening::Open(value)) => Ok(Some(value)),
        Ok(ReaderOpening::Refused(refusal)) => Err(CardFault::Closed { reader: name(reader), refusal }),
        Ok(ReaderOpening::Cancelled) => Err(CardFault::GivenUp),
        Ok(ReaderOpening::TimedOut) => Err(CardFault::NotTyped(name(reader))),
        Err(CardError::Transport(TransportError::Fault(_))) => {
            writeln!(io::stderr(), "{shown}: the reader cannot open this card.")?;
            Ok(None)
        }
        Err(error) => Err(CardFault::of(reader, error)),
    }
}
