//! Code and tokens, and what stands in them.

use bitaqa_jose::{JwsHeader, Thumbprint, base64url};
use bitaqa_trust::Level;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{
    RelyingParty, authorization_request::AuthorizationRequest, decision::Grounds, narrowing::Part,
    verified_claims::VerifiedClaims,
};
use crate::{
    Platform, Unable, assurance,
    clock::Seconds,
    factor::holder_verification,
    identity::mediated::GrantedIdentity,
    person::{Claim, Script, Shown, SignInFacts},
    registration::Registration,
    secret::{Hash, Ticket, random_identifier},
    store::{Grant, Session, Token, TokenKind},
};

/// How long a code can be redeemed.
pub const CODE_LIFETIME: Seconds = 60;
/// How long an access token is good.
pub const ACCESS_LIFETIME: Seconds = 10 * 60;
/// How long an ID token is good.
pub const ID_TOKEN_LIFETIME: Seconds = 5 * 60;
/// How long tokens can be refreshed, counted from the code.
pub const REFRESH_LIFETIME: Seconds = 30 * 24 * 60 * 60;

/// What a grant is about. Sealed where it is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Granted {
    /// Where the code was sent.
    pub redirect_uri: String,
    /// What the verifier has to hash to.
    pub code_challenge: String,
    /// The key without whose proof the code is worth nothing, if it is bound to one.
    #[serde(default)]
    pub key: Option<Thumbprint>,
    /// For the ID token.
    pub nonce: Option<String>,
    /// What the relying party knows the person by.
    pub subject: String,
    /// The level that it hears of.
    pub level: Level,
    /// What was shown that reaches it, and when.
    pub shown: Shown,
    /// The services that it is for, by their ids.
    #[serde(default)]
    pub services: Vec<String>,
    /// Their scopes, as they are registered now.
    #[serde(skip)]
    pub service_scopes: Vec<String>,
    /// Their APIs (RFC 8707), as they are registered now.
    #[serde(skip)]
    pub resources: Vec<String>,
    /// Whether only the APIs are meant, or less than `openid` otherwise: such a token is none for userinfo.
    #[serde(skip)]
    pub without_openid: bool,
    /// Whether it may refresh.
    pub offline_access: bool,
    /// What the ID token says.
    pub id_token_claims: Vec<Claim>,
    /// What userinfo says.
    pub userinfo_claims: Vec<Claim>,
    /// What the ID token says with how it was verified.
    #[serde(default)]
    pub id_token_verified: VerifiedClaims,
    /// What userinfo says with how it was verified.
    #[serde(default)]
    pub userinfo_verified: VerifiedClaims,
    /// What names are to be written in, the best first.
    #[serde(default)]
    pub scripts: Vec<Script>,
    /// The sign-in.
    pub facts: SignInFacts,
    /// What the chip told, or that it told the relying party.
    #[serde(default)]
    pub identity: Option<GrantedIdentity>,
}

impl Granted {
    /// The scopes that were granted.
    #[must_use]
    pub fn scope(&self) -> String {
        let told = self.userinfo_claims.iter().copied().chain(self.userinfo_verified.claims());
        let profile = told.into_iter().any(|claim| Claim::PROFILE.contains(&claim));
        let openid = (!self.without_openid).then_some("openid");
        let words = [openid, profile.then_some("profile"), self.offline_access.then_some("offline_access")];
        let words = words.into_iter().flatten().chain(self.service_scopes.iter().map(String::as_str));
        words.collect::<Vec<_>>().join(" ")
    }

    /// Narrows it to a part, for an access token.
    pub fn narrow(&mut self, part: &Part, registration: &Registration) {
        self.services.retain(|id| part.serves(id));
        self.name_services(registration);
        if !part.has("profile") {
            let is_other = |claim: &Claim| !Claim::PROFILE.contains(claim);
            self.userinfo_claims.retain(is_other);
            self.userinfo_verified =
                std::mem::take(&mut self.userinfo_verified).granted(registration, |claim| is_other(&claim));
        }
        self.offline_access &= part.has("offline_access");
        self.without_openid = !part.has("openid");
    }

    /// Finds what its services are called in requests.
    fn name_services(&mut self, registration: &Registration) {
        let services = || registration.services_of(&self.services);
        let scopes = services().filter_map(|service| service.scope.clone()).collect();
        let resources = services().filter_map(|service| service.resource.clone()).collect();
        (self.service_scopes, self.resources) = (scopes, resources);
    }

