//! `GET` and `POST /userinfo` (OpenID Connect Core section 5.3).

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::parameters::Parameters;
use crate::{Platform, Unable, secret::Ticket, store::TokenKind};

/// With the token in the header (RFC 6750 section 2.1).
///
/// # Errors
/// [`Unable`].
pub async fn get(State(platform): State<Arc<Platform>>, headers: HeaderMap) -> Result<Response, Unable> {
    match bearer(&headers) {
        Some(text) => platform.userinfo(text).await,
        None => Ok(challenge(None)),
    }
}

/// With the token in the header, or in the body (RFC 6750 section 2.2); not in both.
///
/// # Errors
/// [`Unable`].
pub async fn post(
    State(platform): State<Arc<Platform>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Unable> {
    let parameters = Parameters::from_body(&headers, &body).unwrap_or_default();
    match (bearer(&headers), parameters.get("access_token")) {
        (Some(text), None) | (None, Some(text)) => platform.userinfo(text).await,
        (None, None) => Ok(challenge(None)),
        (Some(_), Some(_)) => Ok(challenge(Some("invalid_request"))),
    }
}

impl Platform {
    async fn userinfo(&self, text: &str) -> Result<Response, Unable> {
        let Some(ticket) = Ticket::parse(text) else { return Ok(challenge(Some("invalid_token"))) };
        let found = self.store.token(ticket.grant(), ticket.hash(), self.clock.now()).await?;
        let Some((_, grant)) = found.filter(|(token, _)| token.kind == TokenKind::Access) else {
            return Ok(challenge(Some("invalid_token")));
        };
        // suspended since
        if self.relying_party(&grant.client).await?.is_none() {
            return Ok(challenge(Some("invalid_token")));
        }
        Ok(Json(self.granted(&grant)?.userinfo()).into_response())
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("Bearer").then(|| token.trim())
}

/// RFC 6750 section 3.
fn challenge(error: Option<&'static str>) -> Response {
    let (status, value) = match error {
        None => (StatusCode::UNAUTHORIZED, HeaderValue::from_static("Bearer")),
        Some("invalid_request") => {
            (StatusCode::BAD_REQUEST, HeaderValue::from_static("Bearer error=\"invalid_request\""))
        }
        Some(_) => (StatusCode::UNAUTHORIZED, HeaderValue::from_static("Bearer error=\"invalid_token\"")),
    };
    (status, [(header::WWW_AUTHENTICATE, value)]).into_response()
}
