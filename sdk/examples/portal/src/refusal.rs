//! What the page's script gets where something is refused: a code for programs, and two sentences for the person.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use bitaqa_protocol::Language;
use serde::Serialize;

use bitaqa_pages::words::Sentence;

use crate::Portal;

#[derive(Serialize)]
struct Refusal {
    code: &'static str,
    message: String,
    remedy: String,
}

/// Refuses with a sentence of the portal's words, by its name.
pub(crate) fn refused(
    portal: &Portal,
    language: Language,
    status: StatusCode,
    code: &'static str,
    sentence: &str,
) -> Response {
    let Sentence { message, remedy } = portal.words.sentence(language, sentence);
    (status, Json(Refusal { code, message, remedy })).into_response()
}
