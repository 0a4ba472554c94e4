//! What is wrong with an archive.

/// Why an archive is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ZipFault {
    /// It cannot be read from where it is.
    #[error("the archive cannot be read: {0}")]
    Source(String),
    /// It has no end record, or more than one that could be it.
    #[error("not a ZIP archive")]
    NotAnArchive,
    /// It uses something of the format that containers do not need.
    #[error("the archive uses {0}, which is not accepted")]
    Unsupported(&'static str),
    /// A record is cut short, or says what cannot be.
    #[error("the archive is damaged: {0}")]
    Damaged(&'static str),
    /// Bytes that belong to no entry, or to two.
    #[error("the archive has bytes that belong to no entry, or to two")]
    Stray,
    /// The header of an entry and the directory say different things.
    #[error("the header of an entry and the directory differ")]
    HeadersDiffer,
    /// A name that is no path below the container.
    #[error("an entry has a name that is not accepted")]
    Name,
    /// Two entries of one name, or of names that some systems take for one.
    #[error("two entries have the same name")]
    DuplicateName,
    /// More entries than are looked at.
    #[error("the archive has more than {max} entries")]
    TooManyEntries {
        /// Most that are accepted.
        max: usize,
    },
    /// More bytes unpacked than are looked at, or far more than packed.
    #[error("the archive unpacks to more than is accepted")]
    TooLarge,
    /// An entry's bytes are not those that were packed.
    #[error("an entry cannot be unpacked, or is not what was packed")]
    Content,
    /// There is no entry of that name.
    #[error("the archive has no such entry")]
    NoSuchEntry,
}

impl From<std::io::Error> for ZipFault {
    fn from(error: std::io::Error) -> Self {
        Self::Source(error.kind().to_string())
    }
}
