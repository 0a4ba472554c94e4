//! `POST /statement`: what the platform says of a relying party to whoever has its trust pack (`docs/statements.md`).

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};

use super::{
    failure::{EndpointError, Failure},
    parameters::Parameters,
};
use crate::{Platform, event_log::StatementIssued};

/// `application/` and the statement's `typ`.
const MEDIA_TYPE: &str = "application/bitaqa-statement+jwt";

/// Signs a fresh statement, which ends after 15 minutes: whoever is suspended gets no other.
///
/// # Errors
/// RFC 6749 section 5.2: `invalid_client`, also for whoever is suspended or not approved; `unauthorized_client` for one that is registered
/// without `[identity]`.
pub async fn answer(
    State(platform): State<Arc<Platform>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, EndpointError> {
    let parameters = Parameters::from_body(&headers, &body)?;
    let party = platform.authenticate_client_with_keys(&headers, &parameters).await?;
    let Some(identity) = &party.registration.identity else {
        let refused = "the relying party is registered without [identity]: there is nothing to state";
        return Err(Failure::new("unauthorized_client", refused).into());
    };
    // that would be the platform's own
    if identity.origins.contains(&platform.issuer) {
        let refused = "the relying party is registered for the platform's own origin: nobody is stated there";
        return Err(Failure::new("unauthorized_client", refused).into());
    }
    let text = platform.keys.issue_statement(&platform.stated_of(&party, identity)?)?;
    platform.note(&StatementIssued::to(&party.id));
    Ok(([(header::CONTENT_TYPE, MEDIA_TYPE), (header::CACHE_CONTROL, "no-store")], text).into_response())
}
