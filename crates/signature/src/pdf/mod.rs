//! PDF files (ISO 32000), as much of them as signatures need: objects by their number, over a [`Source`] that gives bytes by
//! range, and updates that only append.
//!
//! | module | what it does | source |
//! |---|---|---|
//! | [`source`] | bytes by range | |
//! | [`object`] | objects | ISO 32000-1 section 7.3 |
//! | [`parser`] | objects as they are written | ISO 32000-1 section 7.2 |
//! | [`filter`] | what a stream holds, uncompressed | ISO 32000-1 section 7.4 |
//! | [`cross_reference`] | where objects are: tables, streams, hybrid files, chains | ISO 32000-1 section 7.5 |
//! | [`document`] | a file, or an earlier revision of it | |
//! | [`update`] | objects appended to a file | ISO 32000-1 section 7.5.6 |
//! | [`text`] | text strings and dates | ISO 32000-1 section 7.9 |
//!
//! Nothing is repaired: a file whose cross-reference data is wrong is refused, since programs that repair it may each see
//! another document. Every size, count and depth is bounded, and so is all work on one file together, in proportion to its
//! length.

pub mod cross_reference;
pub mod document;
pub mod filter;
pub mod object;
pub mod parser;
mod reader;
pub mod source;
pub(crate) mod strings;
pub mod text;
pub mod update;

pub use document::Document;
pub use object::{Dictionary, Object, Reference, Stream, StreamData};
pub use source::{Source, SourceError};

/// Why a file is not one that is read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PdfError {
    /// It does not begin with `%PDF-`.
    #[error("the file does not begin as a PDF does")]
    NotPdf,
    /// It is encrypted; what its objects say is not what a viewer shows.
    #[error("the PDF is encrypted")]
    Encrypted,
    /// Something is not written as the standard demands.
    #[error("the PDF is malformed at byte {offset}: {what}")]
    Syntax {
        /// Position in the file, or in what a stream holds.
        offset: u64,
        /// What is wrong.
        what: &'static str,
    },
    /// Cross-reference data that is missing, contradicts itself or the file.
    #[error("the PDF's cross-reference data is not usable: {0}")]
    CrossReference(&'static str),
    /// A structure that the document must have is missing or of another kind.
    #[error("the PDF's structure is not usable: {0}")]
    Structure(&'static str),
    /// A compression that is not read where objects are.
    #[error("the PDF compresses objects in a way that is not read")]
    Filter,
    /// More of something than is looked at.
    #[error("the PDF exceeds a limit: {0}")]
    Limit(&'static str),
    /// The bytes could not be had.
    #[error("{0}")]
    Source(#[from] SourceError),
}
