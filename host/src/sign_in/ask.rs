//! The question on the screen, and the person's answer.

use std::time::{Instant, SystemTime};

use bitaqa_protocol::{ErrorCode, ErrorReport, page::Stage};
use bitaqa_trust::DateTime;
use tokio::time::sleep;

use super::{ANSWER_LIMIT, Flow, candidate::Candidate, screen::PersonDid};
use crate::window::{LockedPin, message::Step};

/// Where the PIN comes from.
pub(super) enum Answer {
    /// Our window.
    Pin(LockedPin),
    /// The reader's key pad, which is yet to ask.
    PinPad,
}

impl Flow<'_> {
    /// Asks for the PIN; what would make it useless is said before.
    pub(super) async fn ask(
        &mut self,
        candidate: &mut Candidate,
        was_wrong: bool,
    ) -> Result<Answer, ErrorReport> {
        check_validity(candidate)?;
        if candidate.pin_status.is_blocked() {
            return Err(ErrorReport::new(ErrorCode::PinBlocked).with_tries_left(0));
        }
        if candidate.pin_status.activated == Some(false) {
            return Err(ErrorReport::new(ErrorCode::PinNotActivated));
        }
        self.report_stage(Stage::WaitingForPerson);
        let question = candidate.question(was_wrong);
        if candidate.has_pin_pad {
            self.screen.show(Step::PinPad { question })?;
            return Ok(Answer::PinPad);
        }
        self.begin_question(Step::Pin { question })?;
        let asked = Instant::now();
        let answer = self.answer(candidate).await;
        self.count_question(asked);
        answer
    }

    async fn answer(&mut self, candidate: &mut Candidate) -> Result<Answer, ErrorReport> {
        let limit = sleep(ANSWER_LIMIT);
        let mut limit = std::pin::pin!(limit);
        loop {
            tokio::select! {
                did = self.screen.person() => match did? {
                    PersonDid::Pin(pin) => return Ok(Answer::Pin(pin)),
                    PersonDid::Cancel => return Err(ErrorReport::new(ErrorCode::UserCancelled)),
                    // of a question that was on the screen before
                    _ => {}
                },
                changed = self.readers.changed() => {
                    changed.map_err(|_| ErrorReport::new(ErrorCode::InternalError))?;
                    let there = candidate.is_still_there(&self.readers.borrow_and_update());
                    if !there {
                        *candidate = self.find_again(candidate).await?;
                        self.report_stage(Stage::WaitingForPerson);
                        self.screen.show(Step::Pin { question: candidate.question(false) })?;
                    }
                },
                () = &mut limit => return Err(ErrorReport::new(ErrorCode::UserTimeout)),
            }
        }
    }
}

/// An expired certificate would be refused by every portal: no PIN is asked for it.
fn check_validity(candidate: &Candidate) -> Result<(), ErrorReport> {
    let expired = || ErrorReport::new(ErrorCode::CertificateExpired);
    let now = DateTime::from_system_time(SystemTime::now()).map_err(|_| expired())?;
    if now < candidate.certificate.not_before() || now > candidate.certificate.not_after() {
        Err(expired())
    } else {
        Ok(())
    }
}
