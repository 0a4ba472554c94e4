//! BER-TLV as cards use it (ISO/IEC 7816-4, section 5.2.2): definite lengths, tags of at most three bytes.
//!
//! A reader over borrowed bytes that copies nothing and cannot run out of bounds. Lengths may be written longer than
//! needed (cards do), but never beyond the bytes there are.

use std::fmt;

/// A BER tag of one to three bytes, kept as its bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tag(pub u32);

impl Tag {
    /// Whether the value is itself a sequence of data objects (bit 6 of the first byte).
    #[must_use]
    pub const fn is_constructed(self) -> bool {
        let [_, b2, b1, b0] = self.0.to_be_bytes();
        let first = if b2 != 0 {
            b2
        } else if b1 != 0 {
            b1
        } else {
            b0
        };
        first & 0x20 != 0
    }

    /// The tag's bytes.
    #[must_use]
    pub fn to_bytes(self) -> Vec<u8> {
        let bytes = self.0.to_be_bytes();
        let leading = bytes.iter().take_while(|byte| **byte == 0).count().min(3);
        bytes.get(leading..).unwrap_or_default().to_vec()
    }
}

impl fmt::Debug for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02X}", self.0)
    }
}

/// One data object.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Tlv<'a> {
    /// Its tag.
    pub tag: Tag,
    /// Its value.
    pub value: &'a [u8],
    /// Tag, length and value as they stand in the source.
    pub encoded: &'a [u8],
}

/// Without the value: it may be somebody's name.
impl fmt::Debug for Tlv<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tlv {:?} of {} bytes", self.tag, self.value.len())
    }
}

impl<'a> Tlv<'a> {
    /// The data objects inside a constructed one.
    #[must_use]
    pub const fn children(&self) -> TlvReader<'a> {
        TlvReader::new(self.value)
    }
}

/// Tag and length of a data object, of which the value may not be there yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// Its tag.
    pub tag: Tag,
    /// Bytes of the value; `None` for BER's indefinite form, which ends with two zeros.
    pub length: Option<usize>,
    /// Bytes of tag and length themselves.
    pub bytes: usize,
}

/// Reads data objects one after the other.
#[derive(Clone, Copy)]
pub struct TlvReader<'a> {
    all: &'a [u8],
    position: usize,
}

/// Without what it reads, as [`Tlv`].
impl fmt::Debug for TlvReader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TlvReader at {} of {} bytes", self.position, self.all.len())
    }
}

