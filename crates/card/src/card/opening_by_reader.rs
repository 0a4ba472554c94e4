//! A card that the reader opens ([`ChipAccess::open_on_reader`]). PINs can be typed on the same keys, and one that is typed here
//! is protected by the reader.

use std::sync::Arc;

use super::Card;
use crate::{
    channel::Channel,
    chip_session::{ChipAccess, NO_PACE, ReaderOpening, execute_pace},
    error::CardError,
    file::Selection,
    layout::{Layout, OpenedBy},
    profile::{Link, Profile},
    transport::Transport,
};

impl<'t> Card<'t> {
    /// Has the reader open the card ([`Transport::executes_pace`]), and finds out what it is, as [`open`](Self::open) does. It
    /// blocks until the person has typed the number, cancels, or the time is over.
    ///
    /// Until the card is reset, the reader protects what anybody sends to it: reset it when it is not needed any more.
    ///
    /// # Errors
    /// As [`open`](Self::open); transport faults also where the reader does not run PACE, or fails at it.
    pub fn open_on_reader(
        transport: &'t mut dyn Transport,
        atr: &[u8],
        profiles: &[Profile],
    ) -> Result<ReaderOpening<Box<Self>>, CardError> {
        let mut channel = Channel::new(transport, Link::CAUTIOUS).with_answer_to_reset(atr);
        let mut selection = Selection::default();
        let access = ChipAccess::find(&mut channel, &mut selection)?.ok_or(NO_PACE)?;
        access.open_on_reader(channel, selection)?.and_then(|session| Self::of_chip(*session, atr, profiles))
    }

    /// Has the reader open a card whose layout is known from an earlier transaction, and nothing else yet.
    ///
    /// # Errors
    /// As [`open_on_reader`](Self::open_on_reader); [`CardError::Unsupported`] if the layout says that the card was not opened.
    pub fn open_on_reader_with_layout(
        transport: &'t mut dyn Transport,
        layout: Arc<Layout>,
    ) -> Result<ReaderOpening<Box<Self>>, CardError> {
        let mut channel = Channel::new(transport, layout.link);
        if layout.opened.is_none() {
            return Err(NO_PACE);
        }
        execute_pace(&mut channel)?.and_then(|()| Ok(Box::new(Self::still_open_on_reader(channel, layout))))
    }

    /// A card that the reader opened in an earlier transaction, and that nobody has reset since. Nothing is sent yet. A card that
    /// was put in its place does not have the keys of the reader's session: it refuses what comes next.
    #[must_use]
    pub fn opened_on_reader_before(transport: &'t mut dyn Transport, layout: Arc<Layout>) -> Self {
        let channel = Channel::new(transport, layout.link);
        Self::still_open_on_reader(channel, layout)
    }

    fn still_open_on_reader(channel: Channel<'t>, layout: Arc<Layout>) -> Self {
        let layout = layout.opened_by(OpenedBy::Reader);
        Self { channel, selection: Selection::default(), layout, opened_by_reader: true }
    }
}
