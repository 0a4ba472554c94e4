//! `bitaqa trust …`: whom this computer believes.

pub(crate) mod add;
pub(crate) mod list;
pub(crate) mod remove;
pub(crate) mod show;
pub(crate) mod sign;

mod confirmation;
mod description;
mod pack_facts;
mod store;

use std::{
    io,
    path::{Path, PathBuf},
};

use bitaqa_host::root_folder::FolderFault;
use bitaqa_jose::{JwkError, Thumbprint};
use bitaqa_trust::{
    DateTime,
    trust_pack::{AdmissionError, MakeError, PackName, TrustPackError},
};

use crate::{Verdict, bounded_file::FileFault, key::KeyFault, moment, trust_files::TrustFileError};

/// Why a command about trust packs did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TrustFault {
    #[error(transparent)]
    File(#[from] FileFault),
    #[error(transparent)]
    Key(#[from] KeyFault),
    #[error(transparent)]
    Certificates(#[from] TrustFileError),
    #[error("{}: {error}", .path.display())]
    Pack { path: PathBuf, error: Box<TrustPackError> },
    #[error("not installed: {0}")]
    Refused(#[from] AdmissionError),
    #[error("not installed: the installed pack does not name this signer as one who may sign its successor\nSigner of the new pack: {}\nIf its issuer confirms that fingerprint and has no successor signed by a known key, remove the installed pack and add this one.", .signer.grouped())]
    OtherSigner { signer: Thumbprint },
    #[error("not installed: the signer's fingerprint is another\nexpected {}\nfound    {}", .expected.grouped(), .found.grouped())]
    OtherFingerprint { expected: Thumbprint, found: Thumbprint },
    #[error("not installed: nobody confirmed the fingerprint")]
    NotConfirmed,
    #[error(
        "the fingerprint is confirmed on a terminal, and there is none\nGive the fingerprint that you were told with --fingerprint."
    )]
    NoTerminal,
    #[error("only root may change whom this computer believes; run it with sudo")]
    NotRoot,
    #[error("the folder of trust packs cannot be used: {0}")]
    Folder(FolderFault),
    #[error("no trust pack called {0} is installed; `bitaqa trust list` shows their names")]
    NotInstalled(PackName),
    #[error("the description of the pack: {0}")]
    Description(String),
    #[error("{0}")]
    Make(#[from] MakeError<JwkError>),
    #[error("this computer's clock cannot be used")]
    Clock,
    #[error("{0}")]
    System(#[from] io::Error),
}

impl TrustFault {
    /// A pack that is not taken is a no; everything else could not be asked.
    pub(crate) const fn verdict(&self) -> Verdict {
        match self {
            Self::Pack { .. }
            | Self::Refused(_)
            | Self::OtherSigner { .. }
            | Self::OtherFingerprint { .. }
            | Self::NotConfirmed
            | Self::NotInstalled(_) => Verdict::No,
            _ => Verdict::NotAsked,
        }
    }

    fn of_pack(path: &Path, error: TrustPackError) -> Self {
        Self::Pack { path: path.to_owned(), error: Box::new(error) }
    }
}

fn now() -> Result<DateTime, TrustFault> {
    moment::now().ok().ok_or(TrustFault::Clock)
}
