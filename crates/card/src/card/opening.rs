//! A card whose application is behind PACE: how that is found out, and how such a card is opened.
//!
//! Over the contactless interface a card may give its application to nobody who has not read what is printed on it. The card
//! says so itself: EF.CardAccess offers PACE, and either what would be used is refused without protection, or an access rule of
//! this interface asks for it. No password is tried to find out.

use std::sync::Arc;

use super::Card;
use crate::{
    access_rule::Interface,
    channel::Channel,
    chip_session::{
        AccessControl, AccessKey, AccessRefusal, CardAccessVerdict, ChipAccess, ChipSession, NO_PACE,
        OpenVerdict, open_by_pace,
    },
    discovery,
    error::{CardError, Misbehaviour},
    file::{Selection, select_master_file},
    layout::{Layout, Opened, OpenedBy},
    lds::ElementaryFile,
    pace::MSE_SET_AT,
    profile::{Link, Profile},
    random::Random,
    transport::Transport,
};

/// What came of opening a card.
pub enum CardOpening<'t> {
    /// It is open: what follows goes through secure messaging.
    Open(Box<Card<'t>>),
    /// It stays closed, and nothing more was asked of it.
    Refused(AccessRefusal),
}

impl<'t> Card<'t> {
    /// Opens the card with PACE, in the best variant that its EF.CardAccess offers, and finds out what it is under protection, as
    /// [`discover`](Self::discover) does without. EF.CardAccess is compared with EF.CardSecurity where the card has it.
    ///
    /// Reset the card when the transaction ends, so that no session stays open on it, and no PIN verified.
    ///
    /// # Errors
    /// [`CardError::DocumentOnly`] if there is nothing in it that signs; [`CardError::Unsupported`] if the card offers no PACE, or
    /// none that we speak; misbehaviour, also of an EF.CardAccess that differs from its signed copy; refusals that are no verdict
    /// on the key; transport faults. A wrong key is no error: see [`CardOpening`].
    pub fn open(
        transport: &'t mut dyn Transport,
        atr: &[u8],
        profiles: &[Profile],
        random: &mut dyn Random,
        key: &AccessKey,
    ) -> Result<CardOpening<'t>, CardError> {
        let mut channel = Channel::new(transport, Link::CAUTIOUS).with_answer_to_reset(atr);
        let mut selection = Selection::default();
        let access = ChipAccess::find(&mut channel, &mut selection)?.ok_or(NO_PACE)?;
        if access.control == AccessControl::Bac {
            return Err(NO_PACE);
        }
        Ok(match access.open(channel, selection, random, key)? {
            OpenVerdict::Open(session) => CardOpening::Open(Self::of_chip(*session, atr, profiles)?),
            OpenVerdict::Refused(refusal) => CardOpening::Refused(refusal),
        })
    }

    /// The card of a chip that was opened with PACE: EF.CardAccess is compared with its signed copy, and then it is found out, in
    /// the same session, what the card is. What was read of the chip before and what it signs after this are of one card.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn of_chip(
        mut session: ChipSession<'t>,
        atr: &[u8],
        profiles: &[Profile],
    ) -> Result<Box<Self>, CardError> {
        if session.access().control == AccessControl::Bac {
            return Err(NO_PACE);
        }
        let by = session.opened_by();
        let opened = Opened { control: session.access().control, by, link: session.access().link() };
        if session.compare_with_card_security()? == CardAccessVerdict::Differs {
            return Err(Misbehaviour::CardAccess { signed: ElementaryFile::CardSecurity.name() }.into());
        }
        let (mut channel, mut selection) = session.into_channel();
        let layout = match discovery::discover(&mut channel, &mut selection, atr, profiles) {
            Err(CardError::Unknown) => return Err(CardError::DocumentOnly),
            found => Layout { opened: Some(opened), ..found? },
        };
        channel.set_link(layout.link);
        Ok(Box::new(Self {
            channel,
            selection,
            layout: Arc::new(layout),
            opened_by_reader: by == OpenedBy::Reader,
        }))
    }

    /// The same of a card whose layout is known from an earlier transaction. Nothing is sent yet.
    #[must_use]
    pub fn of_chip_with_layout(session: ChipSession<'t>, layout: Arc<Layout>) -> Self {
        let by = session.opened_by();
        let (mut channel, selection) = session.into_channel();
        channel.set_link(layout.link);
        let opened_by_reader = by == OpenedBy::Reader;
        Self { channel, selection, layout: layout.opened_by(by), opened_by_reader }
    }

    /// Opens a card whose layout is known from an earlier transaction, after which it was reset: PACE in the same variant, and
    /// nothing else yet.
    ///
    /// # Errors
    /// As [`open`](Self::open); [`CardError::Unsupported`] if the layout says that the card was not opened.
    pub fn open_with_layout(
        transport: &'t mut dyn Transport,
        layout: Arc<Layout>,
        random: &mut dyn Random,
        key: &AccessKey,
    ) -> Result<CardOpening<'t>, CardError> {
        let Some(Opened { control: AccessControl::Pace(variant), link, .. }) = layout.opened else {
            return Err(NO_PACE);
        };
        let mut channel = Channel::new(transport, link);
        let outcome = match open_by_pace(&mut channel, random, &variant, key) {
            // nothing was tried: another program may have left the card in a directory where it does not offer PACE
            Err(CardError::Refused { command: MSE_SET_AT, .. }) => {
                select_master_file(&mut channel)?;
                open_by_pace(&mut channel, random, &variant, key)
            }
            outcome => outcome,
        };
        if let Err(refusal) = outcome? {
            return Ok(CardOpening::Refused(refusal));
        }
        channel.set_link(layout.link);
        let layout = layout.opened_by(OpenedBy::Terminal);
        let card = Self { channel, selection: Selection::default(), layout, opened_by_reader: false };
        Ok(CardOpening::Open(Box::new(card)))
    }

    /// What was found under protection is not asked for without, and no PIN goes to the card in the clear.
    pub(super) fn demand_opening(&self) -> Result<(), CardError> {
        match self.layout.opened {
            Some(Opened { control, .. }) if self.channel.is_in_the_clear() && !self.opened_by_reader => {
                Err(CardError::Closed(control))
            }
            _ => Ok(()),
        }
    }

    /// A key pad is not asked for what its reader cannot protect.
    pub(super) fn demand_pin_pad(&self) -> Result<(), CardError> {
        if self.channel.is_in_the_clear() { Ok(()) } else { Err(CardError::PinPadInSession) }
    }
}

