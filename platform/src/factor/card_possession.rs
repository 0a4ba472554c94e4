//! Card possession: the chip gives out who its holder is, and proves that it is no copy. It opens with a number that is printed on the
//! card, so whoever has the card can show it: the level is low, and the holder was not verified.
//!
//! `amr` is `sc` alone: a smart card was shown (RFC 8176 section 2), and neither a PIN nor a second factor.

use async_trait::async_trait;
use bitaqa_pages::refused_identity;
use bitaqa_protocol::claim::Claim;
use bitaqa_trust::{
    Level,
    identity::{VerifiedIdentity, claims::Value, date::Day},
    token_verification::HolderVerification,
};
use serde_json::json;

use super::{Answer, Answered, Factor, Next, NotShown, Part, Proof, Refused};
use crate::{
    Platform, Unable,
    clock::{self, Seconds},
    identity::{Asked, Awaited, Identity, Judged, MAX_LENGTH, NotJudged},
    person::Person,
    secret::Secret,
    settings::Populations,
};

/// How long a person may take to agree, and a chip to prove itself.
const LIFETIME: Seconds = 5 * 60;
/// What people are told where it took longer.
const TOO_LATE: &str = "refused-request";

/// What is asked: who it is, in both scripts. The number stands in the data group of the Arabic names, of which a document may have none.
pub const CLAIMS: [Claim; 5] = [
    Claim::PersonalNumber,
    Claim::GivenName,
    Claim::FamilyName,
    Claim::GivenNameArabic,
    Claim::FamilyNameArabic,
];
/// The same for the page's script, which passes it on.
const ASKED: &str = "{\"purpose\":\"sign-in\",\"claims\":{\"required\":\
     [\"personal_number\",\"given_name\",\"family_name\",\"given_name#ar\",\"family_name#ar\"]}}";

/// The factor.
#[derive(Debug, Clone, Copy)]
pub struct CardPossession;

fn asked() -> Result<Asked, Unable> {
    serde_json::from_str(ASKED).map_err(|_| Unable::Unreadable("what is asked"))
}

#[async_trait]
impl Factor for CardPossession {
    fn name(&self) -> &'static str {
        "card-possession"
    }

    fn methods(&self) -> &'static [&'static str] {
        &["sc"]
    }

    fn level(&self) -> Level {
        Level::Low
    }

    fn holder_verification(&self) -> Option<HolderVerification> {
        None
    }

    fn is_configured(&self, identity: Option<&Identity>, populations: &Populations) -> bool {
        identity.is_some() && populations.have_documents()
    }

    fn part(&self) -> Part {
        Part {
            begin: "identity-request",
            step: "card-possession",
            script: "card_possession.js",
            button: "show-card",
            asked: ASKED,
            title: "without-pin",
            label: "show-card",
            instructions: &["step-card", "step-show", "step-number"],
            too_late: TOO_LATE,
        }
    }

    fn max_length(&self) -> usize {
        MAX_LENGTH
    }

    async fn begin(&self, platform: &Platform, interaction: &Secret) -> Result<Next, NotShown> {
        let identity = configured(platform)?;
        let request = platform.ask(identity, asked()?)?;
        let told = json!({ "challenge": request.challenge, "statement": request.statement });
        Ok(next(platform, interaction, told, &Awaited::Answer { request })?)
    }

    async fn verify(&self, platform: &Platform, answer: Answer<'_>) -> Result<Answered, NotShown> {
        let identity = configured(platform)?;
        let Some(awaited) = platform.awaited(answer.interaction.as_str(), answer.kept)? else {
            return Err(Refused { code: "challenge-unknown", sentence: TOO_LATE }.into());
        };
        match platform.judge(identity, awaited, answer.body, answer.now) {
            Ok(Judged::Verified(verified)) => Ok(Answered::Shown(Box::new(proof(
                platform,
                &verified,
                clock::date_time(answer.now).into(),
            )?))),
            Ok(Judged::ChipAuthenticationNeeded { challenge, awaited }) => {
                let told = json!({ "chipChallenge": challenge });
                Ok(Answered::GoesOn(next(platform, answer.interaction, told, &awaited)?))
            }
            Err(NotJudged::Refused(code)) => Err(refused(code).into()),
            Err(NotJudged::Unable(unable)) => Err(unable.into()),
        }
    }
}

fn configured(platform: &Platform) -> Result<&Identity, Refused> {
    platform.identity().ok_or(Refused { code: "factor-not-offered", sentence: "refused-other" })
}

fn next(
    platform: &Platform,
    interaction: &Secret,
    told: serde_json::Value,
    awaited: &Awaited,
) -> Result<Next, Unable> {
    let kept = platform.keep_awaited(interaction.as_str(), awaited)?;
    Ok(Next { told, kept, lifetime: LIFETIME })
}

fn refused(code: &'static str) -> Refused {
    Refused { code, sentence: refused_identity::sentence(code) }
}

/// Whose card it is, and which issuer's.
fn proof(platform: &Platform, verified: &VerifiedIdentity, today: Day) -> Result<Proof, Refused> {
    // a document without a key that its chip could prove may be a copy
    if !verified.chip.is_proven() {
        return Err(refused("chip-proof-missing"));
    }
    let known = verified.document.as_ref().and_then(|document| platform.populations.of_document(document));
    let (issuer, documents) =
        known.ok_or(Refused { code: "document-of-no-issuer", sentence: "refused-issuer" })?;
    if verified.document.as_ref().is_none_or(|document| document.has_expired(today)) {
        return Err(Refused { code: "document-expired", sentence: "refused-document" });
    }
    let number = match verified.claims.get(&Claim::PersonalNumber).map(|claim| &claim.value) {
        Some(Value::Text(number)) => documents.number(number),
        _ => None,
    };
    let number = number.ok_or(Refused { code: "holder-without-number", sentence: "refused-other" })?;
    Ok(Proof {
        person: Person::of_document(&verified.claims, number, &documents.state),
        issuer: issuer.to_owned(),
        certificate: platform.card_levels.get(issuer).copied().unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use bitaqa_protocol::claim::{Closure, DataGroup};

    use super::*;

    #[test]
    fn what_is_asked_brings_the_groups_that_have_names_and_number() {
        let asked = asked().unwrap();
        assert_eq!(asked.purpose.as_str(), crate::identity::SIGN_IN);
        assert_eq!(asked.claims.all().collect::<BTreeSet<_>>(), BTreeSet::from(CLAIMS));
        let groups = Closure::of(CLAIMS).groups;
        assert_eq!(groups.into_iter().collect::<Vec<_>>(), [DataGroup::Dg1, DataGroup::Dg11]);
    }
}
