//! Strings as they are written (ISO 32000-1 section 7.3.4).

use super::{
    Object, PdfError,
    parser::{Parser, is_white},
};

/// The bytes of a string of nothing but pairs of digits, which every program writes for a signature: tens of thousands of digits,
/// calculated many at once, since there is no branch for any of them.
pub(crate) fn pairs_of_digits(digits: &[u8]) -> Option<Vec<u8>> {
    const NONE: u8 = 0xff;
    let value = |digit: u8| {
        let (number, letter) = (digit.wrapping_sub(b'0'), (digit | 0x20).wrapping_sub(b'a'));
        let letter = if letter < 6 { letter.wrapping_add(10) } else { NONE };
        if number < 10 { number } else { letter }
    };
    let (pairs, []) = digits.as_chunks() else { return None };
    let mut bytes = vec![0; pairs.len()];
    let mut seen = 0;
    for (byte, &[high, low]) in bytes.iter_mut().zip(pairs) {
        let (high, low) = (value(high), value(low));
        seen |= high | low;
        *byte = high << 4 | low & 0x0f;
    }
    (seen & 0xf0 == 0).then_some(bytes)
}

impl Parser<'_> {
    pub(super) fn hexadecimal_string(&mut self) -> Result<Object, PdfError> {
        self.advance();
        // a signature is tens of thousands of digits: they are looked at as a slice, not one by one through the parser
        let rest = self.rest();
        let Some(length) = memchr::memchr(b'>', rest) else {
            self.pass(rest.len());
            return self.take().and(Err(self.fault("the string does not end")));
        };
        let digits = rest.get(..length).unwrap_or_default();
        if let Some(bytes) = pairs_of_digits(digits) {
            self.pass(length + 1);
            return Ok(Object::String(bytes));
        }
        let mut bytes = Vec::with_capacity(length / 2 + 1);
        let mut high = None;
        for (place, byte) in digits.iter().enumerate() {
            match (hex(*byte), high.take()) {
                (Some(digit), None) => high = Some(digit),
                (Some(digit), Some(first)) => bytes.push(first << 4 | digit),
                (None, kept) if is_white(*byte) => high = kept,
                (None, _) => {
                    self.pass(place + 1);
                    return Err(self.fault("not a hexadecimal digit"));
                }
            }
        }
        bytes.extend(high.map(|digit: u8| digit << 4));
        self.pass(length + 1);
        Ok(Object::String(bytes))
    }

    pub(super) fn literal_string(&mut self) -> Result<Object, PdfError> {
        self.advance();
        let mut bytes = Vec::new();
        let mut open = 1;
        loop {
            match self.take()? {
                b'(' => {
                    open += 1;
                    bytes.push(b'(');
                }
                b')' => {
                    open -= 1;
                    if open == 0 {
                        return Ok(Object::String(bytes));
                    }
                    bytes.push(b')');
                }
                b'\r' => {
                    if self.peek() == Some(b'\n') {
                        self.advance();
                    }
                    bytes.push(b'\n');
                }
                b'\\' => bytes.extend(self.escape()?),
                other => bytes.push(other),
            }
        }
    }

    fn escape(&mut self) -> Result<Option<u8>, PdfError> {
        Ok(match self.take()? {
            b'n' => Some(b'\n'),
            b'r' => Some(b'\r'),
            b't' => Some(b'\t'),
            b'b' => Some(8),
            b'f' => Some(12),
            b'\n' => None,
            b'\r' => {
                if self.peek() == Some(b'\n') {
                    self.advance();
                }
                None
            }
            digit @ b'0'..=b'7' => {
                let mut value = u32::from(digit - b'0');
                for _ in 0..2 {
                    let Some(next @ b'0'..=b'7') = self.peek() else { break };
                    value = value * 8 + u32::from(next - b'0');
                    self.advance();
                }
                // High-order overflow is ignored (section 7.3.4.2).
                Some(u8::try_from(value & 0xff).unwrap_or_default())
            }
            other => Some(other),
        })
    }
}

/// The value of a hexadecimal digit.
pub(super) const fn hex(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}
