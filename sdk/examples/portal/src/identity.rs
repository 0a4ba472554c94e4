//! Identity on request, in three steps of the page's script:
//!
//! 1. `POST /identity/request`: what is asked, with a fresh challenge and a fresh statement. The session keeps all of it;
//! 2. `POST /identity/answer`: the encrypted answer. It is verified against what the session kept. Where the chip has yet to prove that it
//!    is no copy, the page gets a challenge for it, and the session keeps a secret;
//! 3. `POST /identity/proof`: what the chip answered to the challenge, and nothing else: the answer is that of the second step.
//!
//! Each step takes what it needs out of the session before it looks at what came. So everything counts once.

use std::{sync::Arc, time::Instant};

use axum::{
    Json,
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use bitaqa_pages::{language::LanguageQuery, refused_identity};
use bitaqa_protocol::{
    Language,
    claim::Claim,
    identity::{ChipAnswer, ChipChallenge},
};
use bitaqa_trust::identity::{
    Expected, ExpectedRequest, FirstStep, RefusedIdentity, VerifiedIdentity, claims::Value,
};
use serde::{Deserialize, Serialize};

use crate::{
    Portal, clock,
    event_log::Identification,
    random,
    refusal::refused,
    session::{AwaitedProof, Identified, SessionId, fresh_challenge},
    sign_in::has_type,
};

/// Longest answer that is taken, in bytes. What this portal asks for has no picture; one that asks for a photo takes up to
/// `bitaqa_trust::identity::verification::MAX_ENCRYPTED`.
pub const MAX_ANSWER: usize = 256 * 1024;

/// What the page's script gets.
#[derive(Serialize)]
#[serde(rename_all = "camelCase", untagged)]
enum Answer {
    Identified {
        identified: bool,
    },
    #[serde(rename_all = "camelCase")]
    ChipAuthenticationNeeded {
        chip_challenge: ChipChallenge,
    },
}

/// What comes back of the chip.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Proof {
    chip_proof: ChipAnswer,
}

