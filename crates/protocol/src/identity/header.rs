//! What stands outside of the encryption of an answer.

use serde::{Deserialize, Serialize};

use crate::Origin;

/// Value of `typ` (RFC 7515 section 4.1.9).
pub const TYPE: &str = "bitaqa-identity+jwe";

/// Members of the protected header of an answer, beside those of the encryption itself. Everybody on the way can read them,
/// nobody can change them: an answer that was meant for another portal or another session shows it before it is opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AnswerHeader {
    /// Always [`TYPE`].
    pub typ: String,
    /// Who asked.
    pub origin: Origin,
    /// SHA-256 of the text of the challenge that it answers, in base64url without padding.
    pub challenge_hash: String,
}
