//! CDF: certificates (ISO/IEC 7816-15, section 8.6).

use std::fmt;

use super::object::{
    BOOLEAN, CONTEXT_0, CommonObjectAttributes, OCTET_STRING, Object, Path, SEQUENCE, objects, tlv_fault,
};
use crate::{
    error::{CardError, Misbehaviour},
    tlv::{Tlv, TlvReader, encode},
};

const WHAT: &str = "CDF";

/// A certificate, as the card describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Its label.
    pub common: CommonObjectAttributes,
    /// Same as that of its key.
    pub id: Vec<u8>,
    /// Whether it is an authority's.
    pub authority: bool,
    /// Where its value is.
    pub value: Value,
}

/// Where a certificate's value is.
#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    /// In a file.
    Indirect(Path),
    /// In the directory itself.
    Direct(Vec<u8>),
}

/// A certificate itself is somebody's: only its length is shown.
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Indirect(path) => f.debug_tuple("Indirect").field(path).finish(),
            Self::Direct(certificate) => write!(f, "Direct, {} bytes", certificate.len()),
        }
    }
}

/// Parses the file; certificates other than X.509 are left out.
///
/// # Errors
/// Misbehaviour, with the place of the fault.
pub fn parse(content: &[u8]) -> Result<Vec<Certificate>, CardError> {
    let x509 = objects(WHAT, content)?.into_iter().filter(|object| object.tag == SEQUENCE);
    x509.map(|object| certificate(&object)).collect()
}

fn certificate(object: &Tlv<'_>) -> Result<Certificate, CardError> {
    let fault = tlv_fault(WHAT);
    let Object { common, mut class, mut type_attributes } = Object::parse(WHAT, object)?;
    let id = class.expect(OCTET_STRING).map_err(&fault)?.value.to_vec();
    let authority = class.take_if(BOOLEAN).map_err(&fault)?.is_some_and(|boolean| boolean.value != [0]);
    let value = if let Some(path) = type_attributes.take_if(SEQUENCE).map_err(&fault)? {
        Value::Indirect(Path::parse(WHAT, &path)?)
    } else if let Some(direct) = type_attributes.take_if(CONTEXT_0).map_err(&fault)? {
        Value::Direct(explicit(direct.value))
    } else {
        return Err(Misbehaviour::Element { what: WHAT, element: "value" }.into());
    };
    Ok(Certificate { common, id, authority, value })
}

/// `direct [0]` is tagged explicitly by some cards and implicitly, in place of the certificate's own `SEQUENCE`, by others.
fn explicit(value: &[u8]) -> Vec<u8> {
    match TlvReader::new(value).expect(SEQUENCE) {
        Ok(whole) if whole.encoded.len() == value.len() => value.to_vec(),
        _ => encode(SEQUENCE, value),
    }
}
