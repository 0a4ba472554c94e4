//! The language of a page: `?lang=`, else what the relying party asked for, else what the browser prefers, else Arabic.

use axum::http::{HeaderMap, header};
use bitaqa_protocol::Language;
use serde::Deserialize;

use super::page::LANGUAGES;

/// The query of pages.
#[derive(Debug, Default, Deserialize)]
pub struct LanguageQuery {
    /// Tag of a language.
    pub lang: Option<String>,
}

impl LanguageQuery {
    /// The language that the person chose on the page.
    #[must_use]
    pub fn chosen(&self) -> Option<Language> {
        self.lang.as_deref().and_then(of_ours)
    }
}

/// What the browser prefers of the languages that pages have.
#[must_use]
pub fn preferred(headers: &HeaderMap) -> Language {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    accepted.and_then(best).unwrap_or_default()
}

/// The language of a tag, if the pages have it.
pub fn of_ours(tag: &str) -> Option<Language> {
    Language::from_tag(tag).filter(|language| LANGUAGES.iter().any(|(ours, _)| ours == language))
}

/// `Accept-Language` (RFC 9110 section 12.5.4): the first of ours with the highest weight above zero.
fn best(accepted: &str) -> Option<Language> {
    let mut best: Option<(Language, f32)> = None;
    for range in accepted.split(',').take(32) {
        let mut parts = range.split(';');
        let Some(language) = parts.next().map(str::trim).and_then(of_ours) else { continue };
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
    fn weights_are_honoured_and_languages_without_pages_passed_over() {
        for (accepted, expected) in [
            ("fr-MA,fr;q=0.9,en;q=0.8", Some(Language::Fr)),
            ("de-DE, en;q=0.3, ar;q=0.7", Some(Language::Ar)),
            ("zgh, fr;q=0.2", Some(Language::Fr)),
            ("en;q=0, fr;q=0.1", Some(Language::Fr)),
            ("en;q=x", None),
            ("", None),
        ] {
            assert_eq!(best(accepted), expected, "{accepted}");
        }
    }
}
