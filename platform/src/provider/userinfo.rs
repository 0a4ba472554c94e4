//! `GET` and `POST /userinfo` (OpenID Connect Core section 5.3). What was shown once and is no longer enough is answered as RFC 9470 has it:
//! with the level that is.

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bitaqa_jose::SignatureAlgorithm;
use bitaqa_trust::Level;

use super::{
    dpop,
    failure::{EndpointError, Failure},
    granting::Worth,
    parameters::Parameters,
};
use crate::{Platform, Unable, assurance, secret::Ticket, store::TokenKind};

/// How a token comes along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scheme {
    /// By itself (RFC 6750).
    Bearer,
    /// With a proof of the key that it is bound to (RFC 9449 section 7.1).
    DPoP,
}

const TOKEN: Failure = Failure::new("invalid_token", "the token is unknown or has ended");
const BOUND: Failure =
    Failure::new("invalid_token", "the token is bound to a key, whose proof comes along (RFC 9449)");
const UNBOUND: Failure = Failure::new("invalid_token", "the token is bound to no key, or to another");

/// With the token in the header (RFC 6750 section 2.1, RFC 9449 section 7.1).
///
/// # Errors
/// [`Unable`].
pub async fn get(State(platform): State<Arc<Platform>>, headers: HeaderMap) -> Result<Response, Unable> {
    match in_header(&headers) {
        Some((scheme, text)) => platform.userinfo(&headers, "GET", scheme, text).await,
        None => Ok(without_token()),
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
    match (in_header(&headers), parameters.get("access_token")) {
        (Some((scheme, text)), None) => platform.userinfo(&headers, "POST", scheme, text).await,
        (None, Some(text)) => platform.userinfo(&headers, "POST", Scheme::Bearer, text).await,
        (None, None) => Ok(without_token()),
        (Some((scheme, _)), Some(_)) => {
            Ok(challenge(scheme, Failure::request("there are two access tokens")))
        }
    }
}

impl Platform {
    async fn userinfo(
        &self,
        headers: &HeaderMap,
        method: &'static str,
        scheme: Scheme,
        text: &str,
    ) -> Result<Response, Unable> {
        match self.shown(headers, method, scheme, text).await {
            Ok(Worth::Granted(granted)) => Ok(Json(granted.userinfo()).into_response()),
            Ok(Worth::TooLittle(level)) => Ok(self.step_up(scheme, level)),
            Ok(Worth::Nothing) => Ok(challenge(scheme, TOKEN)),
            // what the token needs is said, whichever way it came
            Err(EndpointError::Failure(failure)) if failure == BOUND => Ok(challenge(Scheme::DPoP, failure)),
            Err(EndpointError::Failure(failure)) => Ok(challenge(scheme, failure)),
            Err(EndpointError::Unable(unable)) => Err(unable),
        }
    }

    /// RFC 9470 section 3.
    fn step_up(&self, scheme: Scheme, level: Level) -> Response {
        let name = match scheme {
            Scheme::Bearer => "Bearer",
            Scheme::DPoP => "DPoP",
        };
        let acr = assurance::acr(level, self.realm);
        let said = format!(
            "{name} error=\"insufficient_user_authentication\", \
             error_description=\"what was shown is not enough any more\", acr_values=\"{acr}\""
        );
        answer(StatusCode::UNAUTHORIZED, &said)
    }

    /// What a token is worth that comes along like this.
    async fn shown(
        &self,
        headers: &HeaderMap,
        method: &'static str,
        scheme: Scheme,
        text: &str,
    ) -> Result<Worth, EndpointError> {
        let ticket = Ticket::parse(text).ok_or(TOKEN)?;
        let found = self.store.token(ticket.grant(), ticket.hash(), self.clock.now()).await?;
        let (token, grant) = found.filter(|(token, _)| token.kind == TokenKind::Access).ok_or(TOKEN)?;
        match (scheme, token.bound_to) {
            (Scheme::Bearer, None) => {}
            (Scheme::Bearer, Some(_)) => return Err(BOUND.into()),
            (Scheme::DPoP, None) => return Err(UNBOUND.into()),
            (Scheme::DPoP, Some(bound_to)) => {
                let asked = dpop::Request { method, path: "/userinfo", token: Some(text) };
                let key = self.proven_key(headers, asked).await?.ok_or(dpop::MISSING)?;
                if dpop::kept(key) != bound_to {
                    return Err(UNBOUND.into());
                }
            }
        }
        // suspended since
        let party = self.relying_party(&grant.client).await?.ok_or(TOKEN)?;
        Ok(self.worth(&grant, &party)?)
    }
}

/// Names of schemes are written either way (RFC 9110 section 11.1).
fn in_header(headers: &HeaderMap) -> Option<(Scheme, &str)> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let scheme = [("Bearer", Scheme::Bearer), ("DPoP", Scheme::DPoP)]
        .into_iter()
        .find_map(|(name, known)| scheme.eq_ignore_ascii_case(name).then_some(known))?;
    Some((scheme, token.trim()))
}

/// Both ways are open (RFC 9449 section 7.2).
fn without_token() -> Response {
    answer(StatusCode::UNAUTHORIZED, &format!("Bearer, DPoP {}", algorithms()))
}

/// RFC 6750 section 3, RFC 9449 section 7.1.
fn challenge(scheme: Scheme, failure: Failure) -> Response {
    let status = match failure.code {
        "invalid_request" => StatusCode::BAD_REQUEST,
        _ => StatusCode::UNAUTHORIZED,
    };
    match scheme {
        Scheme::Bearer => answer(status, &format!("Bearer error=\"{}\"", failure.code)),
        Scheme::DPoP => answer(
            status,
            &format!(
                "DPoP error=\"{}\", error_description=\"{}\", {}",
                failure.code,
                failure.description,
                algorithms()
            ),
        ),
    }
}

fn algorithms() -> String {
    format!("algs=\"{}\"", dpop::ALGORITHMS.map(SignatureAlgorithm::name).join(" "))
}

fn answer(status: StatusCode, challenge: &str) -> Response {
    let value = HeaderValue::from_str(challenge).unwrap_or(HeaderValue::from_static("DPoP"));
    (status, [(header::WWW_AUTHENTICATE, value)]).into_response()
}
