//! Whether the platform can do what it is there for.
//!
//! `/health/live` says that the process answers; whoever looks there starts it anew when it does not. `/health/ready` says that it can
//! serve; whoever looks there sends people elsewhere meanwhile, for to start it anew brings no database back.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::{Platform, key_store::HashUse, store::SCHEMA_VERSION};

/// How long the database may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// Always.
pub async fn live() -> &'static str {
    "ok"
}

/// `ok`, or 503 and a line for each thing that is not.
pub async fn ready(State(platform): State<Arc<Platform>>) -> Response {
    let mut faults = Vec::new();
    match tokio::time::timeout(PATIENCE, platform.store.schema_version()).await {
        Ok(Ok(version)) if version >= SCHEMA_VERSION => {}
        Ok(Ok(_)) => faults.push("migrations"),
        Ok(Err(_)) | Err(_) => faults.push("database"),
    }
    // a list may be one of before; a hash is not
    let keys = platform.keys.published().and_then(|_| platform.keys.hash(HashUse::Installation, &[]));
    if keys.is_err() {
        faults.push("keys");
    }
    if faults.is_empty() {
        return "ok".into_response();
    }
    (StatusCode::SERVICE_UNAVAILABLE, faults.join("\n")).into_response()
}
