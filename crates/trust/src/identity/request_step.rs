//! Is this an answer to the verifier's own request, and to no more than the person agreed to?

use bitaqa_protocol::{
    claim::{ClaimSet, Closure, DataGroup},
    identity::{
        IdentityAnswer,
        answer::{AnsweredRequest, Consent, Document},
    },
};

use super::{
    binding,
    claims::Claims,
    expected::{Expected, ExpectedRequest},
    result::{IdentityFailure, Outcome},
    unsigned_answer,
};

/// The answer is to the very request of the verifier's session, in every member that the session knows. The host says in the answer
/// what it was asked, and nobody but the session knows better.
///
/// # Errors
/// `answer-to-another-request`.
pub(super) fn check_request(
    answer: &IdentityAnswer,
    expected: &Expected<'_>,
) -> Result<Outcome, IdentityFailure> {
    let answered = &answer.request;
    let other = if answered.origin != *expected.origin {
        "the origin"
    } else if answered.challenge != *expected.challenge() {
        "the challenge"
    } else if answered.proof != expected.proof() {
        "the proof that was asked for"
    } else if answered.holder != expected.holder() {
        "whether the PIN was asked for"
    } else {
        let ExpectedRequest::Sent(request) = expected.request else { return Ok(Outcome::NotCompared) };
        if answered.statement_hash != binding::statement_hash(&request.statement) {
            "the statement"
        } else if answered.purpose != request.purpose {
            "the purpose"
        } else if answered.claims != request.claims {
            "what was asked for"
        } else {
            return Ok(Outcome::Passed);
        }
    };
    Err(IdentityFailure::OtherRequest(other))
}

/// Nothing was sent beyond what was agreed to, and the record says all that the groups disclose.
pub(super) fn check_consent(answer: &IdentityAnswer) -> Result<(), IdentityFailure> {
    let IdentityAnswer { consent: Consent { groups, claims, .. }, request, document, .. } = answer;
    let files = match document {
        Document::Icao { groups: files, .. } => files,
        Document::HostAsserted { claims: values } => {
            unsigned_answer::check_consent(values, &answer.consent, request)?;
            return check_groups(groups, request);
        }
    };
    let of_the_chip = |number: u8| matches!(number, 14 | 15);
    let agreed = |number: u8| groups.iter().any(|group| group.number() == number);
    let mut numbers = files.keys().map(|group| group.number());
    if let Some(group) = numbers.find(|number| !of_the_chip(*number) && !agreed(*number)) {
        return Err(IdentityFailure::BeyondConsent { group });
    }
    let asked = request.claims.all().filter(|claim| groups.contains(&claim.group()));
    let disclosed = ClaimSet::new(Closure::of(asked).claims).ok();
    if disclosed.as_ref() != Some(claims) {
        return Err(IdentityFailure::ConsentIncomplete);
    }
    check_groups(groups, request)
}

/// Every group was asked for, and every group that is required was given.
fn check_groups(groups: &[DataGroup], request: &AnsweredRequest) -> Result<(), IdentityFailure> {
    let required = request.claims.required().iter().find(|claim| !groups.contains(&claim.group()));
    if let Some(claim) = required {
        return Err(IdentityFailure::ClaimMissing(claim));
    }
    let unasked = |group: &&DataGroup| !request.claims.all().any(|claim| claim.group() == **group);
    match groups.iter().find(unasked) {
        Some(group) => Err(IdentityFailure::BeyondConsent { group: group.number() }),
        None => Ok(()),
    }
}

/// What the portal requires is there: a host that was changed could leave out what speaks against its holder.
///
/// # Errors
/// `claim-missing`.
pub(super) fn check_required(request: &AnsweredRequest, claims: &Claims) -> Result<(), IdentityFailure> {
    let mut required = request.claims.required().iter();
    match required.find(|claim| !claims.contains_key(claim) && !claim.may_be_none()) {
        Some(claim) => Err(IdentityFailure::ClaimMissing(claim)),
        None => Ok(()),
    }
}
