//! What opens a chip: the printed document number and two dates (ICAO Doc 9303-11, section 4.3).

use std::fmt;

use zeroize::Zeroizing;

use super::{MrzDate, check_digit};
use crate::lds::Personal;

/// Characters of a document number that stand in its own field; what is longer goes on in the optional data.
pub(super) const NUMBER_FIELD: usize = 9;
/// Most characters of a long number: 9 in its own field, 13 of the optional data of TD1, which holds its check digit and a
/// filler as well (9303-5).
const MAX_NUMBER: usize = 22;

/// A document number, of the zone's alphabet and without the fillers at its end.
#[derive(Clone, PartialEq, Eq)]
pub struct DocumentNumber(Personal<String>);

impl DocumentNumber {
    /// From what is printed or typed. Small letters are taken as capitals, spaces and hyphens as the fillers that stand for
    /// them in the zone (9303-4, section 4.2.2). `None` if it is empty, too long or has other characters.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let mut number = String::with_capacity(text.len());
        number.extend(text.chars().map(|character| match character {
            ' ' | '-' => '<',
            character => character.to_ascii_uppercase(),
        }));
        let end = number.trim_end_matches('<').len();
        number.truncate(end);
        let number = Personal::new(number);
        let sound = number.bytes().all(|character| check_digit::value(character).is_some());
        (sound && !number.is_empty() && number.len() <= MAX_NUMBER).then_some(Self(number))
    }

    /// The number.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for DocumentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DocumentNumber(personal)")
    }
}

/// "MRZ information": document number, date of birth and date of expiry, each with its check digit. The secret of basic
/// access control and one of PACE's; it is wiped when dropped and shown nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct MrzKey(Zeroizing<String>);

impl MrzKey {
    /// From the three fields.
    #[must_use]
    pub fn new(number: &DocumentNumber, birth: MrzDate, expiry: MrzDate) -> Self {
        // number of at most 22 characters, two dates, three digits: no second allocation leaves a copy behind
        let mut information = Zeroizing::new(String::with_capacity(MAX_NUMBER + 6 + 6 + 3));
        let fillers = NUMBER_FIELD.saturating_sub(number.as_str().len());
        append(&mut information, number.as_str().bytes().chain(std::iter::repeat_n(b'<', fillers)));
        append(&mut information, birth.characters());
        append(&mut information, expiry.characters());
        Self(information)
    }

    /// The characters, as they go into the hash that keys are derived from.
    #[must_use]
    pub fn information(&self) -> &str {
        &self.0
    }

    /// The document number with its check digit: the chip's name in terminal authentication after basic access control.
    #[must_use]
    pub(crate) fn number(&self) -> &str {
        // two dates of six characters and a digit follow
        self.0.get(..self.0.len().saturating_sub(14)).unwrap_or_default()
    }
}

fn append<I: IntoIterator<Item = u8, IntoIter: Clone>>(information: &mut String, field: I) {
    let characters = field.into_iter();
    information.extend(characters.clone().map(char::from));
    information.extend(check_digit(characters).map(char::from));
}

impl fmt::Debug for MrzKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MrzKey(secret)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(number: &str, birth: [u8; 6], expiry: [u8; 6]) -> MrzKey {
        let date = |characters| MrzDate::from_characters(characters).unwrap();
        MrzKey::new(&DocumentNumber::new(number).unwrap(), date(birth), date(expiry))
    }

    #[test]
    fn the_examples_of_9303_11_are_built_from_their_fields() {
        assert_eq!(key("L898902C", *b"690806", *b"940623").information(), "L898902C<369080619406236");
        assert_eq!(key("T22000129", *b"640812", *b"101031").information(), "T22000129364081251010318");
        assert_eq!(key("C11T002JM", *b"960812", *b"231031").information(), "C11T002JM496081222310314");
    }

    #[test]
    fn a_long_number_goes_in_whole() {
        assert_eq!(key("D23145890734", *b"340712", *b"950712").information(), "D23145890734934071279507122");
    }

    #[test]
    fn an_unknown_day_stands_as_fillers() {
        assert_eq!(key("L898902C", *b"69<<<<", *b"940623").information(), "L898902C<369<<<<99406236");
    }

    #[test]
    fn a_number_is_taken_as_people_type_it_or_not_at_all() {
        assert_eq!(DocumentNumber::new("l898902c").unwrap().as_str(), "L898902C");
        assert_eq!(DocumentNumber::new("AB-21 34<<<").unwrap().as_str(), "AB<21<34");
        for wrong in ["", "<<<", "AÉ1", "AB/12", &"A".repeat(23)] {
            assert!(DocumentNumber::new(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn nothing_of_a_key_is_shown() {
        let key = key("L898902C", *b"690806", *b"940623");
        assert_eq!(format!("{key:?}"), "MrzKey(secret)");
        assert!(!format!("{:?}", DocumentNumber::new("L898902C")).contains("L89"));
    }
}
