//! Card and PIN: the card's key signs a token (`web-eid:1.0`), which it does after its PIN only.

use async_trait::async_trait;
use bitaqa_pages::refused_token;
use bitaqa_trust::{Level, token_verification::HolderVerification};

use super::{Answer, Factor, NotShown, Part, Proof, Refused};
use crate::{Platform, clock, person::Person};

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
            step: "sign-in",
            script: "sign_in.js",
            button: "start",
            label: "sign-in",
            instructions: &["step-card", "step-button", "step-pin"],
        }
    }

    async fn verify(&self, platform: &Platform, answer: Answer<'_>) -> Result<Proof, NotShown> {
        let token = platform.verifier.verify(answer.body, answer.challenge, clock::date_time(answer.now));
        let token = token.map_err(|refused| {
            let code = refused.failure.code();
            Refused { code, sentence: refused_token::sentence(code) }
        })?;
        match (Person::of(&token.certificate), token.issuer) {
            (Some(person), Some(issuer)) => {
                Ok(Proof { person, issuer: issuer.name, certificate: issuer.level })
            }
            _ => Err(Refused { code: "holder-without-number", sentence: "refused-other" }.into()),
        }
    }
}
