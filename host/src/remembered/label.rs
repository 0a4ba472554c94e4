//! What a remembered number is called.

use std::time::SystemTime;

use bitaqa_protocol::Language;
use bitaqa_trust::DateTime;
use serde::{Deserialize, Serialize};

use crate::shortened::is_invisible;

/// Most characters of a label.
pub const MAX_LABEL: usize = 40;

/// What a remembered number is called: at most [`MAX_LABEL`] characters, none of which is a control character, breaks a line, has no
/// width or changes directions. The keystore's own program shows it beside those of other programs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Label(String);

impl Label {
    /// This text as a label; `None` where it is none.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let fits = text.chars().count() <= MAX_LABEL && text.chars().all(is_taken);
        fits.then(|| Self(text.to_owned()))
    }

    /// What a number is called where nobody names it: nothing is known of the card but when its holder wanted it remembered.
    #[must_use]
    pub fn of_today(language: Language) -> Self {
        let card = match language {
            Language::Ar => "بطاقة",
            Language::Fr => "Carte",
            Language::En => "Card",
            Language::Zgh => "ⵜⴰⴽⴰⵕⴹⴰ",
        };
        Self(match DateTime::from_system_time(SystemTime::now()) {
            Ok(now) => format!("{card} {:04}-{:02}-{:02}", now.year(), now.month(), now.day()),
            Err(_) => card.to_owned(),
        })
    }

    /// This one without blanks around it; that of today where nothing is left.
    #[must_use]
    pub fn or_of_today(self, language: Language) -> Self {
        match self.0.trim() {
            "" => Self::of_today(language),
            name => Self(name.to_owned()),
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Label {
    type Error = NoLabel;

    fn try_from(text: String) -> Result<Self, NoLabel> {
        Self::new(&text).ok_or(NoLabel)
    }
}

impl From<Label> for String {
    fn from(label: Label) -> Self {
        label.0
    }
}

/// A text that is no label.
#[derive(Debug, thiserror::Error)]
#[error("too long for a label, or with characters that none has")]
pub struct NoLabel;

/// Whether a label can have this character.
pub(crate) fn is_taken(character: char) -> bool {
    // LINE SEPARATOR and PARAGRAPH SEPARATOR are no control characters, but break lines
    !character.is_control() && !is_invisible(character) && !matches!(character, '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_a_line_that_cannot_reorder_its_surroundings() {
        for label in ["", "Amina’s card", "بطاقة أمينة", "ⵜⴰⴽⴰⵕⴹⴰ ⵏ ⴰⵎⵉⵏⴰ", &"ⵣ".repeat(MAX_LABEL)]
        {
            assert_eq!(Label::new(label).map(String::from).as_deref(), Some(label));
        }
        for none in [
            "a\nb",
            "a\tb",
            "\u{7}",
            "a\u{2028}",
            "a\u{202E}b",
            "\u{2067}a",
            "\u{200F}a",
            "\u{61C}",
            "\u{FEFF}",
        ] {
            assert_eq!(Label::new(none), None, "{none:?}");
        }
        assert_eq!(Label::new(&"a".repeat(MAX_LABEL + 1)), None);
    }

    #[test]
    fn what_is_read_is_a_label_or_nothing() {
        assert_eq!(serde_json::from_str::<Label>("\"Amina\"").ok(), Label::new("Amina"));
        for none in [r#""a\nb""#, r#""a\u202eb""#, &format!("\"{}\"", "a".repeat(MAX_LABEL + 1)), "7", "null"]
        {
            assert!(serde_json::from_str::<Label>(none).is_err(), "{none}");
        }
    }

    #[test]
    fn a_number_without_a_name_is_called_by_the_day() {
        for language in Language::ALL {
            let of_today = Label::of_today(language);
            assert_eq!(Label::new(of_today.as_str()), Some(of_today.clone()));
            for blank in ["", "  ", "\u{A0}"] {
                assert_eq!(Label::new(blank).unwrap().or_of_today(language), of_today);
            }
        }
        assert_eq!(Label::new(" Amina ").unwrap().or_of_today(Language::En).as_str(), "Amina");
    }
}
