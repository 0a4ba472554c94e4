//! What a relying party asks of a person (OpenID Connect Core section 3.1.2.1), checked.

use bitaqa_jose::{Thumbprint, base64url};
use bitaqa_protocol::Language;
use bitaqa_trust::Level;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{RelyingParty, dpop, failure::Failure, parameters::Parameters, verified_claims::VerifiedClaims};
use crate::{
    Platform, assurance,
    clock::Seconds,
    identity::mediated::IdentityDetails,
    pages::language::first_of,
    person::{Claim, Script},
    settings::Realm,
};

/// Longest `state` and `nonce`, in bytes.
const MAX_WORD: usize = 1024;
/// Longest `claims`, in bytes.
const MAX_CLAIMS: usize = 8 * 1024;

/// How the answer gets to the relying party.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseMode {
    /// In the address.
    Query,
    /// In a form that the browser posts.
    FormPost,
}

/// Where an answer goes: checked before anything else, so that errors get there too.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Destination {
    /// Letter by letter one of the registered ones.
    pub redirect_uri: String,
    /// How it gets there.
    pub response_mode: ResponseMode,
    /// What the relying party recognises it by.
    pub state: Option<String>,
}

/// What the person has to do again, whatever is known of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prompt {
    /// Nothing: nobody is to see a page.
    pub none: bool,
    /// Sign in.
    pub login: bool,
    /// Agree.
    pub consent: bool,
}

/// The request.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AuthorizationRequest {
    /// Who asks.
    pub client: String,
    /// Where the answer goes.
    pub destination: Destination,
    /// Comes back in the ID token.
    pub nonce: Option<String>,
    /// S256 of the verifier that will redeem the code.
    pub code_challenge: String,
    /// The key without whose proof the code is worth nothing, if it is bound to one.
    #[serde(default)]
    pub key: Option<Thumbprint>,
    /// The services that it names, by their ids.
    #[serde(default)]
    pub services: Vec<String>,
    /// Whether refresh tokens are asked for, and may be.
    pub offline_access: bool,
    /// What the ID token is to say.
    pub id_token_claims: Vec<Claim>,
    /// What userinfo is to say.
    pub userinfo_claims: Vec<Claim>,
    /// What the ID token is to say with how it was verified.
    #[serde(default)]
    pub id_token_verified: VerifiedClaims,
    /// What userinfo is to say with how it was verified.
    #[serde(default)]
    pub userinfo_verified: VerifiedClaims,
    /// Levels one of which must be reached, if any is essential.
    pub essential_levels: Option<Vec<Level>>,
    /// Levels one of which should be reached (`acr_values`), if any is named.
    #[serde(default)]
    pub wished_levels: Option<Vec<Level>>,
    /// How long ago the person may have signed in, in seconds.
    pub max_age: Option<Seconds>,
    /// What has to be done again.
    pub prompt: Prompt,
    /// `id_token_hint`, not yet looked at.
    pub id_token_hint: Option<String>,
    /// Whom the answer must be about: `claims` may say so.
    pub subject: Option<String>,
    /// `request_uri`, if it was pushed.
    #[serde(default)]
    pub pushed_as: Option<String>,
    /// The first of the languages asked for that the pages have.
    pub language: Option<Language>,
    /// What names are to be written in (`claims_locales`), the best first.
    #[serde(default)]
    pub scripts: Vec<Script>,
    /// What is asked of the chip, through the host's window.
    #[serde(default)]
    pub identity: Option<IdentityDetails>,
}

/// Finds out where the answer goes. Nothing else of a request counts before that.
///
/// # Errors
/// [`Failure`]: nothing may be sent there, so the person gets to see it.
pub fn destination(party: &RelyingParty, parameters: &Parameters) -> Result<Destination, Failure> {
    let uri = parameters.get("redirect_uri").ok_or(Failure::request("redirect_uri is missing"))?;
    if !party.registration.redirect_uris.iter().any(|registered| registered == uri) {
        return Err(Failure::request("redirect_uri is not registered"));
    }
    let response_mode = match parameters.get("response_mode") {
        Some("form_post") => ResponseMode::FormPost,
        // an unknown one is refused later, in the ordinary mode
        _ => ResponseMode::Query,
    };
    let state = parameters.get("state").filter(|state| is_word(state)).map(str::to_owned);
    Ok(Destination { redirect_uri: uri.to_owned(), response_mode, state })
}

