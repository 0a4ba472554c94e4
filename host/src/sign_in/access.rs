//! A card that opens with the number printed on it: the person is asked for it, and the card is tried with what they typed.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use bitaqa_card::{chip_session::AccessRefusal, layout::OpenedBy};
use bitaqa_protocol::{ErrorCode, ErrorReport, page::Stage};
use tokio::time::sleep;

use super::{
    ANSWER_LIMIT, Flow,
    around::{Around, place},
    candidate::Candidate,
    find::is_still_there,
    first_transaction::FirstTransaction,
    opens_with::OpensWith,
    screen::PersonDid,
    typed::Typed,
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
    /// Asks for the number of the card in this reader, as often as it takes; each number is tried once. Where the reader can take
    /// it, it is typed there; in our window where the reader fails at it.
    ///
    /// # Errors
    /// What the person decided; a card that takes no number any more.
    pub(super) async fn open(
        &mut self,
        readers: &[ReaderSeen],
        reader: &ReaderSeen,
        by: OpenedBy,
    ) -> Result<Opening, ErrorReport> {
        let around = Around::all(readers);
        let is_one_of_several = readers.iter().any(|other| place(other) != place(reader));
        let name = is_one_of_several.then(|| reader.name.to_string_lossy().into_owned());
        let mut question =
            AccessNumberQuestion { serial: 0, reader: name, tries_left: None, was_wrong: false };
        if by == OpenedBy::Reader
            && let Some(opening) = self.open_on_reader(&around, reader, &mut question).await?
        {
            return Ok(opening);
        }
        loop {
            let Some(number) = self.ask_for_number(&around, reader, &mut question).await? else {
                return Ok(Opening::LookAgain);
            };
            // the window says so by itself; what is shown next is new to it in any case
            self.screen.show(Step::Reading {})?;
            self.report_stage(Stage::Reading);
            let number = OpensWith::Number(Arc::new(Typed::AccessNumber(number)));
            match self.first_transaction(&around, reader, &number).await? {
                FirstTransaction::Usable(candidate) => return Ok(Opening::Usable(candidate)),
                FirstTransaction::Refused(AccessRefusal::CanWrong { tries_left }) => {
                    question.tries_left = tries_left;
                    question.was_wrong = true;
                }
                outcome => return refused(outcome),
            }
        }
    }

    /// Opens the card that may be the one of a question before. What a document is opened with again after its zone was typed, was
    /// typed already: it names the document, so it is a try of no other card's.
    ///
    /// # Errors
    /// As [`open`](Self::open); another card.
    pub(super) async fn open_as_before(
        &mut self,
        before: &Candidate,
        readers: &[ReaderSeen],
        reader: &ReaderSeen,
        by: OpenedBy,
    ) -> Result<Opening, ErrorReport> {
        match &before.opens_with {
            OpensWith::Number(typed) if typed.is_zone() => {
                match self.first_transaction(&Around::all(readers), reader, &before.opens_with).await? {
                    FirstTransaction::Refused(AccessRefusal::MrzWrong) => {
                        Err(ErrorReport::new(ErrorCode::CardChanged))
                    }
                    outcome => refused(outcome),
                }
            }
            // a chip that was read is opened by this program again, to see whether it is the same
            _ if before.chip.is_some() => self.open(readers, reader, OpenedBy::Terminal).await,
            _ => self.open(readers, reader, by).await,
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
                    PersonDid::Cancel => return Err(ErrorReport::new(given_up(question))),
                    _ => {}
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

/// What follows for a card that stays closed, however often it is asked for its number.
///
/// # Errors
/// A card that takes no number any more.
pub(super) fn refused(outcome: FirstTransaction) -> Result<Opening, ErrorReport> {
    match outcome {
        FirstTransaction::Usable(candidate) => Ok(Opening::Usable(candidate)),
        FirstTransaction::Unusable(Verdict::Gone | Verdict::Busy)
        | FirstTransaction::Closed(_)
        | FirstTransaction::Refused(AccessRefusal::CanWrong { .. })
        | FirstTransaction::Cancelled
        | FirstTransaction::TimedOut
        | FirstTransaction::ReaderFailed => Ok(Opening::LookAgain),
        FirstTransaction::Unusable(verdict) => Ok(Opening::Unusable(verdict)),
        FirstTransaction::Refused(AccessRefusal::MrzNeeded | AccessRefusal::MrzWrong) => {
            Ok(Opening::Unusable(Verdict::NumberNotTaken))
        }
        FirstTransaction::Refused(
            refusal @ (AccessRefusal::Suspended | AccessRefusal::Blocked | AccessRefusal::Deactivated),
        ) => Err(ErrorReport::new(ErrorCode::CanBlocked).with_detail(&refusal.to_string())),
    }
}

/// Who gives up after a wrong number hears of the number.
pub(super) const fn given_up(question: &AccessNumberQuestion) -> ErrorCode {
    if question.was_wrong { ErrorCode::CanWrong } else { ErrorCode::UserCancelled }
}
