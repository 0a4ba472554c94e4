//! A chip in a reader: one transaction to find out what opens it, another one to open and use it. What opens it is asked for
//! between them, so that no transaction waits for a person.

use std::io::{self, IsTerminal as _, Write as _};

use bitaqa_card::{
    CardError, Transport as _,
    channel::Channel,
    chip_session::{AccessControl, AccessRefusal, ChipAccess, ChipSession, OpenVerdict},
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

use super::{
    CardFault,
    access_key::KeySource,
    access_on_reader::{is_typed_on_reader, on_reader},
    name,
};

/// What is in the reader.
pub(super) enum Found {
    /// A chip with the data of a travel document or identity card.
    Icao(ClosedChip),
    /// A card with GCC data files, which are free to read.
    Gcc(GccCard),
}

/// A chip, and what opens it.
pub(super) struct ClosedChip {
    /// How it is opened.
    pub(super) control: AccessControl,
    /// Whether the reader can do that.
    executes_pace: bool,
}

/// Finds out what is in the reader.
pub(super) async fn find(reader: &ReaderSeen) -> Result<Found, CardFault> {
    let atr = atr(reader)?;
    let found = on_card(reader, move |transport| {
        let executes_pace = transport.executes_pace();
        let mut channel = Channel::new(transport, Link::CAUTIOUS).with_answer_to_reset(&atr);
        if let Some(access) = ChipAccess::find(&mut channel, &mut Selection::default())? {
            return Ok(Some(Found::Icao(ClosedChip { control: access.control, executes_pace })));
        }
        Ok(GccCard::find(&mut channel, &atr)?.map(Found::Gcc))
    });
    found.await?.ok_or_else(|| CardFault::of(reader, CardError::Unknown))
}

/// Opens the chip, with what is in a file, typed on the reader or typed here, and works on it.
pub(super) async fn with_chip<T: Send + 'static>(
    reader: &ReaderSeen,
    closed: &ClosedChip,
    key: &KeySource,
    work: impl FnOnce(&mut ChipSession<'_>) -> Result<T, CardError> + Clone + Send + 'static,
) -> Result<T, CardFault> {
    let atr = atr(reader)?;
    if is_typed_on_reader(closed.executes_pace, closed.control, key) {
        let (atr, work) = (atr.clone(), work.clone());
        let connection = Connection::open(reader.name.clone())?;
        let opened = on_reader(reader, &connection, move |transport| {
            let mut channel = Channel::new(transport, Link::CAUTIOUS).with_answer_to_reset(&atr);
            let mut selection = Selection::default();
            let access = ChipAccess::find(&mut channel, &mut selection)?.ok_or(CardError::Unknown)?;
            access.open_on_reader(channel, selection)?.and_then(|mut session| work(&mut session))
        });
        if let Some(done) = opened.await? {
            return Ok(done);
        }
    }
    let key = key.key(closed.control)?;
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
