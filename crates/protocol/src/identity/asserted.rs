//! What a card says of its holder without anybody's signature: values, by the host's word.
//!
//! The first Bahraini cards give their data to everybody and sign nothing. Whole files would prove no more than values do, and
//! would tell more than was asked for; so the values that were agreed to are all that goes out.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::answer::Bytes;
use crate::claim::Claim;

/// Longest text, in characters.
pub const MAX_TEXT: usize = 1000;

/// What the host says that the card says.
pub type AssertedClaims = BTreeMap<Claim, AssertedValue>;

/// A value that nobody signed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(untagged)]
pub enum AssertedValue {
    /// A text; a date is YYYY-MM-DD.
    Text(AssertedText),
    /// A picture.
    Image(AssertedImage),
}

/// Personal data is not shown.
impl std::fmt::Debug for AssertedValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AssertedValue(personal)")
    }
}

/// A text of one line: 1 to [`MAX_TEXT`] characters, none of them a control character.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "codegen",
    derive(ts_rs::TS, schemars::JsonSchema),
    ts(type = "string"),
    schemars(with = "String")
)]
#[serde(try_from = "String", into = "String")]
pub struct AssertedText(String);

impl AssertedText {
    /// Checks the text.
    ///
    /// # Errors
    /// [`AssertedTextError`].
    pub fn new(text: String) -> Result<Self, AssertedTextError> {
        let length = text.chars().count();
        let is_one_line = !text.chars().any(char::is_control);
        if (1..=MAX_TEXT).contains(&length) && is_one_line { Ok(Self(text)) } else { Err(AssertedTextError) }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for AssertedText {
    type Error = AssertedTextError;
    fn try_from(text: String) -> Result<Self, AssertedTextError> {
        Self::new(text)
    }
}

impl From<AssertedText> for String {
    fn from(text: AssertedText) -> Self {
        text.0
    }
}

/// No text of one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a text has 1 to {MAX_TEXT} characters and no control characters")]
pub struct AssertedTextError;

/// A picture as the card has it; what kind it is, its first bytes say.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AssertedImage {
    /// Its bytes.
    pub data: Bytes,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_texts_of_one_line_or_pictures() {
        let parsed: AssertedClaims =
            serde_json::from_str(r#"{"given_name":"Amina","photo":{"data":"/9j/"}}"#).unwrap();
        assert!(
            matches!(parsed.get(&Claim::GivenName), Some(AssertedValue::Text(text)) if text.as_str() == "Amina")
        );
        assert!(matches!(parsed.get(&Claim::Photo), Some(AssertedValue::Image(_))));
        assert!(!format!("{parsed:?}").contains("Amina"));
        let long = format!(r#"{{"given_name":"{}"}}"#, "x".repeat(MAX_TEXT + 1));
        for wrong in [
            r#"{"given_name":""}"#,
            r#"{"given_name":"a\nb"}"#,
            r#"{"given_name":7}"#,
            r#"{"shoe_size":"40"}"#,
            r#"{"photo":{"mediaType":"image/jpeg","data":"/9j/"}}"#,
            r#"{"photo":{"data":"not base64"}}"#,
            long.as_str(),
        ] {
            assert!(serde_json::from_str::<AssertedClaims>(wrong).is_err(), "{wrong}");
        }
    }
}
