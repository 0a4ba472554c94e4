//! Card and PIN: the card's key signs a token (`web-eid:1.0`), which it does after its PIN only.

use async_trait::async_trait;
use bitaqa_pages::refused_token;
use bitaqa_protocol::{Challenge, auth_token, encode_base64};
use bitaqa_trust::{Level, token_verification::HolderVerification};
use serde_json::json;

use super::{Answer, Answered, Factor, Next, NotShown, Part, Proof, Refused};
use crate::{
    Platform,
    clock::{self, Seconds},
    person::Person,
    secret::{Secret, random_bytes},
};

/// How long a card may take to answer a challenge.
const CHALLENGE_LIFETIME: Seconds = 5 * 60;
/// What people are told where it took longer.
const TOO_LATE: &str = "refused-challenge";

/// The factor.
#[derive(Debug, Clone, Copy)]
pub struct CardAndPin;

#[async_trait]
impl Factor for CardAndPin {
    fn name(&self) -> &'static str {
        "card-and-pin"
    }

    fn methods(&self) -> &'static [&'static str] {
        &["sc", "pin", "mfa"]
    }

    fn level(&self) -> Level {
        Level::High
    }

    fn holder_verification(&self) -> Option<HolderVerification> {
        Some(HolderVerification::Pin)
    }

    fn part(&self) -> Part {
        Part {
            begin: "challenge",
            step: "sign-in",
            script: "sign_in.js",
            button: "start",
            asked: "{}",
            title: "with-pin",
            label: "sign-in",
            instructions: &["step-card", "step-button", "step-pin"],
            too_late: TOO_LATE,
        }
    }

    fn max_length(&self) -> usize {
        auth_token::MAX_LENGTH
    }

    async fn begin(&self, _: &Platform, _: &Secret) -> Result<Next, NotShown> {
        let challenge = encode_base64(&random_bytes::<48>());
        Ok(Next { told: json!({ "challenge": challenge }), kept: challenge, lifetime: CHALLENGE_LIFETIME })
    }

    async fn verify(&self, platform: &Platform, answer: Answer<'_>) -> Result<Answered, NotShown> {
        // what was begun was another factor
        let challenge = Challenge::parse(answer.kept)
            .map_err(|_| NotShown::Refused(Refused { code: "challenge-unknown", sentence: TOO_LATE }))?;
        let token = platform.verifier.verify(answer.body, &challenge, clock::date_time(answer.now));
        let token = token.map_err(|refused| {
            let code = refused.failure.code();
            Refused { code, sentence: refused_token::sentence(code) }
        })?;
        match (Person::of(&token.certificate), token.issuer) {
            (Some(person), Some(issuer)) => {
                let proof = Proof { person, issuer: issuer.name, certificate: issuer.level };
                Ok(Answered::Shown(Box::new(proof)))
            }
            _ => Err(Refused { code: "holder-without-number", sentence: "refused-other" }.into()),
        }
    }
}
