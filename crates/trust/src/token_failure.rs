//! Everything that can be wrong with a sign-in token, each with a stable code.

use bitaqa_protocol::auth_token::AuthTokenError;

use crate::{
    DateTime, auth_token::TokenSignatureError, certificate::CertificateError, certification_path::PathError,
    issuer_profile::ProfileMismatch, revocation::RevocationFailure,
};

/// What made a token invalid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenFailure {
    /// Format, algorithm or signature.
    #[error("{0}")]
    Token(#[from] TokenSignatureError),
    /// The certificate is not one for signing in.
    #[error("{0}")]
    Purpose(#[from] PurposeFault),
    /// No path leads to an anchor, or a rule along it is broken.
    #[error("{0}")]
    Path(#[from] PathError),
    /// A certificate was not valid at the time.
    #[error("{0}")]
    Validity(#[from] ValidityFault),
    /// The issuer's profile demands more.
    #[error("{0}")]
    Issuer(#[from] ProfileMismatch),
    /// A certificate of the path was revoked or is unknown to its issuer; or nobody can tell, and the verifier demands it.
    #[error("{0}")]
    Revocation(#[from] RevocationFailure),
}

impl TokenFailure {
    /// Every word that [`code`](Self::code) gives.
    pub const CODES: [&'static str; 34] = [
        "algorithm-mismatch",
        "anchor-expired",
        "anchor-not-yet-valid",
        "certificate-expired",
        "certificate-is-authority",
        "certificate-malformed",
        "certificate-not-yet-valid",
        "certificate-revoked",
        "certificate-signature-invalid",
        "certificate-unknown-to-issuer",
        "critical-extension-unknown",
        "extended-key-usage-wrong",
        "format-unsupported",
        "issuer-expired",
        "issuer-key-unsupported",
        "issuer-not-authority",
        "issuer-not-yet-valid",
        "issuer-purpose-wrong",
        "issuer-unknown",
        "issuer-without-profile",
        "key-unsupported",
        "key-usage-wrong",
        "name-constraints-violated",
        "path-malformed",
        "path-too-complex",
        "path-too-long",
        "policy-constraints-violated",
        "policy-forbidden",
        "policy-missing",
        "profile-key-usage-missing",
        "qc-statement-missing",
        "revocation-undetermined",
        "signature-invalid",
        "token-malformed",
    ];

    /// The stable code. Scripts and portals may compare it.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Token(fault) => match fault {
                TokenSignatureError::Format(AuthTokenError::Format) => "format-unsupported",
                TokenSignatureError::Format(_) => "token-malformed",
                TokenSignatureError::Certificate(CertificateError::Key(_)) => "key-unsupported",
                TokenSignatureError::Certificate(_) => "certificate-malformed",
                TokenSignatureError::Algorithm { .. } => "algorithm-mismatch",
                TokenSignatureError::Signature(_) => "signature-invalid",
            },
            Self::Purpose(fault) => match fault {
                PurposeFault::KeyUsage => "key-usage-wrong",
                PurposeFault::ExtendedKeyUsage => "extended-key-usage-wrong",
                PurposeFault::Authority => "certificate-is-authority",
            },
            Self::Path(fault) => fault.code(),
            Self::Validity(fault) => fault.code(),
            Self::Issuer(mismatch) => match mismatch {
                ProfileMismatch::NoProfile => "issuer-without-profile",
                ProfileMismatch::KeyUsage => "profile-key-usage-missing",
                ProfileMismatch::PolicyMissing => "policy-missing",
                ProfileMismatch::PolicyForbidden { .. } => "policy-forbidden",
                ProfileMismatch::QcStatementMissing { .. } => "qc-statement-missing",
            },
            Self::Revocation(failure) => failure.code(),
        }
    }
}

/// Why a certificate is not one for signing in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PurposeFault {
    /// `keyUsage` is absent or lacks digitalSignature.
    #[error("the certificate's key is not for digital signatures")]
    KeyUsage,
    /// `extKeyUsage` is there and lacks clientAuth.
    #[error("the certificate's key is not for client authentication")]
    ExtendedKeyUsage,
    /// The certificate is a certification authority's.
    #[error("the certificate belongs to a certification authority")]
    Authority,
}

/// A certificate that was not valid at the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ValidityFault {
    /// Whose certificate.
    pub whose: Whose,
    /// Whether the time lies after its validity; before it otherwise.
    pub expired: bool,
    /// The end, or the beginning, of its validity.
    pub limit: DateTime,
}

impl ValidityFault {
    /// Its stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match (self.whose, self.expired) {
            (Whose::Leaf, true) => "certificate-expired",
            (Whose::Leaf, false) => "certificate-not-yet-valid",
            (Whose::Intermediate, true) => "issuer-expired",
            (Whose::Intermediate, false) => "issuer-not-yet-valid",
            (Whose::Anchor, true) => "anchor-expired",
            (Whose::Anchor, false) => "anchor-not-yet-valid",
        }
    }
}

impl std::fmt::Display for ValidityFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let whose = match self.whose {
            Whose::Leaf => "the certificate",
            Whose::Intermediate => "the certificate of an intermediate issuer",
            Whose::Anchor => "the certificate of the anchor",
        };
        let what = if self.expired { "expired at" } else { "is not valid before" };
        write!(f, "{whose} {what} {}", self.limit)
    }
}

impl std::error::Error for ValidityFault {}

/// Place of a certificate in its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Whose {
    /// The holder's.
    Leaf,
    /// An authority's between holder and anchor.
    Intermediate,
    /// The anchor's.
    Anchor,
}
