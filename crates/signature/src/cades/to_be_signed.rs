//! What a signature is asked for, read from the bytes that will be signed: whoever holds the key shows it to the person before.

use bitaqa_trust::{Certificate, ObjectIdentifier};

use super::{CadesError, statement_reading::statement};
use crate::{
    SignerStatement,
    cms::{
        Attributes, CmsError, Element,
        attribute::MAX_ATTRIBUTES,
        element::tag,
        signing_certificate::{Comparison, SigningCertificateReference},
        verification, writer,
    },
    oid,
};

/// Longest set of signed attributes, in bytes.
pub const MAX_LENGTH: usize = 64 * 1024;

/// The attributes that are known here. Any other could say anything, so bytes with one are not shown and not signed.
const KNOWN: [ObjectIdentifier; 10] = [
    oid::CONTENT_TYPE,
    oid::MESSAGE_DIGEST,
    oid::SIGNING_CERTIFICATE_V2,
    oid::SIGNING_TIME,
    oid::COMMITMENT_TYPE,
    oid::SIGNER_ATTRIBUTES_V2,
    oid::SIGNER_LOCATION,
    oid::SIGNATURE_POLICY,
    oid::MIME_TYPE,
    oid::ALGORITHM_PROTECTION,
];

/// Signed attributes before they are signed.
#[derive(Debug, Clone)]
pub struct ToBeSigned {
    /// Digest of the content; of a signature's value in a counter-signature.
    pub message_digest: Vec<u8>,
    /// The content's type; none in a counter-signature.
    pub content_type: Option<ObjectIdentifier>,
    /// What the signer says.
    pub statement: SignerStatement,
    reference: SigningCertificateReference,
}

impl ToBeSigned {
    /// Reads the bytes that [`Prepared::to_be_signed`](super::Prepared::to_be_signed) gives.
    ///
    /// # Errors
    /// [`CadesError`]: not signed attributes in DER, one that is not known or cannot be read, or one that must be there and is
    /// not.
    pub fn read(bytes: &[u8]) -> Result<Self, CadesError> {
        if bytes.len() > MAX_LENGTH {
            return Err(CmsError::TooMany("bytes of signed attributes").into());
        }
        let set = Element::parse(bytes)?.expect(tag::SET, "signed attributes are no set")?;
        let parts = set.children(MAX_ATTRIBUTES, "attributes")?;
        let in_der = parts.iter().map(Element::to_der).collect::<Result<_, _>>().map(writer::set_of)?;
        if in_der != bytes {
            return Err(CmsError::Value("signed attributes that are not in DER").into());
        }
        let signed = Attributes::parse(&set)?;
        if let Some(unknown) = signed.0.iter().find(|attribute| !KNOWN.contains(&attribute.oid)) {
            return Err(CadesError::UnknownAttribute { attribute: unknown.oid });
        }
        if signed.repeated().next().is_some() {
            return Err(CmsError::Value("a signed attribute occurs several times").into());
        }
        let mut remarks = Vec::new();
        let statement = statement(&signed, &mut remarks);
        if !remarks.is_empty() {
            return Err(CmsError::Value("what the signer says cannot be read").into());
        }
        Ok(Self {
            message_digest: verification::message_digest(&signed)?,
            content_type: verification::content_type(&signed)?,
            statement,
            reference: SigningCertificateReference::find(&signed)?
                .ok_or(CmsError::Value("the signer's certificate is not named"))?,
        })
    }

    /// Whether it is this certificate's signature that is asked for.
    #[must_use]
    pub fn names(&self, certificate: &Certificate) -> bool {
        self.reference.compare(certificate) == Comparison::Same
    }
}
