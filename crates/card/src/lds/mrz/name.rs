//! Names of the machine readable zone (ICAO Doc 9303-3).

use super::super::Personal;

/// A name in the zone's Latin transliteration: what national letters it stands for cannot be told from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// Primary identifier, mostly the family name; its parts divided by spaces.
    pub primary: Personal<String>,
    /// Secondary identifier, mostly the given names; empty where there is none.
    pub secondary: Personal<String>,
    /// The field is full to its last character: the name may be longer than it.
    pub may_be_cut: bool,
}

impl Name {
    pub(super) fn parse(field: &[u8]) -> Self {
        let divider = field.windows(2).position(|pair| pair == b"<<");
        let (primary, secondary) = match divider {
            Some(at) => field.split_at_checked(at).unwrap_or((field, &[])),
            None => (field, &[][..]),
        };
        Self {
            primary: spaced(primary),
            secondary: spaced(secondary),
            may_be_cut: field.last().is_some_and(|character| *character != b'<'),
        }
    }
}

/// Fillers to single spaces.
fn spaced(part: &[u8]) -> Personal<String> {
    let mut text = String::with_capacity(part.len());
    for word in part.split(|character| *character == b'<').filter(|word| !word.is_empty()) {
        if !text.is_empty() {
            text.push(' ');
        }
        text.extend(word.iter().copied().map(char::from));
    }
    Personal::new(text)
}
