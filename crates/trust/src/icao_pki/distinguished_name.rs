//! Names of issuers and subjects, and when two of them are the same.
//!
//! A document signer's certificate and the signature that refers to it come from different software, which writes the same name
//! with other string types, in other letter cases, with its attributes in another order. They are compared by what they say:
//! the same attributes with the same values, whatever the order. Nothing rests on a name alone: whoever is found by it must
//! have made the signature.

use std::fmt;

use bitaqa_card::tlv::{Tag, Tlv};

use super::fields::{Fields, FormatError, OBJECT_IDENTIFIER, SEQUENCE, SET, dotted};

/// Most attributes of a name.
const MAX_ATTRIBUTES: usize = 32;
/// Longest name, in bytes.
const MAX_LENGTH: usize = 2048;
/// `countryName` (X.520), content bytes.
const COUNTRY: &[u8] = &[0x55, 0x04, 0x06];

/// A distinguished name (RFC 5280 section 4.1.2.4).
#[derive(Clone)]
pub struct IcaoName {
    /// Type and value, in the order of the certificate.
    attributes: Vec<(Vec<u8>, String)>,
    /// What is compared.
    canonical: Vec<(Vec<u8>, String)>,
}

impl IcaoName {
    /// From its encoding.
    ///
    /// # Errors
    /// [`FormatError`]: no name, or longer than any issuer's.
    pub fn from_der(encoded: &[u8]) -> Result<Self, FormatError> {
        const WHAT: &str = "Name";
        if encoded.len() > MAX_LENGTH {
            return Err(FormatError::value(WHAT));
        }
        let mut attributes = Vec::new();
        let mut relative_names = Fields::of_object(encoded, SEQUENCE, WHAT)?;
        while let Some(relative) = relative_names.next(WHAT)? {
            let mut members = Fields::of_object(relative.encoded, SET, "RelativeDistinguishedName")?;
            while let Some(member) = members.next(WHAT)? {
                if attributes.len() == MAX_ATTRIBUTES {
                    return Err(FormatError::value(WHAT));
                }
                let mut fields = Fields::of_object(member.encoded, SEQUENCE, "AttributeTypeAndValue")?;
                let kind = fields.expect(OBJECT_IDENTIFIER, WHAT)?.value.to_vec();
                let value = fields.next(WHAT)?.ok_or_else(|| FormatError::value(WHAT))?;
                fields.end(WHAT)?;
                attributes.push((kind, text(&value)));
            }
        }
        let mut canonical: Vec<(Vec<u8>, String)> =
            attributes.iter().map(|(kind, value)| (kind.clone(), folded(value))).collect();
        canonical.sort();
        Ok(Self { attributes, canonical })
    }

    /// Country, two letters, as it is written.
    #[must_use]
    pub fn country(&self) -> Option<&str> {
        self.attributes.iter().find(|(kind, _)| kind == COUNTRY).map(|(_, value)| value.as_str())
    }

    /// Whether both are of one country, whatever the case of its letters (9303-12 compares country codes this way).
    #[must_use]
    pub fn is_of_same_country(&self, other: &Self) -> bool {
        match (self.country(), other.country()) {
            (Some(own), Some(other)) => own.trim().eq_ignore_ascii_case(other.trim()),
            _ => false,
        }
    }
}

/// The same attributes with the same values, whatever their order, string type, letter case and spaces.
impl PartialEq for IcaoName {
    fn eq(&self, other: &Self) -> bool {
        self.canonical == other.canonical
    }
}

impl Eq for IcaoName {}

impl fmt::Debug for IcaoName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IcaoName({self})")
    }
}

/// In the order of the certificate, with the usual short names.
impl fmt::Display for IcaoName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (kind, value)) in self.attributes.iter().enumerate() {
            if index > 0 {
                f.write_str(", ")?;
            }
            match short_name(kind) {
                Some(name) => write!(f, "{name}={value}")?,
                None => write!(f, "{}={value}", dotted(kind))?,
            }
        }
        Ok(())
    }
}

fn short_name(kind: &[u8]) -> Option<&'static str> {
    let [0x55, 0x04, last] = kind else { return None };
    Some(match last {
        3 => "CN",
        5 => "serialNumber",
        6 => "C",
        7 => "L",
        8 => "ST",
        10 => "O",
        11 => "OU",
        _ => return None,
    })
}

