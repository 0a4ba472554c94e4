//! Who is signed in in a browser, and what that means for a request.

use std::borrow::Cow;

use axum::http::{HeaderMap, HeaderValue};

use crate::{
    Platform, Unable,
    clock::Seconds,
    cookies::Cookie,
    event_log::{Authorization, RuleTried},
    identity::mediated::GrantedIdentity,
    person::{Claim, SignInFacts},
    provider::{
        RelyingParty,
        answer::Outcome,
        authorization_request::AuthorizationRequest,
        back_channel_logout::NOTICE_LIFETIME,
        decision::{self, Decision, Grounds, Known},
        failure::Failure,
    },
    rules::{Adaptation, Circumstances, Device, Rule, adapt},
    secret::{Hash, Secret},
    store::{Ending, Interaction, Session},
    visit::Visit,
};

/// What consent to refresh tokens is called beside the claims.
const OFFLINE: &str = "offline_access";
/// What consent to saying how claims were verified is called.
const VERIFIED: &str = "verified_claims";
/// What consent to a service begins with; its id follows.
const SERVICE: &str = "service:";

/// What is decided, and what it was decided by.
pub struct Judgement<'a> {
    /// What is to be done.
    pub decision: Decision,
    /// What the request needs, and by which rules.
    pub needed: Adaptation<'a>,
    /// When the interaction began in which the person agreed, if they did so in one.
    agreed_since: Option<Seconds>,
    /// What came of the request for what the chip holds.
    identity: Option<GrantedIdentity>,
}

impl Judgement<'_> {
    /// The same, once the person answered what is asked of the chip. Nothing where that was not asked now.
    #[must_use]
    pub fn identified(self, identity: GrantedIdentity) -> Option<Self> {
        let Decision::Identify(grounds) = self.decision else { return None };
        Some(Self { decision: Decision::Grant(grounds), identity: Some(identity), ..self })
    }
}

const fn looks_at_device(rule: &Rule) -> bool {
    rule.when.device.is_some()
}

impl Platform {
    /// Who is signed in in this browser, with a card whose issuer is believed.
    ///
    /// # Errors
    /// [`Unable`]: database or keys.
    pub async fn signed_in(&self, headers: &HeaderMap) -> Result<Option<(Session, SignInFacts)>, Unable> {
        Ok(self.session_of(headers).await?.filter(|(_, facts)| self.believes(facts)))
    }

    /// The session of this browser, which can be ended whoever issued the card.
    ///
    /// # Errors
    /// [`Unable`]: database or keys.
    pub async fn session_of(&self, headers: &HeaderMap) -> Result<Option<(Session, SignInFacts)>, Unable> {
        let Some(secret) = self.cookies.read(headers, Cookie::Session) else { return Ok(None) };
        let Some(session) = self.store.session(secret.hash(), self.clock.now()).await? else {
            return Ok(None);
        };
        let facts: SignInFacts = self.open(&session_place(&session.id), &session.sealed)?;
        Ok(Some((session, facts)))
    }

    /// Whether the issuer of the card that somebody signed in with is still one whose cards are believed.
    #[must_use]
    pub fn believes(&self, facts: &SignInFacts) -> bool {
        self.populations.of(&facts.issuer).is_some()
    }

    /// Keeps a sign-in, by the secret that the browser gets for it. What was in the browser before ends.
    ///
    /// # Errors
    /// [`Unable`]: database or keys.
    pub async fn begin_session(
        &self,
        headers: &HeaderMap,
        secret: &Secret,
        account: String,
        facts: SignInFacts,
    ) -> Result<(), Unable> {
        let before = self.session_of(headers).await?;
        // whoever shows something else stays signed in at the relying parties, which know the session by its name; but its secret is
        // another, so that nobody else who has the earlier one gets anything of this
        let goes_on = before.as_ref().filter(|(session, _)| session.account == account);
        let facts = match goes_on {
            Some((_, earlier)) => facts.going_on_from(earlier),
            None => facts,
        };
        let now = self.clock.now();
        let session = Session {
            id: secret.hash(),
            account,
            sealed: self.seal(&session_place(&secret.hash()), &facts)?,
            authenticated_at: now,
            expires_at: now + SESSION_LIFETIME,
        };
        self.store.add_session(&session).await?;
        if let Some((earlier, of)) = &before {
            if earlier.account == session.account {
                let name = name_of(&of.session);
                self.store.keep_logout_notices(name, session.expires_at).await?;
                self.store.end_session(earlier.id, name, Ending::GoesOn).await?;
            } else {
                self.end_for_good(earlier, of).await?;
            }
        }
        Ok(())
    }

