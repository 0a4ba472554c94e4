//! What is being typed: a PIN, or the number printed on a card.

use super::{
    asked::{Asked, Secret},
    date,
    locked_pin::{LockedPin, LockedPinError},
    message::{Alphabet, MAX_PIN},
};

/// What became of a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Typed {
    /// It is the last now.
    Taken,
    /// The card takes no more.
    Full,
    /// The card takes no such character.
    Refused,
}

/// What is being typed, in locked memory, within the limits of the card.
#[derive(Debug)]
pub(super) struct SecretEntry {
    asked: Asked,
    typed: LockedPin,
    least: usize,
    most: usize,
}

impl SecretEntry {
    /// An empty entry for what is asked.
    ///
    /// # Errors
    /// As [`LockedPin::new`].
    pub(super) fn new(asked: Asked) -> Result<Self, LockedPinError> {
        let most = usize::from(asked.most).clamp(1, MAX_PIN);
        let least = usize::from(asked.least).clamp(1, most);
        Ok(Self { asked, typed: LockedPin::new()?, least, most })
    }

    /// Adds a character, if the card takes it.
    pub(super) fn add(&mut self, character: u8) -> Typed {
        let fits = match self.asked.alphabet {
            Alphabet::Digits => character.is_ascii_digit(),
            // ISO/IEC 646, printable
            Alphabet::Ascii => (b' '..=b'~').contains(&character),
            // ICAO Doc 9303-3, section 4.3, and what is printed in the place of its filler
            Alphabet::Document => {
                character.is_ascii_uppercase()
                    || character.is_ascii_digit()
                    || matches!(character, b'<' | b'-' | b' ')
            }
        };
        if !fits {
            return Typed::Refused;
        }
        if self.typed.len() >= self.most || self.typed.push(character).is_err() {
            return Typed::Full;
        }
        Typed::Taken
    }

    /// Takes the last character away; whether there was one.
    pub(super) fn erase(&mut self) -> bool {
        self.typed.pop()
    }

    /// Number of characters typed.
    pub(super) fn count(&self) -> usize {
        self.typed.len()
    }

    /// Whether it is long enough, and can be what is asked.
    pub(super) fn is_complete(&self) -> bool {
        self.is_long_enough() && (self.asked.secret != Secret::Date || date::is_one(self.typed.as_bytes()))
    }

    /// Whether it is long enough.
    pub(super) fn is_long_enough(&self) -> bool {
        self.typed.len() >= self.least
    }

    /// Whether it takes no more characters.
    pub(super) fn is_full(&self) -> bool {
        self.typed.len() >= self.most
    }

    /// What is asked.
    pub(super) fn asked(&self) -> Asked {
        self.asked
    }

    /// What was typed, to be sent.
    pub(super) fn typed(&self) -> &LockedPin {
        &self.typed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pin(least: u8, most: u8, alphabet: Alphabet) -> Asked {
        Asked { secret: Secret::Pin, least, most, alphabet }
    }

    #[test]
    fn it_is_complete_from_the_least_to_the_most_characters() {
        let mut entry = SecretEntry::new(pin(4, 5, Alphabet::Digits)).unwrap();
        for character in *b"123" {
            assert_eq!(entry.add(character), Typed::Taken);
            assert!(!entry.is_complete());
        }
        assert_eq!(entry.add(b'4'), Typed::Taken);
        assert!(entry.is_complete());
        assert_eq!(entry.add(b'5'), Typed::Taken);
        assert_eq!(entry.add(b'6'), Typed::Full);
        assert_eq!(entry.typed().as_bytes(), b"12345");
        assert!(entry.erase());
        assert_eq!(entry.count(), 4);
    }

    #[test]
    fn it_takes_what_the_card_takes() {
        let mut digits = SecretEntry::new(pin(4, 8, Alphabet::Digits)).unwrap();
        assert_eq!(digits.add(b'a'), Typed::Refused);
        let mut ascii = SecretEntry::new(pin(4, 8, Alphabet::Ascii)).unwrap();
        assert_eq!(ascii.add(b'a'), Typed::Taken);
        assert_eq!(ascii.add(b'\n'), Typed::Refused);
    }

    #[test]
    fn a_question_without_sense_still_gives_a_usable_entry() {
        let entry = SecretEntry::new(pin(0, 0, Alphabet::Digits)).unwrap();
        assert!(!entry.is_complete());
    }
}
