//! Signatures of a higher level (EN 319 122-1 clauses 5.3 to 5.5 and 6). What is in the file keeps its bytes.

use bitaqa_trust::{Certificate, public_key::Hash};

use super::{
    CadesError,
    archive::HashIndex,
    content_digest::{ContentDigest, ContentDigests, DetachedDigest, OnlyDigests},
};
use crate::{
    cms::{Element, SignedData, SignerInfo, attribute, element::tag, signed_data::Changes, value, writer},
    found::EmbeddedRevocation,
    oid,
    time_stamp::{TimeStampError, TimeStampToken},
};

/// Version of signed data with revocation data of another format than lists (RFC 5652 section 5.1).
const VERSION_WITH_OTHER_FORMATS: u8 = 5;

/// What validation needs, to be kept in the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ValidationData {
    /// Certificates: those of the paths of signer, time stamps and responders.
    pub certificates: Vec<Certificate>,
    /// Revocation lists, `CertificateList` in DER.
    pub lists: Vec<Vec<u8>>,
    /// Responders' answers, `OCSPResponse` in DER.
    pub answers: Vec<Vec<u8>>,
}

impl ValidationData {
    /// Lists and answers, as a reader finds them.
    #[must_use]
    pub fn revocation(&self) -> EmbeddedRevocation {
        let shared = |list: &[Vec<u8>]| list.iter().map(|der| der.as_slice().into()).collect();
        EmbeddedRevocation { lists: shared(&self.lists), answers: shared(&self.answers) }
    }
}

/// The digest that a time stamp over a signature is asked for (level B-T): over its value. Signers are counted from zero.
///
/// # Errors
/// [`CadesError`].
pub fn signature_time_stamp_digest(message: &[u8], signer: usize, hash: Hash) -> Result<Vec<u8>, CadesError> {
    let message = SignedData::parse(message)?;
    Ok(hash.digest(&[&message.signer(signer)?.signature()?]))
}

/// Adds a time stamp over a signature (level B-T).
///
/// # Errors
/// [`CadesError`]: the time stamp is over something else, or an old archive time stamp allows no addition.
pub fn with_signature_time_stamp(message: &[u8], signer: usize, token: &[u8]) -> Result<Vec<u8>, CadesError> {
    let message = open(message)?;
    let info = message.signer(signer)?;
    check_imprint(token, |hash| Ok(hash.digest(&[&info.signature()?])))?;
    // without zeros that may follow it
    let (token, _) = Element::read(token)?;
    let attribute = attribute::encode(oid::SIGNATURE_TIME_STAMP, vec![token.encoded().to_vec()]);
    Ok(with_attribute(&message, signer, &attribute)?)
}

/// Adds certificates, lists and answers (level B-LT); what is there already is not added again.
///
/// # Errors
/// [`CadesError`]: something that is no element of DER, or an old archive time stamp allows no addition.
pub fn with_validation_data(message: &[u8], data: &ValidationData) -> Result<Vec<u8>, CadesError> {
    let message = open(message)?;
    let mut changes = Changes::default();
    changes.certificates.extend(data.certificates.iter().map(|certificate| certificate.der().to_vec()));
    for list in &data.lists {
        Element::parse(list)?.expect(tag::SEQUENCE, "a revocation list is no sequence")?;
        changes.revocation.push(list.clone());
    }
    for answer in &data.answers {
        Element::parse(answer)?.expect(tag::SEQUENCE, "an answer is no sequence")?;
        let other = [writer::object_identifier(oid::OCSP_RESPONSE), answer.clone()];
        changes.revocation.push(writer::constructed(tag::context(1), other));
    }
    for added in [&mut changes.certificates, &mut changes.revocation] {
        added.sort();
        added.dedup();
    }
    if !data.answers.is_empty() && value::small_integer(&message.version)? < VERSION_WITH_OTHER_FORMATS.into()
    {
        changes.version = Some(VERSION_WITH_OTHER_FORMATS);
    }
    Ok(message.rewrite(&changes))
}