/// The value as text. Bytes that are no text of their type stand as they are, each as one letter: two such values are the same
/// only if their bytes are.
fn text(value: &Tlv<'_>) -> String {
    const UTF8: Tag = Tag(0x0C);
    const UNIVERSAL: Tag = Tag(0x1C);
    const BMP: Tag = Tag(0x1E);
    let latin = || value.value.iter().map(|byte| char::from(*byte)).collect();
    match value.tag {
        UTF8 => std::str::from_utf8(value.value).map_or_else(|_| latin(), ToOwned::to_owned),
        BMP => {
            let units = value.value.chunks(2).map(|pair| match pair {
                [high, low] => u16::from_be_bytes([*high, *low]),
                _ => 0xFFFF,
            });
            char::decode_utf16(units).collect::<Result<String, _>>().unwrap_or_else(|_| latin())
        }
        UNIVERSAL => {
            let characters = value.value.chunks(4).map(|four| match four {
                [a, b, c, d] => char::from_u32(u32::from_be_bytes([*a, *b, *c, *d])),
                _ => None,
            });
            characters.collect::<Option<String>>().unwrap_or_else(latin)
        }
        _ => latin(),
    }
}

/// Letter case and spaces away (RFC 5280 section 7.1, as far as issuers need it).
fn folded(value: &str) -> String {
    let words: Vec<&str> = value.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use bitaqa_card::tlv::encode;

    use super::*;

    fn attribute(last: u8, tag: u32, value: &[u8]) -> Vec<u8> {
        let pair = [encode(OBJECT_IDENTIFIER, &[0x55, 0x04, last]), encode(Tag(tag), value)].concat();
        encode(SEQUENCE, &pair)
    }

    fn name(relative: &[&[Vec<u8>]]) -> IcaoName {
        let sets: Vec<Vec<u8>> = relative.iter().map(|members| encode(SET, &members.concat())).collect();
        IcaoName::from_der(&encode(SEQUENCE, &sets.concat())).unwrap()
    }

    #[test]
    fn order_string_type_case_and_spaces_make_no_other_name() {
        let usual = name(&[&[attribute(6, 0x13, b"MA")], &[attribute(3, 0x0C, b"Country Signer")]]);
        for same in [
            name(&[&[attribute(3, 0x13, b"Country Signer")], &[attribute(6, 0x0C, b"ma")]]),
            name(&[&[attribute(6, 0x13, b"MA"), attribute(3, 0x14, b"COUNTRY  SIGNER ")]]),
            name(&[
                &[attribute(6, 0x13, b"MA")],
                &[attribute(3, 0x1E, b"\0C\0o\0u\0n\0t\0r\0y\0 \0S\0i\0g\0n\0e\0r")],
            ]),
        ] {
            assert_eq!(usual, same);
            assert!(usual.is_of_same_country(&same));
        }
        for other in [
            name(&[&[attribute(6, 0x13, b"BH")], &[attribute(3, 0x0C, b"Country Signer")]]),
            name(&[&[attribute(6, 0x13, b"MA")], &[attribute(11, 0x0C, b"Country Signer")]]),
            name(&[&[attribute(6, 0x13, b"MA")]]),
            name(&[
                &[attribute(6, 0x13, b"MA")],
                &[attribute(3, 0x0C, b"Country Signer")],
                &[attribute(3, 0x0C, b"Country Signer")],
            ]),
        ] {
            assert_ne!(usual, other);
        }
        assert_eq!(usual.to_string(), "C=MA, CN=Country Signer");
    }

    #[test]
    fn a_name_has_bounds() {
        let many = vec![attribute(3, 0x0C, b"x"); MAX_ATTRIBUTES + 1].concat();
        assert!(IcaoName::from_der(&encode(SEQUENCE, &encode(SET, &many))).is_err());
        let long = attribute(3, 0x0C, &[b'x'; MAX_LENGTH]);
        assert!(IcaoName::from_der(&encode(SEQUENCE, &encode(SET, &long))).is_err());
        assert!(IcaoName::from_der(&[]).is_err());
    }
}
