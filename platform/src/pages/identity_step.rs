//! One more step of an interaction, where a portal asks what the person's chip holds: the page says what will be asked in the host's window
//! and who can read it, and its script takes the answer where it belongs.
//!
//! What was agreed to there is not asked again: this step comes after sign-in and consent, and neither lists these claims.

use std::sync::Arc;

use askama::Template;
use axum::{
    Json,
    body::Bytes,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use bitaqa_jose::base64url;
use bitaqa_pages::language::LanguageQuery;
use bitaqa_protocol::{
    Challenge, Claim, encode_base64,
    identity::{Holder, IdentityRequest},
    mediation::{Mode, Sha256Digest},
};
use bitaqa_trust::identity::verification::MAX_ENCRYPTED;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    interaction::{Open, name_of},
    page::{self, Frame, Spoken},
    showing::{ENDED, ended, is_json, refused},
};
use crate::{
    Platform, Unable,
    event_log::Identity as Event,
    factor::{NotShown, Refused},
    identity::{
        Awaited,
        mediated::{
            Given, GrantedIdentity, IdentityDetails, details::TYPE, joining::digest_of, releasing::Released,
        },
    },
    person::SignInFacts,
    provider::{
        answer::{self, policy_with_form_target},
        decision::Decision,
    },
    secret::{Secret, random_bytes},
    signed_in::{Judgement, has_agreed},
    store::Session,
    visit::{Visit, with_cookie},
};

/// Longest body of an answer that the platform reads: the answer and the JSON around it.
pub const MAX_ANSWER: usize = MAX_ENCRYPTED + 1024;
/// How long what was joined can be answered: as long as statements live.
const LIFETIME: i64 = bitaqa_protocol::statement::MAX_LIFETIME.cast_signed();

#[derive(Template)]
#[template(path = "identity.html")]
struct IdentityPage<'a> {
    frame: Frame<'a>,
    id: &'a str,
    client: Spoken<'a>,
    client_origin: String,
    purpose: Spoken<'a>,
    claims: Vec<AskedClaim>,
    pin: bool,
    relay: bool,
    /// What the script asks with, as JSON that can stand in a page.
    request: String,
}

/// A claim by the name of its text.
struct AskedClaim {
    word: String,
    /// Of an age.
    years: Option<u8>,
    optional: bool,
}

impl AskedClaim {
    fn of((claim, optional): (Claim, bool)) -> Self {
        match claim {
            Claim::AgeOver(limit) => {
                Self { word: "chip-age-over".to_owned(), years: Some(limit.years()), optional }
            }
            named => {
                let word = format!("chip-{}", named.name().replace(['_', '#'], "-"));
                Self { word, years: None, optional }
            }
        }
    }
}

/// What is waited for in an interaction. The database keeps it sealed, and each is answered once.
#[derive(Serialize, Deserialize)]
struct Joined {
    /// Hash of the session in which it was joined.
    session: String,
    /// The request with what was joined, or how far the chip's proof is.
    awaited: Awaited,
}

fn place(id: &Secret) -> String {
    format!("identity {}", id.as_str())
}

/// The page.
pub(super) fn page(platform: &Platform, open: &Open) -> Result<Response, Unable> {
    let details = open.request.identity.as_ref().ok_or(Unable::Unreadable("identity request"))?;
    let registration = &open.party.registration;
    let purposes = registration.identity.iter().flat_map(|identity| &identity.purposes);
    let Some(purpose) = purposes.into_iter().find(|purpose| purpose.id == details.purpose) else {
        return page::ended(platform, open.language);
    };
    let IdentityDetails { purpose: id, claims, mode, holder, proof, .. } = details;
    let request = json!({
        "type": TYPE, "purpose": id, "claims": claims, "mode": mode, "holder": holder, "proof": proof,
    });
    let redirect_uri = &open.request.destination.redirect_uri;
    let (text, language) = purpose.text.in_language(open.language);
    let shown = IdentityPage {
        frame: Frame::new(platform, open.language, Some(open.path())),
        id: open.id.as_str(),
        client: Spoken::of(&registration.name, open.language),
        client_origin: answer::origin_text(redirect_uri)?,
        purpose: Spoken { text, language },
        claims: details.asked().map(AskedClaim::of).collect(),
        pin: *holder == Holder::Pin,
        relay: *mode == Mode::Relay,
        request: request.to_string().replace('<', "\\u003c"),
    };
    // the script leads on by a form to the relying party
    let policy = policy_with_form_target(redirect_uri)?;
    Ok(([(header::CONTENT_SECURITY_POLICY, policy)], page::html(&shown)?).into_response())
}

