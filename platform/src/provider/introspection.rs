//! `POST /introspect` (RFC 7662), for the relying party that a token was given to.

use std::sync::Arc;

use axum::{Json, body::Bytes, extract::State, http::HeaderMap};
use bitaqa_jose::base64url;
use serde_json::{Map, Value, json};

use super::{
    failure::{EndpointError, Failure},
    parameters::Parameters,
};
use crate::{Platform, assurance, factor::holder_verification, secret::Ticket, store::TokenKind};

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
    let party = platform.authenticate_client_with_keys(&headers, &parameters).await?;
    let text = parameters.get("token").ok_or(Failure::request("token is missing"))?;
    let inactive = Json(json!({ "active": false }));
    let Some(ticket) = Ticket::parse(text) else { return Ok(inactive) };
    let found = platform.store.token(ticket.grant(), ticket.hash(), platform.clock.now()).await?;
    let Some((token, grant)) =
        found.filter(|(token, grant)| grant.client == party.id && token.used_at.is_none())
    else {
        return Ok(inactive);
    };
    let Some(granted) = platform.granted(&grant, &party)? else { return Ok(inactive) };
    let granted = platform.granted_to(&token, granted, &party)?;
    let scope = granted.scope();
    let token_type =
        (token.kind == TokenKind::Access).then_some(if token.bound_to.is_some() { "DPoP" } else { "Bearer" });
    // RFC 9449 section 6.2
    let confirmation = token.bound_to.map(|key| json!({ "jkt": base64url::encode(key.as_bytes()) }));
    let members: Map<String, Value> = [
        ("active", json!(true)),
        ("iss", json!(platform.issuer.as_str())),
        ("client_id", json!(party.id)),
        ("sub", json!(granted.subject)),
        ("scope", if scope.is_empty() { Value::Null } else { json!(scope) }),
        ("aud", audience(&granted.resources)),
        ("token_type", json!(token_type)),
        ("cnf", json!(confirmation)),
        ("iat", json!(token.issued_at)),
        ("exp", json!(token.expires_at)),
        ("auth_time", json!(granted.shown.at)),
        ("acr", json!(assurance::acr(granted.level, platform.realm))),
        ("amr", json!(granted.shown.factor.methods())),
        ("holderVerification", json!(holder_verification(granted.shown.factor))),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_null())
    .map(|(name, value)| (name.to_owned(), value))
    .collect();
    Ok(Json(Value::Object(members)))
}

/// The APIs that a token is for (RFC 8707 section 2), one or several; nothing where no request named any.
fn audience(resources: &[String]) -> Value {
    match resources {
        [] => Value::Null,
        [one] => json!(one),
        several => json!(several),
    }
}
