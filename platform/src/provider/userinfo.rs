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
use bitaqa_jose::{JwsHeader, SignatureAlgorithm};
use bitaqa_trust::Level;
use serde_json::Value;

use super::{
    RelyingParty, cross_origin, dpop,
    failure::{EndpointError, Failure},
    granting::{Granted, Worth},
    parameters::Parameters,
};
use crate::{
    Platform, Unable, assurance,
    secret::Ticket,
    store::{Token, TokenKind},
};

/// How a token comes along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scheme {
    /// By itself (RFC 6750).
    Bearer,
    /// With a proof of the key that it is bound to (RFC 9449 section 7.1).
    DPoP,
}

impl Scheme {
    const fn name(self) -> &'static str {
        match self {
            Self::Bearer => "Bearer",
            Self::DPoP => "DPoP",
        }
    }
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
        let (token, party, worth) = match self.found(text).await {
            Ok(found) => found,
            Err(EndpointError::Failure(failure)) => return Ok(challenge(scheme, failure)),
            Err(EndpointError::Unable(unable)) => return Err(unable),
        };
        let response = match self.check_binding(headers, method, (scheme, text), &token).await {
            Ok(()) => match worth {
                Worth::Granted(granted) => match self.granted_to(&token, *granted, &party)? {
                    granted if granted.without_openid => narrowed(scheme),
                    granted => self.told_of(&party, &granted).await?,
                },
                Worth::TooLittle(level) => self.step_up(scheme, level),
                Worth::Nothing => challenge(scheme, TOKEN),
            },
            // what the token needs is said, whichever way it came
            Err(EndpointError::Failure(failure)) if failure == BOUND => challenge(Scheme::DPoP, failure),
            Err(EndpointError::Failure(failure)) => challenge(scheme, failure),
            Err(EndpointError::Unable(unable)) => return Err(unable),
        };
        Ok(cross_origin::readable_by(&party, response))
    }

    /// RFC 9470 section 3.
    fn step_up(&self, scheme: Scheme, level: Level) -> Response {
        let name = scheme.name();
        let acr = assurance::acr(level, self.realm);
        let said = format!(
            "{name} error=\"insufficient_user_authentication\", \
             error_description=\"what was shown is not enough any more\", acr_values=\"{acr}\""
        );
        answer(StatusCode::UNAUTHORIZED, &said)
    }

    /// What a token is worth.
    async fn found(&self, text: &str) -> Result<(Token, RelyingParty, Worth), EndpointError> {
        let ticket = Ticket::parse(text).ok_or(TOKEN)?;
        let found = self.store.token(ticket.grant(), ticket.hash(), self.clock.now()).await?;
        let (token, grant) = found.filter(|(token, _)| token.kind == TokenKind::Access).ok_or(TOKEN)?;
        // suspended since
        let party = self.relying_party(&grant.client).await?.ok_or(TOKEN)?;
        let worth = self.worth(&grant, &party)?;
        Ok((token, party, worth))
    }

    /// Whether a token may come along like this.
    async fn check_binding(
        &self,
        headers: &HeaderMap,
        method: &'static str,
        (scheme, text): (Scheme, &str),
        token: &Token,
    ) -> Result<(), EndpointError> {
        match (scheme, token.bound_to) {
            (Scheme::Bearer, None) => Ok(()),
            (Scheme::Bearer, Some(_)) => Err(BOUND.into()),
            (Scheme::DPoP, None) => Err(UNBOUND.into()),
            (Scheme::DPoP, Some(bound_to)) => {
                let asked = dpop::Request { method, path: "/userinfo", token: Some(text) };
                let key = self.proven_key(headers, asked).await?.ok_or(dpop::MISSING)?;
                if dpop::kept(key) == bound_to { Ok(()) } else { Err(UNBOUND.into()) }
            }
        }
    }

    /// The claims, as the relying party wants them (OpenID Connect Core section 5.3.2).
    async fn told_of(&self, party: &RelyingParty, granted: &Granted) -> Result<Response, Unable> {
        let formats = &party.registration.formats;
        let recipient = match self.recipient(party, formats.userinfo_encryption).await {
            Ok(recipient) => recipient,
            Err(failure) => return Ok(EndpointError::Failure(failure).into_response()),
        };
        match self.check_signing(party) {
            Err(EndpointError::Unable(unable)) => return Err(unable),
            Err(failure) => return Ok(failure.into_response()),
            Ok(()) => {}
        }
        let mut claims = granted.userinfo();
        let jwt = match (formats.userinfo_signing, recipient) {
            (None, None) => return Ok(Json(claims).into_response()),
            (None, Some(recipient)) => {
                recipient.encrypt_claims(Value::Object(claims).to_string().as_bytes())?
            }
            (Some(signing), recipient) => {
                claims.insert("iss".to_owned(), self.issuer.as_str().into());
                claims.insert("aud".to_owned(), party.id.clone().into());
                // ID tokens have no type, so this is none
                let header = JwsHeader::new(signing.algorithm(), "JWT");
                let signed = self.keys.sign(header, Value::Object(claims).to_string().as_bytes())?;
                match recipient {
                    None => signed,
                    Some(recipient) => recipient.encrypt_signed(&signed)?,
                }
            }
        };
        Ok(([(header::CONTENT_TYPE, "application/jwt")], jwt).into_response())
    }
}

/// Names of schemes are written either way (RFC 9110 section 11.1).
fn in_header(headers: &HeaderMap) -> Option<(Scheme, &str)> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let scheme =
        [Scheme::Bearer, Scheme::DPoP].into_iter().find(|known| scheme.eq_ignore_ascii_case(known.name()))?;
    Some((scheme, token.trim()))
}

/// Both ways are open (RFC 9449 section 7.2).
fn without_token() -> Response {
    answer(StatusCode::UNAUTHORIZED, &format!("Bearer, DPoP {}", algorithms()))
}

/// RFC 6750 section 3.1.
fn narrowed(scheme: Scheme) -> Response {
    let said = format!(
        "{} error=\"insufficient_scope\", \
         error_description=\"the token is narrowed to APIs, or to scopes without openid\", scope=\"openid\"",
        scheme.name()
    );
    answer(StatusCode::FORBIDDEN, &said)
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
