//! What binds an answer to one request: hashes and nonces, the same for host, extension and verifier.
//!
//! Everything that is hashed from several parts has each part's length before it (four bytes, big endian), so that no two lists
//! of parts make the same bytes.

use bitaqa_protocol::{
    Challenge, Origin,
    identity::{
        CanonicalJsonError, StatementText,
        answer::{AnsweredRequest, Consent},
        canonical_json,
    },
};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

/// First part of what the nonce of consent is made of.
pub const CONSENT_CONTEXT: &str = Challenge::CONSENT;

/// SHA-256 of the challenge's text, in base64url without padding: `challengeHash` of the protected header.
#[must_use]
pub fn challenge_hash(challenge: &Challenge) -> String {
    bitaqa_jose::base64url::encode(&Sha256::digest(challenge.as_str()))
}

/// SHA-256 of EF.SOD, in base64url without padding: `sodHash` of the consent.
#[must_use]
pub fn sod_hash(sod: &[u8]) -> String {
    bitaqa_jose::base64url::encode(&Sha256::digest(sod))
}

/// SHA-256 of a statement's compact form, in base64url without padding: `statementHash` of the answered request.
#[must_use]
pub fn statement_hash(statement: &StatementText) -> String {
    bitaqa_jose::base64url::encode(&Sha256::digest(statement.as_str()))
}

/// The nonce of the card's token in an identity answer: base64 of [`CONSENT_CONTEXT`], as it is, and SHA-256 over [`CONSENT_CONTEXT`],
/// the challenge, and the canonical JSON of request and consent. So the card's signature says what was agreed to; and no challenge
/// for signing in begins like that, so that no sign-in makes such a signature ([`Challenge::parse`]).
///
/// # Errors
/// Request or consent has no canonical JSON: a time beyond what JSON can tell exactly.
pub fn consent_nonce(
    challenge: &Challenge,
    request: &AnsweredRequest,
    consent: &Consent,
) -> Result<Challenge, CanonicalJsonError> {
    let (request, consent) = (canonical_json(request)?, canonical_json(consent)?);
    let digest = Sha256::digest(joined(&[
        CONSENT_CONTEXT.as_bytes(),
        challenge.as_str().as_bytes(),
        request.as_bytes(),
        consent.as_bytes(),
    ]));
    Ok(Challenge::of_consent(digest.into()))
}

/// Members of the answer's protected header that everybody on the way can check: `origin` and `challengeHash`.
#[must_use]
pub fn protected_members(origin: &Origin, challenge: &Challenge) -> Map<String, Value> {
    let members = [("origin", origin.as_str().to_owned()), ("challengeHash", challenge_hash(challenge))];
    members.into_iter().map(|(name, value)| (name.to_owned(), Value::String(value))).collect()
}

/// These parts, each after its length.
pub(crate) fn joined(parts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for part in parts {
        // no part is anywhere near that long
        bytes.extend(u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
        bytes.extend_from_slice(part);
    }
    bytes
}
