//! Two transactions: the document, with the chip's proofs; then certificates and PIN counters. The card is reset between them, so
//! that what follows begins from the start.

use std::sync::{Arc, Weak};

use bitaqa_card::{
    Card, CardError, CardOpening, PinStatus, Profile, Role, TransportError,
    channel::Channel,
    chip_session::{
        AccessControl, AccessRefusal, ChipAccess, ChipSession, GroupReading, GroupState, OpenVerdict, Proofs,
    },
    file::Selection,
    lds::{self, Sod},
    profile::Link,
};
use bitaqa_protocol::{ErrorReport, claim::DataGroup, my_card::KeyPurpose};

use super::{
    consent::Agreed,
    data_card::{self, DataFiles},
    find::{OwnCard, OwnKind},
};
use crate::{
    reader::transport::PcscTransport,
    sign_in::{Flow, opens_with::OpensWith, remembered_number::may_be_tried, typed::Typed},
    system_random,
};

/// What came of reading.
pub(super) enum Reading {
    /// It was read.
    Read(Box<CardRead>),
    /// The document does not open with what was typed.
    Refused(AccessRefusal),
    /// The reader cannot open it.
    ReaderFailed,
    /// The card left its reader.
    CardLeft,
}

/// What was read.
#[derive(Default)]
pub(super) struct CardRead {
    /// The document, where there is one and something of it was agreed to.
    pub(super) document: Option<AnyDocument>,
    /// Keys with their certificates.
    pub(super) keys: Vec<KeyRead>,
}

/// A document as it was read, of either kind.
pub(super) enum AnyDocument {
    /// Of a chip.
    Chip(DocumentRead),
    /// Of a card whose data are free to read.
    DataCard(Box<DataFiles>),
}

/// A chip's document as it was read.
pub(super) struct DocumentRead {
    /// EF.SOD.
    pub(super) sod: Vec<u8>,
    /// Groups, those with the chip's keys among them.
    pub(super) groups: Vec<GroupReading>,
    /// What the chip proved; nothing where its key is of a kind that we do not know.
    pub(super) proofs: Option<Proofs>,
}

/// A key as it was read.
pub(super) struct KeyRead {
    /// What it is for.
    pub(super) purpose: KeyPurpose,
    /// Its certificate, DER, where the card gives it.
    pub(super) certificate: Option<Vec<u8>>,
    /// The PIN before it: the card's name for it, and its counter.
    pub(super) pin: Option<(Option<String>, PinStatus)>,
}

/// What both transactions need.
#[derive(Clone)]
pub(super) struct Order {
    atr: Vec<u8>,
    profiles: Arc<Vec<Profile>>,
    kind: OwnKind,
    groups: Vec<DataGroup>,
    /// A number is gone where the request was given up before the transaction began.
    opens_with: OpensWith<Weak<Typed>>,
}

impl Flow<'_> {
    /// Opens the card with what was typed, once for each transaction, and reads.
    pub(super) async fn read_own_card(
        &mut self,
        card: &OwnCard,
        agreed: &Agreed,
    ) -> Result<Reading, ErrorReport> {
        let order = self.order(card, agreed);
        let first = order.clone();
        let (reader, connection) = (&card.reader, &card.connection);
        let read = self.read_and_reset(reader, connection, move |transport| read_document(transport, &first));
        let document = match read.await? {
            Some(Ok(document)) => document,
            Some(Err(refusal)) => return Ok(Reading::Refused(refusal)),
            None => return Ok(Reading::CardLeft),
        };
        let read = self.read_and_reset(reader, connection, move |transport| read_keys(transport, &order));
        let Some(keys) = read.await? else { return Ok(Reading::CardLeft) };
        Ok(Reading::Read(Box::new(CardRead { document, keys })))
    }

    /// What was agreed to, for a transaction.
    pub(super) fn order(&self, card: &OwnCard, agreed: &Agreed) -> Order {
        Order {
            atr: card.reader.atr().to_vec(),
            profiles: Arc::clone(&self.desk.profiles),
            kind: card.kind,
            groups: agreed.groups.clone(),
            opens_with: agreed.opens_with.downgrade(),
        }
    }
}

fn of_card(group: DataGroup) -> Option<lds::DataGroup> {
    lds::DataGroup::new(group.number())
}

type DocumentOrRefusal = Result<Option<AnyDocument>, AccessRefusal>;

fn read_document(transport: &mut PcscTransport<'_>, order: &Order) -> Result<DocumentOrRefusal, CardError> {
    match order.kind {
        OwnKind::Chip(..) => Ok(read_chip(transport, order)?.map(|document| document.map(AnyDocument::Chip))),
        OwnKind::DataCard(_) if order.groups.is_empty() => Ok(Ok(None)),
        OwnKind::DataCard(card) => {
            let files = data_card::read(transport, &order.atr, card, &order.groups)?;
            Ok(Ok(Some(AnyDocument::DataCard(Box::new(files)))))
        }
        OwnKind::Keys => Ok(Ok(None)),
    }
}

