//! The first question: who asks, what for, which groups; and what opens the card.

use std::{sync::Arc, time::Instant};

use bitaqa_card::chip_session::{AccessControl, AccessKey, AccessRefusal};
use bitaqa_protocol::{ErrorCode, ErrorReport, claim::DataGroup, identity::answer::Access, page::Stage};
use tokio::time::sleep;

use super::{find_chip::FoundChip, plan::Plan, portal::Portal};
use crate::{
    sign_in::{ANSWER_LIMIT, Flow, find::is_still_there, screen::PersonDid},
    window::{
        AccessNumber, MrzEntry,
        message::{CardEntry, ConsentQuestion, Entered, Step},
    },
};

/// What the person agreed to, and what opens the card.
pub(super) struct Consented {
    /// The data groups.
    pub(super) groups: Vec<DataGroup>,
    /// What was typed.
    pub(super) typed: Arc<Typed>,
}

/// What was typed to open the card, in locked memory.
pub(in crate::sign_in) enum Typed {
    /// The number printed on it.
    AccessNumber(AccessNumber),
    /// Of its machine readable zone.
    Mrz(MrzEntry),
}

impl Typed {
    /// What the card is opened with; nothing where it is no number or zone.
    pub(in crate::sign_in) fn key(&self) -> Option<AccessKey> {
        match self {
            Self::AccessNumber(number) => number.key(),
            Self::Mrz(entry) => entry.key(),
        }
    }

    /// What it is where it is no number or zone: wrong, without a try.
    pub(in crate::sign_in) const fn refused(&self) -> AccessRefusal {
        match self {
            Self::AccessNumber(_) => AccessRefusal::CanWrong { tries_left: None },
            Self::Mrz(_) => AccessRefusal::MrzWrong,
        }
    }

    /// How the card is opened with it.
    pub(super) const fn access(&self, control: AccessControl) -> Access {
        match (self, control) {
            (_, AccessControl::Bac) => Access::Bac,
            (Self::AccessNumber(_), AccessControl::Pace(_)) => Access::PaceCan,
            (Self::Mrz(_), AccessControl::Pace(_)) => Access::PaceMrz,
        }
    }
}

impl Flow<'_> {
    /// Asks. Nothing comes where the card left, or another one came.
    ///
    /// # Errors
    /// What the person decided; a card that cannot be opened any more.
    pub(super) async fn ask_consent(
        &mut self,
        chip: &FoundChip,
        portal: &Portal,
        plan: &Plan,
        refused: Option<AccessRefusal>,
    ) -> Result<Option<Consented>, ErrorReport> {
        let (entry, alternative) = entries(chip.control, refused)?;
        self.questions += 1;
        let question = ConsentQuestion {
            serial: self.questions,
            purpose: portal.purpose().to_owned(),
            groups: plan.choices(),
            recognisable: true,
            entry,
            alternative,
            reader: chip.reader_name.clone(),
        };
        let serial = question.serial;
        self.report_stage(Stage::WaitingForPerson);
        self.begin_question(Step::Consent { question })?;
        let asked = Instant::now();
        let answer = self.consent(chip, plan, serial, refused).await;
        self.count_question(asked);
        answer
    }

    async fn consent(
        &mut self,
        chip: &FoundChip,
        plan: &Plan,
        asked: u32,
        refused: Option<AccessRefusal>,
    ) -> Result<Option<Consented>, ErrorReport> {
        let mut limit = std::pin::pin!(sleep(ANSWER_LIMIT));
        let mut granted: Option<Vec<DataGroup>> = None;
        loop {
            tokio::select! {
                did = self.screen.person() => match (did?, granted.take()) {
                    (PersonDid::Consented { serial, groups, entered: Entered::AccessNumber | Entered::Mrz }, _)
                        if serial == asked =>
                    {
                        granted = plan.granted(&groups);
                        if granted.is_none() {
                            let detail = "the window answered with groups that were not asked for";
                            return Err(ErrorReport::new(ErrorCode::InternalError).with_detail(detail));
                        }
                    }
                    (PersonDid::AccessNumber { serial, number }, Some(groups)) if serial == asked => {
                        return Ok(Some(Consented { groups, typed: Arc::new(Typed::AccessNumber(number)) }));
                    }
                    (PersonDid::Mrz { serial, entry }, Some(groups)) if serial == asked => {
                        return Ok(Some(Consented { groups, typed: Arc::new(Typed::Mrz(entry)) }));
                    }
                    (PersonDid::Cancel, _) => return Err(ErrorReport::new(given_up(refused))),
                    // of a question that was on the screen before
                    (_, before) => granted = before,
                },
                changed = self.readers.changed() => {
                    changed.map_err(|_| ErrorReport::new(ErrorCode::InternalError))?;
                    if !is_still_there(&self.readers.borrow_and_update(), &chip.reader) {
                        return Ok(None);
                    }
                },
                () = &mut limit => return Err(ErrorReport::new(ErrorCode::UserTimeout)),
            }
        }
    }
}

/// What is asked for to open the card, and what may be typed in its place.
pub(in crate::sign_in) fn entries(
    control: AccessControl,
    refused: Option<AccessRefusal>,
) -> Result<(CardEntry, Option<CardEntry>), ErrorReport> {
    let number =
        |tries_left, was_wrong| CardEntry::AccessNumber { tries_left, was_wrong, can_remember: false };
    let zone = |was_wrong| CardEntry::Mrz { was_wrong };
    Ok(match (control, refused) {
        (AccessControl::Bac, refused) => (zone(refused == Some(AccessRefusal::MrzWrong)), None),
        (AccessControl::Pace(_), None) => (number(None, false), Some(zone(false))),
        (AccessControl::Pace(_), Some(AccessRefusal::CanWrong { tries_left })) => {
            (number(tries_left, true), Some(zone(false)))
        }
        (AccessControl::Pace(_), Some(AccessRefusal::MrzWrong)) => (zone(true), Some(number(None, false))),
        (AccessControl::Pace(_), Some(AccessRefusal::MrzNeeded)) => (zone(false), None),
        (
            AccessControl::Pace(_),
            Some(refusal @ (AccessRefusal::Suspended | AccessRefusal::Blocked | AccessRefusal::Deactivated)),
        ) => return Err(ErrorReport::new(ErrorCode::CanBlocked).with_detail(&refusal.to_string())),
    })
}

/// Who gives up after something wrong hears of that.
pub(in crate::sign_in) const fn given_up(refused: Option<AccessRefusal>) -> ErrorCode {
    match refused {
        Some(AccessRefusal::CanWrong { .. }) => ErrorCode::CanWrong,
        Some(AccessRefusal::MrzWrong) => ErrorCode::MrzWrong,
        _ => ErrorCode::UserCancelled,
    }
}
