//! A file with fields at fixed places.

/// A file in the making. What no field fills is zero bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Record(Vec<u8>);

impl Record {
    /// Writes a text into a field, as many whole characters as fit.
    pub(super) fn put(self, offset: usize, length: usize, text: &str) -> Self {
        let end = text.char_indices().map(|(at, character)| at + character.len_utf8());
        let end = end.take_while(|end| *end <= length).last().unwrap_or(0);
        self.put_bytes(offset, length, text.get(..end).unwrap_or_default().as_bytes())
    }

    /// Writes bytes into a field, as many as fit.
    pub(super) fn put_bytes(mut self, offset: usize, length: usize, bytes: &[u8]) -> Self {
        self.0.resize(self.0.len().max(offset + length), 0);
        for (place, byte) in self.0.iter_mut().skip(offset).zip(bytes.iter().take(length)) {
            *place = *byte;
        }
        self
    }

    /// The file, of this size.
    pub(super) fn finish(mut self, size: usize) -> Vec<u8> {
        self.0.resize(size, 0);
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_ends_with_a_whole_character() {
        let record = Record::default().put(1, 5, "مريم");
        assert_eq!(record.finish(8), [0, 0xD9, 0x85, 0xD8, 0xB1, 0, 0, 0]);
        assert_eq!(Record::default().put(0, 2, "A").put(2, 2, "BCD").finish(4), *b"A\0BC");
    }
}
