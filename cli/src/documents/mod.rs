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
mod trust;
mod trusted_lists;

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
    #[error("{}: {error}", .path.display())]
    Document {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        error: DocumentError,
    },
    /// It cannot be signed.
    #[error("{}: {error}", .path.display())]
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
    /// It cannot be raised.
    #[error("{}: {error}", .path.display())]
    Raising {
        /// Which file.
        path: PathBuf,
        /// Why not.
        error: RaisingFault,
    },
    /// A document that nobody signed.
    #[error("{}: no signature of the file is over this document; leave out --detached if it is inside of the file", .0.display())]
    NotSigned(PathBuf),
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
    #[error("{}: {error}", .path.display())]
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
            Self::Signer(_) | Self::Signing { .. } => Verdict::No,
            _ => Verdict::NotAsked,
        }
    }
}

/// Reads a signed file, or one to be signed.
fn read_document(path: &Path) -> Result<Vec<u8>, FileFault> {
    bounded_file::read(path, MAX_DOCUMENT)
}
