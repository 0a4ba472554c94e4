//! `POST /challenge`: a fresh challenge for this session.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use bitaqa_protocol::Challenge;
use serde::Serialize;

use crate::{Portal, session::SessionId};

#[derive(Serialize)]
struct Answer {
    challenge: Challenge,
}

/// Gives out a challenge; a browser without a session gets one with it.
pub async fn give_out(State(portal): State<Arc<Portal>>, headers: HeaderMap) -> Response {
    let id = SessionId::from_cookie(&headers, &portal.origin);
    let Ok((challenge, new)) = portal.sessions.give_challenge(id.as_ref(), (portal.clock)()) else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let answer = Json(Answer { challenge });
    match new.map(|id| id.set_cookie(&portal.origin)) {
        None => answer.into_response(),
        Some(Ok(cookie)) => ([(header::SET_COOKIE, cookie)], answer).into_response(),
        Some(Err(_)) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
