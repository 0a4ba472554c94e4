//! One element of BER at a time (X.690 clause 8), bounded in depth and linear in cost.

use std::borrow::Cow;

use super::{CmsError, writer};

/// Deepest nesting of indefinite lengths and of strings in pieces.
pub const MAX_DEPTH: usize = 32;

/// Tags of the universal class, with the bit of constructed encoding where it belongs to them.
pub mod tag {
    /// BOOLEAN.
    pub const BOOLEAN: u8 = 0x01;
    /// INTEGER.
    pub const INTEGER: u8 = 0x02;
    /// BIT STRING.
    pub const BIT_STRING: u8 = 0x03;
    /// OCTET STRING.
    pub const OCTET_STRING: u8 = 0x04;
    /// NULL.
    pub const NULL: u8 = 0x05;
    /// OBJECT IDENTIFIER.
    pub const OBJECT_IDENTIFIER: u8 = 0x06;
    /// UTF8String.
    pub const UTF8_STRING: u8 = 0x0c;
    /// PrintableString.
    pub const PRINTABLE_STRING: u8 = 0x13;
    /// TeletexString.
    pub const TELETEX_STRING: u8 = 0x14;
    /// IA5String.
    pub const IA5_STRING: u8 = 0x16;
    /// UTCTime.
    pub const UTC_TIME: u8 = 0x17;
    /// GeneralizedTime.
    pub const GENERALIZED_TIME: u8 = 0x18;
    /// BMPString.
    pub const BMP_STRING: u8 = 0x1e;
    /// SEQUENCE.
    pub const SEQUENCE: u8 = 0x30;
    /// SET.
    pub const SET: u8 = 0x31;
    /// Constructed encoding.
    pub const CONSTRUCTED: u8 = 0x20;

    /// Context-specific, constructed.
    #[must_use]
    pub const fn context(number: u8) -> u8 {
        0xa0 | number
    }

    /// Context-specific, primitive.
    #[must_use]
    pub const fn context_primitive(number: u8) -> u8 {
        0x80 | number
    }
}

/// An element as it stands in a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Element<'a> {
    tag: u8,
    encoded: &'a [u8],
    content: &'a [u8],
}

/// What a tag and length say.
struct Header {
    tag: u8,
    /// Bytes of tag and length.
    bytes: usize,
    /// None if the end is marked instead.
    length: Option<usize>,
}

impl Header {
    fn read(bytes: &[u8]) -> Result<Self, CmsError> {
        let [tag, first, rest @ ..] = bytes else { return Err(CmsError::Truncated) };
        if tag & 0x1f == 0x1f {
            return Err(CmsError::Tag("a tag of more than one byte"));
        }
        let header = |bytes, length| Self { tag: *tag, bytes, length };
        match *first {
            short @ 0..=0x7f => Ok(header(2, Some(usize::from(short)))),
            0x80 if tag & tag::CONSTRUCTED != 0 => Ok(header(2, None)),
            long @ 0x81..=0x88 => {
                let count = usize::from(long & 0x7f);
                let octets = rest.get(..count).ok_or(CmsError::Truncated)?;
                let length = octets.iter().fold(0u64, |length, octet| length << 8 | u64::from(*octet));
                let length = usize::try_from(length).map_err(|_| CmsError::Length)?;
                Ok(header(2 + count, Some(length)))
            }
            _ => Err(CmsError::Length),
        }
    }
}

/// Position of the mark that ends an indefinite length, in the bytes behind its header.
fn end_of_contents(bytes: &[u8]) -> Result<usize, CmsError> {
    let mut open = 1;
    let mut position = 0usize;
    loop {
        let rest = bytes.get(position..).ok_or(CmsError::Truncated)?;
        if rest.starts_with(&[0, 0]) {
            open -= 1;
            if open == 0 {
                return Ok(position);
            }
            position += 2;
            continue;
        }
        let header = Header::read(rest)?;
        position += header.bytes;
        match header.length {
            Some(length) => position = position.checked_add(length).ok_or(CmsError::Length)?,
            None if open == MAX_DEPTH => return Err(CmsError::Depth),
            None => open += 1,
        }
    }
}

