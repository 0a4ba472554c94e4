//! Bytes by range, so that of a large file only what is needed is read.

/// A file.
pub trait Source {
    /// Its length in bytes.
    fn length(&self) -> u64;

    /// Exactly `length` bytes from `offset`.
    ///
    /// # Errors
    /// [`SourceError`]: they are not there, or cannot be read.
    fn read(&self, offset: u64, length: usize) -> Result<Vec<u8>, SourceError>;
}

/// Bytes could not be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// The file ends before.
    #[error("the file ends before the bytes that were asked for")]
    End,
    /// Reading failed, in the words of what reads.
    #[error("the file cannot be read: {0}")]
    Unreadable(String),
}

impl Source for [u8] {
    fn length(&self) -> u64 {
        self.len() as u64
    }

    fn read(&self, offset: u64, length: usize) -> Result<Vec<u8>, SourceError> {
        let start = usize::try_from(offset).map_err(|_| SourceError::End)?;
        let end = start.checked_add(length).ok_or(SourceError::End)?;
        self.get(start..end).map(<[u8]>::to_vec).ok_or(SourceError::End)
    }
}

impl Source for &[u8] {
    fn length(&self) -> u64 {
        (**self).length()
    }

    fn read(&self, offset: u64, length: usize) -> Result<Vec<u8>, SourceError> {
        (**self).read(offset, length)
    }
}

impl Source for Vec<u8> {
    fn length(&self) -> u64 {
        self.as_slice().length()
    }

    fn read(&self, offset: u64, length: usize) -> Result<Vec<u8>, SourceError> {
        self.as_slice().read(offset, length)
    }
}

/// Most bytes that are read at once where a file is read from one end to the other.
const PIECE: usize = 1 << 20;

/// Hands a range to `take`, in pieces of at most a mebibyte.
///
/// # Errors
/// [`SourceError`].
pub fn read_in_pieces(
    source: &dyn Source,
    range: std::ops::Range<u64>,
    mut take: impl FnMut(&[u8]),
) -> Result<(), SourceError> {
    let mut offset = range.start;
    while offset < range.end {
        let length = usize::try_from(range.end - offset).map_or(PIECE, |left| left.min(PIECE));
        take(&source.read(offset, length)?);
        offset += length as u64;
    }
    Ok(())
}
