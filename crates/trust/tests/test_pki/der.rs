//! A DER writer (X.690) of the length of a page.

use der::asn1::ObjectIdentifier;

/// Tag, length and content.
pub fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match content.len() {
        length @ 0..=0x7f => out.push(length as u8),
        length @ 0x80..=0xff => out.extend([0x81, length as u8]),
        length @ 0x100..=0xffff => out.extend([0x82, (length >> 8) as u8, length as u8]),
        length => {
            assert!(length < 1 << 24);
            out.extend([0x83, (length >> 16) as u8, (length >> 8) as u8, length as u8]);
        }
    }
    out.extend(content);
    out
}

/// SEQUENCE of the parts.
pub fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    tlv(0x30, &parts.concat())
}

/// SET of the parts.
pub fn set(parts: &[&[u8]]) -> Vec<u8> {
    tlv(0x31, &parts.concat())
}

/// OBJECT IDENTIFIER in dotted decimals.
pub fn oid(dotted: &str) -> Vec<u8> {
    tlv(0x06, ObjectIdentifier::new(dotted).unwrap().as_bytes())
}

/// INTEGER from unsigned big-endian bytes.
pub fn integer(bytes: &[u8]) -> Vec<u8> {
    let mut content: Vec<u8> = bytes.iter().copied().skip_while(|byte| *byte == 0).collect();
    if content.first().is_none_or(|byte| byte & 0x80 != 0) {
        content.insert(0, 0);
    }
    tlv(0x02, &content)
}

/// BIT STRING without unused bits.
pub fn bit_string(bytes: &[u8]) -> Vec<u8> {
    tlv(0x03, &[&[0], bytes].concat())
}

/// OCTET STRING.
pub fn octet_string(bytes: &[u8]) -> Vec<u8> {
    tlv(0x04, bytes)
}

/// UTF8String.
pub fn utf8(text: &str) -> Vec<u8> {
    tlv(0x0c, text.as_bytes())
}

/// NULL.
pub fn null() -> Vec<u8> {
    tlv(0x05, &[])
}

/// UTCTime or GeneralizedTime of `YYYYMMDDhhmmssZ` (RFC 5280 section 4.1.2.5).
pub fn time(text: &str) -> Vec<u8> {
    if text < "2050" { tlv(0x17, &text.as_bytes()[2..]) } else { tlv(0x18, text.as_bytes()) }
}

/// A distinguished name of the attributes, one in each relative name.
pub fn name(attributes: &[(&str, &str)]) -> Vec<u8> {
    let relative: Vec<Vec<u8>> = attributes
        .iter()
        .map(|(attribute, value)| set(&[&sequence(&[&oid(attribute), &utf8(value)])]))
        .collect();
    tlv(0x30, &relative.concat())
}
