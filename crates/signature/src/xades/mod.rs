//! Signatures in XML (EN 319 132-1).
//!
//! | module | what it does |
//! |---|---|
//! | [`packaging`] | what is signed, and how it and the signature are put together |
//! | [`creation`] | a signature in two steps: what is signed, and the file with it |
//! | [`extension`] | time stamps and validation data for a signature that is there |
//! | [`reading`] | the signatures of a document |
//! | [`enveloped`] | the one signature of a document that is signed as a whole |
//! | [`detached`] | signed content outside of it |
//! | [`algorithm`] | names of algorithms |

pub mod algorithm;
pub mod creation;
pub mod detached;
pub mod enveloped;
pub mod extension;
pub mod names;
pub mod packaging;
pub mod reading;
pub mod reference;
pub mod structure;

mod certificate_reference;
mod coverage;
mod covered;
mod date_time;
mod embedded;
mod intact;
mod properties;
mod signature_method;
mod signing_certificate;
mod statement_writing;
mod unsigned_properties;

pub use creation::{Prepared, prepare};
pub use detached::{DetachedContent, NoContent};
pub use enveloped::{VerifiedRoot, verify_enveloped, whole_signature};
pub use packaging::{File, Object, ObjectContent, OtherSignatures, Packaging};
pub use reading::{read, read_document};

use crate::{
    signer::SignerError,
    time_stamp::TimeStampError,
    xml::{XmlError, canonical::CanonicalError},
};

/// Why a signature cannot be made, read or extended.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum XadesError {
    /// The document is not one that we read.
    #[error("{0}")]
    Document(#[from] XmlError),
    /// By its canonical form.
    #[error("{0}")]
    Canonical(#[from] CanonicalError),
    /// There is no signature.
    #[error("the document has no signature")]
    NoSignature,
    /// More than [`reading::MAX_SIGNATURES`].
    #[error("the document has too many signatures")]
    TooManySignatures,
    /// The signature is not the signer's.
    #[error("{0}")]
    Signer(#[from] SignerError),
    /// There is nothing to sign.
    #[error("there is nothing to sign")]
    NothingToSign,
    /// No element, or not exactly one, has the identifier; or it cannot be named in a reference.
    #[error("the element that is to be signed cannot be named")]
    NoElement,
    /// The signature has no `QualifyingProperties` of XAdES, or several: nothing can be added to it.
    #[error("the signature is not one of XAdES")]
    NoProperties,
    /// A URI that names nothing outside of the document.
    #[error("the URI of what is signed is empty or has a fragment")]
    Uri,
    /// A digest that the signer's hash does not make.
    #[error("the digest of the content has another length than the signer's hash makes")]
    DigestLength,
    /// XML has no name for the algorithm.
    #[error("signatures in XML have no name for the algorithm")]
    Algorithm,
    /// A signature that is there covers what would be changed.
    #[error("it would break the signature {0}, which is in the document already")]
    WouldBreak(String),
    /// What the signature covers cannot be told, so a time stamp cannot be made.
    #[error("{0}")]
    Reference(#[from] reference::ReferenceFault),
    /// By its structure.
    #[error("{0}")]
    Structure(#[from] structure::StructureFault),
    /// A time stamp over something else.
    #[error("the time stamp does not cover the signature")]
    OtherImprint,
    /// The encoder's.
    #[error("encoding: {0}")]
    Encoding(#[from] der::Error),
    /// A time stamp.
    #[error("{0}")]
    TimeStamp(#[from] TimeStampError),
}
