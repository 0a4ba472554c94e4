use std::{
    fs::File,
    io::{self, Read},
    os::unix::fs::MetadataExt,
    path::Path,
};

use zeroize::Zeroizing;

use super::KeyStoreError;

/// Longest file, in bytes.
const MAX_LENGTH: u64 = 256;

/// The text of a file that nobody but its owner may read, without the line's end.
pub(super) fn read_owners(path: &Path) -> Result<Zeroizing<String>, KeyStoreError> {
    let mut file = File::open(path).map_err(|error| at(path, error))?;
    // asked of the file that is open: the name may lead elsewhere a moment later
    if file.metadata().map_err(|error| at(path, error))?.mode() & 0o077 != 0 {
        return Err(KeyStoreError::Readable { path: path.to_owned() });
    }
    let mut text = Zeroizing::new(String::new());
    Read::take(&mut file, MAX_LENGTH).read_to_string(&mut text).map_err(|error| at(path, error))?;
    let length = text.trim_end_matches(['\r', '\n']).len();
    text.truncate(length);
    Ok(text)
}

pub(super) fn at(path: &Path, error: io::Error) -> KeyStoreError {
    KeyStoreError::File { path: path.to_owned(), error }
}
