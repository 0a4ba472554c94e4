//! A page for answers that have none, where a person would see an empty window: nothing is there, or the platform is unable.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    middleware::Next,
    response::Response,
};

use super::{language, page};
use crate::Platform;

/// Middleware: programs get the answer as it is.
pub(crate) async fn explain(State(platform): State<Arc<Platform>>, request: Request, next: Next) -> Response {
    let (is_seen, language) = (is_seen(request.headers()), language::preferred(request.headers()));
    let response = next.run(request).await;
    let (title, text) = match response.status() {
        _ if !is_seen || response.headers().contains_key(header::CONTENT_TYPE) => return response,
        StatusCode::NOT_FOUND => ("missing-title", "missing-text"),
        status if status.is_server_error() => ("unable-title", "unable-text"),
        _ => return response,
    };
    match page::message(&platform, language, title, text) {
        Ok(page) => {
            let (mut parts, _) = response.into_parts();
            let (of_page, body) = page.into_parts();
            parts.headers.remove(header::CONTENT_LENGTH);
            parts.headers.extend(of_page.headers);
            Response::from_parts(parts, body)
        }
        Err(_) => response,
    }
}

/// Whether the answer fills a window (Fetch Metadata, section 2.2).
fn is_seen(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-mode").is_some_and(|mode| mode == "navigate")
}
