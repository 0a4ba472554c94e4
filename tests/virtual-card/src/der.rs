//! Values of ASN.1 types in DER (ITU-T X.690), as certificates and PKCS#15 files need them.

use crate::ber_tlv::{constructed, object};

/// SEQUENCE of encoded parts.
#[must_use]
pub fn sequence<P: AsRef<[u8]>>(parts: &[P]) -> Vec<u8> {
    constructed(0x30, parts)
}

/// SET with one element (so no order has to be kept).
#[must_use]
pub fn set_of_one(element: &[u8]) -> Vec<u8> {
    object(0x31, element)
}

/// `[number]` around encoded parts (explicit tagging, or the implicit tagging of a constructed type).
#[must_use]
pub fn context<P: AsRef<[u8]>>(number: u8, parts: &[P]) -> Vec<u8> {
    constructed(0xA0 | u32::from(number), parts)
}

/// `[number]` in place of the tag of a primitive type.
#[must_use]
pub fn context_primitive(number: u8, value: &[u8]) -> Vec<u8> {
    object(0x80 | u32::from(number), value)
}

/// BOOLEAN.
#[must_use]
pub fn boolean(value: bool) -> Vec<u8> {
    object(0x01, &[if value { 0xFF } else { 0 }])
}

/// INTEGER from a small number.
#[must_use]
pub fn integer(value: u32) -> Vec<u8> {
    unsigned_integer(&value.to_be_bytes())
}

/// INTEGER from the big-endian bytes of a number that is not negative.
#[must_use]
pub fn unsigned_integer(bytes: &[u8]) -> Vec<u8> {
    object(0x02, &integer_value(bytes))
}

/// The value bytes of an INTEGER: shortest form, with a leading zero where the number would look negative.
#[must_use]
pub fn integer_value(bytes: &[u8]) -> Vec<u8> {
    let mut digits: Vec<u8> = bytes.iter().copied().skip_while(|byte| *byte == 0).collect();
    if digits.first().is_none_or(|first| first & 0x80 != 0) {
        digits.insert(0, 0);
    }
    digits
}

/// ENUMERATED.
#[must_use]
pub fn enumerated(value: u8) -> Vec<u8> {
    object(0x0A, &[value])
}

/// OCTET STRING.
#[must_use]
pub fn octet_string(value: &[u8]) -> Vec<u8> {
    object(0x04, value)
}

/// BIT STRING whose bits fill whole bytes.
#[must_use]
pub fn bit_string(value: &[u8]) -> Vec<u8> {
    let content: Vec<u8> = std::iter::once(0).chain(value.iter().copied()).collect();
    object(0x03, &content)
}

/// BIT STRING of named bits: bit 0 is the leftmost; trailing zero bits are left out (X.690, section 11.2.2).
#[must_use]
pub fn named_bits(bits: &[u32]) -> Vec<u8> {
    object(0x03, &named_bits_value(bits))
}

fn named_bits_value(bits: &[u32]) -> Vec<u8> {
    let Some(highest) = bits.iter().max() else {
        return vec![0];
    };
    let bytes = highest / 8 + 1;
    let mut content = vec![u8::try_from(bytes * 8 - 1 - highest).unwrap_or(0)];
    for byte in 0..bytes {
        content.push(
            (0..8).filter(|bit| bits.contains(&(byte * 8 + bit))).fold(0, |sum, bit| sum | 0x80 >> bit),
        );
    }
    content
}

/// NULL.
#[must_use]
pub fn null() -> Vec<u8> {
    object(0x05, &[])
}

/// UTF8String.
#[must_use]
pub fn utf8(text: &str) -> Vec<u8> {
    object(0x0C, text.as_bytes())
}

/// PrintableString.
#[must_use]
pub fn printable(text: &str) -> Vec<u8> {
    object(0x13, text.as_bytes())
}

/// OBJECT IDENTIFIER from its arcs.
#[must_use]
pub fn oid(arcs: &[u32]) -> Vec<u8> {
    let (first, rest) = match arcs {
        [first, second, rest @ ..] => (first * 40 + second, rest),
        _ => (0, &[][..]),
    };
    let value: Vec<u8> = std::iter::once(first).chain(rest.iter().copied()).flat_map(base_128).collect();
    object(0x06, &value)
}

fn base_128(arc: u32) -> Vec<u8> {
    let mut groups: Vec<u8> = Vec::new();
    let mut rest = arc;
    loop {
        let group = (rest & 0x7F).to_le_bytes()[0];
        groups.insert(0, if groups.is_empty() { group } else { group | 0x80 });
        rest >>= 7;
        if rest == 0 {
            return groups;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_shortest_and_never_negative() {
        assert_eq!(integer(0), [2, 1, 0]);
        assert_eq!(integer(127), [2, 1, 127]);
        assert_eq!(integer(128), [2, 2, 0, 128]);
        assert_eq!(integer(65_537), [2, 3, 1, 0, 1]);
    }

    #[test]
    fn object_identifiers_match_the_examples_of_the_standards() {
        assert_eq!(oid(&[2, 999, 3]), [6, 3, 0x88, 0x37, 3]);
        assert_eq!(oid(&[1, 2, 840, 10_045, 2, 1]), [6, 7, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 2, 1]);
    }

    #[test]
    fn named_bits_leave_out_trailing_zeros() {
        assert_eq!(named_bits(&[0]), [3, 2, 7, 0x80]);
        assert_eq!(named_bits(&[5, 6]), [3, 2, 1, 0x06]);
        assert_eq!(named_bits(&[9]), [3, 3, 6, 0, 0x40]);
        assert_eq!(named_bits(&[]), [3, 1, 0]);
    }
}
