//! An example for developers: a portal where people sign in with their national identity card, or say who they are with it.
//!
//! Read it in the order of a sign-in:
//!
//! 1. `assets/sign_in.js`: the page calls `authenticate` of `@bitaqa/web` from a click;
//! 2. [`challenge`]: the portal gives out a fresh challenge for this session;
//! 3. the extension, the person and the card make a token of it;
//! 4. [`sign_in`]: the portal takes the challenge back out of the session and verifies the token with `bitaqa-trust`;
//! 5. [`page`]: the page says who signed in, how sure that is, and what was not checked.
//!
//! and of a request for identity:
//!
//! 1. [`identity_settings`]: what is asked, with which statement, and whom the portal believes;
//! 2. `assets/identify.js`: the page calls `identify` from a click, with what [`identity::ask`] gave out for this session;
//! 3. [`identity::answer`]: the portal verifies the answer against what the session kept; where the chip has yet to prove that it is no
//!    copy, `identify` passes a challenge on to it;
//! 4. [`identity::prove`]: the portal verifies what the chip proved.
//!
//! [`session`] and what [`bitaqa_pages`] has, protection against other sites among it, are what any portal needs around it.
#![forbid(unsafe_code)]

pub mod assets;
pub mod challenge;
pub mod clock;
pub mod event_log;
pub mod identity;
pub mod identity_settings;
pub mod page;
pub mod random;
mod refusal;
pub mod session;
pub mod sign_in;
pub mod sign_out;
pub mod words;

use std::{path::PathBuf, sync::Arc};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware,
    routing::{get, post},
};
use bitaqa_pages::{
    event_log::EventLog,
    same_origin, security_headers,
    words::{Words, WordsError},
};
use bitaqa_protocol::{Origin, auth_token};
use bitaqa_trust::{Assurance, IssuerProfiles, TokenVerifier};

use crate::{clock::Clock, identity_settings::IdentitySettings, session::Sessions};

/// The portal: what all requests share.
pub struct Portal {
    origin: Origin,
    verifier: TokenVerifier,
    identity: Option<IdentitySettings>,
    accepts_test_cards: bool,
    sessions: Sessions,
    words: Words,
    sdk: Option<PathBuf>,
    log: EventLog,
    clock: Clock,
}

impl Portal {
    /// A portal at an origin, for holders of cards of these issuers. `sdk` is the folder with the built `@bitaqa/web`.
    ///
    /// # Errors
    /// The portal's own texts cannot be read: a fault of the build.
    pub fn new(
        origin: Origin,
        issuers: IssuerProfiles,
        sdk: Option<PathBuf>,
        log: EventLog,
        clock: Clock,
    ) -> Result<Self, WordsError> {
        let accepts_test_cards =
            issuers.profiles().iter().any(|profile| profile.assurance() == Assurance::Test);
        Ok(Self {
            verifier: TokenVerifier::with_profiles(origin.clone(), issuers),
            identity: None,
            origin,
            accepts_test_cards,
            sessions: Sessions::new(),
            words: words::load()?,
            sdk,
            log,
            clock,
        })
    }

    /// Asks people who they are, too.
    #[must_use]
    pub fn and_identity(mut self, settings: IdentitySettings) -> Self {
        self.accepts_test_cards |= settings.takes_test_documents();
        self.identity = Some(settings);
        self
    }

    /// The portal as a service.
    pub fn into_router(self) -> Router {
        let portal = Arc::new(self);
        Router::new()
            .route("/", get(page::show))
            .route("/challenge", post(challenge::give_out))
            .route("/sign-in", post(sign_in::verify))
            .route("/identity/request", post(identity::ask))
            .route(
                "/identity/answer",
                post(identity::answer).layer(DefaultBodyLimit::max(identity::MAX_ANSWER)),
            )
            .route("/identity/proof", post(identity::prove))
            .route("/sign-out", post(sign_out::sign_out))
            .route("/assets/{file}", get(assets::own))
            .route("/bitaqa/{file}", get(assets::sdk))
            .layer(DefaultBodyLimit::max(auth_token::MAX_LENGTH))
            .layer(middleware::from_fn_with_state(Arc::from(portal.origin.as_str()), same_origin::require))
            .layer(middleware::from_fn(security_headers::add))
            .with_state(portal)
    }
}
