//! Signatures in XML (EN 319 132-1).
//!
//! | module | what it does |
//! |---|---|
//! | [`reading`] | the signatures of a document |
//! | [`detached`] | signed content outside of it |
//! | [`algorithm`] | names of algorithms |

pub mod algorithm;
pub mod detached;
pub mod names;
pub mod reading;
pub mod reference;
pub mod structure;

mod certificate_reference;
mod coverage;
mod covered;
mod date_time;
mod embedded;
mod properties;
mod signing_certificate;

pub use detached::{DetachedContent, NoContent};
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
    /// A time stamp.
    #[error("{0}")]
    TimeStamp(#[from] TimeStampError),
}
