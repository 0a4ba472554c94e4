//! The trust platform, first part: an OpenID Connect provider whose people sign in with their cards.
//!
//! A relying party integrates once, with plain OpenID Connect; the platform deals with cards and levels. Read it in the
//! order of a sign-in:
//!
//! 1. [`provider`]: a relying party pushes its request, and sends the browser;
//! 2. [`pages`]: the person signs in with the card and agrees, on a page of the platform;
//! 3. [`assurance`]: what that is worth;
//! 4. [`provider::granting`]: code, ID token, userinfo;
//! 5. [`store`] and [`key_store`]: what outlives the request, and what signs.
#![forbid(unsafe_code)]

pub mod assurance;
pub mod clock;
pub mod cookies;
pub mod description;
pub mod event_log;
pub mod key_store;
pub mod pages;
pub mod person;
pub mod provider;
pub mod registration;
pub mod secret;
pub mod settings;
pub mod signed_in;
pub mod store;
mod unable;
pub mod words;

use std::{path::PathBuf, sync::Arc};

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    http::{Method, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use bitaqa_pages::{
    event_log::EventLog,
    same_origin, security_headers,
    words::{Words, WordsError},
};
use bitaqa_protocol::{Origin, auth_token};
use bitaqa_trust::{IssuerProfiles, TokenVerifier};
use serde::{Serialize, de::DeserializeOwned};
use tokio::sync::Notify;

pub use unable::Unable;

use crate::{
    clock::Clock,
    cookies::Cookies,
    key_store::KeyStore,
    pages::{assets, interaction},
    provider::{
        authorize, back_channel_logout, discovery, end_session, introspection, parameters, pushed_request,
        revocation, token, userinfo,
    },
    settings::{Populations, Realm},
    store::Store,
};

/// The platform: what all requests share. It keeps nothing of them.
pub struct Platform {
    issuer: Origin,
    realm: Realm,
    store: Arc<dyn Store>,
    keys: Arc<dyn KeyStore>,
    verifier: TokenVerifier,
    populations: Populations,
    cookies: Cookies,
    words: Words,
    sdk: PathBuf,
    log: EventLog,
    clock: Clock,
    /// Who tells relying parties of sessions that ended.
    messenger: Arc<bitaqa_fetch::Client>,
    /// Wakes who does that.
    logouts: Notify,
}

/// What a platform is made of.
pub struct Parts {
    /// Its origin, as browsers see it.
    pub issuer: Origin,
    /// Whether real people sign in.
    pub realm: Realm,
    /// Where things are kept.
    pub store: Arc<dyn Store>,
    /// What signs.
    pub keys: Arc<dyn KeyStore>,
    /// Whose cards are believed.
    pub profiles: IssuerProfiles,
    /// What is known of their holders.
    pub populations: Populations,
    /// Folder with the built module `@bitaqa/web`.
    pub sdk: PathBuf,
    /// Where events go.
    pub log: EventLog,
    /// What says the time.
    pub clock: Clock,
}

impl Platform {
    /// Puts it together.
    ///
    /// # Errors
    /// The platform's own texts cannot be read: a fault of the build.
    pub fn new(parts: Parts) -> Result<Self, WordsError> {
        Ok(Self {
            cookies: Cookies::of(&parts.issuer),
            verifier: TokenVerifier::with_profiles(parts.issuer.clone(), parts.profiles),
            issuer: parts.issuer,
            realm: parts.realm,
            store: parts.store,
            keys: parts.keys,
            populations: parts.populations,
            words: words::load()?,
            sdk: parts.sdk,
            log: parts.log,
            clock: parts.clock,
            messenger: Arc::new(back_channel_logout::messenger()),
            logouts: Notify::new(),
        })
    }

    /// The platform as a service; [`Platform::tell_of_logouts`] runs beside it.
    pub fn router(self: &Arc<Self>) -> Router {
        let platform = Arc::clone(self);
        // what a person's browser sends from our own pages
        let ours = Router::new()
            .route("/interaction/{id}", get(interaction::show))
            .route("/interaction/{id}/challenge", post(interaction::challenge))
            .route("/interaction/{id}/sign-in", post(interaction::sign_in))
            .route("/interaction/{id}/agree", post(interaction::agree))
            .route("/interaction/{id}/other-card", post(interaction::other_card))
            .route("/interaction/{id}/cancel", post(interaction::cancel))
            .route("/signed-out", post(end_session::agreed))
            .route("/assets/{file}", get(assets::own))
            .route("/bitaqa/{file}", get(assets::sdk))
            .layer(DefaultBodyLimit::max(auth_token::MAX_LENGTH))
            .layer(middleware::from_fn_with_state(Arc::from(platform.issuer.as_str()), same_origin::require));
        let for_programs = Router::new()
            .route("/.well-known/openid-configuration", get(discovery::configuration))
            .route("/jwks", get(discovery::keys))
            .route("/authorize", get(authorize::get).post(authorize::post))
            .route("/par", post(pushed_request::answer))
            .route("/token", post(token::answer))
            .route("/userinfo", get(userinfo::get).post(userinfo::post))
            .route("/introspect", post(introspection::answer))
            .route("/revoke", post(revocation::answer))
            .route("/end-session", get(end_session::get).post(end_session::post))
            .route("/openapi.json", get(description::answer))
            .route("/health", get(|| async { "ok" }))
            .layer(DefaultBodyLimit::max(parameters::MAX_LENGTH));
        ours.merge(for_programs)
            .layer(middleware::from_fn(refuse_head))
            .layer(middleware::from_fn_with_state(Arc::clone(&platform), unable::log))
            .layer(middleware::from_fn(security_headers::add))
            .with_state(platform)
    }

    /// An address of the platform.
    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.issuer)
    }

    fn note(&self, event: &impl Serialize) {
        self.log.write(event, clock::date_time(self.clock.now()));
    }

    fn seal(&self, place: &str, content: &impl Serialize) -> Result<Vec<u8>, Unable> {
        let text = serde_json::to_vec(content).map_err(|_| Unable::Unreadable("record"))?;
        Ok(self.keys.seal(place, &text)?)
    }

    fn open<T: DeserializeOwned>(&self, place: &str, sealed: &[u8]) -> Result<T, Unable> {
        serde_json::from_slice(&self.keys.open(place, sealed)?).map_err(|_| Unable::Unreadable("record"))
    }
}

/// `HEAD` would do all that `GET` does, and keep the answer to itself: a request would be used up that nobody saw answered.
async fn refuse_head(request: Request, next: Next) -> Response {
    if request.method() == Method::HEAD {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, POST")]).into_response();
    }
    next.run(request).await
}
