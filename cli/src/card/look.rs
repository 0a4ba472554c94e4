//! A look at a card, which is opened where it has to be.
//!
//! One transaction without protection. If the card says that what it holds is behind PACE, what opens it is taken from a file or
//! asked for, and another transaction opens the card and looks at it: no transaction waits for a person.

use std::sync::Arc;

use bitaqa_card::{
    Card, CardError, CardOpening, Layout, Profile,
    chip_session::{AccessKey, AccessRefusal},
};
use bitaqa_host::{
    reader::{Connection, ReaderSeen, connection::AfterTransaction},
    system_random,
};

use super::{
    CardFault,
    access_key::{AskedOn, KeySource},
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
    pub(super) key: Option<Arc<AccessKey>>,
    /// The profiles by which it was recognised.
    pub(super) profiles: Arc<Vec<Profile>>,
    /// What else was read.
    pub(super) seen: T,
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
            let mut card = Card::discover(transport, &atr, &profiles)?;
            seen(&mut card, &*read)
        })
    };
    let (free, _) = free.await.map_err(|error| fault(error.into()))?;
    let control = match free {
        Ok((layout, seen)) => return Ok(Look { connection, layout, key: None, profiles, seen }),
        Err(CardError::Closed(control)) => control,
        Err(error) => return Err(fault(error)),
    };
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
    Ok(Look { connection, layout, key: Some(key), profiles, seen })
}

fn seen<T>(
    card: &mut Card<'_>,
    read: impl Fn(&mut Card<'_>) -> Result<T, CardError>,
) -> Result<Seen<T>, CardError> {
    let seen = read(card)?;
    Ok((Arc::clone(card.layout()), seen))
}
