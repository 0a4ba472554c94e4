//! Names of requests.

use serde::{Deserialize, Serialize};

/// Names one request from page to host and back. 16 to 64 characters of `A–Z a–z 0–9 - _`, made fresh for each request.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema), ts(type = "string"))]
#[serde(try_from = "String", into = "String")]
pub struct RequestId(String);

impl RequestId {
    /// Checks length and alphabet.
    ///
    /// # Errors
    /// [`RequestIdError`] if the text is not an id.
    pub fn parse(text: &str) -> Result<Self, RequestIdError> {
        let good = (16..=64).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
        if good { Ok(Self(text.to_owned())) } else { Err(RequestIdError) }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for RequestId {
    type Error = RequestIdError;
    fn try_from(text: String) -> Result<Self, RequestIdError> {
        Self::parse(&text)
    }
}

impl From<RequestId> for String {
    fn from(id: RequestId) -> Self {
        id.0
    }
}

/// The text is not a request id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a request id is 16 to 64 characters of A-Z, a-z, 0-9, - and _")]
pub struct RequestIdError;
