//! Text strings and dates (ISO 32000-1 section 7.9).

use bitaqa_trust::DateTime;

use super::Object;

/// A text string: ASCII as it is, all else in UTF-16BE with its mark. `PDFDocEncoding` beyond ASCII is only read.
#[must_use]
pub fn text_string(text: &str) -> Object {
    if text.bytes().all(|byte| matches!(byte, b'\n' | b'\r' | b'\t' | 0x20..=0x7e)) {
        return Object::String(text.as_bytes().to_vec());
    }
    let units = text.encode_utf16().flat_map(u16::to_be_bytes);
    Object::String([0xfe, 0xff].into_iter().chain(units).collect())
}

/// What a text string says: UTF-16BE or UTF-8 by its mark, else `PDFDocEncoding` (whose bytes above ASCII are read as
/// Latin-1, which most of them are).
#[must_use]
pub fn text(bytes: &[u8]) -> String {
    if let Some(units) = bytes.strip_prefix(&[0xfe, 0xff]) {
        let units = units.chunks(2).map(|pair| match pair {
            [high, low] => u16::from_be_bytes([*high, *low]),
            _ => 0xfffd,
        });
        return char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    }
    if let Some(utf8) = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]) {
        return String::from_utf8_lossy(utf8).into_owned();
    }
    bytes.iter().copied().map(char::from).collect()
}

/// `D:YYYYMMDDHHmmSSZ`.
#[must_use]
pub fn date_string(time: DateTime) -> Object {
    let text = format!(
        "D:{:04}{:02}{:02}{:02}{:02}{:02}Z",
        time.year(),
        time.month(),
        time.day(),
        time.hour(),
        time.minutes(),
        time.seconds()
    );
    Object::String(text.into_bytes())
}

/// The moment of a date string; what is left out counts as the earliest, and no zone as UTC.
#[must_use]
pub fn date(bytes: &[u8]) -> Option<DateTime> {
    let text = text(bytes);
    let text = text.strip_prefix("D:").unwrap_or(&text);
    let digits: String = text.chars().take_while(char::is_ascii_digit).take(14).collect();
    let part = |range: std::ops::Range<usize>, missing: u8| {
        digits.get(range).map_or(Some(missing), |part| part.parse().ok())
    };
    let year: u16 = digits.get(0..4)?.parse().ok()?;
    let local = DateTime::new(
        year,
        part(4..6, 1)?,
        part(6..8, 1)?,
        part(8..10, 0)?,
        part(10..12, 0)?,
        part(12..14, 0)?,
    )
    .ok()?;
    let zone = text.get(digits.len()..)?;
    let number = |range| zone.get(range).and_then(|part: &str| part.parse::<u64>().ok());
    let offset = match zone.bytes().next() {
        None | Some(b'Z') => return Some(local),
        Some(_) => number(1..3)?.checked_mul(3600)? + number(4..6).unwrap_or(0).checked_mul(60)?,
    };
    let seconds = local.unix_duration().as_secs();
    let seconds = match zone.bytes().next() {
        Some(b'+') => seconds.checked_sub(offset)?,
        Some(b'-') => seconds.checked_add(offset)?,
        _ => return None,
    };
    DateTime::from_unix_duration(std::time::Duration::from_secs(seconds)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_read_as_it_is_written() {
        for sample in ["Amina", "أمينة", "Ωμ 😀", "(a\\b)"] {
            assert_eq!(text(text_string(sample).string().unwrap()), sample);
        }
        assert_eq!(text_string("é").string().unwrap(), [0xfe, 0xff, 0, 0xe9]);
    }

    #[test]
    fn dates_are_moments() {
        let noon = DateTime::new(2026, 11, 26, 12, 0, 0).unwrap();
        assert_eq!(date(date_string(noon).string().unwrap()), Some(noon));
        assert_eq!(date(b"D:20261126130000+01'00'"), Some(noon));
        assert_eq!(date(b"D:20261126063000-05'30"), Some(noon));
        assert_eq!(date(b"D:2026"), DateTime::new(2026, 1, 1, 0, 0, 0).ok());
        assert_eq!(date(b"D:20261326"), None);
        assert_eq!(date(b"yesterday"), None);
    }
}
