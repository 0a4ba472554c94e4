//! The signed copy of the algorithms (`CMSAlgorithmProtection`, RFC 6211): the algorithms themselves are not signed, so an
//! attacker could name others that the same bytes pass under.

use super::{Attributes, CmsError, Element, SignerInfo, element::tag};
use crate::oid;

/// Whether the algorithms are those that were signed; also if none were.
///
/// # Errors
/// [`CmsError`]: malformed, or not once.
pub fn holds(signer: &SignerInfo<'_>, signed: &Attributes<'_>) -> Result<bool, CmsError> {
    let Some(value) = signed.only_value(oid::ALGORITHM_PROTECTION)? else { return Ok(true) };
    let mut reader = value.expect(tag::SEQUENCE, "an algorithm protection is no sequence")?.reader()?;
    let digest = reader.expect(tag::SEQUENCE, "a protection without digest algorithm")?;
    let signature = reader.expect(tag::context(1), "a protection without signature algorithm")?;
    reader.finish()?;
    Ok(same(&digest, &signer.digest_algorithm)? && same(&signature, &signer.signature_algorithm)?)
}

/// Whether two algorithm identifiers are the same; NULL as parameters is as good as none.
fn same(signed: &Element<'_>, stated: &Element<'_>) -> Result<bool, CmsError> {
    const NULL: [u8; 2] = [tag::NULL, 0];
    let parts = |algorithm: &Element<'_>| -> Result<Vec<u8>, CmsError> {
        let parts = algorithm.children(2, "parts of an algorithm")?;
        let parts = parts.iter().filter(|part| part.encoded() != NULL).map(Element::to_der);
        Ok(parts.collect::<Result<Vec<_>, _>>()?.concat())
    };
    Ok(parts(signed)? == parts(stated)?)
}
