//! Signatures in PDF (EN 319 142-1).
//!
//! | module | what it does |
//! |---|---|
//! | [`signing`] | a signature in a file, in steps: place, prepare, finish, append |
//! | [`document_time_stamp`] | a time stamp over the file (B-LTA) |
//! | [`reading`] | signatures and document time stamps of a file, and what was changed after each |
//! | [`risks`], [`mod@overview`] | what a person should know of a document before they sign it; pages and fields |
//! | [`security_store`] | validation data in the file (B-LT) |
//! | [`appearance`], [`image`], [`shaping`], [`fitting`] | what a viewer shows of a signature |
//! | [`field`] | fields of the form, and pages |
//! | [`permission`] | what signatures permit to be changed after them |

pub mod appearance;
mod byte_range;
mod difference;
mod digest;
pub mod document_time_stamp;
pub mod field;
pub mod fitting;
mod form;
mod form_difference;
pub mod image;
mod lettering;
pub mod overview;
pub mod permission;
mod placement;
pub mod reading;
pub mod risks;
pub mod security_store;
pub mod shaping;
pub mod signing;
mod subset;

pub use appearance::{Appearance, Text};
pub use document_time_stamp::{PlacedTimeStamp, place_document_time_stamp};
pub use fitting::fit;
pub use image::Image;
pub use overview::{Overview, overview};
pub use permission::Permission;
pub use placement::{FieldChoice, Piece};
pub use reading::{DocumentTimeStamp, PdfSignatures, read};
pub use risks::{DocumentRisks, inspect};
pub use security_store::add_validation_data;
pub use shaping::{ShapedGlyph, ShapedLine, shape};
pub use signing::{Placed, Prepared, SignatureSettings, Signed, place};

use crate::{cades, pdf::PdfError, time_stamp::TimeStampError};

/// Why there is no signature in a file.
#[derive(Debug, thiserror::Error)]
pub enum PadesError {
    /// The file is not one that is read.
    #[error("{0}")]
    Pdf(#[from] PdfError),
    /// The signature itself.
    #[error("{0}")]
    Cades(#[from] cades::CadesError),
    /// A time stamp.
    #[error("{0}")]
    TimeStamp(#[from] TimeStampError),
    /// More than are looked at.
    #[error("the PDF has more than {max} signatures and time stamps")]
    TooManySignatures {
        /// Most that are.
        max: usize,
    },
    /// No field has this name, or more than one; it is not for signatures, or signed already; or a new one cannot have it.
    #[error("no signature can go into a field with the name {name:?}")]
    FieldName {
        /// The name.
        name: String,
    },
    /// The field demands what is not checked here.
    #[error("the field demands properties of the signature that are not supported")]
    SeedValue,
    /// An earlier signature does not permit it.
    #[error("an earlier signature does not permit this one")]
    NotPermitted,
    /// A certification must be the first signature.
    #[error("the document has a signature already and can no longer be certified")]
    CertificationFirst,
    /// There is no such page.
    #[error("the document has no page {page}, counted from 0")]
    NoSuchPage {
        /// Its position.
        page: usize,
    },
    /// A reason and commitments say the same in two ways, of which one is allowed.
    #[error("a signature has either a reason or commitments")]
    ReasonAndCommitment,
    /// The digest is not one of the signer's hash.
    #[error("the digest is not as long as those of the signer's hash")]
    Digest,
    /// More than was kept free.
    #[error("the signature has {needed} bytes, and {reserved} were kept free")]
    Room {
        /// Bytes of the signature.
        needed: usize,
        /// Bytes that were kept free.
        reserved: usize,
    },
    /// No font, or not this one, has the letter.
    #[error("the letter {character:?} needs a font that has it")]
    FontNeeded {
        /// The letter.
        character: char,
    },
    /// What shall be shown cannot be.
    #[error("the appearance is not possible: {0}")]
    Appearance(&'static str),
}
