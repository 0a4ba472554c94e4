//! The language of a page: `?lang=`, else what the relying party asked for, else what the browser prefers, else Arabic.

use axum::http::HeaderMap;
use bitaqa_pages::language;
use bitaqa_protocol::Language;

/// The languages that pages have.
pub const OURS: [Language; 4] = [Language::Ar, Language::Zgh, Language::Fr, Language::En];

/// What the browser prefers of them.
#[must_use]
pub fn preferred(headers: &HeaderMap) -> Language {
    language::preferred(headers, &OURS)
}

/// The first of several tags with spaces between them (`ui_locales`) that is one of them.
#[must_use]
pub fn first_of(tags: &str) -> Option<Language> {
    tags.split(' ').take(32).find_map(of_ours)
}

/// The language of a tag, if it is one of them.
#[must_use]
pub fn of_ours(tag: &str) -> Option<Language> {
    language::of(tag, &OURS)
}
