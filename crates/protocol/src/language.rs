//! The languages of the product.

use serde::{Deserialize, Serialize};

/// A language of the product. Every text exists in each of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Arabic, right to left; the product's first language.
    #[default]
    Ar,
    /// French.
    Fr,
    /// English.
    En,
    /// Standard Moroccan Tamazight, in Tifinagh, left to right.
    Zgh,
}

impl Language {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 4] = [Self::Ar, Self::Fr, Self::En, Self::Zgh];

    /// The BCP 47 tag.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Ar => "ar",
            Self::Fr => "fr",
            Self::En => "en",
            Self::Zgh => "zgh",
        }
    }

    /// Whether lines run from right to left.
    #[must_use]
    pub const fn is_right_to_left(self) -> bool {
        matches!(self, Self::Ar)
    }

    /// The language of a BCP 47 tag or POSIX locale by its primary subtag (`fr-MA`, `ar_BH.UTF-8`), if it is one of
    /// ours.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_', '.', '@']).next()?;
        Self::ALL.into_iter().find(|language| primary.eq_ignore_ascii_case(language.tag()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regional_tags_and_posix_locales_find_their_language() {
        for (tag, language) in [
            ("fr-MA", Language::Fr),
            ("ar_BH.UTF-8", Language::Ar),
            ("EN", Language::En),
            ("zgh-Tfng", Language::Zgh),
        ] {
            assert_eq!(Language::from_tag(tag), Some(language), "{tag}");
        }
        assert_eq!(Language::from_tag("de-DE"), None);
        assert_eq!(Language::from_tag(""), None);
    }
}
