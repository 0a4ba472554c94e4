//! What a scene asks to be typed, as far as the keyboard has to know it.

use super::message::{ACCESS_NUMBER_DIGITS, AccessNumberQuestion, Alphabet, Question, Step};

/// What a scene asks to be typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Asked {
    /// What it is.
    pub(super) secret: Secret,
    /// Fewest characters.
    pub(super) least: u8,
    /// Most characters.
    pub(super) most: u8,
    /// What can be typed.
    pub(super) alphabet: Alphabet,
}

/// What is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Secret {
    /// A PIN.
    Pin,
    /// The number printed on the card.
    AccessNumber {
        /// Of which question.
        serial: u32,
    },
}

impl Asked {
    /// What this step asks to be typed in the window, if it does.
    pub(super) fn by(step: &Step) -> Option<Self> {
        match step {
            Step::Pin { question } => Some(question.into()),
            Step::AccessNumber { question } => Some(question.into()),
            _ => None,
        }
    }

    /// Whether there is only one length.
    pub(super) const fn has_fixed_length(self) -> bool {
        self.least == self.most
    }
}

impl From<&Question> for Asked {
    fn from(question: &Question) -> Self {
        let (least, most) = (question.min_length, question.max_length);
        Self { secret: Secret::Pin, least, most, alphabet: question.alphabet }
    }
}

impl From<&AccessNumberQuestion> for Asked {
    fn from(question: &AccessNumberQuestion) -> Self {
        Self {
            secret: Secret::AccessNumber { serial: question.serial },
            least: ACCESS_NUMBER_DIGITS,
            most: ACCESS_NUMBER_DIGITS,
            alphabet: Alphabet::Digits,
        }
    }
}
