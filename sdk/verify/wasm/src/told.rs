//! What JavaScript gets: results and errors as JSON.

use std::fmt;

use bitaqa_protocol::encode_base64;
use bitaqa_trust::{
    RefusedToken,
    identity::{
        ChipAuthenticationNeeded, IdentityFailure, RefusedIdentity, VerifiedIdentity,
        result::Check as IdentityCheck,
    },
    revocation::{Needed, report::CertificateRevocation},
    token_verification::Check,
};
use serde::Serialize;

/// Why there is no result.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Told {
    /// The caller asked wrongly.
    Usage(Usage),
    /// The token does not hold.
    SignIn(SignInRefusal),
    /// The answer does not hold.
    Identity(IdentityRefusal),
}

impl Told {
    /// As JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        json(self)
    }
}

/// As JSON. What is given here always has one: texts, numbers, and maps by text.
pub(crate) fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// The caller asked wrongly: nothing was verified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS))]
#[error("{message}")]
pub struct Usage {
    /// A stable word.
    pub code: UsageCode,
    /// A sentence, in English.
    pub message: String,
}

/// What the caller did wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum UsageCode {
    /// Not an origin as browsers write it.
    OriginInvalid,
    /// Not a challenge: base64 of at least 32 bytes.
    ChallengeInvalid,
    /// Not a private key that answers can be encrypted to.
    KeyInvalid,
    /// Not a statement, purpose or claims as `identify()` takes them.
    RequestInvalid,
    /// A trust pack that cannot be read.
    PackInvalid,
    /// A trust pack that another than the named signer made.
    PackSignerUnknown,
    /// A trust pack that does not count at this time. A verifier lives no longer than its packs.
    PackExpired,
    /// Certificates, lists or profiles that cannot be used.
    TrustInvalid,
    /// What is trusted is for tests, and the caller did not say that it is to be.
    TrustIsForTests,
    /// There is nobody whose tokens could be believed.
    IssuersMissing,
    /// There is no key that answers could be encrypted to.
    KeysMissing,
    /// Not a time.
    TimeInvalid,
    /// A way to judge revocation that there is not, or too many lists and answers.
    EvidenceInvalid,
    /// Not a status of a document.
    StatusInvalid,
    /// Not what the first step of chip authentication gave, or what a chip answered.
    ChipAnswerInvalid,
    /// Not as many random bytes as are needed.
    RandomInvalid,
}

impl Usage {
    pub(crate) fn new(code: UsageCode, message: impl fmt::Display) -> Self {
        Self { code, message: message.to_string() }
    }
}

impl From<Usage> for Told {
    fn from(usage: Usage) -> Self {
        Self::Usage(usage)
    }
}

/// A token that does not hold.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS))]
pub struct SignInRefusal {
    /// A stable word.
    #[cfg_attr(feature = "codegen", ts(type = "SignInCode"))]
    pub code: &'static str,
    /// A sentence, in English.
    pub message: String,
    /// Every step with its outcome.
    pub checks: Vec<Check>,
    /// What is known about the revocation of each certificate, if the token got that far.
    pub revocation: Option<Vec<CertificateRevocation>>,
}

impl From<Box<RefusedToken>> for Told {
    fn from(refused: Box<RefusedToken>) -> Self {
        Self::SignIn(SignInRefusal {
            code: refused.failure.code(),
            message: refused.failure.to_string(),
            checks: refused.checks,
            revocation: refused.revocation.map(|report| report.certificates),
        })
    }
}

/// An answer that does not hold.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS))]
pub struct IdentityRefusal {
    /// A stable word.
    #[cfg_attr(feature = "codegen", ts(type = "IdentityCode"))]
    pub code: &'static str,
    /// A sentence, in English.
    pub message: String,
    /// Every step with its outcome.
    pub checks: Vec<IdentityCheck>,
    /// Why the document is not genuine, or the card's token does not hold: stable words.
    pub reasons: Vec<&'static str>,
}

impl From<Box<RefusedIdentity>> for Told {
    fn from(refused: Box<RefusedIdentity>) -> Self {
        let reasons = match &refused.failure {
            IdentityFailure::NotGenuine(faults) => {
                faults.iter().map(bitaqa_trust::passive_authentication::Fault::code).collect()
            }
            IdentityFailure::Token(failure) => vec![failure.code()],
            _ => Vec::new(),
        };
        Self::Identity(IdentityRefusal {
            code: refused.failure.code(),
            message: refused.failure.to_string(),
            checks: refused.checks,
            reasons,
        })
    }
}

/// What comes of the first step of an identity answer.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS))]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum IdentityStepResult {
    /// The answer holds; there is no second step.
    Verified {
        /// Who it is about.
        identity: Box<VerifiedIdentity>,
    },
    /// The chip has yet to prove that it is no copy.
    ChipAuthenticationNeeded {
        /// For the page, which gives it to the card.
        challenge: String,
        /// For the server's session: secret, and used once.
        secret: String,
        /// Every step with its outcome so far.
        checks: Vec<IdentityCheck>,
    },
}

impl From<&ChipAuthenticationNeeded> for IdentityStepResult {
    fn from(needed: &ChipAuthenticationNeeded) -> Self {
        Self::ChipAuthenticationNeeded {
            challenge: needed.challenge.to_string(),
            secret: needed.state.to_text().to_string(),
            checks: needed.checks.clone(),
        }
    }
}

/// Something to fetch, to know whether a certificate was revoked. The addresses stand in certificates.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS))]
#[serde(tag = "source", rename_all = "kebab-case")]
pub enum RevocationNeed {
    /// A question to a responder: POST `request` as `application/ocsp-request` (RFC 6960).
    Ocsp {
        /// Where.
        url: String,
        /// The question; base64 in JSON.
        #[cfg_attr(feature = "codegen", ts(type = "Uint8Array"))]
        request: String,
        /// Place of the certificate in its path; the holder's is 0.
        position: usize,
    },
    /// A revocation list: GET (RFC 5280).
    Crl {
        /// Where.
        url: String,
        /// Place of the certificate in its path; the holder's is 0.
        position: usize,
    },
}

impl From<&Needed> for RevocationNeed {
    fn from(need: &Needed) -> Self {
        let (url, position) = (need.url().to_owned(), need.position());
        match need {
            Needed::Ocsp { request, .. } => Self::Ocsp { url, request: encode_base64(request), position },
            Needed::Crl { .. } => Self::Crl { url, position },
        }
    }
}
