//! `POST /par`: requests that do not pass through the browser (RFC 9126).

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use serde::Serialize;

use super::{
    authorization_request::{self, AuthorizationRequest},
    client_authentication,
    failure::{EndpointError, Failure},
    parameters::Parameters,
};
use crate::{Platform, Unable, clock::Seconds, secret::Secret, store::Pushed};

/// What names of pushed requests begin with (RFC 9126 section 2.2).
const PREFIX: &str = "urn:ietf:params:oauth:request_uri:";
/// How long a pushed request waits for the browser.
const LIFETIME: Seconds = 60;

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
    // nobody types who they are here, so a hint at it is not even kept
    let parameters = parameters.without(&client_authentication::PARAMETERS).without(&["login_hint"]);
    let destination = authorization_request::destination(&party, &parameters)?;
    AuthorizationRequest::parse(&party, destination, &parameters, platform.realm)?;
    let name = Secret::random();
    let sealed = platform.seal(&place(&name), &parameters)?;
    let expires_at = platform.clock.now() + LIFETIME;
    platform.store.add_pushed(&Pushed { id: name.hash(), client: party.id, sealed, expires_at }).await?;
    let request_uri = format!("{PREFIX}{}", name.as_str());
    Ok((StatusCode::CREATED, Json(Answer { request_uri, expires_in: LIFETIME })))
}

/// Whether a `request_uri` is the name of a pushed request, known or not.
#[must_use]
pub fn is_name(uri: &str) -> bool {
    uri.starts_with(PREFIX)
}

impl Platform {
    /// Takes a pushed request out by its name; it is there once, and for who pushed it.
    ///
    /// # Errors
    /// [`Unable`]: the database.
    pub async fn take_pushed(&self, uri: &str, client: &str) -> Result<Option<Parameters>, Unable> {
        let Some(name) = uri.strip_prefix(PREFIX).and_then(Secret::parse) else { return Ok(None) };
        let pushed = self.store.take_pushed(name.hash(), self.clock.now()).await?;
        let Some(pushed) = pushed.filter(|pushed| pushed.client == client) else { return Ok(None) };
        self.open(&place(&name), &pushed.sealed).map(Some)
    }
}

/// By the name itself, of which the database has the hash only.
fn place(name: &Secret) -> String {
    format!("pushed {}", name.as_str())
}
