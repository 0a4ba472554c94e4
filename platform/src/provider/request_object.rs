//! Request objects (RFC 9101): a relying party signs what it asks, and nothing else counts. It may encrypt the object for the platform
//! once it is signed.

use bitaqa_jose::{
    CompactJws,
    jws::{ExpectedType, JwsRules},
};
use serde_json::{Map, Value};

use super::{
    RelyingParty,
    failure::{EndpointError, Failure},
    parameters::Parameters,
};
use crate::{Platform, clock::Seconds, registration::Profile};

/// The parameter with the object.
pub const PARAMETER: &str = "request";
/// What an object writes into `typ`, if anything (RFC 9101 section 10.8); older relying parties write `JWT`.
const TYPES: [&str; 2] = ["oauth-authz-req+jwt", "JWT"];
/// Longest object, in bytes.
const MAX_LENGTH: usize = 24 * 1024;
/// How far clocks may be apart.
const SKEW: Seconds = 30;
/// How long an object may be good, and how long ago it may have begun to be (FAPI 2.0 Message Signing section 5.3.1).
const MAX_LIFETIME: Seconds = 60 * 60;
/// Members that are about the object, and no parameters (RFC 9101 section 4).
const OF_THE_OBJECT: [&str; 7] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"];

const fn object(description: &'static str) -> Failure {
    Failure::new("invalid_request_object", description)
}

impl Platform {
    /// What counts of a request: what its object says, or the parameters themselves where it has none and needs none.
    ///
    /// # Errors
    /// [`Failure`]. [`Unable`](crate::Unable): the keys.
    pub async fn said(
        &self,
        party: &RelyingParty,
        parameters: &Parameters,
    ) -> Result<Parameters, EndpointError> {
        let Some(text) = parameters.get(PARAMETER) else {
            return if party.registration.require_signed_requests {
                Err(Failure::request("this relying party signs its requests (RFC 9101)").into())
            } else {
                Ok(parameters.clone())
            };
        };
        if parameters.get("request_uri").is_some() {
            return Err(Failure::request("request and request_uri do not go together").into());
        }
        let text = self.decrypted(text, &TYPES)?.ok_or(object(
            "the request object is not encrypted as it is done here: ECDH-ES, A256GCM or A128GCM, cty JWT, for a published key",
        ))?;
        let jws = parse(&text).ok_or(object(
            "the request object is no JWT of its type, or not signed by an algorithm that is taken",
        ))?;
        let payload = self
            .signed_by(party, &jws)
            .await
            .ok_or(object("the request object is not signed by a key of the relying party"))?;
        let members: Map<String, Value> = bitaqa_jose::json::from_slice(&payload)
            .map_err(|_| object("the request object is no JSON object with each member once"))?;
        self.check_object(party, &members)?;
        let inside =
            Parameters::of(members.into_iter().filter(|(name, _)| !OF_THE_OBJECT.contains(&name.as_str())));
        Ok(inside.ok_or(object("a parameter in the request object is no text, number or object"))?)
    }

    fn check_object(&self, party: &RelyingParty, members: &Map<String, Value>) -> Result<(), Failure> {
        let is = |name: &str, wanted: &str| members.get(name).and_then(Value::as_str) == Some(wanted);
        if !is("iss", &party.id) || !is("client_id", &party.id) {
            return Err(object("the request object does not name the relying party (iss, client_id)"));
        }
        // it would do as an assertion of who the relying party is (RFC 9101 section 10.8)
        if is("sub", &party.id) {
            return Err(object(
                "the request object's sub is the relying party: it could be taken for its assertion",
            ));
        }
        let ours = |audience: &Value| audience.as_str() == Some(self.issuer.as_str());
        let for_us = match members.get("aud") {
            Some(Value::Array(audiences)) => audiences.iter().any(ours),
            Some(audience) => ours(audience),
            None => false,
        };
        if !for_us {
            return Err(object("the request object is for somebody else (aud)"));
        }
        if [PARAMETER, "request_uri"].iter().any(|name| members.contains_key(*name)) {
            return Err(object("a request object contains no other"));
        }
        self.check_times(party.registration.profile, members)
    }

    fn check_times(&self, profile: Profile, members: &Map<String, Value>) -> Result<(), Failure> {
        let time = |name: &str| match members.get(name) {
            None => Ok(None),
            Some(value) => value
                .as_i64()
                .map(Some)
                .ok_or(object("a time in the request object is no whole number of seconds")),
        };
        let (exp, nbf, iat): (Option<Seconds>, Option<Seconds>, Option<Seconds>) =
            (time("exp")?, time("nbf")?, time("iat")?);
        let now = self.clock.now();
        let early = |time: Option<Seconds>| time.is_some_and(|time| time > now.saturating_add(SKEW));
        if early(nbf) || early(iat) {
            return Err(object("the request object is not good yet (nbf, iat)"));
        }
        if exp.is_some_and(|exp| exp <= now.saturating_sub(SKEW)) {
            return Err(object("the request object has ended (exp)"));
        }
        match (profile, exp, nbf) {
            (Profile::Oidc, ..) => Ok(()),
            // whatever began longer ago has ended
            (Profile::Fapi2, Some(exp), Some(nbf)) if exp.saturating_sub(nbf) <= MAX_LIFETIME => Ok(()),
            (Profile::Fapi2, ..) => {
                Err(object("the request object has no exp and nbf, or lives longer than an hour"))
            }
        }
    }
}

fn parse(text: &str) -> Option<CompactJws<'_>> {
    let algorithms = Profile::Oidc.algorithms();
    TYPES.map(ExpectedType::Is).into_iter().chain([ExpectedType::Absent]).find_map(|type_| {
        CompactJws::parse(text, &JwsRules { type_, algorithms, max_length: MAX_LENGTH }).ok()
    })
}
