//! `/metrics`, at an address that is not the public one.

use std::sync::Arc;

use axum::{Router, extract::State, http::header, response::IntoResponse, routing::get};

use super::metrics::{METRICS, gauge};
use crate::{Platform, Unable};

/// Most notices that are counted; more are as many.
const MAX_WAITING: usize = 1000;
/// The text format of Prometheus.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// What the second address serves.
pub(crate) fn router(platform: Arc<Platform>) -> Router {
    Router::new().route("/metrics", get(metrics)).with_state(platform)
}

async fn metrics(State(platform): State<Arc<Platform>>) -> Result<impl IntoResponse, Unable> {
    let mut text = METRICS.text();
    // not those that are due only: all that wait
    let waiting = platform.store.due_logout_notices(i64::MAX, MAX_WAITING).await;
    let waiting: Vec<_> = waiting
        .ok()
        .and_then(|waiting| i64::try_from(waiting.len()).ok())
        .map(|number| (Vec::new(), number))
        .into_iter()
        .collect();
    gauge(
        &mut text,
        "bitaqa_logout_notices_waiting",
        "Relying parties that are still to be told of a sign-out, 1000 at most.",
        &waiting,
    );
    let published: Vec<_> = platform
        .keys
        .published()
        .unwrap_or_default()
        .iter()
        .map(|key| {
            let labels =
                vec![("phase", key.phase.name().to_owned()), ("algorithm", key.algorithm.name().to_owned())];
            (labels, key.published_at)
        })
        .collect();
    gauge(
        &mut text,
        "bitaqa_signing_key_published_timestamp_seconds",
        "Since when a signing key is published.",
        &published,
    );
    Ok(([(header::CONTENT_TYPE, TEXT)], text))
}
