//! A card that opens with the number printed on it: the person is asked for it, and the card is tried with what they typed.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use bitaqa_card::chip_session::AccessRefusal;
use bitaqa_protocol::{ErrorCode, ErrorReport, page::Stage};
use tokio::time::sleep;

use super::{
    ANSWER_LIMIT, Flow,
    around::{Around, place},
    candidate::Candidate,
    find::is_still_there,
    first_transaction::FirstTransaction,
    screen::PersonDid,
    verdict::Verdict,
};
use crate::{
    reader::ReaderSeen,
    window::{
        AccessNumber,
        message::{AccessNumberQuestion, Step},
    },
};

/// What came of asking for a card's number.
pub(super) enum Opening {
    /// It opened, and a person can sign in with it.
    Usable(Box<Candidate>),
    /// Nobody can sign in with it.
    Unusable(Verdict),
    /// It left its reader, another card came, or it has to be asked about anew.
    LookAgain,
}

impl Flow<'_> {
    /// Asks for the number of the card in this reader, as often as it takes; each number is tried once.
    ///
    /// # Errors
    /// What the person decided; a card that takes no number any more.
    pub(super) async fn open(
        &mut self,
        readers: &[ReaderSeen],
        reader: &ReaderSeen,
    ) -> Result<Opening, ErrorReport> {
        let around = Around::all(readers);
        let is_one_of_several = readers.iter().any(|other| place(other) != place(reader));
        let name = is_one_of_several.then(|| reader.name.to_string_lossy().into_owned());
        let mut question =
            AccessNumberQuestion { serial: 0, reader: name, tries_left: None, was_wrong: false };
        loop {
            let Some(number) = self.ask_for_number(&around, reader, &mut question).await? else {
                return Ok(Opening::LookAgain);
            };
            // the window says so by itself; what is shown next is new to it in any case
            self.screen.show(Step::Reading {})?;
            self.report_stage(Stage::Reading);
            let number = Arc::new(number);
            match self.first_transaction(&around, reader, Some(&number)).await? {
                FirstTransaction::Usable(candidate) => return Ok(Opening::Usable(candidate)),
                FirstTransaction::Closed | FirstTransaction::Unusable(Verdict::Gone | Verdict::Busy) => {
                    return Ok(Opening::LookAgain);
                }
                FirstTransaction::Unusable(verdict) => return Ok(Opening::Unusable(verdict)),
                FirstTransaction::Refused(AccessRefusal::CanWrong { tries_left }) => {
                    question.tries_left = tries_left;
                    question.was_wrong = true;
                }
                FirstTransaction::Refused(AccessRefusal::MrzNeeded | AccessRefusal::MrzWrong) => {
                    return Ok(Opening::Unusable(Verdict::NumberNotTaken));
                }
                FirstTransaction::Refused(
                    refusal
                    @ (AccessRefusal::Suspended | AccessRefusal::Blocked | AccessRefusal::Deactivated),
                ) => return Err(ErrorReport::new(ErrorCode::CanBlocked).with_detail(&refusal.to_string())),
            }
        }
    }

    /// The number that the person types; none where the card left or another one came.
    async fn ask_for_number(
        &mut self,
        around: &Around,
        reader: &ReaderSeen,
        question: &mut AccessNumberQuestion,
    ) -> Result<Option<AccessNumber>, ErrorReport> {
        self.questions += 1;
        question.serial = self.questions;
        self.report_stage(Stage::WaitingForPerson);
        self.begin_question(Step::AccessNumber { question: question.clone() })?;
        let asked = Instant::now();
        let answer = self.number(around, reader, question).await;
        self.count_question(asked);
        answer
    }

    async fn number(
        &mut self,
        around: &Around,
        reader: &ReaderSeen,
        question: &AccessNumberQuestion,
    ) -> Result<Option<AccessNumber>, ErrorReport> {
        let limit = sleep(ANSWER_LIMIT);
        let mut limit = std::pin::pin!(limit);
        loop {
            tokio::select! {
                did = self.screen.person() => match did? {
                    PersonDid::AccessNumber { serial, number } if serial == question.serial => {
                        return Ok(Some(number));
                    }
                    // of a question that was on the screen before
                    PersonDid::AccessNumber { .. } | PersonDid::Pin(_) => {}
                    PersonDid::Cancel => return Err(ErrorReport::new(given_up(question))),
                },
                changed = self.readers.changed() => {
                    changed.map_err(|_| ErrorReport::new(ErrorCode::InternalError))?;
                    let readers = self.readers.borrow_and_update();
                    if !is_still_there(&readers, reader) || around.is_joined(&readers) {
                        return Ok(None);
                    }
                },
                () = &mut limit => return Err(ErrorReport::new(ErrorCode::UserTimeout)),
            }
        }
    }

    /// Shows a question.
    pub(super) fn begin_question(&mut self, step: Step) -> Result<(), ErrorReport> {
        // of a window that is there already: it was counted as waiting
        self.screen.take_time_to_appear();
        self.screen.show(step)
    }

    /// Counts the time since a question was asked.
    pub(super) fn count_question(&mut self, asked: Instant) {
        let asked: Duration = asked.elapsed();
        // a person cannot answer before there is something to see
        let window = self.screen.take_time_to_appear().min(asked);
        self.window += window;
        self.person += asked.saturating_sub(window);
    }
}

/// Who gives up after a wrong number hears of the number.
const fn given_up(question: &AccessNumberQuestion) -> ErrorCode {
    if question.was_wrong { ErrorCode::CanWrong } else { ErrorCode::UserCancelled }
}
