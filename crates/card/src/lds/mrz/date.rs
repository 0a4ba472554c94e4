//! Dates of the machine readable zone (ICAO Doc 9303-3).

use std::fmt;

/// YYMMDD, each part of which may be unknown. The century is not in the zone: who knows today's date decides it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct MrzDate([u8; 6]);

impl MrzDate {
    /// From its parts: year within the century, month and day. `None` if they make no date.
    #[must_use]
    pub fn new(year: Option<u8>, month: Option<u8>, day: Option<u8>) -> Option<Self> {
        let mut characters = [b'<'; 6];
        for (part, place) in [year, month, day].into_iter().zip(characters.chunks_mut(2)) {
            if let (Some(part @ 0..=99), [tens, units]) = (part, place) {
                (*tens, *units) = (b'0' + part / 10, b'0' + part % 10);
            } else if part.is_some() {
                return None;
            }
        }
        Self::from_characters(characters).ok()
    }

    /// From the six characters of the zone.
    ///
    /// # Errors
    /// Position (from 0) of the part that makes no date.
    pub(super) fn from_characters(characters: [u8; 6]) -> Result<Self, usize> {
        let date = Self(characters);
        let [y1, y2, m1, m2, d1, d2] = characters;
        for (position, part) in [(0, [y1, y2]), (2, [m1, m2]), (4, [d1, d2])] {
            if part != [b'<'; 2] && !part.iter().all(u8::is_ascii_digit) {
                return Err(position);
            }
        }
        if date.month().is_some_and(|month| month > 12) {
            return Err(2);
        }
        let last = match (date.month(), date.year()) {
            (Some(4 | 6 | 9 | 11), _) => 30,
            // whether 00 was a leap year depends on its century
            (Some(2), Some(year)) if !year.is_multiple_of(4) => 28,
            (Some(2), _) => 29,
            _ => 31,
        };
        if date.day().is_some_and(|day| day > last) { Err(4) } else { Ok(date) }
    }

    /// Year within its century.
    #[must_use]
    pub const fn year(&self) -> Option<u8> {
        let [tens, units, ..] = self.0;
        number(tens, units)
    }

    /// Month, 1 to 12.
    #[must_use]
    pub const fn month(&self) -> Option<u8> {
        let [_, _, tens, units, ..] = self.0;
        known(number(tens, units))
    }

    /// Day, 1 to 31.
    #[must_use]
    pub const fn day(&self) -> Option<u8> {
        let [.., tens, units] = self.0;
        known(number(tens, units))
    }

    /// The six characters of the zone.
    #[must_use]
    pub const fn characters(&self) -> [u8; 6] {
        self.0
    }
}

const fn number(tens: u8, units: u8) -> Option<u8> {
    if tens == b'<' { None } else { Some((tens - b'0') * 10 + (units - b'0')) }
}

/// 00 is how DG11 writes an unknown month or day (9303-10, table of DG11); it is understood here too.
const fn known(part: Option<u8>) -> Option<u8> {
    match part {
        Some(0) => None,
        part => part,
    }
}

/// Dates of birth are personal and open the card: they are not shown.
impl fmt::Debug for MrzDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MrzDate(personal)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_may_be_unknown_each_for_itself() {
        let date = MrzDate::from_characters(*b"74<<12").unwrap();
        assert_eq!((date.year(), date.month(), date.day()), (Some(74), None, Some(12)));
        let date = MrzDate::from_characters(*b"<<<<<<").unwrap();
        assert_eq!((date.year(), date.month(), date.day()), (None, None, None));
        let date = MrzDate::from_characters(*b"010000").unwrap();
        assert_eq!((date.year(), date.month(), date.day()), (Some(1), None, None));
        assert_eq!(date.characters(), *b"010000");
        assert!(MrzDate::new(Some(74), None, Some(12)) == MrzDate::from_characters(*b"74<<12").ok());
    }

    #[test]
    fn what_is_no_date_is_refused_with_its_position() {
        for (characters, position) in [
            (*b"7<0812", 0),
            (*b"741312", 2),
            (*b"74AA12", 2),
            (*b"740432", 4),
            (*b"740431", 4),
            (*b"750229", 4),
            (*b"7408<2", 4),
        ] {
            assert_eq!(MrzDate::from_characters(characters), Err(position));
        }
        assert!(MrzDate::from_characters(*b"000229").is_ok());
        assert!(MrzDate::new(Some(100), Some(1), Some(1)).is_none());
        assert!(MrzDate::new(Some(75), Some(2), Some(29)).is_none());
    }
}
