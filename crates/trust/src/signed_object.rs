//! What every signed object of X.509 is made of: the signed part, an algorithm, a signature (RFC 5280 section 4.1.1).

use der::{Decode, Header, Reader, SliceReader, Tag, asn1::BitString};
use spki::AlgorithmIdentifierOwned;

use crate::{
    certificate_signature::{self, CertificateSignatureError},
    public_key::PublicKey,
};

/// The outermost structure of a certificate, a revocation list or a responder's answer, with the signed part as it was
/// received: re-encoding could change it.
pub(crate) struct SignedObject<'a> {
    /// The signed bytes, tag and length included.
    pub(crate) message: &'a [u8],
    /// Algorithm of the signature, as it stands outside the signed part.
    pub(crate) algorithm: AlgorithmIdentifierOwned,
    pub(crate) signature: BitString,
    /// What follows the signature: only a responder's answer has something there.
    pub(crate) rest: &'a [u8],
}

impl<'a> SignedObject<'a> {
    pub(crate) fn from_der(der: &'a [u8]) -> der::Result<Self> {
        let mut reader = SliceReader::new(sequence(der)?)?;
        Ok(Self {
            message: reader.tlv_bytes()?,
            algorithm: reader.decode()?,
            signature: reader.decode()?,
            rest: reader.read_slice(reader.remaining_len())?,
        })
    }

    pub(crate) fn verify(&self, key: &PublicKey) -> Result<(), CertificateSignatureError> {
        certificate_signature::verify(key, &self.algorithm, self.message, &self.signature)
    }
}

/// Content of a SEQUENCE that is all there is.
pub(crate) fn sequence(der: &[u8]) -> der::Result<&[u8]> {
    let mut reader = SliceReader::new(der)?;
    let (tag, content) = element(&mut reader)?;
    tag.assert_eq(Tag::Sequence)?;
    reader.finish()?;
    Ok(content)
}

/// Tag and content of the next element.
pub(crate) fn element<'a>(reader: &mut SliceReader<'a>) -> der::Result<(Tag, &'a [u8])> {
    let header = Header::decode(reader)?;
    Ok((header.tag(), reader.read_slice(header.length())?))
}
