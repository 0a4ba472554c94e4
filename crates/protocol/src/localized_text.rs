//! Text for people, in the languages of the product.

use serde::{Deserialize, Serialize};

use crate::Language;

/// A text of one line that is shown to people: 1 to `MAX` characters, no control or direction characters, nothing invisible, no
/// white space at its ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(schemars::JsonSchema))]
#[serde(try_from = "String", into = "String")]
pub struct ShownText<const MAX: usize>(String);

impl<const MAX: usize> ShownText<MAX> {
    /// Checks the text.
    ///
    /// # Errors
    /// [`ShownTextError`].
    pub fn parse(text: &str) -> Result<Self, ShownTextError> {
        let characters = text.chars().count();
        if characters == 0 || characters > MAX {
            return Err(ShownTextError::Length { max: MAX });
        }
        if text.trim() != text || text.chars().any(is_deceptive) {
            return Err(ShownTextError::Characters);
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Control and format characters (Unicode general categories Cc and Cf, Zl, Zp) that hide, reorder or break a text. The joiners
/// U+200C and U+200D belong to the spelling of some languages.
pub(crate) fn is_deceptive(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

impl<const MAX: usize> TryFrom<String> for ShownText<MAX> {
    type Error = ShownTextError;

    fn try_from(text: String) -> Result<Self, ShownTextError> {
        Self::parse(&text)
    }
}

impl<const MAX: usize> From<ShownText<MAX>> for String {
    fn from(text: ShownText<MAX>) -> Self {
        text.0
    }
}

/// Why a text cannot be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ShownTextError {
    /// Empty, or too long.
    #[error("a text for people has 1 to {max} characters")]
    Length {
        /// The most characters.
        max: usize,
    },
    /// It has characters that nobody sees, or that change what the others look like.
    #[error(
        "a text for people has no control, direction or invisible characters, and no white space at its ends"
    )]
    Characters,
}

/// One text in the languages of the product. Tamazight may be missing; Arabic is then shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LocalizedText<const MAX: usize> {
    /// Arabic.
    pub ar: ShownText<MAX>,
    /// French.
    pub fr: ShownText<MAX>,
    /// English.
    pub en: ShownText<MAX>,
    /// Standard Moroccan Tamazight, in Tifinagh.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zgh: Option<ShownText<MAX>>,
}

impl<const MAX: usize> LocalizedText<MAX> {
    /// The text in a language, and the language that it is really in: a window sets its direction by that.
    #[must_use]
    pub fn in_language(&self, language: Language) -> (&str, Language) {
        match (language, &self.zgh) {
            (Language::Fr, _) => (self.fr.as_str(), Language::Fr),
            (Language::En, _) => (self.en.as_str(), Language::En),
            (Language::Zgh, Some(text)) => (text.as_str(), Language::Zgh),
            (Language::Ar | Language::Zgh, _) => (self.ar.as_str(), Language::Ar),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_hide_or_reorder_something_are_refused() {
        type Text = ShownText<20>;
        for text in ["بوابة المثال", "Préfecture d’Exemple", "ⵜⴰⵎⴰⵡⴰⵙⵜ", "a\u{200c}b"]
        {
            assert_eq!(Text::parse(text).unwrap().as_str(), text);
        }
        for text in [
            "a\nb",
            "a\u{202e}b",
            "a\u{200f}",
            " a",
            "a ",
            "a\u{200b}b",
            "a\u{2066}b",
            "\u{feff}a",
            "a\u{e0041}",
        ] {
            assert_eq!(Text::parse(text), Err(ShownTextError::Characters), "{text:?}");
        }
        for text in ["", "aaaaaaaaaaaaaaaaaaaaa"] {
            assert_eq!(Text::parse(text), Err(ShownTextError::Length { max: 20 }), "{text:?}");
        }
        // characters, not bytes
        assert!(Text::parse(&"ش".repeat(20)).is_ok());
    }

    #[test]
    fn arabic_stands_in_for_tamazight() {
        let json = r#"{"ar":"بوابة","fr":"Portail","en":"Portal"}"#;
        let mut text: LocalizedText<20> = serde_json::from_str(json).unwrap();
        assert_eq!(text.in_language(Language::Zgh), ("بوابة", Language::Ar));
        assert_eq!(text.in_language(Language::Fr), ("Portail", Language::Fr));
        text.zgh = Some(ShownText::parse("ⵜⴰⵡⵡⵓⵔⵜ").unwrap());
        assert_eq!(text.in_language(Language::Zgh), ("ⵜⴰⵡⵡⵓⵔⵜ", Language::Zgh));
        assert!(serde_json::from_str::<LocalizedText<20>>(r#"{"ar":"a","fr":"b"}"#).is_err());
        assert!(
            serde_json::from_str::<LocalizedText<20>>(r#"{"ar":"a","fr":"b","en":"c","de":"d"}"#).is_err()
        );
    }
}
