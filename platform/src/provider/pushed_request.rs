//! `POST /par`: requests that do not pass through the browser (RFC 9126).

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use serde::{Deserialize, Serialize};

use super::{
    RelyingParty,
    authorization_request::{self, AuthorizationRequest},
    client_authentication, dpop,
    failure::{EndpointError, Failure},
    parameters::Parameters,
};
use crate::{Platform, Unable, clock::Seconds, pages::interaction, secret::Secret, store::Pushed};

/// What names of pushed requests begin with (RFC 9126 section 2.2).
const PREFIX: &str = "urn:ietf:params:oauth:request_uri:";
/// How long a pushed request waits for the browser; FAPI 2.0 Security Profile section 5.3.2.2 asks for less than 600 s.
const LIFETIME: Seconds = 60;
/// How long it is remembered after that: until whoever opened it in time was answered.
const ANSWERED_WITHIN: Seconds = interaction::LIFETIME + 60;

/// A request as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    parameters: Parameters,
    opened_until: Seconds,
}

/// The name of the request, for the browser.
#[derive(Serialize)]
pub struct Answer {
    request_uri: String,
    expires_in: Seconds,
}

/// Checks a request and keeps it.
///
/// # Errors
/// RFC 9126 section 2.3.
pub async fn answer(
    State(platform): State<Arc<Platform>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<(StatusCode, Json<Answer>), EndpointError> {
    let parameters = Parameters::from_body(&headers, &body)?;
    let party = platform.authenticate_client(&headers, &parameters).await?;
    if parameters.get("request_uri").is_some() {
        return Err(Failure::request("request_uri cannot be pushed").into());
    }
    let asked = dpop::Request { method: "POST", path: "/par", token: None };
    let key = platform.proven_key(&headers, asked).await?;
    let parameters = parameters.without(&client_authentication::PARAMETERS);
    let parameters = dpop::bound(platform.said(&party, &parameters).await?, key)?;
    let destination = authorization_request::destination(&party, &parameters)?;
    AuthorizationRequest::parse(&party, destination, &parameters, &platform)?;
    platform.check_signing(&party)?;
    let request_uri = platform.push(&party, parameters).await?;
    Ok((StatusCode::CREATED, Json(Answer { request_uri, expires_in: LIFETIME })))
}

/// Whether a `request_uri` is the name of a pushed request, known or not.
#[must_use]
pub fn is_name(uri: &str) -> bool {
    uri.starts_with(PREFIX)
}

impl Platform {
    /// Keeps a request; gives its name, which is its `request_uri`.
    ///
    /// # Errors
    /// [`Unable`]: database or keys.
    pub async fn push(&self, party: &RelyingParty, parameters: Parameters) -> Result<String, Unable> {
        let name = Secret::random();
        // nobody types who they are here, so a hint at it is not even kept
        let parameters = parameters.without(&["login_hint"]);
        let opened_until = self.clock.now() + LIFETIME;
        let sealed = self.seal(&place(&name), &Kept { parameters, opened_until })?;
        let expires_at = opened_until + ANSWERED_WITHIN;
        let client = party.id.clone();
        self.store.add_pushed(&Pushed { id: name.hash(), client, sealed, expires_at }).await?;
        Ok(format!("{PREFIX}{}", name.as_str()))
    }

    /// A pushed request by its name, for who pushed it. Browsers load pages again, so it is used up by its answer only.
    ///
    /// # Errors
    /// [`Unable`]: the database.
    pub async fn pushed(&self, uri: &str, client: &str) -> Result<Option<Parameters>, Unable> {
        let Some(name) = uri.strip_prefix(PREFIX).and_then(Secret::parse) else { return Ok(None) };
        let now = self.clock.now();
        let pushed = self.store.pushed(name.hash(), now).await?;
        let Some(pushed) = pushed.filter(|pushed| pushed.client == client) else { return Ok(None) };
        let kept: Kept = self.open(&place(&name), &pushed.sealed)?;
        Ok((kept.opened_until > now).then_some(kept.parameters))
    }

    /// Uses a pushed request up, before its answer. False: it was answered before.
    ///
    /// # Errors
    /// [`Unable`]: the database.
    pub async fn is_first_answer(&self, request: &AuthorizationRequest) -> Result<bool, Unable> {
        let Some(uri) = &request.pushed_as else { return Ok(true) };
        let Some(name) = uri.strip_prefix(PREFIX).and_then(Secret::parse) else { return Ok(false) };
        Ok(self.store.take_pushed(name.hash(), self.clock.now()).await?.is_some())
    }
}

/// By the name itself, of which the database has the hash only.
fn place(name: &Secret) -> String {
    format!("pushed {}", name.as_str())
}