/// What was found without opening, unless the card says that it has to be opened.
///
/// # Errors
/// [`CardError::Closed`] and [`CardError::DocumentOnly`]; what the search found wrong; transport faults.
pub(super) fn unless_closed(
    channel: &mut Channel<'_>,
    selection: &mut Selection,
    atr: &[u8],
    found: Result<Layout, CardError>,
) -> Result<Layout, CardError> {
    // a card that is free as it is pays no command for this
    let is_suspect = match &found {
        Ok(layout) => layout.pace_first(Interface::of_atr(atr)),
        Err(CardError::Unknown) => true,
        Err(CardError::Refused { .. }) => channel.found_closed(),
        Err(_) => false,
    };
    if !is_suspect {
        return found;
    }
    let is_unknown = found == Err(CardError::Unknown);
    match ChipAccess::find(channel, selection) {
        Err(error @ (CardError::Transport(_) | CardError::Unsupported(_))) => Err(error),
        Ok(Some(ChipAccess { control: control @ AccessControl::Pace(_), .. }))
            if !is_unknown || channel.found_closed() =>
        {
            Err(CardError::Closed(control))
        }
        Ok(Some(_)) if is_unknown => Err(CardError::DocumentOnly),
        // no chip that is opened so, or one whose EF.CardAccess is none
        _ => found,
    }
}
