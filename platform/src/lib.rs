//! The trust platform, first part: an OpenID Connect provider whose people sign in with their cards.
//!
//! A relying party integrates once, with plain OpenID Connect; the platform deals with cards and levels. Read it in the
//! order of a sign-in:
//!
//! 1. [`provider`]: a relying party pushes its request, and sends the browser;
//! 2. [`pages`]: the person signs in with the card and agrees, on a page of the platform;
//! 3. [`identity`]: what the platform asks chips itself; [`factor`], [`assurance`]: what they show, and what that is worth; [`service`], [`rules`], [`requirement`]: what is needed;
//! 4. [`provider::granting`]: code, ID token, userinfo;
//! 5. [`store`] and [`key_store`]: what outlives the request, and what signs.
#![forbid(unsafe_code)]

pub mod administration;
pub mod assurance;
pub mod clock;
pub mod cookies;
pub mod description;
pub mod event_log;
pub mod factor;
pub mod identity;
pub mod installation;
pub mod key_store;
mod messenger;
pub mod operation;
pub mod pages;
pub mod person;
pub mod provider;
pub mod registration;
pub mod requirement;
pub mod rules;
pub mod sandbox;
pub mod secret;
pub mod sector_identifier;
pub mod service;
pub mod settings;
pub mod signed_in;
pub mod store;
mod unable;
pub mod visit;
pub mod words;

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

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
use bitaqa_protocol::{Origin, auth_token, mediation::Mode};
use bitaqa_trust::{IssuerProfiles, Level, TokenVerifier};
use serde::{Serialize, de::DeserializeOwned};
use tokio::sync::Notify;

pub use unable::Unable;

use crate::{
    administration::{Approvals, Desk, Operators},
    clock::Clock,
    cookies::Cookies,
    factor::Authentication,
    key_store::KeyStore,
    operation::{health, measured_keys::MeasuredKeys, metrics::METRICS, request, scrape},
    pages::{assets, identity_step, interaction, services, showing, without_page},
    provider::{
        authorize, cross_origin, discovery, dpop_nonce, end_session, fetched_keys::FetchedKeys,
        introspection, parameters, pushed_request, revocation, statement, token, userinfo,
    },
    requirement::Requirement,
    rules::Rule,
    sandbox::registering,
    settings::{Populations, Realm},
    store::Store,
    visit::Proxies,
};

