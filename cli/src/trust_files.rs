//! Reads what the person trusts from files and folders.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use bitaqa_trust::{
    Certificate, IssuerProfiles,
    issuer_profile_file::{self, IssuerProfileError},
    pem_bundle::{self, BundleError},
};

/// File names in a folder that are taken for certificates; others are passed over.
const ENDINGS: [&str; 4] = ["pem", "crt", "cer", "der"];

/// Most files of a folder.
const MAX_FILES: usize = 4096;

/// Every certificate of a file, or of the certificate files of a folder.
pub(crate) fn certificates(path: &Path) -> Result<Vec<Certificate>, TrustFileError> {
    if !path.is_dir() {
        return read_file(path);
    }
    let unreadable = |error| TrustFileError::Unreadable { path: path.to_owned(), error };
    let mut files = Vec::new();
    for entry in fs::read_dir(path).map_err(unreadable)? {
        let file = entry.map_err(unreadable)?.path();
        let ending = file.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
        if file.is_file() && ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str())) {
            files.push(file);
        }
        if files.len() > MAX_FILES {
            return Err(TrustFileError::TooMany { path: path.to_owned() });
        }
    }
    if files.is_empty() {
        return Err(TrustFileError::Empty { path: path.to_owned() });
    }
    // the same order on every machine
    files.sort();
    let mut found = Vec::new();
    for file in files {
        found.extend(read_file(&file)?);
    }
    Ok(found)
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

fn read_file(path: &Path) -> Result<Vec<Certificate>, TrustFileError> {
    let bytes = read_bounded(path, pem_bundle::MAX_LENGTH)
        .map_err(|error| TrustFileError::Unreadable { path: path.to_owned(), error })?;
    Ok(pem_bundle::certificates(&path.display().to_string(), &bytes)?)
}

/// At most one byte more than allowed, which the parser then refuses by its own rule.
pub(crate) fn read_bounded(path: &Path, limit: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::Read::read_to_end(&mut io::Read::take(fs::File::open(path)?, limit as u64 + 1), &mut bytes)?;
    Ok(bytes)
}

/// Why the trusted files cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TrustFileError {
    #[error("{}: {error}", .path.display())]
    Unreadable { path: PathBuf, error: io::Error },
    #[error("{}: the folder has no certificate file (.pem, .crt, .cer or .der)", .path.display())]
    Empty { path: PathBuf },
    #[error("{}: the folder has more than {MAX_FILES} certificate files", .path.display())]
    TooMany { path: PathBuf },
    #[error("{0}")]
    Bundle(#[from] BundleError),
    #[error("{}: {error}", .path.display())]
    Profiles { path: PathBuf, error: Box<IssuerProfileError> },
}
