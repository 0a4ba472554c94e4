//! `SignedAttributes` of CMS: an attribute each, in DER.

use bitaqa_trust::{DateTime, ObjectIdentifier};
use der::{
    Decode, Encode, Tag, Tagged,
    asn1::{AnyRef, GeneralizedTime, UtcTime},
};

use super::{BoundCertificate, MAX_STATEMENTS, Of, Refusal, Statement, ToBeSigned, digest};
use crate::{Hash, SignatureAlgorithm};

/// Most attributes.
const MAX_ATTRIBUTES: usize = 16;

/// `id-data` (RFC 5652 section 4).
const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_TIME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.5");
/// RFC 6211.
const ALGORITHM_PROTECTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.52");
/// RFC 2634 section 2.9.
const CONTENT_HINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.4");
const POLICY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.15");
const COMMITMENT: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.16");
const SIGNER_LOCATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.17");
/// RFC 5035 section 3.
const SIGNING_CERTIFICATE_V2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
/// EN 319 122-1 clause 5.2.5.
const MIME_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("0.4.0.1733.2.1");
/// EN 319 122-1 clause 5.2.6.
const SIGNER_ATTRIBUTES_V2: ObjectIdentifier = ObjectIdentifier::new_unwrap("0.4.0.19122.1.1");

/// Reads the set; nothing may stand twice, follow, or have another encoding.
pub(super) fn read(bytes: &[u8], algorithm: SignatureAlgorithm) -> Result<ToBeSigned, Refusal> {
    let set = element(bytes, Tag::Set)?;
    let attributes = children(set, MAX_ATTRIBUTES)?;
    // DER sorts the elements of a set by their encodings (X.690 section 11.6)
    let is_sorted = attributes.is_sorted_by(|before, after| before.encoded < after.encoded);
    if !is_sorted {
        return Err(Refusal::Malformed("attributes out of order"));
    }
    let mut read = Attributes::default();
    for attribute in attributes {
        read.take(attribute.any)?;
    }
    read.finish(algorithm)
}

/// What was read so far.
#[derive(Default)]
struct Attributes<'a> {
    seen: Vec<ObjectIdentifier>,
    message_digest: Option<&'a [u8]>,
    certificate: Option<BoundCertificate>,
    signing_time: Option<DateTime>,
    statements: Vec<Statement>,
    protected: Option<(Hash, AnyRef<'a>)>,
}

impl<'a> Attributes<'a> {
    fn take(&mut self, attribute: AnyRef<'a>) -> Result<(), Refusal> {
        let [name, values] = exactly(attribute, Tag::Sequence)?;
        let name = identifier(name)?;
        if self.seen.contains(&name) {
            return Err(Refusal::Malformed("an attribute twice"));
        }
        self.seen.push(name);
        // every attribute that is understood here has one value (RFC 5652 section 11, EN 319 122-1 clause 5)
        let [value] = exactly(values, Tag::Set)?;
        match name {
            // PAdES and CAdES sign data; a time stamp is none of a person's documents
            CONTENT_TYPE if identifier(value)? == DATA => {}
            CONTENT_TYPE => return Err(Refusal::NotUnderstood("a content type other than data")),
            MESSAGE_DIGEST => self.message_digest = Some(octets(value)?),
            SIGNING_TIME => self.signing_time = Some(time(value)?),
            SIGNING_CERTIFICATE_V2 => self.certificate = Some(signing_certificate(value)?),
            ALGORITHM_PROTECTION => self.protected = Some(protection(value)?),
            COMMITMENT => {
                let commitment = children(of(value, Tag::Sequence)?, 2)?;
                let first = commitment.first().ok_or(Refusal::Malformed("a commitment"))?;
                self.state(Statement::Commitment(identifier(first.any)?.to_string()))?;
            }
            POLICY => {
                let policy = children(of(value, Tag::Sequence)?, 3)?;
                let first = policy.first().ok_or(Refusal::NotUnderstood("an implied policy"))?;
                self.state(Statement::Policy(identifier(first.any)?.to_string()))?;
            }
            SIGNER_LOCATION => self.state(Statement::Place)?,
            SIGNER_ATTRIBUTES_V2 => self.state(Statement::Role)?,
            MIME_TYPE | CONTENT_HINTS => {}
            other => return Err(Refusal::Attribute(other)),
        }
        Ok(())
    }

    fn state(&mut self, statement: Statement) -> Result<(), Refusal> {
        if self.statements.len() >= MAX_STATEMENTS {
            return Err(Refusal::TooMany);
        }
        self.statements.push(statement);
        Ok(())
    }

    fn finish(self, algorithm: SignatureAlgorithm) -> Result<ToBeSigned, Refusal> {
        // the digest algorithm is outside these bytes; one signature has one hash (RFC 5754 section 3)
        let hash = algorithm.hash();
        if !self.seen.contains(&CONTENT_TYPE) {
            return Err(Refusal::Missing("the content type"));
        }
        if let Some((protected, signature)) = self.protected {
            let named = signature.to_der().map_err(|_| Refusal::Malformed("an algorithm"))?;
            let named = spki::AlgorithmIdentifierOwned::from_der(&named)
                .map_err(|_| Refusal::Malformed("an algorithm"))?;
            let scheme = SignatureAlgorithm::from_identifier(&named, protected.oid());
            if protected != hash || scheme != Ok(algorithm.scheme(crate::algorithm::EcdsaEncoding::Der)) {
                return Err(Refusal::Algorithm);
            }
        }
        let value = self.message_digest.ok_or(Refusal::Missing("the message digest"))?;
        Ok(ToBeSigned {
            digests: vec![digest(Of::Content, hash, value)?],
            certificate: Some(self.certificate.ok_or(Refusal::Missing("the signing certificate"))?),
            signing_time: self.signing_time,
            statements: self.statements,
        })
    }
}

