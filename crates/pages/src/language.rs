//! The language of a page: what the person chose on it, else what the browser prefers of the languages that pages have.

use axum::http::{HeaderMap, header};
use bitaqa_protocol::Language;
use serde::Deserialize;

/// The query of pages: `?lang=`.
#[derive(Debug, Default, Deserialize)]
pub struct LanguageQuery {
    /// Tag of a language.
    lang: Option<String>,
}

impl LanguageQuery {
    /// The language that the person chose, if it is one of these.
    #[must_use]
    pub fn chosen(&self, ours: &[Language]) -> Option<Language> {
        of(self.lang.as_deref()?, ours)
    }

    /// That, else what the browser prefers.
    #[must_use]
    pub fn choose(&self, headers: &HeaderMap, ours: &[Language]) -> Language {
        self.chosen(ours).unwrap_or_else(|| preferred(headers, ours))
    }
}

/// The language of a tag, if it is one of these.
#[must_use]
pub fn of(tag: &str, ours: &[Language]) -> Option<Language> {
    Language::from_tag(tag).filter(|language| ours.contains(language))
}

/// What the browser prefers of these, else Arabic.
#[must_use]
pub fn preferred(headers: &HeaderMap, ours: &[Language]) -> Language {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    accepted.and_then(|accepted| best(accepted, ours)).unwrap_or_default()
}

/// `Accept-Language` (RFC 9110 section 12.5.4): the first of ours with the highest weight above zero.
fn best(accepted: &str, ours: &[Language]) -> Option<Language> {
    let mut best: Option<(Language, f32)> = None;
    for range in accepted.split(',').take(32) {
        let mut parts = range.split(';');
        let Some(language) = parts.next().and_then(|tag| of(tag.trim(), ours)) else { continue };
        let weight = match parts.find_map(|part| part.trim().strip_prefix("q=")) {
            Some(weight) => weight.parse().unwrap_or(0.0),
            None => 1.0,
        };
        if weight > 0.0 && best.is_none_or(|(_, kept)| weight > kept) {
            best = Some((language, weight));
        }
    }
    best.map(|(language, _)| language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_honoured_and_unknown_languages_passed_over() {
        for (accepted, expected) in [
            ("fr-MA,fr;q=0.9,en;q=0.8", Some(Language::Fr)),
            ("de-DE, en;q=0.3, ar;q=0.7", Some(Language::Ar)),
            ("zgh", Some(Language::Zgh)),
            ("en;q=0, fr;q=0.1", Some(Language::Fr)),
            ("en;q=x", None),
            ("*", None),
            ("", None),
        ] {
            assert_eq!(best(accepted, &Language::ALL), expected, "{accepted}");
        }
    }

    #[test]
    fn languages_without_pages_are_passed_over() {
        let ours = [Language::Ar, Language::Fr, Language::En];
        assert_eq!(best("zgh, fr;q=0.2", &ours), Some(Language::Fr));
        let query = |lang: &str| LanguageQuery { lang: Some(lang.to_owned()) };
        assert_eq!(query("zgh").chosen(&ours), None);
        assert_eq!(query("en").chosen(&ours), Some(Language::En));
    }
}
