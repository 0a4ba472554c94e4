//! What certificates and revocation lists have in common: a body, how it is signed, and the signature (RFC 5280, section 4.1.1).

use std::ops::Range;

use bitaqa_card::signed_data::AlgorithmIdentifier;

use super::{
    certificate::algorithm,
    fields::{BIT_STRING, Fields, FormatError, SEQUENCE, whole_octets},
};

/// The outer structure.
pub(super) struct SignedStructure<'a> {
    /// The content of the body, which is signed.
    pub(super) body: &'a [u8],
    /// Where the signed bytes are, header included.
    pub(super) signed: Range<usize>,
    /// How they are signed.
    pub(super) algorithm: AlgorithmIdentifier,
    /// The signature.
    pub(super) signature: Vec<u8>,
}

impl<'a> SignedStructure<'a> {
    /// Takes `what` apart, whose body has this name.
    pub(super) fn parse(der: &'a [u8], what: &'static str, body: &'static str) -> Result<Self, FormatError> {
        let mut file = Fields::new(der);
        let content = file.expect(SEQUENCE, what)?.value;
        file.end(what)?;
        let mut outer = Fields::new(content);
        let body = outer.expect(SEQUENCE, body)?;
        let algorithm = algorithm(&mut outer)?;
        let signature = outer.expect(BIT_STRING, "signatureValue")?;
        let signature = whole_octets(&signature, "signatureValue")?.to_vec();
        outer.end(what)?;
        // the body comes first, behind the header of the whole
        let start = der.len() - content.len();
        Ok(Self { body: body.value, signed: start..start + body.encoded.len(), algorithm, signature })
    }
}
