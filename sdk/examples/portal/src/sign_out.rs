//! `POST /sign-out`: ends the session.

use std::sync::Arc;

use axum::{
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use bitaqa_pages::language::LanguageQuery;
use bitaqa_protocol::Language;

use crate::{
    Portal,
    session::{SessionId, forget_cookie},
};

/// Ends the session and goes back to the page, in the same language.
pub async fn sign_out(
    State(portal): State<Arc<Portal>>,
    Query(query): Query<LanguageQuery>,
    headers: HeaderMap,
) -> Response {
    if let Some(id) = SessionId::from_cookie(&headers, &portal.origin) {
        portal.sessions.end(&id);
    }
    let language = query.choose(&headers, &Language::ALL);
    let page = format!("/?lang={}", language.tag());
    let forget = forget_cookie(&portal.origin);
    match header::HeaderValue::from_str(&page) {
        Ok(page) => {
            (StatusCode::SEE_OTHER, [(header::LOCATION, page), (header::SET_COOKIE, forget)]).into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
