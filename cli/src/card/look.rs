//! A look at a card, which is opened where it has to be.
//!
//! One transaction without protection. If the card says that what it holds is behind PACE, what opens it is taken from a file or
//! asked for, and another transaction opens the card and looks at it: no transaction waits for a person. A reader that takes the
//! number on its own keys waits for it itself, in that second transaction.

use std::sync::Arc;

use bitaqa_card::{
    Card, CardError, CardOpening, Layout, Profile, ReaderOpening, Transport as _,
    chip_session::{AccessKey, AccessRefusal},
};
use bitaqa_host::{
    reader::{Connection, ReaderSeen, connection::AfterTransaction},
    system_random,
};

use super::{
    CardFault,
    access_key::{AskedOn, KeySource},
    access_on_reader::{is_typed_on_reader, on_reader},
    chip::atr,
    name,
    profiles::known_profiles,
};

/// What opens a card, should it be closed, and what happens then.
#[derive(Clone, Copy)]
pub(super) struct Opening<'a> {
    /// Where what opens it comes from.
    pub(super) key: &'a KeySource,
    /// Where it is asked for.
    pub(super) asked_on: AskedOn,
    /// What happens to the card when it was opened and looked at. A card that is free is left as it is.
    pub(super) afterwards: AfterTransaction,
}

/// A card that was looked at.
pub(super) struct Look<T> {
    /// It stays connected.
    pub(super) connection: Connection,
    /// What it holds.
    pub(super) layout: Arc<Layout>,
    /// What opened it, if it was closed.
    pub(super) opened_with: OpenedWith,
    /// The profiles by which it was recognised.
    pub(super) profiles: Arc<Vec<Profile>>,
    /// What else was read.
    pub(super) seen: T,
}

/// What opened a card.
pub(super) enum OpenedWith {
    /// Nothing: it was not closed.
    Nothing,
    /// This key.
    Key(Arc<AccessKey>),
    /// The reader, which keeps it open if it is to be left as it is.
    Reader,
}

/// What one transaction brings.
type Seen<T> = (Arc<Layout>, T);

/// Looks at a card, with something more to be read in the same transaction.
pub(super) async fn look<T: Send + 'static>(
    reader: &ReaderSeen,
    opening: Opening<'_>,
    read: impl Fn(&mut Card<'_>) -> Result<T, CardError> + Send + Sync + 'static,
) -> Result<Look<T>, CardFault> {
    let fault = |error| CardFault::of(reader, error);
    let profiles = Arc::new(known_profiles()?);
    let atr = Arc::new(atr(reader)?);
    let read = Arc::new(read);
    let connection = Connection::open(reader.name.clone())?;
    let free = {
        let (atr, profiles, read) = (Arc::clone(&atr), Arc::clone(&profiles), Arc::clone(&read));
        connection.transaction(AfterTransaction::Leave, move |transport| {
            let executes_pace = transport.executes_pace();
            let card = Card::discover(transport, &atr, &profiles);
            (card.and_then(|mut card| seen(&mut card, &*read)), executes_pace)
        })
    };
    let ((free, executes_pace), _) = free.await.map_err(|error| fault(error.into()))?;
    let control = match free {
        Ok((layout, seen)) => {
            return Ok(Look { connection, layout, opened_with: OpenedWith::Nothing, profiles, seen });
        }
        Err(CardError::Closed(control)) => control,
        Err(error) => return Err(fault(error)),
    };
    if is_typed_on_reader(executes_pace, control, opening.key) {
        let (atr, profiles_here, read) = (Arc::clone(&atr), Arc::clone(&profiles), Arc::clone(&read));
        let is_kept = opening.afterwards == AfterTransaction::Leave;
        let opened = on_reader(reader, &connection, move |transport| {
            let opened = Card::open_on_reader(transport, &atr, &profiles_here)?
                .and_then(|mut card| seen(&mut card, &*read))?;
            if is_kept && matches!(opened, ReaderOpening::Open(_)) {
                transport.keep_channel();
            }
            Ok(opened)
        });
        if let Some((layout, seen)) = opened.await? {
            return Ok(Look { connection, layout, opened_with: OpenedWith::Reader, profiles, seen });
        }
    }
    let key = Arc::new(opening.key.key_of(reader, control, opening.asked_on)?);
    let opened = {
        let (key, profiles) = (Arc::clone(&key), Arc::clone(&profiles));
        connection.transaction(
            opening.afterwards,
            move |transport| -> Result<Result<Seen<T>, AccessRefusal>, CardError> {
                match Card::open(transport, &atr, &profiles, &mut system_random, &key)? {
                    CardOpening::Open(mut card) => seen(&mut card, &*read).map(Ok),
                    CardOpening::Refused(refusal) => Ok(Err(refusal)),
                }
            },
        )
    };
    let (opened, _) = opened.await.map_err(|error| fault(error.into()))?;
    let (layout, seen) =
        opened.map_err(fault)?.map_err(|refusal| CardFault::Closed { reader: name(reader), refusal })?;
    Ok(Look { connection, layout, opened_with: OpenedWith::Key(key), profiles, seen })
}

fn seen<T>(
    card: &mut Card<'_>,
    read: impl Fn(&mut Card<'_>) -> Result<T, CardError>,
) -> Result<Seen<T>, CardError> {
    let seen = read(card)?;
    Ok((Arc::clone(card.layout()), seen))
}
