//! The PIN while it is being typed.

use super::{
    locked_pin::{LockedPin, LockedPinError},
    message::{Alphabet, MAX_PIN, Question},
};

/// What became of a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Typed {
    /// It is the PIN's last now.
    Taken,
    /// The card takes no more.
    Full,
    /// The card takes no such character.
    Refused,
}

/// A PIN being typed, in locked memory, within the limits of the card.
#[derive(Debug)]
pub(super) struct PinEntry {
    pin: LockedPin,
    least: usize,
    most: usize,
    alphabet: Alphabet,
}

impl PinEntry {
    /// An empty entry for a question.
    ///
    /// # Errors
    /// As [`LockedPin::new`].
    pub(super) fn new(question: &Question) -> Result<Self, LockedPinError> {
        let most = usize::from(question.max_length).clamp(1, MAX_PIN);
        let least = usize::from(question.min_length).clamp(1, most);
        Ok(Self { pin: LockedPin::new()?, least, most, alphabet: question.alphabet })
    }

    /// Adds a character, if the card takes it.
    pub(super) fn add(&mut self, character: u8) -> Typed {
        let fits = match self.alphabet {
            Alphabet::Digits => character.is_ascii_digit(),
            // ISO/IEC 646, printable
            Alphabet::Ascii => (b' '..=b'~').contains(&character),
        };
        if !fits {
            return Typed::Refused;
        }
        if self.pin.len() >= self.most || self.pin.push(character).is_err() {
            return Typed::Full;
        }
        Typed::Taken
    }

    /// Takes the last character away; whether there was one.
    pub(super) fn erase(&mut self) -> bool {
        self.pin.pop()
    }

    /// Number of characters typed.
    pub(super) fn count(&self) -> usize {
        self.pin.len()
    }

    /// Whether it is long enough to be sent.
    pub(super) fn is_complete(&self) -> bool {
        self.pin.len() >= self.least
    }

    /// What the card takes.
    pub(super) fn alphabet(&self) -> Alphabet {
        self.alphabet
    }

    /// The PIN, to be sent.
    pub(super) fn pin(&self) -> &LockedPin {
        &self.pin
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::window::message::PinKind;

    fn question(min_length: u8, max_length: u8, alphabet: Alphabet) -> Question {
        Question {
            holder: String::new(),
            pin: PinKind::Authentication,
            pin_label: None,
            min_length,
            max_length,
            alphabet,
            discloses: Vec::new(),
            tries_left: None,
            was_wrong: false,
        }
    }

    #[test]
    fn it_is_complete_from_the_least_to_the_most_characters() {
        let mut entry = PinEntry::new(&question(4, 5, Alphabet::Digits)).unwrap();
        for character in *b"123" {
            assert_eq!(entry.add(character), Typed::Taken);
            assert!(!entry.is_complete());
        }
        assert_eq!(entry.add(b'4'), Typed::Taken);
        assert!(entry.is_complete());
        assert_eq!(entry.add(b'5'), Typed::Taken);
        assert_eq!(entry.add(b'6'), Typed::Full);
        assert_eq!(entry.pin().as_bytes(), b"12345");
        assert!(entry.erase());
        assert_eq!(entry.count(), 4);
    }

    #[test]
    fn it_takes_what_the_card_takes() {
        let mut digits = PinEntry::new(&question(4, 8, Alphabet::Digits)).unwrap();
        assert_eq!(digits.add(b'a'), Typed::Refused);
        let mut ascii = PinEntry::new(&question(4, 8, Alphabet::Ascii)).unwrap();
        assert_eq!(ascii.add(b'a'), Typed::Taken);
        assert_eq!(ascii.add(b'\n'), Typed::Refused);
    }

    #[test]
    fn a_question_without_sense_still_gives_a_usable_entry() {
        let entry = PinEntry::new(&question(0, 0, Alphabet::Digits)).unwrap();
        assert!(!entry.is_complete());
    }
}
