//! What the caller brings: lists and answers, fetched, stapled or kept, and the rules by which they are judged.

use std::time::Duration;

use super::{needs::Needed, ocsp_request::Nonce};
use crate::DateTime;

/// Most pieces of evidence of one verification.
pub const MAX_PIECES: usize = 64;

/// How evidence is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EvidenceRules {
    /// How far the clocks of issuers may be from the verifier's.
    pub clock_skew: Duration,
    /// How long an answer without a next update is believed. Such a responder always has something newer (RFC 6960
    /// section 4.2.2.1).
    pub max_age_without_next_update: Duration,
    /// Whether an answer must repeat the nonce of the question.
    pub nonce: NonceRule,
}

impl Default for EvidenceRules {
    /// Five minutes of skew, one hour without a next update, a nonce where the responder repeats it.
    fn default() -> Self {
        Self {
            clock_skew: Duration::from_secs(5 * 60),
            max_age_without_next_update: Duration::from_secs(60 * 60),
            nonce: NonceRule::IfRepeated,
        }
    }
}

/// What the nonce of an answer must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NonceRule {
    /// That of the question; answers without one, and those that nobody asked for, are refused.
    Required,
    /// That of the question, where the answer has one: many responders sign answers in advance (RFC 5019). Freshness then
    /// rests on the answer's dates.
    IfRepeated,
}

/// Lists and answers about the certificates of a path. Whatever is in it is believed only after its own signature, signer
/// and dates were checked.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    pub(super) answers: Vec<Answer>,
    pub(super) lists: Vec<List>,
}

#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) der: Vec<u8>,
    pub(super) nonce: Option<Nonce>,
    pub(super) name: String,
}

#[derive(Debug, Clone)]
pub(super) struct List {
    pub(super) der: Vec<u8>,
    pub(super) name: String,
}

impl Evidence {
    /// None.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds what was fetched for a need, as it was received.
    ///
    /// # Errors
    /// [`TooMuchEvidence`].
    pub fn answer(&mut self, need: &Needed, received: Vec<u8>) -> Result<(), TooMuchEvidence> {
        match need {
            Needed::Ocsp { url, nonce, .. } => {
                self.push_answer(Answer { der: received, nonce: *nonce, name: url.clone() })
            }
            Needed::Crl { url, .. } => self.add_crl(url, received),
        }
    }

    /// Adds an answer that nobody asked for now: stapled, kept, or from a file. `name` says where it is from, for the
    /// report. Its nonce proves nothing, so its dates must.
    ///
    /// # Errors
    /// [`TooMuchEvidence`].
    pub fn add_ocsp(&mut self, name: &str, der: Vec<u8>) -> Result<(), TooMuchEvidence> {
        self.push_answer(Answer { der, nonce: None, name: name.to_owned() })
    }

    /// Adds a revocation list in DER, complete or delta. `name` says where it is from, for the report.
    ///
    /// # Errors
    /// [`TooMuchEvidence`].
    pub fn add_crl(&mut self, name: &str, der: Vec<u8>) -> Result<(), TooMuchEvidence> {
        self.make_room()?;
        self.lists.push(List { der, name: name.to_owned() });
        Ok(())
    }

    fn push_answer(&mut self, answer: Answer) -> Result<(), TooMuchEvidence> {
        self.make_room()?;
        self.answers.push(answer);
        Ok(())
    }

    fn make_room(&self) -> Result<(), TooMuchEvidence> {
        if self.answers.len() + self.lists.len() < MAX_PIECES { Ok(()) } else { Err(TooMuchEvidence) }
    }
}

/// More than [`MAX_PIECES`] pieces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("more than {MAX_PIECES} revocation lists and answers")]
pub struct TooMuchEvidence;

/// The dates of a list or statement.
pub(super) struct Freshness {
    pub(super) this_update: DateTime,
    pub(super) next_update: Option<DateTime>,
}

/// What is wrong with them.
pub(super) enum NotFresh {
    Future { from: DateTime },
    Past { until: DateTime },
}

impl Freshness {
    pub(super) fn check(&self, at: DateTime, rules: &EvidenceRules) -> Result<(), NotFresh> {
        let now = at.unix_duration();
        let from = self.this_update.unix_duration();
        if from > now.saturating_add(rules.clock_skew) {
            return Err(NotFresh::Future { from: self.this_update });
        }
        let until = match self.next_update {
            Some(next_update) => next_update.unix_duration(),
            None => from.saturating_add(rules.max_age_without_next_update),
        };
        if until.saturating_add(rules.clock_skew) < now {
            return Err(NotFresh::Past {
                until: DateTime::from_unix_duration(until).unwrap_or(self.this_update),
            });
        }
        Ok(())
    }
}
