//! `GET /`: the one page of the portal. `templates/page.html` is what it looks like.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use bitaqa_pages::{language::LanguageQuery, words::Words};
use bitaqa_protocol::Language;
use bitaqa_trust::{Assurance, Level};

use crate::{
    Portal,
    identity_settings::IdentitySettings,
    session::{Identified, SessionId, SignedIn},
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
    /// What is asked of people for their identity, as JSON; nothing if nothing is.
    asked: Option<String>,
    identified: Option<Identified>,
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

    fn is_test(&self, assurance: &Assurance) -> bool {
        *assurance == Assurance::Test
    }

    fn yes_or_no(&self, flag: &Option<bool>) -> String {
        self.word(match flag {
            Some(true) => "yes",
            Some(false) => "no",
            None => "level-none",
        })
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
    let language = query.choose(&headers, &Language::ALL);
    let (id, now) = (SessionId::from_cookie(&headers, &portal.origin), (portal.clock)());
    let signed_in = id.as_ref().and_then(|id| portal.sessions.signed_in(id, now));
    let identified = id.as_ref().and_then(|id| portal.sessions.identified(id, now));
    let page = Page {
        words: &portal.words,
        language,
        languages: NAMES,
        signed_in,
        asked: portal.identity.as_ref().map(IdentitySettings::asked),
        identified,
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
