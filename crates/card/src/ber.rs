//! BER's looser forms, which some signed objects on cards use (ITU-T X.690, sections 8.1.3.6 and 8.7.3), made definite.
//!
//! Lengths only: what was definite before stays as it is, byte for byte, since signatures cover it.

use crate::tlv::{Tag, TlvError, TlvFault, TlvReader, encode};

/// How deep data objects may be nested.
const MAX_DEPTH: usize = 24;
/// `OCTET STRING` in pieces.
const CONSTRUCTED_OCTET_STRING: Tag = Tag(0x24);
const OCTET_STRING: Tag = Tag(0x04);

/// Rewrites indefinite lengths as definite ones.
///
/// # Errors
/// [`TlvError`]: not BER, or nested too deep.
pub fn to_definite(bytes: &[u8]) -> Result<Vec<u8>, TlvError> {
    let mut rest = bytes;
    let mut out = Vec::with_capacity(bytes.len());
    while !rest.is_empty() {
        rest = next(rest, MAX_DEPTH, &mut out)?;
    }
    Ok(out)
}

/// Rewrites one data object and gives what follows it.
fn next<'a>(bytes: &'a [u8], depth: usize, out: &mut Vec<u8>) -> Result<&'a [u8], TlvError> {
    let fault = |fault| TlvError { fault, position: 0 };
    if depth == 0 {
        return Err(fault(TlvFault::TooDeep));
    }
    let mut reader = TlvReader::new(bytes);
    let header = reader.header()?.ok_or(fault(TlvFault::Missing))?;
    if header.length.is_some() {
        let object = reader.read()?.ok_or(fault(TlvFault::Missing))?;
        let inner = if object.tag.is_constructed() { contents(object.value, depth) } else { None };
        match inner {
            Some(value) if value != object.value => out.extend(encode(object.tag, &value)),
            _ => out.extend_from_slice(object.encoded),
        }
        return Ok(reader.rest());
    }
    if !header.tag.is_constructed() {
        return Err(fault(TlvFault::BadLength));
    }
    let mut value = Vec::new();
    let mut rest = bytes.get(header.bytes..).unwrap_or_default();
    loop {
        match rest {
            [0x00, 0x00, after @ ..] => {
                out.extend(encode(header.tag, &value));
                return Ok(after);
            }
            [] => return Err(fault(TlvFault::Truncated)),
            _ => rest = next(rest, depth - 1, &mut value)?,
        }
    }
}

/// The rewritten contents of an object of definite length; `None` where they are no data objects: then they stay as they are.
fn contents(value: &[u8], depth: usize) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(value.len());
    let mut rest = value;
    while !rest.is_empty() {
        rest = next(rest, depth - 1, &mut out).ok()?;
    }
    Some(out)
}

/// The next `OCTET STRING`, put together if it is in pieces. Its lengths are definite.
///
/// # Errors
/// [`TlvError`], also where something else stands there.
pub fn octet_string(reader: &mut TlvReader<'_>) -> Result<Vec<u8>, TlvError> {
    match reader.take_if(CONSTRUCTED_OCTET_STRING)? {
        None => Ok(reader.expect(OCTET_STRING)?.value.to_vec()),
        Some(pieces) => {
            let mut whole = Vec::with_capacity(pieces.value.len());
            let mut reader = pieces.children();
            while !reader.rest().is_empty() {
                whole.extend_from_slice(reader.expect(OCTET_STRING)?.value);
            }
            Ok(whole)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::test_hex::hex;

    #[test]
    fn indefinite_lengths_are_closed_at_every_depth() {
        let definite = to_definite(&hex("3080A0800401AA00000403BBCCDD0000")).unwrap();
        assert_eq!(definite, hex("300AA0030401AA0403BBCCDD"));
        let unsound = hex("30083080040109000000");
        assert_eq!(to_definite(&unsound).unwrap(), unsound);
        assert_eq!(to_definite(&hex("300730800401090000")).unwrap(), hex("30053003040109"));
    }

    #[test]
    fn what_was_definite_stays_even_where_der_would_be_shorter() {
        for bytes in ["30820003020105", "A003FFFFFF", "0403308000"] {
            assert_eq!(to_definite(&hex(bytes)).unwrap(), hex(bytes));
        }
    }

    #[test]
    fn what_does_not_end_or_nests_too_deep_is_refused() {
        for end in 1..15 {
            assert!(to_definite(&hex("3080A0800401AA00000403BBCCDD0000")[..end]).is_err(), "{end}");
        }
        assert_eq!(to_definite(&[0x30, 0x80].repeat(40)).unwrap_err().fault, TlvFault::TooDeep);
        assert_eq!(to_definite(&hex("04800000")).unwrap_err().fault, TlvFault::BadLength);
    }

    #[test]
    fn an_octet_string_in_pieces_is_one() {
        let bytes = hex("24070402AABB0401CC");
        assert_eq!(octet_string(&mut TlvReader::new(&bytes)).unwrap(), hex("AABBCC"));
        assert_eq!(octet_string(&mut TlvReader::new(&hex("0402AABB"))).unwrap(), hex("AABB"));
        assert!(octet_string(&mut TlvReader::new(&hex("2403020105"))).is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_end_in_ber_or_a_fault(bytes in proptest::collection::vec(prop_oneof![any::<u8>(), Just(0x30), Just(0x80), Just(0x00)], 0..200)) {
            if let Ok(definite) = to_definite(&bytes) {
                prop_assert!(definite.len() <= 3 * bytes.len());
            }
        }
    }
}
