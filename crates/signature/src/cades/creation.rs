//! A signature in two steps (EN 319 122-1; RFC 5652 section 5).

use bitaqa_trust::public_key::Hash;
use der::Encode;

use super::{
    CadesError, Profile,
    content_digest::{ContentDigest, ContentDigests, DetachedDigest, OnlyDigests},
    extension,
    signed_attributes::{Signed, signed_attributes},
};
use crate::{
    Signer, SignerStatement,
    algorithm::EcdsaEncoding,
    cms::{
        SignedData, attribute,
        element::tag,
        signed_data::{Changes, content_info},
        writer,
    },
    oid,
};

/// What is signed.
#[derive(Debug, Clone)]
pub enum Content<'a> {
    /// The content itself, which will be in the file.
    Attached(&'a [u8]),
    /// The content is elsewhere.
    Digest {
        /// The hash of the signer's algorithm.
        hash: Hash,
        /// Its digest.
        digest: Vec<u8>,
    },
}

/// A signature of which only the signature value is missing.
#[derive(Debug, Clone)]
pub struct Prepared {
    signer: Signer,
    attributes: Vec<u8>,
    place: Place,
}

/// Where the signature will be.
#[derive(Debug, Clone)]
enum Place {
    /// A new message with this `encapContentInfo`.
    New { encapsulated: Vec<u8> },
    /// Beside the other signatures of a message.
    Parallel { message: Vec<u8> },
    /// In the unsigned attributes of a signer of a message.
    Counter { message: Vec<u8>, signer: usize },
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
        Content::Attached(content) => (hash.digest(&[content]), Some(content)),
        Content::Digest { hash: of_content, digest }
            if of_content == hash && digest.len() == hash.length() =>
        {
            (digest, None)
        }
        Content::Digest { .. } => return Err(CadesError::Digest),
    };
    let signed =
        Signed { certificate: signer.certificate(), hash, digest: &digest, content_type: Some(oid::DATA) };
    let attached = attached.map(|content| writer::explicit(0, &writer::octet_string(content)));
    Ok(Prepared {
        signer: signer.clone(),
        attributes: signed_attributes(signed, profile, statement)?,
        place: Place::New {
            encapsulated: writer::sequence([
                writer::object_identifier(oid::DATA),
                attached.unwrap_or_default(),
            ]),
        },
    })
}

/// Prepares one more signature over the content of a message, beside those that it has: whoever made them, their bytes stay as
/// they are. Content that is not in the file is asked for by its digest.
///
/// # Errors
/// [`CadesError`]: the message cannot be read or allows no addition, the content is not there, or the statement cannot be
/// written.
pub fn prepare_parallel(
    message: &[u8],
    signer: &Signer,
    content: DetachedDigest<'_>,
    statement: &SignerStatement,
) -> Result<Prepared, CadesError> {
    let opened = extension::open(message)?;
    let hash = signer.algorithm().hash();
    let ContentDigest::Is(digest) =
        ContentDigests::new(opened.content()?, &mut OnlyDigests(content)).take(hash)
    else {
        return Err(CadesError::NoContent);
    };
    let content_type = Some(opened.content_type);
    let signed = Signed { certificate: signer.certificate(), hash, digest: &digest, content_type };
    Ok(Prepared {
        signer: signer.clone(),
        attributes: signed_attributes(signed, Profile::Cades, statement)?,
        place: Place::Parallel { message: message.to_vec() },
    })
}

/// Prepares a signature over the signature of a message's signer, counted from zero (RFC 5652 section 11.4).
///
/// # Errors
/// [`CadesError`]: the message cannot be read or allows no addition, or the statement cannot be written.
pub fn prepare_counter_signature(
    message: &[u8],
    signed: usize,
    signer: &Signer,
    statement: &SignerStatement,
) -> Result<Prepared, CadesError> {
    let opened = extension::open(message)?;
    let hash = signer.algorithm().hash();
    let digest = hash.digest(&[&opened.signer(signed)?.signature()?]);
    let attributes = Signed { certificate: signer.certificate(), hash, digest: &digest, content_type: None };
    Ok(Prepared {
        signer: signer.clone(),
        attributes: signed_attributes(attributes, Profile::Cades, statement)?,
        place: Place::Counter { message: message.to_vec(), signer: signed },
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
        let hash = self.signer.algorithm().hash().oid();
        let mut changes = Changes::default();
        let (message, signer) = match self.place {
            Place::New { encapsulated } => {
                return Ok(content_info(&writer::sequence([
                    writer::small_integer(1),
                    writer::set_of(vec![writer::algorithm(hash)]),
                    encapsulated,
                    writer::constructed(tag::context(0), &certificates),
                    writer::set_of(vec![signer_info]),
                ])));
            }
            Place::Parallel { message } => {
                changes.add_digest_algorithm(hash);
                changes.added_signers.push(signer_info);
                (message, None)
            }
            Place::Counter { message, signer } => (message, Some((signer, signer_info))),
        };
        changes.certificates = certificates;
        let message = SignedData::parse(&message)?.rewrite(&changes);
        match signer {
            None => Ok(message),
            Some((signer, counter)) => {
                let attribute = attribute::encode(oid::COUNTER_SIGNATURE, vec![counter]);
                Ok(extension::with_attribute(&SignedData::parse(&message)?, signer, &attribute)?)
            }
        }
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
