use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{Platform, event_log::Trouble, key_store::KeyStoreError, store::StoreError};

/// The platform cannot do what it is there for. Nobody outside learns why; the log does.
#[derive(Debug, thiserror::Error)]
pub enum Unable {
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// The keys.
    #[error("{0}")]
    Keys(#[from] KeyStoreError),
    /// Something that was kept is not as this version writes it.
    #[error("a {0} that was kept cannot be read")]
    Unreadable(&'static str),
    /// A page or header cannot be made.
    #[error("a page cannot be made")]
    Page,
}

/// What is to be logged, beside the answer that does not say it.
#[derive(Clone)]
struct Reason(String);

impl IntoResponse for Unable {
    fn into_response(self) -> Response {
        let mut response = match &self {
            Self::Store(error) if error.is_passing() => passing(),
            // it may be plugged in again
            Self::Keys(KeyStoreError::Token(_)) => passing(),
            _ => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        };
        response.extensions_mut().insert(Reason(self.to_string()));
        response
    }
}

fn passing() -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "1")]).into_response()
}

/// Logs why an answer is none.
pub(crate) async fn log(State(platform): State<Arc<Platform>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if let Some(Reason(reason)) = response.extensions_mut().remove::<Reason>() {
        platform.note(&Trouble { reason });
    }
    response
}
