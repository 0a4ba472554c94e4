//! What all PKCS#15 objects share (ISO/IEC 7816-15, sections 8.1 to 8.3).

use super::ef_dir::trim_filler;
use crate::{
    error::{CardError, Misbehaviour},
    tlv::{Tag, Tlv, TlvError, TlvReader},
};

/// Most objects of one directory that are looked at.
const MAX_OBJECTS: usize = 64;

pub(super) const INTEGER: Tag = Tag(0x02);
pub(super) const BOOLEAN: Tag = Tag(0x01);
pub(super) const BIT_STRING: Tag = Tag(0x03);
pub(super) const OCTET_STRING: Tag = Tag(0x04);
pub(super) const OBJECT_IDENTIFIER: Tag = Tag(0x06);
/// `GeneralizedTime`.
pub(super) const GENERALIZED_TIME: Tag = Tag(0x18);
pub(super) const ENUMERATED: Tag = Tag(0x0A);
pub(super) const UTF8_STRING: Tag = Tag(0x0C);
pub(super) const SEQUENCE: Tag = Tag(0x30);
/// `[0]`, constructed.
pub(super) const CONTEXT_0: Tag = Tag(0xA0);
/// `[1]`, constructed.
pub(super) const CONTEXT_1: Tag = Tag(0xA1);

/// Turns a parser's finding into misbehaviour of the named file.
pub(super) fn tlv_fault(what: &'static str) -> impl Fn(TlvError) -> CardError {
    move |error| Misbehaviour::Tlv { what, error }.into()
}

/// Splits a directory file into its objects.
pub(super) fn objects<'a>(what: &'static str, content: &'a [u8]) -> Result<Vec<Tlv<'a>>, CardError> {
    let mut reader = TlvReader::new(trim_filler(content));
    let mut objects = Vec::new();
    while let Some(object) = reader.read().map_err(tlv_fault(what))? {
        if objects.len() == MAX_OBJECTS {
            return Err(Misbehaviour::Element { what, element: "number of objects" }.into());
        }
        objects.push(object);
    }
    Ok(objects)
}

/// `PKCS15Object`: common attributes, class attributes, type attributes.
pub(super) struct Object<'a> {
    pub(super) common: CommonObjectAttributes,
    pub(super) class: TlvReader<'a>,
    /// Inside `[1]` and its `SEQUENCE`.
    pub(super) type_attributes: TlvReader<'a>,
}

impl<'a> Object<'a> {
    pub(super) fn parse(what: &'static str, object: &Tlv<'a>) -> Result<Self, CardError> {
        let fault = tlv_fault(what);
        let mut fields = object.children();
        let common = CommonObjectAttributes::parse(what, &fields.expect(SEQUENCE).map_err(&fault)?)?;
        let class = fields.expect(SEQUENCE).map_err(&fault)?.children();
        // subclass attributes ([0]) say nothing that is needed here
        fields.take_if(CONTEXT_0).map_err(&fault)?;
        let type_attributes =
            fields.expect(CONTEXT_1).map_err(&fault)?.children().expect(SEQUENCE).map_err(&fault)?.children();
        Ok(Self { common, class, type_attributes })
    }
}

/// `CommonObjectAttributes` (section 8.2).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CommonObjectAttributes {
    /// The card's name for the object.
    pub label: Option<String>,
    /// Names the authentication object that guards this one.
    pub auth_id: Option<Vec<u8>>,
    /// The PIN is needed again after so many uses; 1 means before each.
    pub user_consent: Option<u8>,
}

impl CommonObjectAttributes {
    fn parse(what: &'static str, sequence: &Tlv<'_>) -> Result<Self, CardError> {
        let fault = tlv_fault(what);
        let mut fields = sequence.children();
        let label = fields.take_if(UTF8_STRING).map_err(&fault)?;
        fields.take_if(BIT_STRING).map_err(&fault)?;
        let auth_id = fields.take_if(OCTET_STRING).map_err(&fault)?;
        let user_consent = fields.take_if(INTEGER).map_err(&fault)?;
        Ok(Self {
            label: label.map(|label| text(label.value)),
            auth_id: auth_id.map(|id| id.value.to_vec()),
            user_consent: match user_consent {
                Some(count) => Some(small_integer(what, "userConsent", count.value)?),
                None => None,
            },
        })
    }
}

