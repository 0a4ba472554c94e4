//! The machine readable zone (ICAO Doc 9303-3, section 4; part 4 for passports, part 5 for cards).

use zeroize::Zeroizing;

use crate::{digest::Digest, person::Person};

/// The form of a machine readable zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A card of the size of a bank card: three lines of 30.
    Td1,
    /// A passport: two lines of 44.
    Td3,
}

/// Where a zone of [`Form::Td1`] holds the number of the person: its two fields of optional data are the issuer's to use (part 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PersonalNumberField {
    /// Nowhere.
    #[default]
    None,
    /// In the first line, 15 characters.
    First,
    /// In the second line, 11 characters.
    Second,
}

/// A machine readable zone. It is what opens the chip, so `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Mrz {
    text: Zeroizing<String>,
    information: Zeroizing<String>,
    line: usize,
}

/// What the zone tells, beside the names and the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dates {
    /// `YYMMDD`.
    pub(crate) birth: &'static str,
    /// `YYMMDD`.
    pub(crate) expiry: &'static str,
}

/// Dates that every test document has.
pub(crate) const DATES: Dates = Dates { birth: "900101", expiry: "311231" };

impl Mrz {
    /// The zone of a test document of this person: born 1990-01-01, good until 2031-12-31, sex not told.
    ///
    /// The document codes are ICAO's general ones; which ones a national card uses is not known here.
    #[must_use]
    pub fn of(person: &Person, form: Form) -> Self {
        Self::with_number(person, form, PersonalNumberField::None)
    }

    /// The same, with the number of the person in this field where the form has it and the number fits.
    #[must_use]
    pub fn with_number(person: &Person, form: Form, field: PersonalNumberField) -> Self {
        let state = state(&person.country);
        let number = with_check_digit(&person.document_number());
        let birth = with_check_digit(DATES.birth);
        let expiry = with_check_digit(DATES.expiry);
        let information = format!("{number}{birth}{expiry}");
        let names = names(person);
        let text = match form {
            Form::Td1 => {
                let optional_data = |own, length| {
                    let number = person.personal_number();
                    let is_here = own == field && number.len() <= length;
                    fill(if is_here && is_of_zone(number) { number } else { "" }, length)
                };
                let optional = optional_data(PersonalNumberField::First, 15);
                let second = optional_data(PersonalNumberField::Second, 11);
                let over = format!("{number}{optional}{birth}{expiry}{second}");
                let composite = check_digit(&over);
                let names = fill(&names, 30);
                format!("I<{state}{number}{optional}{birth}<{expiry}{state}{second}{composite}{names}")
            }
            Form::Td3 => {
                let optional = with_check_digit(&"<".repeat(14));
                let composite = check_digit(&format!("{number}{birth}{expiry}{optional}"));
                let names = fill(&names, 39);
                format!("P<{state}{names}{number}{state}{birth}<{expiry}{optional}{composite}")
            }
        };
        let line = if form == Form::Td1 { 30 } else { 44 };
        Self { text: Zeroizing::new(text), information: Zeroizing::new(information), line }
    }

    /// A zone of which only what opens the chip is known: number, birth and expiry with their check digits.
    #[must_use]
    pub fn of_information(information: &str) -> Self {
        Self {
            text: Zeroizing::new(information.to_owned()),
            information: Zeroizing::new(information.to_owned()),
            line: information.len(),
        }
    }

    /// All lines, side by side: what DG1 holds.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The lines, as printed.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let text = self.text.as_bytes();
        text.chunks(self.line.max(1)).map(|line| String::from_utf8_lossy(line).into_owned()).collect()
    }

    /// "MRZ information": document number, date of birth and date of expiry, each with its check digit (part 11, section 4.3.2).
    #[must_use]
    pub fn information(&self) -> &str {
        &self.information
    }

    /// SHA-1 of the MRZ information: the secret of basic access control and of PACE with the MRZ.
    #[must_use]
    pub fn hash(&self) -> Vec<u8> {
        Digest::Sha1.of(self.information.as_bytes())
    }
}

impl std::fmt::Debug for Mrz {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Mrz(…)")
    }
}

/// Whether the zone has all these characters.
fn is_of_zone(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// The three-letter code of a state (part 3, section 5); the standard's own Utopia for all that is not the mission's.
pub(crate) fn state(country: &str) -> &'static str {
    match country {
        "BH" => "BHR",
        "MA" => "MAR",
        _ => "UTO",
    }
}

/// Primary and secondary identifier, in the letters of the zone.
fn names(person: &Person) -> String {
    format!("{}<<{}", identifier(&person.surname), identifier(&person.given_name))
}

