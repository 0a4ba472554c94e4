//! Bytes as hexadecimal digits: in profiles and reports.

/// Reads an even number of digits; `None` for anything else.
pub(crate) fn parse(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    digits
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
            _ => None,
        })
        .collect()
}

/// Writes bytes as large digits.
pub(crate) fn write(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        assert_eq!(parse(&write(&[0x00, 0x9F, 0xFF])).unwrap(), [0x00, 0x9F, 0xFF]);
        assert_eq!(parse("a0").unwrap(), [0xA0]);
        for wrong in ["0", "0x", "+1", " 1", "١٢"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