/// `SigningCertificateV2` (RFC 5035 section 3): the first certificate is the signer's.
fn signing_certificate(value: AnyRef<'_>) -> Result<BoundCertificate, Refusal> {
    let parts = children(of(value, Tag::Sequence)?, 2)?;
    let list = parts.first().ok_or(Refusal::Malformed("a signing certificate"))?;
    let certificates = children(of(list.any, Tag::Sequence)?, MAX_STATEMENTS)?;
    let first = certificates.first().ok_or(Refusal::Malformed("a signing certificate"))?;
    let fields = children(of(first.any, Tag::Sequence)?, 3)?;
    let mut fields = fields.iter();
    let mut next = fields.next().ok_or(Refusal::Malformed("a certificate's identifier"))?;
    let mut hash = Hash::Sha256;
    if next.any.tag() == Tag::Sequence {
        hash = hash_of(next.any)?;
        if hash == Hash::Sha256 {
            // DER leaves a default out
            return Err(Refusal::Malformed("a default that is written out"));
        }
        next = fields.next().ok_or(Refusal::Malformed("a certificate's identifier"))?;
    }
    let value = octets(next.any)?;
    if value.len() != hash.length() {
        return Err(Refusal::Hash);
    }
    Ok(BoundCertificate::Digest { hash, value: value.to_vec() })
}

/// `CMSAlgorithmProtection` (RFC 6211 section 2), with the algorithm of a signature.
fn protection(value: AnyRef<'_>) -> Result<(Hash, AnyRef<'_>), Refusal> {
    let [hash, signature] = exactly(value, Tag::Sequence)?;
    let is_signature =
        signature.tag() == Tag::ContextSpecific { constructed: true, number: der::TagNumber(1) };
    if !is_signature {
        return Err(Refusal::NotUnderstood("a protected algorithm that is no signature's"));
    }
    let signature = AnyRef::new(Tag::Sequence, signature.value()).map_err(|_| Refusal::TooLong)?;
    Ok((hash_of(hash)?, signature))
}

/// The hash of an `AlgorithmIdentifier`, whose parameters are absent or NULL (RFC 5754 section 2).
fn hash_of(algorithm: AnyRef<'_>) -> Result<Hash, Refusal> {
    let parts = children(of(algorithm, Tag::Sequence)?, 2)?;
    let (name, parameters) = match parts.as_slice() {
        [name] => (name, None),
        [name, parameters] => (name, Some(parameters)),
        _ => return Err(Refusal::Malformed("an algorithm")),
    };
    if parameters.is_some_and(|parameters| parameters.any != AnyRef::NULL) {
        return Err(Refusal::Malformed("a hash with parameters"));
    }
    Hash::from_oid(identifier(name.any)?).ok_or(Refusal::Hash)
}

/// `SigningTime` (RFC 5652 section 11.3).
fn time(value: AnyRef<'_>) -> Result<DateTime, Refusal> {
    let malformed = |_| Refusal::Malformed("a signing time");
    match value.tag() {
        Tag::UtcTime => Ok(value.decode_as::<UtcTime>().map_err(malformed)?.to_date_time()),
        _ => Ok(value.decode_as::<GeneralizedTime>().map_err(malformed)?.to_date_time()),
    }
}

/// An element with its whole encoding.
struct Element<'a> {
    any: AnyRef<'a>,
    encoded: &'a [u8],
}

/// The one element that the bytes are.
fn element(bytes: &[u8], tag: Tag) -> Result<AnyRef<'_>, Refusal> {
    of(AnyRef::from_der(bytes).map_err(|_| Refusal::Malformed("no DER"))?, tag)
}

fn of(any: AnyRef<'_>, tag: Tag) -> Result<AnyRef<'_>, Refusal> {
    if any.tag() == tag { Ok(any) } else { Err(Refusal::Malformed("another type")) }
}

/// The elements inside one.
fn children(outer: AnyRef<'_>, most: usize) -> Result<Vec<Element<'_>>, Refusal> {
    let malformed = |_| Refusal::Malformed("no DER");
    let mut rest = outer.value();
    let mut elements = Vec::new();
    while !rest.is_empty() {
        if elements.len() >= most {
            return Err(Refusal::TooMany);
        }
        let (any, after) = AnyRef::from_der_partial(rest).map_err(malformed)?;
        let (encoded, after) =
            rest.split_at_checked(rest.len() - after.len()).ok_or(Refusal::Malformed("no DER"))?;
        elements.push(Element { any, encoded });
        rest = after;
    }
    Ok(elements)
}

/// Exactly so many elements inside one of this type.
fn exactly<const N: usize>(outer: AnyRef<'_>, tag: Tag) -> Result<[AnyRef<'_>; N], Refusal> {
    let elements: Vec<AnyRef<'_>> =
        children(of(outer, tag)?, N)?.into_iter().map(|element| element.any).collect();
    elements.try_into().map_err(|_| Refusal::Malformed("another number of elements"))
}

fn identifier(any: AnyRef<'_>) -> Result<ObjectIdentifier, Refusal> {
    any.decode_as().map_err(|_| Refusal::Malformed("no object identifier"))
}

fn octets(any: AnyRef<'_>) -> Result<&[u8], Refusal> {
    if any.tag() == Tag::OctetString { Ok(any.value()) } else { Err(Refusal::Malformed("no octets")) }
}
