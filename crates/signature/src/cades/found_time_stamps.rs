//! Time stamps among a signature's attributes, each with the digest that it must cover.

use bitaqa_trust::{ObjectIdentifier, public_key::Hash};

use crate::{
    cms::{Attributes, CmsError, Element},
    found::FoundTimeStamp,
    oid,
    time_stamp::TimeStampToken,
};

/// Most time stamps of one kind on one signature.
const MAX_OF_A_KIND: usize = 64;

/// `content-time-stamp` (EN 319 122-1 clause 5.2.8): over the content.
pub(super) fn over_content(
    signed: &Attributes<'_>,
    mut digest: impl FnMut(Hash) -> Option<Vec<u8>>,
) -> Result<Vec<FoundTimeStamp>, CmsError> {
    let tokens = values(signed, oid::CONTENT_TIME_STAMP)?;
    Ok(tokens.iter().map(|token| found(token, &mut digest)).collect())
}

/// `signature-time-stamp` (EN 319 122-1 clause 5.3): over the signature value.
pub(super) fn over_signature(
    unsigned: &Attributes<'_>,
    value: &[u8],
) -> Result<Vec<FoundTimeStamp>, CmsError> {
    let tokens = values(unsigned, oid::SIGNATURE_TIME_STAMP)?;
    Ok(tokens.iter().map(|token| found(token, |hash| Some(hash.digest(&[value])))).collect())
}

/// All values of a kind of attribute.
fn values<'a>(attributes: &Attributes<'a>, oid: ObjectIdentifier) -> Result<Vec<Element<'a>>, CmsError> {
    let attributes = attributes.0.iter().filter(|attribute| attribute.oid == oid);
    let values: Vec<_> = attributes.flat_map(|attribute| attribute.values.iter().copied()).collect();
    if values.len() > MAX_OF_A_KIND { Err(CmsError::TooMany("time stamps")) } else { Ok(values) }
}

fn found(token: &Element<'_>, digest: impl FnOnce(Hash) -> Option<Vec<u8>>) -> FoundTimeStamp {
    let parsed = TimeStampToken::parse(token.encoded()).ok();
    FoundTimeStamp {
        token: token.encoded().to_vec(),
        covered_digest: parsed.as_ref().and_then(TimeStampToken::hash).and_then(digest),
        certificates: Vec::new(),
        claimed_time: parsed.map(|parsed| parsed.gen_time()),
    }
}
