//! A chip in a reader: one transaction to find out what opens it, another one to open and use it. What opens it is asked for
//! between them, so that no transaction waits for a person.

use std::io::{self, IsTerminal as _, Write as _};

use bitaqa_card::{
    CardError,
    channel::Channel,
    chip_session::{AccessKey, AccessRefusal, ChipAccess, ChipSession, OpenVerdict},
    file::Selection,
    gcc::GccCard,
    lds::Progress,
    profile::Link,
};
use bitaqa_host::{
    reader::{
        CardPresence, Connection, ReaderSeen,
        connection::{AfterTransaction, ConnectionError, Usage},
        transport::PcscTransport,
    },
    system_random,
};

use super::{CardFault, name};

/// What is in the reader.
pub(super) enum Found {
    /// A chip with the data of a travel document or identity card.
    Icao(ChipAccess),
    /// A card with GCC data files, which are free to read.
    Gcc(GccCard),
}

/// Finds out what is in the reader.
pub(super) async fn find(reader: &ReaderSeen) -> Result<Found, CardFault> {
    let atr = atr(reader)?;
    let found = on_card(reader, move |transport| {
        let mut channel = Channel::new(transport, Link::CAUTIOUS).with_answer_to_reset(&atr);
        if let Some(access) = ChipAccess::find(&mut channel, &mut Selection::default())? {
            return Ok(Some(Found::Icao(access)));
        }
        Ok(GccCard::find(&mut channel, &atr)?.map(Found::Gcc))
    });
    found.await?.ok_or_else(|| CardFault::of(reader, CardError::Unknown))
}

/// Opens the chip and works on it.
pub(super) async fn with_chip<T: Send + 'static>(
    reader: &ReaderSeen,
    key: AccessKey,
    work: impl FnOnce(&mut ChipSession<'_>) -> Result<T, CardError> + Send + 'static,
) -> Result<T, CardFault> {
    let atr = atr(reader)?;
    let outcome: Result<T, AccessRefusal> = on_card(reader, move |transport| {
        let mut channel = Channel::new(transport, Link::CAUTIOUS).with_answer_to_reset(&atr);
        let mut selection = Selection::default();
        let access = ChipAccess::find(&mut channel, &mut selection)?.ok_or(CardError::Unknown)?;
        match access.open(channel, selection, &mut system_random, &key)? {
            OpenVerdict::Open(mut session) => work(&mut session).map(Ok),
            OpenVerdict::Refused(refusal) => Ok(Err(refusal)),
        }
    })
    .await?;
    outcome.map_err(|refusal| CardFault::Closed { reader: name(reader), refusal })
}

/// Runs this in one transaction, after which the card is reset: no session stays open on it.
pub(super) async fn on_card<T: Send + 'static>(
    reader: &ReaderSeen,
    work: impl FnOnce(&mut PcscTransport<'_>) -> Result<T, CardError> + Send + 'static,
) -> Result<T, CardFault> {
    let connection = Connection::open(reader.name.clone())?;
    let done: Result<(Result<T, CardError>, Usage), ConnectionError> =
        connection.transaction(AfterTransaction::Reset, work).await;
    let (outcome, _) = done.map_err(|error| CardFault::of(reader, error.into()))?;
    outcome.map_err(|error| CardFault::of(reader, error))
}

pub(super) fn atr(reader: &ReaderSeen) -> Result<Vec<u8>, CardFault> {
    match &reader.card {
        CardPresence::Present { atr } => Ok(atr.clone()),
        CardPresence::Empty | CardPresence::Mute => Err(CardFault::NoCard(name(reader))),
    }
}

/// Shows on a terminal how far a file is read.
pub(super) fn show_progress() -> impl FnMut(Progress) + Send {
    let is_shown = io::stderr().is_terminal();
    move |Progress { file, done, total }| {
        if is_shown {
            let end = if done == total { "\n" } else { "" };
            let _ = write!(io::stderr(), "\r{}: {done} of {total} bytes{end}", file.name());
        }
    }
}
