//! Values of one entry, with errors that name the file and the element.

use crate::{
    error::{CardError, Misbehaviour},
    tlv::{Tag, TlvReader},
};

pub(super) const BOOLEAN: Tag = Tag(0x01);
pub(super) const INTEGER: Tag = Tag(0x02);
pub(super) const BIT_STRING: Tag = Tag(0x03);
pub(super) const OCTET_STRING: Tag = Tag(0x04);
pub(super) const OBJECT_IDENTIFIER: Tag = Tag(0x06);
pub(super) const SEQUENCE: Tag = Tag(0x30);

/// The fields of a SEQUENCE.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a> {
    what: &'static str,
    reader: TlvReader<'a>,
}

impl<'a> Fields<'a> {
    pub(super) const fn new(what: &'static str, reader: TlvReader<'a>) -> Self {
        Self { what, reader }
    }

    /// The misbehaviour of an element that is missing or makes no sense.
    pub(super) fn fault(&self, element: &'static str) -> CardError {
        Misbehaviour::Element { what: self.what, element }.into()
    }

    /// The next value, which must have this tag.
    pub(super) fn expect(&mut self, tag: Tag, element: &'static str) -> Result<&'a [u8], CardError> {
        self.take(tag)?.ok_or_else(|| self.fault(element))
    }

    /// The next value if it has this tag.
    pub(super) fn take(&mut self, tag: Tag) -> Result<Option<&'a [u8]>, CardError> {
        let what = self.what;
        let tlv = self.reader.take_if(tag).map_err(|error| Misbehaviour::Tlv { what, error })?;
        Ok(tlv.map(|tlv| tlv.value))
    }

    /// The fields of the SEQUENCE that must be next.
    pub(super) fn sequence(&mut self, element: &'static str) -> Result<Self, CardError> {
        self.take_sequence(SEQUENCE)?.ok_or_else(|| self.fault(element))
    }

    /// The fields of the next value if it has this tag.
    pub(super) fn take_sequence(&mut self, tag: Tag) -> Result<Option<Self>, CardError> {
        Ok(self.take(tag)?.map(|value| Self::new(self.what, TlvReader::new(value))))
    }

    /// A small number that must be next.
    pub(super) fn number(&mut self, element: &'static str) -> Result<u32, CardError> {
        self.take_number(element)?.ok_or_else(|| self.fault(element))
    }

    /// A small number, if one is next. Numbers are never negative here; a chip that left out the leading zero is understood.
    pub(super) fn take_number(&mut self, element: &'static str) -> Result<Option<u32>, CardError> {
        let Some(bytes) = self.take(INTEGER)? else { return Ok(None) };
        let digits = bytes
            .iter()
            .position(|byte| *byte != 0)
            .map_or(&[][..], |at| bytes.get(at..).unwrap_or_default());
        if bytes.is_empty() || digits.len() > 4 {
            return Err(self.fault(element));
        }
        Ok(Some(digits.iter().fold(0, |number, byte| number << 8 | u32::from(*byte))))
    }

    /// A truth value that must be next.
    pub(super) fn boolean(&mut self, element: &'static str) -> Result<bool, CardError> {
        match self.expect(BOOLEAN, element)? {
            [value] => Ok(*value != 0),
            _ => Err(self.fault(element)),
        }
    }
}
