//! The certificates of a card's keys for documents: a site receives them once the person agreed. No PIN is asked for.

use std::time::Instant;

use bitaqa_protocol::{
    ErrorCode, ErrorReport, Language, Origin, RequestId, host::Timing, page::Stage,
    signing::SigningCertificate,
};
use tokio::time::sleep;

use crate::{
    port::Sender,
    sign_in::{ANSWER_LIMIT, Desk, Flow, candidate::Candidate, first_look::Wanted, screen::PersonDid},
    window::message::{CertificatesQuestion, Step},
};

/// What the page asked for.
pub(crate) struct SigningCertificates {
    /// The request.
    pub(crate) id: RequestId,
    /// Who asks; nobody but the holder, where it is the extension's own page.
    pub(crate) origin: Option<Origin>,
    /// Language of the window.
    pub(crate) language: Language,
}

/// Gives the certificates. The window may outlive it for a moment, to say how it ended.
///
/// # Errors
/// [`ErrorReport`], ready for the extension.
pub(crate) async fn signing_certificates(
    desk: &Desk,
    asked: SigningCertificates,
    outgoing: Sender,
) -> Result<(Vec<SigningCertificate>, Timing), ErrorReport> {
    let asker = super::asker(asked.origin.as_ref());
    let mut flow =
        Flow { wanted: Wanted::ForDocuments, ..Flow::of(desk, asked.id, asked.language, asker, outgoing) };
    let outcome = flow.certificates().await;
    flow.finish(outcome, Step::Sent {})
}

impl Flow<'_> {
    async fn certificates(&mut self) -> Result<Vec<SigningCertificate>, ErrorReport> {
        loop {
            let candidate = self.find().await?;
            self.questions += 1;
            let question = CertificatesQuestion {
                serial: self.questions,
                holder: candidate.holder(),
                discloses: candidate.discloses(),
            };
            self.report_stage(Stage::WaitingForPerson);
            self.begin_question(Step::Certificates { question })?;
            let asked = Instant::now();
            let answer = self.agreed(&candidate).await;
            self.count_question(asked);
            if answer? {
                self.report_stage(Stage::Sending);
                self.screen.show(Step::Sending {})?;
                return Ok(candidate.for_documents);
            }
        }
    }

    /// Whether the person agreed; not, where the card left.
    async fn agreed(&mut self, candidate: &Candidate) -> Result<bool, ErrorReport> {
        let serial = self.questions;
        let mut limit = std::pin::pin!(sleep(ANSWER_LIMIT));
        loop {
            tokio::select! {
                did = self.screen.person() => match did? {
                    PersonDid::Released { serial: answered } if answered == serial => return Ok(true),
                    PersonDid::Cancel => return Err(ErrorReport::new(ErrorCode::UserCancelled)),
                    // of a question that was on the screen before
                    _ => {}
                },
                changed = self.readers.changed() => {
                    changed.map_err(|_| ErrorReport::new(ErrorCode::InternalError))?;
                    if !candidate.is_still_there(&self.readers.borrow_and_update()) {
                        return Ok(false);
                    }
                },
                () = &mut limit => return Err(ErrorReport::new(ErrorCode::UserTimeout)),
            }
        }
    }
}