impl<'a> TlvReader<'a> {
    /// Over these bytes.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { all: bytes, position: 0 }
    }

    /// The next data object; `None` at the end.
    ///
    /// # Errors
    /// [`TlvError`] with the position of the fault.
    pub fn read(&mut self) -> Result<Option<Tlv<'a>>, TlvError> {
        let start = self.position;
        if start == self.all.len() {
            return Ok(None);
        }
        let tag = self.tag()?;
        let length = self.length()?;
        let value_start = self.position;
        let end = value_start.checked_add(length).ok_or(self.fault(TlvFault::LengthBeyondEnd))?;
        let value = self.all.get(value_start..end).ok_or(self.fault(TlvFault::LengthBeyondEnd))?;
        let encoded = self.all.get(start..end).ok_or(self.fault(TlvFault::LengthBeyondEnd))?;
        self.position = end;
        Ok(Some(Tlv { tag, value, encoded }))
    }

    /// Tag and length of the next data object, which is not read and need not be complete; `None` at the end.
    ///
    /// # Errors
    /// [`TlvError`] with the position of the fault.
    pub fn header(&self) -> Result<Option<Header>, TlvError> {
        let mut ahead = *self;
        if ahead.position == ahead.all.len() {
            return Ok(None);
        }
        let tag = ahead.tag()?;
        let length = ahead.length_or_indefinite()?;
        Ok(Some(Header { tag, length, bytes: ahead.position - self.position }))
    }

    /// The next data object, which must be there and have this tag.
    ///
    /// # Errors
    /// [`TlvError`], also for the end and for another tag.
    pub fn expect(&mut self, tag: Tag) -> Result<Tlv<'a>, TlvError> {
        let before = *self;
        match self.read()? {
            Some(tlv) if tlv.tag == tag => Ok(tlv),
            Some(_) => Err(before.fault(TlvFault::UnexpectedTag)),
            None => Err(before.fault(TlvFault::Missing)),
        }
    }

    /// The next data object if it has this tag; otherwise nothing is read.
    ///
    /// # Errors
    /// [`TlvError`] if there is something that is no data object.
    pub fn take_if(&mut self, tag: Tag) -> Result<Option<Tlv<'a>>, TlvError> {
        let mut ahead = *self;
        match ahead.read()? {
            Some(tlv) if tlv.tag == tag => {
                *self = ahead;
                Ok(Some(tlv))
            }
            _ => Ok(None),
        }
    }

    /// The first of the remaining data objects with this tag.
    ///
    /// # Errors
    /// [`TlvError`] if something before it is no data object.
    pub fn find(mut self, tag: Tag) -> Result<Option<Tlv<'a>>, TlvError> {
        while let Some(tlv) = self.read()? {
            if tlv.tag == tag {
                return Ok(Some(tlv));
            }
        }
        Ok(None)
    }

    /// Checks that nothing is left.
    ///
    /// # Errors
    /// [`TlvFault::Trailing`] with the position of what is left.
    pub fn end(&self) -> Result<(), TlvError> {
        if self.rest().is_empty() { Ok(()) } else { Err(self.fault(TlvFault::Trailing)) }
    }

    /// Bytes not read yet.
    #[must_use]
    pub fn rest(&self) -> &'a [u8] {
        self.all.get(self.position..).unwrap_or_default()
    }

    fn byte(&mut self) -> Result<u8, TlvError> {
        let byte = self.all.get(self.position).copied().ok_or(self.fault(TlvFault::Truncated))?;
        self.position += 1;
        Ok(byte)
    }

    fn tag(&mut self) -> Result<Tag, TlvError> {
        let first = self.byte()?;
        if first == 0x00 || first == 0xFF {
            return Err(self.fault_at(self.position - 1, TlvFault::BadTag));
        }
        let mut tag = u32::from(first);
        if first & 0x1F == 0x1F {
            loop {
                let byte = self.byte()?;
                tag = tag << 8 | u32::from(byte);
                if byte & 0x80 == 0 {
                    break;
                }
                if tag > 0xFFFF {
                    return Err(self.fault(TlvFault::BadTag));
                }
            }
        }
        Ok(Tag(tag))
    }

    fn length(&mut self) -> Result<usize, TlvError> {
        let start = self.position;
        self.length_or_indefinite()?.ok_or(self.fault_at(start, TlvFault::BadLength))
    }

    fn length_or_indefinite(&mut self) -> Result<Option<usize>, TlvError> {
        let first = self.byte()?;
        match first {
            0x00..=0x7F => Ok(Some(usize::from(first))),
            0x80 => Ok(None),
            // more than three bytes describe more than a card holds
            0x81..=0x83 => {
                let mut length = 0;
                for _ in 0..first & 0x7F {
                    length = length << 8 | usize::from(self.byte()?);
                }
                Ok(Some(length))
            }
            _ => Err(self.fault_at(self.position - 1, TlvFault::BadLength)),
        }
    }

    const fn fault(&self, fault: TlvFault) -> TlvError {
        TlvError { fault, position: self.position }
    }

    const fn fault_at(&self, position: usize, fault: TlvFault) -> TlvError {
        TlvError { fault, position }
    }
}

/// Writes tag, length (shortest form) and value.
#[must_use]
pub fn encode(tag: Tag, value: &[u8]) -> Vec<u8> {
    let mut out = encode_header(tag, value.len());
    out.extend_from_slice(value);
    out
}

/// Writes tag and length (shortest form) of a value that follows.
#[must_use]
pub fn encode_header(tag: Tag, length: usize) -> Vec<u8> {
    let mut out = tag.to_bytes();
    let bytes = length.to_be_bytes();
    let significant = bytes.get(bytes.iter().take_while(|byte| **byte == 0).count()..).unwrap_or_default();
    if length < 0x80 {
        out.push(significant.first().copied().unwrap_or(0));
    } else {
        out.push(0x80 | u8::try_from(significant.len()).unwrap_or(0));
        out.extend_from_slice(significant);
    }
    out
}

