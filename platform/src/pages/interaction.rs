//! A person answers a request: `/interaction/{id}`.
//!
//! Every step looks at the request, the session and what was agreed anew ([`Platform::decide`]): the page shows what is to be done
//! next, until there is nothing left and the browser goes back to the relying party. The address alone opens nothing: the browser has
//! to have begun it.

use std::sync::Arc;

use askama::Template;
use axum::{
    body::Bytes,
    extract::{Path, Query, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use bitaqa_jose::base64url;
use bitaqa_pages::language::LanguageQuery;
use bitaqa_protocol::Language;

use super::{
    language,
    page::{self, Frame},
};
use crate::{
    Platform, Unable,
    clock::Seconds,
    cookies::Cookie,
    factor::Part,
    person::Claim,
    provider::{
        RelyingParty,
        answer::{self, Outcome},
        authorization_request::AuthorizationRequest,
        decision::{self, Decision},
        failure::Failure,
        parameters::Parameters,
    },
    secret::Secret,
    signed_in::has_agreed,
    store::{Interaction, Session},
    visit::{Visit, with_cookie},
};

/// How long a person may take.
pub const LIFETIME: Seconds = 15 * 60;

#[derive(Template)]
#[template(path = "interaction.html")]
struct InteractionPage<'a> {
    frame: Frame<'a>,
    id: &'a str,
    client: &'a str,
    client_origin: String,
    purpose: &'a str,
    /// The services that it asks for, by their names.
    services: Vec<&'a str>,
    claims: Vec<&'static str>,
    verified: bool,
    offline: bool,
    /// Who is signed in and only has to agree.
    signed_in: Option<&'a str>,
    /// Who is signed in and has to show more than they did.
    shows_more: Option<&'a str>,
    /// What can be shown.
    parts: Vec<Part>,
    /// Which session that is, for the form with which they do.
    session: String,
}

/// What a handler works on.
pub(super) struct Open {
    pub(super) id: Secret,
    pub(super) kept: Interaction,
    pub(super) request: AuthorizationRequest,
    pub(super) party: RelyingParty,
    pub(super) language: Language,
}

impl Open {
    pub(super) fn path(&self) -> String {
        format!("/interaction/{}", self.id.as_str())
    }
}

impl Platform {
    /// Begins an interaction, and sends the browser to its page.
    ///
    /// # Errors
    /// [`Unable`]: the database.
    pub async fn interact(
        &self,
        request: &AuthorizationRequest,
        headers: &HeaderMap,
    ) -> Result<Response, Unable> {
        let (id, known) = (Secret::random(), self.cookies.read(headers, Cookie::Browser));
        let browser = known.clone().unwrap_or_else(Secret::random);
        let now = self.clock.now();
        self.store
            .add_interaction(&Interaction {
                id: id.hash(),
                browser: browser.hash(),
                sealed: self.seal(&place(&id), request)?,
                challenge: None,
                challenge_expires_at: None,
                agreed_by: None,
                created_at: now,
                expires_at: now + LIFETIME,
            })
            .await?;
        let to = answer::redirect(&format!("/interaction/{}", id.as_str()))?;
        if known.is_some() {
            return Ok(to);
        }
        Ok(([(header::SET_COOKIE, self.cookies.set(Cookie::Browser, &browser)?)], to).into_response())
    }

    /// An interaction that this browser began and a relying party still waits for.
    pub(super) async fn opened(
        &self,
        id: &str,
        query: &LanguageQuery,
        headers: &HeaderMap,
    ) -> Result<Result<Open, Language>, Unable> {
        let language = query.choose(headers, &language::OURS);
        let (Some(id), Some(browser)) = (Secret::parse(id), self.cookies.read(headers, Cookie::Browser))
        else {
            return Ok(Err(language));
        };
        let kept = self.store.interaction(id.hash(), self.clock.now()).await?;
        let Some(kept) = kept.filter(|kept| kept.browser == browser.hash()) else { return Ok(Err(language)) };
        let request: AuthorizationRequest = self.open(&place(&id), &kept.sealed)?;
        let language = query.chosen(&language::OURS).or(request.language).unwrap_or(language);
        // an address can be taken out of a registration while somebody reads the page
        let is_registered = |party: &RelyingParty| {
            party.registration.redirect_uris.contains(&request.destination.redirect_uri)
        };
        match self.relying_party(&request.client).await?.filter(is_registered) {
            Some(party) => Ok(Ok(Open { id, kept, request, party, language })),
            None => Ok(Err(language)),
        }
    }

    /// Ends an interaction and the pushed request that began it. False: it was answered before, here or in another window.
    async fn close(&self, open: &Open) -> Result<bool, Unable> {
        Ok(self.store.end_interaction(open.kept.id).await? && self.is_first_answer(&open.request).await?)
    }
}

/// Where the request of an interaction is sealed: by the name itself, of which the database has the hash only.
fn place(id: &Secret) -> String {
    format!("interaction {}", id.as_str())
}

/// Shows what is to be done next, or sends the browser back.
///
/// # Errors
/// [`Unable`].
pub async fn show(
    State(platform): State<Arc<Platform>>,
    Path(id): Path<String>,
    Query(query): Query<LanguageQuery>,
    headers: HeaderMap,
    visit: Visit,
) -> Result<Response, Unable> {
    let open = match platform.opened(&id, &query, &headers).await? {
        Ok(open) => open,
        Err(language) => return page::ended(&platform, language),
    };
    let signed_in = platform.signed_in(&headers).await?;
    let judgement =
        platform.decide(&open.request, &open.party, &visit, signed_in.as_ref(), Some(&open.kept)).await?;
    let person = match (judgement.decision, &signed_in) {
        (Decision::SignIn, _) => None,
        (Decision::Agree, signed_in) => signed_in.as_ref().map(|(_, facts)| facts.person.shown()),
        (decided, _) => {
            if !platform.close(&open).await? {
                return page::ended(&platform, open.language);
            }
            if let (Decision::Grant(_), Some((session, _))) = (decided, &signed_in)
                && has_agreed(signed_in.as_ref(), Some(&open.kept))
            {
                platform.remember_consent(&open.request, &open.party, &session.account).await?;
            }
            let (outcome, cookie) =
                platform.outcome(&judgement, &open.request, &open.party, &visit, signed_in.as_ref()).await?;
            let response = platform.answer(&open.request.destination, &outcome, open.language)?;
            return Ok(with_cookie(cookie, response));
        }
    };
    let redirect_uri = &open.request.destination.redirect_uri;
    let registration = &open.party.registration;
    let shown = InteractionPage {
        frame: Frame::new(&platform, open.language, Some(open.path())),
        id: open.id.as_str(),
        client: registration.name.in_language(open.language),
        client_origin: answer::origin_text(redirect_uri)?,
        purpose: registration.purpose.in_language(open.language),
        services: registration
            .services_of(&open.request.services)
            .map(|service| service.name.in_language(open.language))
            .collect(),
        claims: open.request.claims().into_iter().map(word_of).collect(),
        verified: open.request.asks_how_verified(),
        offline: open.request.offline_access,
        signed_in: person,
        shows_more: signed_in.as_ref().filter(|_| person.is_none()).map(|(_, facts)| facts.person.shown()),
        parts: decision::offered(&open.request, &judgement.needed.requirement)
            .into_iter()
            .map(|factor| factor.part())
            .collect(),
        session: signed_in.as_ref().map(|(session, _)| name_of(session)).unwrap_or_default(),
    };
    page::html(&shown)
}

/// What the form says of the session: its hash, which opens nothing.
fn name_of(session: &Session) -> String {
    base64url::encode(session.id.as_bytes())
}

const fn word_of(claim: Claim) -> &'static str {
    match claim {
        Claim::Name => "claim-name",
        Claim::GivenName => "claim-given-name",
        Claim::FamilyName => "claim-family-name",
        Claim::PersonalNumber => "claim-personal-number",
    }
}

