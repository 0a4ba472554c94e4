//! Answers and the request of the portal's session: an answer to anything else is refused, and who does not say what was asked is told
//! that nobody compared it.

use bitaqa_protocol::{
    PurposeId,
    claim::{Claim, DataGroup, RequestedClaims},
    identity::{Holder, IdentityAnswer, IdentityRequest, ProofWanted, StatementText},
};
use bitaqa_trust::{
    Assurance,
    identity::{
        Expected, ExpectedRequest, FirstStep, IdentityFailure, IdentityVerifier, RefusedIdentity,
        binding::statement_hash,
        result::{Outcome, Step},
    },
};
use bitaqa_virtual_card::{CardSpec, spec::Hypothesis};

use crate::{
    country::now,
    identity_answers::{ASKED, Host, TEXT, card, challenge, claims, expected, failure, key, origin, verify},
    software_cards::{drawn, store_of},
};

type Change = fn(&mut IdentityRequest);
type Lie = fn(&mut IdentityAnswer);

/// What another portal, another page or another time would have asked.
const OTHERS: [(&str, Change); 9] = [
    ("the statement", |request| request.statement = StatementText::parse("e30.e30.BBBB").unwrap()),
    ("the purpose", |request| request.purpose = PurposeId::parse("other").unwrap()),
    ("what was asked for", |request| request.claims = asked_for(&ASKED[1..], &["photo"])),
    ("what was asked for", |request| request.claims = asked_for(&ASKED, &[])),
    ("what was asked for", |request| request.claims = asked_for(&ASKED, &["photo", "gender"])),
    ("what was asked for", |request| {
        request.claims = asked_for(&[&ASKED[..], &["document_number"]].concat(), &["photo"]);
    }),
    // what was optional is required
    ("what was asked for", |request| {
        request.claims = asked_for(&[&ASKED[..], &["photo"]].concat(), &[]);
    }),
    ("the proof that was asked for", |request| request.proof = ProofWanted::DataOnly),
    ("whether the PIN was asked for", |request| request.holder = Holder::Pin),
];

fn asked_for(required: &[&str], optional: &[&str]) -> RequestedClaims {
    RequestedClaims::new(claims(required), claims(optional)).unwrap()
}

fn honest() -> Host {
    Host::asked(&card(), &ASKED, &["photo"], ProofWanted::Chip)
}

fn outcome(checks: &[bitaqa_trust::identity::result::Check]) -> Outcome {
    checks.iter().find(|check| check.step == Step::Request).unwrap().outcome
}

fn refused_for(what: &'static str, refused: &RefusedIdentity) {
    assert_eq!(refused.failure, IdentityFailure::OtherRequest(what));
    assert_eq!(outcome(&refused.checks), Outcome::Failed, "{what}");
    assert!(refused.checks[3..].iter().all(|check| check.outcome == Outcome::NotReached), "{what}");
}

#[test]
fn an_answer_to_the_request_of_the_session_passes_the_step_request() {
    let verified = verify(&honest(), &card()).unwrap();
    assert_eq!(outcome(&verified.checks), Outcome::Passed);
    let json = serde_json::to_value(&verified).unwrap();
    assert_eq!(json["checks"][2], serde_json::json!({ "step": "request", "outcome": "passed" }));
}

#[test]
fn a_session_that_asked_anything_else_refuses_the_answer() {
    for (what, change) in OTHERS {
        let mut host = honest();
        change(&mut host.request);
        refused_for(what, &verify(&host, &card()).unwrap_err());
    }
    // another challenge is seen before anything is decrypted
    let mut host = honest();
    host.request.challenge = bitaqa_protocol::Challenge::parse(&TEXT.replace("MDEy", "MDEz")).unwrap();
    assert_eq!(failure(&host, &card()), ("answer-to-another-request", Step::Encryption));
}

