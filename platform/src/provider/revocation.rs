//! `POST /revoke` (RFC 7009).

use std::sync::Arc;

use axum::{body::Bytes, extract::State, http::HeaderMap};

use super::{
    failure::{EndpointError, Failure},
    parameters::Parameters,
};
use crate::{Platform, secret::Ticket, store::TokenKind};

/// Withdraws a token of the relying party that asks: a refresh token with everything that came of its grant, an access token alone.
/// Somebody else's or unknown ones change nothing, and nobody learns which it was.
///
/// # Errors
/// RFC 6749 section 5.2.
pub async fn answer(
    State(platform): State<Arc<Platform>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<(), EndpointError> {
    let parameters = Parameters::from_body(&headers, &body)?;
    let party = platform.authenticate_client(&headers, &parameters).await?;
    let text = parameters.get("token").ok_or(Failure::request("token is missing"))?;
    let Some(ticket) = Ticket::parse(text) else { return Ok(()) };
    let now = platform.clock.now();
    let found = platform.store.token(ticket.grant(), ticket.hash(), now).await?;
    match found.filter(|(_, grant)| grant.client == party.id) {
        Some((token, grant)) if token.kind == TokenKind::Refresh => {
            platform.store.revoke_grant(&grant.id, now).await?;
        }
        Some((token, grant)) => platform.store.end_token(&grant.id, token.hash).await?,
        None => {}
    }
    Ok(())
}
