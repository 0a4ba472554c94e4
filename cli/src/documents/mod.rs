//! Signed documents: `bitaqa sign`, `bitaqa extend`, `bitaqa verify`.

pub(crate) mod extend;
pub(crate) mod sign;
pub(crate) mod verify;

mod certificate_arguments;
mod detached;
mod extend_later;
mod format;
mod level;
mod network;
mod raise;
mod report_text;
mod risks;
mod signing_jobs;
mod trust;
mod trusted_lists;
mod what_helps;

use std::{
    io,
    path::{Path, PathBuf},
};

use bitaqa_signature::{document::DocumentError, signer::SignerError, trusted_list::TrustedListError};

use crate::{
    Verdict,
    bounded_file::{self, FileFault},
    card::CardFault,
    moment::MomentError,
    revocation_arguments::EvidenceFileError,
    trust_files::TrustFileError,
};
use format::SigningFault;
use network::NetworkFault;
use raise::RaisingFault;

/// Longest signed file that is read, in bytes. What is signed and stands beside it may be longer.
const MAX_DOCUMENT: usize = 1024 * 1024 * 1024;

/// Why a question about a document could not be asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DocumentFault {
    /// A file.
    #[error("{0}")]
    File(#[from] FileFault),
    /// The file is none that can be signed so, or that has signatures we read.
    #[error("{}: {error}{}", .path.display(), what_helps::about_reading(error))]
    Document {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        error: DocumentError,
    },
    /// It cannot be signed.
    #[error("{}: {error}; nothing was signed{}", .path.display(), what_helps::about_signing(error))]
    Signing {
        /// Which document.
        path: PathBuf,
        /// Why not.
        error: SigningFault,
    },
    /// The card.
    #[error("{0}")]
    Card(#[from] CardFault),
    /// The card's certificate is none to sign documents with.
    #[error("{0}")]
    Signer(#[from] SignerError),
    /// Options that do not go together.
    #[error("{0}")]
    Usage(&'static str),
    /// Two signed files with one name.
    #[error("{}: two documents would get this name; sign them into different folders", .0.display())]
    SameName(PathBuf),
    /// Two documents of a container with one name.
    #[error("{} and {}: in a container two documents cannot have the same name; rename one of them", .first.display(), .second.display())]
    SameNameInside {
        /// One.
        first: PathBuf,
        /// And the other.
        second: PathBuf,
    },
    /// The same document, given twice.
    #[error("{}: this document was given twice", .0.display())]
    Twice(PathBuf),
    /// A file where a folder is needed.
    #[error("{}: several documents are signed into a folder, and this is a file; nothing was written", .0.display())]
    NoFolder(PathBuf),
    /// A folder that is not there.
    #[error("{}: there is no such folder; nothing was written", .0.display())]
    MissingFolder(PathBuf),
    /// Nothing in it.
    #[error("{}: the file is empty", .0.display())]
    Empty(PathBuf),
    /// More than one file at a time.
    #[error("{}: one file is checked at a time; a document that stands beside its signature is given with --detached", .0.display())]
    SeveralFiles(PathBuf),
    /// It cannot be raised.
    #[error("{}: {error}{}", .path.display(), error.what_helps())]
    Raising {
        /// Which file.
        path: PathBuf,
        /// Why not.
        error: RaisingFault,
    },
    /// A document that nobody signed.
    #[error(
        "{}: no signature of the file is over this document{}",
        .path.display(),
        if wanted.is_empty() { "; leave out --detached if it is inside of the file".to_owned() } else { wanted_names(wanted) }
    )]
    NotSigned {
        /// The document.
        path: PathBuf,
        /// What signatures call documents that were not given.
        wanted: Vec<String>,
    },
    /// Several documents, and a signature that names none.
    #[error("the signature does not say which of several documents it is over; give one with --detached")]
    WhichDocument,
    /// Nothing to sign.
    #[error("there is nothing to sign")]
    NoDocument,
    /// A file would be overwritten.
    #[error("{}: there is such a file already; nothing was written", .0.display())]
    Exists(PathBuf),
    /// Somebody wrote to it.
    #[error("{}: it changed after it was inspected; nothing was signed", .0.display())]
    Changed(PathBuf),
    /// Nobody gives time stamps.
    #[error(
        "no time-stamp authority is known: give one with --tsa, or ask the administrator to configure one"
    )]
    NoTimeStampAuthority,
    /// Whom the person trusts.
    #[error("{0}")]
    Trust(#[from] TrustFileError),
    /// Lists and answers.
    #[error("{0}")]
    Evidence(#[from] EvidenceFileError),
    /// A trusted list.
    #[error("{}: it cannot be used as a trusted list: {error}", .path.display())]
    List {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        error: TrustedListError,
    },
    /// A list that would have to be fetched.
    #[error("--offline asks nobody over the network: give --trusted-list a file, or leave out --offline")]
    OfflineList,
    /// The time.
    #[error("{0}")]
    Moment(#[from] MomentError),
    /// Whom to ask.
    #[error("{0}")]
    Network(#[from] NetworkFault),
    /// The answer cannot be written.
    #[error("the answer cannot be written: {0}")]
    Output(#[from] io::Error),
}

impl DocumentFault {
    /// What a card refused, or a certificate is not good for, is a no; everything else could not be asked.
    const fn verdict(&self) -> Verdict {
        match self {
            Self::Card(fault) => fault.verdict(),
            Self::Signer(_) => Verdict::No,
            _ => Verdict::NotAsked,
        }
    }
}

/// The names that signatures ask for, as they stand in the file.
fn wanted_names(wanted: &[String]) -> String {
    format!("; they are over {}, and a document is looked for by that name", wanted.join(", "))
}

/// Reads a signed file.
fn read_signed(path: &Path) -> Result<Vec<u8>, DocumentFault> {
    let bytes = read_document(path)?;
    if bytes.is_empty() { Err(DocumentFault::Empty(path.to_owned())) } else { Ok(bytes) }
}

/// Reads a signed file, or one to be signed.
fn read_document(path: &Path) -> Result<Vec<u8>, FileFault> {
    bounded_file::read(path, MAX_DOCUMENT)
}
