//! `POST /revoke` (RFC 7009).

use std::sync::Arc;

use axum::{body::Bytes, extract::State, http::HeaderMap, response::Response};

use super::{
    RelyingParty, cross_origin,
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
) -> Result<Response, EndpointError> {
    let parameters = Parameters::from_body(&headers, &body)?;
    let party = platform.authenticate_client(&headers, &parameters).await?;
    Ok(cross_origin::readable_by(&party, platform.revoke(&party, &parameters).await))
}

impl Platform {
    async fn revoke(&self, party: &RelyingParty, parameters: &Parameters) -> Result<(), EndpointError> {
        let text = parameters.get("token").ok_or(Failure::request("token is missing"))?;
        let Some(ticket) = Ticket::parse(text) else { return Ok(()) };
        let now = self.clock.now();
        let found = self.store.token(ticket.grant(), ticket.hash(), now).await?;
        match found.filter(|(_, grant)| grant.client == party.id) {
            Some((token, grant)) if token.kind == TokenKind::Refresh => {
                self.store.revoke_grant(&grant.id, now).await?;
            }
            Some((token, grant)) => self.store.end_token(&grant.id, token.hash).await?,
            None => {}
        }
        Ok(())
    }
}
