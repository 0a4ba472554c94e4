//! DER (X.690 clauses 10 and 11).

use bitaqa_trust::ObjectIdentifier;

use super::element::tag;

/// An element.
#[must_use]
pub fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut written = Vec::with_capacity(content.len() + 6);
    begin(&mut written, tag, content.len());
    written.extend_from_slice(content);
    written
}

/// Appends tag and length of an element whose content follows.
pub fn begin(written: &mut Vec<u8>, tag: u8, length: usize) {
    written.push(tag);
    match u8::try_from(length) {
        Ok(short @ 0..=0x7f) => written.push(short),
        _ => {
            let octets = length.to_be_bytes();
            let significant = octets.iter().skip_while(|octet| **octet == 0).copied();
            let count = significant.clone().count();
            written.push(0x80 | u8::try_from(count).unwrap_or(8));
            written.extend(significant);
        }
    }
}

/// An element whose content is these parts, one after the other.
#[must_use]
pub fn constructed<P: AsRef<[u8]>>(tag: u8, parts: impl IntoIterator<Item = P, IntoIter: Clone>) -> Vec<u8> {
    let parts = parts.into_iter();
    let length = parts.clone().map(|part| part.as_ref().len()).sum::<usize>();
    let mut written = Vec::with_capacity(length + 10);
    begin(&mut written, tag, length);
    for part in parts {
        written.extend_from_slice(part.as_ref());
    }
    written
}

/// SEQUENCE.
#[must_use]
pub fn sequence<P: AsRef<[u8]>>(parts: impl IntoIterator<Item = P, IntoIter: Clone>) -> Vec<u8> {
    constructed(tag::SEQUENCE, parts)
}

/// SET OF, in the order of DER (X.690 clause 11.6).
#[must_use]
pub fn set_of(mut parts: Vec<Vec<u8>>) -> Vec<u8> {
    parts.sort();
    constructed(tag::SET, &parts)
}

/// An explicit context-specific tag around an element.
#[must_use]
pub fn explicit(number: u8, inner: &[u8]) -> Vec<u8> {
    element(tag::context(number), inner)
}

/// The same element with another tag.
#[must_use]
pub fn with_tag(mut encoded: Vec<u8>, tag: u8) -> Vec<u8> {
    if let Some(first) = encoded.first_mut() {
        *first = tag;
    }
    encoded
}

/// OCTET STRING.
#[must_use]
pub fn octet_string(octets: &[u8]) -> Vec<u8> {
    element(tag::OCTET_STRING, octets)
}

/// OBJECT IDENTIFIER.
#[must_use]
pub fn object_identifier(oid: ObjectIdentifier) -> Vec<u8> {
    element(tag::OBJECT_IDENTIFIER, oid.as_bytes())
}

/// A small non-negative INTEGER.
#[must_use]
pub fn small_integer(number: u8) -> Vec<u8> {
    unsigned_integer(&[number])
}

/// INTEGER of an unsigned number, most significant byte first.
#[must_use]
pub fn unsigned_integer(number: &[u8]) -> Vec<u8> {
    let mut octets: Vec<u8> = number.iter().copied().skip_while(|octet| *octet == 0).collect();
    if octets.first().is_none_or(|first| *first & 0x80 != 0) {
        octets.insert(0, 0);
    }
    element(tag::INTEGER, &octets)
}

/// `AlgorithmIdentifier` without parameters.
#[must_use]
pub fn algorithm(oid: ObjectIdentifier) -> Vec<u8> {
    sequence([object_identifier(oid)])
}

/// UTF8String.
#[must_use]
pub fn utf8_string(text: &str) -> Vec<u8> {
    element(tag::UTF8_STRING, text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_and_numbers_are_the_shortest() {
        assert_eq!(element(4, &[0; 0x7f])[..2], [4, 0x7f]);
        assert_eq!(element(4, &[0; 0x80])[..3], [4, 0x81, 0x80]);
        assert_eq!(element(4, &[0; 0x1234])[..4], [4, 0x82, 0x12, 0x34]);
        assert_eq!(unsigned_integer(&[0, 0, 0x80]), [2, 2, 0, 0x80]);
        assert_eq!(unsigned_integer(&[0, 0]), [2, 1, 0]);
        assert_eq!(set_of(vec![vec![4, 1, 9], vec![2, 1, 1]]), [0x31, 6, 2, 1, 1, 4, 1, 9]);
    }
}
