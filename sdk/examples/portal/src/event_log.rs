//! What the log says: what happened, how it ended, how long it took; nothing about the person.

use std::time::Duration;

use bitaqa_trust::{
    Assurance, Level, VerifiedToken,
    identity::{VerifiedIdentity, result::Chip},
};
use serde::Serialize;

/// The portal runs.
#[derive(Serialize)]
#[serde(tag = "event", rename = "started", rename_all = "camelCase")]
pub struct Started {
    /// Where it can be reached.
    pub origin: String,
    /// How many issuers it knows.
    pub issuers: usize,
    /// Whether it serves the module `@bitaqa/web`.
    pub sdk: bool,
    /// Whether it asks who people are.
    pub identity: bool,
}

/// Somebody tried to sign in.
#[derive(Serialize)]
#[serde(tag = "event", rename = "sign-in", rename_all = "camelCase")]
pub struct SignIn {
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<Level>,
    #[serde(skip_serializing_if = "Option::is_none")]
    assurance: Option<Assurance>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revocation_checked: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    verification_milliseconds: Option<f64>,
}

impl SignIn {
    /// The token held.
    #[must_use]
    pub fn accepted(verified: &VerifiedToken, took: Duration) -> Self {
        Self {
            outcome: "accepted",
            code: None,
            level: Some(verified.level()),
            assurance: verified.assurance(),
            revocation_checked: Some(verified.revocation_checked()),
            verification_milliseconds: Some(milliseconds(took)),
        }
    }

    /// It did not, or was not even looked at.
    #[must_use]
    pub fn refused(code: &'static str, took: Option<Duration>) -> Self {
        Self {
            outcome: "refused",
            code: Some(code),
            level: None,
            assurance: None,
            revocation_checked: None,
            verification_milliseconds: took.map(milliseconds),
        }
    }
}

/// Somebody was asked who they are.
#[derive(Serialize)]
#[serde(tag = "event", rename = "identity", rename_all = "camelCase")]
pub struct Identification {
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<Level>,
    #[serde(skip_serializing_if = "Option::is_none")]
    assurance: Option<Assurance>,
    #[serde(skip_serializing_if = "Option::is_none")]
    chip: Option<Chip>,
    #[serde(skip_serializing_if = "Option::is_none")]
    verification_milliseconds: Option<f64>,
}

impl Identification {
    /// The answer held.
    #[must_use]
    pub fn accepted(verified: &VerifiedIdentity, took: Duration) -> Self {
        Self {
            outcome: "accepted",
            code: None,
            level: Some(verified.level),
            assurance: Some(verified.assurance),
            chip: Some(verified.chip),
            verification_milliseconds: Some(milliseconds(took)),
        }
    }

    /// It did not, or was not even looked at.
    #[must_use]
    pub fn refused(code: &'static str, took: Option<Duration>) -> Self {
        Self {
            outcome: "refused",
            code: Some(code),
            level: None,
            assurance: None,
            chip: None,
            verification_milliseconds: took.map(milliseconds),
        }
    }
}

/// To a hundredth.
fn milliseconds(took: Duration) -> f64 {
    (took.as_secs_f64() * 100_000.0).round() / 100.0
}
