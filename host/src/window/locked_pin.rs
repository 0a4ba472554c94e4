//! A PIN in locked memory.

use std::{fmt, io};

use zeroize::Zeroize;

use super::{locked_page::LockedPage, message::MAX_PIN};

/// A PIN as ASCII, in memory that is never swapped, never copied and zeroised when dropped.
///
/// It cannot be cloned, printed or compared; who presents it to the card borrows [`LockedPin::as_bytes`].
pub struct LockedPin {
    page: LockedPage,
    length: usize,
}

impl LockedPin {
    /// An empty PIN.
    ///
    /// # Errors
    /// [`LockedPinError::NoLockedMemory`] where the system locks no memory.
    pub fn new() -> Result<Self, LockedPinError> {
        Ok(Self { page: LockedPage::new().map_err(LockedPinError::NoLockedMemory)?, length: 0 })
    }

    /// Reads a PIN of `length` bytes from where it comes, with nothing in between.
    ///
    /// # Errors
    /// [`LockedPinError::TooLong`] above [`MAX_PIN`]; [`LockedPinError::Read`] where the source ends or fails.
    pub fn read_from(source: &mut impl io::Read, length: usize) -> Result<Self, LockedPinError> {
        let mut pin = Self::new()?;
        let space = pin.page.bytes_mut().get_mut(..length).filter(|_| length <= MAX_PIN);
        source.read_exact(space.ok_or(LockedPinError::TooLong)?).map_err(LockedPinError::Read)?;
        pin.length = length;
        Ok(pin)
    }

    /// Adds a character.
    ///
    /// # Errors
    /// [`LockedPinError::TooLong`] above [`MAX_PIN`].
    pub fn push(&mut self, character: u8) -> Result<(), LockedPinError> {
        if self.length >= MAX_PIN {
            return Err(LockedPinError::TooLong);
        }
        let place = self.page.bytes_mut().get_mut(self.length).ok_or(LockedPinError::TooLong)?;
        *place = character;
        self.length += 1;
        Ok(())
    }

    /// Takes the last character away; whether there was one.
    pub fn pop(&mut self) -> bool {
        let Some(last) = self.length.checked_sub(1) else { return false };
        if let Some(place) = self.page.bytes_mut().get_mut(last) {
            place.zeroize();
        }
        self.length = last;
        true
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.page.bytes_mut().zeroize();
        self.length = 0;
    }

    /// Number of characters.
    #[must_use]
    pub fn len(&self) -> usize {
        self.length
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// The PIN. Whoever copies it is answerable for the copy.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.page.bytes().get(..self.length).unwrap_or_default()
    }

    /// The PIN, and the rest of its locked memory for a command that carries it; both are zeroised with it.
    pub fn parts(&mut self) -> (&[u8], &mut [u8]) {
        let length = self.length;
        let (pin, rest) = self.page.bytes_mut().split_at_mut_checked(MAX_PIN).unwrap_or_default();
        (pin.get(..length).unwrap_or_default(), rest)
    }
}

impl fmt::Debug for LockedPin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LockedPin")
    }
}

/// Why there is no PIN in locked memory.
#[derive(Debug, thiserror::Error)]
pub enum LockedPinError {
    /// The system gives no memory that stays in memory.
    #[error("no memory can be locked")]
    NoLockedMemory(#[source] io::Error),
    /// Longer than any PIN.
    #[error("longer than any PIN")]
    TooLong,
    /// The source ended or failed.
    #[error("the PIN did not arrive")]
    Read(#[source] io::Error),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_come_and_go_at_the_end() {
        let mut pin = LockedPin::new().unwrap();
        for character in *b"1234" {
            pin.push(character).unwrap();
        }
        assert!(pin.pop());
        assert_eq!(pin.as_bytes(), b"123");
        pin.clear();
        assert!(pin.is_empty());
        assert!(!pin.pop());
    }

    #[test]
    fn a_character_taken_away_is_zeroised_at_once() {
        let mut pin = LockedPin::new().unwrap();
        pin.push(b'7').unwrap();
        pin.pop();
        assert!(pin.page.bytes().iter().all(|&byte| byte == 0));
    }

    #[test]
    fn a_pin_is_read_in_one_piece_or_not_at_all() {
        assert_eq!(LockedPin::read_from(&mut &b"8888rest"[..], 4).unwrap().as_bytes(), b"8888");
        assert!(matches!(LockedPin::read_from(&mut &b"88"[..], 4), Err(LockedPinError::Read(_))));
        assert!(matches!(
            LockedPin::read_from(&mut [0u8; 100].as_slice(), MAX_PIN + 1),
            Err(LockedPinError::TooLong)
        ));
    }

    #[test]
    fn it_holds_no_more_than_the_longest_pin() {
        let mut pin = LockedPin::new().unwrap();
        for _ in 0..MAX_PIN {
            pin.push(b'0').unwrap();
        }
        assert!(matches!(pin.push(b'0'), Err(LockedPinError::TooLong)));
    }

    #[test]
    fn printing_it_shows_nothing() {
        let mut pin = LockedPin::new().unwrap();
        pin.push(b'7').unwrap();
        assert_eq!(format!("{pin:?}"), "LockedPin");
    }
}
