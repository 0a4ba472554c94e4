//! Fields at fixed offsets.

use std::fmt;

use crate::error::{CardError, Misbehaviour};

/// A file that is long enough for its fields.
#[derive(Clone, Copy)]
pub(super) struct Record<'a> {
    content: &'a [u8],
}

impl<'a> Record<'a> {
    /// Checks the length once; more bytes than needed are filler.
    pub(super) fn new(content: &'a [u8], size: usize) -> Result<Self, CardError> {
        match content.get(..size) {
            Some(content) => Ok(Self { content }),
            None => Err(Misbehaviour::ShortFile { read: content.len(), promised: size }.into()),
        }
    }

    pub(super) fn bytes(self, offset: usize, length: usize) -> &'a [u8] {
        self.content.get(offset..offset.saturating_add(length)).unwrap_or_default()
    }

    /// UTF-8 up to the filler; what is no UTF-8 is shown as such (U+FFFD), a letter cut at the field's end is left out.
    /// Control characters would reorder or hide what is shown, and no name has them.
    pub(super) fn text(self, offset: usize, length: usize) -> String {
        let field = self.bytes(offset, length);
        let field = field.split(|byte| matches!(byte, 0x00 | 0xFF)).next().unwrap_or_default();
        let whole = match std::str::from_utf8(field) {
            Err(error) if error.error_len().is_none() => field.get(..error.valid_up_to()).unwrap_or(field),
            _ => field,
        };
        let text = String::from_utf8_lossy(whole);
        let shown: String = text.chars().filter(|c| !c.is_control() && !is_format(*c)).collect();
        shown.trim().to_owned()
    }

    pub(super) fn date(self, offset: usize) -> Option<Date> {
        Date::parse(self.bytes(offset, 8))
    }
}

/// Bidirectional controls and their like.
const fn is_format(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// A day of the calendar, as the card has it (`YYYYMMDD`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    /// Year.
    pub year: u16,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day, 1 to 31.
    pub day: u8,
}

impl fmt::Debug for Date {
    /// Without the day: it may be a day of birth.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Date(…)")
    }
}

impl Date {
    fn parse(field: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(field).ok().filter(|text| text.bytes().all(|b| b.is_ascii_digit()))?;
        let date = Self {
            year: text.get(..4)?.parse().ok()?,
            month: text.get(4..6)?.parse().ok()?,
            day: text.get(6..8)?.parse().ok()?,
        };
        ((1..=12).contains(&date.month) && (1..=31).contains(&date.day)).then_some(date)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_ends_at_the_filler_and_never_inside_a_letter() {
        let record = |content: &'static [u8]| Record::new(content, content.len()).unwrap();
        assert_eq!(record(b"AMINA   \0\0junk").text(0, 14), "AMINA");
        let arabic = "أمينة".as_bytes();
        assert_eq!(record(arabic).text(0, arabic.len()), "أمينة");
        assert_eq!(record(arabic).text(0, 9), "أمين");
        assert_eq!(record(b"A\xC3\x28B").text(0, 4), "A\u{FFFD}(B");
        assert_eq!(record("A\u{202E}B\u{7}".as_bytes()).text(0, 6), "AB");
        assert!(Record::new(b"short", 6).is_err());
    }

    #[test]
    fn a_date_is_eight_digits_that_can_be_one() {
        let date = Date::parse(b"19900102").unwrap();
        assert_eq!((date.year, date.month, date.day), (1990, 1, 2));
        for wrong in [&b"19901302"[..], b"19900100", b"1990010", b"+9900101", b"\0\0\0\0\0\0\0\0"] {
            assert!(Date::parse(wrong).is_none());
        }
    }
}
