//! What the platform answers to, for programs: `/openapi.json` (OpenAPI 3.1).

use std::sync::Arc;

use axum::{Json, extract::State};
use serde_json::{Value, json};

use crate::{Platform, Unable};

const TEXT: &str = include_str!("../assets/openapi.json");

/// `GET /openapi.json`, with this platform's address.
///
/// # Errors
/// [`Unable`]: never for the text that the program carries.
pub async fn answer(State(platform): State<Arc<Platform>>) -> Result<Json<Value>, Unable> {
    let mut described: Value =
        serde_json::from_str(TEXT).map_err(|_| Unable::Unreadable("description of the interface"))?;
    if let Some(members) = described.as_object_mut() {
        let server =
            json!([{ "url": platform.issuer.as_str(), "description": "The platform that tells this." }]);
        members.insert("servers".to_owned(), server);
    }
    Ok(Json(described))
}