fn identifier(name: &str) -> String {
    name.split_whitespace().map(transliterated).collect::<Vec<String>>().join("<")
}

fn transliterated(word: &str) -> String {
    word.chars().map(letters).collect()
}

/// The letters of the zone for one of another script: for Latin and Arabic ones as part 3 recommends (section 6), for
/// Tifinagh by sound, as nothing is recommended.
fn letters(letter: char) -> String {
    let written = match letter {
        'É' | 'È' | 'Ê' | 'ع' => "E",
        'Ç' => "C",
        'ا' | 'ⴰ' => "A",
        'ب' | 'ⴱ' => "B",
        'ت' | 'ⵜ' => "T",
        'ث' => "XTH",
        'ج' => "J",
        'ح' => "XH",
        'خ' => "XKH",
        'د' | 'ⴷ' => "D",
        'ذ' => "XDH",
        'ر' | 'ⵔ' => "R",
        'ز' | 'ⵣ' => "Z",
        'س' | 'ⵙ' => "S",
        'ش' => "XSH",
        'غ' => "G",
        'ف' | 'ⴼ' => "F",
        'ق' => "Q",
        'ك' | 'ⴽ' => "K",
        'ل' | 'ⵍ' => "L",
        'م' | 'ⵎ' => "M",
        'ن' | 'ⵏ' => "N",
        'ه' | 'ⵀ' => "H",
        'و' | 'ⵡ' => "W",
        'ي' | 'ⵢ' => "Y",
        'ⵉ' => "I",
        'ⵓ' => "U",
        letter if letter.is_ascii_alphabetic() => return letter.to_ascii_uppercase().to_string(),
        _ => "<",
    };
    written.to_owned()
}

/// Filled up with `<`, or cut.
fn fill(text: &str, length: usize) -> String {
    text.chars().chain(std::iter::repeat('<')).take(length).collect()
}

fn with_check_digit(text: &str) -> String {
    format!("{text}{}", check_digit(text))
}

/// Weights 7, 3, 1; letters count from 10; `<` counts nothing (part 3, section 4.9).
fn check_digit(text: &str) -> u32 {
    let value = |letter: char| letter.to_digit(36).unwrap_or(0);
    text.chars()
        .zip([7, 3, 1].into_iter().cycle())
        .map(|(letter, weight)| value(letter) * weight)
        .sum::<u32>()
        % 10
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_are_those_of_the_standard() {
        // part 3, appendix A
        for (text, digit) in [
            ("520727", 3),
            ("AB2134<<<", 5),
            ("HA672242<658022549601086<<<<<<<<<<<<<<0", 8),
            ("D231458907<<<<<<<<<<<<<<<34071279507122<<<<<<<<<<<", 2),
        ] {
            assert_eq!(check_digit(text), digit, "{text}");
        }
    }

    #[test]
    fn every_person_gets_a_zone_of_the_right_size() {
        for name in Person::NAMES {
            let person = Person::named(name).unwrap();
            let card = Mrz::of(&person, Form::Td1);
            assert_eq!(card.lines().iter().map(String::len).collect::<Vec<_>>(), [30, 30, 30]);
            let passport = Mrz::of(&person, Form::Td3);
            assert_eq!(passport.lines().iter().map(String::len).collect::<Vec<_>>(), [44, 44]);
            assert_eq!(card.information(), passport.information());
            assert_eq!(card.information().len(), 24);
        }
        let maryam = Mrz::of(&Person::named("maryam").unwrap(), Form::Td1);
        assert_eq!(maryam.lines()[2], "NMWXDHJ<<MRYM<<<<<<<<<<<<<<<<<");
    }

    #[test]
    fn the_number_of_the_person_is_in_the_field_that_is_asked_for() {
        let amina = Person::named("amina").unwrap();
        let lines = |field| Mrz::with_number(&amina, Form::Td1, field).lines();
        assert_eq!(lines(PersonalNumberField::None), Mrz::of(&amina, Form::Td1).lines());
        let [first, second] = [PersonalNumberField::First, PersonalNumberField::Second].map(lines);
        assert_eq!(&first[0][15..], "AB123456<<<<<<<");
        assert_eq!(&second[1][18..29], "AB123456<<<");
        for lines in [&first, &second] {
            // part 5: everything but the names, the sex and the nationality
            let over = [&lines[0][5..], &lines[1][..7], &lines[1][8..15], &lines[1][18..29]].concat();
            assert_eq!(lines[1][29..], check_digit(&over).to_string());
        }
    }

    #[test]
    fn the_zone_is_not_shown() {
        let zone = Mrz::of(&Person::named("amina").unwrap(), Form::Td1);
        assert_eq!(format!("{zone:?}"), "Mrz(…)");
    }
}