    /// Ends the browser's session.
    ///
    /// # Errors
    /// [`Unable`]: database or keys.
    pub async fn forget(&self, headers: &HeaderMap) -> Result<(), Unable> {
        if let Some((session, facts)) = self.session_of(headers).await? {
            self.end_for_good(&session, &facts).await?;
        }
        Ok(())
    }

    async fn end_for_good(&self, session: &Session, facts: &SignInFacts) -> Result<(), Unable> {
        let now = self.clock.now();
        let ending = Ending::Told { now, until: now + NOTICE_LIFETIME };
        self.store.end_session(session.id, name_of(&facts.session), ending).await?;
        self.logouts.notify_one();
        Ok(())
    }

    /// What a request needs in the circumstances of a visit, of whoever is signed in if somebody is.
    ///
    /// # Errors
    /// [`Unable`]: the database.
    pub async fn needed<'a>(
        &'a self,
        request: &AuthorizationRequest,
        party: &'a RelyingParty,
        visit: &Visit,
        account: Option<&str>,
    ) -> Result<Adaptation<'a>, Unable> {
        let registration = &party.registration;
        let rules = || self.rules.iter().chain(&registration.rules);
        let device = match account {
            Some(account) if rules().any(looks_at_device) => {
                let known = self.knows_device(visit, account).await?;
                Some(if known { Device::Known } else { Device::New })
            }
            _ => None,
        };
        let circumstances = Circumstances {
            device,
            address: visit.address,
            now: self.clock.now(),
            sensitive: registration.services_of(&request.services).any(|service| service.sensitive),
            services: request.services.clone(),
        };
        let adapted = |circumstances: &Circumstances| {
            let asked = registration.requirement(&request.services).and(self.configured.clone());
            adapt(asked, rules(), circumstances)
        };
        let mut needed = adapted(&circumstances);
        // whose device it is shows after they signed in: until then nobody is refused but who would be on any
        if account.is_none() {
            let refused_on = |device| {
                let circumstances = Circumstances { device: Some(device), ..circumstances.clone() };
                adapted(&circumstances).requirement.refused
            };
            needed.requirement.refused = refused_on(Device::New) && refused_on(Device::Known);
        }
        Ok(needed)
    }

    /// What is to be done about a request, in an interaction or before there is one.
    ///
    /// # Errors
    /// [`Unable`]: database or keys.
    pub async fn decide<'a>(
        &'a self,
        request: &AuthorizationRequest,
        party: &'a RelyingParty,
        visit: &Visit,
        signed_in: Option<&(Session, SignInFacts)>,
        interaction: Option<&Interaction>,
    ) -> Result<Judgement<'a>, Unable> {
        let now = self.clock.now();
        let mut as_hinted = true;
        let mut agreed_earlier = false;
        if let Some((session, _)) = signed_in {
            let subject = self.subject(&party.registration.sector, &session.account)?;
            if let Some(hint) = &request.id_token_hint {
                as_hinted = self.read_hint(hint)?.is_some_and(|hint| hint.sub == subject);
            }
            as_hinted &= request.subject.as_ref().is_none_or(|wanted| *wanted == subject);
            let agreed = self.store.consent(&session.account, &party.id).await?.unwrap_or_default();
            let agreed: Vec<&str> = agreed.split(' ').collect();
            agreed_earlier =
                agreed.contains(&"openid") && wanted(request).all(|claim| agreed.contains(&claim.as_ref()));
        }
        let agreed_now = has_agreed(signed_in, interaction);
        let known = Known {
            signed_in: signed_in.map(|(_, facts)| facts),
            as_hinted,
            agreed_earlier,
            agreed_now,
            begun_at: interaction.map_or(now, |interaction| interaction.created_at),
            now,
        };
        let account = signed_in.map(|(session, _)| session.account.as_str());
        let needed = self.needed(request, party, visit, account).await?;
        let agreed_since = interaction.filter(|_| agreed_now).map(|interaction| interaction.created_at);
        Ok(Judgement {
            decision: decision::decide(request, &needed.requirement, &known),
            needed,
            agreed_since,
            identity: None,
        })
    }

    /// What the relying party gets, where something is decided, and the cookie that the browser gets beside it.
    ///
    /// # Errors
    /// [`Unable`]: database or keys.
    pub async fn outcome(
        &self,
        judgement: &Judgement<'_>,
        request: &AuthorizationRequest,
        party: &RelyingParty,
        visit: &Visit,
        signed_in: Option<&(Session, SignInFacts)>,
    ) -> Result<(Outcome, Option<HeaderValue>), Unable> {
        self.note_tried(judgement, party);
        match (judgement.decision, signed_in) {
            (Decision::Grant(grounds), Some((session, facts))) => {
                if !self.note_for_logout(party, session, facts).await? {
                    let failure = Failure::new("login_required", "the person signed out meanwhile");
                    self.note(&Authorization::refused(Some(&party.id), failure.code));
                    return Ok((Outcome::Failure(failure), None));
                }
                let code = self
                    .grant_code(request, party, session, facts, (grounds, judgement.identity.clone()))
                    .await?;
                self.note(&Authorization::granted(&party.id));
                let looked_at = self.rules.iter().chain(&party.registration.rules).any(looks_at_device);
                // whoever only has the session makes no device known: something was shown on it, for this
                let shown_here = judgement
                    .agreed_since
                    .is_some_and(|since| facts.shown.iter().any(|shown| shown.at >= since));
                let is_kept = looked_at && (shown_here || self.knows_device(visit, &session.account).await?);
                let cookie =
                    if is_kept { self.remember_device(visit, &session.account).await? } else { None };
                Ok((Outcome::Code(code), cookie))
            }
            (Decision::Refuse(failure), _) => {
                self.note(&Authorization::refused(Some(&party.id), failure.code));
                Ok((Outcome::Failure(failure), None))
            }
            _ => Err(Unable::Unreadable("decision")),
        }
    }

    /// Logs what rules would have asked that only say so.
    fn note_tried(&self, judgement: &Judgement<'_>, party: &RelyingParty) {
        for rule in &judgement.needed.tried {
            let would = rule.then.requirement();
            let enough = match judgement.decision {
                Decision::Grant(Grounds { shown, .. }) => {
                    let age = self.clock.now().saturating_sub(shown.at);
                    let fresh = would.max_age.is_none_or(|max_age| age <= max_age);
                    Some(!would.refused && would.is_met_by(&shown) && fresh)
                }
                _ => None,
            };
            self.note(&RuleTried { rule: &rule.id, client: &party.id, then: &rule.then, enough });
        }
    }

    /// Keeps what a person agreed to, with what they agreed to before.
    ///
    /// # Errors
    /// [`Unable`]: the database.
    pub async fn remember_consent(
        &self,
        request: &AuthorizationRequest,
        party: &RelyingParty,
        account: &str,
    ) -> Result<(), Unable> {
        let before = self.store.consent(account, &party.id).await?.unwrap_or_default();
        let mut claims: Vec<Cow<'_, str>> =
            before.split(' ').filter(|claim| !claim.is_empty()).map(Cow::from).collect();
        for claim in std::iter::once("openid".into()).chain(wanted(request)) {
            if !claims.contains(&claim) {
                claims.push(claim);
            }
        }
        let claims = claims.join(" ");
        Ok(self.store.put_consent(account, &party.id, &claims, self.clock.now()).await?)
    }
}