impl AuthorizationRequest {
    /// Checks everything else.
    ///
    /// # Errors
    /// [`Failure`], for the relying party.
    pub fn parse(
        party: &RelyingParty,
        destination: Destination,
        parameters: &Parameters,
        platform: &Platform,
    ) -> Result<Self, Failure> {
        let realm = platform.realm;
        if parameters.repeated().is_some() {
            return Err(Failure::request("a parameter stands there twice"));
        }
        refuse_what_is_not_offered(parameters)?;
        for name in ["state", "nonce"] {
            if parameters.get(name).is_some_and(|word| !is_word(word)) {
                return Err(Failure::request(
                    "state and nonce are printable ASCII of at most 1024 characters",
                ));
            }
        }
        let scopes: Vec<&str> = parameters.get("scope").unwrap_or_default().split(' ').collect();
        if !scopes.contains(&"openid") {
            return Err(Failure::new("invalid_scope", "the scope openid is missing"));
        }
        let code_challenge = code_challenge(parameters)?;
        let prompt = prompt(parameters)?;
        let max_age = parameters
            .get("max_age")
            .map(|text| text.parse::<u32>().map(Seconds::from))
            .transpose()
            .map_err(|_| Failure::request("max_age is not a number of seconds"))?;
        let asked = AskedClaims::parse(parameters)?;
        let (numbers, id_token_claims): (Vec<Claim>, Vec<Claim>) =
            asked.id_token.into_iter().partition(|claim| claim.stays_out_of_id_tokens());
        let mut userinfo_claims = [asked.userinfo, numbers].concat();
        if scopes.contains(&"profile") {
            userinfo_claims.extend(Claim::PROFILE);
        }
        let granted = |mut claims: Vec<Claim>| {
            claims.retain(|claim| party.registration.claims.contains(claim));
            claims.sort_unstable();
            claims.dedup();
            claims
        };
        let essential_levels = asked.essential_acr.map(|texts| {
            texts.map(|texts| texts.iter().filter_map(|text| assurance::level(text, realm)).collect())
        });
        let essential_levels = match essential_levels {
            // essential without values: any of those asked for otherwise, or any at all
            Some(None) => acr_values(parameters, realm).or_else(|| Some(assurance::LEVELS.to_vec())),
            Some(Some(levels)) => Some(levels),
            None => None,
        };
        if essential_levels.as_ref().is_some_and(Vec::is_empty) {
            return Err(UNMET);
        }
        let identity = IdentityDetails::parse(platform, party, &destination, parameters)?;
        Ok(Self {
            client: party.id.clone(),
            destination,
            nonce: parameters.get("nonce").map(str::to_owned),
            code_challenge,
            key: dpop::asked_key(parameters)?,
            services: party
                .registration
                .services_named(&scopes, &parameters.resources().collect::<Vec<_>>())
                .ok_or(UNKNOWN_RESOURCE)?,
            // what a chip told lasts no longer than it takes to fetch it
            offline_access: party.registration.offline_access
                && identity.is_none()
                && scopes.contains(&"offline_access"),
            id_token_claims: granted(id_token_claims),
            userinfo_claims: granted(userinfo_claims),
            id_token_verified: asked
                .id_token_verified
                .granted(&party.registration, |claim| !claim.stays_out_of_id_tokens()),
            userinfo_verified: asked.userinfo_verified.granted(&party.registration, |_| true),
            essential_levels,
            wished_levels: acr_values(parameters, realm).filter(|levels| !levels.is_empty()),
            max_age,
            prompt,
            id_token_hint: parameters.get("id_token_hint").map(str::to_owned),
            subject: asked.subject,
            pushed_as: None,
            language: parameters.get("ui_locales").and_then(first_of),
            scripts: scripts(parameters.get("claims_locales").unwrap_or_default()),
            identity,
        })
    }

    /// Everything that the relying party will learn.
    #[must_use]
    pub fn claims(&self) -> Vec<Claim> {
        let mut claims = [self.id_token_claims.as_slice(), &self.userinfo_claims].concat();
        claims.extend(self.id_token_verified.claims().chain(self.userinfo_verified.claims()));
        claims.sort_unstable();
        claims.dedup();
        claims
    }

    /// Whether the answer says how a claim was verified.
    #[must_use]
    pub fn asks_how_verified(&self) -> bool {
        self.id_token_verified.claims().chain(self.userinfo_verified.claims()).next().is_some()
    }
}

/// OpenID Connect Core Error Code `unmet_authentication_requirements`.
pub const UNMET: Failure =
    Failure::new("unmet_authentication_requirements", "the level that is asked for cannot be reached");

/// RFC 8707 section 2.
pub const UNKNOWN_RESOURCE: Failure =
    Failure::new("invalid_target", "resource is not that of a service of this relying party");

fn refuse_what_is_not_offered(parameters: &Parameters) -> Result<(), Failure> {
    if parameters.get("registration").is_some() {
        return Err(Failure::new(
            "registration_not_supported",
            "relying parties are registered by an operator",
        ));
    }
    match parameters.get("response_type") {
        Some("code") => {}
        Some(_) => return Err(Failure::new("unsupported_response_type", "response_type is code")),
        None => return Err(Failure::request("response_type is missing")),
    }
    match parameters.get("response_mode") {
        None | Some("query" | "form_post") => Ok(()),
        Some(_) => Err(Failure::request("response_mode is query or form_post")),
    }
}

