//! Answers for scripts of other origins (CORS; Fetch Standard, section 3.3): what everybody may read, and what programs in browsers may.
//!
//! Nothing here rests on cookies, so none are asked for (`Access-Control-Allow-Credentials` never stands there), and whoever sends a
//! request from a script could send it from anywhere. What is kept from scripts is the answer: that of an endpoint for tokens is for the
//! origins of the redirect URIs of the portal that it is for, if that is a program that keeps no secret.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use bitaqa_protocol::Origin;

use super::RelyingParty;
use crate::registration::{ClientAuthentication, origin_of};

/// Header fields that a script may send.
const SENT: HeaderValue = HeaderValue::from_static("Authorization, Content-Type, DPoP");
/// Header fields of an answer that a script may read, beside those that every script may.
const READ: HeaderValue = HeaderValue::from_static("DPoP-Nonce, WWW-Authenticate");
/// How long a browser may remember what it may send, in seconds.
const REMEMBERED: HeaderValue = HeaderValue::from_static("600");
const EVERYBODY: HeaderValue = HeaderValue::from_static("*");

/// Whose scripts may read an answer.
#[derive(Clone)]
struct Readers(Vec<Origin>);

/// An answer for a relying party, which its scripts may read if it is one of scripts.
pub fn readable_by(party: &RelyingParty, answer: impl IntoResponse) -> Response {
    let mut response = answer.into_response();
    if party.registration.authentication == ClientAuthentication::None {
        let origins = party.registration.redirect_uris.iter().filter_map(|uri| origin_of(uri)).collect();
        response.extensions_mut().insert(Readers(origins));
    }
    response
}

/// For what is the same for everybody: discovery and keys.
pub async fn for_everybody(request: Request, next: Next) -> Response {
    let mut response = if request.method() == Method::OPTIONS {
        permitted(HeaderValue::from_static("GET"))
    } else {
        next.run(request).await
    };
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, EVERYBODY);
    response
}

/// For endpoints that programs in browsers use. Before they do, a browser asks whether they may send: nobody says there for whom, so
/// everybody may, and the answer is kept from those for whom it is not.
pub async fn for_programs(request: Request, next: Next) -> Response {
    if request.method() == Method::OPTIONS {
        let mut response = permitted(HeaderValue::from_static("GET, POST"));
        response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, EVERYBODY);
        return response;
    }
    let origin = request.headers().get(header::ORIGIN).cloned();
    let mut response = next.run(request).await;
    let readers = response.extensions_mut().remove::<Readers>();
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_name(header::ORIGIN));
    if let (Some(origin), Some(Readers(readers))) = (origin, readers)
        && readers.iter().any(|reader| reader.as_str().as_bytes() == origin.as_bytes())
    {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, READ);
    }
    response
}

fn permitted(methods: HeaderValue) -> Response {
    let fields: [(HeaderName, HeaderValue); 3] = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, methods),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, SENT),
        (header::ACCESS_CONTROL_MAX_AGE, REMEMBERED),
    ];
    (StatusCode::NO_CONTENT, HeaderMap::from_iter(fields)).into_response()
}
