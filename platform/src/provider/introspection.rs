//! `POST /introspect` (RFC 7662), for the relying party that a token was given to.

use std::sync::Arc;

use axum::{Json, body::Bytes, extract::State, http::HeaderMap};
use serde_json::{Value, json};

use super::{
    failure::{EndpointError, Failure},
    parameters::Parameters,
};
use crate::{Platform, assurance, registration::ClientAuthentication, secret::Ticket};

/// Says what a token is worth. Somebody else's is as good as none.
///
/// # Errors
/// RFC 6749 section 5.2; a relying party that cannot show who it is may not ask.
pub async fn answer(
    State(platform): State<Arc<Platform>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, EndpointError> {
    let parameters = Parameters::from_body(&headers, &body)?;
    let party = platform.authenticate_client(&headers, &parameters).await?;
    if party.registration.authentication == ClientAuthentication::None {
        return Err(Failure::client("only relying parties with keys may ask").into());
    }
    let text = parameters.get("token").ok_or(Failure::request("token is missing"))?;
    let inactive = Json(json!({ "active": false }));
    let Some(ticket) = Ticket::parse(text) else { return Ok(inactive) };
    let found = platform.store.token(ticket.grant(), ticket.hash(), platform.clock.now()).await?;
    let Some((token, grant)) =
        found.filter(|(token, grant)| grant.client == party.id && token.used_at.is_none())
    else {
        return Ok(inactive);
    };
    let granted = platform.granted(&grant)?;
    Ok(Json(json!({
        "active": true,
        "iss": platform.issuer.as_str(),
        "client_id": party.id,
        "sub": granted.subject,
        "scope": granted.scope(),
        "token_type": token.kind.name(),
        "iat": token.issued_at,
        "exp": token.expires_at,
        "auth_time": granted.authenticated_at,
        "acr": assurance::acr(granted.level, platform.realm),
    })))
}