/// RFC 7636; `plain` is not offered, nor is doing without.
fn code_challenge(parameters: &Parameters) -> Result<String, Failure> {
    let challenge = parameters.get("code_challenge").ok_or(Failure::request("code_challenge is missing"))?;
    if parameters.get("code_challenge_method") != Some("S256") {
        return Err(Failure::request("code_challenge_method is S256"));
    }
    let fits = base64url::decode(challenge).is_ok_and(|bytes| bytes.len() == 32);
    fits.then(|| challenge.to_owned()).ok_or(Failure::request("code_challenge is no SHA-256 in base64url"))
}

fn prompt(parameters: &Parameters) -> Result<Prompt, Failure> {
    let mut prompt = Prompt::default();
    for word in parameters.get("prompt").unwrap_or_default().split(' ').filter(|word| !word.is_empty()) {
        match word {
            "none" => prompt.none = true,
            // who has several cards chooses by putting one in
            "login" | "select_account" => prompt.login = true,
            "consent" => prompt.consent = true,
            _ => return Err(Failure::request("prompt has a word that is not known")),
        }
    }
    if prompt.none && (prompt.login || prompt.consent) {
        return Err(Failure::request("prompt says none and something else"));
    }
    Ok(prompt)
}

/// `acr_values` as levels of this realm; nothing where it names none.
fn acr_values(parameters: &Parameters, realm: Realm) -> Option<Vec<Level>> {
    let levels: Vec<Level> =
        parameters.get("acr_values")?.split(' ').filter_map(|text| assurance::level(text, realm)).collect();
    Some(levels)
}

fn scripts(locales: &str) -> Vec<Script> {
    let mut scripts: Vec<Script> = locales.split(' ').take(32).filter_map(Script::of_locale).collect();
    scripts.dedup();
    scripts
}

fn is_word(text: &str) -> bool {
    text.len() <= MAX_WORD && text.bytes().all(|byte| (0x20..0x7f).contains(&byte))
}

/// The parameter `claims` (OpenID Connect Core section 5.5).
#[derive(Default)]
struct AskedClaims {
    id_token: Vec<Claim>,
    userinfo: Vec<Claim>,
    id_token_verified: VerifiedClaims,
    userinfo_verified: VerifiedClaims,
    /// Values of an essential `acr`, if it has any.
    essential_acr: Option<Option<Vec<String>>>,
    /// Whom it must be about.
    subject: Option<String>,
}

impl AskedClaims {
    fn parse(parameters: &Parameters) -> Result<Self, Failure> {
        let wrong = Failure::request("claims is not as OpenID Connect Core section 5.5 has it");
        let Some(text) = parameters.get("claims") else { return Ok(Self::default()) };
        if text.len() > MAX_CLAIMS {
            return Err(wrong);
        }
        let members: Map<String, Value> =
            bitaqa_jose::json::from_slice(text.as_bytes()).map_err(|_| wrong)?;
        let of = |name: &str| match members.get(name) {
            None | Some(Value::Null) => Ok(Map::new()),
            Some(Value::Object(claims)) => Ok(claims.clone()),
            Some(_) => Err(wrong),
        };
        let (id_token, userinfo) = (of("id_token")?, of("userinfo")?);
        let known = |claims: &Map<String, Value>| {
            claims.keys().filter_map(|name| Claim::from_name(name)).collect::<Vec<_>>()
        };
        let essential_acr = match id_token.get("acr") {
            Some(Value::Object(acr)) => match acr.get("essential") {
                Some(Value::Bool(true)) => Some(acr_texts(acr).ok_or(wrong)?),
                Some(Value::Bool(false)) | None => None,
                Some(_) => return Err(wrong),
            },
            Some(Value::Null) | None => None,
            Some(_) => return Err(wrong),
        };
        let mut subject = None;
        for claims in [&id_token, &userinfo] {
            match claims.get("sub").and_then(|sub| sub.get("value")) {
                None => {}
                Some(Value::String(text)) if subject.as_ref().is_none_or(|other| other == text) => {
                    subject = Some(text.clone());
                }
                Some(_) => return Err(wrong),
            }
        }
        Ok(Self {
            id_token: known(&id_token),
            userinfo: known(&userinfo),
            id_token_verified: VerifiedClaims::parse(&id_token)?,
            userinfo_verified: VerifiedClaims::parse(&userinfo)?,
            essential_acr,
            subject,
        })
    }
}

fn acr_texts(acr: &Map<String, Value>) -> Option<Option<Vec<String>>> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    match (acr.get("value"), acr.get("values")) {
        (None, None) => Some(None),
        (Some(value), None) => Some(Some(vec![text(value)?])),
        (None, Some(Value::Array(values))) => values.iter().map(text).collect::<Option<Vec<_>>>().map(Some),
        _ => None,
    }
}
