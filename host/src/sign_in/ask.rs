//! The question on the screen, and the person's answer.

use std::time::{Instant, SystemTime};

use bitaqa_card::PinStatus;
use bitaqa_protocol::{ErrorCode, ErrorReport, page::Stage};
use bitaqa_trust::{AuthenticationCertificate, DateTime};
use tokio::time::sleep;

use super::{ANSWER_LIMIT, Flow, candidate::Candidate, screen::PersonDid};
use crate::window::{
    LockedPin,
    message::{Question, Step},
};

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
        if let Err(useless) = check_use_of_pin(&candidate.certificate, candidate.pin_status) {
            // the next request reads the card itself: a person puts in another one, and the watching thread may hear of it late
            self.cache().forget(&candidate.reader);
            return Err(useless);
        }
        self.report_stage(Stage::WaitingForPerson);
        let question = self.question(candidate, was_wrong);
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

    /// The question about a card, with the documents where there are any.
    fn question(&self, candidate: &Candidate, was_wrong: bool) -> Question {
        Question { documents: self.documents.clone(), ..candidate.question(was_wrong) }
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
                        let question = self.question(candidate, false);
                        self.screen.show(Step::Pin { question })?;
                    }
                },
                () = &mut limit => return Err(ErrorReport::new(ErrorCode::UserTimeout)),
            }
        }
    }
}

/// Whether the PIN is good for anything.
///
/// # Errors
/// What makes it useless: a certificate out of date, which every portal would refuse; a PIN that is blocked, or was never set.
pub(super) fn check_use_of_pin(
    certificate: &AuthenticationCertificate,
    status: PinStatus,
) -> Result<(), ErrorReport> {
    let expired = || ErrorReport::new(ErrorCode::CertificateExpired);
    let now = DateTime::from_system_time(SystemTime::now()).map_err(|_| expired())?;
    if now < certificate.not_before() || now > certificate.not_after() {
        return Err(expired());
    }
    if status.is_blocked() {
        return Err(ErrorReport::new(ErrorCode::PinBlocked).with_tries_left(0));
    }
    if status.activated == Some(false) {
        return Err(ErrorReport::new(ErrorCode::PinNotActivated));
    }
    Ok(())
}