/// Who answers, at a request that is at this step.
struct Step<'a> {
    details: &'a IdentityDetails,
    signed_in: (Session, SignInFacts),
    judgement: Judgement<'a>,
}

const NOT_ASKED: Refused = Refused { code: "identity-not-asked", sentence: "refused-ended" };
const CHALLENGE: Refused = Refused { code: "challenge-unknown", sentence: "refused-challenge" };
const MALFORMED: Refused = Refused { code: "request-invalid", sentence: "refused-identity" };
/// What is kept of what was joined begins with this; no challenge of a sign-in does.
const KEPT: &str = "joined:";

/// `POST …/identity`: both statements, joined for this request; what the script gives the host.
///
/// # Errors
/// [`Unable`].
pub async fn ask(
    State(platform): State<Arc<Platform>>,
    Path(id): Path<String>,
    Query(query): Query<LanguageQuery>,
    headers: HeaderMap,
    visit: Visit,
) -> Result<Response, Unable> {
    let open = match platform.opened(&id, &query, &headers).await? {
        Ok(open) => open,
        Err(language) => return Ok(ended(&platform, language)),
    };
    let Some(step) = platform.step(&open, &headers, &visit).await? else {
        return Ok(platform.refuse_step(&open, NOT_ASKED));
    };
    let drawn = || Challenge::parse(&encode_base64(&random_bytes::<48>())).ok();
    let challenge = step.details.challenge.clone().or_else(drawn).ok_or(Unable::Unreadable("challenge"))?;
    let Some(statement) = platform.joined(&open.party, step.details, &challenge)? else {
        return Ok(platform.refuse_step(&open, NOT_ASKED));
    };
    let details = step.details;
    let request = IdentityRequest {
        challenge: challenge.clone(),
        statement: statement.clone(),
        purpose: details.purpose.clone(),
        claims: details.claims.clone(),
        holder: details.holder,
        proof: details.proof,
    };
    let joined = Joined { session: name_of(&step.signed_in.0), awaited: Awaited::Answer { request } };
    if !platform.keep_joined(&open, &joined).await? {
        return Ok(platform.refuse_step(&open, ENDED));
    }
    Ok(Json(json!({ "statement": statement, "challenge": challenge })).into_response())
}

/// What the script brings of an answer that it takes to the portal.
#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct Relayed {
    answer_hash: Sha256Digest,
}

/// `POST …/identity-relayed` and `…/identity-answer`: what the script brings of an answer; gives what leads to the portal,
/// or what the chip has yet to prove itself by.
///
/// # Errors
/// [`Unable`].
pub async fn brought(
    mode: Mode,
    State(platform): State<Arc<Platform>>,
    Path(id): Path<String>,
    Query(query): Query<LanguageQuery>,
    headers: HeaderMap,
    visit: Visit,
    body: Bytes,
) -> Result<Response, Unable> {
    let open = match platform.opened(&id, &query, &headers).await? {
        Ok(open) => open,
        Err(language) => return Ok(ended(&platform, language)),
    };
    let relayed = (mode == Mode::Relay).then(|| serde_json::from_slice(&body)).transpose();
    let (true, Ok(text), Ok(relayed)) = (is_json(&headers), str::from_utf8(&body), relayed) else {
        return Ok(platform.refuse_step(&open, MALFORMED));
    };
    let step = platform.step(&open, &headers, &visit).await?;
    let Some(step) = step.filter(|step| step.details.mode == mode) else {
        return Ok(platform.refuse_step(&open, NOT_ASKED));
    };
    // taken out before anything is verified: whatever comes of it, it is used up
    let Some(joined) = platform.take_joined(&open, &step).await? else {
        return Ok(platform.refuse_step(&open, CHALLENGE));
    };
    match platform.came(&step, joined.awaited, relayed, text) {
        Ok(Released::Given(given)) => platform.finish(&open, step, given, &visit).await,
        Ok(Released::GoesOn { challenge, awaited }) => {
            let joined = Joined { session: joined.session, awaited: *awaited };
            if !platform.keep_joined(&open, &joined).await? {
                return Ok(platform.refuse_step(&open, ENDED));
            }
            Ok(Json(json!({ "chipChallenge": challenge })).into_response())
        }
        Err(NotShown::Refused(refused)) => {
            // it is used up, and what was sent is kept no longer
            platform.store.set_challenge(open.kept.id, KEPT, 0).await?;
            Ok(platform.refuse_step(&open, refused))
        }
        Err(NotShown::Unable(unable)) => Err(unable),
    }
}

