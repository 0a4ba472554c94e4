//! What everybody on the way can check of an answer that only the portal's server can read.

use bitaqa_jose::base64url;
use bitaqa_protocol::{
    Origin, Statement,
    identity::{IdentityRequest, StatementText, header},
};
use serde_json::{Map, Value};

use super::binding;

/// Longest protected header, in characters.
const MAX_HEADER: usize = 4096;

/// Checks that an answer is one to this request: encrypted to the key of its statement, for its origin and its challenge. Nothing
/// is decrypted.
///
/// # Errors
/// [`OutsideFault`].
pub fn check(answer: &str, origin: &Origin, request: &IdentityRequest) -> Result<(), OutsideFault> {
    let header = protected_header(answer).ok_or(OutsideFault::NoJwe)?;
    let is = |name, expected: &str| header.get(name).and_then(Value::as_str) == Some(expected);
    if !is("typ", header::TYPE) || !is("alg", "ECDH-ES") || !is("enc", "A256GCM") {
        return Err(OutsideFault::Kind);
    }
    let key_id = key_id(&request.statement).ok_or(OutsideFault::Statement)?;
    if !is("kid", &key_id) {
        return Err(OutsideFault::Key);
    }
    if !is("origin", origin.as_str()) {
        return Err(OutsideFault::Origin);
    }
    if is("challengeHash", &binding::challenge_hash(&request.challenge)) {
        Ok(())
    } else {
        Err(OutsideFault::Challenge)
    }
}

fn protected_header(answer: &str) -> Option<Map<String, Value>> {
    let (header, _) = answer.split_once('.')?;
    if header.len() > MAX_HEADER || answer.split('.').count() != 5 {
        return None;
    }
    serde_json::from_slice(&base64url::decode(header).ok()?).ok()
}

/// Name of the key that a statement asks to encrypt to; where a platform asks for a portal, that of who can read the answer. Whether
/// the statement is to be believed is not asked here.
fn key_id(statement: &StatementText) -> Option<String> {
    let payload = statement.of_recipient().split('.').nth(1)?;
    let statement = Statement::parse(&base64url::decode(payload).ok()?).ok()?;
    Some(statement.jwk.key_id().to_owned())
}

/// Why an answer is none to this request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OutsideFault {
    /// No JWE in compact form, or its protected header is no JSON object.
    #[error("the answer is no encrypted message")]
    NoJwe,
    /// Another type, key agreement or cipher.
    #[error("the answer is encrypted in another way")]
    Kind,
    /// The request's statement cannot be read.
    #[error("the statement of the request cannot be read")]
    Statement,
    /// For another key.
    #[error("the answer is encrypted to another key than the statement's")]
    Key,
    /// For another origin.
    #[error("the answer is for another origin")]
    Origin,
    /// To another challenge.
    #[error("the answer is to another challenge")]
    Challenge,
}
