//! Reads which countries somebody trusts, from a file or a folder.

use std::{
    io,
    path::{Path, PathBuf},
};

use bitaqa_trust::{
    DateTime,
    country_files::{Countries, CountryFileError, CountryFiles},
    csca_bundle::{self, CscaFileError, CscaItem},
};

use crate::{
    bounded_file::read_bounded,
    trust_files::{self, TrustFileError},
};

/// File names in a folder that are read; others are passed over.
const ENDINGS: [&str; 7] = ["pem", "crt", "cer", "der", "crl", "ml", "mls"];
/// What they are taken for.
const KIND: &str = "certificate, revocation list or master list";

/// The countries of a file, or of the files of a folder.
pub(crate) fn countries(paths: &[PathBuf], at: DateTime) -> Result<Countries, CscaFilesError> {
    let mut files = CountryFiles::new();
    for path in paths {
        for file in trust_files::files(path, &ENDINGS, KIND)? {
            files.add(&file.display().to_string(), &read(&file)?)?;
        }
    }
    Ok(files.build(at)?)
}

/// What is in a file.
pub(crate) fn items(path: &Path) -> Result<Vec<CscaItem>, CscaFilesError> {
    csca_bundle::read(&read(path)?).map_err(|error| CscaFilesError::File { path: path.to_owned(), error })
}

fn read(path: &Path) -> Result<Vec<u8>, CscaFilesError> {
    read_bounded(path, csca_bundle::MAX_LENGTH)
        .map_err(|error| CscaFilesError::Unreadable { path: path.to_owned(), error })
}

/// Why the files cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CscaFilesError {
    #[error("{}: {error}", .path.display())]
    Unreadable { path: PathBuf, error: io::Error },
    #[error("{}: {error}", .path.display())]
    File { path: PathBuf, error: CscaFileError },
    #[error("{0}")]
    Countries(#[from] CountryFileError),
    #[error("{0}")]
    Folder(#[from] TrustFileError),
}
