//! The question before anything is read: which groups, and what opens the card.

use std::time::Instant;

use bitaqa_card::chip_session::{AccessControl, AccessRefusal};
use bitaqa_protocol::{ErrorCode, ErrorReport, claim::DataGroup, page::Stage};
use tokio::time::sleep;

use super::{ANSWER_LIMIT, Flow, find::is_still_there, screen::PersonDid, typed::Typed};
use crate::{
    reader::ReaderSeen,
    window::message::{CardEntry, ConsentQuestion, Entered, Step},
};

/// The groups that were granted, and what was typed.
pub(super) type Agreement = (Vec<DataGroup>, Option<Typed>);

/// What has to be typed to open the card, and what may be typed in its place.
pub(super) type Entries = (CardEntry, Option<CardEntry>);

impl Flow<'_> {
    /// Asks; `granted` says which groups the numbers in the window's answer are. Nothing comes where the card left, or another one came.
    ///
    /// # Errors
    /// What the person decided; `internal-error` for an answer to something else.
    pub(super) async fn ask_to_read(
        &mut self,
        question: ConsentQuestion,
        reader: &ReaderSeen,
        granted: impl Fn(&[u8]) -> Option<Vec<DataGroup>>,
        refused: Option<AccessRefusal>,
    ) -> Result<Option<Agreement>, ErrorReport> {
        self.questions += 1;
        let question = ConsentQuestion { serial: self.questions, ..question };
        let nothing_to_type = question.entry == CardEntry::Nothing {};
        self.report_stage(Stage::WaitingForPerson);
        self.begin_question(Step::Consent { question })?;
        let asked = Instant::now();
        let answer = self.agreement(reader, granted, nothing_to_type, refused).await;
        self.count_question(asked);
        answer
    }

    async fn agreement(
        &mut self,
        reader: &ReaderSeen,
        granted: impl Fn(&[u8]) -> Option<Vec<DataGroup>>,
        nothing_to_type: bool,
        refused: Option<AccessRefusal>,
    ) -> Result<Option<Agreement>, ErrorReport> {
        let asked = self.questions;
        let mut limit = std::pin::pin!(sleep(ANSWER_LIMIT));
        let mut agreed: Option<Vec<DataGroup>> = None;
        loop {
            tokio::select! {
                did = self.screen.person() => match (did?, agreed.take()) {
                    (PersonDid::Consented { serial, groups, entered }, _) if serial == asked => {
                        let groups =
                            granted(&groups).ok_or_else(|| unasked("with groups that were not asked for"))?;
                        match entered {
                            Entered::Nothing if nothing_to_type => return Ok(Some((groups, None))),
                            Entered::Nothing => return Err(unasked("without what opens the card")),
                            Entered::AccessNumber | Entered::Mrz => agreed = Some(groups),
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
                    (_, before) => agreed = before,
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

/// What opens a chip.
///
/// # Errors
/// `can-blocked` for one that cannot be opened any more.
pub(super) fn entries(
    control: AccessControl,
    refused: Option<AccessRefusal>,
) -> Result<Entries, ErrorReport> {
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

/// The window says what no question of ours can be answered with.
pub(super) fn unasked(how: &str) -> ErrorReport {
    ErrorReport::new(ErrorCode::InternalError).with_detail(&format!("the window answered {how}"))
}

/// Who gives up after something wrong hears of that.
const fn given_up(refused: Option<AccessRefusal>) -> ErrorCode {
    match refused {
        Some(AccessRefusal::CanWrong { .. }) => ErrorCode::CanWrong,
        Some(AccessRefusal::MrzWrong) => ErrorCode::MrzWrong,
        _ => ErrorCode::UserCancelled,
    }
}
