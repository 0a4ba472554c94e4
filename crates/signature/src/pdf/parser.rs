//! Objects as they are written (ISO 32000-1 section 7.2 and 7.3). The parser works on a window of the file; it notes when it
//! looked beyond the window's end, since then a larger window may hold another answer.

use std::ops::Range;

use super::{Dictionary, Object, PdfError, Reference, strings::hex};

/// Deepest nesting of direct objects.
const MAX_DEPTH: usize = 48;
/// Most values inside one object.
const MAX_VALUES: usize = 500_000;

/// What stands at a position.
#[derive(Debug)]
pub struct Parser<'a> {
    bytes: &'a [u8],
    position: usize,
    base: u64,
    values: usize,
    /// Whether it looked beyond the end.
    pub reached_end: bool,
    watched: Option<(&'static [u8], Option<Range<u64>>)>,
}

pub(super) const fn is_white(byte: u8) -> bool {
    matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)
}

const fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

impl<'a> Parser<'a> {
    /// A parser of bytes that begin at `base` of the file.
    #[must_use]
    pub const fn new(bytes: &'a [u8], base: u64) -> Self {
        Self { bytes, position: 0, base, values: 0, reached_end: false, watched: None }
    }

    /// Notes where the value of this key of the outermost dictionary stands.
    pub const fn watch(&mut self, key: &'static [u8]) {
        self.watched = Some((key, None));
    }

    /// Where the value of the watched key stands in the file.
    #[must_use]
    pub fn watched(&self) -> Option<Range<u64>> {
        self.watched.as_ref().and_then(|(_, range)| range.clone())
    }

    /// Position in the file.
    #[must_use]
    pub const fn offset(&self) -> u64 {
        self.base + self.position as u64
    }

    pub(super) fn fault(&self, what: &'static str) -> PdfError {
        PdfError::Syntax { offset: self.offset(), what }
    }

    pub(super) fn peek(&mut self) -> Option<u8> {
        self.peek_at(0)
    }

    /// Passes the byte that was looked at.
    pub(super) const fn advance(&mut self) {
        self.position += 1;
    }

    fn peek_at(&mut self, ahead: usize) -> Option<u8> {
        let byte = self.bytes.get(self.position + ahead).copied();
        self.reached_end |= byte.is_none();
        byte
    }

