//! Identity answers of chips that prove themselves by a key of the portal's server, in two steps.

use bitaqa_card::{
    CardError,
    channel::Channel,
    chip_authentication::ChipKey,
    lds::{DataGroup, Dg14},
    security_infos::SecurityInfos,
};
use bitaqa_protocol::{
    Challenge, Origin,
    identity::{ChipAnswer, ChipChallenge, ProofWanted},
};
use bitaqa_trust::{
    Assurance, DateTime, Level,
    chip_proof::ChipAuthenticationBinding,
    identity::{
        ChipAuthenticationNeeded, ChipState, DocumentStatus, Expected, ExpectedRequest, FirstStep,
        IdentityVerifier, RefusedIdentity, StatusSource, VerifiedIdentity,
        result::{Chip, Outcome, Step},
    },
};
use bitaqa_virtual_card::{
    CardSpec,
    icao::order::{DocumentOrder, FaultOrder},
    spec::{Hypothesis, Personality},
};

use crate::{
    country::now,
    identity_answers::{ASKED, Host, TEXT, challenge, expected, key, origin},
    software_cards::{Dump, Reader, drawn, store_of},
};

/// Makes whose chips prove themselves by chip authentication alone.
fn makes() -> [CardSpec; 2] {
    [CardSpec::cnie_2(Hypothesis::IasEccCam, 1), CardSpec::cnie_2(Hypothesis::Pkcs15Gm, 2)]
}

fn begin(host: &Host, spec: &CardSpec, random: &mut impl FnMut(&mut [u8])) -> FirstStep {
    let (keys, store) = ([key("2026-01")], store_of(spec));
    let verifier = IdentityVerifier::new(&keys, &store, Assurance::Test);
    let origin = origin();
    let expected = Expected { origin: &origin, request: ExpectedRequest::Sent(&host.request) };
    verifier.begin(&host.sealed(), &expected, random, now()).unwrap()
}

fn needed(host: &Host, spec: &CardSpec) -> ChipAuthenticationNeeded {
    needed_with(host, spec, &mut drawn())
}

fn needed_with(host: &Host, spec: &CardSpec, random: &mut impl FnMut(&mut [u8])) -> ChipAuthenticationNeeded {
    match begin(host, spec, random) {
        FirstStep::ChipAuthenticationNeeded(needed) => needed,
        FirstStep::Verified(verified) => panic!("{:?} without a proof", verified.chip),
    }
}

fn complete(
    host: &Host,
    spec: &CardSpec,
    state: ChipState,
    chip: &ChipAnswer,
    at: DateTime,
) -> Result<VerifiedIdentity, Box<RefusedIdentity>> {
    let (keys, store) = ([key("2026-01")], store_of(spec));
    let verifier = IdentityVerifier::new(&keys, &store, Assurance::Test);
    let origin = origin();
    let expected = Expected { origin: &origin, request: ExpectedRequest::Sent(&host.request) };
    verifier.complete(&host.sealed(), &expected, state, chip, at)
}

/// What a host does with the challenge.
fn relayed(channel: &mut Channel<'_>, dump: &Dump, challenge: &ChipChallenge) -> ChipAnswer {
    ChipAnswer::new(try_to_relay(channel, dump, challenge).unwrap()).unwrap()
}

fn try_to_relay(
    channel: &mut Channel<'_>,
    dump: &Dump,
    challenge: &ChipChallenge,
) -> Result<Vec<u8>, CardError> {
    relay_in(&binding(&origin(), &crate::identity_answers::challenge(), "2026-01"), channel, dump, challenge)
}

/// What ties a host's second call to its request.
fn binding(origin: &Origin, challenge: &Challenge, recipient: &str) -> ChipAuthenticationBinding {
    ChipAuthenticationBinding::of(origin, challenge, key(recipient).public().thumbprint().as_bytes())
}

/// What a host does with it in a request of this kind.
fn relay_in(
    binding: &ChipAuthenticationBinding,
    channel: &mut Channel<'_>,
    dump: &Dump,
    challenge: &ChipChallenge,
) -> Result<Vec<u8>, CardError> {
    let dg14 = &dump.groups.iter().find(|(group, _)| *group == DataGroup::DG14).unwrap().1;
    let infos = SecurityInfos::parse("DG14", &Dg14::parse(dg14).unwrap().security_infos).unwrap();
    let chip = ChipKey::best(&infos).unwrap().unwrap();
    let relayed = binding.relayed(&chip, challenge.public_key(), challenge.protected_read()).unwrap();
    relayed.run(channel)
}

fn code(refused: Result<VerifiedIdentity, Box<RefusedIdentity>>) -> &'static str {
    refused.unwrap_err().failure.code()
}

/// The state as the server finds it in its session.
fn kept(state: &ChipState) -> ChipState {
    ChipState::parse(&state.to_text()).unwrap()
}