fn read_chip(
    transport: &mut PcscTransport<'_>,
    order: &Order,
) -> Result<Result<Option<DocumentRead>, AccessRefusal>, CardError> {
    let mut channel = Channel::new(transport, Link::CAUTIOUS).with_answer_to_reset(&order.atr);
    let mut selection = Selection::default();
    let access = ChipAccess::find(&mut channel, &mut selection)?.ok_or(CardError::Unknown)?;
    let typed = typed(order)?;
    // the window checks what is typed: what is no key here is wrong without a try
    let Some(key) = typed.key() else { return Ok(Err(typed.refused())) };
    if let Err(refusal) = may_be_tried(&access, &mut channel, &typed)? {
        return Ok(Err(refusal));
    }
    drop(typed);
    match access.open(channel, selection, &mut system_random, &key)? {
        OpenVerdict::Refused(refusal) => Ok(Err(refusal)),
        OpenVerdict::Open(_) if order.groups.is_empty() => Ok(Ok(None)),
        OpenVerdict::Open(mut session) => read_groups(&mut session, &order.groups).map(Ok),
    }
}

fn typed(order: &Order) -> Result<Arc<Typed>, CardError> {
    let typed = match &order.opens_with {
        OpensWith::Number(typed) => typed.upgrade(),
        OpensWith::Nothing | OpensWith::NumberOnReader => None,
    };
    typed.ok_or(CardError::Transport(TransportError::Cancelled))
}

fn read_groups(
    session: &mut ChipSession<'_>,
    groups: &[DataGroup],
) -> Result<Option<DocumentRead>, CardError> {
    let groups: Vec<lds::DataGroup> = groups.iter().filter_map(|group| of_card(*group)).collect();
    let document = match session.read(&groups, &mut |_| {}) {
        Ok(document) => document,
        // a card that opens with PACE, and has no document
        Err(CardError::NoFile { .. } | CardError::Refused { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    let sod = Sod::parse(&document.sod_content)?;
    let proofs = match session.authenticate(&sod, &mut system_random, &mut |_| {}) {
        Ok(proofs) => Some(proofs),
        Err(CardError::Unsupported(_)) => None,
        Err(error) => return Err(error),
    };
    let mut groups = document.groups;
    let of_chip = proofs.iter().flat_map(|proofs| &proofs.groups);
    let others = of_chip.filter(|reading| groups.iter().all(|known| known.group != reading.group));
    let others: Vec<GroupReading> = others.cloned().collect();
    groups.extend(others);
    Ok(Some(DocumentRead { sod: document.sod_content.to_vec(), groups, proofs }))
}

/// Everything, in one session that the reader opened in an earlier transaction; nothing where that is gone.
pub(super) fn read_opened_on_reader(
    transport: &mut PcscTransport<'_>,
    access: ChipAccess,
    order: &Order,
) -> Result<Option<CardRead>, CardError> {
    if !transport.has_channel() {
        return Ok(None);
    }
    let mut session = access.opened_on_reader_before(transport);
    let document = if order.groups.is_empty() { None } else { read_groups(&mut session, &order.groups)? };
    let card = Card::of_chip(session, &order.atr, &order.profiles).map(|card| *card);
    Ok(Some(CardRead { document: document.map(AnyDocument::Chip), keys: keys_or_none(card, order.kind)? }))
}

fn read_keys(transport: &mut PcscTransport<'_>, order: &Order) -> Result<Vec<KeyRead>, CardError> {
    let opened = match order.kind {
        OwnKind::Chip(AccessControl::Pace(_), _) => {
            let Some(key) = typed(order)?.key() else { return Ok(Vec::new()) };
            match Card::open(transport, &order.atr, &order.profiles, &mut system_random, &key) {
                Ok(CardOpening::Open(card)) => Ok(*card),
                Ok(CardOpening::Refused(_)) => return Ok(Vec::new()),
                Err(error) => Err(error),
            }
        }
        OwnKind::Chip(AccessControl::Bac, _) | OwnKind::DataCard(_) | OwnKind::Keys => {
            Card::discover(transport, &order.atr, &order.profiles)
        }
    };
    keys_or_none(opened, order.kind)
}

/// A document alone has no keys.
fn keys_or_none(opened: Result<Card<'_>, CardError>, kind: OwnKind) -> Result<Vec<KeyRead>, CardError> {
    match opened {
        Ok(mut card) => keys_of(&mut card),
        Err(
            CardError::DocumentOnly | CardError::Unknown | CardError::Closed(_) | CardError::Unsupported(_),
        ) if !matches!(kind, OwnKind::Keys) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

fn keys_of(card: &mut Card<'_>) -> Result<Vec<KeyRead>, CardError> {
    let mut keys = Vec::new();
    for credential in card.layout().credentials.clone() {
        let certificate = given(card.certificate(&credential))?;
        let pin = match &credential.pin {
            Some(pin) => given(card.pin_status(pin))?.map(|status| (pin.label.clone(), status)),
            None => None,
        };
        let purpose = match credential.role {
            Role::Authentication => KeyPurpose::Authentication,
            Role::Signature => KeyPurpose::Signature,
        };
        keys.push(KeyRead { purpose, certificate, pin });
    }
    Ok(keys)
}

/// What the card gives. What it does not give, or gives wrong, keeps nobody from seeing the rest.
fn given<T>(outcome: Result<T, CardError>) -> Result<Option<T>, CardError> {
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(error @ CardError::Transport(_)) => Err(error),
        Err(_) => Ok(None),
    }
}

impl DocumentRead {
    /// Groups whose content came, as files of the card.
    pub(super) fn contents(&self) -> impl Iterator<Item = (lds::DataGroup, &[u8])> {
        let is_read = |state| matches!(state, GroupState::Matches | GroupState::Differs);
        self.groups
            .iter()
            .filter(move |reading| is_read(reading.state))
            .filter_map(|reading| Some((reading.group, reading.content.as_ref()?.as_ref())))
    }
}
