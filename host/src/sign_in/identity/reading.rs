//! Opening the chip and reading what was agreed to, in one transaction; the chip's signature over this request with it.

use std::{
    collections::BTreeMap,
    sync::{Arc, Weak},
};

use bitaqa_card::{
    CardError, Profile, Transport, TransportError,
    active_authentication::Challenge,
    channel::Channel,
    chip_session::{AccessRefusal, CardAccessVerdict, ChipAccess, ChipSession, GroupState, OpenVerdict},
    file::Selection,
    lds,
    profile::Link,
};
use bitaqa_protocol::{
    ErrorReport,
    claim::DataGroup,
    identity::answer::{Access, CardAccess},
};
use bitaqa_trust::chip_proof::active_authentication_challenge;

use super::{
    Identify,
    consent::Consented,
    find_chip::FoundChip,
    holder::{HolderKey, look_inside},
    portal::Portal,
};
use crate::{
    sign_in::{Flow, first_look::FirstLook, remembered_number::may_be_tried, typed::Typed, verdict::Verdict},
    system_random,
};

/// What came of reading.
pub(super) enum Reading {
    /// It was read.
    Read(Box<ChipRead>),
    /// The chip does not open with what was typed.
    Refused(AccessRefusal),
    /// The card left its reader before it was opened.
    CardLeft,
}

/// What was read.
pub(super) struct ChipRead {
    /// EF.SOD.
    pub(super) sod: Vec<u8>,
    /// Groups, whole files, by their numbers; with those that hold the chip's keys.
    pub(super) groups: BTreeMap<u8, Vec<u8>>,
    /// Signatures of both rounds of active authentication.
    pub(super) active_authentication: Option<[Vec<u8>; 2]>,
    /// How it was opened.
    pub(super) access: Access,
    /// EF.CardAccess and its signed copy.
    pub(super) card_access: CardAccess,
    /// Its key for signing in, or why it has none that is usable; nothing where it was not looked for.
    pub(super) key: Option<Result<Box<FirstLook>, Verdict>>,
}

impl ChipRead {
    /// Whether this group was read.
    pub(super) fn has(&self, group: DataGroup) -> bool {
        self.groups.contains_key(&group.number())
    }
}

/// What a transaction needs.
struct Order {
    atr: Vec<u8>,
    /// Gone where the request was given up before the transaction began.
    typed: Weak<Typed>,
    groups: Vec<lds::DataGroup>,
    challenge: Option<Challenge>,
    access: Access,
    /// The cards that are known, where the key for signing in is looked for.
    profiles: Option<Arc<Vec<Profile>>>,
}

impl Flow<'_> {
    /// Opens the chip with what was typed, once, and reads.
    pub(super) async fn read_chip(
        &mut self,
        chip: &FoundChip,
        consented: &Consented,
        asked: &Identify,
        portal: &Portal,
    ) -> Result<Reading, ErrorReport> {
        let granted = consented.groups.iter().filter_map(|group| lds::DataGroup::new(group.number()));
        let challenge = (!asked.request.proof.takes_copies()).then(|| {
            active_authentication_challenge(
                &asked.origin,
                &asked.request.challenge,
                portal.key().thumbprint().as_bytes(),
            )
        });
        let order = Order {
            atr: chip.reader.atr().to_vec(),
            typed: Arc::downgrade(&consented.typed),
            groups: granted.chain([lds::DataGroup::DG14, lds::DataGroup::DG15]).collect(),
            challenge,
            access: consented.typed.access(chip.control),
            profiles: matches!(chip.key, HolderKey::Behind).then(|| Arc::clone(&self.desk.profiles)),
        };
        let read = self
            .read_and_reset(&chip.reader, &chip.connection, move |transport| read(transport, &order))
            .await?;
        Ok(match read {
            Some(Ok(read)) => Reading::Read(read),
            Some(Err(refusal)) => Reading::Refused(refusal),
            None => Reading::CardLeft,
        })
    }
}

fn read(
    transport: &mut dyn Transport,
    order: &Order,
) -> Result<Result<Box<ChipRead>, AccessRefusal>, CardError> {
    match open(transport, &order.atr, &order.typed)? {
        Err(refusal) => Ok(Err(refusal)),
        Ok(mut session) => {
            let read = read_groups(&mut session, order)?;
            let key = order.profiles.as_ref().map(|profiles| look_inside(*session, &order.atr, profiles));
            Ok(Ok(Box::new(ChipRead { key: key.transpose()?, ..read })))
        }
    }
}

/// Opens the chip with what was typed, if the request was not given up meanwhile.
pub(super) fn open<'t>(
    transport: &'t mut dyn Transport,
    atr: &[u8],
    typed: &Weak<Typed>,
) -> Result<Result<Box<ChipSession<'t>>, AccessRefusal>, CardError> {
    let mut channel = Channel::new(transport, Link::CAUTIOUS).with_answer_to_reset(atr);
    let mut selection = Selection::default();
    let access = ChipAccess::find(&mut channel, &mut selection)?.ok_or(CardError::Unknown)?;
    let typed = typed.upgrade().ok_or(TransportError::Cancelled)?;
    // the window checks what is typed: what is no key here is wrong without a try
    let Some(key) = typed.key() else { return Ok(Err(typed.refused())) };
    if let Err(refusal) = may_be_tried(&access, &mut channel, &typed)? {
        return Ok(Err(refusal));
    }
    drop(typed);
    Ok(match access.open(channel, selection, &mut system_random, &key)? {
        OpenVerdict::Refused(refusal) => Err(refusal),
        OpenVerdict::Open(session) => Ok(session),
    })
}

fn read_groups(session: &mut ChipSession<'_>, order: &Order) -> Result<ChipRead, CardError> {
    let document = session.read(&order.groups, &mut |_| {})?;
    let is_read = |state| matches!(state, GroupState::Matches | GroupState::Differs);
    let groups: BTreeMap<u8, Vec<u8>> = document
        .groups
        .iter()
        .filter(|reading| is_read(reading.state))
        .filter_map(|reading| Some((reading.group.number(), reading.content.as_ref()?.to_vec())))
        .collect();
    let active_authentication = match (&order.challenge, groups.get(&lds::DataGroup::DG15.number())) {
        (Some(challenge), Some(dg15)) => session.sign_challenge(dg15, challenge)?,
        _ => None,
    };
    Ok(ChipRead {
        sod: document.sod_content.to_vec(),
        groups,
        active_authentication,
        access: order.access,
        card_access: match document.card_access {
            CardAccessVerdict::Same => CardAccess::Same,
            CardAccessVerdict::Differs => CardAccess::Differs,
            CardAccessVerdict::NotSigned => CardAccess::NotSigned,
        },
        key: None,
    })
}
