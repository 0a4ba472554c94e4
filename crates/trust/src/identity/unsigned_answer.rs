//! The verdict on an answer from a card that signs nothing: only a portal that asked for unsigned data gets them, typed so.

use bitaqa_protocol::{
    claim::DataGroup,
    identity::{
        AssertedClaims, Holder, IdentityAnswer, ProofWanted,
        answer::{AnsweredRequest, Consent},
    },
};

use super::{
    expected::Expected,
    request_step::check_required,
    result::{Check, Chip, IdentityFailure, Outcome, Step, VerifiedIdentity},
    status::DocumentStatus,
    unsigned,
};
use crate::{Assurance, DateTime, Level};

/// Nothing was sent beyond what was agreed to, nor agreed to beyond what was asked for.
pub(super) fn check_consent(
    values: &AssertedClaims,
    consent: &Consent,
    request: &AnsweredRequest,
) -> Result<(), IdentityFailure> {
    let agreed = |group: &DataGroup| consent.groups.contains(group);
    if let Some(claim) = values.keys().find(|claim| !consent.claims.contains(**claim)) {
        return Err(IdentityFailure::BeyondConsent { group: claim.group().number() });
    }
    let asked = request.claims.all().filter(|claim| agreed(&claim.group()));
    // the card does not know every claim, so there may be fewer
    let disclosed = unsigned::disclosed(asked);
    match consent.claims.iter().find(|claim| !disclosed.contains(claim)) {
        Some(claim) => Err(IdentityFailure::BeyondConsent { group: claim.group().number() }),
        None => Ok(()),
    }
}

/// The verdict.
///
/// # Errors
/// [`IdentityFailure`]: the portal asked for more than such a card can give.
pub(super) fn judged(
    answer: IdentityAnswer,
    values: &AssertedClaims,
    expected: &Expected<'_>,
    assurance: Assurance,
    at: DateTime,
    checks: &mut Vec<Check>,
) -> Result<VerifiedIdentity, IdentityFailure> {
    // who takes copies still wants what a country signed: of values alone nobody knows that any card was there
    if expected.proof() != ProofWanted::Unsigned {
        return Err(IdentityFailure::Unauthenticated);
    }
    let asked = answer.request.claims.all().filter(|claim| answer.consent.claims.contains(*claim));
    let claims = unsigned::claims_of(values, asked, at.into())?;
    check_required(&answer.request, &claims)?;
    for step in [Step::Document, Step::Chip] {
        checks.push(Check { step, outcome: Outcome::NotChecked });
    }
    // such cards have no certificate that a token could come with
    if expected.holder() == Holder::Pin {
        return Err(IdentityFailure::HolderMissing);
    }
    checks.push(Check { step: Step::Holder, outcome: Outcome::NotChecked });
    Ok(VerifiedIdentity {
        claims,
        level: Level::None,
        assurance,
        holder_verification: None,
        token: None,
        link: None,
        chip: Chip::Unsigned,
        status: DocumentStatus::NotChecked,
        signer: None,
        document: None,
        numbers: None,
        fingerprint: None,
        request: answer.request,
        consent: answer.consent,
        host_asserted: answer.host_asserted,
        checks: Vec::new(),
    })
}
