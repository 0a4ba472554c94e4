//! Identity answers that hold, before others were asked about them.

use bitaqa_protocol::{
    PurposeId,
    claim::{ClaimSet, RequestedClaims},
    identity::{IdentityRequest, ProofWanted, StatementText},
};
use bitaqa_trust::{
    Assurance,
    identity::{
        DocumentStatus, IdentityFailure, IdentityVerifier, PendingIdentity, PendingStep, RefusedIdentity,
        binding::statement_hash,
        result::{Outcome, Step},
        status::WithdrawalReason,
    },
    revocation::{Evidence, EvidenceRules, OnMissingEvidence},
};
use bitaqa_virtual_card::{CardSpec, spec::Personality};

use crate::{
    country::now,
    identity_answers::{ASKED, Host, challenge, expected, key, origin},
    software_cards::{drawn, store_of},
};

const STATEMENT: &str = "e30.e30.AAAA";

/// The request of the session, and an answer to it that holds.
fn session() -> (IdentityRequest, PendingIdentity) {
    let spec = CardSpec::new(Personality::Bahrain2025);
    let statement = StatementText::parse(STATEMENT).unwrap();
    let host = Host::asked(&spec, &ASKED, &["photo"], ProofWanted::Chip)
        .with(|answer| answer.request.statement_hash = statement_hash(&statement));
    let (keys, store) = ([key("2026-01")], store_of(&spec));
    let verifier = IdentityVerifier::new(&keys, &store, Assurance::Test);
    let (origin, challenge) = (origin(), challenge());
    let expected = expected(&origin, &challenge, ProofWanted::Chip);
    let step = verifier.begin_pending(&host.sealed(), &expected, &mut drawn(), (now(), None)).unwrap();
    let PendingStep::Held(pending) = step else { panic!("the chip signed") };
    let request = IdentityRequest {
        challenge,
        statement,
        purpose: host.answer.request.purpose.clone(),
        claims: host.answer.request.claims.clone(),
        holder: host.answer.request.holder,
        proof: host.answer.request.proof,
    };
    (request, *pending)
}

fn failed(refused: Result<PendingIdentity, Box<RefusedIdentity>>) -> (IdentityFailure, Step) {
    let refused = refused.unwrap_err();
    assert_eq!(refused.checks.len(), Step::ALL.len());
    let failed = refused.checks.iter().find(|check| check.outcome == Outcome::Failed).unwrap();
    (refused.failure.clone(), failed.step)
}

#[test]
fn an_answer_is_compared_with_the_whole_request_of_the_session() {
    let (request, pending) = session();
    assert!(pending.clone().to_request(&request).is_ok());
    let required = ClaimSet::new(request.claims.required().iter()).unwrap();
    let claims = RequestedClaims::new(required, ClaimSet::default()).unwrap();
    for (other, what) in [
        (
            IdentityRequest { statement: StatementText::parse("e30.e30.BBBB").unwrap(), ..request.clone() },
            "the statement",
        ),
        (IdentityRequest { purpose: PurposeId::parse("other").unwrap(), ..request.clone() }, "the purpose"),
        (IdentityRequest { claims, ..request.clone() }, "what was asked for"),
        (IdentityRequest { proof: ProofWanted::DataOnly, ..request.clone() }, "the demanded proof"),
    ] {
        let (failure, step) = failed(pending.clone().to_request(&other));
        assert_eq!((failure, step), (IdentityFailure::OtherRequest(what), Step::Request));
    }
}

#[test]
fn what_others_know_is_in_the_result() {
    let (_, pending) = session();
    assert!(pending.needs().is_empty(), "without a token nobody is asked about certificates");
    let nothing = (Evidence::new(), EvidenceRules::default());
    let pending = pending.with_revocation(&nothing.0, &nothing.1, OnMissingEvidence::Refuse).unwrap();
    let last = |pending: PendingIdentity| {
        let verified = pending.finish();
        (verified.status, *verified.checks.last().unwrap())
    };
    let (status, check) = last(pending.clone());
    assert_eq!(
        (status, check.step, check.outcome),
        (DocumentStatus::NotChecked, Step::Status, Outcome::NotChecked)
    );
    let (status, check) = last(pending.clone().with_status(DocumentStatus::InUse).unwrap());
    assert_eq!((status, check.step, check.outcome), (DocumentStatus::InUse, Step::Status, Outcome::Passed));
    let reason = WithdrawalReason::Suspended;
    let (failure, step) = failed(pending.with_status(DocumentStatus::Withdrawn { reason }));
    assert_eq!((failure, step), (IdentityFailure::Withdrawn { reason }, Step::Status));
}
