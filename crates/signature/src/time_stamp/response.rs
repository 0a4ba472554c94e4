//! What an authority answers (`TimeStampResp`, RFC 3161 section 2.4.2).

use super::{TimeStampError, TimeStampRequest, TimeStampToken};
use crate::cms::{CmsError, Element, element::tag, value};

/// Longest answer, in bytes.
pub const MAX_LENGTH: usize = 1024 * 1024;

/// Most texts that an authority says about a status.
const MAX_TEXTS: usize = 16;

/// The token of an answer, as it stands there, if it is an answer to this request. Its signature is not verified:
/// [`TimeStampToken::verify_signature`].
///
/// # Errors
/// [`TimeStampError`]: refused, malformed, or about something else than was asked.
pub fn token_of_response(response: &[u8], request: &TimeStampRequest) -> Result<Vec<u8>, TimeStampError> {
    if response.len() > MAX_LENGTH {
        return Err(CmsError::TooMany("bytes").into());
    }
    let mut reader =
        Element::parse(response)?.expect(tag::SEQUENCE, "a response is no sequence")?.reader()?;
    let mut info = reader.expect(tag::SEQUENCE, "a response without status")?.reader()?;
    let status = value::small_integer(&info.element()?)?;
    let texts = info.optional(tag::SEQUENCE)?.map(|texts| texts.children(MAX_TEXTS, "texts")).transpose()?;
    // granted, granted with modifications
    if status > 1 {
        let texts = texts.unwrap_or_default();
        let texts: Vec<_> = texts.iter().filter_map(|text| value::text(text).ok()).collect();
        return Err(TimeStampError::Refused { status, text: texts.join("; ") });
    }
    let token = reader.element()?.encoded();
    reader.finish()?;
    let parsed = TimeStampToken::parse(token)?;
    if parsed.hash() != Some(request.hash()) || parsed.imprint() != request.digest() {
        return Err(TimeStampError::NotAsked("imprint"));
    }
    if parsed.encoded_nonce() != request.encoded_nonce().as_deref() {
        return Err(TimeStampError::NotAsked("nonce"));
    }
    if request.policy().is_some_and(|policy| policy != parsed.policy()) {
        return Err(TimeStampError::NotAsked("policy"));
    }
    Ok(token.to_vec())
}