/// `POST …/agree`: whoever is signed in agrees to what the page showed them. Where it showed it to somebody else, or has something
/// else to ask by now, it is shown again.
///
/// # Errors
/// [`Unable`].
pub async fn agree(
    State(platform): State<Arc<Platform>>,
    Path(id): Path<String>,
    Query(query): Query<LanguageQuery>,
    headers: HeaderMap,
    visit: Visit,
    body: Bytes,
) -> Result<Response, Unable> {
    match platform.opened(&id, &query, &headers).await? {
        Ok(open) => {
            let shown_to = Parameters::from_body(&headers, &body).ok();
            let shown_to = shown_to.as_ref().and_then(|parameters| parameters.get("session"));
            let signed_in = platform.signed_in(&headers).await?;
            let judgement = platform
                .decide(&open.request, &open.party, &visit, signed_in.as_ref(), Some(&open.kept))
                .await?;
            if let (Decision::Agree, Some((session, _))) = (judgement.decision, &signed_in)
                && shown_to == Some(name_of(session).as_str())
            {
                platform.store.agree(open.kept.id, session.id).await?;
            }
            let to = format!("{}?lang={}", open.path(), open.language.tag());
            page::onward(&platform, open.language, &to)
        }
        Err(language) => page::ended(&platform, language),
    }
}

/// `POST …/other-card`: whoever is signed in is not the one who wants to.
///
/// # Errors
/// [`Unable`].
pub async fn other_card(
    State(platform): State<Arc<Platform>>,
    Path(id): Path<String>,
    Query(query): Query<LanguageQuery>,
    headers: HeaderMap,
) -> Result<Response, Unable> {
    match platform.opened(&id, &query, &headers).await? {
        Ok(open) => {
            platform.forget(&headers).await?;
            let to = answer::redirect(&format!("{}?lang={}", open.path(), open.language.tag()))?;
            Ok(([(header::SET_COOKIE, platform.cookies.forget_session())], to).into_response())
        }
        Err(language) => page::ended(&platform, language),
    }
}

/// `POST …/cancel`: back to the relying party, with nothing.
///
/// # Errors
/// [`Unable`].
pub async fn cancel(
    State(platform): State<Arc<Platform>>,
    Path(id): Path<String>,
    Query(query): Query<LanguageQuery>,
    headers: HeaderMap,
) -> Result<Response, Unable> {
    match platform.opened(&id, &query, &headers).await? {
        Ok(open) if platform.close(&open).await? => {
            let failure = Failure::new("access_denied", "the person did not want to");
            let outcome = Outcome::Failure(failure);
            platform.answer_to_form(&open.request.destination, &outcome, open.language)
        }
        Ok(open) => page::ended(&platform, open.language),
        Err(language) => page::ended(&platform, language),
    }
}