/// The digest that an archive time stamp is asked for (level B-LTA), of the file as it is. Detached content is asked for by its
/// digest with the same hash.
///
/// # Errors
/// [`CadesError`].
pub fn archive_time_stamp_digest(
    message: &[u8],
    signer: usize,
    hash: Hash,
    content: DetachedDigest<'_>,
) -> Result<Vec<u8>, CadesError> {
    let message = open(message)?;
    let info = message.signer(signer)?;
    archive_digest(&message, info, hash, content).map(|(digest, _)| digest)
}

/// Adds an archive time stamp (level B-LTA), which was made over the file as it is.
///
/// # Errors
/// [`CadesError`]: the time stamp is over something else, or an old archive time stamp allows no addition.
pub fn with_archive_time_stamp(
    message: &[u8],
    signer: usize,
    content: DetachedDigest<'_>,
    token: &[u8],
) -> Result<Vec<u8>, CadesError> {
    let message = open(message)?;
    let info = message.signer(signer)?;
    let mut made = None;
    check_imprint(token, |hash| {
        let (digest, index) = archive_digest(&message, info, hash, content)?;
        made = Some(index);
        Ok(digest)
    })?;
    let index = made.ok_or(TimeStampError::NotAsked("imprint"))?;
    let stamp = SignedData::parse(token)?;
    let token = with_attribute(&stamp, 0, &index.attribute())?;
    let attribute = attribute::encode(oid::ARCHIVE_TIME_STAMP_V3, vec![token]);
    Ok(with_attribute(&message, signer, &attribute)?)
}

fn archive_digest(
    message: &SignedData<'_>,
    signer: &SignerInfo<'_>,
    hash: Hash,
    content: DetachedDigest<'_>,
) -> Result<(Vec<u8>, HashIndex), CadesError> {
    let ContentDigest::Is(content) =
        ContentDigests::new(message.content()?, &mut OnlyDigests(content)).take(hash)
    else {
        return Err(CadesError::NoContent);
    };
    let index = HashIndex::of(message, signer, hash)?;
    Ok((index.imprint(message, signer, hash, &content), index))
}

/// Reads a message that something will be added to.
pub(super) fn open(message: &[u8]) -> Result<SignedData<'_>, CadesError> {
    let message = SignedData::parse(message)?;
    for signer in &message.signers {
        if signer.unsigned_attributes()?.find(oid::ARCHIVE_TIME_STAMP_V2).is_some() {
            return Err(CadesError::Sealed);
        }
    }
    Ok(message)
}

fn check_imprint(
    token: &[u8],
    digest: impl FnOnce(Hash) -> Result<Vec<u8>, CadesError>,
) -> Result<(), CadesError> {
    let parsed = TimeStampToken::parse(token)?;
    let hash = parsed.hash().ok_or(TimeStampError::NotAsked("hash"))?;
    if digest(hash)? == parsed.imprint() { Ok(()) } else { Err(TimeStampError::NotAsked("imprint").into()) }
}

/// Adds an unsigned attribute. A set in the order of DER stays in it; in any other the attribute comes last.
pub(super) fn with_attribute(
    message: &SignedData<'_>,
    signer: usize,
    attribute: &[u8],
) -> Result<Vec<u8>, crate::cms::CmsError> {
    let info = message.signer(signer)?;
    let unsigned = info.unsigned_attributes()?;
    let mut attributes: Vec<&[u8]> = unsigned.0.iter().map(|one| one.element.encoded()).collect();
    let in_order = attributes.is_sorted();
    attributes.push(attribute);
    if in_order {
        attributes.sort_unstable();
    }
    let changed = info.with_unsigned(&attributes);
    let mut changes = Changes::default();
    changes.replaced_signers.push((signer, changed));
    Ok(message.rewrite(&changes))
}
