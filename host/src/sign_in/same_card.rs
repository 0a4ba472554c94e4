//! The card that the person was asked about, or none: what a PIN is presented to, and what signs.

use std::sync::{Arc, Weak};

use bitaqa_card::{
    Card, CardError, CardOpening, Credential, Layout, Profile, Transport, TransportError,
    channel::Channel,
    chip_session::{ChipAccess, ChipSession, OpenVerdict},
    file::Selection,
    layout::CertificateLocation,
    profile::Link,
};

use super::{candidate::Candidate, opens_with::OpensWith, typed::Typed};
use crate::system_random;

/// A command that ends a protected session: any in the clear does (ICAO Doc 9303-11, secure messaging). SELECT of the master file.
const IN_THE_CLEAR: [u8; 4] = [0x00, 0xA4, 0x00, 0x0C];

/// The chip that was read before the question: what the card signs is about what was read of it.
pub(super) struct ReadChip {
    /// Its EF.SOD: no two documents have the same.
    pub(super) sod: Arc<[u8]>,
    /// Opens it.
    pub(super) typed: Arc<Typed>,
}

/// The card that the person was asked about, for a transaction.
pub(super) struct Asked {
    /// Answer to reset and profiles, to find out anew what the card is.
    atr: Vec<u8>,
    profiles: Arc<Vec<Profile>>,
    layout: Arc<Layout>,
    /// Opens the card, as it did before; the number is gone where the request was given up before the transaction began.
    opens_with: OpensWith<Weak<Typed>>,
    /// The key to sign with.
    pub(super) credential: Credential,
    /// The certificate that the person was asked about.
    certificate: Arc<[u8]>,
    chip: Option<AskedChip>,
}

struct AskedChip {
    sod: Arc<[u8]>,
    typed: Weak<Typed>,
}

impl Asked {
    pub(super) fn about(candidate: &Candidate, profiles: &Arc<Vec<Profile>>) -> Self {
        let chip = candidate
            .chip
            .as_ref()
            .map(|chip| AskedChip { sod: Arc::clone(&chip.sod), typed: Arc::downgrade(&chip.typed) });
        Self {
            atr: candidate.reader.atr().to_vec(),
            profiles: Arc::clone(profiles),
            layout: Arc::clone(&candidate.layout),
            opens_with: candidate.opens_with.downgrade(),
            credential: candidate.credential.clone(),
            certificate: Arc::clone(&candidate.der),
            chip,
        }
    }

    /// Whether the reader opened it.
    pub(super) const fn is_opened_on_reader(&self) -> bool {
        matches!(self.opens_with, OpensWith::NumberOnReader)
    }

    /// The card, if it is that of the question. A chip that was read, and was reset since, is read again so far that it says so itself;
    /// and where PC/SC cannot vouch for the card, its certificate does.
    pub(super) fn the_same<'t>(
        &self,
        transport: &'t mut dyn Transport,
        is_continued: bool,
    ) -> Result<Option<Card<'t>>, CardError> {
        match &self.chip {
            Some(chip) => self.of_the_same_chip(transport, chip),
            None => self.with_the_same_certificate(transport, is_continued),
        }
    }

    /// The card whose chip has the EF.SOD that was read, and the certificate besides.
    fn of_the_same_chip<'t>(
        &self,
        transport: &'t mut dyn Transport,
        chip: &AskedChip,
    ) -> Result<Option<Card<'t>>, CardError> {
        if !self.opens_with.is_nothing() {
            let Some(session) = self.the_same_chip(transport, chip)? else { return Ok(None) };
            let card = if self.has_certificate_in_layout() {
                *Card::of_chip(session, &self.atr, &self.profiles)?
            } else {
                Card::of_chip_with_layout(session, Arc::clone(&self.layout))
            };
            return self.certified(card);
        }
        if self.the_same_chip(transport, chip)?.is_none() {
            return Ok(None);
        }
        // the key is used in the clear; what the chip says to the end of its session does not matter
        transport.transmit(&IN_THE_CLEAR, &mut Vec::new())?;
        self.with_the_same_certificate(transport, false)
    }

    fn the_same_chip<'t>(
        &self,
        transport: &'t mut dyn Transport,
        chip: &AskedChip,
    ) -> Result<Option<ChipSession<'t>>, CardError> {
        let mut channel = Channel::new(transport, Link::CAUTIOUS).with_answer_to_reset(&self.atr);
        let mut selection = Selection::default();
        let Some(access) = ChipAccess::find(&mut channel, &mut selection)? else { return Ok(None) };
        let key = chip.typed.upgrade().and_then(|typed| typed.key()).ok_or(TransportError::Cancelled)?;
        let OpenVerdict::Open(mut session) = access.open(channel, selection, &mut system_random, &key)?
        else {
            return Ok(None);
        };
        let (sod, _) = session.sod(&mut |_| {})?;
        Ok((*sod == *chip.sod).then_some(*session))
    }

    fn with_the_same_certificate<'t>(
        &self,
        transport: &'t mut dyn Transport,
        is_continued: bool,
    ) -> Result<Option<Card<'t>>, CardError> {
        // the certificate may be in what was found out about the card, and then that has to be found out again
        let look_again = !is_continued && self.has_certificate_in_layout();
        let Some(card) = self.opened(transport, look_again)? else { return Ok(None) };
        if is_continued { Ok(Some(card)) } else { self.certified(card) }
    }

    /// The card, if it has the certificate.
    fn certified<'t>(&self, mut card: Card<'t>) -> Result<Option<Card<'t>>, CardError> {
        let is_same = if self.has_certificate_in_layout() {
            card.layout().credentials.contains(&self.credential)
        } else {
            card.certificate(&self.credential)? == *self.certificate
        };
        Ok(is_same.then_some(card))
    }

    const fn has_certificate_in_layout(&self) -> bool {
        matches!(self.credential.certificate, CertificateLocation::Direct(_))
    }

    /// The card, opened where it has to be; nothing where it does not open with what opened the card of the question.
    fn opened<'t>(
        &self,
        transport: &'t mut dyn Transport,
        look_again: bool,
    ) -> Result<Option<Card<'t>>, CardError> {
        let Self { atr, profiles, layout, .. } = self;
        let typed = match &self.opens_with {
            OpensWith::Nothing if look_again => return Card::discover(transport, atr, profiles).map(Some),
            OpensWith::Nothing => return Ok(Some(Card::with_layout(transport, Arc::clone(layout)))),
            OpensWith::NumberOnReader => {
                return Ok(Some(Card::opened_on_reader_before(transport, Arc::clone(layout))));
            }
            OpensWith::Number(typed) => typed,
        };
        let key = typed.upgrade().and_then(|typed| typed.key()).ok_or(TransportError::Cancelled)?;
        let opening = if look_again {
            Card::open(transport, atr, profiles, &mut system_random, &key)?
        } else {
            Card::open_with_layout(transport, Arc::clone(layout), &mut system_random, &key)?
        };
        Ok(match opening {
            CardOpening::Open(card) => Some(*card),
            CardOpening::Refused(_) => None,
        })
    }
}
