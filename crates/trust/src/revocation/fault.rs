//! Why a revocation list or a responder's answer was not used.

use crate::{DateTime, certificate_signature::CertificateSignatureError, revocation::crl::ExtensionId};

/// Why a list says nothing about a certificate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CrlFault {
    /// More than [`MAX_LENGTH`](super::crl::MAX_LENGTH) bytes.
    #[error("the list has more than {} bytes", super::crl::MAX_LENGTH)]
    TooLong,
    /// Not DER of a list, or one that contradicts its own format.
    #[error("not a certificate revocation list")]
    Malformed,
    /// An entry contradicts its own format.
    #[error("an entry of the list is malformed")]
    Entry,
    /// A critical extension that is not processed (RFC 5280 section 5.2).
    #[error("the list has a critical extension that is not understood, {extension}")]
    CriticalExtension {
        /// Its identifier.
        extension: ExtensionId,
    },
    /// A critical extension of an entry that is not processed (RFC 5280 section 5.3).
    #[error("an entry of the list has a critical extension that is not understood, {extension}")]
    EntryCriticalExtension {
        /// Its identifier.
        extension: ExtensionId,
    },
    /// Somebody else's list.
    #[error("the list is not of the certificate's issuer, nor of one that the certificate names for lists")]
    Issuer,
    /// A list about other certificates: of another distribution point, of authorities only, and so on.
    #[error("the list does not cover the certificate")]
    Scope,
    /// It covers some reasons only, and lists that cover the others are missing.
    #[error("the lists do not cover every reason of revocation")]
    Reasons,
    /// The issuer's key is not one that we verify with.
    #[error("the key of the list's issuer cannot be used")]
    IssuerKey,
    /// The key identifier of the list is that of another key.
    #[error("the list names another key than that of its issuer")]
    AuthorityKey,
    /// The issuer's key may not sign lists.
    #[error("the key of the list's issuer may not sign revocation lists")]
    NotCrlSigner,
    /// The signature.
    #[error("{0}")]
    Signature(CertificateSignatureError),
    /// No certificate of a signer who may speak for the certificate's issuer, valid and not revoked.
    #[error("nobody who may sign lists for the certificate's issuer signed the list")]
    SignerUnknown,
    /// From the future.
    #[error("the list is not valid before {from}")]
    NotYetValid {
        /// Its first moment.
        from: DateTime,
    },
    /// Past its next update.
    #[error("the list was to be replaced by {until}")]
    Stale {
        /// Its last moment.
        until: DateTime,
    },
    /// Nobody can tell whether it is fresh (RFC 5280 section 5.1.2.5 demands the field).
    #[error("the list does not say when the next one comes")]
    NoNextUpdate,
    /// A delta list alone says nothing.
    #[error("the list says only what has changed since another one, which is missing")]
    DeltaWithoutBase,
    /// More signatures than anybody needs.
    #[error("too many lists and signers to check")]
    TooComplex,
}

impl CrlFault {
    /// Its stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLong => "crl-too-long",
            Self::Malformed | Self::Entry => "crl-malformed",
            Self::CriticalExtension { .. } | Self::EntryCriticalExtension { .. } => "crl-critical-extension",
            Self::Issuer => "crl-other-issuer",
            Self::Scope => "crl-other-scope",
            Self::Reasons => "crl-reasons-missing",
            Self::IssuerKey => "crl-key-unsupported",
            Self::AuthorityKey | Self::NotCrlSigner | Self::SignerUnknown => "crl-signer-unauthorised",
            Self::Signature(_) => "crl-signature-invalid",
            Self::NotYetValid { .. } => "crl-not-yet-valid",
            Self::Stale { .. } | Self::NoNextUpdate => "crl-stale",
            Self::DeltaWithoutBase => "crl-base-missing",
            Self::TooComplex => "crl-too-complex",
        }
    }
}

/// Why a responder's answer says nothing about a certificate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OcspFault {
    /// More than [`MAX_LENGTH`](super::ocsp_response::MAX_LENGTH) bytes.
    #[error("the answer has more than {} bytes", super::ocsp_response::MAX_LENGTH)]
    TooLong,
    /// Not DER of an answer, or one that contradicts its own format.
    #[error("not an OCSP response")]
    Malformed,
    /// The responder refused to answer (RFC 6960 section 4.2.1).
    #[error("the responder gave no answer: {status}")]
    Refused {
        /// Its word for it.
        status: &'static str,
    },
    /// An answer of another type than `id-pkix-ocsp-basic`.
    #[error("the answer is of a type that is not supported")]
    Type,
    /// A critical extension that is not processed.
    #[error("the answer has a critical extension that is not understood, {extension}")]
    CriticalExtension {
        /// Its identifier.
        extension: ExtensionId,
    },
    /// An answer about another certificate.
    #[error("the answer is about another certificate")]
    OtherCertificate,
    /// Nobody signed it who may answer for the certificate's issuer.
    #[error("the answer is not signed by the certificate's issuer, nor by somebody it appointed")]
    ResponderUnknown,
    /// The issuer certified the signer, but not as a responder (`id-kp-OCSPSigning`, RFC 6960 section 4.2.2.2).
    #[error("the signer of the answer was not appointed as a responder")]
    ResponderNotAppointed,
    /// The responder's certificate is not valid at the time.
    #[error("the responder's certificate is not valid at the time")]
    ResponderExpired,
    /// The responder's certificate was revoked.
    #[error("the responder's certificate was revoked")]
    ResponderRevoked,
    /// The responder's certificate has a critical extension that is not processed, or is malformed.
    #[error("the responder's certificate cannot be used")]
    ResponderUnusable,
    /// The signature.
    #[error("{0}")]
    Signature(CertificateSignatureError),
    /// An answer to somebody else's question, or to an older one.
    #[error("the answer is not to this question: its nonce is another one")]
    NonceMismatch,
    /// A nonce was demanded, and the answer has none.
    #[error("the answer does not repeat the nonce of the question")]
    NonceMissing,
    /// From the future.
    #[error("the answer is not valid before {from}")]
    NotYetValid {
        /// Its first moment.
        from: DateTime,
    },
    /// Past its next update, or too old where it has none.
    #[error("the answer is valid until {until} only")]
    Stale {
        /// Its last moment.
        until: DateTime,
    },
}

impl OcspFault {
    /// Its stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLong => "ocsp-too-long",
            Self::Malformed => "ocsp-malformed",
            Self::Refused { .. } => "ocsp-refused",
            Self::Type => "ocsp-type-unsupported",
            Self::CriticalExtension { .. } => "ocsp-critical-extension",
            Self::OtherCertificate => "ocsp-other-certificate",
            Self::ResponderUnknown
            | Self::ResponderNotAppointed
            | Self::ResponderExpired
            | Self::ResponderRevoked
            | Self::ResponderUnusable => "ocsp-responder-unauthorised",
            Self::Signature(_) => "ocsp-signature-invalid",
            Self::NonceMismatch => "ocsp-nonce-mismatch",
            Self::NonceMissing => "ocsp-nonce-missing",
            Self::NotYetValid { .. } => "ocsp-not-yet-valid",
            Self::Stale { .. } => "ocsp-stale",
        }
    }
}
