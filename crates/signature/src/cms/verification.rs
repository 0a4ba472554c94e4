//! Whether a key signed a signer's part, and over which content (RFC 5652 sections 5.4 and 5.6).

use bitaqa_trust::{
    ObjectIdentifier,
    public_key::{Hash, PublicKey, SignatureScheme},
};

use super::{Attributes, CmsError, SignerInfo, value};
use crate::{SignatureAlgorithm, algorithm::AlgorithmError, oid};

/// The algorithm of a signer's part.
///
/// # Errors
/// [`CmsError`]: malformed; inside, [`AlgorithmError`]: not one that we take.
pub fn scheme(info: &SignerInfo<'_>) -> Result<Result<SignatureScheme, AlgorithmError>, CmsError> {
    Ok(SignatureAlgorithm::from_identifier(&info.signature_identifier()?, info.digest_oid()?))
}

/// What a signature is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignedForm {
    /// The content, there being no signed attributes.
    Content,
    /// The signed attributes in DER, as it must be.
    Der,
    /// The signed attributes as they are in the message, which is not DER (RFC 5652 section 5.3 demands it).
    NotDer,
}

/// What of a signer's part a key signed: the signed attributes, or where there are none the content, whose digest with the
/// scheme's hash is given then; none if the signature is not valid.
///
/// # Errors
/// [`CmsError`]: malformed.
pub fn signed_form(
    info: &SignerInfo<'_>,
    scheme: SignatureScheme,
    key: &PublicKey,
    content_digest: Option<&[u8]>,
) -> Result<Option<SignedForm>, CmsError> {
    let signature = info.signature()?;
    if info.signed.is_none() {
        let is_signed = content_digest.is_some_and(|digest| key.verify(scheme, digest, &signature).is_ok());
        return Ok(is_signed.then_some(SignedForm::Content));
    }
    let (der, found) = info.to_be_signed()?;
    let is_signed = |form: &[u8]| key.verify_message(scheme, form, &signature).is_ok();
    Ok(if is_signed(&der) {
        Some(SignedForm::Der)
    } else {
        found.filter(|found| is_signed(found)).map(|_| SignedForm::NotDer)
    })
}

/// Value of the attribute `message-digest`.
///
/// # Errors
/// [`CmsError`]: it is not there, or not once.
pub fn message_digest(signed: &Attributes<'_>) -> Result<Vec<u8>, CmsError> {
    let value = signed.only_value(oid::MESSAGE_DIGEST)?.ok_or(CmsError::Value("no message digest"))?;
    Ok(value.octets()?.into_owned())
}

/// Value of the attribute `content-type`.
///
/// # Errors
/// [`CmsError`]: not there once, or malformed.
pub fn content_type(signed: &Attributes<'_>) -> Result<Option<ObjectIdentifier>, CmsError> {
    signed.only_value(oid::CONTENT_TYPE)?.map(|found| value::object_identifier(&found)).transpose()
}

/// The hash over the content, if we take it.
///
/// # Errors
/// [`CmsError`].
pub fn content_hash(info: &SignerInfo<'_>) -> Result<Option<Hash>, CmsError> {
    Ok(Hash::from_oid(info.digest_oid()?))
}
