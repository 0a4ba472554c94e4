//! The machine readable zone (ICAO Doc 9303-3; TD3: -4; TD1: -5; TD2: -6), from DG1 or as it is typed.

mod check_digit;
mod date;
mod error;
mod format;
mod key;
mod name;

use std::fmt;

pub use check_digit::{check_digit, value};
pub use date::MrzDate;
pub use error::{MrzError, MrzFault, MrzField};
pub use format::MrzFormat;
use format::Place;
pub use key::{DocumentNumber, MrzKey};
pub use name::Name;

use super::Personal;

/// A machine readable zone whose check digits are right.
#[derive(Clone, PartialEq, Eq)]
pub struct Mrz {
    /// Which of the three formats.
    pub format: MrzFormat,
    /// Kind of document, as printed, without fillers: `P`, `ID`, `I`.
    pub document_code: String,
    /// Issuing state or organisation, without fillers.
    pub issuer: String,
    /// Document number, long numbers whole.
    pub number: DocumentNumber,
    /// The holder's name.
    pub name: Name,
    /// Nationality, without fillers.
    pub nationality: Personal<String>,
    /// Date of birth.
    pub birth: MrzDate,
    /// Sex.
    pub sex: Sex,
    /// Date of expiry.
    pub expiry: MrzDate,
    /// Optional data (TD3: personal number), fillers kept inside and cut at the end; of a TD1 the first field. What belongs
    /// to a long document number is not in it.
    pub optional: Personal<String>,
    /// The second field of optional data, which TD1 has.
    pub optional_2: Personal<String>,
    text: Personal<String>,
}

/// Sex, as the zone has it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// `F`.
    Female,
    /// `M`.
    Male,
    /// `<`, or the `X` of the visual zone.
    Unspecified,
}

impl Mrz {
    /// Parses the zone as DG1 has it: its lines without anything between.
    ///
    /// # Errors
    /// [`MrzError`]: the first fault, with field and position; check digits are judged last.
    pub fn parse(text: &[u8]) -> Result<Self, MrzError> {
        let format = MrzFormat::of_length(text.len()).ok_or(MrzError {
            field: MrzField::Whole,
            position: text.len(),
            fault: MrzFault::Length,
        })?;
        if let Some(position) = text.iter().position(|character| value(*character).is_none()) {
            return Err(MrzError { field: format.field_at(position), position, fault: MrzFault::Character });
        }
        let zone = Zone { text, places: format.places() };
        let (number, optional) = zone.number_and_optional(format)?;
        let mrz = Self {
            format,
            document_code: zone.alphabetic(MrzField::DocumentCode)?,
            issuer: zone.alphabetic(MrzField::Issuer)?,
            number,
            name: Name::parse(zone.characters(MrzField::Name)),
            nationality: Personal::new(zone.alphabetic(MrzField::Nationality)?),
            birth: zone.date(MrzField::Birth)?,
            sex: zone.sex()?,
            expiry: zone.date(MrzField::Expiry)?,
            optional,
            optional_2: trimmed(zone.characters(MrzField::Optional2)),
            text: Personal::new(text.iter().copied().map(char::from).collect()),
        };
        zone.check_digit_of(MrzField::Birth, MrzField::BirthDigit)?;
        zone.check_digit_of(MrzField::Expiry, MrzField::ExpiryDigit)?;
        zone.optional_digit()?;
        zone.composite_digit(format)?;
        Ok(mrz)
    }

    /// Parses lines as they are typed or scanned: spaces and line ends are left out, small letters taken as capitals.
    ///
    /// # Errors
    /// [`MrzError`]; positions are those of the zone without line ends.
    pub fn parse_lines(text: &str) -> Result<Self, MrzError> {
        let mut characters = Vec::with_capacity(text.len());
        characters.extend(text.bytes().filter(|b| !b.is_ascii_whitespace()).map(|b| b.to_ascii_uppercase()));
        Self::parse(&Personal::new(characters))
    }

    /// What opens the chip.
    #[must_use]
    pub fn key(&self) -> MrzKey {
        MrzKey::new(&self.number, self.birth, self.expiry)
    }

    /// All characters, without line ends.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The lines, as printed.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        (0..self.format.lines()).filter_map(|line| {
            let start = line * self.format.line_length();
            self.text.get(start..start + self.format.line_length())
        })
    }
}

/// The zone opens the card and is about a person: only its format is shown.
impl fmt::Debug for Mrz {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mrz").field("format", &self.format).finish_non_exhaustive()
    }
}

impl fmt::Debug for Sex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sex(personal)")
    }
}

/// Characters of the alphabet, as long as the format is.
struct Zone<'a> {
    text: &'a [u8],
    places: &'static [(MrzField, Place)],
}

impl<'a> Zone<'a> {
    fn place(&self, field: MrzField) -> Place {
        let found = self.places.iter().find(|(candidate, _)| *candidate == field);
        found.map_or(Place { start: 0, length: 0 }, |(_, place)| *place)
    }

