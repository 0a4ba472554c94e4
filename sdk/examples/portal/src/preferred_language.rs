//! The language of a page: `?lang=`, else what the browser prefers, else Arabic.

use axum::http::{HeaderMap, header};
use bitaqa_protocol::Language;
use serde::Deserialize;

/// The query of every page.
#[derive(Debug, Default, Deserialize)]
pub struct LanguageQuery {
    /// Tag of a language.
    lang: Option<String>,
}

/// Chooses one of ours.
#[must_use]
pub fn choose(query: &LanguageQuery, headers: &HeaderMap) -> Language {
    query
        .lang
        .as_deref()
        .and_then(Language::from_tag)
        .or_else(|| {
            let accepted = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
            best(accepted)
        })
        .unwrap_or_default()
}

/// `Accept-Language` (RFC 9110 section 12.5.4): the first of ours with the highest weight above zero.
fn best(accepted: &str) -> Option<Language> {
    let mut best: Option<(Language, f32)> = None;
    for range in accepted.split(',').take(32) {
        let mut parts = range.split(';');
        let Some(language) = parts.next().map(str::trim).and_then(Language::from_tag) else { continue };
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
            assert_eq!(best(accepted), expected, "{accepted}");
        }
    }
}