    fn said(&self, claims: &[Claim], verified: &VerifiedClaims) -> Map<String, Value> {
        let said = |claim: &Claim| {
            let value = self.facts.person.claim(*claim, &self.scripts)?;
            Some((claim.name().to_owned(), Value::from(value)))
        };
        let mut members: Map<String, Value> = claims.iter().filter_map(said).collect();
        if let Some(verified) = verified.told(&self.facts, &self.scripts) {
            members.insert("verified_claims".to_owned(), verified);
        }
        members
    }

    /// What userinfo answers.
    #[must_use]
    pub fn userinfo(&self) -> Map<String, Value> {
        let mut members = self.said(&self.userinfo_claims, &self.userinfo_verified);
        members.insert("sub".to_owned(), self.subject.clone().into());
        if let Some(identity) = self.identity.as_ref().and_then(GrantedIdentity::told) {
            members.insert("identity".to_owned(), identity);
        }
        members
    }
}

/// What a grant is worth now.
pub enum Worth {
    /// This.
    Granted(Box<Granted>),
    /// What was shown no longer reaches this level, or is not what the relying party and the services take any more.
    TooLittle(Level),
    /// Nothing: the card's issuer is no longer believed.
    Nothing,
}

/// New tokens, and what is kept of them.
pub struct Tokens {
    /// For userinfo.
    pub access: Ticket,
    /// For more tokens.
    pub refresh: Option<Ticket>,
    /// The key that the access token is bound to.
    pub bound_to: Option<Hash>,
    /// The part of the grant that it is for.
    pub part: Option<Part>,
    /// Both, to be kept.
    pub kept: Vec<Token>,
}

impl Platform {
    /// Gives out a code for what a person granted.
    ///
    /// # Errors
    /// [`Unable`]: keys or database.
    pub async fn grant_code(
        &self,
        request: &AuthorizationRequest,
        party: &RelyingParty,
        session: &Session,
        facts: &SignInFacts,
        (Grounds { level, shown }, identity): (Grounds, Option<GrantedIdentity>),
    ) -> Result<String, Unable> {
        let now = self.clock.now();
        let claims: Vec<Claim> = request.claims();
        let person = facts.person.as_far_as(&claims);
        let granted = Granted {
            redirect_uri: request.destination.redirect_uri.clone(),
            code_challenge: request.code_challenge.clone(),
            key: request.key,
            nonce: request.nonce.clone(),
            subject: self.subject(&party.registration.sector, &session.account)?,
            level,
            shown,
            services: request.services.clone(),
            service_scopes: Vec::new(),
            resources: Vec::new(),
            without_openid: false,
            offline_access: request.offline_access,
            id_token_claims: request.id_token_claims.clone(),
            userinfo_claims: request.userinfo_claims.clone(),
            id_token_verified: request.id_token_verified.clone(),
            userinfo_verified: request.userinfo_verified.clone(),
            scripts: request.scripts.clone(),
            facts: SignInFacts { person, ..facts.clone() },
            identity,
        };
        let code = Ticket::random(&random_identifier());
        let lifetime =
            if granted.offline_access { REFRESH_LIFETIME } else { CODE_LIFETIME + ACCESS_LIFETIME };
        self.store
            .add_grant(&Grant {
                id: code.grant().to_owned(),
                client: party.id.clone(),
                account: session.account.clone(),
                code: code.hash(),
                code_used_at: None,
                code_expires_at: now + CODE_LIFETIME,
                sealed: self.seal(&place(code.grant()), &granted)?,
                revoked_at: None,
                expires_at: now + lifetime,
            })
            .await?;
        Ok(code.text())
    }

    /// What a grant is about, if it is worth anything.
    ///
    /// # Errors
    /// [`Unable`]: the keys.
    pub fn granted(&self, grant: &Grant, party: &RelyingParty) -> Result<Option<Granted>, Unable> {
        Ok(match self.worth(grant, party)? {
            Worth::Granted(granted) => Some(*granted),
            Worth::TooLittle(_) | Worth::Nothing => None,
        })
    }

    /// What a grant is about, as far as the relying party is registered for it now.
    ///
    /// # Errors
    /// [`Unable`]: the keys.
    pub fn worth(&self, grant: &Grant, party: &RelyingParty) -> Result<Worth, Unable> {
        let mut granted: Granted = self.open(&place(&grant.id), &grant.sealed)?;
        let registration = &party.registration;
        let requirement = registration.requirement(&granted.services);
        if !self.believes(&granted.facts) {
            return Ok(Worth::Nothing);
        }
        // what was reached, which is more than what is told where less was essential
        if !requirement.is_met_by(&granted.shown) {
            return Ok(Worth::TooLittle(requirement.level));
        }
        granted.name_services(registration);
        for claims in [&mut granted.id_token_claims, &mut granted.userinfo_claims] {
            claims.retain(|claim| registration.claims.contains(claim));
        }
        granted.id_token_verified = granted.id_token_verified.granted(registration, |_| true);
        granted.userinfo_verified = granted.userinfo_verified.granted(registration, |_| true);
        granted.offline_access &= registration.offline_access;
        let allowed = registration.identity.as_ref().map(|identity| &identity.claims);
        granted.identity = granted.identity.and_then(|identity| identity.as_far_as(allowed));
        Ok(Worth::Granted(Box::new(granted)))
    }

