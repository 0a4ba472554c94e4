//! A card access number in locked memory.

use std::{fmt, io, str};

use bitaqa_card::{chip_session::AccessKey, pace::Can};

use super::locked_pin::{LockedPin, LockedPinError};

/// The number printed on a card, as the person typed it; kept as a PIN is, and never to be mistaken for one.
pub struct AccessNumber(LockedPin);

impl AccessNumber {
    /// Reads a number of `length` digits from where it comes, with nothing in between.
    ///
    /// # Errors
    /// As [`LockedPin::read_from`].
    pub fn read_from(source: &mut impl io::Read, length: usize) -> Result<Self, LockedPinError> {
        LockedPin::read_from(source, length).map(Self)
    }

    /// The digits. Whoever copies them is answerable for the copy.
    #[must_use]
    pub(crate) fn digits(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// What PACE is run with; zeroised when dropped. `None` where it is no number.
    #[must_use]
    pub fn key(&self) -> Option<AccessKey> {
        let digits = str::from_utf8(self.0.as_bytes()).ok()?;
        Can::new(digits).map(AccessKey::Can)
    }
}

impl fmt::Debug for AccessNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessNumber")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_a_key_where_it_is_a_number_and_printing_it_shows_nothing() {
        let number = AccessNumber::read_from(&mut &b"471108"[..], 6).unwrap();
        assert_eq!(number.key(), Can::new("471108").map(AccessKey::Can));
        assert_eq!(format!("{number:?} {:?}", number.key()), "AccessNumber Some(Can(Can))");
        for none in [&b"4711a8"[..], b"\xd9\xa1\xd9\xa2\xd9\xa3", b""] {
            assert_eq!(AccessNumber::read_from(&mut { none }, none.len()).unwrap().key(), None);
        }
    }
}
