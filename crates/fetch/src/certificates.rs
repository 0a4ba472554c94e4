//! The certificates in the answer to [`IssuerCertificate`](crate::Kind::IssuerCertificate).

use bitaqa_trust::Certificate;
use der::{Decode, Reader, SliceReader, Tag, TagNumber, asn1::ObjectIdentifier};

use crate::question::{all_of, element, sequence};

/// Most certificates of an answer.
pub const MAX_CERTIFICATES: usize = 32;

/// `id-signedData` (RFC 5652 section 5.1).
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");

/// The certificates that an address of an issuer gave: one in DER, or a message that holds nothing but certificates
/// (RFC 5280 section 4.2.2.1), in DER too. Those in the message that cannot be read are left out. Nothing is verified.
///
/// # Errors
/// [`NoCertificates`]: neither, or more than [`MAX_CERTIFICATES`].
pub fn certificates_of(answer: &[u8]) -> Result<Vec<Certificate>, NoCertificates> {
    if let Ok(certificate) = Certificate::from_der(answer) {
        return Ok(vec![certificate]);
    }
    let found = of_message(answer).map_err(|_| NoCertificates)?;
    if found.is_empty() || found.len() > MAX_CERTIFICATES {
        return Err(NoCertificates);
    }
    let certificates: Vec<_> = found.into_iter().flat_map(Certificate::from_der).collect();
    if certificates.is_empty() { Err(NoCertificates) } else { Ok(certificates) }
}

/// The elements of `certificates` in a `SignedData` (RFC 5652 section 5.1).
fn of_message(der: &[u8]) -> der::Result<Vec<&[u8]>> {
    let context = Tag::ContextSpecific { constructed: true, number: TagNumber(0) };
    let mut message = all_of(der)?;
    if ObjectIdentifier::decode(&mut message)? != SIGNED_DATA {
        return Err(Tag::ObjectIdentifier.value_error().into());
    }
    let (tag, content) = element(&mut message)?;
    tag.assert_eq(context)?;
    message.finish()?;
    let mut signed_data = all_of(content)?;
    u8::decode(&mut signed_data)?;
    let (tag, _digests) = element(&mut signed_data)?;
    tag.assert_eq(Tag::Set)?;
    sequence(&mut signed_data)?;
    let (tag, certificates) = element(&mut signed_data)?;
    tag.assert_eq(context)?;
    let mut reader = SliceReader::new(certificates)?;
    let mut found = Vec::new();
    while !reader.is_finished() && found.len() <= MAX_CERTIFICATES {
        found.push(reader.tlv_bytes()?);
    }
    Ok(found)
}

/// The answer holds no certificates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the answer is neither a certificate nor a message of certificates")]
pub struct NoCertificates;
