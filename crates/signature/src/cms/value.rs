//! Identifiers, times and strings in elements.

use bitaqa_trust::{DateTime, ObjectIdentifier};
use der::Decode;
use spki::AlgorithmIdentifierOwned;

use super::{CmsError, Element, element::tag, writer};

/// Longest text that is read, in bytes.
pub const MAX_TEXT: usize = 4096;

/// OBJECT IDENTIFIER.
///
/// # Errors
/// [`CmsError`].
pub fn object_identifier(element: &Element<'_>) -> Result<ObjectIdentifier, CmsError> {
    let element = element.expect(tag::OBJECT_IDENTIFIER, "an object identifier is missing")?;
    ObjectIdentifier::from_bytes(element.content()).map_err(|_| CmsError::Value("an object identifier"))
}

/// Identifier of an `AlgorithmIdentifier`.
///
/// # Errors
/// [`CmsError`].
pub fn algorithm_oid(element: &Element<'_>) -> Result<ObjectIdentifier, CmsError> {
    object_identifier(&element.reader()?.element()?)
}

/// `AlgorithmIdentifier`.
///
/// # Errors
/// [`CmsError`].
pub fn algorithm(element: &Element<'_>) -> Result<AlgorithmIdentifierOwned, CmsError> {
    AlgorithmIdentifierOwned::from_der(&element.to_der()?)
        .map_err(|_| CmsError::Value("an algorithm identifier"))
}

/// A small non-negative INTEGER.
///
/// # Errors
/// [`CmsError`].
pub fn small_integer(element: &Element<'_>) -> Result<u32, CmsError> {
    let content = element.expect(tag::INTEGER, "an integer is missing")?.content();
    match content {
        [first, ..] if content.len() <= 4 && first & 0x80 == 0 => {
            Ok(content.iter().fold(0, |number, octet| number << 8 | u32::from(*octet)))
        }
        _ => Err(CmsError::Value("an integer")),
    }
}

/// UTCTime or GeneralizedTime in the form of DER: to the second and in UTC. A fraction of a second is left out.
///
/// # Errors
/// [`CmsError::Value`].
pub fn time(element: &Element<'_>) -> Result<DateTime, CmsError> {
    const FAULT: CmsError = CmsError::Value("a time");
    let text = std::str::from_utf8(element.content()).map_err(|_| FAULT)?;
    let text = text.strip_suffix('Z').ok_or(FAULT)?;
    let (year_digits, text) = match element.tag() {
        tag::UTC_TIME => (2, text),
        tag::GENERALIZED_TIME => match text.split_once('.') {
            Some((whole, fraction)) if !fraction.is_empty() && is_digits(fraction) => (4, whole),
            Some(_) => return Err(FAULT),
            None => (4, text),
        },
        _ => return Err(FAULT),
    };
    if !is_digits(text) || text.len() != year_digits + 10 {
        return Err(FAULT);
    }
    let number = |from: usize, digits: usize| {
        text.get(from..from + digits).and_then(|digits| digits.parse::<u16>().ok()).ok_or(FAULT)
    };
    let pair = |position: usize| {
        number(year_digits + 2 * position, 2).and_then(|number| u8::try_from(number).map_err(|_| FAULT))
    };
    let year = match number(0, year_digits)? {
        // X.509: the years of UTCTime are those from 1950 to 2049
        short @ 0..50 if year_digits == 2 => 2000 + short,
        short if year_digits == 2 => 1900 + short,
        year => year,
    };
    DateTime::new(year, pair(0)?, pair(1)?, pair(2)?, pair(3)?, pair(4)?).map_err(|_| FAULT)
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `Time` of CMS (RFC 5652 section 11.3): UTCTime until 2049, GeneralizedTime later.
#[must_use]
pub fn encode_time(time: DateTime) -> Vec<u8> {
    let rest = format!(
        "{:02}{:02}{:02}{:02}{:02}Z",
        time.month(),
        time.day(),
        time.hour(),
        time.minutes(),
        time.seconds()
    );
    if (1950..2050).contains(&time.year()) {
        writer::element(tag::UTC_TIME, format!("{:02}{rest}", time.year() % 100).as_bytes())
    } else {
        writer::element(tag::GENERALIZED_TIME, format!("{:04}{rest}", time.year()).as_bytes())
    }
}

/// Text of any of the string types that attributes have; TeletexString is read as Latin-1, as everybody writes it.
///
/// # Errors
/// [`CmsError`]: too long, or not text of its type.
pub fn text(element: &Element<'_>) -> Result<String, CmsError> {
    const FAULT: CmsError = CmsError::Value("a text");
    let content = element.content();
    if content.len() > MAX_TEXT {
        return Err(CmsError::TooMany("bytes of text"));
    }
    match element.tag() {
        tag::UTF8_STRING => String::from_utf8(content.to_vec()).map_err(|_| FAULT),
        tag::PRINTABLE_STRING | tag::IA5_STRING if content.is_ascii() => {
            Ok(content.iter().copied().map(char::from).collect())
        }
        tag::TELETEX_STRING => Ok(content.iter().copied().map(char::from).collect()),
        tag::BMP_STRING if content.len().is_multiple_of(2) => {
            let (pairs, _) = content.as_chunks::<2>();
            String::from_utf16(&pairs.iter().map(|pair| u16::from_be_bytes(*pair)).collect::<Vec<_>>())
                .map_err(|_| FAULT)
        }
        _ => Err(FAULT),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_they_are_written() {
        for time in [(1970, 1), (2026, 11), (2049, 12), (2050, 1), (2399, 2)] {
            let time = DateTime::new(time.0, time.1, 26, 12, 30, 59).unwrap();
            let written = encode_time(time);
            assert_eq!(self::time(&Element::parse(&written).unwrap()), Ok(time));
        }
        for wrong in ["2611261230Z", "261126123059+0100", "261326123059Z", "2611261230ä", "261126123059.1Z"]
        {
            let written = writer::element(tag::UTC_TIME, wrong.as_bytes());
            assert!(time(&Element::parse(&written).unwrap()).is_err(), "{wrong}");
        }
        let fraction = writer::element(tag::GENERALIZED_TIME, b"20261126123059.123Z");
        assert!(time(&Element::parse(&fraction).unwrap()).is_ok());
    }
}
