//! What a portal asks: one object of the type `bitaqa_identity` in `authorization_details` (RFC 9396).
//!
//! ```json
//! [{ "type": "bitaqa_identity", "mode": "relay", "purpose": "open-account",
//!    "claims": { "required": ["given_name", "family_name"], "optional": ["photo"] },
//!    "challenge": "…", "holder": "none", "proof": "chip" }]
//! ```

use bitaqa_protocol::{
    Challenge, Claim, PurposeId,
    claim::{DataGroup, RequestedClaims},
    identity::{Holder, ProofWanted},
    mediation::Mode,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    Platform,
    provider::{
        RelyingParty,
        authorization_request::{Destination, ResponseMode},
        failure::Failure,
        parameters::Parameters,
    },
    registration::Identity as Registered,
};

/// The parameter (RFC 9396 section 2).
pub const PARAMETER: &str = "authorization_details";
/// The one type that is known.
pub const TYPE: &str = "bitaqa_identity";
/// Longest parameter, in bytes.
const MAX_LENGTH: usize = 8 * 1024;

/// An identity request of a portal, which its registration and the platform's configuration allow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityDetails {
    /// Which of the portal's purposes this is.
    pub purpose: PurposeId,
    /// What is asked.
    pub claims: RequestedClaims,
    /// Who can read the answer.
    pub mode: Mode,
    /// The portal's own challenge, with [`Mode::Relay`].
    pub challenge: Option<Challenge>,
    /// Whether the holder shows that the card is theirs.
    pub holder: Holder,
    /// How sure the reader has to be that the chip is no copy.
    pub proof: ProofWanted,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(rename = "type")]
    _type: Type,
    purpose: PurposeId,
    claims: RequestedClaims,
    mode: Mode,
    challenge: Option<Challenge>,
    #[serde(default)]
    holder: Holder,
    #[serde(default)]
    proof: ProofWanted,
}

#[derive(Deserialize)]
enum Type {
    #[serde(rename = "bitaqa_identity")]
    Identity,
}

const fn invalid(description: &'static str) -> Failure {
    Failure::new("invalid_authorization_details", description)
}

const MALFORMED: Failure = invalid(
    "authorization_details is a list of one object of the type bitaqa_identity, as the documentation has it",
);
const NOT_REGISTERED: Failure =
    invalid("the relying party is not registered for asking what a chip holds ([identity])");
const NOT_HERE: Failure = invalid("this platform does not ask what a chip holds");
const PURPOSE: Failure = invalid("the purpose is not registered");
const CLAIMS: Failure = invalid("the claims, with what comes along with them, exceed the registration");
const PLATFORM_CLAIMS: Failure =
    invalid("the claims, with what comes along with them, exceed what the platform may read");
const PIN_CLAIMS: Failure = invalid("with the PIN a claim of the zone is required");
const RELAY_CHALLENGE: Failure = invalid("with relay the challenge is the relying party's own");
const RELAY_FORM: Failure = invalid("with relay the answer comes in a form: response_mode is form_post");
const RELAY_PROOF: Failure = invalid("with relay there is no second call: proof is not chip-authentication");
const ASSERT_CHALLENGE: Failure = invalid("with assert the challenge is the platform's");
const ASSERT_PROOF: Failure = invalid("with assert proof is chip, chip-authentication or data-only");
const ASSERT_CLAIMS: Failure =
    invalid("with assert a claim of the zone is required, by which the person is recognised");

impl IdentityDetails {
    /// Reads the parameter; nothing where it is not there.
    ///
    /// # Errors
    /// [`Failure`]: `invalid_authorization_details`.
    pub fn parse(
        platform: &Platform,
        party: &RelyingParty,
        destination: &Destination,
        parameters: &Parameters,
    ) -> Result<Option<Self>, Failure> {
        let Some(text) = parameters.get(PARAMETER) else { return Ok(None) };
        if text.len() > MAX_LENGTH {
            return Err(MALFORMED);
        }
        let written: Vec<Written> = bitaqa_jose::json::from_slice(text.as_bytes()).map_err(|_| MALFORMED)?;
        let Ok([written]) = <[Written; 1]>::try_from(written) else { return Err(MALFORMED) };
        let Written { _type: Type::Identity, purpose, claims, mode, challenge, holder, proof } = written;
        let details = Self { purpose, claims, mode, challenge, holder, proof };
        let registered = party.registration.identity.as_ref().ok_or(NOT_REGISTERED)?;
        // that would be the platform itself
        if registered.origins.contains(&platform.issuer) {
            return Err(NOT_REGISTERED);
        }
        details.check_against(registered)?;
        let own = platform.identity().ok_or(NOT_HERE)?;
        match details.mode {
            Mode::Relay => details.check_relay(destination)?,
            Mode::Assert => {
                details.check_assert()?;
                if !details.claims.closure().beyond(&own.claims).is_empty() {
                    return Err(PLATFORM_CLAIMS);
                }
            }
        }
        Ok(Some(details))
    }

    fn check_against(&self, registered: &Registered) -> Result<(), Failure> {
        if !registered.purposes.iter().any(|purpose| purpose.id == self.purpose) {
            return Err(PURPOSE);
        }
        if !self.claims.closure().beyond(&registered.claims).is_empty() {
            return Err(CLAIMS);
        }
        if self.holder == Holder::Pin && !self.requires_the_zone() {
            return Err(PIN_CLAIMS);
        }
        Ok(())
    }

    fn check_relay(&self, destination: &Destination) -> Result<(), Failure> {
        if self.challenge.is_none() {
            return Err(RELAY_CHALLENGE);
        }
        if destination.response_mode != ResponseMode::FormPost {
            return Err(RELAY_FORM);
        }
        if self.proof == ProofWanted::ChipAuthentication {
            return Err(RELAY_PROOF);
        }
        Ok(())
    }

    fn check_assert(&self) -> Result<(), Failure> {
        if self.challenge.is_some() {
            return Err(ASSERT_CHALLENGE);
        }
        // what anybody can make up is nothing to assert
        if self.proof == ProofWanted::Unsigned {
            return Err(ASSERT_PROOF);
        }
        if self.requires_the_zone() { Ok(()) } else { Err(ASSERT_CLAIMS) }
    }

    /// Whether the person cannot refuse the group by which they are recognised.
    fn requires_the_zone(&self) -> bool {
        self.claims.required().iter().any(|claim| claim.group() == DataGroup::Dg1)
    }

    /// As it was granted (RFC 9396 section 7), without the challenge.
    #[must_use]
    pub fn granted(&self) -> Value {
        let Self { purpose, claims, mode, holder, proof, .. } = self;
        json!([{ "type": TYPE, "purpose": purpose, "claims": claims, "mode": mode, "holder": holder, "proof": proof }])
    }

    /// Each claim that is asked, and whether the person may leave it out.
    pub fn asked(&self) -> impl Iterator<Item = (Claim, bool)> + '_ {
        let required = self.claims.required().iter().map(|claim| (claim, false));
        required.chain(self.claims.optional().iter().map(|claim| (claim, true)))
    }
}
