//! `Time` of certificates and revocation lists (RFC 5280 section 4.1.2.5), and of signed attributes.

use bitaqa_card::tlv::{Tag, Tlv};
use der::DateTime;

use super::fields::FormatError;

const UTC_TIME: Tag = Tag(0x17);
const GENERALIZED_TIME: Tag = Tag(0x18);

/// Whether a field is a time.
pub(super) fn is_time(field: &Tlv<'_>) -> bool {
    matches!(field.tag, UTC_TIME | GENERALIZED_TIME)
}

/// A time in UTC. Seconds may be left out, and `GeneralizedTime` stand where RFC 5280 wants `UTCTime`: issuers do both.
pub(super) fn time(field: &Tlv<'_>, element: &'static str) -> Result<DateTime, FormatError> {
    parsed(field).ok_or_else(|| FormatError::value(element))
}

fn parsed(field: &Tlv<'_>) -> Option<DateTime> {
    let digits = field.value.strip_suffix(b"Z")?;
    let (year, rest) = match field.tag {
        UTC_TIME => {
            let (year, rest) = digits.split_at_checked(2)?;
            // RFC 5280 section 4.1.2.5.1
            let year = number(year)?;
            (if year < 50 { 2000 + year } else { 1900 + year }, rest)
        }
        GENERALIZED_TIME => {
            let (year, rest) = digits.split_at_checked(4)?;
            (number(year)?, rest)
        }
        _ => return None,
    };
    let mut parts = rest.chunks(2).map(|pair| match pair {
        [_, _] => number(pair).and_then(|value| u8::try_from(value).ok()),
        _ => None,
    });
    let mut part = || parts.next().flatten();
    let (month, day, hour, minute) = (part()?, part()?, part()?, part()?);
    let second = match rest.len() {
        8 => 0,
        10 => part()?,
        _ => return None,
    };
    DateTime::new(year, month, day, hour, minute, second).ok()
}

fn number(digits: &[u8]) -> Option<u16> {
    digits.iter().try_fold(0_u16, |number, digit| {
        digit.is_ascii_digit().then(|| number * 10 + u16::from(digit - b'0'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(tag: u32, text: &str) -> Option<String> {
        let field = Tlv { tag: Tag(tag), value: text.as_bytes(), encoded: &[] };
        time(&field, "notBefore").ok().map(|time| time.to_string())
    }

    #[test]
    fn both_forms_are_read_with_and_without_seconds() {
        for (tag, text, time) in [
            (0x17, "070919000000Z", "2007-09-19T00:00:00Z"),
            (0x17, "0709190102Z", "2007-09-19T01:02:00Z"),
            (0x17, "491231235959Z", "2049-12-31T23:59:59Z"),
            (0x17, "700101000000Z", "1970-01-01T00:00:00Z"),
            (0x18, "20070919010203Z", "2007-09-19T01:02:03Z"),
            (0x18, "20500101000000Z", "2050-01-01T00:00:00Z"),
        ] {
            assert_eq!(read(tag, text).as_deref(), Some(time));
        }
    }

    #[test]
    fn what_is_no_moment_is_none() {
        for (tag, text) in [
            (0x17, "070919000000"),
            (0x17, "070919000000+0100"),
            (0x17, "071319000000Z"),
            (0x17, "0709190000000Z"),
            (0x17, "07091900000 Z"),
            (0x17, ""),
            (0x18, "2007091901020Z"),
            (0x18, "20070919010203.5Z"),
            (0x0C, "070919000000Z"),
        ] {
            assert_eq!(read(tag, text), None, "{text}");
        }
    }
}