#[test]
fn the_chip_answers_the_servers_key_in_a_second_step() {
    for spec in makes() {
        let mut reader = Reader::holding(&spec);
        let (mut channel, dump) = reader.dump(&spec);
        let host = Host::made(&mut channel, dump, (&ASKED, &[]), ProofWanted::ChipAuthentication);
        let needed = needed(&host, &spec);
        let open = [Outcome::NotChecked, Outcome::NotChecked, Outcome::NotReached];
        assert_eq!(needed.checks.len(), Step::ALL.len());
        assert!(needed.checks[..5].iter().all(|check| check.outcome == Outcome::Passed));
        assert_eq!(needed.checks[5..].iter().map(|check| check.outcome).collect::<Vec<_>>(), open);
        let text = needed.challenge.to_string();
        let chip = relayed(&mut channel, &host.dump, &ChipChallenge::parse(&text).unwrap());
        let verified = complete(&host, &spec, kept(&needed.state), &chip, now()).unwrap();
        assert_eq!((verified.chip, verified.level), (Chip::ChipAuthentication, Level::Low));
        assert!(verified.checks.iter().take(6).all(|check| check.outcome == Outcome::Passed));
    }
}

#[test]
fn an_answer_that_is_not_the_chips_to_this_key_is_refused() {
    let spec = &makes()[0];
    let mut reader = Reader::holding(spec);
    let (mut channel, dump) = reader.dump(spec);
    let host = Host::made(&mut channel, dump, (&ASKED, &[]), ProofWanted::ChipAuthentication);
    let first = needed(&host, spec);
    let chip = relayed(&mut channel, &host.dump, &first.challenge);
    // each bit of the answer
    for index in 0..chip.as_bytes().len() {
        let mut changed = chip.as_bytes().to_vec();
        changed[index] ^= 1 << (index % 8);
        let changed = ChipAnswer::new(changed).unwrap();
        assert_eq!(code(complete(&host, spec, kept(&first.state), &changed, now())), "chip-proof-invalid");
    }
    // replayed where the server has made another key
    let mut random = drawn();
    random(&mut [0; 7]);
    let second = needed_with(&host, spec, &mut random);
    assert_ne!(second.challenge, first.challenge);
    assert_eq!(code(complete(&host, spec, second.state, &chip, now())), "chip-proof-invalid");
    // long after
    let late =
        DateTime::from_unix_duration(now().unix_duration() + std::time::Duration::from_secs(121)).unwrap();
    assert_eq!(code(complete(&host, spec, kept(&first.state), &chip, late)), "chip-proof-late");
    // and right nevertheless
    complete(&host, spec, first.state, &chip, now()).unwrap();
}

/// A page of another portal has the challenge of this one passed on to the chip, in a request that its holder agreed to there.
#[test]
fn a_challenge_that_is_passed_on_in_another_request_opens_nothing() {
    let other_origin = Origin::parse("https://other.example.ma").unwrap();
    let other_challenge = Challenge::parse("b3RoZXIgY2hhbGxlbmdlIG9mIHRoaXJ0eS10d28gYnk=").unwrap();
    for spec in makes() {
        for other in [
            binding(&other_origin, &challenge(), "2026-01"),
            binding(&origin(), &other_challenge, "2026-01"),
            binding(&origin(), &challenge(), "older"),
        ] {
            let mut reader = Reader::holding(&spec);
            let (mut channel, dump) = reader.dump(&spec);
            let host = Host::made(&mut channel, dump, (&ASKED, &[]), ProofWanted::ChipAuthentication);
            let needed = needed(&host, &spec);
            // the chip has other keys than the command was made under
            let refused = relay_in(&other, &mut channel, &host.dump, &needed.challenge).unwrap_err();
            assert!(matches!(refused, CardError::Misbehaved(_)), "{refused:?}");
        }
    }
}

#[test]
fn a_state_is_for_one_answer() {
    let spec = &makes()[0];
    let made = |spec: &CardSpec| {
        let mut reader = Reader::holding(spec);
        let (mut channel, dump) = reader.dump(spec);
        let host = Host::made(&mut channel, dump, (&ASKED, &[]), ProofWanted::ChipAuthentication);
        let needed = needed(&host, spec);
        let chip = relayed(&mut channel, &host.dump, &needed.challenge);
        (host, needed.state, chip)
    };
    let (host, state, chip) = made(spec);
    // another person's card, whose chip proved itself
    let another = CardSpec::cnie_2(Hypothesis::IasEccCam, 5);
    let (other, other_state, other_chip) = made(&another);
    let swapped = complete(&other, &another, kept(&state), &chip, now());
    assert_eq!(code(swapped), "answer-to-another-request");
    assert_eq!(code(complete(&host, spec, kept(&state), &other_chip, now())), "chip-proof-invalid");
    assert_eq!(code(complete(&other, &another, other_state, &chip, now())), "chip-proof-invalid");
    complete(&host, spec, state, &chip, now()).unwrap();
}

#[test]
fn a_copy_with_the_right_dg14_and_without_its_key_is_refused() {
    for spec in makes() {
        let faults = FaultOrder { copied: true, ..FaultOrder::default() };
        let order = DocumentOrder { faults, ..spec.document.clone().unwrap_or_default() };
        let copy = CardSpec { document: Some(order), ..spec };
        let mut reader = Reader::holding(&copy);
        let (mut channel, dump) = reader.dump(&copy);
        let host = Host::made(&mut channel, dump, (&ASKED, &[]), ProofWanted::ChipAuthentication);
        let needed = needed(&host, &copy);
        // it does not even understand the command
        assert!(try_to_relay(&mut channel, &host.dump, &needed.challenge).is_err());
        let refusal = ChipAnswer::new(vec![0x69, 0x88]).unwrap();
        assert_eq!(code(complete(&host, &copy, needed.state, &refusal, now())), "chip-proof-invalid");
    }
}