impl Platform {
    /// Nothing where something else is to be done first, or nothing more.
    async fn step<'a>(
        &'a self,
        open: &'a Open,
        headers: &HeaderMap,
        visit: &Visit,
    ) -> Result<Option<Step<'a>>, Unable> {
        let (Some(details), Some(signed_in)) = (&open.request.identity, self.signed_in(headers).await?)
        else {
            return Ok(None);
        };
        let judgement =
            self.decide(&open.request, &open.party, visit, Some(&signed_in), Some(&open.kept)).await?;
        let is_here = matches!(judgement.decision, Decision::Identify(_));
        Ok(is_here.then_some(Step { details, signed_in, judgement }))
    }

    /// What was joined last, once, for who is still signed in.
    async fn take_joined(&self, open: &Open, step: &Step<'_>) -> Result<Option<Joined>, Unable> {
        let taken = self.store.take_challenge(open.kept.id, self.clock.now()).await?;
        let sealed = taken.as_deref().and_then(|text| text.strip_prefix(KEPT));
        let Some(sealed) = sealed.and_then(|text| base64url::decode(text).ok()) else { return Ok(None) };
        let joined: Joined = self.open(&place(&open.id), &sealed)?;
        Ok((joined.session == name_of(&step.signed_in.0)).then_some(joined))
    }

    /// Keeps what is waited for; false where the interaction has ended.
    async fn keep_joined(&self, open: &Open, joined: &Joined) -> Result<bool, Unable> {
        let kept = format!("{KEPT}{}", base64url::encode(&self.seal(&place(&open.id), joined)?));
        Ok(self.store.set_challenge(open.kept.id, &kept, self.clock.now() + LIFETIME).await?)
    }

    /// What the portal gets of what was brought.
    fn came(
        &self,
        step: &Step<'_>,
        awaited: Awaited,
        relayed: Option<Relayed>,
        brought: &str,
    ) -> Result<Released, NotShown> {
        if let Some(Relayed { answer_hash: answer }) = relayed {
            let Awaited::Answer { request } = awaited else { return Err(CHALLENGE.into()) };
            let statement = digest_of(request.statement.as_str());
            return Ok(Released::Given(Given::Relayed { answer, statement }));
        }
        self.asserted(step.details, awaited, brought, &step.signed_in.1.person)
    }

    /// Ends the interaction with a code.
    async fn finish(
        &self,
        open: &Open,
        step: Step<'_>,
        given: Given,
        visit: &Visit,
    ) -> Result<Response, Unable> {
        let Step { details, signed_in, judgement } = step;
        let event = match &given {
            Given::Relayed { .. } => Event::relayed(&open.party.id),
            Given::Asserted(_) => Event::asserted(&open.party.id),
        };
        let details = IdentityDetails { challenge: None, ..details.clone() };
        let Some(judgement) = judgement.identified(GrantedIdentity { details, given }) else {
            return Ok(self.refuse_step(open, NOT_ASKED));
        };
        if !self.close(open).await? {
            return Ok(self.refuse_step(open, ENDED));
        }
        if has_agreed(Some(&signed_in), Some(&open.kept)) {
            self.remember_consent(&open.request, &open.party, &signed_in.0.account).await?;
        }
        self.note(&event);
        let (outcome, cookie) =
            self.outcome(&judgement, &open.request, &open.party, visit, Some(&signed_in)).await?;
        let to = self.answer_to_script(&open.request.destination, &outcome);
        Ok(with_cookie(cookie, Json(to).into_response()))
    }

    /// What the script gets instead.
    fn refuse_step(&self, open: &Open, why: Refused) -> Response {
        self.note(&Event::refused(&open.party.id, why.code));
        let status = match why.code {
            "interaction-ended" => StatusCode::GONE,
            "request-invalid" => StatusCode::BAD_REQUEST,
            _ => StatusCode::FORBIDDEN,
        };
        refused(self, open.language, status, why)
    }
}
