//! What all pages have in common, and those that only say something.

use askama::Template;
use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use bitaqa_pages::words::Words;
use bitaqa_protocol::Language;

use crate::{Platform, Unable, provider::failure::Failure, registration::Text, settings::Realm};

/// The languages of the pages, each in its own words.
pub const LANGUAGES: [(Language, &str); 4] = [
    (Language::Ar, "العربية"),
    (Language::Zgh, "ⵜⴰⵎⴰⵣⵉⵖⵜ"),
    (Language::Fr, "Français"),
    (Language::En, "English"),
];

/// A text of a registration, and the language that it is in, which can be another than the page's.
pub struct Spoken<'a> {
    /// The text.
    pub text: &'a str,
    /// What it is in.
    pub language: Language,
}

impl<'a> Spoken<'a> {
    /// For a page in a language.
    #[must_use]
    pub fn of(text: &'a Text, language: Language) -> Self {
        let (text, language) = text.spoken(language);
        Self { text, language }
    }
}

/// What stands around every page.
pub struct Frame<'a> {
    words: &'a Words,
    /// Its language.
    pub language: Language,
    /// Where the same page is in other languages, if it has an address of its own.
    pub path: Option<String>,
    /// Whether nobody real signs in here.
    pub sandbox: bool,
    /// The platform's origin.
    pub origin: &'a str,
}

impl<'a> Frame<'a> {
    /// Of a page in a language.
    #[must_use]
    pub fn new(platform: &'a Platform, language: Language, path: Option<String>) -> Self {
        Self {
            words: &platform.words,
            language,
            path,
            sandbox: platform.realm == Realm::Sandbox,
            origin: platform.issuer.as_str(),
        }
    }

    /// A text.
    #[must_use]
    pub fn word(&self, name: &str) -> String {
        self.words.text(self.language, name)
    }

    /// The texts that a page's script needs, as JSON.
    #[must_use]
    pub fn script_words(&self) -> String {
        self.words.for_the_script(self.language)
    }

    /// Which way lines run.
    #[must_use]
    pub const fn direction(&self) -> &'static str {
        if self.language.is_right_to_left() { "rtl" } else { "ltr" }
    }

    /// The languages to choose from.
    #[must_use]
    pub const fn languages(&self) -> [(Language, &'static str); 4] {
        LANGUAGES
    }

    /// Whether a language is the page's.
    #[must_use]
    pub fn is_current(&self, language: &Language) -> bool {
        self.language == *language
    }
}

#[derive(Template)]
#[template(path = "message.html")]
struct Message<'a> {
    frame: Frame<'a>,
    title: &'a str,
    text: &'a str,
    code: Option<&'a str>,
    detail: Option<&'a str>,
    sign_out: bool,
}

/// Something is wrong with what a relying party sent, and it cannot be told.
///
/// # Errors
/// [`Unable`]: the page cannot be made.
pub fn refusal(platform: &Platform, language: Language, failure: Failure) -> Result<Response, Unable> {
    let message = Message {
        frame: Frame::new(platform, language, None),
        title: "refusal-title",
        text: "refusal-text",
        code: Some(failure.code),
        detail: Some(failure.description),
        sign_out: false,
    };
    Ok((StatusCode::BAD_REQUEST, html(&message)?).into_response())
}

/// Says something, and no more.
///
/// # Errors
/// [`Unable`]: the page cannot be made.
pub(crate) fn message(
    platform: &Platform,
    language: Language,
    title: &str,
    text: &str,
) -> Result<Response, Unable> {
    let frame = Frame::new(platform, language, None);
    html(&Message { frame, title, text, code: None, detail: None, sign_out: false })
}

/// The interaction has ended, or belongs to another browser.
///
/// # Errors
/// [`Unable`]: the page cannot be made.
pub fn ended(platform: &Platform, language: Language) -> Result<Response, Unable> {
    let page = message(platform, language, "ended-title", "ended-text")?;
    Ok((StatusCode::GONE, page).into_response())
}

/// Where sign-outs are asked for: without a hint it is the same page in every language.
const SIGN_OUT: &str = "/end-session";

/// Asks whether to sign out.
///
/// # Errors
/// [`Unable`]: the page cannot be made.
pub fn sign_out(platform: &Platform, language: Language) -> Result<Response, Unable> {
    let message = Message {
        frame: Frame::new(platform, language, Some(SIGN_OUT.to_owned())),
        title: "sign-out-title",
        text: "sign-out-text",
        code: None,
        detail: None,
        sign_out: true,
    };
    html(&message)
}

/// Says that the person is signed out.
///
/// # Errors
/// [`Unable`]: the page cannot be made.
pub fn signed_out(platform: &Platform, language: Language) -> Result<Response, Unable> {
    let message = Message {
        frame: Frame::new(platform, language, Some(SIGN_OUT.to_owned())),
        title: "signed-out-title",
        text: "signed-out-text",
        code: None,
        detail: None,
        sign_out: false,
    };
    html(&message)
}

#[derive(Template)]
#[template(path = "onward.html")]
struct Onward<'a> {
    frame: Frame<'a>,
    to: &'a str,
}

/// Leads on by itself, to an address of ours or a registered one.
///
/// # Errors
/// [`Unable`]: the page cannot be made.
pub fn onward(platform: &Platform, language: Language, to: &str) -> Result<Response, Unable> {
    html(&Onward { frame: Frame::new(platform, language, None), to })
}

/// A page as an answer.
pub(crate) fn html(page: &impl Template) -> Result<Response, Unable> {
    let text = page.render().map_err(|_| Unable::Page)?;
    let headers =
        [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::VARY, "Accept-Language, Cookie")];
    Ok((headers, text).into_response())
}