/// The platform: what all requests share. It keeps nothing of them.
pub struct Platform {
    issuer: Origin,
    realm: Realm,
    store: Arc<dyn Store>,
    keys: Arc<dyn KeyStore>,
    verifier: TokenVerifier,
    populations: Populations,
    /// The level that each issuer's profile gives.
    card_levels: BTreeMap<String, Level>,
    identity: Option<identity::Identity>,
    /// What any factor satisfies that can be shown here.
    configured: Requirement,
    admission: sandbox::Admission,
    approvals: Approvals,
    rules: Vec<Rule>,
    proxies: Proxies,
    cookies: Cookies,
    words: Words,
    sdk: PathBuf,
    /// Whether proofs of keys have to have a nonce.
    proof_nonces: bool,
    log: EventLog,
    clock: Clock,
    /// What asks relying parties, and tells them of sessions that ended.
    messenger: Arc<bitaqa_fetch::Client>,
    /// Keys that relying parties publish.
    fetched_keys: FetchedKeys,
    /// Wakes who tells of sessions.
    logouts: Notify,
    /// Whether the log says how long everything took.
    writes_timings: bool,
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
    /// What it asks chips itself, if it does.
    pub identity: Option<identity::Identity>,
    /// Who administers it.
    pub operators: Operators,
    /// What circumstances add, at all relying parties.
    pub rules: Vec<Rule>,
    /// Whose word counts about where requests come from.
    pub proxies: Proxies,
    /// Folder with the built module `@bitaqa/web`.
    pub sdk: PathBuf,
    /// Whether proofs of keys have to have a nonce of the platform (RFC 9449 section 8).
    pub proof_nonces: bool,
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
            admission: sandbox::Admission::default(),
            approvals: Approvals::new(parts.operators, parts.issuer.clone(), parts.realm),
            cookies: Cookies::of(&parts.issuer),
            card_levels: parts
                .profiles
                .profiles()
                .iter()
                .map(|profile| (profile.name().to_owned(), profile.level()))
                .collect(),
            configured: factor::configured(parts.identity.as_ref(), &parts.populations),
            verifier: TokenVerifier::with_profiles(parts.issuer.clone(), parts.profiles),
            issuer: parts.issuer,
            realm: parts.realm,
            store: parts.store,
            keys: Arc::new(MeasuredKeys::new(parts.keys)),
            populations: parts.populations,
            identity: parts.identity,
            rules: parts.rules,
            proxies: parts.proxies,
            words: words::load()?,
            sdk: parts.sdk,
            proof_nonces: parts.proof_nonces,
            log: parts.log,
            clock: parts.clock,
            messenger: Arc::new(messenger::messenger()),
            fetched_keys: FetchedKeys::new(),
            logouts: Notify::new(),
            writes_timings: false,
        })
    }

    /// The same, with a log that says how long requests, round trips to the database and operations of keys took.
    #[must_use]
    pub fn with_timings(self) -> Self {
        Self { writes_timings: true, ..self }
    }

    /// What is served at an address for those who run the platform: `/metrics`.
    pub fn operation_router(self: &Arc<Self>) -> Router {
        scrape::router(Arc::clone(self))
    }

    /// What is served at another address of theirs for its operators, in browsers that see it at this origin: the administration.
    pub fn administration_router(self: &Arc<Self>, origin: Origin) -> Router {
        administration::pages::router(Arc::clone(self), origin)
    }

    /// Where its operators work.
    fn desk(&self) -> Desk<'_> {
        Desk {
            store: &*self.store,
            operators: self.approvals.operators(),
            platform: &self.issuer,
            realm: self.realm,
            clock: &self.clock,
        }
    }

    /// The platform as a service, which has to learn from the connection where requests come from
    /// (`into_make_service_with_connect_info`): where it does not, that counts as not known. [`Platform::tell_of_logouts`] runs beside it.
    pub fn router(self: &Arc<Self>) -> Router {
        let platform = Arc::clone(self);
        // what a person's browser sends from our own pages
        let ours = factor::FACTORS.into_iter().fold(Router::new(), |router, factor| {
            let begin = move |platform, id, query, headers| {
                showing::begin(Authentication::of(factor), platform, id, query, headers)
            };
            let answer = move |platform, id, query, headers, visit, body| {
                showing::answer(Authentication::of(factor), platform, id, query, headers, visit, body)
            };
            let limit = DefaultBodyLimit::max(factor.max_length());
            router
                .route(&format!("/interaction/{{id}}/{}", factor.part().begin), post(begin))
                .route(&format!("/interaction/{{id}}/{}", factor.part().step), post(answer).layer(limit))
        });
        let brought = |mode| {
            move |platform, id, query, headers, visit, body| {
                identity_step::brought(mode, platform, id, query, headers, visit, body)
            }
        };
        let ours = ours
            .route("/interaction/{id}", get(interaction::show))
            .route("/interaction/{id}/agree", post(interaction::agree))
            .route("/interaction/{id}/other-card", post(interaction::other_card))
            .route("/interaction/{id}/identity", post(identity_step::ask))
            .route("/interaction/{id}/identity-relayed", post(brought(Mode::Relay)))
            .route(
                "/interaction/{id}/identity-answer",
                post(brought(Mode::Assert)).layer(DefaultBodyLimit::max(identity_step::MAX_ANSWER)),
            )
            .route("/interaction/{id}/cancel", post(interaction::cancel))
            .route("/signed-out", post(end_session::agreed))
            .route("/register-portal/form", post(registering::form))
            .route("/assets/{file}", get(assets::own))
            .route("/bitaqa/{file}", get(assets::sdk))
            .layer(DefaultBodyLimit::max(auth_token::MAX_LENGTH))
            .layer(middleware::from_fn_with_state(Arc::from(platform.issuer.as_str()), same_origin::require));
        let for_everybody = Router::new()
            .route("/.well-known/openid-configuration", get(discovery::configuration))
            .route("/jwks", get(discovery::keys))
            .layer(middleware::from_fn(cross_origin::for_everybody));
        // programs in browsers among them
        let for_scripts = Router::new()
            .route("/token", post(token::answer))
            .route("/userinfo", get(userinfo::get).post(userinfo::post))
            .layer(middleware::from_fn_with_state(Arc::clone(&platform), dpop_nonce::offer))
            .route("/revoke", post(revocation::answer))
            .layer(middleware::from_fn(cross_origin::for_programs));
        let pushed_requests = Router::new()
            .route("/par", post(pushed_request::answer))
            .layer(middleware::from_fn_with_state(Arc::clone(&platform), dpop_nonce::offer));
        let for_programs = Router::new()
            .merge(for_everybody)
            .merge(for_scripts)
            .merge(pushed_requests)
            .route("/authorize", get(authorize::get).post(authorize::post))
            .route("/introspect", post(introspection::answer))
            .route("/register-portal", get(registering::page).post(registering::json))
            .route("/statement", post(statement::answer))
            .route("/end-session", get(end_session::get).post(end_session::post))
            .route("/openapi.json", get(description::answer))
            .route("/services", get(services::show))
            .route("/services.json", get(services::list))
            .route("/health", get(health::live))
            .route("/health/live", get(health::live))
            .route("/health/ready", get(health::ready))
            .layer(DefaultBodyLimit::max(parameters::MAX_LENGTH));
        ours.merge(for_programs)
            .layer(middleware::from_fn(refuse_head))
            .layer(middleware::from_fn_with_state(Arc::clone(&platform), unable::log))
            .layer(middleware::from_fn_with_state(Arc::clone(&platform), without_page::explain))
            .layer(middleware::from_fn(security_headers::add))
            .layer(middleware::from_fn_with_state(Arc::clone(&platform), request::observe))
            .with_state(platform)
    }

    /// An address of the platform.
    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.issuer)
    }

    fn note(&self, event: &impl Serialize) {
        METRICS.event(event);
        self.log.write(&request::Line::of(event), clock::date_time(self.clock.now()));
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
