//! `signedAttrs` of a signature (RFC 5652 sections 5.3 and 11).

use bitaqa_card::tlv::{Tlv, encode};
use der::DateTime;

use super::{
    fields::{Fields, FormatError, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, SET},
    validity_time::time,
};

const WHAT: &str = "signedAttrs";
/// Most attributes.
const MAX_ATTRIBUTES: usize = 32;

/// Content bytes of `id-contentType`, `id-messageDigest`, `id-signingTime`.
const CONTENT_TYPE: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x03];
const MESSAGE_DIGEST: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x04];
const SIGNING_TIME: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x05];

/// What the attributes say.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct SignedAttributes {
    pub(super) content_type: Vec<u8>,
    pub(super) message_digest: Vec<u8>,
    pub(super) signing_time: Option<DateTime>,
}

impl SignedAttributes {
    /// From the set, with the tag that the signature covers. Content type and digest must be there once, with one value.
    pub(super) fn parse(set: &[u8]) -> Result<Self, FormatError> {
        let (mut content_type, mut message_digest, mut signing_time) = (None, None, None);
        for attribute in attributes(set)? {
            let mut fields = Fields::of_object(attribute.encoded, SEQUENCE, WHAT)?;
            let kind = fields.expect(OBJECT_IDENTIFIER, WHAT)?.value;
            let mut values = fields.inside(SET, WHAT)?;
            fields.end(WHAT)?;
            match kind {
                CONTENT_TYPE => {
                    let value = values.expect(OBJECT_IDENTIFIER, "contentType")?.value.to_vec();
                    once(&mut content_type, value, "contentType")?;
                    values.end("contentType")?;
                }
                MESSAGE_DIGEST => {
                    let value = values.expect(OCTET_STRING, "messageDigest")?.value.to_vec();
                    once(&mut message_digest, value, "messageDigest")?;
                    values.end("messageDigest")?;
                }
                SIGNING_TIME => {
                    let value =
                        values.next("signingTime")?.ok_or_else(|| FormatError::value("signingTime"))?;
                    once(&mut signing_time, time(&value, "signingTime")?, "signingTime")?;
                }
                _ => {}
            }
        }
        Ok(Self {
            content_type: content_type.ok_or_else(|| FormatError::value("contentType"))?,
            message_digest: message_digest.ok_or_else(|| FormatError::value("messageDigest"))?,
            signing_time,
        })
    }
}

/// The set in the order of DER, which is what is signed even where another order was sent (section 5.4). `None` where the
/// order is that already.
pub(super) fn sorted(set: &[u8]) -> Option<Vec<u8>> {
    let mut members: Vec<&[u8]> = attributes(set).ok()?.iter().map(|member| member.encoded).collect();
    members.sort_unstable();
    let sorted = encode(SET, &members.concat());
    (sorted != set).then_some(sorted)
}

fn attributes(set: &[u8]) -> Result<Vec<Tlv<'_>>, FormatError> {
    let mut fields = Fields::of_object(set, SET, WHAT)?;
    let mut attributes = Vec::new();
    while let Some(attribute) = fields.next(WHAT)? {
        if attributes.len() == MAX_ATTRIBUTES {
            return Err(FormatError::value(WHAT));
        }
        attributes.push(attribute);
    }
    Ok(attributes)
}

fn once<T>(field: &mut Option<T>, value: T, element: &'static str) -> Result<(), FormatError> {
    match field.replace(value) {
        None => Ok(()),
        Some(_) => Err(FormatError::value(element)),
    }
}
