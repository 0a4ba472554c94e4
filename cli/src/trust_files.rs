//! Reads what the person trusts from files and folders.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use bitaqa_trust::{
    Certificate, IssuerProfiles, TrustStore,
    issuer_profile_file::{self, IssuerProfileError},
    pem_bundle::{self, BundleError},
};

use crate::bounded_file::read_bounded;

/// File names in a folder that are taken for certificates; others are passed over.
const ENDINGS: [&str; 4] = ["pem", "crt", "cer", "der"];

/// Most files of a folder.
const MAX_FILES: usize = 4096;

/// Whom the person trusts: self-signed certificates of `trust` are anchors, unless there is a file of anchors.
pub(crate) fn trust_store(trust: &[PathBuf], anchors: Option<&Path>) -> Result<TrustStore, TrustFileError> {
    let mut store = TrustStore::new();
    for path in trust {
        for certificate in certificates(path)? {
            if anchors.is_some() {
                store.add_intermediate(certificate);
            } else {
                store.add(certificate);
            }
        }
    }
    for certificate in anchors.map(certificates).transpose()?.into_iter().flatten() {
        store.add_anchor(certificate);
    }
    Ok(store)
}

/// Every certificate of a file, or of the certificate files of a folder.
pub(crate) fn certificates(path: &Path) -> Result<Vec<Certificate>, TrustFileError> {
    let mut found = Vec::new();
    for file in files(path, &ENDINGS, "certificate")? {
        let bytes = read(&file, pem_bundle::MAX_LENGTH)?;
        found.extend(pem_bundle::certificates(&file.display().to_string(), &bytes)?);
    }
    Ok(found)
}

/// The file itself, or those of a folder whose names end so, in the same order on every machine. `kind` names what they are
/// taken for.
pub(crate) fn files(
    path: &Path,
    endings: &'static [&'static str],
    kind: &'static str,
) -> Result<Vec<PathBuf>, TrustFileError> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let unreadable = |error| TrustFileError::Unreadable { path: path.to_owned(), error };
    let mut files = Vec::new();
    for entry in fs::read_dir(path).map_err(unreadable)? {
        let file = entry.map_err(unreadable)?.path();
        let ending = file.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
        if file.is_file() && ending.is_some_and(|ending| endings.contains(&ending.as_str())) {
            files.push(file);
        }
        if files.len() > MAX_FILES {
            return Err(TrustFileError::TooMany { path: path.to_owned(), kind });
        }
    }
    if files.is_empty() {
        return Err(TrustFileError::Empty { path: path.to_owned(), kind, endings });
    }
    files.sort();
    Ok(files)
}

/// A file of at most this many bytes.
pub(crate) fn read(path: &Path, limit: usize) -> Result<Vec<u8>, TrustFileError> {
    read_bounded(path, limit).map_err(|error| TrustFileError::Unreadable { path: path.to_owned(), error })
}

/// The issuer profiles of a file, whose certificate files stand beside it.
pub(crate) fn issuer_profiles(path: &Path) -> Result<IssuerProfiles, TrustFileError> {
    let unreadable = |error| TrustFileError::Unreadable { path: path.to_owned(), error };
    let bytes = read_bounded(path, issuer_profile_file::MAX_LENGTH).map_err(unreadable)?;
    let text = String::from_utf8(bytes)
        .map_err(|error| unreadable(io::Error::new(io::ErrorKind::InvalidData, error)))?;
    let folder = path.parent().unwrap_or(Path::new(""));
    IssuerProfiles::parse(&text, |file| read_bounded(&folder.join(file), pem_bundle::MAX_LENGTH))
        .map_err(|error| TrustFileError::Profiles { path: path.to_owned(), error: Box::new(error) })
}

/// Why the trusted files cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TrustFileError {
    #[error("{}: {error}", .path.display())]
    Unreadable { path: PathBuf, error: io::Error },
    #[error("{}: the folder has no {kind} file (.{})", .path.display(), .endings.join(", ."))]
    Empty { path: PathBuf, kind: &'static str, endings: &'static [&'static str] },
    #[error("{}: the folder has more than {MAX_FILES} {kind} files", .path.display())]
    TooMany { path: PathBuf, kind: &'static str },
    #[error("{0}")]
    Bundle(#[from] BundleError),
    #[error("{}: {error}", .path.display())]
    Profiles { path: PathBuf, error: Box<IssuerProfileError> },
}
