//! A certificate data object (SP 800-73-5 part 1, appendix A): 53 around certificate (70), its form (71) and an error
//! detection code (FE), which says nothing on a card that checks what it sends.

use miniz_oxide::inflate::decompress_to_vec_with_limit;

use crate::{
    error::{CardError, Misbehaviour},
    tlv::{Tag, TlvReader},
};

const WHAT: &str = "the PIV certificate object";
/// Most bytes of a certificate, packed or not.
pub const MAX_CERTIFICATE: usize = 8 * 1024;
/// CertInfo: gzip. Bit 1 since SP 800-73-3; the first bit of the string on older cards.
const COMPRESSED: u8 = 0x81;

/// The certificate in an answer to GET DATA; not looked into.
///
/// # Errors
/// [`CardError::NoCredential`] if the object is there but empty; misbehaviour if it is malformed or unpacks to more than
/// [`MAX_CERTIFICATE`] bytes.
pub fn parse(answer: &[u8]) -> Result<Vec<u8>, CardError> {
    let tlv = |error| CardError::from(Misbehaviour::Tlv { what: WHAT, error });
    let object = TlvReader::new(answer).expect(Tag(0x53)).map_err(tlv)?;
    let Some(certificate) = object.children().find(Tag(0x70)).map_err(tlv)? else {
        return Err(CardError::NoCredential);
    };
    if certificate.value.is_empty() {
        return Err(CardError::NoCredential);
    }
    let compressed = match object.children().find(Tag(0x71)).map_err(tlv)?.map(|info| info.value) {
        None => false,
        Some([info]) => info & COMPRESSED != 0,
        Some(_) => return Err(wrong("CertInfo")),
    };
    if compressed {
        gunzip(certificate.value)
    } else if certificate.value.len() > MAX_CERTIFICATE {
        Err(Misbehaviour::LargeFile { bytes: certificate.value.len(), limit: MAX_CERTIFICATE }.into())
    } else {
        Ok(certificate.value.to_vec())
    }
}

fn wrong(element: &'static str) -> CardError {
    Misbehaviour::Element { what: WHAT, element }.into()
}

/// One member of RFC 1952, never more than [`MAX_CERTIFICATE`] bytes.
fn gunzip(packed: &[u8]) -> Result<Vec<u8>, CardError> {
    let (body, trailer) = packed.split_last_chunk::<8>().ok_or(wrong("gzip trailer"))?;
    let body = skip_header(body).ok_or(wrong("gzip header"))?;
    let content = decompress_to_vec_with_limit(body, MAX_CERTIFICATE).map_err(|_| wrong("gzip data"))?;
    let [c0, c1, c2, c3, s0, s1, s2, s3] = *trailer;
    let size = u32::from_le_bytes([s0, s1, s2, s3]);
    if usize::try_from(size) != Ok(content.len()) || u32::from_le_bytes([c0, c1, c2, c3]) != crc32(&content) {
        return Err(wrong("gzip trailer"));
    }
    Ok(content)
}

/// What follows the header (section 2.3).
fn skip_header(packed: &[u8]) -> Option<&[u8]> {
    let ([0x1F, 0x8B, 0x08, flags, ..], mut rest) = packed.split_first_chunk::<10>()? else {
        return None;
    };
    // FEXTRA, then the zero-terminated FNAME and FCOMMENT, then FHCRC
    if flags & 0x04 != 0 {
        let (length, after) = rest.split_first_chunk::<2>()?;
        rest = after.get(usize::from(u16::from_le_bytes(*length))..)?;
    }
    for text in [0x08, 0x10] {
        if flags & text != 0 {
            rest = rest.get(rest.iter().position(|byte| *byte == 0)? + 1..)?;
        }
    }
    if flags & 0x02 != 0 {
        rest = rest.get(2..)?;
    }
    // reserved bits must be zero (section 2.3.1.2)
    (flags & 0xE0 == 0).then_some(rest)
}

/// CRC-32 (section 8).
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| crc >> 1 ^ if crc & 1 == 1 { 0xEDB8_8320 } else { 0 })
    })
}

#[cfg(test)]
mod tests {
    use miniz_oxide::deflate::compress_to_vec;
    use proptest::prelude::*;

    use super::*;
    use crate::tlv::encode;

    fn object(certificate: &[u8], info: u8) -> Vec<u8> {
        let inner = [encode(Tag(0x70), certificate), encode(Tag(0x71), &[info]), encode(Tag(0xFE), &[])];
        encode(Tag(0x53), &inner.concat())
    }

    fn gzip(content: &[u8], flags: u8, extra: &[u8]) -> Vec<u8> {
        let header = [0x1F, 0x8B, 0x08, flags, 0, 0, 0, 0, 0, 0xFF];
        let size = u32::try_from(content.len()).unwrap();
        let packed = compress_to_vec(content, 6);
        [&header, extra, &packed, &crc32(content).to_le_bytes(), &size.to_le_bytes()].concat()
    }

    #[test]
    fn the_certificate_comes_out_packed_or_not() {
        let certificate = [0x30; 900];
        assert_eq!(parse(&object(&certificate, 0x00)).unwrap(), certificate);
        for info in [0x01, 0x80] {
            assert_eq!(parse(&object(&gzip(&certificate, 0, &[]), info)).unwrap(), certificate);
        }
        let named = gzip(&certificate, 0x0C, b"\x02\x00xycert.der\0");
        assert_eq!(parse(&object(&named, 0x01)).unwrap(), certificate);
    }

    #[test]
    fn an_empty_object_is_no_certificate() {
        for empty in [&[0x53, 0x00][..], &[0x53, 0x02, 0x70, 0x00], &[0x53, 0x03, 0x71, 0x01, 0x00]] {
            assert_eq!(parse(empty), Err(CardError::NoCredential));
        }
    }

    #[test]
    fn what_unpacks_to_too_much_or_to_something_else_is_misbehaviour() {
        let bomb = gzip(&[0; MAX_CERTIFICATE + 1], 0, &[]);
        assert!(bomb.len() < 100);
        let mut spoiled = gzip(&[0x30; 100], 0, &[]);
        let last = spoiled.len() - 1;
        spoiled[last - 4] ^= 1;
        let mut longer = gzip(&[0x30; 100], 0, &[]);
        longer[last] = 1;
        for packed in [bomb, spoiled, longer, vec![0x1F, 0x8B, 0x08], vec![0; 30]] {
            assert!(matches!(parse(&object(&packed, 0x01)), Err(CardError::Misbehaved(_))));
        }
        assert!(matches!(parse(&object(&[0x30; MAX_CERTIFICATE + 1], 0)), Err(CardError::Misbehaved(_))));
    }

    #[test]
    fn the_checksum_is_that_of_the_standard_example() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    }

    proptest! {
        #[test]
        fn any_bytes_end_in_a_certificate_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = parse(&bytes);
            let _ = parse(&object(&bytes, 0x01));
            let _ = parse(&object(&[&[0x1F, 0x8B, 0x08, 0, 0, 0, 0, 0, 0, 0][..], &bytes].concat(), 0x01));
        }
    }
}
