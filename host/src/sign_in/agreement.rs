//! The question before anything is read: which groups, and what opens the card.

use std::time::Instant;

use bitaqa_card::chip_session::{AccessControl, AccessRefusal};
use bitaqa_protocol::{ErrorCode, ErrorReport, claim::DataGroup, page::Stage};
use tokio::time::sleep;

use super::{
    ANSWER_LIMIT, Flow,
    find::is_still_there,
    remembered_number::{NotOpened, RememberedNumber},
    screen::PersonDid,
    typed::Typed,
};
use crate::{
    reader::ReaderSeen,
    remembered::Label,
    window::message::{CardEntry, ConsentQuestion, Entered, Step},
};

/// What was agreed to.
pub(super) struct Agreement {
    /// The groups that were granted.
    pub(super) groups: Vec<DataGroup>,
    /// What was typed.
    pub(super) typed: Option<Typed>,
    /// The number that was typed is to be remembered, under this label.
    pub(super) label: Option<Label>,
}

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
        refused: Option<NotOpened>,
    ) -> Result<Option<Agreement>, ErrorReport> {
        self.questions += 1;
        let question = ConsentQuestion { serial: self.questions, ..question };
        let nothing_to_type = matches!(question.entry, CardEntry::Nothing {} | CardEntry::OnReader {});
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
        refused: Option<NotOpened>,
    ) -> Result<Option<Agreement>, ErrorReport> {
        let asked = self.questions;
        let mut limit = std::pin::pin!(sleep(ANSWER_LIMIT));
        let mut agreed: Option<(Vec<DataGroup>, Option<Label>)> = None;
        loop {
            tokio::select! {
                did = self.screen.person() => match (did?, agreed.take()) {
                    (PersonDid::Consented { serial, groups, entered, remember }, _) if serial == asked => {
                        let groups =
                            granted(&groups).ok_or_else(|| unasked("with groups that were not asked for"))?;
                        match entered {
                            Entered::Nothing if nothing_to_type => {
                                return Ok(Some(Agreement { groups, typed: None, label: None }));
                            }
                            Entered::Nothing => return Err(unasked("without what opens the card")),
                            Entered::AccessNumber => {
                                let language = self.screen.language();
                                agreed = Some((groups, remember.map(|label| label.or_of_today(language))));
                            }
                            Entered::Mrz => agreed = Some((groups, None)),
                        }
                    }
                    (PersonDid::AccessNumber { serial, number }, Some((groups, label))) if serial == asked => {
                        let typed = Some(Typed::AccessNumber(number));
                        return Ok(Some(Agreement { groups, typed, label }));
                    }
                    (PersonDid::Mrz { serial, entry }, Some((groups, _))) if serial == asked => {
                        return Ok(Some(Agreement { groups, typed: Some(Typed::Mrz(entry)), label: None }));
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

/// What opens a chip. A remembered number is tried before anything is typed, once the person agreed.
///
/// # Errors
/// `can-blocked` for one that cannot be opened any more.
pub(super) fn entries(
    control: AccessControl,
    refused: Option<NotOpened>,
    remembered: &RememberedNumber,
) -> Result<Entries, ErrorReport> {
    let can_remember = remembered.can_be_kept();
    let number = |tries_left, was_wrong| CardEntry::AccessNumber { tries_left, was_wrong, can_remember };
    let zone = |was_wrong| CardEntry::Mrz { was_wrong };
    let refusal = match (control, refused) {
        (AccessControl::Pace(_), None) if remembered.is_there() => {
            return Ok((CardEntry::Nothing {}, Some(number(None, false))));
        }
        (AccessControl::Pace(_), Some(NotOpened::Remembered { tries_left })) => {
            return Ok((CardEntry::AnotherAccessNumber { tries_left }, Some(zone(false))));
        }
        (_, Some(NotOpened::Typed(refusal))) => Some(refusal),
        (_, None | Some(NotOpened::Remembered { .. })) => None,
    };
    Ok(match (control, refusal) {
        (AccessControl::Bac, refusal) => (zone(refusal == Some(AccessRefusal::MrzWrong)), None),
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

/// Who gives up after something wrong hears of that. A remembered number is no mistake of theirs.
const fn given_up(refused: Option<NotOpened>) -> ErrorCode {
    match refused {
        Some(NotOpened::Typed(AccessRefusal::CanWrong { .. })) => ErrorCode::CanWrong,
        Some(NotOpened::Typed(AccessRefusal::MrzWrong)) => ErrorCode::MrzWrong,
        _ => ErrorCode::UserCancelled,
    }
}