/// Where and why bytes are not BER-TLV.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{fault} at byte {position}")]
pub struct TlvError {
    /// Why.
    pub fault: TlvFault,
    /// Where, from 0.
    pub position: usize,
}

/// Why bytes are not BER-TLV.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TlvFault {
    /// The bytes end inside tag or length.
    #[error("the bytes end too early")]
    Truncated,
    /// A tag of more than three bytes, or 00 or FF.
    #[error("no tag")]
    BadTag,
    /// Indefinite, or more than three bytes of length.
    #[error("no length")]
    BadLength,
    /// The value would end behind the last byte.
    #[error("a length beyond the end")]
    LengthBeyondEnd,
    /// Another tag than the standard has here.
    #[error("an unexpected tag")]
    UnexpectedTag,
    /// Nothing where something must be.
    #[error("nothing more")]
    Missing,
    /// Data objects in data objects beyond any sense.
    #[error("nested too deep")]
    TooDeep,
    /// Something behind the last data object that the standard has here.
    #[error("something behind the end")]
    Trailing,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nested_objects_with_long_tags_are_found() {
        // EstEID's PIN counter: 70 / BF8101 / A0 / 9B
        let bytes = [0x70, 0x0A, 0xBF, 0x81, 0x01, 0x06, 0xA0, 0x04, 0x9A, 0x00, 0x9B, 0x00];
        let outer = TlvReader::new(&bytes).read().unwrap().unwrap();
        assert!(outer.tag.is_constructed());
        let inner = outer.children().find(Tag(0xBF8101)).unwrap().unwrap();
        assert_eq!(inner.tag.to_bytes(), [0xBF, 0x81, 0x01]);
        assert!(
            inner.children().find(Tag(0xA0)).unwrap().unwrap().children().find(Tag(0x9B)).unwrap().is_some()
        );
    }

    #[test]
    fn faults_are_named_with_their_position() {
        let fault = |bytes: &[u8]| TlvReader::new(bytes).read().unwrap_err();
        assert_eq!(fault(&[0x30]), TlvError { fault: TlvFault::Truncated, position: 1 });
        assert_eq!(fault(&[0x30, 0x80, 0x00, 0x00]), TlvError { fault: TlvFault::BadLength, position: 1 });
        assert_eq!(fault(&[0x30, 0x02, 0x00]), TlvError { fault: TlvFault::LengthBeyondEnd, position: 2 });
        assert_eq!(fault(&[0x00, 0x00]), TlvError { fault: TlvFault::BadTag, position: 0 });
        assert_eq!(fault(&[0x1F, 0x81, 0x82, 0x03, 0x00]), TlvError { fault: TlvFault::BadTag, position: 3 });
        assert_eq!(fault(&[0x30, 0x84, 0, 0, 0, 0]), TlvError { fault: TlvFault::BadLength, position: 1 });
    }

    #[test]
    fn a_header_is_known_before_its_value_is_there() {
        let header = |bytes: &[u8]| TlvReader::new(bytes).header();
        assert_eq!(
            header(&[0x7F, 0x61, 0x82, 0x12, 0x34]).unwrap(),
            Some(Header { tag: Tag(0x7F61), length: Some(0x1234), bytes: 5 })
        );
        assert_eq!(header(&[0x30, 0x80]).unwrap(), Some(Header { tag: Tag(0x30), length: None, bytes: 2 }));
        assert_eq!(header(&[]).unwrap(), None);
        assert_eq!(header(&[0x30, 0x82, 0x12]).unwrap_err().fault, TlvFault::Truncated);
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_read_back(tag in prop_oneof![Just(0x30_u32), Just(0x5F1F), Just(0xBF8101)], value in proptest::collection::vec(any::<u8>(), 0..400)) {
            let bytes = encode(Tag(tag), &value);
            let mut reader = TlvReader::new(&bytes);
            let tlv = reader.read().unwrap().unwrap();
            prop_assert_eq!(tlv.tag, Tag(tag));
            prop_assert_eq!(tlv.value, &value[..]);
            prop_assert_eq!(reader.read().unwrap(), None);
        }

        #[test]
        fn any_bytes_end_in_objects_or_a_fault(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut reader = TlvReader::new(&bytes);
            while let Ok(Some(tlv)) = reader.read() {
                prop_assert!(tlv.encoded.len() >= 2);
            }
        }
    }
}
