//! Signatures in CMS (EN 319 122-1).
//!
//! | module | what it does |
//! |---|---|
//! | [`creation`] | a signature in two steps: what is signed, and the file with it |
//! | [`signed_attributes`] | what is signed beside the content |
//! | [`reading`] | the signatures of a file |

mod content_digest;
pub mod creation;
mod file;
mod found_time_stamps;
pub mod reading;
pub mod signed_attributes;
mod statement_reading;

pub use content_digest::{DetachedDigest, content_of, no_content};
pub use creation::{Content, Prepared, prepare};
pub use reading::read;

use crate::{cms::CmsError, signer::SignerError, time_stamp::TimeStampError};

/// Which standard's rules a signature is made by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Profile {
    /// EN 319 122-1: a file of its own.
    Cades,
    /// EN 319 142-1: in a PDF, which has its own places for time, place and media type.
    Pades,
}

/// Why a signature cannot be made, read or extended.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CadesError {
    /// The message is not one that we read.
    #[error("{0}")]
    Message(#[from] CmsError),
    /// The signature is not the signer's.
    #[error("{0}")]
    Signer(#[from] SignerError),
    /// A time stamp.
    #[error("{0}")]
    TimeStamp(#[from] TimeStampError),
    /// A digest that the signer's hash does not make.
    #[error("the digest of the content has another length than the signer's hash makes")]
    DigestLength,
    /// The content is not in the file and was not given.
    #[error("the signed content is not there")]
    NoContent,
    /// Text that is empty, too long, or has characters that its place does not allow.
    #[error("what the signer says cannot be written: {0}")]
    Statement(&'static str),
    /// The encoder's.
    #[error("encoding: {0}")]
    Encoding(#[from] der::Error),
}
