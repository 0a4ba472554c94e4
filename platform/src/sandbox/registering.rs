//! `/register-portal`: the page with a form, for people, and JSON, for programs.

use std::sync::Arc;

use askama::Template;
use axum::{
    Json,
    body::Bytes,
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bitaqa_pages::language::LanguageQuery;
use bitaqa_protocol::Language;
use serde_json::json;

use super::{
    self_registration::{MAX_LENGTH, Registered},
    written::{Fault, Written},
};
use crate::{
    Platform, Unable,
    clock::{Seconds, date_time},
    key_store::KeyStoreError,
    pages::{
        language::OURS,
        page::{Frame, html},
    },
    provider::parameters::Parameters,
    registration::RegistrationError,
    settings::Realm,
    store::StoreError,
};

/// Where the page is.
pub const PATH: &str = "/register-portal";

/// Why nobody is registered.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// Not here.
    #[error("nobody registers themselves here")]
    Production,
    /// What is wrong with the description.
    #[error("{0}")]
    Registration(#[from] RegistrationError),
    /// Too many.
    #[error("too many registered themselves; try again in {wait} s")]
    TooMany {
        /// How long to wait.
        wait: Seconds,
    },
    /// It cannot be kept.
    #[error("it could not be kept; try again")]
    Unwritten,
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// The keys.
    #[error("{0}")]
    Keys(#[from] KeyStoreError),
}

impl Refused {
    fn status(&self) -> StatusCode {
        match self {
            Self::Production => StatusCode::NOT_FOUND,
            Self::Registration(_) => StatusCode::BAD_REQUEST,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Unwritten | Self::Store(_) | Self::Keys(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

/// For programs: `{"error", "error_description"}`, as RFC 7591 section 3.2.2 has them.
impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (status, said) = (self.status(), self.to_string());
        let (code, wait) = match self {
            // the operator's log says why
            Self::Store(error) => return Unable::from(error).into_response(),
            Self::Keys(error) => return Unable::from(error).into_response(),
            Self::Production => return status.into_response(),
            Self::Registration(_) => ("invalid_client_metadata", None),
            Self::TooMany { wait } => ("temporarily_unavailable", Some(wait)),
            Self::Unwritten => ("temporarily_unavailable", Some(1)),
        };
        let body = Json(json!({ "error": code, "error_description": said }));
        let mut response = (status, [(header::CACHE_CONTROL, "no-store")], body).into_response();
        if let Some(wait) = wait.and_then(|wait| HeaderValue::from_str(&wait.to_string()).ok()) {
            response.headers_mut().insert(header::RETRY_AFTER, wait);
        }
        response
    }
}

/// Registers a program's description, in JSON.
///
/// # Errors
/// [`Refused`].
pub async fn json(
    State(platform): State<Arc<Platform>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refused> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    // which a form of another site cannot send
    if platform.realm == Realm::Sandbox && kind.split(';').next() != Some("application/json") {
        let fault = "the body is not application/json".to_owned();
        return Err(RegistrationError::Json(fault).into());
    }
    if body.len() > MAX_LENGTH {
        return Err(RegistrationError::Json(format!("more than {MAX_LENGTH} bytes")).into());
    }
    let registered = platform.register_itself(&body).await?;
    let answer = json!({
        "client_id": registered.id,
        "client_id_expires_at": registered.expires_at,
        "sector": registered.registration.sector,
        "test": true,
        "issuer": platform.issuer.as_str(),
    });
    Ok((StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response())
}

#[derive(Template)]
#[template(path = "register_portal.html")]
struct Form<'a> {
    frame: Frame<'a>,
    written: Written,
    faults: Vec<Fault>,
    /// Nothing is wrong with what was written, it only has to wait.
    busy: bool,
}

impl Form<'_> {
    fn fault(&self, field: &str) -> Option<&Fault> {
        self.faults.iter().find(|fault| fault.field == field)
    }
}

#[derive(Template)]
#[template(path = "registered_portal.html")]
struct Done<'a> {
    frame: Frame<'a>,
    id: &'a str,
    end: String,
    has_keys: bool,
}

/// The page with the form.
///
/// # Errors
/// [`Unable`]: the page cannot be made.
pub async fn page(
    State(platform): State<Arc<Platform>>,
    Query(query): Query<LanguageQuery>,
    headers: HeaderMap,
) -> Result<Response, Unable> {
    if platform.realm != Realm::Sandbox {
        return Ok(StatusCode::NOT_FOUND.into_response());
    }
    let frame = frame(&platform, query.choose(&headers, &OURS));
    html(&Form { frame, written: Written::default(), faults: Vec::new(), busy: false })
}

/// Registers what somebody wrote into the form.
///
/// # Errors
/// [`Unable`]: the database, or the page cannot be made.
pub async fn form(
    State(platform): State<Arc<Platform>>,
    Query(query): Query<LanguageQuery>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Unable> {
    let language = query.choose(&headers, &OURS);
    let parameters = Parameters::from_body(&headers, &body).unwrap_or_default();
    let written = Written::of(&parameters);
    match platform.register_written(&written).await {
        Ok(Registered { id, expires_at, registration }) => {
            let end = date_time(expires_at).to_string();
            let has_keys = !registration.keys.is_empty();
            html(&Done { frame: frame(&platform, language), id: &id, end, has_keys })
        }
        Err(Refused::Store(error)) => Err(error.into()),
        Err(Refused::Keys(error)) => Err(error.into()),
        Err(Refused::Production) => Ok(StatusCode::NOT_FOUND.into_response()),
        Err(refused) => {
            let (status, busy) = (refused.status(), !matches!(refused, Refused::Registration(_)));
            let faults = if busy { Vec::new() } else { written.faults(platform.realm) };
            let form = Form { frame: frame(&platform, language), written, faults, busy };
            Ok((status, html(&form)?).into_response())
        }
    }
}

fn frame(platform: &Platform, language: Language) -> Frame<'_> {
    Frame::new(platform, language, Some(PATH.to_owned()))
}

impl Platform {
    async fn register_written(&self, written: &Written) -> Result<Registered, Refused> {
        self.register_itself(written.described()?.to_string().as_bytes()).await
    }
}
