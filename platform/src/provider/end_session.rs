//! `GET` and `POST /end-session`: sign-out that a relying party begins (OpenID Connect RP-Initiated Logout 1.0). The others that
//! the person signed in at are told ([`back_channel_logout`](super::back_channel_logout)).

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{Query, RawQuery, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use bitaqa_jose::{
    CompactJws,
    jws::{ExpectedType, JwsRules},
};
use bitaqa_pages::language::LanguageQuery;
use bitaqa_protocol::Language;
use serde::Deserialize;

use super::{answer, failure::Failure, parameters::Parameters};
use crate::{
    Platform, Unable,
    clock::Seconds,
    key_store::SIGNED_WITH,
    pages::{language, page},
    secret::{Hash, Secret},
    store::Pushed,
};

/// The parameter with the name of what was posted, and how long that is kept.
const POSTED: &str = "posted";
const POSTED_LIFETIME: Seconds = 60;
/// Longest ID token, in bytes.
const MAX_LENGTH: usize = 16 * 1024;

/// As much of an ID token as a hint needs.
#[derive(Debug, Deserialize)]
pub struct Hint {
    iss: String,
    /// Whose.
    pub sub: String,
    aud: String,
    sid: String,
}

/// Ends the session that the hint names at once; without a hint the person is asked.
///
/// # Errors
/// [`Unable`].
pub async fn get(
    State(platform): State<Arc<Platform>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Unable> {
    let parameters = match Parameters::parse(query.unwrap_or_default().as_bytes()) {
        Ok(parameters) => match parameters.get(POSTED).and_then(Secret::parse) {
            Some(name) => platform.posted(&name).await?,
            None => Ok(parameters),
        },
        failure => failure,
    };
    platform.end(parameters, &headers).await
}

/// The same from a form. A form of another site comes without our cookies, the address that it leads to with them; that has the name of
/// what was posted only, for a hint says who somebody is.
///
/// # Errors
/// [`Unable`].
pub async fn post(
    State(platform): State<Arc<Platform>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Unable> {
    match Parameters::from_body(&headers, &body) {
        Ok(parameters) => {
            let name = Secret::random();
            let sealed = platform.seal(&place(&name), &parameters)?;
            let expires_at = platform.clock.now() + POSTED_LIFETIME;
            let kept = Pushed { id: kept_as(&name), client: String::new(), sealed, expires_at };
            platform.store.add_pushed(&kept).await?;
            answer::redirect(&answer::with_query("/end-session", &[(POSTED, name.as_str())]))
        }
        failure => platform.end(failure, &headers).await,
    }
}

/// `POST /signed-out`: the person says so on our own page.
///
/// # Errors
/// [`Unable`].
pub async fn agreed(
    State(platform): State<Arc<Platform>>,
    Query(query): Query<LanguageQuery>,
    headers: HeaderMap,
) -> Result<Response, Unable> {
    platform.forget(&headers).await?;
    let page = page::signed_out(&platform, query.choose(&headers, &language::OURS))?;
    Ok(([(header::SET_COOKIE, platform.cookies.forget_session())], page).into_response())
}

/// What the person chose on the page, else what the relying party asked for, else what the browser prefers.
fn language_of(parameters: Option<&Parameters>, headers: &HeaderMap) -> Language {
    let said = |name| parameters.and_then(|parameters| parameters.get(name)).and_then(language::first_of);
    said("lang").or_else(|| said("ui_locales")).unwrap_or_else(|| language::preferred(headers))
}

/// By another name than any request of a relying party.
fn kept_as(name: &Secret) -> Hash {
    Hash::of(place(name).as_bytes())
}

fn place(name: &Secret) -> String {
    format!("sign-out {}", name.as_str())
}

impl Platform {
    /// What was posted under a name, once.
    async fn posted(&self, name: &Secret) -> Result<Result<Parameters, Failure>, Unable> {
        Ok(match self.store.take_pushed(kept_as(name), self.clock.now()).await? {
            Some(kept) => Ok(self.open(&place(name), &kept.sealed)?),
            None => Err(Failure::request("what was posted has ended, or was used")),
        })
    }

    async fn end(
        &self,
        parameters: Result<Parameters, Failure>,
        headers: &HeaderMap,
    ) -> Result<Response, Unable> {
        let language = language_of(parameters.as_ref().ok(), headers);
        let parameters = match parameters {
            Ok(parameters) if parameters.repeated().is_none() => parameters,
            Ok(_) => {
                return page::refusal(self, language, Failure::request("a parameter stands there twice"));
            }
            Err(failure) => return page::refusal(self, language, failure),
        };
        let hint = match parameters.get("id_token_hint") {
            None => None,
            Some(text) => match self.read_hint(text)? {
                Some(hint) => Some(hint),
                None => {
                    let failure = Failure::request("id_token_hint is no ID token of this provider");
                    return page::refusal(self, language, failure);
                }
            },
        };
        let client = match (hint.as_ref().map(|hint| hint.aud.as_str()), parameters.get("client_id")) {
            (Some(hinted), Some(said)) if hinted != said => {
                return page::refusal(
                    self,
                    language,
                    Failure::request("client_id is not whom id_token_hint is for"),
                );
            }
            (hinted, said) => hinted.or(said),
        };
        let target = match (parameters.get("post_logout_redirect_uri"), client) {
            (None, _) => None,
            (Some(uri), client) => {
                let party = match client {
                    Some(client) => self.relying_party(client).await?,
                    None => None,
                };
                let registered = party.is_some_and(|party| {
                    party.registration.post_logout_redirect_uris.iter().any(|registered| registered == uri)
                });
                if !registered {
                    let failure = Failure::request("post_logout_redirect_uri is not registered");
                    return page::refusal(self, language, failure);
                }
                Some(uri)
            }
        };
        let signed_in = self.session_of(headers).await?;
        let named = match (&signed_in, &hint) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some((_, facts)), Some(hint)) => hint.sid == self.session_name(&hint.aud, &facts.session)?,
        };
        if !named {
            return page::sign_out(self, language);
        }
        self.forget(headers).await?;
        let response = match target {
            None => page::signed_out(self, language)?,
            Some(uri) => match parameters.get("state") {
                None => answer::redirect(uri)?,
                Some(state) => answer::redirect(&answer::with_query(uri, &[("state", state)]))?,
            },
        };
        if signed_in.is_none() {
            return Ok(response);
        }
        Ok(([(header::SET_COOKIE, self.cookies.forget_session())], response).into_response())
    }

    /// Reads an ID token of ours, which may have ended long ago.
    ///
    /// # Errors
    /// [`Unable`]: the keys.
    pub fn read_hint(&self, text: &str) -> Result<Option<Hint>, Unable> {
        let rules =
            JwsRules { type_: ExpectedType::Absent, algorithms: &SIGNED_WITH, max_length: MAX_LENGTH };
        // who got it encrypted may encrypt it again (OpenID Connect Core section 3.1.2.1)
        let Some(text) = self.decrypted(text, &["JWT"])? else { return Ok(None) };
        let Ok(jws) = CompactJws::parse(&text, &rules) else { return Ok(None) };
        let published = self.keys.published()?;
        let named = jws.header().key_id.clone();
        let Some(key) = published.iter().find(|published| published.key.key_id() == named.as_deref()) else {
            return Ok(None);
        };
        let hint = jws
            .verify_by(&key.key)
            .ok()
            .and_then(|payload| serde_json::from_slice::<Hint>(&payload).ok())
            .filter(|hint| hint.iss == self.issuer.as_str());
        Ok(hint)
    }
}
