//! What a profile writes in hexadecimal digits: names, paths, tags, answers to reset.

use serde::{Deserialize, Deserializer, de::Error as _};

use crate::{atr_pattern::AtrPattern, hexadecimal, tlv::Tag};

/// Bytes, written as hexadecimal digits.
pub(crate) struct Hex(pub(crate) Vec<u8>);
/// An application identifier: 5 to 16 bytes (ISO/IEC 7816-4, section 12.2.3).
pub(crate) struct Aid(pub(crate) Vec<u8>);
/// File identifiers of two bytes each.
pub(crate) struct FilePath(pub(crate) Vec<u8>);
/// A tag of one to three bytes.
pub(crate) struct TagEntry(pub(crate) Tag);
/// An answer to reset.
pub(crate) struct AtrHint(pub(crate) AtrPattern);

fn bytes<'de, D: Deserializer<'de>>(
    source: D,
    what: &str,
    is_good: impl Fn(&[u8]) -> bool,
) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(source)?;
    hexadecimal::parse(&text)
        .filter(|bytes| is_good(bytes))
        .ok_or_else(|| D::Error::custom(format!("{text:?} is no {what} in hexadecimal digits")))
}

impl<'de> Deserialize<'de> for Hex {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        bytes(source, "string of 1 to 64 bytes", |bytes| (1..=64).contains(&bytes.len())).map(Self)
    }
}

impl<'de> Deserialize<'de> for Aid {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        bytes(source, "application identifier of 5 to 16 bytes", |bytes| (5..=16).contains(&bytes.len()))
            .map(Self)
    }
}

impl<'de> Deserialize<'de> for FilePath {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        let is_path = |bytes: &[u8]| {
            bytes != [0x3F, 0x00] && (2..=16).contains(&bytes.len()) && bytes.len().is_multiple_of(2)
        };
        bytes(source, "path of one to eight file identifiers", is_path).map(Self)
    }
}

impl<'de> Deserialize<'de> for TagEntry {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        let is_tag = |bytes: &[u8]| (1..=3).contains(&bytes.len()) && bytes.first() != Some(&0);
        let bytes = bytes(source, "tag of one to three bytes", is_tag)?;
        Ok(Self(Tag(bytes.iter().fold(0, |tag, byte| tag << 8 | u32::from(*byte)))))
    }
}

impl<'de> Deserialize<'de> for AtrHint {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        String::deserialize(source)?.parse().map(Self).map_err(D::Error::custom)
    }
}
