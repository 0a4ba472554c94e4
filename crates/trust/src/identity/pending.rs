//! An answer that holds by itself, before others were asked about it: whether its document is still in use, and whether the
//! certificates of a token in it were revoked. Nothing is fetched here.

use super::{
    result::{Check, IdentityFailure, Outcome, RefusedIdentity, Step, VerifiedIdentity},
    second_call::ChipAuthenticationNeeded,
    status::DocumentStatus,
};
use crate::{
    SignIn, TokenFailure,
    revocation::{Evidence, EvidenceRules, Needed, OnMissingEvidence},
    token_verification::PendingToken,
};

/// What comes of the first step.
#[derive(Debug)]
pub enum PendingStep {
    /// The answer holds; there is no second call of the page.
    Held(Box<PendingIdentity>),
    /// Everything holds as far as can be known, and the chip has to prove itself by the server's key.
    ChipAuthenticationNeeded(ChipAuthenticationNeeded),
}

/// An answer that holds but for what others know. Each of its steps consumes it, so that a refusal cannot be passed over.
#[derive(Debug, Clone)]
pub struct PendingIdentity {
    verified: VerifiedIdentity,
    token: Option<PendingToken>,
}

impl PendingIdentity {
    /// With the report up to the step [`Step::Holder`].
    pub(super) fn new(verified: VerifiedIdentity, token: Option<PendingToken>) -> Self {
        Self { verified, token }
    }

    /// SHA-256 of EF.SOD: what a source of status is asked by. A card that signs nothing has none, and nobody to ask.
    #[must_use]
    pub const fn fingerprint(&self) -> Option<&[u8; 32]> {
        self.verified.fingerprint.as_ref()
    }

    /// What must be fetched to know whether the certificates of the answer's token were revoked; nothing where it has none.
    #[must_use]
    pub fn needs(&self) -> Vec<Needed> {
        self.token.as_ref().map(PendingToken::needs).unwrap_or_default()
    }

    /// Judges what was fetched, stapled or kept about the certificates of the answer's token.
    ///
    /// # Errors
    /// [`RefusedIdentity`] with `token-invalid`: a certificate was revoked or is unknown to its issuer; or, if so demanded,
    /// nobody can tell.
    pub fn with_revocation(
        mut self,
        evidence: &Evidence,
        rules: &EvidenceRules,
        on_missing: OnMissingEvidence,
    ) -> Result<Self, Box<RefusedIdentity>> {
        let Some(token) = self.token.take() else { return Ok(self) };
        match token.finish(evidence, rules, on_missing) {
            Ok(token) => {
                self.verified.token = Some(SignIn::of(&token).at_most(self.verified.level));
                Ok(self)
            }
            Err(refused) => Err(self.refused_token(refused.failure.clone())),
        }
    }

    /// Takes what a source knows of the document.
    ///
    /// # Errors
    /// [`RefusedIdentity`] with `document-withdrawn`.
    pub fn with_status(mut self, status: DocumentStatus) -> Result<Self, Box<RefusedIdentity>> {
        if let DocumentStatus::Withdrawn { reason } = status {
            let failure = IdentityFailure::Withdrawn { reason };
            return Err(Box::new(RefusedIdentity::after_all(self.verified.checks, Step::Status, failure)));
        }
        self.verified.status = status;
        Ok(self)
    }

    /// Takes the answer with what is known by now; the report says what nobody looked at.
    #[must_use]
    pub fn finish(mut self) -> VerifiedIdentity {
        if let Some(token) = self.token {
            self.verified.token = Some(SignIn::of(&token.unasked()).at_most(self.verified.level));
        }
        let outcome = if self.verified.status.is_known() { Outcome::Passed } else { Outcome::NotChecked };
        self.verified.checks.push(Check { step: Step::Status, outcome });
        self.verified
    }

    fn refused_token(self, failure: TokenFailure) -> Box<RefusedIdentity> {
        let failure = IdentityFailure::Token(failure);
        Box::new(RefusedIdentity::after_all(self.verified.checks, Step::Holder, failure))
    }
}
