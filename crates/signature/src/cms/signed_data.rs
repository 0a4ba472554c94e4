//! The message (`ContentInfo` with `SignedData`, RFC 5652 sections 3 and 5.1).

use std::borrow::Cow;

use bitaqa_trust::ObjectIdentifier;

use super::{CmsError, Element, SignerInfo, element::tag, value, writer};
use crate::oid;

/// Most signers of one message.
pub const MAX_SIGNERS: usize = 10_000;

/// Most certificates of one message.
pub const MAX_CERTIFICATES: usize = 1024;

/// Most revocation lists and answers of one message.
pub const MAX_REVOCATION: usize = 1024;

/// Most digest algorithms that a message names.
const MAX_DIGEST_ALGORITHMS: usize = MAX_SIGNERS;

/// A message; its fields as they were found.
#[derive(Debug, Clone)]
pub struct SignedData<'a> {
    /// `version`.
    pub version: Element<'a>,
    /// `digestAlgorithms`.
    pub digest_algorithms: Vec<Element<'a>>,
    /// `encapContentInfo`.
    pub encapsulated: Element<'a>,
    /// `eContentType` as it is encoded.
    pub encoded_content_type: Element<'a>,
    /// `eContentType`.
    pub content_type: ObjectIdentifier,
    /// `eContent`, if the content is attached.
    pub content: Option<Element<'a>>,
    /// `certificates`, with its implicit tag.
    pub certificates_field: Option<Element<'a>>,
    /// Its members (`CertificateChoices`).
    pub certificates: Vec<Element<'a>>,
    /// `crls`, with its implicit tag.
    pub revocation_field: Option<Element<'a>>,
    /// Its members (`RevocationInfoChoice`).
    pub revocation: Vec<Element<'a>>,
    /// `signerInfos`.
    pub signers: Vec<SignerInfo<'a>>,
}

