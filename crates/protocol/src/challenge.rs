//! The portal's challenge.

use serde::{Deserialize, Serialize};

use crate::base64_text::{Base64Error, decode_base64, encode_base64};

/// The portal's challenge, as base64 text of at least 32 random bytes.
///
/// The text itself is what gets signed (Web eID token format 1.0: `H(origin) ‖ H(nonce)` over the UTF-8 strings), so it
/// is kept exactly as the portal sent it. 44 to 128 characters of canonical base64.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema), ts(type = "string"))]
#[serde(try_from = "String", into = "String")]
pub struct Challenge(String);

impl Challenge {
    /// Fewest characters: 32 bytes in base64.
    pub const MIN_CHARACTERS: usize = 44;
    /// Most characters.
    pub const MAX_CHARACTERS: usize = 128;
    /// Fewest bytes of entropy the text can carry.
    pub const MIN_BYTES: usize = 32;
    /// What the bytes of a nonce of consent begin with, and those of no challenge.
    pub const CONSENT: &str = "bitaqa-consent-1";

    /// Checks length and spelling.
    ///
    /// # Errors
    /// [`ChallengeError`] names what is wrong; the text itself is not repeated.
    pub fn parse(text: &str) -> Result<Self, ChallengeError> {
        if text.len() < Self::MIN_CHARACTERS {
            return Err(ChallengeError::TooShort { characters: text.len() });
        }
        if text.len() > Self::MAX_CHARACTERS {
            return Err(ChallengeError::TooLong { characters: text.len() });
        }
        let bytes = decode_base64(text)?;
        if bytes.len() < Self::MIN_BYTES {
            return Err(ChallengeError::TooShort { characters: text.len() });
        }
        if bytes.starts_with(Self::CONSENT.as_bytes()) {
            return Err(ChallengeError::Reserved);
        }
        Ok(Self(text.to_owned()))
    }

    /// What a card signs to say what its holder agreed to: [`CONSENT`](Self::CONSENT) and a digest, in base64. No text that a page
    /// sends is one of these, so nobody gets such a signature by asking for a sign-in.
    #[must_use]
    pub fn of_consent(digest: [u8; 32]) -> Self {
        Self(encode_base64(&[Self::CONSENT.as_bytes(), &digest].concat()))
    }

    /// The text, exactly as the portal sent it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Challenge {
    type Error = ChallengeError;
    fn try_from(text: String) -> Result<Self, ChallengeError> {
        Self::parse(&text)
    }
}

impl From<Challenge> for String {
    fn from(challenge: Challenge) -> Self {
        challenge.0
    }
}

/// Why a text is not a [`Challenge`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChallengeError {
    /// Fewer than 44 characters, or fewer than 32 bytes.
    #[error("the challenge has {characters} characters; at least 44 (32 random bytes in base64) are needed")]
    TooShort {
        /// Characters given.
        characters: usize,
    },
    /// More than 128 characters.
    #[error("the challenge has {characters} characters; at most 128 are allowed")]
    TooLong {
        /// Characters given.
        characters: usize,
    },
    /// It begins as what a card signs to say what was agreed to.
    #[error("the challenge begins like a nonce of consent")]
    Reserved,
    /// Not canonical base64.
    #[error("the challenge is {0}")]
    NotBase64(#[from] Base64Error),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode_base64;

    #[test]
    fn thirty_two_random_bytes_are_a_challenge() {
        let text = encode_base64(&[7; 32]);
        assert_eq!(text.len(), 44);
        assert_eq!(Challenge::parse(&text).unwrap().as_str(), text);
    }

    #[test]
    fn thirty_one_bytes_are_too_few_although_they_have_44_characters() {
        let text = encode_base64(&[7; 31]);
        assert_eq!(text.len(), 44);
        assert!(matches!(Challenge::parse(&text), Err(ChallengeError::TooShort { .. })));
    }

    #[test]
    fn other_spellings_of_the_same_bytes_are_refused() {
        let good = encode_base64(&[0xff; 32]);
        // the last character before the padding carries two unused bits
        let mut set_bits = good.clone();
        set_bits.replace_range(42..43, "9");
        for bad in [
            good.trim_end_matches('=').to_owned() + "xx",
            good.replace('/', "_"),
            good.clone() + "\n",
            set_bits,
        ] {
            assert!(matches!(Challenge::parse(&bad), Err(ChallengeError::NotBase64(_))), "{bad}");
        }
    }

    #[test]
    fn no_page_can_ask_for_what_says_that_somebody_agreed() {
        let nonce = Challenge::of_consent([7; 32]);
        assert_eq!(nonce.as_str().len(), 64);
        assert_eq!(Challenge::parse(nonce.as_str()), Err(ChallengeError::Reserved));
        let text = serde_json::to_string(&nonce).unwrap();
        assert!(serde_json::from_str::<Challenge>(&text).is_err());
    }

    #[test]
    fn length_is_bounded() {
        assert!(Challenge::parse(&encode_base64(&[1; 96])).is_ok());
        assert!(matches!(Challenge::parse(&encode_base64(&[1; 97])), Err(ChallengeError::TooLong { .. })));
    }
}
