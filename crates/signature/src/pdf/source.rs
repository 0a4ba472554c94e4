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

/// A file, and what was appended to it since.
pub struct Appended<'s> {
    source: &'s dyn Source,
    appended: Vec<u8>,
}

impl<'s> Appended<'s> {
    /// Nothing yet.
    #[must_use]
    pub const fn to(source: &'s dyn Source) -> Self {
        Self { source, appended: Vec::new() }
    }

    /// Adds to its end.
    pub fn append(&mut self, bytes: &[u8]) {
        self.appended.extend_from_slice(bytes);
    }

    /// What was appended.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.appended
    }
}

impl Source for Appended<'_> {
    fn length(&self) -> u64 {
        self.source.length() + self.appended.length()
    }

    fn read(&self, offset: u64, length: usize) -> Result<Vec<u8>, SourceError> {
        let own = self.source.length();
        let Some(before) = own.checked_sub(offset) else { return self.appended.read(offset - own, length) };
        let before = usize::try_from(before).map_or(length, |before| before.min(length));
        let mut bytes = if before > 0 { self.source.read(offset, before)? } else { Vec::new() };
        bytes.extend(self.appended.read(0, length - before)?);
        Ok(bytes)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_appended_follows_the_file_in_every_range() {
        let (file, more) = ((0..40).collect::<Vec<u8>>(), (40..50).collect::<Vec<u8>>());
        let mut appended = Appended::to(&file);
        appended.append(&more[..3]);
        appended.append(&more[3..]);
        let whole = [file.clone(), more.clone()].concat();
        assert_eq!(appended.length(), 50);
        for offset in 0..52_u64 {
            for length in 0..53 {
                assert_eq!(appended.read(offset, length), whole.read(offset, length), "{offset} {length}");
            }
        }
        assert_eq!(appended.read(u64::MAX, 1), Err(SourceError::End));
        assert_eq!(appended.into_bytes(), more);
    }
}
