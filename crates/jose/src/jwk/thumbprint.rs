use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::PublicKey;
use crate::base64url;

/// SHA-256 over the members that make a key (RFC 7638): its name wherever no other was agreed on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Thumbprint([u8; 32]);

/// The thumbprint of a key.
pub(crate) fn of(key: &PublicKey) -> Thumbprint {
    of_members(key.members())
}

/// Of the members that make a key.
pub(crate) fn of_members(members: Map<String, Value>) -> Thumbprint {
    // the members stand in lexicographic order already, without white space, and none needs an escape
    let json = Value::Object(members).to_string();
    Thumbprint(Sha256::digest(json.as_bytes()).into())
}

impl Thumbprint {
    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// For people who compare it with what they were told: hexadecimal, in groups of four digits.
    #[must_use]
    pub fn grouped(&self) -> String {
        let groups: Vec<String> =
            self.0.chunks(2).map(|pair| pair.iter().map(|byte| format!("{byte:02X}")).collect()).collect();
        groups.join(" ")
    }

    /// Reads what a person copied: base64url, or hexadecimal digits with or without spaces, colons or hyphens between them.
    #[must_use]
    pub fn from_typed(text: &str) -> Option<Self> {
        if let Ok(thumbprint) = text.trim().parse() {
            return Some(thumbprint);
        }
        let digits: Vec<u8> = text
            .chars()
            .filter(|character| !matches!(character, ' ' | ':' | '-'))
            .map(|character| character.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
            .collect::<Option<_>>()?;
        let bytes: Vec<u8> =
            digits.chunks_exact(2).filter_map(|pair| Some(pair.first()? * 16 + pair.get(1)?)).collect();
        if digits.len() == 64 { bytes.try_into().ok().map(Self) } else { None }
    }
}

/// Base64url, as `kid` and RFC 9278 have it.
impl fmt::Display for Thumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&base64url::encode(&self.0))
    }
}

impl fmt::Debug for Thumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Thumbprint({self})")
    }
}

/// Not base64url of 32 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a thumbprint is base64url of 32 bytes")]
pub struct ThumbprintError;

impl FromStr for Thumbprint {
    type Err = ThumbprintError;

    fn from_str(text: &str) -> Result<Self, ThumbprintError> {
        let bytes = base64url::decode(text).map_err(|_| ThumbprintError)?;
        bytes.try_into().map(Self).map_err(|_| ThumbprintError)
    }
}

impl TryFrom<String> for Thumbprint {
    type Error = ThumbprintError;

    fn try_from(text: String) -> Result<Self, ThumbprintError> {
        text.parse()
    }
}

impl From<Thumbprint> for String {
    fn from(thumbprint: Thumbprint) -> Self {
        thumbprint.to_string()
    }
}
