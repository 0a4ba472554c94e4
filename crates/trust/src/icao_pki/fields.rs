//! Fields of ASN.1 structures, one after the other, as BER-TLV of definite length.

use bitaqa_card::tlv::{Tag, Tlv, TlvError, TlvReader};

pub(crate) const BOOLEAN: Tag = Tag(0x01);
pub(crate) const INTEGER: Tag = Tag(0x02);
pub(crate) const BIT_STRING: Tag = Tag(0x03);
pub(crate) const OCTET_STRING: Tag = Tag(0x04);
pub(crate) const OBJECT_IDENTIFIER: Tag = Tag(0x06);
pub(crate) const ENUMERATED: Tag = Tag(0x0A);
pub(crate) const SEQUENCE: Tag = Tag(0x30);
pub(crate) const SET: Tag = Tag(0x31);

/// Where bytes are not the structure they should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{element}: {}", .fault.map_or_else(|| "not as the standard has it".to_owned(), |fault| fault.to_string()))]
pub struct FormatError {
    /// The element, by its name in the standard.
    pub element: &'static str,
    /// What is wrong with its encoding, and at which byte of the structure around it; `None` where the encoding is sound and
    /// the value is not.
    pub fault: Option<TlvError>,
}

impl FormatError {
    /// A value that the standard does not have.
    pub(crate) const fn value(element: &'static str) -> Self {
        Self { element, fault: None }
    }

    pub(crate) fn encoding(element: &'static str) -> impl Fn(TlvError) -> Self {
        move |fault| Self { element, fault: Some(fault) }
    }
}

/// Reads one field after the other.
#[derive(Clone, Copy)]
pub(crate) struct Fields<'a>(TlvReader<'a>);

impl<'a> Fields<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self(TlvReader::new(bytes))
    }

    /// What is inside the one object that these bytes are.
    pub(crate) fn of_object(bytes: &'a [u8], tag: Tag, element: &'static str) -> Result<Self, FormatError> {
        let mut outer = Self::new(bytes);
        let inner = outer.inside(tag, element)?;
        outer.end(element)?;
        Ok(inner)
    }

    /// The next field, whatever it is.
    pub(crate) fn next(&mut self, element: &'static str) -> Result<Option<Tlv<'a>>, FormatError> {
        self.0.read().map_err(FormatError::encoding(element))
    }

    /// The next field, of this tag.
    pub(crate) fn expect(&mut self, tag: Tag, element: &'static str) -> Result<Tlv<'a>, FormatError> {
        self.0.expect(tag).map_err(FormatError::encoding(element))
    }

    /// The next field if it has this tag.
    pub(crate) fn take(&mut self, tag: Tag, element: &'static str) -> Result<Option<Tlv<'a>>, FormatError> {
        self.0.take_if(tag).map_err(FormatError::encoding(element))
    }

    /// What is inside the next field, of this tag.
    pub(crate) fn inside(&mut self, tag: Tag, element: &'static str) -> Result<Self, FormatError> {
        self.expect(tag, element).map(|object| Self(object.children()))
    }

    /// Nothing may follow.
    pub(crate) fn end(&self, element: &'static str) -> Result<(), FormatError> {
        self.0.end().map_err(FormatError::encoding(element))
    }
}

/// An unsigned number without the zeros that lead it, for comparison: issuers differ in how they write serial numbers.
pub(crate) fn without_leading_zeros(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.get(zeros..).unwrap_or_default()
}

/// The octets of a `BIT STRING` that has whole octets.
pub(crate) fn whole_octets<'a>(bits: &Tlv<'a>, element: &'static str) -> Result<&'a [u8], FormatError> {
    match bits.value.split_first() {
        Some((0, octets)) => Ok(octets),
        _ => Err(FormatError::value(element)),
    }
}

/// Object identifier as dotted numbers, for people.
pub(crate) fn dotted(content: &[u8]) -> String {
    der::asn1::ObjectIdentifier::from_bytes(content).map_or_else(|_| "?".to_owned(), |oid| oid.to_string())
}
