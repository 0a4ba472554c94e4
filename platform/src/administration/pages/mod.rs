//! The administration in a browser, for operators alone, at an address that is not the public one.
//!
//! Whoever looks shows who they are with an operator's key ([`super::sign_in`]). Whatever is done is an entry that the operator's key signs,
//! in the page or on another computer ([`super::draft`]), and goes the same way as at the command line ([`super::desk`]): the platform has
//! none of these keys. Everything works without JavaScript but signing in the page.

mod acting;
mod audit;
mod facts;
mod keys;
mod message;
mod overview;
mod paging;
mod place;
mod portal;
mod portals;
mod services;
mod session;
mod shell;
mod sign_in;

use std::sync::Arc;

use axum::{
    Router,
    extract::{DefaultBodyLimit, Path, Request, State},
    http::{StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use bitaqa_pages::{assets, same_origin, security_headers};
use bitaqa_protocol::Origin;

pub use place::Place;

use crate::{Platform, cookies::Cookies, operation::request, unable};

/// Longest body, in bytes: a signed entry in a form.
const MAX_BODY: usize = 32 * 1024;

/// What all its requests share.
struct Site {
    platform: Arc<Platform>,
    origin: Origin,
    cookies: Cookies,
}

/// What the administration's address serves.
pub(crate) fn router(platform: Arc<Platform>, origin: Origin) -> Router {
    let from_here: Arc<str> = Arc::from(origin.as_str());
    let site = Arc::new(Site { cookies: Cookies::of(&origin), origin, platform: Arc::clone(&platform) });
    Router::new()
        .route("/", get(overview::show))
        .route("/portals", get(portals::show))
        .route("/portals/{id}", get(portal::show))
        .route("/portals/{id}/draft", post(acting::draft))
        .route("/portals/{id}/entry", post(acting::submit))
        .route("/services", get(services::show))
        .route("/keys", get(keys::show))
        .route("/audit", get(audit::show))
        .route("/sign-in", get(sign_in::form).post(sign_in::answer))
        .route("/sign-out", post(sign_in::out))
        .route("/assets/{file}", get(asset))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(middleware::from_fn_with_state(from_here, same_origin::require))
        .layer(middleware::from_fn_with_state(Arc::clone(&site), require_host))
        .layer(middleware::from_fn_with_state(Arc::clone(&platform), unable::log))
        .layer(middleware::from_fn_with_state(Arc::clone(&site), message::explain))
        .layer(middleware::from_fn(security_headers::add))
        .layer(middleware::from_fn_with_state(platform, request::observe))
        .with_state(site)
}

/// Under another name, nothing is served: neither to a name that was made to lead here, nor where forms would not come from here.
async fn require_host(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let own = site.origin.as_str().split_once("://").map(|(_, host)| host);
    if host.is_some() && host == own {
        next.run(request).await
    } else {
        (StatusCode::MISDIRECTED_REQUEST, format!("This is served at {}\n", site.origin)).into_response()
    }
}

/// `GET /assets/{file}`.
async fn asset(Path(file): Path<String>) -> Response {
    assets::carried(&file, |own| {
        Some(match own {
            "platform.css" => include_bytes!("../../../assets/platform.css"),
            "administration.css" => include_bytes!("../../../assets/administration.css"),
            "operator.js" => include_bytes!("../../../assets/operator.js"),
            _ => return None,
        })
    })
}
