//! Signatures in CMS (EN 319 122-1).
//!
//! | module | what it does |
//! |---|---|
//! | [`creation`] | a signature in two steps: what is signed, and the file with it |
//! | [`signed_attributes`] | what is signed beside the content |
//! | [`reading`] | the signatures of a file |
//! | [`extension`] | a signature of a higher level |
//! | [`archive`] | archive time stamps, and what they cover |
//! | `archive_v2` | those of the old kind |

pub mod archive;
mod archive_v2;
mod certificates;
mod content_digest;
pub mod creation;
pub mod extension;
mod found_time_stamps;
pub mod reading;
pub mod signed_attributes;
mod statement_reading;

pub use content_digest::{ContentBeside, DetachedDigest, content_of, no_content};
pub use creation::{Content, Prepared, prepare, prepare_counter_signature, prepare_parallel};
pub use extension::{
    ValidationData, archive_time_stamp_digest, signature_time_stamp_digest, with_archive_time_stamp,
    with_signature_time_stamp, with_validation_data,
};
pub use reading::{read, read_beside};

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
    /// A digest by another hash than that of the signer's algorithm.
    #[error("the digest of the content is not one of the hash that the signer signs with")]
    Digest,
    /// The content is not in the file and was not given.
    #[error("the signed content is not there")]
    NoContent,
    /// An archive time stamp of the old kind is over the whole file, so nothing can be added without breaking it.
    #[error("the file has an archive time stamp of the old kind, which any addition would break")]
    Sealed,
    /// Text that is empty, too long, or has characters that its place does not allow.
    #[error("what the signer says cannot be written: {0}")]
    Statement(&'static str),
    /// The encoder's.
    #[error("encoding: {0}")]
    Encoding(#[from] der::Error),
}
