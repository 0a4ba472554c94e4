//! Extensions of certificates as 9303-12, section 7.1.1 has them.

use bitaqa_card::tlv::Tag;
use der::DateTime;

use super::{
    fields::{
        BIT_STRING, BOOLEAN, Fields, FormatError, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, SET,
        without_leading_zeros,
    },
    validity_time::time,
};

/// Most extensions of a certificate.
const MAX_EXTENSIONS: usize = 32;
/// Most values of one extension.
const MAX_VALUES: usize = 64;

const SUBJECT_KEY_IDENTIFIER: &[u8] = &[0x55, 0x1D, 0x0E];
const KEY_USAGE: &[u8] = &[0x55, 0x1D, 0x0F];
const PRIVATE_KEY_USAGE_PERIOD: &[u8] = &[0x55, 0x1D, 0x10];
const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1D, 0x13];
const AUTHORITY_KEY_IDENTIFIER: &[u8] = &[0x55, 0x1D, 0x23];
const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1D, 0x25];
/// `id-icao-mrtd-security-extensions-documentTypeList` (2.23.136.1.1.6.2).
const DOCUMENT_TYPE_LIST: &[u8] = &[0x67, 0x81, 0x08, 0x01, 0x01, 0x06, 0x02];
/// What may be critical and says nothing that decides: alternative names, policies, where lists are, and
/// `id-icao-mrtd-security-extensions-nameChange` (2.23.136.1.1.6.1).
const WITHOUT_CONSEQUENCE: [&[u8]; 5] = [
    &[0x55, 0x1D, 0x11],
    &[0x55, 0x1D, 0x12],
    &[0x55, 0x1D, 0x1F],
    &[0x55, 0x1D, 0x20],
    &[0x67, 0x81, 0x08, 0x01, 0x01, 0x06, 0x01],
];

/// What the extensions of a certificate say, where they are there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Extensions {
    pub(super) subject_key: Option<Vec<u8>>,
    pub(super) authority_key: Option<Vec<u8>>,
    /// The first two bytes, unused ones zero.
    pub(super) key_usage: Option<u8>,
    pub(super) is_authority: Option<bool>,
    pub(super) purposes: Option<Vec<Vec<u8>>>,
    pub(super) key_usage_period: Option<KeyUsagePeriod>,
    pub(super) document_types: Option<Vec<String>>,
    /// Whether there is a critical one that is not understood.
    pub(super) has_unknown_critical: bool,
}

/// `PrivateKeyUsagePeriod` (9303-12, section 7.1.1): when the key may sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyUsagePeriod {
    /// From then on.
    pub not_before: Option<DateTime>,
    /// Until then.
    pub not_after: Option<DateTime>,
}

impl Extensions {
    /// From `Extensions`, the sequence.
    pub(super) fn parse(encoded: &[u8]) -> Result<Self, FormatError> {
        const WHAT: &str = "extensions";
        let mut all = Fields::of_object(encoded, SEQUENCE, WHAT)?;
        let mut seen: Vec<&[u8]> = Vec::new();
        let mut extensions = Self::default();
        while let Some(extension) = all.next(WHAT)? {
            let mut fields = Fields::of_object(extension.encoded, SEQUENCE, WHAT)?;
            let identifier = fields.expect(OBJECT_IDENTIFIER, WHAT)?.value;
            let is_critical = fields.take(BOOLEAN, WHAT)?.is_some_and(|flag| flag.value != [0]);
            let value = fields.expect(OCTET_STRING, WHAT)?.value;
            fields.end(WHAT)?;
            if seen.len() == MAX_EXTENSIONS || seen.contains(&identifier) {
                return Err(FormatError::value(WHAT));
            }
            seen.push(identifier);
            extensions.take(identifier, is_critical, value)?;
        }
        Ok(extensions)
    }

    fn take(&mut self, identifier: &[u8], is_critical: bool, value: &[u8]) -> Result<(), FormatError> {
        match identifier {
            SUBJECT_KEY_IDENTIFIER => {
                let mut fields = Fields::new(value);
                self.subject_key = Some(fields.expect(OCTET_STRING, "subjectKeyIdentifier")?.value.to_vec());
            }
            AUTHORITY_KEY_IDENTIFIER => {
                const WHAT: &str = "authorityKeyIdentifier";
                let mut fields = Fields::of_object(value, SEQUENCE, WHAT)?;
                self.authority_key = fields.take(Tag(0x80), WHAT)?.map(|key| key.value.to_vec());
            }
            KEY_USAGE => {
                let bits = Fields::new(value).expect(BIT_STRING, "keyUsage")?;
                // nothing above the eighth bit matters here
                self.key_usage = Some(bits.value.get(1).copied().unwrap_or(0));
            }
            BASIC_CONSTRAINTS => {
                const WHAT: &str = "basicConstraints";
                let mut fields = Fields::of_object(value, SEQUENCE, WHAT)?;
                let flag = fields.take(BOOLEAN, WHAT)?;
                self.is_authority = Some(flag.is_some_and(|flag| flag.value != [0]));
            }
            EXTENDED_KEY_USAGE => {
                const WHAT: &str = "extKeyUsage";
                let mut purposes = Vec::new();
                let mut fields = Fields::of_object(value, SEQUENCE, WHAT)?;
                while let Some(purpose) = fields.take(OBJECT_IDENTIFIER, WHAT)? {
                    if purposes.len() == MAX_VALUES {
                        return Err(FormatError::value(WHAT));
                    }
                    purposes.push(purpose.value.to_vec());
                }
                fields.end(WHAT)?;
                self.purposes = Some(purposes);
            }
            PRIVATE_KEY_USAGE_PERIOD => self.key_usage_period = Some(key_usage_period(value)?),
            DOCUMENT_TYPE_LIST => self.document_types = Some(document_types(value)?),
            other if is_critical && !WITHOUT_CONSEQUENCE.contains(&other) => self.has_unknown_critical = true,
            _ => {}
        }
        Ok(())
    }
}

fn key_usage_period(value: &[u8]) -> Result<KeyUsagePeriod, FormatError> {
    const WHAT: &str = "privateKeyUsagePeriod";
    let mut fields = Fields::of_object(value, SEQUENCE, WHAT)?;
    // implicit GeneralizedTime
    let mut moment = |tag| -> Result<Option<DateTime>, FormatError> {
        let Some(mut field) = fields.take(Tag(tag), WHAT)? else { return Ok(None) };
        field.tag = Tag(0x18);
        time(&field, WHAT).map(Some)
    };
    Ok(KeyUsagePeriod { not_before: moment(0x80)?, not_after: moment(0x81)? })
}

/// `DocumentTypeListSyntax`: document codes of the machine readable zone.
fn document_types(value: &[u8]) -> Result<Vec<String>, FormatError> {
    const WHAT: &str = "documentTypeList";
    let mut fields = Fields::of_object(value, SEQUENCE, WHAT)?;
    if !without_leading_zeros(fields.expect(INTEGER, WHAT)?.value).is_empty() {
        return Err(FormatError::value(WHAT));
    }
    let mut list = fields.inside(SET, WHAT)?;
    let mut types = Vec::new();
    while let Some(kind) = list.next(WHAT)? {
        let is_code = (1..=2).contains(&kind.value.len()) && kind.value.is_ascii();
        if types.len() == MAX_VALUES || !is_code {
            return Err(FormatError::value(WHAT));
        }
        types.push(kind.value.iter().map(|byte| char::from(*byte)).collect());
    }
    Ok(types)
}
