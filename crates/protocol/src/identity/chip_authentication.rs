//! The second call: chip authentication with the key of the portal's server (ICAO Doc 9303-11, section 6.2).
//!
//! The server makes a [`ChipChallenge`] when it has the answer; page, extension and host pass it on as one text, and the chip's
//! [`ChipAnswer`] back. Neither says anything about card or person to anybody but that server.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Base64Error, decode_base64, encode_base64};

/// Longest challenge, in characters.
pub const MAX_CHALLENGE: usize = 512;

/// Longest public key, in bytes: a number of the largest standardised group (9303-11, section 9.5.1).
const MAX_PUBLIC_KEY: usize = 256;
/// Longest protected command, in bytes. One READ BINARY without data takes less than half of it.
const MAX_COMMAND: usize = 64;
/// Longest answer of a chip, in bytes: a short response with its status word.
const MAX_ANSWER: usize = 258;
/// Between the two parts of a challenge.
const SEPARATOR: char = '.';

/// What the portal's server gives the chip to work on: a public key made for this one proof, and one protected READ BINARY. As
/// text: base64 of each with padding, and a full stop between them; at most [`MAX_CHALLENGE`] characters. Whether they fit the
/// chip is for the host to check.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(
    feature = "codegen",
    derive(ts_rs::TS, schemars::JsonSchema),
    ts(type = "string"),
    schemars(with = "String")
)]
#[serde(try_from = "String", into = "String")]
pub struct ChipChallenge {
    public_key: Vec<u8>,
    protected_read: Vec<u8>,
}

impl ChipChallenge {
    /// Of a public key as chips take it (TR-03110-3, section D.3) and a protected command.
    ///
    /// # Errors
    /// [`ChipAuthenticationTextError::Length`] if one is empty or longer than any.
    pub fn new(public_key: &[u8], protected_read: &[u8]) -> Result<Self, ChipAuthenticationTextError> {
        let fits = (1..=MAX_PUBLIC_KEY).contains(&public_key.len())
            && (1..=MAX_COMMAND).contains(&protected_read.len());
        if fits {
            Ok(Self { public_key: public_key.to_vec(), protected_read: protected_read.to_vec() })
        } else {
            Err(ChipAuthenticationTextError::Length)
        }
    }

    /// Reads the text.
    ///
    /// # Errors
    /// [`ChipAuthenticationTextError`].
    pub fn parse(text: &str) -> Result<Self, ChipAuthenticationTextError> {
        if text.len() > MAX_CHALLENGE {
            return Err(ChipAuthenticationTextError::Length);
        }
        let (public_key, protected_read) =
            text.split_once(SEPARATOR).ok_or(ChipAuthenticationTextError::Parts)?;
        Self::new(&decode_base64(public_key)?, &decode_base64(protected_read)?)
    }

    /// The server's public key for the chip.
    #[must_use]
    pub fn public_key(&self) -> &[u8] {
        &self.public_key
    }

    /// The one command for the chip, protected under keys that follow from that key.
    #[must_use]
    pub fn protected_read(&self) -> &[u8] {
        &self.protected_read
    }
}

impl fmt::Display for ChipChallenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (public_key, protected_read) =
            (encode_base64(&self.public_key), encode_base64(&self.protected_read));
        write!(f, "{public_key}{SEPARATOR}{protected_read}")
    }
}

impl TryFrom<String> for ChipChallenge {
    type Error = ChipAuthenticationTextError;
    fn try_from(text: String) -> Result<Self, ChipAuthenticationTextError> {
        Self::parse(&text)
    }
}

impl From<ChipChallenge> for String {
    fn from(challenge: ChipChallenge) -> Self {
        challenge.to_string()
    }
}

/// What the chip answered, protected, with the status word at the end: only the portal's server can open it. As text: base64
/// with padding.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(
    feature = "codegen",
    derive(ts_rs::TS, schemars::JsonSchema),
    ts(type = "string"),
    schemars(with = "String")
)]
#[serde(try_from = "String", into = "String")]
pub struct ChipAnswer(Vec<u8>);

