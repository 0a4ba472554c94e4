//! Certificates that are valid since before 1970, a time that the DER library does not know.
//!
//! No card is that old, and roots exist whose issuers chose such a date. For whoever asks about a time after 1970 it makes no
//! difference which one it is, so the certificate is decoded from a copy in which it is the first second of 1970. Signatures
//! are always verified over the original.

use der::{Decode, Header, Reader, SliceReader, Tag};

const FIRST_UTC_TIME: &[u8; 13] = b"700101000000Z";
const FIRST_GENERALIZED_TIME: &[u8; 15] = b"19700101000000Z";

/// The copy, if the certificate needs one.
pub(crate) fn readable_copy(certificate: &[u8]) -> Option<Vec<u8>> {
    let (tag, start) = not_before(certificate).ok()?;
    let first: &[u8] = match tag {
        Tag::UtcTime => FIRST_UTC_TIME,
        Tag::GeneralizedTime => FIRST_GENERALIZED_TIME,
        _ => return None,
    };
    let end = start.checked_add(first.len())?;
    let digits = certificate.get(start..end)?.strip_suffix(b"Z")?;
    // two digits from 50 on are of the last century (RFC 5280 section 4.1.2.5.1)
    let is_early = match tag {
        Tag::UtcTime => digits >= &b"50"[..] && digits < &b"70"[..],
        _ => digits < &b"1970"[..],
    };
    if !is_early || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let mut copy = certificate.to_vec();
    copy.get_mut(start..end)?.copy_from_slice(first);
    Some(copy)
}

/// Tag of `notBefore`, and where its content begins (RFC 5280 section 4.1).
fn not_before(certificate: &[u8]) -> der::Result<(Tag, usize)> {
    let mut reader = SliceReader::new(certificate)?;
    Header::decode(&mut reader)?;
    Header::decode(&mut reader)?;
    if Tag::peek(&reader)?.is_context_specific() {
        reader.tlv_bytes()?;
    }
    // serialNumber, signature, issuer
    for _ in 0..3 {
        reader.tlv_bytes()?;
    }
    Header::decode(&mut reader)?;
    let tag = Header::decode(&mut reader)?.tag();
    Ok((tag, usize::try_from(reader.position())?))
}