/// `Path` (section 8.2.5): a file, or a part of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// File identifiers, absolute if they start with 3F00.
    pub identifiers: Vec<u8>,
    /// Offset and length.
    pub part: Option<(usize, usize)>,
}

impl Path {
    /// `None` for an empty path, which some cards write where there is no file.
    pub(super) fn parse_if_any(what: &'static str, sequence: &Tlv<'_>) -> Result<Option<Self>, CardError> {
        let identifiers = sequence.children().take_if(OCTET_STRING).map_err(tlv_fault(what))?;
        match identifiers {
            Some(identifiers) if identifiers.value.is_empty() => Ok(None),
            _ => Self::parse(what, sequence).map(Some),
        }
    }

    pub(super) fn parse(what: &'static str, sequence: &Tlv<'_>) -> Result<Self, CardError> {
        let fault = tlv_fault(what);
        let wrong = || CardError::from(Misbehaviour::Element { what, element: "path" });
        let mut fields = sequence.children();
        let identifiers = fields.expect(OCTET_STRING).map_err(&fault)?.value.to_vec();
        if identifiers.is_empty() || !identifiers.len().is_multiple_of(2) || identifiers.len() > 16 {
            return Err(wrong());
        }
        let index = fields.take_if(INTEGER).map_err(&fault)?;
        let length = fields.take_if(Tag(0x80)).map_err(&fault)?;
        let part = match (index, length) {
            (Some(index), Some(length)) => Some((
                integer(index.value).and_then(|n| usize::try_from(n).ok()).ok_or_else(wrong)?,
                integer(length.value).and_then(|n| usize::try_from(n).ok()).ok_or_else(wrong)?,
            )),
            _ => None,
        };
        Ok(Self { identifiers, part })
    }
}

/// Text as a card has it: UTF-8, or what can be read of it, without filler.
pub(super) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes)
        .trim_end_matches(['\0', ' '])
        .chars()
        .filter(|c| !c.is_control())
        .take(64)
        .collect()
}

/// A non-negative DER integer of at most four bytes; longer ones are not needed here.
pub(super) fn integer(value: &[u8]) -> Option<u32> {
    let significant = value.strip_prefix(&[0]).unwrap_or(value);
    let negative = value.first().is_some_and(|byte| byte & 0x80 != 0);
    if value.is_empty() || negative || significant.len() > 4 {
        return None;
    }
    Some(significant.iter().fold(0, |number, byte| number << 8 | u32::from(*byte)))
}

/// An integer that must fit one byte.
pub(super) fn small_integer(
    what: &'static str,
    element: &'static str,
    value: &[u8],
) -> Result<u8, CardError> {
    integer(value)
        .and_then(|number| u8::try_from(number).ok())
        .ok_or_else(|| Misbehaviour::Element { what, element }.into())
}

/// A key reference: some cards write 0x81 as the one-byte, hence negative, integer 81.
pub(super) fn reference(what: &'static str, element: &'static str, value: &[u8]) -> Result<u8, CardError> {
    match value {
        [byte] => Ok(*byte),
        _ => small_integer(what, element, value),
    }
}

/// Whether bit `number` (from 0, as in the standard) of a `BIT STRING` is set.
pub(super) fn bit(value: &[u8], number: usize) -> bool {
    // the first byte counts the unused bits of the last
    value.get(1 + number / 8).is_some_and(|byte| byte & (0x80 >> (number % 8)) != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_and_bits_are_read_as_der_has_them() {
        assert_eq!(integer(&[0x00, 0x81]), Some(0x81));
        assert_eq!(integer(&[0x7F]), Some(0x7F));
        assert_eq!(integer(&[0x81]), None);
        assert_eq!(integer(&[]), None);
        assert_eq!(integer(&[0, 1, 2, 3, 4]), Some(0x0102_0304));
        assert_eq!(integer(&[1, 2, 3, 4, 5]), None);
        assert_eq!(reference("x", "y", &[0x81]).unwrap(), 0x81);
        // sign (2) and nonRepudiation (9)
        let usage = [0x06, 0x20, 0x40];
        assert!(bit(&usage, 2) && bit(&usage, 9) && !bit(&usage, 3) && !bit(&usage, 99));
    }
}
