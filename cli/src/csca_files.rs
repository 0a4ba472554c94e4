//! Reads which countries somebody trusts, from a file or a folder.

use std::{
    io,
    path::{Path, PathBuf},
};

use bitaqa_trust::{
    DateTime,
    csca_bundle::{self, CscaFileError, CscaItem},
    csca_store::{CscaStore, CscaStoreBuilder, StoreFull},
    master_list::{MasterList, MasterListFault},
};

use crate::{
    bounded_file::read_bounded,
    trust_files::{self, TrustFileError},
};

/// File names in a folder that are read; others are passed over.
const ENDINGS: [&str; 7] = ["pem", "crt", "cer", "der", "crl", "ml", "mls"];
/// What they are taken for.
const KIND: &str = "certificate, revocation list or master list";

/// What is trusted, and what of the files is not used and why.
pub(crate) struct Countries {
    pub(crate) store: CscaStore,
    pub(crate) notes: Vec<String>,
}

/// The countries of a file, or of the files of a folder. A master list must be signed by one of the authorities beside it, or
/// by one in it: whoever names the file trusts it as they trust a certificate in its place.
pub(crate) fn countries(paths: &[PathBuf], at: DateTime) -> Result<Countries, CscaFilesError> {
    let mut builder = CscaStoreBuilder::new();
    let mut lists: Vec<(PathBuf, Box<MasterList>)> = Vec::new();
    for path in paths {
        for file in trust_files::files(path, &ENDINGS, KIND)? {
            for item in items(&file)? {
                match item {
                    CscaItem::Certificate(certificate) => builder.add(*certificate)?,
                    CscaItem::RevocationList(list) => builder.add_revocation_list(*list)?,
                    CscaItem::MasterList(list) => lists.push((file.clone(), list)),
                }
            }
        }
    }
    let mut notes = Vec::new();
    let (beside, _) = builder.clone().build();
    for (path, list) in &lists {
        let verified = match list.verify(&beside, at) {
            Err(MasterListFault::CscaUnknown { .. }) => list.verify_by_itself(at),
            verified => verified,
        };
        let verified = verified.map_err(|fault| CscaFilesError::MasterList { path: path.clone(), fault })?;
        verified.add_to(&mut builder)?;
        notes.extend(list.unreadable().iter().map(|error| format!("{}: {error}", path.display())));
    }
    let (store, unused) = builder.build();
    notes.extend(unused.iter().map(ToString::to_string));
    Ok(Countries { store, notes })
}

/// What is in a file.
pub(crate) fn items(path: &Path) -> Result<Vec<CscaItem>, CscaFilesError> {
    let bytes = read_bounded(path, csca_bundle::MAX_LENGTH)
        .map_err(|error| CscaFilesError::Unreadable { path: path.to_owned(), error })?;
    csca_bundle::read(&bytes).map_err(|error| CscaFilesError::File { path: path.to_owned(), error })
}

/// Why the files cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CscaFilesError {
    #[error("{}: {error}", .path.display())]
    Unreadable { path: PathBuf, error: io::Error },
    #[error("{}: {error}", .path.display())]
    File { path: PathBuf, error: CscaFileError },
    #[error("{}: the master list is not to be used: {fault}", .path.display())]
    MasterList { path: PathBuf, fault: MasterListFault },
    #[error("{0}")]
    Folder(#[from] TrustFileError),
    #[error("{0}")]
    Full(#[from] StoreFull),
}
