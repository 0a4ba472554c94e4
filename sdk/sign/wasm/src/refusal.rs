//! Why there is no result.

use std::fmt;

use bitaqa_signature::{
    asic::AsicError, cades::CadesError, document::DocumentError, jades::JadesError, pades::PadesError,
    signer::SignerError, xades::XadesError,
};
use serde::Serialize;

/// Why there is no result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS))]
#[error("{message}")]
pub struct Refusal {
    /// A stable word.
    pub code: Code,
    /// A sentence, in English.
    pub message: String,
}

/// Why, in a stable word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// Not a request that is known: an unknown member, a value of another kind, too many documents.
    RequestInvalid,
    /// This format has no such packaging.
    PackagingInvalid,
    /// A certificate that cannot be read, or whose key is not one that documents are signed with.
    CertificateInvalid,
    /// The certificate is not for documents: its key usage is not content commitment.
    CertificateNotForDocuments,
    /// The certificate's key does not make signatures of the algorithm that was asked for.
    AlgorithmInvalid,
    /// What the signer says cannot be written in this format.
    StatementInvalid,
    /// The visible signature is not possible.
    AppearanceInvalid,
    /// No field of the document can take the signature.
    FieldInvalid,
    /// An earlier signature of the document does not permit this one.
    NotPermitted,
    /// The document is not one that this format can sign.
    DocumentInvalid,
    /// The document, or its digest, was not given.
    DocumentMissing,
    /// The document is not the one that was prepared.
    DocumentChanged,
    /// The digest has another length than the hash makes.
    DigestInvalid,
    /// The state is none, of another version, or was changed.
    StateInvalid,
    /// The certificate's key did not make this signature over what was prepared.
    SignatureInvalid,
    /// Certificates or trusted lists that cannot be used.
    TrustInvalid,
    /// It is larger than what is taken.
    TooLarge,
    /// Not a failure of the caller.
    Internal,
}

impl Refusal {
    /// With the words of an error.
    pub fn new(code: Code, message: impl fmt::Display) -> Self {
        Self { code, message: message.to_string() }
    }

    /// As JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl From<SignerError> for Refusal {
    fn from(error: SignerError) -> Self {
        let code = match &error {
            SignerError::Key(_) => Code::CertificateInvalid,
            SignerError::Algorithm => Code::AlgorithmInvalid,
            SignerError::KeyUsage => Code::CertificateNotForDocuments,
            SignerError::Signature => Code::SignatureInvalid,
        };
        Self::new(code, error)
    }
}

impl From<CadesError> for Refusal {
    fn from(error: CadesError) -> Self {
        let code = match error {
            CadesError::Signer(error) => return error.into(),
            CadesError::Digest => Code::DigestInvalid,
            CadesError::Statement(_) => Code::StatementInvalid,
            CadesError::NoContent => Code::DocumentMissing,
            CadesError::Message(_) | CadesError::TimeStamp(_) => Code::DocumentInvalid,
            CadesError::Sealed => Code::NotPermitted,
            CadesError::Encoding(_) => Code::Internal,
        };
        Self::new(code, error)
    }
}

impl From<PadesError> for Refusal {
    fn from(error: PadesError) -> Self {
        let code = match error {
            PadesError::Cades(error) => return error.into(),
            PadesError::Pdf(_) | PadesError::TimeStamp(_) | PadesError::TooManySignatures { .. } => {
                Code::DocumentInvalid
            }
            PadesError::FieldName { .. } | PadesError::SeedValue => Code::FieldInvalid,
            PadesError::NotPermitted | PadesError::CertificationFirst => Code::NotPermitted,
            PadesError::ReasonAndCommitment => Code::StatementInvalid,
            PadesError::Digest => Code::DigestInvalid,
            PadesError::NoSuchPage { .. } | PadesError::FontNeeded { .. } | PadesError::Appearance(_) => {
                Code::AppearanceInvalid
            }
            PadesError::Room { .. } => Code::TooLarge,
        };
        Self::new(code, error)
    }
}

impl From<JadesError> for Refusal {
    fn from(error: JadesError) -> Self {
        let code = match error {
            JadesError::Signer(error) => return error.into(),
            JadesError::Algorithm(_) => Code::AlgorithmInvalid,
            JadesError::Inexpressible(_) => Code::StatementInvalid,
            JadesError::ContentMissing => Code::DocumentMissing,
            JadesError::TooLong(_) => Code::TooLarge,
            JadesError::Document(_) | JadesError::Malformed(_) => Code::DocumentInvalid,
            JadesError::NoSuchSignature { .. } | JadesError::ClearProperties => Code::Internal,
        };
        Self::new(code, error)
    }
}

impl From<XadesError> for Refusal {
    fn from(error: XadesError) -> Self {
        let code = match error {
            XadesError::Signer(error) => return error.into(),
            XadesError::Algorithm => Code::AlgorithmInvalid,
            XadesError::DigestLength => Code::DigestInvalid,
            XadesError::Uri => Code::RequestInvalid,
            XadesError::NothingToSign => Code::DocumentMissing,
            XadesError::WouldBreak(_) => Code::NotPermitted,
            XadesError::TooManySignatures => Code::TooLarge,
            XadesError::Encoding(_) => Code::Internal,
            _ => Code::DocumentInvalid,
        };
        Self::new(code, error)
    }
}

impl From<AsicError> for Refusal {
    fn from(error: AsicError) -> Self {
        let code = match error {
            AsicError::Cades(error) => return error.into(),
            AsicError::Xades(error) => return error.into(),
            AsicError::NotOneFile | AsicError::Names => Code::RequestInvalid,
            AsicError::Covered => Code::NotPermitted,
            _ => Code::DocumentInvalid,
        };
        Self::new(code, error)
    }
}

impl From<DocumentError> for Refusal {
    fn from(error: DocumentError) -> Self {
        let code =
            if matches!(error, DocumentError::TooLong) { Code::TooLarge } else { Code::DocumentInvalid };
        Self::new(code, error)
    }
}
