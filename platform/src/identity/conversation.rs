//! A request of the platform's own page to a chip, from the question to the verified answer: what the page gets, and what is waited for.
//!
//! Each step says what is [`Awaited`] next. Whoever keeps that seals it, since it may hold the secret of chip authentication, and takes it
//! out before anything of what comes is looked at: so everything counts once.

use bitaqa_jose::base64url;
use bitaqa_protocol::{
    Challenge, PurposeId,
    claim::RequestedClaims,
    encode_base64,
    identity::{ChipAnswer, ChipChallenge, Holder, IdentityRequest, ProofWanted, StatementText},
};
use bitaqa_trust::identity::{ChipState, Expected, ExpectedRequest, FirstStep, VerifiedIdentity};
use serde::{Deserialize, Serialize};

use super::{Identity, OwnKeys};
use crate::{
    Platform, Unable,
    clock::{self, Seconds},
    secret::{fill, random_bytes},
};

/// Longest text of a page's script that is taken, in bytes: an answer without pictures takes a fraction of it.
pub const MAX_LENGTH: usize = 128 * 1024;

/// What a text that is kept begins with.
const KEPT: &str = "identity:";

/// What is asked, as the configuration of the page has it: all of a request that is the same each time.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// One of the purposes of the platform's statement.
    pub purpose: PurposeId,
    /// What it wants to know.
    pub claims: RequestedClaims,
}

/// What has to come next. It says who is asked what, and may hold a secret: it is kept sealed.
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "awaits", rename_all = "kebab-case")]
pub enum Awaited {
    /// The encrypted answer to a request.
    Answer {
        /// What was asked.
        request: IdentityRequest,
    },
    /// What the chip answers to the platform's key.
    ChipProof {
        /// What was asked.
        request: IdentityRequest,
        /// The answer, which holds but for the chip.
        answer: String,
        /// The state of chip authentication, as text.
        state: String,
    },
}

/// What the page's script brings: one of them.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Brought {
    answer: Option<String>,
    chip_proof: Option<ChipAnswer>,
}

/// What comes of a step.
pub enum Judged {
    /// The answer holds.
    Verified(Box<VerifiedIdentity>),
    /// The chip has yet to prove that it is no copy.
    ChipAuthenticationNeeded {
        /// For the page.
        challenge: ChipChallenge,
        /// To be kept.
        awaited: Box<Awaited>,
    },
}

/// Why nothing comes of it.
#[derive(Debug)]
pub enum NotJudged {
    /// It does not hold, by a code for programs: those of [`bitaqa_trust::identity::IdentityFailure`], and `chip-proof-malformed`.
    Refused(&'static str),
    /// The platform cannot say.
    Unable(Unable),
}

impl<E: Into<Unable>> From<E> for NotJudged {
    fn from(error: E) -> Self {
        Self::Unable(error.into())
    }
}

impl Platform {
    /// A fresh request with a statement of the platform about itself. It takes every proof that a chip can give.
    ///
    /// # Errors
    /// [`Unable`]: the keys.
    pub fn ask(&self, identity: &Identity, asked: Asked) -> Result<IdentityRequest, Unable> {
        let unreadable = |_| Unable::Unreadable("own statement");
        Ok(IdentityRequest {
            challenge: Challenge::parse(&encode_base64(&random_bytes::<48>()))
                .map_err(|_| Unable::Unreadable("challenge"))?,
            statement: StatementText::parse(&self.own_statement(identity)?).map_err(unreadable)?,
            purpose: asked.purpose,
            claims: asked.claims,
            holder: Holder::None,
            proof: ProofWanted::ChipAuthentication,
        })
    }

    /// What is awaited as a text for the database. It opens at this place only.
    ///
    /// # Errors
    /// [`Unable`]: the keys.
    pub fn keep_awaited(&self, place: &str, awaited: &Awaited) -> Result<String, Unable> {
        Ok(format!("{KEPT}{}", base64url::encode(&self.seal(&sealed_at(place), awaited)?)))
    }

    /// What is awaited, of the text; nothing where the text is about something else.
    ///
    /// # Errors
    /// [`Unable`]: the keys, or a text of another place.
    pub fn awaited(&self, place: &str, text: &str) -> Result<Option<Awaited>, Unable> {
        let Some(encoded) = text.strip_prefix(KEPT) else { return Ok(None) };
        let sealed = base64url::decode(encoded).map_err(|_| Unable::Unreadable("request"))?;
        self.open(&sealed_at(place), &sealed).map(Some)
    }

    /// Judges what a page's script brought, by what was awaited. The answers of the chip are to the platform's own key.
    ///
    /// # Errors
    /// [`NotJudged`].
    pub fn judge(
        &self,
        identity: &Identity,
        awaited: Awaited,
        brought: &str,
        now: Seconds,
    ) -> Result<Judged, NotJudged> {
        let keys = OwnKeys::new(&*self.keys);
        let verifier = self.identity_verifier(identity, &keys);
        let at = clock::date_time(now);
        let judged = match (awaited, serde_json::from_str(brought)) {
            (Awaited::Answer { request }, Ok(Brought { answer: Some(answer), chip_proof: None })) => {
                verifier.begin(&answer, &self.expected(&request), &mut fill, at).map(|first| match first {
                    FirstStep::Verified(verified) => Judged::Verified(verified),
                    FirstStep::ChipAuthenticationNeeded(needed) => Judged::ChipAuthenticationNeeded {
                        challenge: needed.challenge,
                        awaited: Box::new(Awaited::ChipProof {
                            request,
                            answer,
                            state: needed.state.to_text().to_string(),
                        }),
                    },
                })
            }
            (
                Awaited::ChipProof { request, answer, state },
                Ok(Brought { answer: None, chip_proof: Some(chip) }),
            ) => {
                let state = ChipState::parse(&state).map_err(|_| Unable::Unreadable("chip state"))?;
                verifier
                    .complete(&answer, &self.expected(&request), state, &chip, at)
                    .map(|verified| Judged::Verified(Box::new(verified)))
            }
            (Awaited::Answer { .. }, _) => return Err(NotJudged::Refused("answer-malformed")),
            (Awaited::ChipProof { .. }, _) => return Err(NotJudged::Refused("chip-proof-malformed")),
        };
        // where the keys could not be reached nothing is known of the answer
        keys.check()?;
        judged.map_err(|refused| NotJudged::Refused(refused.failure.code()))
    }

    const fn expected<'e>(&'e self, request: &'e IdentityRequest) -> Expected<'e> {
        Expected { origin: &self.issuer, request: ExpectedRequest::Sent(request) }
    }
}

fn sealed_at(place: &str) -> String {
    format!("identity request {place}")
}
