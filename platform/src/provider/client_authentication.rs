//! Who a relying party is: `private_key_jwt` (RFC 7523, OpenID Connect Core section 9), or its bare name where it keeps no secret.

use axum::http::{HeaderMap, header};
use bitaqa_jose::{
    CompactJws,
    jws::{ExpectedType, JwsRules},
};
use serde::Deserialize;

use super::{
    RelyingParty,
    failure::{EndpointError, Failure},
    parameters::Parameters,
};
use crate::{
    Platform,
    clock::Seconds,
    registration::{ClientAuthentication, Profile},
    secret::Hash,
};

/// Longest assertion, in bytes.
const MAX_LENGTH: usize = 8 * 1024;
/// How long an assertion may live at most, by profile: its name is remembered that long. Libraries of relying parties (Authlib) make
/// them for an hour.
const fn max_lifetime(profile: Profile) -> Seconds {
    match profile {
        Profile::Oidc => 60 * 60,
        Profile::Fapi2 => 10 * 60,
    }
}

/// How far clocks may be apart.
const SKEW: Seconds = 30;
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// Parameters that say who asks, and are no part of what is asked.
pub const PARAMETERS: [&str; 3] = ["client_assertion", "client_assertion_type", "client_secret"];

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: Seconds,
    #[serde(default)]
    nbf: Option<Seconds>,
    #[serde(default)]
    iat: Option<Seconds>,
    jti: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Platform {
    /// Finds out who asks at an endpoint that is for relying parties with keys alone.
    ///
    /// # Errors
    /// As [`authenticate_client`](Self::authenticate_client); `invalid_client`, too, for one without.
    pub async fn authenticate_client_with_keys(
        &self,
        headers: &HeaderMap,
        parameters: &Parameters,
    ) -> Result<RelyingParty, EndpointError> {
        let party = self.authenticate_client(headers, parameters).await?;
        match party.registration.authentication {
            ClientAuthentication::PrivateKeyJwt => Ok(party),
            ClientAuthentication::None => {
                Err(Failure::client("only relying parties with keys may ask").into())
            }
        }
    }

    /// Finds out who asks at an endpoint for programs.
    ///
    /// # Errors
    /// [`Failure`] `invalid_client`: they did not show it. [`Unable`](crate::Unable): the database.
    pub async fn authenticate_client(
        &self,
        headers: &HeaderMap,
        parameters: &Parameters,
    ) -> Result<RelyingParty, EndpointError> {
        if headers.contains_key(header::AUTHORIZATION) || parameters.get("client_secret").is_some() {
            return Err(Failure::client("secrets that are sent are not taken; use private_key_jwt").into());
        }
        match (parameters.get("client_assertion_type"), parameters.get("client_assertion")) {
            (None, None) => {
                let id = parameters.get("client_id").ok_or(Failure::client("client_id is missing"))?;
                let party = self.relying_party(id).await?.ok_or(UNKNOWN)?;
                match party.registration.authentication {
                    ClientAuthentication::None => Ok(party),
                    ClientAuthentication::PrivateKeyJwt => Err(UNKNOWN.into()),
                }
            }
            (Some(JWT_BEARER), Some(assertion)) => self.verify_assertion(assertion, parameters).await,
            _ => Err(Failure::client("client_assertion_type or client_assertion is wrong").into()),
        }
    }

    async fn verify_assertion(
        &self,
        assertion: &str,
        parameters: &Parameters,
    ) -> Result<RelyingParty, EndpointError> {
        let jws = parse(assertion).ok_or(UNKNOWN)?;
        let claims: Claims = bitaqa_jose::json::from_slice(jws.unverified_payload()).map_err(|_| UNKNOWN)?;
        if claims.iss != claims.sub || parameters.get("client_id").is_some_and(|id| id != claims.sub) {
            return Err(UNKNOWN.into());
        }
        let party = self.relying_party(&claims.sub).await?.ok_or(UNKNOWN)?;
        if party.registration.authentication != ClientAuthentication::PrivateKeyJwt {
            return Err(UNKNOWN.into());
        }
        if self.signed_by(&party, &jws).await.is_none() {
            return Err(UNKNOWN.into());
        }
        self.check_claims(party.registration.profile, &claims)?;
        // last, so that only the relying party itself can use a name up
        let name = Hash::of(format!("{} {}", party.id, claims.jti).as_bytes());
        if self.store.remember_assertion(name, claims.exp + SKEW).await? {
            Ok(party)
        } else {
            Err(Failure::client("the assertion was used before").into())
        }
    }

    fn check_claims(&self, profile: Profile, claims: &Claims) -> Result<(), Failure> {
        let now = self.clock.now();
        let ours = |audience: &String| self.audiences().contains(audience);
        let for_us = match (profile, &claims.aud) {
            // FAPI 2.0 Security Profile section 5.3.2.1: the issuer, as a string
            (Profile::Fapi2, Audience::One(audience)) => audience == self.issuer.as_str(),
            (Profile::Fapi2, Audience::Several(_)) => false,
            (Profile::Oidc, Audience::One(audience)) => ours(audience),
            // an assertion for others as well could have come from one of them
            (Profile::Oidc, Audience::Several(audiences)) => {
                !audiences.is_empty() && audiences.iter().all(ours)
            }
        };
        if !for_us {
            return Err(Failure::client("the assertion is for somebody else (aud)"));
        }
        if claims.exp <= now.saturating_sub(SKEW)
            || claims.exp > now.saturating_add(max_lifetime(profile) + SKEW)
        {
            return Err(Failure::client(
                "the assertion has ended, or lives longer than one hour (profile fapi2: ten minutes) (exp)",
            ));
        }
        let early = |time: Option<Seconds>| time.is_some_and(|time| time > now.saturating_add(SKEW));
        if early(claims.nbf) || early(claims.iat) {
            return Err(Failure::client("the assertion is not good yet (nbf, iat)"));
        }
        if !(1..=256).contains(&claims.jti.len()) {
            return Err(Failure::client("the assertion's name (jti) is empty or too long"));
        }
        Ok(())
    }

    /// What assertions may name as whom they are for.
    fn audiences(&self) -> [String; 3] {
        [self.issuer.to_string(), self.url("/token"), self.url("/par")]
    }
}

/// One answer for whoever did not show who they are: it tells nobody which names exist.
const UNKNOWN: Failure =
    Failure::client("the relying party is unknown, suspended, or did not show that it is the one");

/// Relying parties write `typ` in three ways.
fn parse(text: &str) -> Option<CompactJws<'_>> {
    let types =
        [ExpectedType::Absent, ExpectedType::Is("JWT"), ExpectedType::Is("client-authentication+jwt")];
    let algorithms = Profile::Oidc.algorithms();
    types.into_iter().find_map(|type_| {
        CompactJws::parse(text, &JwsRules { type_, algorithms, max_length: MAX_LENGTH }).ok()
    })
}
