//! TokenInfo: the card itself and what it can compute (ISO/IEC 7816-15, section 8.10).

use std::fmt;

use super::object::{
    BIT_STRING, INTEGER, OCTET_STRING, SEQUENCE, UTF8_STRING, integer, reference, text, tlv_fault,
};
use crate::{
    error::CardError,
    layout::{Method, Operation},
    signature::{Hash, Input, Scheme},
    tlv::{Tag, Tlv, TlvReader},
};

/// File identifier, relative to the application.
pub const PATH: [u8; 2] = [0x50, 0x32];
const WHAT: &str = "TokenInfo";
const NULL: Tag = Tag(0x05);
const OBJECT_IDENTIFIER: Tag = Tag(0x06);
/// Most algorithms that are looked at.
const MAX_ALGORITHMS: usize = 64;

/// The card, as it describes itself.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct TokenInfo {
    /// `serialNumber`; personal data, never shown or logged whole.
    pub serial_number: Vec<u8>,
    /// `manufacturerID`.
    pub manufacturer: Option<String>,
    /// `label`.
    pub label: Option<String>,
    /// `supportedAlgorithms`.
    pub algorithms: Vec<Algorithm>,
}

/// Without the serial number.
impl fmt::Debug for TokenInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenInfo")
            .field("manufacturer", &self.manufacturer)
            .field("label", &self.label)
            .field("algorithms", &self.algorithms)
            .finish_non_exhaustive()
    }
}

/// `AlgorithmInfo`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Algorithm {
    /// By which keys name it.
    pub index: u32,
    /// PKCS#11 mechanism.
    pub mechanism: u32,
    /// Algorithm reference for MANAGE SECURITY ENVIRONMENT.
    pub reference: Option<u8>,
}

impl Algorithm {
    /// How a key signs with it, if it is a signature mechanism that we use.
    #[must_use]
    pub fn method(&self) -> Option<Method> {
        use Hash::{Sha256, Sha384, Sha512};
        // PKCS#11 mechanisms: CKM_RSA_PKCS, CKM_RSA_PKCS_PSS, CKM_SHAx_RSA_PKCS(_PSS), CKM_ECDSA(_SHAx)
        let (scheme, hash, input) = match self.mechanism {
            0x0001 => (Scheme::RsaPkcs1, None, Input::DigestInfo),
            0x0040 => (Scheme::RsaPkcs1, Some(Sha256), Input::Digest),
            0x0041 => (Scheme::RsaPkcs1, Some(Sha384), Input::Digest),
            0x0042 => (Scheme::RsaPkcs1, Some(Sha512), Input::Digest),
            0x000D => (Scheme::RsaPss, None, Input::Digest),
            0x0043 => (Scheme::RsaPss, Some(Sha256), Input::Digest),
            0x0044 => (Scheme::RsaPss, Some(Sha384), Input::Digest),
            0x0045 => (Scheme::RsaPss, Some(Sha512), Input::Digest),
            0x1041 => (Scheme::Ecdsa, None, Input::Digest),
            0x1044 => (Scheme::Ecdsa, Some(Sha256), Input::Digest),
            0x1045 => (Scheme::Ecdsa, Some(Sha384), Input::Digest),
            0x1046 => (Scheme::Ecdsa, Some(Sha512), Input::Digest),
            _ => return None,
        };
        Some(Method {
            scheme,
            hash,
            reference: self.reference,
            hash_reference: None,
            operation: Operation::ComputeDigitalSignature,
            input,
        })
    }
}

/// Parses the file.
///
/// # Errors
/// Misbehaviour, with the place of the fault.
pub fn parse(content: &[u8]) -> Result<TokenInfo, CardError> {
    let fault = tlv_fault(WHAT);
    let mut fields = TlvReader::new(content).expect(SEQUENCE).map_err(&fault)?.children();
    fields.expect(INTEGER).map_err(&fault)?;
    let serial_number = fields.expect(OCTET_STRING).map_err(&fault)?.value.to_vec();
    let manufacturer = fields.take_if(UTF8_STRING).map_err(&fault)?.map(|name| text(name.value));
    let label = fields.take_if(Tag(0x80)).map_err(&fault)?.map(|name| text(name.value));
    let mut info = TokenInfo { serial_number, manufacturer, label, algorithms: Vec::new() };
    // tokenflags, then optional seInfo and recordInfo
    if let Some(list) = fields.find(Tag(0xA2)).map_err(&fault)? {
        let mut entries = list.children();
        while let Some(entry) = entries.take_if(SEQUENCE).map_err(&fault)? {
            if info.algorithms.len() < MAX_ALGORITHMS {
                info.algorithms.extend(algorithm(&entry)?);
            }
        }
    }
    Ok(info)
}

fn algorithm(entry: &Tlv<'_>) -> Result<Option<Algorithm>, CardError> {
    let fault = tlv_fault(WHAT);
    let mut fields = entry.children();
    let index = integer(fields.expect(INTEGER).map_err(&fault)?.value);
    let mechanism = integer(fields.expect(INTEGER).map_err(&fault)?.value);
    // parameters: NULL on most cards, any type by the standard
    if fields.take_if(NULL).map_err(&fault)?.is_none()
        && fields.take_if(BIT_STRING).map_err(&fault)?.is_none()
    {
        fields.read().map_err(&fault)?;
    }
    fields.take_if(BIT_STRING).map_err(&fault)?;
    fields.take_if(OBJECT_IDENTIFIER).map_err(&fault)?;
    let algorithm_reference = match fields.take_if(INTEGER).map_err(&fault)? {
        Some(number) => Some(reference(WHAT, "algRef", number.value)?),
        None => None,
    };
    Ok(index.zip(mechanism).map(|(index, mechanism)| Algorithm {
        index,
        mechanism,
        reference: algorithm_reference,
    }))
}
