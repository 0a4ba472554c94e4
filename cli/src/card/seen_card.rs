//! A card that was looked at and stays connected, for the one command that costs a try.
//!
//! Nobody is kept from the card while somebody types, so the second transaction begins only where the card stayed what it was.

use std::sync::Arc;

use bitaqa_card::{Card, CardError, CardOpening, Layout, pin::CHANGE_SCRATCH_LENGTH};
use bitaqa_host::{
    reader::{Connection, ReaderSeen, connection::AfterTransaction},
    system_random,
};
use zeroize::Zeroizing;

use super::{CardFault, look::OpenedWith, pin::PinFault};

/// A card that was looked at.
pub(super) struct SeenCard {
    pub(super) reader: ReaderSeen,
    pub(super) connection: Connection,
    pub(super) layout: Arc<Layout>,
    /// What opened it, if it was closed.
    pub(super) opened_with: OpenedWith,
}

impl SeenCard {
    /// Acts in a second transaction, with memory for what is typed. The card is reset afterwards, so that nothing stays verified.
    pub(super) async fn act<T: Send + 'static>(
        self,
        act: impl FnOnce(&mut Card<'_>, &mut [u8]) -> Result<T, CardError> + Send + 'static,
    ) -> Result<T, CardFault> {
        let Self { reader, connection, layout, opened_with } = self;
        let done = connection.transaction(AfterTransaction::Reset, move |transport| {
            if !transport.is_continued() {
                return Ok(None);
            }
            let mut scratch = Zeroizing::new([0; CHANGE_SCRATCH_LENGTH]);
            let key = match opened_with {
                OpenedWith::Nothing => {
                    return act(&mut Card::with_layout(transport, layout), &mut *scratch).map(Some);
                }
                OpenedWith::Reader if !transport.has_channel() => return Ok(None),
                OpenedWith::Reader => {
                    let mut card = Card::opened_on_reader_before(transport, layout);
                    return act(&mut card, &mut *scratch).map(Some);
                }
                OpenedWith::Key(key) => key,
            };
            match Card::open_with_layout(transport, layout, &mut system_random, &key)? {
                CardOpening::Open(mut card) => act(&mut card, &mut *scratch).map(Some),
                // what opened it a moment ago does not: it is another card
                CardOpening::Refused(_) => Ok(None),
            }
        });
        let (outcome, _) = done.await.map_err(|error| CardFault::of(&reader, error.into()))?;
        let outcome: Option<T> = outcome.map_err(|error| CardFault::of(&reader, error))?;
        Ok(outcome.ok_or(PinFault::CardChanged)?)
    }
}