#[test]
fn a_host_with_every_file_and_no_chip_gets_no_further_than_the_challenge() {
    for spec in makes() {
        let mut reader = Reader::holding(&spec);
        let (mut channel, dump) = reader.dump(&spec);
        let host = Host::made(&mut channel, dump, (&ASKED, &[]), ProofWanted::ChipAuthentication)
            .with(|answer| answer.host_asserted.chip_authentication = Some(true));
        let needed = needed(&host, &spec);
        // the command itself, sent back, and whatever else it can think of
        for forged in [needed.challenge.protected_read(), &[0x90, 0x00], &[7; 35]] {
            let forged = ChipAnswer::new(forged.to_vec()).unwrap();
            let state = kept(&needed.state);
            assert_eq!(code(complete(&host, &spec, state, &forged, now())), "chip-proof-invalid");
        }
        // where DG14 is hidden there is no key to make a challenge for
        let hidden = host.with(|answer| Host::files(answer).retain(|group, _| group.number() < 14));
        let (keys, store) = ([key("2026-01")], store_of(&spec));
        let verifier = IdentityVerifier::new(&keys, &store, Assurance::Test);
        let (origin, challenge) = (origin(), challenge());
        let expected = expected(&origin, &challenge, ProofWanted::ChipAuthentication);
        let refused = verifier.begin(&hidden.sealed(), &expected, &mut drawn(), now()).unwrap_err();
        assert_eq!(refused.failure.code(), "chip-proof-missing");
    }
}

#[test]
fn there_is_no_second_step_where_none_is_needed_or_none_was_asked_for() {
    let spec = CardSpec::new(Personality::Bahrain2025);
    let host = Host::asked(&spec, &ASKED, &[], ProofWanted::ChipAuthentication);
    let FirstStep::Verified(verified) = begin(&host, &spec, &mut drawn()) else { panic!("not verified") };
    assert_eq!(verified.chip, Chip::ActiveAuthentication);
    // a host that holds the signatures of such a chip back has to ask it by the server's key
    let silent = host.with(|answer| answer.proofs.active_authentication = None);
    let (keys, store) = ([key("2026-01")], store_of(&spec));
    let verifier = IdentityVerifier::new(&keys, &store, Assurance::Test);
    let (origin, challenge) = (origin(), challenge());
    let wanted = expected(&origin, &challenge, ProofWanted::ChipAuthentication);
    let first = verifier.begin(&silent.sealed(), &wanted, &mut drawn(), now());
    match first {
        Ok(FirstStep::Verified(_)) => panic!("verified without a proof"),
        Ok(FirstStep::ChipAuthenticationNeeded(_)) => {}
        Err(refused) => assert_eq!(refused.failure.code(), "chip-proof-missing"),
    }
    let spec = &makes()[0];
    let host = Host::asked(spec, &ASKED, &[], ProofWanted::Chip);
    let (keys, store) = ([key("2026-01")], store_of(spec));
    let verifier = IdentityVerifier::new(&keys, &store, Assurance::Test);
    let wanted = expected(&origin, &challenge, ProofWanted::Chip);
    let refused = verifier.begin(&host.sealed(), &wanted, &mut drawn(), now()).unwrap_err();
    assert_eq!(refused.failure.code(), "chip-proof-missing");
    // what is wrong otherwise is said at once
    let other = Challenge::parse(&TEXT.replace("MDEy", "MDEz")).unwrap();
    let wanted = expected(&origin, &other, ProofWanted::ChipAuthentication);
    let refused = verifier.begin(&host.sealed(), &wanted, &mut drawn(), now()).unwrap_err();
    assert_eq!(refused.failure.code(), "answer-to-another-request");
}

/// Must not be asked about a document that may be a copy.
struct AskedTooEarly;

impl StatusSource for AskedTooEarly {
    fn status(&self, _: &[u8; 32], _: DateTime) -> DocumentStatus {
        panic!("asked about a chip that has proved nothing")
    }
}

#[test]
fn a_status_source_is_asked_once_the_chip_has_proved_itself() {
    let spec = &makes()[0];
    let host = Host::asked(spec, &ASKED, &[], ProofWanted::ChipAuthentication);
    let (keys, store) = ([key("2026-01")], store_of(spec));
    let verifier = IdentityVerifier::new(&keys, &store, Assurance::Test).and_status(&AskedTooEarly);
    let (origin, challenge) = (origin(), challenge());
    let wanted = expected(&origin, &challenge, ProofWanted::ChipAuthentication);
    let first = verifier.begin(&host.sealed(), &wanted, &mut drawn(), now()).unwrap();
    assert!(matches!(first, FirstStep::ChipAuthenticationNeeded(_)));
}
