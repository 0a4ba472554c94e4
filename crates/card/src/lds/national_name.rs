//! Names and other texts in national characters, as DG11, DG12 and DG16 divide them (ICAO Doc 9303-10, tables of DG11).

use super::template::Text;

/// A name in national characters: primary and secondary identifier divided by `<<`, parts of each by `<`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NationalName(pub Text);

impl NationalName {
    /// As the card has it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Primary identifier, its parts divided by spaces.
    #[must_use]
    pub fn primary(&self) -> Text {
        spaced(self.halves().0)
    }

    /// Secondary identifier, its parts divided by spaces; empty where there is none.
    #[must_use]
    pub fn secondary(&self) -> Text {
        spaced(self.halves().1)
    }

    fn halves(&self) -> (&str, &str) {
        self.0.split_once("<<").unwrap_or((&self.0, ""))
    }
}

/// The parts of a text that the card divides by `<`: those of an address or a place of birth.
pub fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split('<').map(str::trim).filter(|part| !part.is_empty())
}

fn spaced(identifier: &str) -> Text {
    let mut text = String::with_capacity(identifier.len());
    for part in parts(identifier) {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(part);
    }
    Text::new(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_divided_in_any_script() {
        let name = |text| {
            let name = NationalName(Text::from(text));
            (name.primary().to_string(), name.secondary().to_string())
        };
        assert_eq!(name("SMITH<<JOHN<J"), ("SMITH".into(), "JOHN J".into()));
        assert_eq!(name("بن علي<<محمد<أمين"), ("بن علي".into(), "محمد أمين".into()));
        assert_eq!(name("فاطمة"), ("فاطمة".into(), String::new()));
        assert_eq!(name(""), (String::new(), String::new()));
    }

    #[test]
    fn addresses_are_divided_into_their_parts() {
        assert_eq!(parts("123 MAPLE RD<ANYTOWN<MN").collect::<Vec<_>>(), ["123 MAPLE RD", "ANYTOWN", "MN"]);
        assert_eq!(parts("<<").count(), 0);
    }
}
