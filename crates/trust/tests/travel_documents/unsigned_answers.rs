//! Answers about cards that sign nothing: a portal gets them only if it asked for unsigned data, and typed as what they are.

use bitaqa_protocol::{
    claim::{Claim, ClaimSet, DataGroup},
    identity::{
        AssertedClaims, AssertedValue, Holder, IdentityAnswer, IdentityRequest, ProofWanted,
        answer::{Access, Bytes, ChipProofs, Document},
        asserted::{AssertedImage, AssertedText},
    },
};
use bitaqa_trust::{
    Assurance, Level,
    identity::{
        Expected, ExpectedRequest, IdentityVerifier, RefusedIdentity, VerifiedIdentity,
        claims::{Provenance, Value},
        result::{Chip, Outcome, Step},
    },
};
use bitaqa_virtual_card::{CardSpec, spec::Hypothesis};

use crate::{
    country::now,
    identity_answers::{Host, claims, key, origin},
    software_cards::store_of,
};

type Change = fn(&mut IdentityAnswer);

const GIVEN: [&str; 4] = ["given_name", "birthdate", "age_over_18", "photo"];

fn text(text: &str) -> AssertedValue {
    AssertedValue::Text(AssertedText::new(text.to_owned()).unwrap())
}

fn image(bytes: &[u8]) -> AssertedValue {
    AssertedValue::Image(AssertedImage { data: Bytes(bytes.to_vec()) })
}

/// What a host says of a card that signs nothing: as one that read a chip says it, but for the document.
fn host(proof: ProofWanted) -> Host {
    let spec = CardSpec::cnie_2(Hypothesis::IcaoOnly, 1);
    Host::asked(&spec, &GIVEN, &["nationalities", "address"], proof).with(|answer| {
        answer.consent.sod_hash = None;
        answer.consent.groups = vec![DataGroup::Dg1, DataGroup::Dg2];
        answer.consent.claims = claims(&GIVEN);
        answer.document = Document::HostAsserted {
            claims: AssertedClaims::from([
                (Claim::GivenName, text("AMINA ALI")),
                (Claim::Birthdate, text("1990-01-02")),
                (Claim::Photo, image(&[0xFF, 0xD8, 0xFF, 0xD9])),
            ]),
        };
        answer.proofs = ChipProofs::default();
        answer.host_asserted.access = Access::Free;
    })
}

fn verify(host: &Host, proof: ProofWanted) -> Result<VerifiedIdentity, Box<RefusedIdentity>> {
    verify_held(host, proof, Holder::None)
}

fn verify_held(
    host: &Host,
    proof: ProofWanted,
    holder: Holder,
) -> Result<VerifiedIdentity, Box<RefusedIdentity>> {
    let request = IdentityRequest { proof, holder, ..host.request.clone() };
    let origin = origin();
    let (keys, store) = ([key("2026-01")], store_of(&CardSpec::cnie_2(Hypothesis::IcaoOnly, 1)));
    let expected = Expected { origin: &origin, request: ExpectedRequest::Sent(&request) };
    IdentityVerifier::new(&keys, &store, Assurance::Test).verify(&host.sealed(), &expected, None, now())
}

fn values(answer: &mut IdentityAnswer) -> &mut AssertedClaims {
    match &mut answer.document {
        Document::HostAsserted { claims } => claims,
        Document::Icao { .. } => unreachable!("made of values"),
    }
}

#[test]
fn who_asked_for_unsigned_data_gets_values_without_authenticity() {
    let verified = verify(&host(ProofWanted::Unsigned), ProofWanted::Unsigned).unwrap();
    assert_eq!((verified.chip, verified.level), (Chip::Unsigned, Level::None));
    assert_eq!((verified.fingerprint, verified.signer.is_none()), (None, true));
    assert!(verified.claims.values().all(|claim| claim.provenance == Provenance::Unauthenticated));
    assert_eq!(verified.claims[&Claim::parse("age_over_18").unwrap()].value, Value::Flag(true));
    assert!(matches!(verified.claims[&Claim::Photo].value, Value::Image { media_type: "image/jpeg", .. }));
    assert_eq!(verified.claims.len(), GIVEN.len());
    for check in &verified.checks {
        let is_looked_at =
            matches!(check.step, Step::Encryption | Step::Content | Step::Request | Step::Consent);
        let outcome = if is_looked_at { Outcome::Passed } else { Outcome::NotChecked };
        assert_eq!(check.outcome, outcome, "{:?}", check.step);
    }
    assert_eq!(verified.checks.len(), Step::ALL.len());
}

/// A host that was patched says that any card is one of these, or that there was one.
#[test]
fn who_asked_for_anything_that_is_signed_gets_nothing() {
    for proof in [ProofWanted::Chip, ProofWanted::ChipAuthentication, ProofWanted::DataOnly] {
        let refused = verify(&host(proof), proof).unwrap_err();
        assert_eq!(refused.failure.code(), "document-unauthenticated", "{proof:?}");
        // and an answer to less than was asked for is another answer
        let refused = verify(&host(ProofWanted::Unsigned), proof).unwrap_err();
        assert_eq!(refused.failure.code(), "answer-to-another-request");
    }
}

#[test]
fn who_asked_for_the_pin_gets_nothing() {
    let host = host(ProofWanted::Unsigned).with(|answer| answer.request.holder = Holder::Pin);
    let refused = verify_held(&host, ProofWanted::Unsigned, Holder::Pin).unwrap_err();
    assert_eq!(refused.failure.code(), "holder-verification-missing");
}

#[test]
fn what_was_not_agreed_to_or_not_asked_for_is_refused() {
    let changes: [Change; 4] = [
        |answer| {
            values(answer).insert(Claim::Gender, text("female"));
        },
        |answer| {
            answer.consent.claims = claims(&["given_name", "birthdate", "age_over_18", "photo", "gender"]);
        },
        |answer| answer.consent.claims = ClaimSet::default(),
        |answer| answer.consent.groups.push(DataGroup::Dg7),
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let refused = verify(&host(ProofWanted::Unsigned).with(change), ProofWanted::Unsigned).unwrap_err();
        assert_eq!(refused.failure.code(), "beyond-consent", "case {number}");
    }
}

#[test]
fn values_that_their_claims_cannot_have_are_refused() {
    for (claim, value) in [
        (Claim::Birthdate, text("2 January 1990")),
        (Claim::Birthdate, text("1990-13-01")),
        (Claim::Photo, text("a photo")),
        (Claim::Photo, image(b"GIF89a")),
        (Claim::GivenName, image(&[0xFF, 0xD8, 0xFF])),
    ] {
        let host = host(ProofWanted::Unsigned).with(|answer| {
            values(answer).insert(claim, value);
        });
        let refused = verify(&host, ProofWanted::Unsigned).unwrap_err();
        assert_eq!(refused.failure.code(), "document-unreadable", "{claim}");
    }
}