impl<'a> SignedData<'a> {
    /// Reads a message; zeros may follow it.
    ///
    /// # Errors
    /// [`CmsError`].
    pub fn parse(message: &'a [u8]) -> Result<Self, CmsError> {
        let (message, behind) = Element::read(message)?;
        // messages stand in places of a fixed size, filled up with zeros
        if behind.iter().any(|byte| *byte != 0) {
            return Err(CmsError::Trailing);
        }
        let mut outer = message.expect(tag::SEQUENCE, "a message is no sequence")?.reader()?;
        if value::object_identifier(&outer.element()?)? != oid::SIGNED_DATA {
            return Err(CmsError::NotSignedData);
        }
        let explicit = outer.expect(tag::context(0), "a message without content")?;
        outer.finish()?;
        let signed = explicit.only_child()?.expect(tag::SEQUENCE, "signed data is no sequence")?;
        let mut reader = signed.reader()?;
        let version = reader.expect(tag::INTEGER, "signed data without version")?;
        let digest_algorithms = reader
            .expect(tag::SET, "signed data without digest algorithms")?
            .children(MAX_DIGEST_ALGORITHMS, "digest algorithms")?;
        let encapsulated = reader.expect(tag::SEQUENCE, "signed data without content")?;
        let mut inner = encapsulated.reader()?;
        let encoded_content_type = inner.element()?;
        let content = inner
            .optional(tag::context(0))?
            .map(|explicit| {
                let content = explicit.only_child()?;
                if content.tag() & !tag::CONSTRUCTED == tag::OCTET_STRING {
                    Ok(content)
                } else {
                    Err(CmsError::Tag("content that is no octet string"))
                }
            })
            .transpose()?;
        inner.finish()?;
        let certificates_field = reader.optional(tag::context(0))?;
        let revocation_field = reader.optional(tag::context(1))?;
        let signers = reader.expect(tag::SET, "signed data without signers")?;
        reader.finish()?;
        let members = |field: Option<Element<'a>>, most, what| {
            field.map_or_else(|| Ok(Vec::new()), |field| field.children(most, what))
        };
        Ok(Self {
            version,
            digest_algorithms,
            encapsulated,
            content_type: value::object_identifier(&encoded_content_type)?,
            encoded_content_type,
            content,
            certificates: members(certificates_field, MAX_CERTIFICATES, "certificates")?,
            certificates_field,
            revocation: members(revocation_field, MAX_REVOCATION, "revocation lists and answers")?,
            revocation_field,
            signers: signers
                .children(MAX_SIGNERS, "signers")?
                .into_iter()
                .map(SignerInfo::parse)
                .collect::<Result<_, _>>()?,
        })
    }

    /// The attached content.
    ///
    /// # Errors
    /// [`CmsError`].
    pub fn content(&self) -> Result<Option<Cow<'a, [u8]>>, CmsError> {
        self.content.map(|content| content.octets()).transpose()
    }

    /// A signer by number, from zero.
    ///
    /// # Errors
    /// [`CmsError::NoSuchSigner`].
    pub fn signer(&self, index: usize) -> Result<&SignerInfo<'a>, CmsError> {
        self.signers.get(index).ok_or(CmsError::NoSuchSigner)
    }

    /// The same message with changes. What is not changed keeps its bytes and its order; only the lengths around it are
    /// written anew.
    #[must_use]
    pub fn rewrite(&self, changes: &Changes) -> Vec<u8> {
        let mut digest_algorithms: Vec<&[u8]> = self.digest_algorithms.iter().map(Element::encoded).collect();
        for (oid, encoded) in &changes.digest_algorithms {
            if !self.digest_algorithms.iter().any(|one| value::algorithm_oid(one) == Ok(*oid)) {
                digest_algorithms.push(encoded);
            }
        }
        let mut signers: Vec<&[u8]> = self.signers.iter().map(|signer| signer.element.encoded()).collect();
        for (index, signer) in &changes.replaced_signers {
            if let Some(place) = signers.get_mut(*index) {
                *place = signer;
            }
        }
        signers.extend(changes.added_signers.iter().map(Vec::as_slice));
        let field = |number, found: Option<Element<'a>>, members: &[Element<'a>], added: &[Vec<u8>]| {
            let new =
                added.iter().filter(|one| !members.iter().any(|member| member.encoded() == one.as_slice()));
            let new: Vec<&[u8]> = new.map(Vec::as_slice).collect();
            if new.is_empty() {
                return found.map(|field| field.encoded().to_vec()).unwrap_or_default();
            }
            let mut all: Vec<&[u8]> = members.iter().map(Element::encoded).collect();
            // what is in the order of DER stays in it
            let in_order = all.is_sorted();
            all.extend(new);
            if in_order {
                all.sort_unstable();
            }
            writer::constructed(tag::context(number), all)
        };
        let version = changes.version.map(writer::small_integer);
        let signed = writer::sequence([
            version.unwrap_or_else(|| self.version.encoded().to_vec()),
            writer::constructed(tag::SET, digest_algorithms),
            self.encapsulated.encoded().to_vec(),
            field(0, self.certificates_field, &self.certificates, &changes.certificates),
            field(1, self.revocation_field, &self.revocation, &changes.revocation),
            writer::constructed(tag::SET, signers),
        ]);
        content_info(&signed)
    }
}

/// What is to be changed in a message.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// Another version.
    pub version: Option<u8>,
    /// Digest algorithms that are named now, if they are not yet.
    digest_algorithms: Vec<(ObjectIdentifier, Vec<u8>)>,
    /// Members of `certificates`; those that are there already are not added.
    pub certificates: Vec<Vec<u8>>,
    /// Members of `crls`; those that are there already are not added.
    pub revocation: Vec<Vec<u8>>,
    /// Signers by number, and what they are now.
    pub replaced_signers: Vec<(usize, Vec<u8>)>,
    /// Signers more.
    pub added_signers: Vec<Vec<u8>>,
}

impl Changes {
    /// Names a digest algorithm.
    pub fn add_digest_algorithm(&mut self, oid: ObjectIdentifier) {
        self.digest_algorithms.push((oid, writer::algorithm(oid)));
    }
}

/// `ContentInfo` around `SignedData`.
#[must_use]
pub fn content_info(signed_data: &[u8]) -> Vec<u8> {
    writer::sequence([writer::object_identifier(oid::SIGNED_DATA), writer::explicit(0, signed_data)])
}
