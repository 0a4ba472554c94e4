//! The first question: who asks, what for, which groups; and what opens the card.

use std::{sync::Arc, time::Instant};

use bitaqa_card::chip_session::{AccessControl, AccessRefusal};
use bitaqa_protocol::{ErrorCode, ErrorReport, claim::DataGroup, page::Stage};
use tokio::time::sleep;

use super::{
    find_chip::{FoundCard, FoundChip, FoundDataCard},
    holder::HolderKey,
    plan::Plan,
    portal::Portal,
};
use crate::{
    reader::ReaderSeen,
    sign_in::{ANSWER_LIMIT, Flow, find::is_still_there, screen::PersonDid, typed::Typed},
    window::message::{CardEntry, ConsentQuestion, Entered, Step},
};

/// What the person agreed to, and what opens the card.
pub(super) struct Consented {
    /// The data groups.
    pub(super) groups: Vec<DataGroup>,
    /// What was typed.
    pub(super) typed: Arc<Typed>,
}

/// The groups that were granted, and what was typed.
type Agreement = (Vec<DataGroup>, Option<Typed>);

impl Flow<'_> {
    /// Asks about a chip. Nothing comes where the card left, or another one came.
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
        let question = self.consent_question(chip, portal, plan, (entry, alternative), true);
        match self.put_question(question, &chip.reader, plan, refused).await? {
            Some((groups, Some(typed))) => Ok(Some(Consented { groups, typed: Arc::new(typed) })),
            Some((_, None)) => Err(unasked("without what opens the card")),
            None => Ok(None),
        }
    }

    /// Asks about a card that is free to read; which groups were granted. Nothing comes where the card left, or another one came.
    ///
    /// # Errors
    /// What the person decided.
    pub(super) async fn ask_consent_to_data_card(
        &mut self,
        card: &FoundDataCard,
        portal: &Portal,
        plan: &Plan,
    ) -> Result<Option<Vec<DataGroup>>, ErrorReport> {
        let entry = (CardEntry::Nothing {}, None);
        let question = self.consent_question(card, portal, plan, entry, false);
        Ok(self.put_question(question, &card.reader, plan, None).await?.map(|(groups, _)| groups))
    }

    fn consent_question<C>(
        &mut self,
        card: &FoundCard<C>,
        portal: &Portal,
        plan: &Plan,
        (entry, alternative): (CardEntry, Option<CardEntry>),
        recognisable: bool,
    ) -> ConsentQuestion {
        self.questions += 1;
        ConsentQuestion {
            serial: self.questions,
            purpose: portal.purpose().to_owned(),
            groups: plan.choices(),
            recognisable,
            certificate: !matches!(card.key, HolderKey::NotAsked),
            entry,
            alternative,
            reader: card.reader_name.clone(),
        }
    }

    async fn put_question(
        &mut self,
        question: ConsentQuestion,
        reader: &ReaderSeen,
        plan: &Plan,
        refused: Option<AccessRefusal>,
    ) -> Result<Option<Agreement>, ErrorReport> {
        let (serial, nothing_to_type) = (question.serial, question.entry == CardEntry::Nothing {});
        self.report_stage(Stage::WaitingForPerson);
        self.begin_question(Step::Consent { question })?;
        let asked = Instant::now();
        let answer = self.consent(reader, plan, (serial, nothing_to_type), refused).await;
        self.count_question(asked);
        answer
    }

    async fn consent(
        &mut self,
        reader: &ReaderSeen,
        plan: &Plan,
        (asked, nothing_to_type): (u32, bool),
        refused: Option<AccessRefusal>,
    ) -> Result<Option<Agreement>, ErrorReport> {
        let mut limit = std::pin::pin!(sleep(ANSWER_LIMIT));
        let mut granted: Option<Vec<DataGroup>> = None;
        loop {
            tokio::select! {
                did = self.screen.person() => match (did?, granted.take()) {
                    (PersonDid::Consented { serial, groups, entered }, _) if serial == asked => {
                        let groups =
                            plan.granted(&groups).ok_or_else(|| unasked("with groups that were not asked for"))?;
                        match entered {
                            Entered::Nothing if nothing_to_type => return Ok(Some((groups, None))),
                            Entered::Nothing => return Err(unasked("without what opens the card")),
                            Entered::AccessNumber | Entered::Mrz => granted = Some(groups),
                        }
                    }
                    (PersonDid::AccessNumber { serial, number }, Some(groups)) if serial == asked => {
                        return Ok(Some((groups, Some(Typed::AccessNumber(number)))));
                    }
                    (PersonDid::Mrz { serial, entry }, Some(groups)) if serial == asked => {
                        return Ok(Some((groups, Some(Typed::Mrz(entry)))));
                    }
                    (PersonDid::Cancel, _) => return Err(ErrorReport::new(given_up(refused))),
                    // of a question that was on the screen before
                    (_, before) => granted = before,
                },
                changed = self.readers.changed() => {
                    changed.map_err(|_| ErrorReport::new(ErrorCode::InternalError))?;
                    if !is_still_there(&self.readers.borrow_and_update(), reader) {
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

fn unasked(how: &str) -> ErrorReport {
    ErrorReport::new(ErrorCode::InternalError).with_detail(&format!("the window answered {how}"))
}

/// Who gives up after something wrong hears of that.
pub(in crate::sign_in) const fn given_up(refused: Option<AccessRefusal>) -> ErrorCode {
    match refused {
        Some(AccessRefusal::CanWrong { .. }) => ErrorCode::CanWrong,
        Some(AccessRefusal::MrzWrong) => ErrorCode::MrzWrong,
        _ => ErrorCode::UserCancelled,
    }
}
