//! Fixed fields of ISO/IEC 19794 records, big-endian, one after the other.

/// Reads fields and never past the end.
#[derive(Clone, Copy)]
pub(super) struct RecordReader<'a> {
    rest: &'a [u8],
}

impl<'a> RecordReader<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// An unsigned number of `N` bytes, at most eight.
    pub(super) fn number<const N: usize>(&mut self) -> Option<usize> {
        let bytes = self.bytes(N)?;
        let number = bytes.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        usize::try_from(number).ok()
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        self.bytes(1)?.first().copied()
    }

    pub(super) fn bytes(&mut self, length: usize) -> Option<&'a [u8]> {
        let (bytes, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(bytes)
    }

    /// A part of its own that is so long.
    pub(super) fn part(&mut self, length: usize) -> Option<Self> {
        self.bytes(length).map(Self::new)
    }

    pub(super) const fn rest(&self) -> &'a [u8] {
        self.rest
    }
}
