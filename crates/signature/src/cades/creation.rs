//! A signature in two steps (EN 319 122-1; RFC 5652 section 5).

use std::borrow::Cow;

use der::Encode;

use super::{
    CadesError, Profile,
    signed_attributes::{Signed, signed_attributes},
};
use crate::{
    Signer, SignerStatement,
    algorithm::EcdsaEncoding,
    cms::{element::tag, signed_data::content_info, writer},
    oid,
};

/// What is signed.
#[derive(Debug, Clone, Copy)]
pub enum Content<'a> {
    /// The content itself, which will be in the file.
    Attached(&'a [u8]),
    /// The content is elsewhere; its digest, taken with the hash of the signer's algorithm.
    Digest(&'a [u8]),
}

/// A signature of which only the signature value is missing.
#[derive(Debug, Clone)]
pub struct Prepared {
    signer: Signer,
    attributes: Vec<u8>,
    encapsulated: Vec<u8>,
}

/// Prepares a message with one signature. A baseline signature states when it was made (EN 319 122-1 clause 6.3): in a file of
/// its own by the statement's time, in a PDF by the PDF.
///
/// # Errors
/// [`CadesError`]: a digest of another length, or a statement that cannot be written.
pub fn prepare(
    signer: &Signer,
    content: Content<'_>,
    profile: Profile,
    statement: &SignerStatement,
) -> Result<Prepared, CadesError> {
    let hash = signer.algorithm().hash();
    let (digest, attached) = match content {
        Content::Attached(content) => (Cow::Owned(hash.digest(&[content])), Some(content)),
        Content::Digest(digest) => (Cow::Borrowed(digest), None),
    };
    if digest.len() != hash.length() {
        return Err(CadesError::DigestLength);
    }
    let signed =
        Signed { certificate: signer.certificate(), hash, digest: &digest, content_type: Some(oid::DATA) };
    let attached = attached.map(|content| writer::explicit(0, &writer::octet_string(content)));
    Ok(Prepared {
        signer: signer.clone(),
        attributes: signed_attributes(signed, profile, statement)?,
        encapsulated: writer::sequence([writer::object_identifier(oid::DATA), attached.unwrap_or_default()]),
    })
}

impl Prepared {
    /// The bytes that are signed: the signed attributes as a SET in DER.
    #[must_use]
    pub fn to_be_signed(&self) -> &[u8] {
        &self.attributes
    }

    /// Their digest, with the hash of the signer's algorithm.
    #[must_use]
    pub fn digest(&self) -> Vec<u8> {
        self.signer.algorithm().hash().digest(&[&self.attributes])
    }

    /// The message with the signature in it: `ContentInfo` in DER.
    ///
    /// # Errors
    /// [`CadesError::Signer`]: the signer's key did not make this signature over [`digest`](Self::digest).
    pub fn finish(self, signature: &[u8]) -> Result<Vec<u8>, CadesError> {
        let signer_info = self.signer_info(signature)?;
        let certificates = [self.signer.certificate()].into_iter().chain(self.signer.chain());
        let mut certificates: Vec<Vec<u8>> =
            certificates.map(|certificate| certificate.der().to_vec()).collect();
        certificates.sort();
        certificates.dedup();
        let signed_data = writer::sequence([
            writer::small_integer(1),
            writer::set_of(vec![writer::algorithm(self.signer.algorithm().hash().oid())]),
            self.encapsulated,
            writer::constructed(tag::context(0), &certificates),
            writer::set_of(vec![signer_info]),
        ]);
        Ok(content_info(&signed_data))
    }

    fn signer_info(&self, signature: &[u8]) -> Result<Vec<u8>, CadesError> {
        let signature = self.signer.accept(&self.digest(), signature, EcdsaEncoding::Der)?;
        let certificate = self.signer.certificate().tbs();
        let identifier =
            writer::sequence([certificate.issuer().to_der()?, certificate.serial_number().to_der()?]);
        Ok(writer::sequence([
            writer::small_integer(1),
            identifier,
            writer::algorithm(self.signer.algorithm().hash().oid()),
            writer::with_tag(self.attributes.clone(), tag::context(0)),
            self.signer.algorithm().identifier()?.to_der()?,
            writer::octet_string(&signature),
        ]))
    }
}
