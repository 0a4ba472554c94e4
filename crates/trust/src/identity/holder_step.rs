//! Did the holder show that the card is theirs?

use bitaqa_card::lds::{self, Dg1, Dg11};
use bitaqa_protocol::identity::{Holder, IdentityAnswer, answer::Document};

use super::{
    binding,
    expected::Expected,
    link::{ChipNumbers, Link, link},
    result::IdentityFailure,
};
use crate::{
    DateTime, TokenVerifier, passive_authentication::GenuineDocument, revocation::NonceSeed,
    token_verification::PendingToken,
};

/// The token of the card, whose nonce says what was agreed to; and whether it is the chip's person's.
pub(super) fn holder(
    tokens: Option<&TokenVerifier>,
    answer: &IdentityAnswer,
    document: &GenuineDocument<'_, '_>,
    expected: &Expected<'_>,
    (at, nonce): (DateTime, Option<NonceSeed>),
) -> Result<Option<(PendingToken, Link)>, IdentityFailure> {
    let token = match (&answer.token, expected.holder()) {
        (None, Holder::None) => return Ok(None),
        (None, Holder::Pin) => return Err(IdentityFailure::HolderMissing),
        // nobody asked whose card it is
        (Some(_), Holder::None) => return Err(IdentityFailure::HolderUnexpected),
        (Some(token), Holder::Pin) => token,
    };
    let is_named = match &answer.document {
        Document::Icao { sod, .. } => answer.consent.sod_hash == Some(binding::sod_hash(&sod.0)),
        Document::HostAsserted { .. } => false,
    };
    if !is_named {
        return Err(IdentityFailure::OtherRequest("the document that the card's signature names"));
    }
    let verifier = tokens.ok_or(IdentityFailure::HolderUnexpected)?;
    let challenge = binding::consent_nonce(expected.challenge(), &answer.request, &answer.consent)
        .map_err(|_| IdentityFailure::OtherRequest("the consent"))?;
    let json = serde_json::to_string(token).map_err(|_| IdentityFailure::HolderMissing)?;
    let verified = verifier
        .hold_pending(&json, &challenge, at, nonce)
        .map_err(|refused| IdentityFailure::Token(refused.failure.clone()))?;
    let dg1 = document.group(lds::DataGroup::DG1).and_then(|content| Dg1::parse(content).ok());
    let Some(dg1) = dg1 else { return Err(IdentityFailure::NotLinked) };
    let dg11 = document.group(lds::DataGroup::DG11).and_then(|content| Dg11::parse(content).ok());
    let person = dg11.and_then(|dg11| dg11.personal_number);
    let chip = ChipNumbers {
        state: dg1.mrz.issuer.trim_end_matches('<'),
        authority: document.country(),
        document: dg1.mrz.number.as_str(),
        person: person.as_ref().map(|number| number.as_str()),
        optional: [dg1.mrz.optional.as_str(), dg1.mrz.optional_2.as_str()],
    };
    match link(&verified.token().certificate, chip) {
        Link::NotLinked => Err(IdentityFailure::NotLinked),
        linked => Ok(Some((verified, linked))),
    }
}