impl<'a> Element<'a> {
    /// Reads the first element, and gives what follows it.
    ///
    /// # Errors
    /// [`CmsError`]: cut off, or malformed.
    pub fn read(bytes: &'a [u8]) -> Result<(Self, &'a [u8]), CmsError> {
        let header = Header::read(bytes)?;
        let behind = bytes.get(header.bytes..).ok_or(CmsError::Truncated)?;
        let (length, mark) = match header.length {
            Some(length) => (length, 0),
            None => (end_of_contents(behind)?, 2),
        };
        let content = behind.get(..length).ok_or(CmsError::Truncated)?;
        let (encoded, rest) =
            bytes.split_at_checked(header.bytes + length + mark).ok_or(CmsError::Truncated)?;
        Ok((Self { tag: header.tag, encoded, content }, rest))
    }

    /// Reads an element that is all there is.
    ///
    /// # Errors
    /// [`CmsError`]: cut off, malformed, or followed by something.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, CmsError> {
        let (element, rest) = Self::read(bytes)?;
        if rest.is_empty() { Ok(element) } else { Err(CmsError::Trailing) }
    }

    /// Its tag.
    #[must_use]
    pub const fn tag(&self) -> u8 {
        self.tag
    }

    /// All its bytes, as they were found.
    #[must_use]
    pub const fn encoded(&self) -> &'a [u8] {
        self.encoded
    }

    /// The bytes of its content.
    #[must_use]
    pub const fn content(&self) -> &'a [u8] {
        self.content
    }

    /// The same, if it has this tag.
    ///
    /// # Errors
    /// [`CmsError::Tag`].
    pub fn expect(self, tag: u8, what: &'static str) -> Result<Self, CmsError> {
        if self.tag == tag { Ok(self) } else { Err(CmsError::Tag(what)) }
    }

    /// Reads the elements inside.
    ///
    /// # Errors
    /// [`CmsError::Tag`]: it has none, being primitive.
    pub const fn reader(&self) -> Result<Reader<'a>, CmsError> {
        if self.tag & tag::CONSTRUCTED == 0 {
            return Err(CmsError::Tag("a primitive element instead of a constructed one"));
        }
        Ok(Reader { rest: self.content })
    }

    /// All elements inside, at most `most` of them.
    ///
    /// # Errors
    /// [`CmsError`]: malformed, or too many.
    pub fn children(&self, most: usize, what: &'static str) -> Result<Vec<Self>, CmsError> {
        let mut reader = self.reader()?;
        let mut children = Vec::new();
        while !reader.is_empty() {
            if children.len() == most {
                return Err(CmsError::TooMany(what));
            }
            children.push(reader.element()?);
        }
        Ok(children)
    }

    /// The only element inside.
    ///
    /// # Errors
    /// [`CmsError`]: malformed, none or several.
    pub fn only_child(&self) -> Result<Self, CmsError> {
        let mut reader = self.reader()?;
        let child = reader.element()?;
        reader.finish()?;
        Ok(child)
    }

    /// The octets of an OCTET STRING, whatever its tag is; in pieces it is put together.
    ///
    /// # Errors
    /// [`CmsError`]: a piece that is no string, or too deep.
    pub fn octets(&self) -> Result<Cow<'a, [u8]>, CmsError> {
        if self.tag & tag::CONSTRUCTED == 0 {
            return Ok(Cow::Borrowed(self.content));
        }
        let mut octets = Vec::with_capacity(self.content.len());
        self.append_pieces(&mut octets, 0)?;
        Ok(Cow::Owned(octets))
    }

    fn append_pieces(&self, octets: &mut Vec<u8>, depth: usize) -> Result<(), CmsError> {
        if depth == MAX_DEPTH {
            return Err(CmsError::Depth);
        }
        let mut reader = self.reader()?;
        while !reader.is_empty() {
            let piece = reader.element()?;
            match piece.tag {
                tag::OCTET_STRING => octets.extend_from_slice(piece.content),
                tag if tag == tag::OCTET_STRING | tag::CONSTRUCTED => {
                    piece.append_pieces(octets, depth + 1)?;
                }
                _ => return Err(CmsError::Tag("a piece of an octet string that is none")),
            }
        }
        Ok(())
    }

    /// The same element with definite and shortest lengths and whole octet strings, in DER but for what depends on its type
    /// (the order of sets, default values).
    ///
    /// # Errors
    /// [`CmsError`]: malformed or too deep inside.
    pub fn to_der(&self) -> Result<Vec<u8>, CmsError> {
        self.to_der_at(0)
    }

    fn to_der_at(self, depth: usize) -> Result<Vec<u8>, CmsError> {
        if depth == MAX_DEPTH {
            return Err(CmsError::Depth);
        }
        if self.tag & tag::CONSTRUCTED == 0 {
            return Ok(writer::element(self.tag, self.content));
        }
        if self.tag == tag::OCTET_STRING | tag::CONSTRUCTED {
            return Ok(writer::octet_string(&self.octets()?));
        }
        let mut content = Vec::with_capacity(self.content.len());
        let mut reader = self.reader()?;
        while !reader.is_empty() {
            content.extend(reader.element()?.to_der_at(depth + 1)?);
        }
        Ok(writer::element(self.tag, &content))
    }
}

