//! `POST /sign-in`: the token comes back.

use std::{
    sync::Arc,
    time::{Instant, SystemTime},
};

use axum::{
    Json,
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use bitaqa_pages::{language::LanguageQuery, refused_token};
use bitaqa_protocol::{AuthToken, Challenge, Language};
use bitaqa_trust::{TokenFailure, VerifiedToken, auth_token::TokenSignatureError, verify_signature};
use serde::Serialize;

use crate::{
    Portal, clock,
    event_log::SignIn,
    refusal::refused,
    session::{SessionId, SignedIn},
};

/// What the page's script gets.
#[derive(Serialize)]
#[serde(rename_all = "camelCase", untagged)]
enum Answer {
    #[serde(rename_all = "camelCase")]
    SignedIn { signed_in: bool },
}

/// Verifies the token in the body against a challenge of the session, and signs the session in.
pub async fn verify(
    State(portal): State<Arc<Portal>>,
    Query(query): Query<LanguageQuery>,
    headers: HeaderMap,
    body: String,
) -> Response {
    let language = query.choose(&headers, &Language::ALL);
    if !has_type(&headers, "application/json") {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
    }
    let now = (portal.clock)();
    let open = SessionId::from_cookie(&headers, &portal.origin)
        .and_then(|id| Some((challenge_of(&body, &portal, portal.sessions.open_challenges(&id, now))?, id)));
    // taken out before anything is verified: whatever comes of it, it is used up
    let Some((challenge, id)) = open.filter(|(challenge, id)| portal.sessions.use_up(id, challenge, now))
    else {
        return challenge_unknown(&portal, language, now);
    };

    let started = Instant::now();
    let result = portal.verifier.verify(&body, &challenge, clock::date_time(now));
    let took = started.elapsed();
    match result {
        Ok(verified) => {
            let Some(person) = describe(&verified) else {
                portal
                    .log
                    .write(&SignIn::refused("holder-without-number", Some(took)), clock::date_time(now));
                return refused(
                    &portal,
                    language,
                    StatusCode::FORBIDDEN,
                    "holder-without-number",
                    "refused-other",
                );
            };
            let renamed = portal.sessions.sign_in(&id, person, now);
            match renamed.map(|id| id.map(|id| id.set_cookie(&portal.origin))) {
                Ok(None) => challenge_unknown(&portal, language, now),
                Ok(Some(Ok(cookie))) => {
                    portal.log.write(&SignIn::accepted(&verified, took), clock::date_time(now));
                    ([(header::SET_COOKIE, cookie)], Json(Answer::SignedIn { signed_in: true }))
                        .into_response()
                }
                _ => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
            }
        }
        Err(token) => {
            portal.log.write(&SignIn::refused(token.failure.code(), Some(took)), clock::date_time(now));
            let status = match token.failure {
                TokenFailure::Token(TokenSignatureError::Format(_) | TokenSignatureError::Certificate(_)) => {
                    StatusCode::BAD_REQUEST
                }
                _ => StatusCode::FORBIDDEN,
            };
            refused(
                &portal,
                language,
                status,
                token.failure.code(),
                refused_token::sentence(token.failure.code()),
            )
        }
    }
}

/// The challenge that the token answers. A session may have several open, one for each tab; a token does not say which is
/// its own, but its signature fits only one. A token that fits none is held against the latest.
fn challenge_of(body: &str, portal: &Portal, open: Vec<Challenge>) -> Option<Challenge> {
    if open.len() > 1
        && let Ok(token) = AuthToken::parse(body)
        && let Some(own) =
            open.iter().find(|challenge| verify_signature(&token, &portal.origin, challenge).is_ok())
    {
        return Some(own.clone());
    }
    open.into_iter().next()
}

/// What the page will say about the person. Without a number the portal would not know who signed in: it takes nobody then.
fn describe(verified: &VerifiedToken) -> Option<SignedIn> {
    let certificate = &verified.certificate;
    let number = certificate.personal_number()?.to_owned();
    let issuer = verified.issuer.as_ref()?;
    Some(SignedIn {
        name: certificate.subject().display_name().unwrap_or_else(|| number.clone()),
        number,
        issuer: issuer.name.clone(),
        level: issuer.level,
        assurance: issuer.assurance,
        valid_until: certificate.not_after().to_string().chars().take(10).collect(),
        revocation_checked: verified.revocation_checked(),
    })
}

fn challenge_unknown(portal: &Portal, language: Language, now: SystemTime) -> Response {
    portal.log.write(&SignIn::refused("challenge-unknown", None), clock::date_time(now));
    refused(portal, language, StatusCode::FORBIDDEN, "challenge-unknown", "refused-challenge")
}

/// Whether the body is of this type. A form of another site cannot send one that is not a form's without the browser asking first.
pub(crate) fn has_type(headers: &HeaderMap, wanted: &str) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case(wanted))
}
