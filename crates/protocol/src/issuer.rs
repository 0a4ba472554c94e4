//! Who issues statements.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Origin;

/// The identifier of an issuer: an https URL without query and fragment (RFC 8414, section 2; `http` on this computer), compared
/// letter by letter and never fetched from here. At most 255 characters of ASCII.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(schemars::JsonSchema))]
#[serde(try_from = "String", into = "String")]
pub struct IssuerId(String);

impl IssuerId {
    /// Most characters.
    pub const MAX_CHARACTERS: usize = 255;

    /// Checks the text.
    ///
    /// # Errors
    /// [`IssuerIdError`].
    pub fn parse(text: &str) -> Result<Self, IssuerIdError> {
        if text.len() > Self::MAX_CHARACTERS {
            return Err(IssuerIdError);
        }
        let (_, rest) = text.split_once("://").ok_or(IssuerIdError)?;
        let path_at = rest.find('/').map_or(text.len(), |at| text.len() - rest.len() + at);
        let (origin, path) = text.split_at(path_at);
        Origin::parse(origin).map_err(|_| IssuerIdError)?;
        // unreserved characters (RFC 3986, section 2.3): one spelling for each path
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte);
        if path.bytes().all(plain) { Ok(Self(text.to_owned())) } else { Err(IssuerIdError) }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for IssuerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for IssuerId {
    type Error = IssuerIdError;

    fn try_from(text: String) -> Result<Self, IssuerIdError> {
        Self::parse(&text)
    }
}

impl From<IssuerId> for String {
    fn from(issuer: IssuerId) -> Self {
        issuer.0
    }
}

/// The text is not an issuer's identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an issuer is an https URL of at most 255 characters, without query or fragment")]
pub struct IssuerIdError;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_a_plain_https_url() {
        for text in [
            "https://platform.example.ma",
            "https://platform.example.ma/",
            "https://platform.example.ma:8443/realms/one",
            "http://localhost:8080",
        ] {
            assert_eq!(IssuerId::parse(text).unwrap().as_str(), text);
        }
        let long = format!("https://a.example/{}", "x".repeat(255));
        for text in [
            "",
            "platform.example.ma",
            "http://platform.example.ma",
            "https://platform.example.ma?x",
            "https://platform.example.ma/?x",
            "https://platform.example.ma/#x",
            "https://platform.example.ma/%41",
            "https://user@platform.example.ma/",
            "https:///x",
            long.as_str(),
        ] {
            assert_eq!(IssuerId::parse(text), Err(IssuerIdError), "{text}");
        }
    }
}
