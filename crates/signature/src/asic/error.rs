//! What can be wrong with a container or with the wish for one.

use super::zip::ZipFault;
use crate::{cades::CadesError, time_stamp::TimeStampError, xades::XadesError, xml::XmlError};

/// Why a container is not read or not made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AsicError {
    /// The archive.
    #[error("{0}")]
    Archive(#[from] ZipFault),
    /// `mimetype` or the comment name another kind of file.
    #[error("the archive says that it is not a container of signatures")]
    MediaType,
    /// ASiC-S has one file, beside the folders (EN 319 162-1 clause 4.3).
    #[error("a container of the simple kind has exactly one file, and no folder but META-INF")]
    NotOneFile,
    /// Nothing in it is a signature or time stamp.
    #[error("the container has no signature and no time stamp")]
    NoSignature,
    /// A folder that some systems take for `META-INF`.
    #[error("the container has a folder that some take for META-INF")]
    Folder,
    /// The signature cannot be made.
    #[error("{0}")]
    Cades(#[from] CadesError),
    /// The signature cannot be made.
    #[error("{0}")]
    Xades(#[from] XadesError),
    /// The time stamp is not one over what it should be.
    #[error("{0}")]
    TimeStamp(#[from] TimeStampError),
    /// The time stamp covers something else.
    #[error("the time stamp does not cover what it should")]
    OtherContent,
    /// A time stamp of the container covers the file that would be changed.
    #[error("a time stamp of the container covers this file")]
    Covered,
    /// No file to sign, or a name that files of the container have.
    #[error("the files to be signed need names of their own")]
    Names,
}

/// What is wrong with a manifest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ManifestFault {
    /// Not XML as it is read here.
    #[error("{0}")]
    Xml(#[from] XmlError),
    /// Not an `ASiCManifest`, or something of it is missing or there twice.
    #[error("it is no ASiCManifest")]
    Structure,
    /// A URI that is no file of a container.
    #[error("it names something that is no file of a container")]
    Reference,
    /// More files than are looked at.
    #[error("it names too many files")]
    TooMany,
}
