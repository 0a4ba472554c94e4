//! A page for answers that have none, where a person would see an empty window: nothing is there, or the platform is unable.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    middleware::Next,
    response::Response,
};

use super::{language, page};
use crate::{Platform, Unable};

/// Middleware: programs get the answer as it is.
pub(crate) async fn explain(State(platform): State<Arc<Platform>>, request: Request, next: Next) -> Response {
    let language = language::preferred(request.headers());
    explained(request, next, |why| {
        let (title, text) = match why {
            Why::Missing => ("missing-title", "missing-text"),
            Why::Unable => ("unable-title", "unable-text"),
        };
        page::message(&platform, language, title, text)
    })
    .await
}

/// Why there is nothing to be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    /// Nothing is there.
    Missing,
    /// The platform cannot answer.
    Unable,
}

/// The answer, with a page where it would leave a window empty.
pub(crate) async fn explained(
    request: Request,
    next: Next,
    page: impl FnOnce(Why) -> Result<Response, Unable>,
) -> Response {
    let is_seen = is_seen(request.headers());
    let response = next.run(request).await;
    let why = match response.status() {
        _ if !is_seen || response.headers().contains_key(header::CONTENT_TYPE) => return response,
        StatusCode::NOT_FOUND => Why::Missing,
        status if status.is_server_error() => Why::Unable,
        _ => return response,
    };
    match page(why) {
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
