//! A person shows something: `/interaction/{id}/…`, two steps for each factor, which its script takes. One says what has to be answered,
//! the other takes the answer.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use bitaqa_pages::{language::LanguageQuery, words::Sentence};
use bitaqa_protocol::Language;
use serde_json::json;

use super::interaction::Open;
use crate::{
    Platform, Unable, assurance,
    clock::Seconds,
    cookies::Cookie,
    event_log::SignIn,
    factor::{Answer, Answered, Authentication, Next, NotShown, Proof, Refused},
    key_store::HashUse,
    person::{self, Shown, SignInFacts, Verified},
    provider::decision,
    secret::{Secret, random_identifier},
    visit::Visit,
};

pub(super) const ENDED: Refused = Refused { code: "interaction-ended", sentence: "refused-ended" };

/// `POST …/{where the factor begins}`: what its script has to answer.
///
/// # Errors
/// [`Unable`].
pub async fn begin(
    factor: Authentication,
    State(platform): State<Arc<Platform>>,
    Path(id): Path<String>,
    Query(query): Query<LanguageQuery>,
    headers: HeaderMap,
) -> Result<Response, Unable> {
    let open = match platform.opened(&id, &query, &headers).await? {
        Ok(open) => open,
        Err(language) => return Ok(ended(&platform, language)),
    };
    match factor.begin(&platform, &open.id).await {
        Ok(next) => platform.goes_on(&open, next).await,
        Err(NotShown::Refused(why)) => Ok(refused(&platform, open.language, StatusCode::FORBIDDEN, why)),
        Err(NotShown::Unable(unable)) => Err(unable),
    }
}

/// `POST …/{step of the factor}`: what its script made comes back. To sign in is to agree to what the page showed.
///
/// # Errors
/// [`Unable`].
pub async fn answer(
    factor: Authentication,
    State(platform): State<Arc<Platform>>,
    Path(id): Path<String>,
    Query(query): Query<LanguageQuery>,
    headers: HeaderMap,
    visit: Visit,
    body: String,
) -> Result<Response, Unable> {
    let open = match platform.opened(&id, &query, &headers).await? {
        Ok(open) => open,
        Err(language) => return Ok(ended(&platform, language)),
    };
    if !is_json(&headers) {
        return Ok(StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response());
    }
    let now = platform.clock.now();
    let refuse = |why: Refused| {
        platform.note(&SignIn::refused(&open.party.id, why.code));
        Ok(refused(&platform, open.language, StatusCode::FORBIDDEN, why))
    };
    // taken out before anything is verified: whatever comes of it, it is used up
    let Some(kept) = platform.store.take_challenge(open.kept.id, now).await? else {
        return refuse(Refused { code: "challenge-unknown", sentence: factor.part().too_late });
    };
    let signed_in = platform.signed_in(&headers).await?;
    let account = signed_in.as_ref().map(|(session, _)| session.account.as_str());
    // what the page offered; whether it is enough is decided when it has been shown
    let needed = platform.needed(&open.request, &open.party, &visit, account).await?;
    if !decision::offered(&open.request, &needed.requirement).contains(&factor) {
        return refuse(Refused { code: "factor-not-offered", sentence: "refused-other" });
    }
    let answer = Answer { body: &body, kept: &kept, interaction: &open.id, now };
    let proof = match factor.verify(&platform, answer).await {
        Ok(Answered::Shown(proof)) => proof,
        Ok(Answered::GoesOn(next)) => return platform.goes_on(&open, next).await,
        Err(NotShown::Refused(why)) => return refuse(why),
        Err(NotShown::Unable(unable)) => return Err(unable),
    };
    let (account, facts, shown) = match platform.known_by(factor, *proof, now).await {
        Ok(known) => known,
        Err(NotShown::Refused(why)) => return refuse(why),
        Err(NotShown::Unable(unable)) => return Err(unable),
    };
    // what the browser has stays as it is where there is nothing to sign in for any more
    let session = Secret::random();
    if !platform.store.agree(open.kept.id, session.hash()).await? {
        platform.note(&SignIn::refused(&open.party.id, ENDED.code));
        return Ok(ended(&platform, open.language));
    }
    platform.begin_session(&headers, &session, account, facts).await?;
    let acr = assurance::acr(shown.level, platform.realm);
    platform.note(&SignIn::accepted(&open.party.id, factor.name(), acr));
    let cookie = platform.cookies.set(Cookie::Session, &session)?;
    Ok(([(header::SET_COOKIE, cookie)], Json(json!({ "continue": open.path() }))).into_response())
}

impl Platform {
    /// Keeps what has to be answered, and says to the script what it is.
    async fn goes_on(&self, open: &Open, next: Next) -> Result<Response, Unable> {
        let expires_at = self.clock.now() + next.lifetime;
        if self.store.set_challenge(open.kept.id, &next.kept, expires_at).await? {
            Ok(Json(next.told).into_response())
        } else {
            Ok(ended(self, open.language))
        }
    }

    /// The account of whoever showed something, what is known of them, and what that was worth.
    async fn known_by(
        &self,
        factor: Authentication,
        proof: Proof,
        now: Seconds,
    ) -> Result<(String, SignInFacts, Shown), NotShown> {
        let Some(population) = self.populations.of(&proof.issuer) else {
            return Err(Refused { code: "issuer-without-population", sentence: "refused-issuer" }.into());
        };
        let shown = person::shown(factor, population.proofing, proof.certificate, now);
        let facts = SignInFacts {
            session: random_identifier(),
            proofing: population.proofing,
            ceiling: population.proofing.level().min(proof.certificate),
            shown: vec![shown],
            verified: population
                .trust_framework
                .clone()
                .map(|framework| Verified { trust_framework: framework, issuer: proof.issuer.clone() }),
            issuer: proof.issuer,
            person: proof.person,
        };
        let number = facts.person.number_key();
        if number.is_empty() {
            return Err(Refused { code: "holder-without-number", sentence: "refused-other" }.into());
        }
        let parts = [self.realm.name().as_bytes(), population.name.as_bytes(), number.as_bytes()];
        let key = self.keys.hash(HashUse::Person, &parts)?;
        let account = self.store.account_of(key, &random_identifier(), now).await?;
        Ok((account, facts, shown))
    }
}

/// Whether a body says that it is JSON, which no form of another site can.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.and_then(|kind| kind.split(';').next()).is_some_and(|kind| kind.trim() == "application/json")
}

/// What the page's script gets: a code for programs, and two sentences for the person.
pub(super) fn refused(platform: &Platform, language: Language, status: StatusCode, why: Refused) -> Response {
    let Sentence { message, remedy } = platform.words.sentence(language, why.sentence);
    (status, Json(json!({ "code": why.code, "message": message, "remedy": remedy }))).into_response()
}

/// What it gets where there is nothing to show anything for any more.
pub(super) fn ended(platform: &Platform, language: Language) -> Response {
    refused(platform, language, StatusCode::GONE, ENDED)
}
