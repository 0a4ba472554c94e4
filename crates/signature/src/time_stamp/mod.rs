//! Time stamps (RFC 3161, RFC 5816).
//!
//! [`TimeStampRequest`] is what an authority is sent, [`token_of_response`] checks that its answer is one to that request, and
//! [`TimeStampToken`] says what was stamped when, and whose signature is on it. Whether that authority is to be believed is
//! for validation to say.

pub mod request;
pub mod response;
pub mod token;

pub use request::TimeStampRequest;
pub use response::token_of_response;
pub use token::TimeStampToken;

use crate::{algorithm::AlgorithmError, cms::CmsError};

/// Why a time stamp is none, or not the one that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimeStampError {
    /// Not encoded as it should be.
    #[error("{0}")]
    Encoding(#[from] CmsError),
    /// A digest that its hash does not make.
    #[error("the digest has another length than its hash makes")]
    DigestLength,
    /// The authority refused.
    #[error("the time-stamp authority refused (status {status}): {text}")]
    Refused {
        /// `PKIStatus`.
        status: u32,
        /// What the authority says about it; may be empty.
        text: String,
    },
    /// The answer is to another request: imprint, nonce or policy differ.
    #[error("the time stamp is not the one that was asked for: its {0} differs")]
    NotAsked(&'static str),
    /// A version that we do not know.
    #[error("the time stamp has an unknown version")]
    Version,
    /// An algorithm that is not accepted.
    #[error("{0}")]
    Algorithm(#[from] AlgorithmError),
    /// Not exactly one signer (RFC 3161 section 2.4.2).
    #[error("the time stamp does not have exactly one signer")]
    Signers,
    /// The authority's certificate is not there, or what is signed does not name it.
    #[error("the certificate of the time-stamp authority is not there")]
    NoCertificate,
    /// The certificate is not for time stamps and nothing else (RFC 3161 section 2.3).
    #[error("the certificate of the time-stamp authority is not for time stamps alone")]
    Purpose,
    /// The signature is not the authority's over this time stamp.
    #[error("the signature of the time stamp is not valid")]
    Signature,
}
