//! Identity answers that hold, before others were asked about them.

use bitaqa_protocol::identity::ProofWanted;
use bitaqa_trust::{
    Assurance,
    identity::{
        DocumentStatus, Expected, ExpectedRequest, IdentityFailure, IdentityVerifier, PendingIdentity,
        PendingStep, RefusedIdentity,
        result::{Outcome, Step},
        status::WithdrawalReason,
    },
    revocation::{Evidence, EvidenceRules, OnMissingEvidence},
};
use bitaqa_virtual_card::{CardSpec, spec::Personality};

use crate::{
    country::now,
    identity_answers::{ASKED, Host, key, origin},
    software_cards::{drawn, store_of},
};

/// An answer that holds, to the request of the session.
fn session() -> PendingIdentity {
    let spec = CardSpec::new(Personality::Bahrain2025);
    let host = Host::asked(&spec, &ASKED, &["photo"], ProofWanted::Chip);
    let (keys, store) = ([key("2026-01")], store_of(&spec));
    let verifier = IdentityVerifier::new(&keys, &store, Assurance::Test);
    let expected = Expected { origin: &origin(), request: ExpectedRequest::Sent(&host.request) };
    let step = verifier.begin_pending(&host.sealed(), &expected, &mut drawn(), (now(), None)).unwrap();
    let PendingStep::Held(pending) = step else { panic!("the chip signed") };
    *pending
}

fn failed(refused: Result<PendingIdentity, Box<RefusedIdentity>>) -> (IdentityFailure, Step) {
    let refused = refused.unwrap_err();
    assert_eq!(refused.checks.len(), Step::ALL.len());
    let failed = refused.checks.iter().find(|check| check.outcome == Outcome::Failed).unwrap();
    (refused.failure.clone(), failed.step)
}

#[test]
fn what_others_know_is_in_the_result() {
    let pending = session();
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
