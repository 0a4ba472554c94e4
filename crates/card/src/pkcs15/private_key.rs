//! PrKDF: private keys (ISO/IEC 7816-15, section 8.4).

use super::object::{
    BIT_STRING, BOOLEAN, CONTEXT_1, CommonObjectAttributes, INTEGER, OCTET_STRING, Object, Path, SEQUENCE,
    bit, integer, objects, reference, tlv_fault,
};
use crate::{
    error::CardError,
    tlv::{Tag, Tlv},
};

const WHAT: &str = "PrKDF";

/// A private key, as the card describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrivateKey {
    /// Label, guarding PIN.
    pub common: CommonObjectAttributes,
    /// Which kind.
    pub kind: KeyKind,
    /// Same as that of its certificate.
    pub id: Vec<u8>,
    /// `sign` (2).
    pub signs: bool,
    /// `nonRepudiation` (9).
    pub non_repudiation: bool,
    /// Key reference for MANAGE SECURITY ENVIRONMENT.
    pub reference: Option<u8>,
    /// Indices into the supported algorithms of TokenInfo.
    pub algorithms: Vec<u32>,
    /// Where it lies.
    pub path: Option<Path>,
}

/// Kinds of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// `privateRSAKey`.
    Rsa,
    /// `privateECKey`.
    Ec,
}

/// What the file lists.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PrivateKeys {
    /// The keys of kinds that are known.
    pub keys: Vec<PrivateKey>,
    /// How many there are of other kinds.
    pub others: usize,
}

/// Parses the file; keys of other kinds are only counted.
///
/// # Errors
/// Misbehaviour, with the place of the fault.
pub fn parse(content: &[u8]) -> Result<PrivateKeys, CardError> {
    let mut listed = PrivateKeys::default();
    for object in objects(WHAT, content)? {
        match object.tag {
            SEQUENCE => listed.keys.push(key(KeyKind::Rsa, &object)?),
            Tag(0xA0) => listed.keys.push(key(KeyKind::Ec, &object)?),
            _ => listed.others += 1,
        }
    }
    Ok(listed)
}

fn key(kind: KeyKind, object: &Tlv<'_>) -> Result<PrivateKey, CardError> {
    let fault = tlv_fault(WHAT);
    let Object { common, mut class, mut type_attributes } = Object::parse(WHAT, object)?;
    // CommonKeyAttributes
    let id = class.expect(OCTET_STRING).map_err(&fault)?.value.to_vec();
    let usage = class.expect(BIT_STRING).map_err(&fault)?.value;
    class.take_if(BOOLEAN).map_err(&fault)?;
    class.take_if(BIT_STRING).map_err(&fault)?;
    let key_reference = match class.take_if(INTEGER).map_err(&fault)? {
        Some(number) => Some(reference(WHAT, "keyReference", number.value)?),
        None => None,
    };
    let mut algorithms = Vec::new();
    if let Some(list) = class.find(CONTEXT_1).map_err(&fault)? {
        let mut numbers = list.children();
        while let Some(number) = numbers.take_if(INTEGER).map_err(&fault)? {
            algorithms.extend(integer(number.value));
        }
    }
    let path = match type_attributes.take_if(SEQUENCE).map_err(&fault)? {
        Some(path) => Path::parse_if_any(WHAT, &path)?,
        None => None,
    };
    let (signs, non_repudiation) = (bit(usage, 2), bit(usage, 9));
    Ok(PrivateKey { common, kind, id, signs, non_repudiation, reference: key_reference, algorithms, path })
}