    /// Draws new tokens of a grant; the access token is bound to a key, and for a part of what was granted, if there is one.
    ///
    /// # Errors
    /// [`Unable`]: the keys.
    pub fn new_tokens(
        &self,
        grant: &Grant,
        granted: &Granted,
        Access { bound_to, part }: Access,
        with_refresh: WithRefresh,
    ) -> Result<Tokens, Unable> {
        let now = self.clock.now();
        let token = |ticket: &Ticket, kind, bound_to, expires_at: Seconds| Token {
            grant: grant.id.clone(),
            hash: ticket.hash(),
            kind,
            bound_to,
            part: None,
            used_at: None,
            issued_at: now,
            expires_at: expires_at.min(grant.expires_at),
        };
        let access = Ticket::random(&grant.id);
        let sealed = part.as_ref().map(|part| self.seal(&part_place(&access.hash()), part)).transpose()?;
        let of_access = token(&access, TokenKind::Access, bound_to, now + ACCESS_LIFETIME);
        let mut kept = vec![Token { part: sealed, ..of_access }];
        let refresh = match with_refresh {
            WithRefresh::BoundTo(key) if granted.offline_access => {
                let refresh = Ticket::random(&grant.id);
                kept.push(token(&refresh, TokenKind::Refresh, key, grant.expires_at));
                Some(refresh)
            }
            _ => None,
        };
        Ok(Tokens { access, refresh, bound_to, part, kept })
    }

    /// What a token is for, of what was granted.
    ///
    /// # Errors
    /// [`Unable`]: the keys.
    pub fn granted_to(
        &self,
        token: &Token,
        mut granted: Granted,
        party: &RelyingParty,
    ) -> Result<Granted, Unable> {
        if let Some(sealed) = &token.part {
            granted.narrow(&self.open(&part_place(&token.hash), sealed)?, &party.registration);
        }
        Ok(granted)
    }

    /// Signs an ID token. The nonce belongs to the first only.
    ///
    /// # Errors
    /// [`Unable`]: the keys.
    pub fn id_token(
        &self,
        party: &RelyingParty,
        granted: &Granted,
        nonce: Option<&str>,
    ) -> Result<String, Unable> {
        let client = party.id.as_str();
        let now = self.clock.now();
        let facts = &granted.facts;
        let mut claims = granted.said(&granted.id_token_claims, &granted.id_token_verified);
        for (name, value) in [
            ("iss", json!(self.issuer.as_str())),
            ("sub", json!(granted.subject)),
            ("aud", json!(client)),
            ("iat", json!(now)),
            ("exp", json!(now + ID_TOKEN_LIFETIME)),
            ("auth_time", json!(granted.shown.at)),
            ("acr", json!(assurance::acr(granted.level, self.realm))),
            ("amr", json!(granted.shown.factor.methods())),
            ("holderVerification", json!(holder_verification(granted.shown.factor))),
            ("sid", json!(self.session_name(client, &facts.session)?)),
        ] {
            claims.insert(name.to_owned(), value);
        }
        if let Some(identity) = &granted.identity {
            claims.extend(identity.hashes());
        }
        if !granted.services.is_empty() {
            claims.insert("scope".to_owned(), json!(granted.scope()));
        }
        if let Some(nonce) = nonce {
            claims.insert("nonce".to_owned(), json!(nonce));
        }
        let mut header = JwsHeader::new(party.registration.formats.id_token_signing.algorithm(), "JWT");
        header.type_ = None;
        Ok(self.keys.sign(header, Value::Object(claims).to_string().as_bytes())?)
    }
}

/// What an access token is bound to, and for.
#[derive(Debug, Clone)]
pub struct Access {
    /// The key, if it is bound to one.
    pub bound_to: Option<Hash>,
    /// The part of the grant, if it is not for the whole.
    pub part: Option<Part>,
}

/// Whether a refresh token comes along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WithRefresh {
    /// If the grant allows it; bound to a key if there is one.
    BoundTo(Option<Hash>),
    /// No.
    No,
}

fn part_place(token: &Hash) -> String {
    format!("part {}", base64url::encode(token.as_bytes()))
}

fn place(grant: &str) -> String {
    format!("grant {grant}")
}
