//! What a scene asks to be typed, as far as the keyboard has to know it.

use super::message::{ACCESS_NUMBER_DIGITS, AccessNumberQuestion, Alphabet, CardEntry, Question, Step};

/// Most characters of a document number (ICAO Doc 9303-5, section 4.2.2: nine, and thirteen of the optional data).
const DOCUMENT_NUMBER: u8 = 22;
/// Digits of a date: day, month and year.
pub(super) const DATE_DIGITS: u8 = 8;

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
    /// The document's number.
    DocumentNumber,
    /// A date of the document: the holder's birth, or its own expiry.
    Date,
}

impl Asked {
    /// What this step asks to be typed in the window, field by field; a consent's is said by what the person chose to open the
    /// card with.
    pub(super) fn by(step: &Step, opens: Option<CardEntry>) -> Vec<Self> {
        match (step, opens) {
            (Step::Pin { question }, _) => vec![question.into()],
            (Step::AccessNumber { question }, _) => vec![question.into()],
            (
                Step::Consent { question },
                Some(CardEntry::AccessNumber { .. } | CardEntry::AnotherAccessNumber { .. }),
            ) => vec![Self::access_number(question.serial)],
            (Step::Consent { .. }, Some(CardEntry::Mrz { .. })) => vec![
                Self {
                    secret: Secret::DocumentNumber,
                    least: 1,
                    most: DOCUMENT_NUMBER,
                    alphabet: Alphabet::Document,
                },
                Self::date(),
                Self::date(),
            ],
            _ => Vec::new(),
        }
    }

    /// The number printed on the card.
    pub(super) const fn access_number(serial: u32) -> Self {
        Self {
            secret: Secret::AccessNumber { serial },
            least: ACCESS_NUMBER_DIGITS,
            most: ACCESS_NUMBER_DIGITS,
            alphabet: Alphabet::Digits,
        }
    }

    const fn date() -> Self {
        Self { secret: Secret::Date, least: DATE_DIGITS, most: DATE_DIGITS, alphabet: Alphabet::Digits }
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
        Self::access_number(question.serial)
    }
}