    /// A field's characters; none if the format has no such field.
    fn characters(&self, field: MrzField) -> &'a [u8] {
        let Place { start, length } = self.place(field);
        self.text.get(start..start + length).unwrap_or_default()
    }

    fn fault(&self, field: MrzField, offset: usize, fault: MrzFault) -> MrzError {
        MrzError { field, position: self.place(field).start + offset, fault }
    }

    /// A field that has no figures.
    fn alphabetic(&self, field: MrzField) -> Result<String, MrzError> {
        let characters = self.characters(field);
        if let Some(offset) = characters.iter().position(u8::is_ascii_digit) {
            return Err(self.fault(field, offset, MrzFault::Character));
        }
        match trimmed(characters).as_str() {
            "" => Err(self.fault(field, 0, MrzFault::Missing)),
            text => Ok(text.to_owned()),
        }
    }

    fn date(&self, field: MrzField) -> Result<MrzDate, MrzError> {
        let characters = self.characters(field).try_into();
        let characters = characters.map_err(|_| self.fault(field, 0, MrzFault::Length))?;
        MrzDate::from_characters(characters).map_err(|offset| self.fault(field, offset, MrzFault::Date))
    }

    fn sex(&self) -> Result<Sex, MrzError> {
        match self.characters(MrzField::Sex) {
            b"F" => Ok(Sex::Female),
            b"M" => Ok(Sex::Male),
            b"<" | b"X" => Ok(Sex::Unspecified),
            _ => Err(self.fault(MrzField::Sex, 0, MrzFault::Character)),
        }
    }

    /// The document number, of which TD1 and TD2 keep what is longer than nine characters, with the check digit and a filler,
    /// in the optional data (9303-5; 9303-6 likewise); and what else is in the optional data.
    fn number_and_optional(&self, format: MrzFormat) -> Result<(DocumentNumber, Personal<String>), MrzError> {
        let field = self.characters(MrzField::Number);
        let optional = self.characters(MrzField::Optional);
        let continued = format != MrzFormat::Td3
            && self.characters(MrzField::NumberDigit) == b"<"
            && !field.ends_with(b"<")
            && !optional.starts_with(b"<");
        if !continued {
            let number = self.number(field, MrzField::Number)?;
            self.check_digit_of(MrzField::Number, MrzField::NumberDigit)?;
            return Ok((number, trimmed(optional)));
        }
        let end = optional.iter().position(|character| *character == b'<');
        let end = end.ok_or_else(|| self.fault(MrzField::Optional, 0, MrzFault::LongNumber))?;
        let (tail, rest) = optional.split_at_checked(end).unwrap_or_default();
        let Some((digit, more @ [_, ..])) = tail.split_last() else {
            return Err(self.fault(MrzField::Optional, 0, MrzFault::LongNumber));
        };
        let whole = Personal::new([field, more].concat());
        let number = self.number(&whole, MrzField::Number)?;
        if check_digit(whole.iter().copied()) != Some(*digit) {
            return Err(self.fault(MrzField::Optional, end - 1, MrzFault::CheckDigit));
        }
        Ok((number, trimmed(rest.get(1..).unwrap_or_default())))
    }

    fn number(&self, characters: &[u8], field: MrzField) -> Result<DocumentNumber, MrzError> {
        let text = trimmed(characters);
        DocumentNumber::new(&text).ok_or_else(|| self.fault(field, 0, MrzFault::Missing))
    }

    fn check_digit_of(&self, field: MrzField, digit: MrzField) -> Result<(), MrzError> {
        self.judge(self.characters(field).iter().copied(), digit)
    }

    /// TD3 only; an empty personal number may have a filler for its digit (9303-4, section 4.2.2).
    fn optional_digit(&self) -> Result<(), MrzError> {
        let optional = self.characters(MrzField::Optional);
        match self.characters(MrzField::OptionalDigit) {
            [] => Ok(()),
            b"<" if optional.iter().all(|character| *character == b'<') => Ok(()),
            _ => self.check_digit_of(MrzField::Optional, MrzField::OptionalDigit),
        }
    }

    fn composite_digit(&self, format: MrzFormat) -> Result<(), MrzError> {
        let covered = format
            .composite_over()
            .iter()
            .flat_map(|Place { start, length }| self.text.iter().copied().skip(*start).take(*length));
        self.judge(covered, MrzField::CompositeDigit)
    }

    fn judge(&self, covered: impl Iterator<Item = u8>, digit: MrzField) -> Result<(), MrzError> {
        let expected = check_digit(covered);
        if expected.is_some() && self.characters(digit).first() == expected.as_ref() {
            Ok(())
        } else {
            Err(self.fault(digit, 0, MrzFault::CheckDigit))
        }
    }
}

fn trimmed(characters: &[u8]) -> Personal<String> {
    let end = characters.iter().rposition(|character| *character != b'<').map_or(0, |last| last + 1);
    Personal::new(characters.iter().take(end).copied().map(char::from).collect())
}

#[cfg(test)]
mod tests;
