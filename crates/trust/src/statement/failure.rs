//! What can be wrong with a statement.

use bitaqa_jose::{JwkError, jws::JwsError};
use bitaqa_protocol::{Origin, statement::StatementError};
use serde::Serialize;

/// A step of the verification, in the order in which they are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// It is a JWS of the right `typ` that names an issuer.
    Format,
    /// A current trust pack names the issuer.
    Issuer,
    /// The issuer's key is known, valid and not revoked.
    Key,
    /// The key signed it.
    Signature,
    /// The payload keeps to all rules.
    Content,
    /// It counts at this time.
    Time,
    /// The issuer may speak for all its origins.
    Origins,
}

impl Step {
    /// All steps, in order.
    pub const ALL: [Self; 7] =
        [Self::Format, Self::Issuer, Self::Key, Self::Signature, Self::Content, Self::Time, Self::Origins];

    /// Its stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Format => "format",
            Self::Issuer => "issuer",
            Self::Key => "key",
            Self::Signature => "signature",
            Self::Content => "content",
            Self::Time => "time",
            Self::Origins => "origins",
        }
    }
}

/// Why a statement is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatementFailure {
    /// Not a JWS of this kind, or without an issuer.
    #[error("not a statement: {0}")]
    Format(JwsError),
    /// The payload names no issuer.
    #[error("not a statement: it names no issuer")]
    NoIssuer,
    /// No trust pack names the issuer.
    #[error("no installed trust pack names the issuer of the statement")]
    IssuerUnknown,
    /// Only packs that count no more, or not yet, name the issuer.
    #[error("the trust pack that names the issuer of the statement has expired")]
    PackExpired,
    /// The issuer has no key of this name.
    #[error("the issuer has no key of the name that the statement gives")]
    KeyUnknown,
    /// The key's time has not come, or is over.
    #[error("the issuer's key is not valid at this time")]
    KeyNotValid,
    /// The key was revoked.
    #[error("the issuer's key was revoked")]
    KeyRevoked,
    /// The key did not sign this.
    #[error("the signature of the statement is wrong")]
    Signature,
    /// The payload breaks a rule.
    #[error("the content of the statement: {0}")]
    Content(#[from] StatementError),
    /// The portal's key cannot be used.
    #[error("the portal's key in the statement: {0}")]
    EncryptionKey(JwkError),
    /// Its time has not come.
    #[error("the statement is not valid yet; is this computer's clock right?")]
    NotYetValid,
    /// Its time is over.
    #[error("the statement has expired")]
    Expired,
    /// The issuer may not speak for one of the origins.
    #[error("the issuer may not speak for {origin}")]
    ForeignOrigin {
        /// Which one.
        origin: Origin,
    },
}

impl StatementFailure {
    /// The step at which it came out.
    #[must_use]
    pub const fn step(&self) -> Step {
        match self {
            Self::Format(_) | Self::NoIssuer => Step::Format,
            Self::IssuerUnknown | Self::PackExpired => Step::Issuer,
            Self::KeyUnknown | Self::KeyNotValid | Self::KeyRevoked => Step::Key,
            Self::Signature => Step::Signature,
            Self::Content(_) | Self::EncryptionKey(_) => Step::Content,
            Self::NotYetValid | Self::Expired => Step::Time,
            Self::ForeignOrigin { .. } => Step::Origins,
        }
    }

    /// A stable word for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Format(_) | Self::NoIssuer => "statement-malformed",
            Self::IssuerUnknown => "issuer-unknown",
            Self::PackExpired => "trust-pack-expired",
            Self::KeyUnknown => "key-unknown",
            Self::KeyNotValid => "key-not-valid",
            Self::KeyRevoked => "key-revoked",
            Self::Signature => "signature-wrong",
            Self::Content(_) => "content-invalid",
            Self::EncryptionKey(_) => "encryption-key-invalid",
            Self::NotYetValid => "statement-not-yet-valid",
            Self::Expired => "statement-expired",
            Self::ForeignOrigin { .. } => "origin-foreign",
        }
    }
}