impl ChipAnswer {
    /// Of the bytes that the chip gave.
    ///
    /// # Errors
    /// [`ChipAuthenticationTextError::Length`] if there are none, or more than a short response has.
    pub fn new(bytes: Vec<u8>) -> Result<Self, ChipAuthenticationTextError> {
        if (1..=MAX_ANSWER).contains(&bytes.len()) {
            Ok(Self(bytes))
        } else {
            Err(ChipAuthenticationTextError::Length)
        }
    }

    /// Reads the text.
    ///
    /// # Errors
    /// [`ChipAuthenticationTextError`].
    pub fn parse(text: &str) -> Result<Self, ChipAuthenticationTextError> {
        if text.len() > MAX_ANSWER.div_ceil(3) * 4 {
            return Err(ChipAuthenticationTextError::Length);
        }
        Self::new(decode_base64(text)?)
    }

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for ChipAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&encode_base64(&self.0))
    }
}

impl TryFrom<String> for ChipAnswer {
    type Error = ChipAuthenticationTextError;
    fn try_from(text: String) -> Result<Self, ChipAuthenticationTextError> {
        Self::parse(&text)
    }
}

impl From<ChipAnswer> for String {
    fn from(answer: ChipAnswer) -> Self {
        answer.to_string()
    }
}

/// Why a text is no challenge of a server, or no answer of a chip.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChipAuthenticationTextError {
    /// Empty, or longer than any.
    #[error("a challenge or an answer of chip authentication is never empty, and never that long")]
    Length,
    /// No key and command with a full stop between them.
    #[error("a challenge of chip authentication is two parts of base64 with a full stop between them")]
    Parts,
    /// Not canonical base64.
    #[error(transparent)]
    Base64(#[from] Base64Error),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_has_one_text() {
        let challenge = ChipChallenge::new(&[4, 1, 2], &[0x0C, 0xB0]).unwrap();
        assert_eq!(challenge.to_string(), "BAEC.DLA=");
        assert_eq!(ChipChallenge::parse("BAEC.DLA="), Ok(challenge.clone()));
        assert_eq!(serde_json::to_string(&challenge).unwrap(), "\"BAEC.DLA=\"");
        let longest = ChipChallenge::new(&[4; MAX_PUBLIC_KEY], &[1; MAX_COMMAND]).unwrap();
        assert!(longest.to_string().len() <= MAX_CHALLENGE);
        assert_eq!(ChipChallenge::parse(&longest.to_string()), Ok(longest));
    }

    #[test]
    fn what_is_none_is_refused() {
        let long_key = format!("{}.AA==", encode_base64(&[4; MAX_PUBLIC_KEY + 1]));
        let long_command = format!("BAEC.{}", encode_base64(&[4; MAX_COMMAND + 1]));
        for text in
            ["", ".", "BAEC", "BAEC.", ".BAEC", "BAEC.DLB=", "BAEC.DLA", "BAEC.DLA=.DLA=", "BAEC. DLA="]
        {
            assert!(ChipChallenge::parse(text).is_err(), "{text}");
        }
        for text in [long_key, long_command, "A".repeat(MAX_CHALLENGE + 1)] {
            assert_eq!(ChipChallenge::parse(&text), Err(ChipAuthenticationTextError::Length));
        }
    }

    #[test]
    fn an_answer_is_bounded() {
        assert_eq!(ChipAnswer::parse("kAA=").unwrap().as_bytes(), [0x90, 0]);
        assert_eq!(ChipAnswer::new(vec![0x90, 0]).unwrap().to_string(), "kAA=");
        assert!(ChipAnswer::new(vec![7; MAX_ANSWER]).is_ok());
        for text in [String::new(), "kAB=".into(), encode_base64(&[7; MAX_ANSWER + 1]), "A".repeat(4096)] {
            assert!(ChipAnswer::parse(&text).is_err(), "{text}");
        }
    }
}
