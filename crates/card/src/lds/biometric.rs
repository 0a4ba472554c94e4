//! Biometric information templates, in which DG2 and DG3 keep their records (ICAO Doc 9303-10, section on DG2; ISO/IEC
//! 7816-11).

use super::template::Template;
use crate::{
    error::CardError,
    tlv::{Tag, Tlv, TlvReader},
};

/// Biometric information group template.
const GROUP: Tag = Tag(0x7F61);
/// Biometric information template.
const INFORMATION: Tag = Tag(0x7F60);
/// Biometric header template.
const HEADER: Tag = Tag(0xA1);
/// Biometric data block of ISO/IEC 19794.
const BLOCK: Tag = Tag(0x5F2E);
/// Biometric data block in data objects, of ISO/IEC 39794.
const CONSTRUCTED_BLOCK: Tag = Tag(0x7F2E);
/// Data in a standardised format, inside a constructed block.
const STANDARDISED: Tag = Tag(0xA1);

/// Most templates of a group.
pub(super) const MAX_INSTANCES: usize = 16;

/// Biometric header template: what a record is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BiometricHeader {
    /// Biometric type (81): 2 face, 8 finger, 16 iris.
    pub biometric_type: Option<u32>,
    /// Biometric subtype (82): which finger, which eye.
    pub subtype: Option<u32>,
    /// Format owner (87): 257 is ISO/IEC JTC 1/SC 37.
    pub format_owner: Option<u32>,
    /// Format type (88).
    pub format_type: Option<u32>,
}

/// A record in one of the two encodings.
#[derive(Clone, Copy)]
pub(super) enum Block<'a> {
    /// ISO/IEC 19794: fixed fields.
    Iso19794(&'a [u8]),
    /// ISO/IEC 39794: data objects.
    Iso39794(TlvReader<'a>),
}

/// The records of a file, each with its header.
pub(super) fn records<'a>(
    template: Template,
    group: Tag,
    content: &'a [u8],
) -> Result<Vec<(BiometricHeader, Block<'a>)>, CardError> {
    let mut file = template.open(group, content)?;
    let mut instances = template.expect(&mut file, GROUP)?.children();
    file.end().map_err(|error| template.fault(error))?;
    let count = template.count(&mut instances, MAX_INSTANCES)?;
    let mut records = Vec::with_capacity(count);
    for _ in 0..count {
        records.push(record(template, &template.expect(&mut instances, INFORMATION)?)?);
    }
    // a group without instances has a random object, so that its digest tells nothing (9303-10, section on DG3)
    let filler = if count == 0 { instances.take_if(Tag(0x53)) } else { Ok(None) };
    filler.and_then(|_| instances.end()).map_err(|error| template.fault(error))?;
    Ok(records)
}

fn record<'a>(template: Template, information: &Tlv<'a>) -> Result<(BiometricHeader, Block<'a>), CardError> {
    let mut header = BiometricHeader::default();
    let mut block = None;
    let mut fields = information.children();
    while let Some(field) = template.next(&mut fields)? {
        match field.tag {
            HEADER => header = BiometricHeader::parse(template, field.children())?,
            BLOCK => template.once(&mut block, "biometric data block", Block::Iso19794(field.value))?,
            CONSTRUCTED_BLOCK => {
                let data = template.expect(&mut field.children(), STANDARDISED)?;
                template.once(&mut block, "biometric data block", Block::Iso39794(data.children()))?;
            }
            // secure messaging template around an encrypted record
            Tag(0x7D) => return Err(CardError::Unsupported("a biometric record that is encrypted")),
            _ => {}
        }
    }
    Ok((header, block.ok_or_else(|| template.wrong("biometric data block"))?))
}

impl BiometricHeader {
    fn parse(template: Template, mut fields: TlvReader<'_>) -> Result<Self, CardError> {
        let mut header = Self::default();
        while let Some(field) = template.next(&mut fields)? {
            let slot = match field.tag.0 {
                0x81 => &mut header.biometric_type,
                0x82 => &mut header.subtype,
                0x87 => &mut header.format_owner,
                0x88 => &mut header.format_type,
                _ => continue,
            };
            let number = match field.value {
                [_] | [_, _] | [_, _, _] => {
                    field.value.iter().fold(0, |number, byte| number << 8 | u32::from(*byte))
                }
                _ => return Err(template.wrong("biometric header")),
            };
            template.once(slot, "biometric header", number)?;
        }
        Ok(header)
    }
}