/// `POST /identity/request`: makes a request for this session.
pub async fn ask(State(portal): State<Arc<Portal>>, headers: HeaderMap) -> Response {
    let Some(identity) = &portal.identity else { return StatusCode::NOT_FOUND.into_response() };
    let now = (portal.clock)();
    let (Ok(challenge), Some(statement)) = (fresh_challenge(), identity.statement().await) else {
        portal.log.write(&Identification::refused("request-impossible", None), clock::date_time(now));
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let request = identity.request(challenge, statement);
    let id = SessionId::from_cookie(&headers, &portal.origin);
    let Ok(new) = portal.sessions.ask(id.as_ref(), request.clone(), now) else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    with_cookie(&portal, new, Json(request))
}

/// `POST /identity/answer`: verifies the encrypted answer in the body.
pub async fn answer(
    State(portal): State<Arc<Portal>>,
    Query(query): Query<LanguageQuery>,
    headers: HeaderMap,
    body: String,
) -> Response {
    let Some(identity) = &portal.identity else { return StatusCode::NOT_FOUND.into_response() };
    if !has_type(&headers, "application/jose") {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
    }
    let (language, now) = (query.choose(&headers, &Language::ALL), (portal.clock)());
    let open = SessionId::from_cookie(&headers, &portal.origin)
        .and_then(|id| Some((portal.sessions.take_request(&id, now)?, id)));
    let Some((request, id)) = open else { return not_open(&portal, language) };

    let started = Instant::now();
    let expected = Expected { origin: &portal.origin, request: ExpectedRequest::Sent(&request) };
    let first = identity.verifier().begin(&body, &expected, &mut random::system, clock::date_time(now));
    match first {
        Ok(FirstStep::Verified(verified)) => told(&portal, language, &id, Ok(&verified), started),
        Ok(FirstStep::ChipAuthenticationNeeded(needed)) => {
            let awaited = AwaitedProof { request, answer: body, state: needed.state };
            if !portal.sessions.await_proof(&id, awaited, now) {
                return StatusCode::SERVICE_UNAVAILABLE.into_response();
            }
            Json(Answer::ChipAuthenticationNeeded { chip_challenge: needed.challenge }).into_response()
        }
        Err(refused) => told(&portal, language, &id, Err(&refused), started),
    }
}

/// `POST /identity/proof`: verifies the kept answer with what its chip proved.
pub async fn prove(
    State(portal): State<Arc<Portal>>,
    Query(query): Query<LanguageQuery>,
    headers: HeaderMap,
    body: String,
) -> Response {
    let Some(identity) = &portal.identity else { return StatusCode::NOT_FOUND.into_response() };
    if !has_type(&headers, "application/json") {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
    }
    let (language, now) = (query.choose(&headers, &Language::ALL), (portal.clock)());
    let open = SessionId::from_cookie(&headers, &portal.origin)
        .and_then(|id| Some((portal.sessions.take_awaited(&id, now)?, id)));
    let Some((AwaitedProof { request, answer, state }, id)) = open else {
        return not_open(&portal, language);
    };
    let Ok(Proof { chip_proof }) = serde_json::from_str(&body) else {
        portal.log.write(&Identification::refused("chip-proof-malformed", None), clock::date_time(now));
        return refused(&portal, language, StatusCode::BAD_REQUEST, "chip-proof-malformed", "refused-other");
    };

    let started = Instant::now();
    let expected = Expected { origin: &portal.origin, request: ExpectedRequest::Sent(&request) };
    let result = identity.verifier().complete(&answer, &expected, state, &chip_proof, clock::date_time(now));
    told(&portal, language, &id, result.as_ref().map_err(|refused| &**refused), started)
}

/// Keeps who the person is, or says why that is not known.
fn told(
    portal: &Portal,
    language: Language,
    id: &SessionId,
    result: Result<&VerifiedIdentity, &RefusedIdentity>,
    started: Instant,
) -> Response {
    let (now, took) = ((portal.clock)(), started.elapsed());
    match result {
        Ok(verified) => match portal.sessions.identify(id, describe(verified), now) {
            Ok(Some(new)) => {
                portal.log.write(&Identification::accepted(verified, took), clock::date_time(now));
                with_cookie(portal, Some(new), Json(Answer::Identified { identified: true }))
            }
            Ok(None) => not_open(portal, language),
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        },
        Err(RefusedIdentity { failure, .. }) => {
            portal.log.write(&Identification::refused(failure.code(), Some(took)), clock::date_time(now));
            refused(
                portal,
                language,
                StatusCode::FORBIDDEN,
                failure.code(),
                refused_identity::sentence(failure.code()),
            )
        }
    }
}

/// What the page will say. A required claim is there, or the answer would not hold.
fn describe(verified: &VerifiedIdentity) -> Identified {
    let value = |claim: &Claim| verified.claims.get(claim).map(|known| &known.value);
    let text = |claim: &Claim| match value(claim) {
        Some(Value::Text(text)) => text.as_str(),
        _ => "",
    };
    let over_18 = Claim::parse("age_over_18").ok().and_then(|claim| match value(&claim)? {
        Value::Flag(flag) => Some(*flag),
        _ => None,
    });
    Identified {
        name: format!("{} {}", text(&Claim::GivenName), text(&Claim::FamilyName)).trim().to_owned(),
        over_18,
        level: verified.level,
        assurance: verified.assurance,
        chip_proven: verified.chip.is_proven(),
        status_checked: verified.status.is_known(),
    }
}

fn not_open(portal: &Portal, language: Language) -> Response {
    portal.log.write(&Identification::refused("request-not-open", None), clock::date_time((portal.clock)()));
    refused(portal, language, StatusCode::FORBIDDEN, "request-not-open", "refused-request")
}

fn with_cookie(portal: &Portal, new: Option<SessionId>, answer: impl IntoResponse) -> Response {
    match new.map(|id| id.set_cookie(&portal.origin)) {
        None => answer.into_response(),
        Some(Ok(cookie)) => ([(header::SET_COOKIE, cookie)], answer).into_response(),
        Some(Err(_)) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
