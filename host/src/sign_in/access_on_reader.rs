//! A card that the reader opens: the person types the number printed on the card on the reader's keys, and the window says so.
//!
//! The channel that the reader opened is kept until the PIN is typed, so that the number is typed once. The card is reset when
//! the request ends, whichever way.

use std::time::Instant;

use bitaqa_card::{chip_session::AccessRefusal, layout::OpenedBy};
use bitaqa_protocol::{ErrorCode, ErrorReport, page::Stage};
use tokio::time::sleep;

use super::{
    Flow,
    access::{Opening, given_up, refused},
    around::Around,
    candidate::Candidate,
    find::{BUSY_RETRY, the_same},
    first_transaction::FirstTransaction,
    opens_with::OpensWith,
};
use crate::{
    reader::ReaderSeen,
    window::message::{AccessNumberQuestion, Step},
};

/// How many wrong numbers a reader may report: one that asks nobody would go on for ever.
pub(super) const MOST_WRONG: usize = 5;

impl Flow<'_> {
    /// Has the reader ask for the number of its card, as often as it takes; `None` where it cannot open the card, so that the
    /// number has to be typed in the window.
    ///
    /// # Errors
    /// What the person decided, here or on the reader; a card that takes no number any more.
    pub(super) async fn open_on_reader(
        &mut self,
        around: &Around,
        reader: &ReaderSeen,
        question: &mut AccessNumberQuestion,
    ) -> Result<Option<Opening>, ErrorReport> {
        for _ in 0..MOST_WRONG {
            self.say_on_reader(question)?;
            let asked = Instant::now();
            let outcome = self.first_transaction(around, reader, &OpensWith::NumberOnReader).await;
            self.person += asked.elapsed();
            match outcome.map_err(|report| of_person(report, question))? {
                FirstTransaction::Usable(candidate) => return Ok(Some(Opening::Usable(candidate))),
                FirstTransaction::Refused(AccessRefusal::CanWrong { tries_left }) => {
                    question.tries_left = tries_left;
                    question.was_wrong = true;
                }
                FirstTransaction::Cancelled => return Err(ErrorReport::new(given_up(question))),
                FirstTransaction::TimedOut => return Err(ErrorReport::new(ErrorCode::UserTimeout)),
                FirstTransaction::ReaderFailed => return Ok(None),
                outcome => return refused(outcome).map(Some),
            }
        }
        Err(ErrorReport::new(ErrorCode::CanWrong))
    }

    /// Says in the window that the reader asks for the number.
    ///
    /// # Errors
    /// No window.
    pub(super) fn say_on_reader(&mut self, question: &mut AccessNumberQuestion) -> Result<(), ErrorReport> {
        self.questions += 1;
        question.serial = self.questions;
        self.report_stage(Stage::WaitingForPerson);
        self.screen.show(Step::AccessNumberOnReader { question: question.clone() })
    }

    /// The card of a question whose channel is gone, because somebody reset the card: the number is typed once more.
    ///
    /// # Errors
    /// As [`open_on_reader`](Self::open_on_reader); another card.
    pub(super) async fn open_again(&mut self, before: &Candidate) -> Result<Candidate, ErrorReport> {
        loop {
            let (readers, _) = self.look().await;
            let Some(reader) = readers.iter().find(|reader| before.is_still_in(reader)) else {
                return self.find_again(before).await;
            };
            match self.open(&readers, reader, OpenedBy::Reader).await? {
                Opening::Usable(candidate) => return the_same(before, *candidate),
                Opening::Unusable(_) => return Err(ErrorReport::new(ErrorCode::CardChanged)),
                Opening::LookAgain => sleep(BUSY_RETRY).await,
            }
        }
    }
}

/// Who gives up in the window after a wrong number hears of the number, as one who gives up on the reader does.
pub(super) fn of_person(report: ErrorReport, question: &AccessNumberQuestion) -> ErrorReport {
    if report.code == ErrorCode::UserCancelled { ErrorReport::new(given_up(question)) } else { report }
}
