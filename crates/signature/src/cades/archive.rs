//! Archive time stamps of the third kind, and the index of what they cover (EN 319 122-1 clauses 5.5.2 and 5.5.3).
//!
//! The time stamp is over the type of the content, a digest of the content, the signer's part without its unsigned attributes,
//! and the index. The index has digests of certificates, revocation data and unsigned attributes, so what is added later
//! disturbs nothing.

use std::{collections::HashMap, sync::Arc};

use bitaqa_trust::{ObjectIdentifier, public_key::Hash};

use crate::{
    cms::{
        Attribute, Attributes, CmsError, Element, SignedData, SignerInfo,
        element::{Reader, tag},
        material::{self, Revocation},
        value, writer,
    },
    oid,
};

/// Most digests of one list of an index.
const MAX_DIGESTS: usize = 4096;

/// The kinds of index. They differ in what of the unsigned attributes is hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// `ats-hash-index` and `-v2`: whole attributes.
    Attributes,
    /// `ats-hash-index-v3`: type and value, for each value.
    Values,
}

/// An index, as it was found in a time stamp or is made for one.
#[derive(Debug, Clone)]
pub struct HashIndex {
    encoded: Vec<u8>,
    kind: Kind,
    hash: Option<Hash>,
    certificates: Vec<Vec<u8>>,
    revocation: Vec<Vec<u8>>,
    unsigned: Vec<Vec<u8>>,
}

impl HashIndex {
    /// The index of all that is there now.
    ///
    /// # Errors
    /// [`CmsError`].
    pub fn of(message: &SignedData<'_>, signer: &SignerInfo<'_>, hash: Hash) -> Result<Self, CmsError> {
        let digests = |elements: &[Element<'_>]| -> Vec<Vec<u8>> {
            elements.iter().map(|element| hash.digest(&[element.encoded()])).collect()
        };
        let (certificates, revocation) = (digests(&message.certificates), digests(&message.revocation));
        let unsigned = signer.unsigned_attributes()?;
        let unsigned: Vec<Vec<u8>> = unsigned
            .0
            .iter()
            .flat_map(|attribute| {
                attribute.values.iter().map(move |value| value_digest(attribute, value, hash))
            })
            .collect();
        let list =
            |digests: &[Vec<u8>]| writer::sequence(digests.iter().map(|digest| writer::octet_string(digest)));
        let encoded = writer::sequence([
            writer::algorithm(hash.oid()),
            list(&certificates),
            list(&revocation),
            list(&unsigned),
        ]);
        Ok(Self { encoded, kind: Kind::Values, hash: Some(hash), certificates, revocation, unsigned })
    }

    /// The index in the unsigned attributes of a time stamp's signer; none if there is none.
    ///
    /// # Errors
    /// [`CmsError`]: malformed, or several.
    pub fn find(token: &SignedData<'_>) -> Result<Option<Self>, CmsError> {
        let unsigned = token.signer(0)?.unsigned_attributes()?;
        let mut found = None;
        for (oid, kind) in [
            (oid::ATS_HASH_INDEX_V3, Kind::Values),
            (oid::ATS_HASH_INDEX_V2, Kind::Attributes),
            (oid::ATS_HASH_INDEX, Kind::Attributes),
        ] {
            if let Some(value) = unsigned.only_value(oid)? {
                if found.is_some() {
                    return Err(CmsError::Value("a time stamp with several indexes"));
                }
                found = Some(Self::parse(&value, kind)?);
            }
        }
        Ok(found)
    }

