//! What can be wrong with a JAdES document or with the wish for one.

use crate::{algorithm::AlgorithmError, signer::SignerError};

/// Why a document is not read or not made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JadesError {
    /// The signer cannot sign, or the signature is not theirs.
    #[error("{0}")]
    Signer(#[from] SignerError),
    /// No registered JWS algorithm fits the signer's key and hash.
    #[error("{0}")]
    Algorithm(#[from] AlgorithmError),
    /// Neither three parts with points between them nor a JSON object, or a member stands there twice.
    #[error("the document is not a JSON web signature: {0}")]
    Document(String),
    /// A part of the document that is not what its standard demands.
    #[error("{0} is not what it should be")]
    Malformed(&'static str),
    /// More bytes, signatures or levels of counter-signatures than are looked at.
    #[error("{0} is longer than anything that is looked at")]
    TooLong(&'static str),
    /// The document has no signature of that number.
    #[error("the document has no signature number {index}")]
    NoSuchSignature {
        /// The number that was asked for, from 0.
        index: usize,
    },
    /// Something cannot be said in a JAdES header.
    #[error("{0} cannot be written in a JSON web signature")]
    Inexpressible(&'static str),
    /// `etsiU` has its members in the clear; what covers them would need their canonical form.
    #[error("unsigned properties in the clear cannot be covered by an archive time stamp")]
    ClearProperties,
    /// Content that the time stamp must cover is not there.
    #[error("content that the time stamp must cover is not there")]
    ContentMissing,
}