/// Reads one element after the other.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Whether nothing follows.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next element.
    ///
    /// # Errors
    /// [`CmsError`].
    pub fn element(&mut self) -> Result<Element<'a>, CmsError> {
        let (element, rest) = Element::read(self.rest)?;
        self.rest = rest;
        Ok(element)
    }

    /// The next element, which has this tag.
    ///
    /// # Errors
    /// [`CmsError`].
    pub fn expect(&mut self, tag: u8, what: &'static str) -> Result<Element<'a>, CmsError> {
        self.element()?.expect(tag, what)
    }

    /// The next element, if it has this tag.
    ///
    /// # Errors
    /// [`CmsError`].
    pub fn optional(&mut self, tag: u8) -> Result<Option<Element<'a>>, CmsError> {
        if self.rest.first() == Some(&tag) { self.element().map(Some) } else { Ok(None) }
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// [`CmsError::Trailing`]: something follows.
    pub const fn finish(&self) -> Result<(), CmsError> {
        if self.rest.is_empty() { Ok(()) } else { Err(CmsError::Trailing) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indefinite_lengths_and_pieces_are_read_and_put_together() {
        let ber = [0x24, 0x80, 0x04, 0x02, 1, 2, 0x24, 0x80, 0x04, 0x01, 3, 0, 0, 0, 0, 0xff];
        let (element, rest) = Element::read(&ber).unwrap();
        assert_eq!(rest, [0xff]);
        assert_eq!(*element.octets().unwrap(), [1, 2, 3]);
        assert_eq!(element.to_der().unwrap(), [0x04, 3, 1, 2, 3]);
    }

    #[test]
    fn what_never_ends_or_is_too_deep_is_refused() {
        assert_eq!(Element::read(&[0x30, 0x80, 0x02, 0x01, 1]), Err(CmsError::Truncated));
        assert_eq!(Element::read(&[0x04, 0x80, 0, 0]), Err(CmsError::Length));
        assert_eq!(Element::read(&[0x30, 0x05, 0]), Err(CmsError::Truncated));
        let huge = [0x30, 0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
        assert!(Element::read(&huge).is_err());
        assert_eq!(Element::read(&[0x30, 0x80].repeat(1000)), Err(CmsError::Depth));
    }
}