    /// What is left of the window.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.position..).unwrap_or_default()
    }

    /// Passes bytes of the rest.
    pub(super) const fn pass(&mut self, bytes: usize) {
        self.position += bytes;
    }

    pub(super) fn take(&mut self) -> Result<u8, PdfError> {
        let byte = self.peek().ok_or_else(|| self.fault("it ends too early"))?;
        self.position += 1;
        Ok(byte)
    }

    /// Passes white space and comments.
    pub fn skip_white(&mut self) {
        while let Some(byte) = self.peek() {
            if byte == b'%' {
                while self.peek().is_some_and(|byte| !matches!(byte, b'\r' | b'\n')) {
                    self.position += 1;
                }
            } else if is_white(byte) {
                self.position += 1;
            } else {
                return;
            }
        }
    }

    /// Passes a keyword if it is next, after white space.
    pub fn keyword(&mut self, word: &[u8]) -> bool {
        self.skip_white();
        for (index, expected) in word.iter().enumerate() {
            if self.peek_at(index) != Some(*expected) {
                return false;
            }
        }
        let ends = self.peek_at(word.len()).is_none_or(|byte| is_white(byte) || is_delimiter(byte));
        if ends {
            self.position += word.len();
        }
        ends
    }

    /// A whole number that is not negative.
    ///
    /// # Errors
    /// [`PdfError::Syntax`].
    pub fn unsigned(&mut self) -> Result<u64, PdfError> {
        self.skip_white();
        let mut value: u64 = 0;
        let mut digits = 0;
        while let Some(byte @ b'0'..=b'9') = self.peek() {
            let grown = value.checked_mul(10).and_then(|tens| tens.checked_add(u64::from(byte - b'0')));
            value = grown.ok_or_else(|| self.fault("a number is too large"))?;
            digits += 1;
            self.position += 1;
        }
        let ends = self.peek().is_none_or(|byte| is_white(byte) || is_delimiter(byte));
        if digits > 0 && ends { Ok(value) } else { Err(self.fault("a number is missing")) }
    }

    /// `n g obj`.
    ///
    /// # Errors
    /// [`PdfError::Syntax`].
    pub fn object_header(&mut self) -> Result<Reference, PdfError> {
        let number = u32::try_from(self.unsigned()?).map_err(|_| self.fault("an object number"))?;
        let generation = u16::try_from(self.unsigned()?).map_err(|_| self.fault("a generation number"))?;
        if self.keyword(b"obj") {
            Ok(Reference { number, generation })
        } else {
            Err(self.fault("no object begins here"))
        }
    }

    /// After a dictionary: passes `stream` and its line end, if that is next.
    ///
    /// # Errors
    /// [`PdfError::Syntax`]: the line does not end as it must.
    pub fn stream_begins(&mut self) -> Result<bool, PdfError> {
        if !self.keyword(b"stream") {
            return Ok(false);
        }
        match self.take()? {
            b'\n' => Ok(true),
            b'\r' if self.peek() == Some(b'\n') => {
                self.position += 1;
                Ok(true)
            }
            _ => Err(self.fault("a stream does not begin on a line of its own")),
        }
    }

    /// The next object.
    ///
    /// # Errors
    /// [`PdfError::Syntax`], [`PdfError::Limit`].
    pub fn object(&mut self) -> Result<Object, PdfError> {
        self.value(0)
    }

    fn value(&mut self, depth: usize) -> Result<Object, PdfError> {
        self.values += 1;
        if depth > MAX_DEPTH {
            return Err(PdfError::Limit("nesting of objects"));
        }
        if self.values > MAX_VALUES {
            return Err(PdfError::Limit("values in one object"));
        }
        self.skip_white();
        let Some(first) = self.peek() else { return Err(self.fault("an object is missing")) };
        match first {
            b'/' => Ok(Object::Name(self.name()?)),
            b'(' => self.literal_string(),
            b'[' => {
                self.position += 1;
                self.array(depth)
            }
            b'<' if self.peek_at(1) == Some(b'<') => {
                self.position += 2;
                self.dictionary(depth)
            }
            b'<' => self.hexadecimal_string(),
            b'+' | b'-' | b'.' | b'0'..=b'9' => self.number(),
            _ => {
                for (word, object) in [
                    (&b"null"[..], Object::Null),
                    (b"true", Object::Boolean(true)),
                    (b"false", Object::Boolean(false)),
                ] {
                    if self.keyword(word) {
                        return Ok(object);
                    }
                }
                Err(self.fault("not an object"))
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Object, PdfError> {
        let mut elements = Vec::new();
        loop {
            self.skip_white();
            if self.peek() == Some(b']') {
                self.position += 1;
                return Ok(Object::Array(elements));
            }
            elements.push(self.value(depth + 1)?);
        }
    }

    fn dictionary(&mut self, depth: usize) -> Result<Object, PdfError> {
        let mut dictionary = Dictionary::new();
        loop {
            self.skip_white();
            if self.peek() == Some(b'>') && self.peek_at(1) == Some(b'>') {
                self.position += 2;
                return Ok(Object::Dictionary(dictionary));
            }
            let key = self.name()?;
            self.skip_white();
            let start = self.offset();
            let value = self.value(depth + 1)?;
            let end = self.offset();
            if depth == 0 && self.watched.as_ref().is_some_and(|(watched, _)| **watched == *key) {
                self.watched = self.watched.take().map(|(watched, _)| (watched, Some(start..end)));
            }
            // Programs differ in which of two values they take.
            if dictionary.insert(key, value) {
                return Err(self.fault("a dictionary has a key twice"));
            }
        }
    }

    fn name(&mut self) -> Result<Vec<u8>, PdfError> {
        if self.take()? != b'/' {
            return Err(self.fault("a name is missing"));
        }
        let mut name = Vec::new();
        while let Some(byte) = self.peek() {
            if is_white(byte) || is_delimiter(byte) {
                break;
            }
            self.position += 1;
            if byte == b'#'
                && let (Some(high), Some(low)) = (self.peek().and_then(hex), self.peek_at(1).and_then(hex))
            {
                self.position += 2;
                name.push(high << 4 | low);
            } else {
                name.push(byte);
            }
        }
        Ok(name)
    }

    /// A number, or the reference that begins with it.
    fn number(&mut self) -> Result<Object, PdfError> {
        let start = self.position;
        while self.peek().is_some_and(|byte| !is_white(byte) && !is_delimiter(byte)) {
            self.position += 1;
        }
        let text = self.bytes.get(start..self.position).unwrap_or_default();
        let text = std::str::from_utf8(text).map_err(|_| self.fault("not a number"))?;
        if let Ok(value) = text.parse::<i64>() {
            return Ok(self.reference_after(value).unwrap_or(Object::Integer(value)));
        }
        let digits = text.trim_start_matches(['+', '-']);
        let well_formed = digits.bytes().all(|byte| byte == b'.' || byte.is_ascii_digit())
            && digits.bytes().filter(|byte| *byte == b'.').count() == 1
            && digits.len() > 1
            && text.len() - digits.len() <= 1;
        if well_formed { Ok(Object::Real(text.to_owned())) } else { Err(self.fault("not a number")) }
    }

    fn reference_after(&mut self, number: i64) -> Option<Object> {
        let number = u32::try_from(number).ok()?;
        let start = self.position;
        let generation = self.unsigned().ok().and_then(|value| u16::try_from(value).ok());
        if let Some(generation) = generation
            && self.keyword(b"R")
        {
            return Some(Object::Reference(Reference { number, generation }));
        }
        self.position = start;
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &[u8]) -> Result<Object, PdfError> {
        Parser::new(text, 0).object()
    }

    #[test]
    fn objects_of_the_standard_are_read() {
        assert_eq!(parse(b"/A#42").unwrap(), Object::name("AB"));
        assert_eq!(parse(b"(a\\(\\051(b)\\\nc\\7)").unwrap(), Object::String(b"a()(b)c\x07".to_vec()));
        assert_eq!(parse(b"<48 656C6>").unwrap(), Object::String(b"Hel`".to_vec()));
        assert_eq!(parse(b"-.5 ").unwrap(), Object::Real("-.5".to_owned()));
        let array = parse(b"[1 2 3 0 R%x\n4]").unwrap();
        let third = Object::Reference(Reference { number: 3, generation: 0 });
        assert_eq!(array, Object::Array(vec![1.into(), 2.into(), third, 4.into()]));
    }

    #[test]
    fn what_is_malformed_or_ambiguous_is_refused() {
        for text in
            [&b"<<"[..], b"<</A 1/A 2>>", b"[1", b"(a", b"<4G>", b"--1", b"1.2.3", b"nul", b"<</A>>", b"}"]
        {
            assert!(parse(text).is_err(), "{}", String::from_utf8_lossy(text));
        }
        assert_eq!(parse(&b"[".repeat(100)), Err(PdfError::Limit("nesting of objects")));
    }
}
