//! `GET /`: the one page of the portal. `templates/page.html` is what it looks like.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use bitaqa_protocol::Language;
use bitaqa_trust::{Assurance, Level};

use crate::{
    Portal,
    preferred_language::{self, LanguageQuery},
    session::{SessionId, SignedIn},
    words::Words,
};

/// Each language in its own words.
const NAMES: [(Language, &str); 4] = [
    (Language::Ar, "العربية"),
    (Language::Fr, "Français"),
    (Language::En, "English"),
    (Language::Zgh, "ⵜⴰⵎⴰⵣⵉⵖⵜ"),
];

#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    words: &'a Words,
    language: Language,
    languages: [(Language, &'static str); 4],
    signed_in: Option<SignedIn>,
    accepts_test_cards: bool,
    has_sdk: bool,
    origin: &'a str,
}

impl Page<'_> {
    fn word(&self, name: &str) -> String {
        self.words.text(self.language, name)
    }

    fn direction(&self) -> &'static str {
        if self.language.is_right_to_left() { "rtl" } else { "ltr" }
    }

    fn is_current(&self, language: &Language) -> bool {
        self.language == *language
    }

    fn level(&self, level: &Level) -> String {
        self.word(match level {
            Level::None => "level-none",
            Level::Low => "level-low",
            Level::Substantial => "level-substantial",
            Level::High => "level-high",
        })
    }

    fn is_test(&self, signed_in: &SignedIn) -> bool {
        signed_in.assurance == Assurance::Test
    }

    fn script_words(&self) -> String {
        self.words.for_the_script(self.language)
    }
}

/// Shows the page, to somebody who is signed in or not.
pub async fn show(
    State(portal): State<Arc<Portal>>,
    Query(query): Query<LanguageQuery>,
    headers: HeaderMap,
) -> Response {
    let language = preferred_language::choose(&query, &headers);
    let signed_in = SessionId::from_cookie(&headers, &portal.origin)
        .and_then(|id| portal.sessions.signed_in(&id, (portal.clock)()));
    let page = Page {
        words: &portal.words,
        language,
        languages: NAMES,
        signed_in,
        accepts_test_cards: portal.accepts_test_cards,
        has_sdk: portal.sdk.is_some(),
        origin: portal.origin.as_str(),
    };
    match page.render() {
        Ok(html) => (
            [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::VARY, "Accept-Language, Cookie")],
            html,
        )
            .into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
