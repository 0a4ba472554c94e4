//! What of the machine readable zone opens a card, in locked memory.

use std::{fmt, io, str};

use bitaqa_card::{
    chip_session::AccessKey,
    lds::{DocumentNumber, MrzDate, MrzKey},
};

use super::locked_pin::{LockedPin, LockedPinError};

/// Document number, date of birth and date of expiry, as the person typed them; kept as a PIN is, and never to be mistaken for
/// one.
///
/// In memory and on the way: three fields, each with one byte for its length in front. The number is of the characters of the
/// zone, the dates are YYMMDD, with `<<` for a part that the document does not know (ICAO Doc 9303-3).
pub struct MrzEntry(LockedPin);

impl MrzEntry {
    /// Reads the fields, `length` bytes together, from where they come, with nothing in between.
    ///
    /// # Errors
    /// As [`LockedPin::read_from`].
    pub fn read_from(source: &mut impl io::Read, length: usize) -> Result<Self, LockedPinError> {
        LockedPin::read_from(source, length).map(Self)
    }

    /// What basic access control and PACE are run with; zeroised when dropped. `None` where a field is none.
    #[must_use]
    pub fn key(&self) -> Option<AccessKey> {
        let (number, rest) = field(self.0.as_bytes())?;
        let (birth, rest) = field(rest)?;
        let (expiry, rest) = field(rest)?;
        if !rest.is_empty() {
            return None;
        }
        let number = DocumentNumber::new(str::from_utf8(number).ok()?)?;
        Some(AccessKey::Mrz(MrzKey::new(&number, date(birth)?, date(expiry)?)))
    }
}

impl fmt::Debug for MrzEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MrzEntry")
    }
}

/// The first field and what follows it.
fn field(fields: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = fields.split_first()?;
    rest.split_at_checked(usize::from(*length))
}

fn date(characters: &[u8]) -> Option<MrzDate> {
    let &[y1, y2, m1, m2, d1, d2] = characters else { return None };
    MrzDate::new(part(y1, y2)?, part(m1, m2)?, part(d1, d2)?)
}

/// A part of a date, which may be unknown.
fn part(tens: u8, units: u8) -> Option<Option<u8>> {
    match (tens, units) {
        (b'<', b'<') => Some(None),
        (b'0'..=b'9', b'0'..=b'9') => Some(Some((tens - b'0') * 10 + (units - b'0'))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(fields: &[u8]) -> MrzEntry {
        MrzEntry::read_from(&mut { fields }, fields.len()).unwrap()
    }

    fn information(entry: &MrzEntry) -> Option<String> {
        entry.key().map(|key| match key {
            AccessKey::Mrz(key) => key.information().to_owned(),
            AccessKey::Can(_) => "a number".to_owned(),
        })
    }

    #[test]
    fn three_fields_are_a_key_and_printing_them_shows_nothing() {
        let entry = entry(b"\x08L898902C\x06690806\x06940623");
        // ICAO Doc 9303-11, appendix D.2
        assert_eq!(information(&entry).as_deref(), Some("L898902C<369080619406236"));
        assert_eq!(format!("{entry:?} {:?}", entry.key()), "MrzEntry Some(Mrz(MrzKey(secret)))");
    }

    #[test]
    fn an_unknown_day_is_one() {
        let entry = entry(b"\x08L898902C\x0669<<<<\x06940623");
        assert_eq!(information(&entry).as_deref(), Some("L898902C<369<<<<99406236"));
    }

    #[test]
    fn anything_else_is_no_key() {
        for fields in [
            &b""[..],
            b"\x08L898902C\x06690806",
            b"\x08L898902C\x06690806\x06940623x",
            b"\x08L898902C\x06691306\x06940623",
            b"\x08L898902C\x0669080\x07940623",
            b"\x00\x06690806\x06940623",
            b"\x02\xd9\xa1\x06690806\x06940623",
            b"\xffL898902C",
        ] {
            assert_eq!(entry(fields).key(), None, "{fields:?}");
        }
    }
}