/// Whether the person who is signed in agreed to what an interaction asks.
pub fn has_agreed(signed_in: Option<&(Session, SignInFacts)>, interaction: Option<&Interaction>) -> bool {
    let by = interaction.and_then(|interaction| interaction.agreed_by);
    by.is_some() && by == signed_in.map(|(session, _)| session.id)
}

/// How long somebody stays signed in, and how long what they showed counts, though a session goes on with something else that is shown.
pub(crate) const SESSION_LIFETIME: Seconds = 8 * 60 * 60;

/// What has to be agreed to.
fn wanted<'a>(request: &'a AuthorizationRequest) -> impl Iterator<Item = Cow<'a, str>> {
    let offline = request.offline_access.then_some(OFFLINE);
    let verified = request.asks_how_verified().then_some(VERIFIED);
    let words = request.claims().into_iter().map(Claim::name).chain(verified).chain(offline);
    let services = request.services.iter().map(|id| Cow::from(format!("{SERVICE}{id}")));
    words.map(|word| -> Cow<'a, str> { word.into() }).chain(services)
}

/// What is kept of a session's name where it is looked up by it.
pub(crate) fn name_of(session: &str) -> Hash {
    Hash::of(session.as_bytes())
}

fn session_place(id: &Hash) -> String {
    format!("session {}", bitaqa_jose::base64url::encode(id.as_bytes()))
}
