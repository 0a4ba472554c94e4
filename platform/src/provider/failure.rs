//! What goes wrong, in the words of the protocols.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::Unable;

/// An error that a relying party gets: a code of the protocols, and a sentence for its developers. Nothing that the request said
/// stands in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failure {
    /// `error`.
    pub code: &'static str,
    /// `error_description`.
    pub description: &'static str,
}

impl Failure {
    /// One of them.
    #[must_use]
    pub const fn new(code: &'static str, description: &'static str) -> Self {
        Self { code, description }
    }

    /// Something is missing, wrong or there twice.
    #[must_use]
    pub const fn request(description: &'static str) -> Self {
        Self::new("invalid_request", description)
    }

    /// The relying party did not show who it is.
    #[must_use]
    pub const fn client(description: &'static str) -> Self {
        Self::new("invalid_client", description)
    }

    /// The code or refresh token is worth nothing.
    #[must_use]
    pub const fn grant(description: &'static str) -> Self {
        Self::new("invalid_grant", description)
    }
}

/// Why an endpoint for programs answers with an error.
#[derive(Debug)]
pub enum EndpointError {
    /// The request.
    Failure(Failure),
    /// The platform itself.
    Unable(Unable),
}

impl From<Failure> for EndpointError {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl<E: Into<Unable>> From<E> for EndpointError {
    fn from(error: E) -> Self {
        Self::Unable(error.into())
    }
}

#[derive(Serialize)]
struct Body {
    error: &'static str,
    error_description: &'static str,
}

/// RFC 6749 section 5.2.
impl IntoResponse for EndpointError {
    fn into_response(self) -> Response {
        let failure = match self {
            Self::Unable(unable) => return unable.into_response(),
            Self::Failure(failure) => failure,
        };
        let body = Json(Body { error: failure.code, error_description: failure.description });
        if failure.code == "invalid_client" {
            let scheme = HeaderValue::from_static("Bearer");
            return (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, scheme)], body).into_response();
        }
        (StatusCode::BAD_REQUEST, body).into_response()
    }
}