/// A host that was changed, or a page that gave it another request than the server made.
#[test]
fn an_answer_that_says_that_it_was_asked_anything_else_is_refused() {
    let changes: [(&str, Lie); 6] = [
        ("the statement", |answer| {
            answer.request.statement_hash = statement_hash(&StatementText::parse("e30.e30.BBBB").unwrap());
        }),
        ("the statement", |answer| answer.request.statement_hash.clear()),
        ("the purpose", |answer| answer.request.purpose = PurposeId::parse("other").unwrap()),
        // who leaves a claim out of what is required need not send it
        ("what was asked for", |answer| answer.request.claims = asked_for(&ASKED[1..], &["photo"])),
        ("what was asked for", |answer| answer.request.claims = asked_for(&ASKED, &["photo", "gender"])),
        ("what was asked for", |answer| {
            answer.request.claims = asked_for(&ASKED[1..], &["photo", ASKED[0]]);
        }),
    ];
    for (what, change) in changes {
        refused_for(what, &verify(&honest().with(change), &card()).unwrap_err());
    }
}

#[test]
fn a_required_claim_cannot_be_left_out_by_saying_that_it_was_optional() {
    let without = |answer: &mut IdentityAnswer| {
        Host::files(answer).retain(|group, _| group.number() != 2);
        answer.consent.groups.retain(|group| *group != DataGroup::Dg2);
        let given = RequestedClaims::closure(&asked_for(&ASKED, &[])).claims;
        answer.consent.claims = bitaqa_protocol::claim::ClaimSet::new(given).unwrap();
    };
    let required = [&ASKED[..], &["photo"]].concat();
    let host = Host::asked(&card(), &required, &[], ProofWanted::Chip).with(without);
    let refused = verify(&host, &card()).unwrap_err();
    assert_eq!(refused.failure, IdentityFailure::ClaimMissing(Claim::Photo));
    let lying = host.with(|answer| answer.request.claims = asked_for(&ASKED, &["photo"]));
    refused_for("what was asked for", &verify(&lying, &card()).unwrap_err());
    // nobody notices who did not say what was asked, and the report says that nobody looked
    let (keys, store) = ([key("2026-01")], store_of(&card()));
    let verifier = IdentityVerifier::new(&keys, &store, Assurance::Test);
    let less = (origin(), challenge());
    let less = expected(&less.0, &less.1, ProofWanted::Chip);
    let verified = verifier.verify(&lying.sealed(), &less, None, now()).unwrap();
    assert_eq!(outcome(&verified.checks), Outcome::NotCompared);
    let json = serde_json::to_value(&verified).unwrap();
    assert_eq!(json["checks"][2], serde_json::json!({ "step": "request", "outcome": "not-compared" }));
}

/// Before a chip answers the server's key, it is known what it answers for.
#[test]
fn the_first_of_two_steps_compares_already_and_the_second_does_again() {
    let spec = CardSpec::cnie_2(Hypothesis::IasEccCam, 1);
    let host = Host::asked(&spec, &ASKED, &[], ProofWanted::ChipAuthentication);
    let (keys, store, origin) = ([key("2026-01")], store_of(&spec), origin());
    let verifier = IdentityVerifier::new(&keys, &store, Assurance::Test);
    let sent = |request| Expected { origin: &origin, request: ExpectedRequest::Sent(request) };
    let sealed = host.sealed();
    let first = verifier.begin(&sealed, &sent(&host.request), &mut drawn(), now()).unwrap();
    let FirstStep::ChipAuthenticationNeeded(needed) = first else { panic!("verified without a proof") };
    assert_eq!(outcome(&needed.checks), Outcome::Passed);
    let other = IdentityRequest { purpose: PurposeId::parse("other").unwrap(), ..host.request.clone() };
    let refused = verifier.begin(&sealed, &sent(&other), &mut drawn(), now()).unwrap_err();
    refused_for("the purpose", &refused);
    let chip = bitaqa_protocol::identity::ChipAnswer::new(vec![0x69, 0x88]).unwrap();
    let refused = verifier.complete(&sealed, &sent(&other), needed.state, &chip, now()).unwrap_err();
    refused_for("the purpose", &refused);
}