    fn parse(element: &Element<'_>, kind: Kind) -> Result<Self, CmsError> {
        let list = |reader: &mut Reader<'_>| -> Result<Vec<Vec<u8>>, CmsError> {
            let list = reader.expect(tag::SEQUENCE, "a list of digests is missing")?;
            let digests = list.children(MAX_DIGESTS, "digests of an index")?;
            digests.iter().map(|digest| digest.octets().map(std::borrow::Cow::into_owned)).collect()
        };
        let mut reader = element.reader()?;
        let mut ahead = reader;
        // the first kind may leave the algorithm out, which is SHA-256 then: what comes first is a list of digests
        let first = ahead.element()?;
        let named = first.reader()?.optional(tag::OBJECT_IDENTIFIER)?;
        let hash = if let Some(named) = named {
            reader = ahead;
            Hash::from_oid(value::object_identifier(&named)?)
        } else {
            Some(Hash::Sha256)
        };
        let index = Self {
            encoded: element.to_der()?,
            kind,
            hash,
            certificates: list(&mut reader)?,
            revocation: list(&mut reader)?,
            unsigned: list(&mut reader)?,
        };
        reader.finish()?;
        Ok(index)
    }

    /// The attribute for the time stamp.
    #[must_use]
    pub fn attribute(&self) -> Vec<u8> {
        crate::cms::attribute::encode(oid::ATS_HASH_INDEX_V3, vec![self.encoded.clone()])
    }

    /// The digest that the time stamp is over; `content` is the content's digest with the same hash.
    #[must_use]
    pub fn imprint(
        &self,
        message: &SignedData<'_>,
        signer: &SignerInfo<'_>,
        hash: Hash,
        content: &[u8],
    ) -> Vec<u8> {
        hash.digest(&[
            message.encoded_content_type.encoded(),
            content,
            signer.version.encoded(),
            signer.identifier.encoded(),
            signer.digest_algorithm.encoded(),
            signer.signed.map_or(&[][..], |signed| signed.encoded()),
            signer.signature_algorithm.encoded(),
            signer.signature.encoded(),
            &self.encoded,
        ])
    }

    /// What it names of a message: everything named must be there, else the index is of another file (clause 5.5.2). Some
    /// programs name the members of `certificate-values` and `revocation-values` as if they were members of the message.
    pub(super) fn named<'a>(
        &self,
        members: &mut Members<'_, 'a>,
        unsigned: &Attributes<'a>,
    ) -> Option<Named<'a>> {
        let hash = self.hash?;
        let mut of_attributes: HashMap<Vec<u8>, Vec<(ObjectIdentifier, Element<'a>)>> = HashMap::new();
        let mut inside: HashMap<Vec<u8>, Arc<[u8]>> = HashMap::new();
        for attribute in &unsigned.0 {
            let all = attribute.values.iter().map(|value| (attribute.oid, *value));
            for (oid, value) in all.clone() {
                // what is malformed is told where it is read
                let members = material::members_inside(oid, &value).unwrap_or_default();
                inside.extend(
                    members.into_iter().map(|(member, bytes)| (hash.digest(&[member.encoded()]), bytes)),
                );
                if self.kind == Kind::Values {
                    of_attributes.insert(value_digest(attribute, &value, hash), vec![(oid, value)]);
                }
            }
            if self.kind == Kind::Attributes {
                of_attributes.insert(hash.digest(&[attribute.element.encoded()]), all.collect());
            }
        }
        let known = members.by_digest(hash);
        let material = self.certificates.iter().chain(&self.revocation);
        let material = material.map(|digest| known.get(digest).or_else(|| inside.get(digest)).cloned());
        let attributes = self.unsigned.iter().map(|digest| of_attributes.get(digest).cloned());
        Some(Named {
            material: material.collect::<Option<_>>()?,
            attributes: attributes.collect::<Option<Vec<_>>>()?.into_iter().flatten().collect(),
        })
    }
}

fn value_digest(attribute: &Attribute<'_>, value: &Element<'_>, hash: Hash) -> Vec<u8> {
    hash.digest(&[attribute.encoded_type.encoded(), value.encoded()])
}

/// What an index names.
pub(super) struct Named<'a> {
    /// Certificates, lists and answers, in the bytes in which a found signature has them.
    pub(super) material: Vec<Arc<[u8]>>,
    /// Values of unsigned attributes.
    pub(super) attributes: Vec<(ObjectIdentifier, Element<'a>)>,
}

/// Certificates, lists and answers of a message by their digests, which are taken once for each hash.
pub(super) struct Members<'m, 'a> {
    message: &'m SignedData<'a>,
    known: HashMap<Hash, HashMap<Vec<u8>, Arc<[u8]>>>,
}

impl<'m, 'a> Members<'m, 'a> {
    pub(super) fn new(message: &'m SignedData<'a>) -> Self {
        Self { message, known: HashMap::new() }
    }

    /// All of them, in the bytes in which a found signature has them.
    pub(super) fn all(&self) -> Vec<Arc<[u8]>> {
        let certificates = self.message.certificates.iter().map(|one| one.encoded().into());
        let revocation = self.message.revocation.iter().map(revocation_bytes);
        certificates.chain(revocation).collect()
    }

    fn by_digest(&mut self, hash: Hash) -> &HashMap<Vec<u8>, Arc<[u8]>> {
        let Self { message, known } = self;
        known.entry(hash).or_insert_with(|| {
            let certificates = message.certificates.iter().map(|one| (one, one.encoded().into()));
            let revocation = message.revocation.iter().map(|choice| (choice, revocation_bytes(choice)));
            let members = certificates.chain(revocation);
            members.map(|(member, bytes)| (hash.digest(&[member.encoded()]), bytes)).collect()
        })
    }
}

fn revocation_bytes(choice: &Element<'_>) -> Arc<[u8]> {
    let read = material::revocation_choice(choice).ok().flatten();
    read.map_or_else(|| choice.encoded().into(), Revocation::into_bytes)
}
