//! What holds but for what others know: whether certificates were revoked, and whether the document is in use.

use bitaqa_trust::{
    SignIn,
    identity::{DocumentStatus, VerifiedIdentity, pending},
    revocation::{Evidence, EvidenceRules, Needed, NonceRule, OnMissingEvidence},
    token_verification::PendingToken,
};
use serde::Deserialize;

use crate::told::{RevocationNeed, Told, Usage, UsageCode};

/// How revocation is judged.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RevocationDemand {
    /// What happens where nobody can tell.
    pub on_missing: OnMissingEvidence,
    /// Whether answers of responders must repeat the nonce of their question.
    #[serde(default)]
    pub require_nonce: bool,
}

impl RevocationDemand {
    /// Reads JSON.
    ///
    /// # Errors
    /// [`UsageCode::EvidenceInvalid`].
    pub fn parse(json: &str) -> Result<Self, Usage> {
        serde_json::from_str(json).map_err(|error| Usage::new(UsageCode::EvidenceInvalid, error))
    }

    fn rules(self) -> EvidenceRules {
        let nonce = if self.require_nonce { NonceRule::Required } else { NonceRule::IfRepeated };
        EvidenceRules { nonce, ..EvidenceRules::default() }
    }
}

/// What is to be fetched, and what came.
#[derive(Debug)]
pub struct Gathered {
    needs: Vec<Needed>,
    evidence: Evidence,
}

impl Gathered {
    fn new(needs: Vec<Needed>) -> Self {
        Self { needs, evidence: Evidence::new() }
    }

    /// What is to be fetched.
    #[must_use]
    pub fn needs(&self) -> Vec<RevocationNeed> {
        self.needs.iter().map(RevocationNeed::from).collect()
    }

    /// Takes what came for one of the needs, by its place among them.
    ///
    /// # Errors
    /// [`UsageCode::EvidenceInvalid`].
    pub fn answer(&mut self, place: usize, received: Vec<u8>) -> Result<(), Usage> {
        let need = self.needs.get(place);
        let need = need.ok_or_else(|| Usage::new(UsageCode::EvidenceInvalid, "there is no such need"))?;
        self.evidence.answer(need, received).map_err(|error| Usage::new(UsageCode::EvidenceInvalid, error))
    }

    /// Takes a responder's answer that was stapled or kept.
    ///
    /// # Errors
    /// [`UsageCode::EvidenceInvalid`].
    pub fn add_ocsp(&mut self, name: &str, der: Vec<u8>) -> Result<(), Usage> {
        self.evidence.add_ocsp(name, der).map_err(|error| Usage::new(UsageCode::EvidenceInvalid, error))
    }

    /// Takes a revocation list that was kept.
    ///
    /// # Errors
    /// [`UsageCode::EvidenceInvalid`].
    pub fn add_crl(&mut self, name: &str, der: Vec<u8>) -> Result<(), Usage> {
        self.evidence.add_crl(name, der).map_err(|error| Usage::new(UsageCode::EvidenceInvalid, error))
    }
}

/// A token that holds but for revocation.
#[derive(Debug)]
pub struct PendingSignIn {
    token: PendingToken,
    /// What is known of revocation.
    pub gathered: Gathered,
}

impl PendingSignIn {
    pub(crate) fn new(token: PendingToken) -> Self {
        Self { gathered: Gathered::new(token.needs()), token }
    }

    /// Judges what came; without a demand nobody looks for revocation, and the result says so.
    ///
    /// # Errors
    /// [`Told::SignIn`].
    pub fn finish(self, demand: Option<RevocationDemand>) -> Result<SignIn, Told> {
        let token = match demand {
            Some(demand) => self.token.finish(&self.gathered.evidence, &demand.rules(), demand.on_missing)?,
            None => self.token.unasked(),
        };
        Ok(SignIn::of(&token))
    }
}

/// An answer that holds but for status, and revocation where it has a token.
#[derive(Debug)]
pub struct PendingIdentity {
    answer: pending::PendingIdentity,
    /// What is known of revocation.
    pub gathered: Gathered,
}

impl PendingIdentity {
    pub(crate) fn new(answer: pending::PendingIdentity) -> Self {
        Self { gathered: Gathered::new(answer.needs()), answer }
    }

    /// What a source of status is asked by: SHA-256 of EF.SOD, in hexadecimal digits.
    #[must_use]
    pub fn fingerprint(&self) -> Option<String> {
        Some(self.answer.fingerprint()?.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// Judges what came; without a demand nobody looks for revocation, without a status nobody asked for it, and the result
    /// says so.
    ///
    /// # Errors
    /// [`Told::Identity`].
    pub fn finish(
        self,
        demand: Option<RevocationDemand>,
        status: Option<DocumentStatus>,
    ) -> Result<VerifiedIdentity, Told> {
        let mut answer = self.answer;
        if let Some(demand) = demand {
            answer = answer.with_revocation(&self.gathered.evidence, &demand.rules(), demand.on_missing)?;
        }
        if let Some(status) = status {
            answer = answer.with_status(status)?;
        }
        Ok(answer.finish())
    }
}

/// Reads what a source of status said, as JSON.
///
/// # Errors
/// [`UsageCode::StatusInvalid`].
pub fn status(json: &str) -> Result<DocumentStatus, Usage> {
    serde_json::from_str(json).map_err(|error| Usage::new(UsageCode::StatusInvalid, error))
}
