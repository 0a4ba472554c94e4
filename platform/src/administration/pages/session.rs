//! Who is signed in at the administration.

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use bitaqa_protocol::Language;
use serde::{Deserialize, Serialize};

use super::{Site, shell::Asked};
use crate::{
    Unable,
    administration::Operator,
    clock::Seconds,
    cookies::Cookie,
    secret::{Hash, Secret},
    store::{Ending, Session},
};

/// How long an operator stays signed in.
const LIFETIME: Seconds = 30 * 60;
/// Whose sessions these are in the database: accounts have random names.
const ACCOUNT: &str = "operator";

/// What is kept of it, sealed.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    operator: String,
    /// Thumbprint: another key is somebody else.
    key: String,
}

/// A request of an operator who is signed in. Whoever is not is sent to the sign-in.
pub(super) struct Visit {
    pub(super) operator: Operator,
    pub(super) asked: Asked,
}

impl FromRequestParts<Arc<Site>> for Visit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self, Response> {
        let asked = Asked::of(parts);
        match site.signed_in(&parts.headers).await {
            Ok(Some((operator, _))) => Ok(Self { operator, asked }),
            Ok(None) => Err(to_sign_in(asked.language).into_response()),
            Err(error) => Err(error.into_response()),
        }
    }
}

pub(super) fn to_sign_in(language: Language) -> Redirect {
    Redirect::to(&format!("/sign-in?lang={}", language.tag()))
}

impl Site {
    /// The operator of this browser, if the configuration still has them with that key.
    pub(super) async fn signed_in(&self, headers: &HeaderMap) -> Result<Option<(Operator, Hash)>, Unable> {
        let platform = &self.platform;
        let Some(secret) = self.cookies.read(headers, Cookie::Operator) else { return Ok(None) };
        let (id, now) = (name_of(&secret), platform.clock.now());
        let Some(session) = platform.store.session(id, now).await? else { return Ok(None) };
        let kept: Kept = platform.open(&place_of(&id), &session.sealed)?;
        let operator = platform.approvals.operators().named(&kept.operator);
        let operator = operator
            .filter(|operator| operator.key.thumbprint().to_string() == kept.key && operator.serves(now));
        Ok(operator.map(|operator| (operator.clone(), id)))
    }

    /// Signs an operator in; gives the header that the browser gets.
    pub(super) async fn begin(&self, operator: &Operator) -> Result<HeaderValue, Unable> {
        let (platform, secret) = (&self.platform, Secret::random());
        let (id, now) = (name_of(&secret), platform.clock.now());
        let kept = Kept { operator: operator.name.clone(), key: operator.key.thumbprint().to_string() };
        let session = Session {
            id,
            account: ACCOUNT.to_owned(),
            sealed: platform.seal(&place_of(&id), &kept)?,
            authenticated_at: now,
            expires_at: now.saturating_add(LIFETIME),
        };
        platform.store.add_session(&session).await?;
        self.cookies.set(Cookie::Operator, &secret)
    }

    /// Ends the session of this browser.
    pub(super) async fn end(&self, headers: &HeaderMap) -> Result<(), Unable> {
        let Some(secret) = self.cookies.read(headers, Cookie::Operator) else { return Ok(()) };
        // nobody is told of it: the name is nobody else's
        let id = name_of(&secret);
        Ok(self.platform.store.end_session(id, id, Ending::GoesOn).await?)
    }
}

/// A session of a person has another name by the same secret.
fn name_of(secret: &Secret) -> Hash {
    Hash::of(format!("operator {}", secret.as_str()).as_bytes())
}

fn place_of(id: &Hash) -> String {
    let hex: String = id.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("operator-session {hex}")
}
