//! Files that are read whole, up to a limit.

use std::{
    fs::{self, File},
    io::{self, Read as _, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

/// Why a file cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[error("{}: {error}", .path.display())]
pub(crate) struct FileFault {
    pub(crate) path: PathBuf,
    pub(crate) error: io::Error,
}

/// The first bytes of a file: as many as the limit and one more, so that a reader sees that there are too many.
pub(crate) fn read_bounded(path: &Path, limit: usize) -> io::Result<Vec<u8>> {
    first_bytes(File::open(path)?, limit)
}

fn first_bytes(source: impl io::Read, limit: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let limit_and_one = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    source.take(limit_and_one).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Reads a file, or standard input for `-`.
pub(crate) fn read(path: &Path, limit: usize) -> Result<Vec<u8>, FileFault> {
    let fault = |error| FileFault { path: path.to_owned(), error };
    let is_standard_input = path == Path::new("-");
    let bytes =
        if is_standard_input { first_bytes(io::stdin().lock(), limit) } else { read_bounded(path, limit) };
    let bytes = bytes.map_err(fault)?;
    if bytes.len() > limit {
        return Err(fault(io::Error::other(format!("it has more than {limit} bytes"))));
    }
    Ok(bytes)
}

/// Reads a text.
pub(crate) fn read_text(path: &Path, limit: usize) -> Result<String, FileFault> {
    String::from_utf8(read(path, limit)?)
        .map_err(|_| FileFault { path: path.to_owned(), error: io::Error::other("it is not UTF-8") })
}

/// Writes a file that must not be there yet, with these permissions.
pub(crate) fn create(path: &Path, mode: u32, bytes: &[u8]) -> Result<(), FileFault> {
    let fault = |error| FileFault { path: path.to_owned(), error };
    let mut file =
        fs::OpenOptions::new().write(true).create_new(true).mode(mode).open(path).map_err(fault)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(fault)
}
