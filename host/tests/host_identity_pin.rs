//! Who is this, and do they know the PIN? One window, one consent, number and PIN: the card signs what was agreed to, and the
//! portal's server knows that whoever holds the card is its holder.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it cannot go on"
)]

mod host_peer;
mod other_program;
mod portal;
mod sign_in_place;
mod window_desktop;

use std::time::Duration;

use bitaqa_protocol::identity::{ChipAnswer, ProofWanted};
use bitaqa_testbed::{
    CardSpec, Hypothesis, Interface, Lifecycle, Personality, Pin, PinPadKind, ReaderOptions, Variant,
};
use bitaqa_trust::{
    Assurance, Level,
    identity::{FirstStep, RefusedIdentity, VerifiedIdentity, link::Link, result::Chip},
    token_verification::HolderVerification,
};
use bitaqa_virtual_card::icao::{active_authentication::ActiveAuthenticationKind, order::DocumentOrder};
use host_peer::{PATIENCE, failure, request, wait_until};
use other_program::{Deed, OtherProgram, play_the_other_program};
use portal::{Portal, identify};
use serde_json::{Value, json};
use sign_in_place::{NUMBER, Place, closed_card, keys, pace_runs};

const NAMES: [&str; 2] = ["given_name", "family_name"];

/// A person at a computer whose administrator trusts the test's platform, and a portal that wants to know whether it is they.
struct Visit {
    place: Place,
    portal: Portal,
    asked: u32,
}

impl Visit {
    fn with(card: &CardSpec) -> Self {
        Self::in_reader(ReaderOptions::default(), card)
    }

    fn in_reader(reader: ReaderOptions, card: &CardSpec) -> Self {
        let portal = Portal::new();
        let place = Place::in_root_with(&portal.root(), reader, card);
        Self { place, portal, asked: 0 }
    }

    fn send(&mut self, required: &[&str], optional: &[&str], proof: &str) -> String {
        let mut message = identify(&self.portal.statement(), required, optional, proof);
        message["request"]["holder"] = json!("pin");
        self.asked += 1;
        let id = request(self.asked);
        message["id"] = id.as_str().into();
        self.place.peer.send(&message);
        id
    }

    /// Up to the question for the values that were read.
    fn up_to_release(&mut self, proof: &str) -> String {
        let id = self.send(&NAMES, &[], proof);
        self.place.peer.wait_for_stage(&id, "waiting-for-person");
        self.place.enter_number(&id, &NUMBER);
        id
    }

    /// Up to the question for the PIN.
    fn up_to_pin(&mut self, proof: &str) -> String {
        let id = self.up_to_release(proof);
        self.place.peer.wait_for_stage(&id, "waiting-for-person");
        self.place.release(&id);
        id
    }

    fn enter_pin(&self, id: &str, spec: &CardSpec) {
        self.place.enter(id, &keys(spec.pins().pin.digits()));
    }

    fn answer(&self) -> String {
        let answer = self.place.peer.next_answer();
        assert_eq!(answer["type"], "identity-answer", "{answer}");
        answer["answer"].as_str().unwrap().to_owned()
    }

    fn judged(&self, answer: &str, spec: &CardSpec) -> Result<VerifiedIdentity, Box<RefusedIdentity>> {
        self.portal.verify_holder(answer, spec, ProofWanted::Chip, &self.place.bed.pki_dir())
    }

    /// A request that nobody disturbs, and what the portal's server makes of it.
    fn identified(&mut self, spec: &CardSpec) -> VerifiedIdentity {
        let id = self.up_to_pin("chip");
        self.enter_pin(&id, spec);
        self.judged(&self.answer(), spec).unwrap()
    }

    fn is_over(&self, id: &str, code: &str) {
        let answer = self.place.peer.next_answer();
        assert_eq!(failure(&answer), (Some(id), code), "{answer}");
    }
}

/// A card that proves itself by signing, so that no second call is needed.
fn signing_chip(hypothesis: Hypothesis, seed: u64) -> CardSpec {
    let spec = closed_card(hypothesis, seed);
    let active_authentication = Some(ActiveAuthenticationKind::EcdsaPlain);
    let order = DocumentOrder { active_authentication, ..spec.document.clone().unwrap() };
    spec.with_document(order)
}

fn bahrain_2025(seed: u64) -> CardSpec {
    let can = Some(Pin::new(&NUMBER.concat()).unwrap());
    CardSpec { seed: Some(seed), ..CardSpec::new(Personality::Bahrain2025) }
        .with_document(DocumentOrder { can, ..DocumentOrder::default() })
}

#[test]
fn every_card_with_a_key_says_who_holds_it_in_one_window_with_two_entries() {
    for spec in [
        signing_chip(Hypothesis::IasEccCam, 31),
        signing_chip(Hypothesis::IasEccCam, 32),
        signing_chip(Hypothesis::Pkcs15Gm, 33),
        signing_chip(Hypothesis::Pkcs15Gm, 34),
        bahrain_2025(35),
        bahrain_2025(36),
        bahrain_2025(37).for_person("maryam"),
    ] {
        let mut visit = Visit::with(&spec);
        let id = visit.send(&NAMES, &["photo"], "chip");
        visit.place.peer.wait_for_stage(&id, "waiting-for-person");
        assert_eq!(pace_runs(&visit.place.card), 0, "nothing is tried before anybody agreed");
        visit.place.wait_for_window();
        let window = visit.place.peer.windows();
        assert_eq!(window.len(), 1);
        visit.place.enter_number(&id, &NUMBER);
        visit.place.peer.wait_for_stage(&id, "waiting-for-person");
        visit.place.release(&id);
        assert_eq!((pace_runs(&visit.place.card), visit.place.card.verify_count()), (1, 0));
        visit.enter_pin(&id, &spec);
        assert_eq!(visit.place.peer.windows(), window, "one window");
        let verified = visit.judged(&visit.answer(), &spec).unwrap();
        let case = (spec.personality, spec.seed);
        assert_eq!(verified.holder_verification, Some(HolderVerification::Pin), "{case:?}");
        assert_eq!(verified.link, Some(Link::ByPersonalNumber), "{case:?}");
        assert_eq!(verified.chip, Chip::ActiveAuthentication);
        assert_eq!((verified.level, verified.assurance), (Level::High, Assurance::Test));
        // opened once to read and once to sign; one entry, one VERIFY
        assert_eq!((pace_runs(&visit.place.card), visit.place.card.verify_count()), (2, 1), "{case:?}");
        visit.place.window_is_gone();
    }
}

#[test]
fn without_a_proof_of_the_chip_the_pin_is_known_and_raises_no_level() {
    for (hypothesis, seed) in [(Hypothesis::IasEccCam, 41), (Hypothesis::Pkcs15Gm, 42)] {
        let spec = closed_card(hypothesis, seed);
        let mut visit = Visit::with(&spec);
        let id = visit.up_to_pin("data-only");
        visit.enter_pin(&id, &spec);
        let pki = visit.place.bed.pki_dir();
        let answer = visit.answer();
        let verified = visit.portal.verify_holder(&answer, &spec, ProofWanted::DataOnly, &pki).unwrap();
        assert_eq!(verified.holder_verification, Some(HolderVerification::Pin));
        assert_eq!((verified.chip, verified.level), (Chip::DataOnly, Level::None));
    }
}

#[test]
fn the_card_signs_first_and_its_chip_proves_itself_last() {
    for (hypothesis, seed) in [(Hypothesis::IasEccCam, 61), (Hypothesis::Pkcs15Gm, 62)] {
        let spec = closed_card(hypothesis, seed);
        let mut visit = Visit::with(&spec);
        let pki = visit.place.bed.pki_dir();
        let id = visit.up_to_pin("chip-authentication");
        visit.enter_pin(&id, &spec);
        let answer = visit.answer();
        let FirstStep::ChipAuthenticationNeeded(needed) =
            visit.portal.begin_holder(&answer, &spec, &pki).unwrap()
        else {
            panic!("verified without a second call")
        };
        let challenge = needed.challenge.to_string();
        visit.place.peer.send(&json!({ "type": "chip-challenge", "id": id, "challenge": challenge }));
        let frame = visit.place.peer.next_answer();
        assert_eq!(frame["type"], "chip-answer", "{frame}");
        let chip = ChipAnswer::parse(frame["answer"].as_str().unwrap()).unwrap();
        let verified = visit.portal.complete_holder(&answer, &spec, &pki, (needed.state, &chip)).unwrap();
        assert_eq!((verified.chip, verified.level), (Chip::ChipAuthentication, Level::High));
        assert_eq!(verified.holder_verification, Some(HolderVerification::Pin));
        // opened to read, to sign, and to prove itself; two entries
        assert_eq!((pace_runs(&visit.place.card), visit.place.card.verify_count()), (3, 1));
    }
}

#[test]
fn a_wrong_pin_is_asked_for_again_and_the_number_is_not() {
    let spec = bahrain_2025(43);
    let mut visit = Visit::with(&spec);
    let id = visit.up_to_pin("chip");
    let wrong = vec!["9"; spec.pins().pin.digits().len()];
    visit.place.enter(&id, &wrong);
    visit.place.peer.wait_for_stage(&id, "waiting-for-person");
    visit.enter_pin(&id, &spec);
    let verified = visit.judged(&visit.answer(), &spec).unwrap();
    assert_eq!(verified.level, Level::High);
    assert_eq!((pace_runs(&visit.place.card), visit.place.card.verify_count()), (3, 2));
}

#[test]
fn the_last_wrong_pin_blocks_it_and_sends_nothing() {
    let spec = CardSpec { tries_left: Some(1), ..bahrain_2025(44) };
    let mut visit = Visit::with(&spec);
    let id = visit.up_to_pin("chip");
    visit.place.enter(&id, &vec!["9"; spec.pins().pin.digits().len()]);
    visit.is_over(&id, "pin-blocked");
    assert_eq!(visit.place.card.verify_count(), 1);
}

#[test]
fn the_pin_is_typed_on_the_reader_where_the_card_takes_it_in_the_clear() {
    let reader = ReaderOptions { pin_pad: PinPadKind::Verify, ..ReaderOptions::default() };
    let spec = CardSpec { interface: Some(Interface::Contact), ..bahrain_2025(45) };
    let mut visit = Visit::in_reader(reader, &spec);
    let id = visit.up_to_pin("chip");
    let pad = visit.place.bed.pin_pad(0).unwrap();
    pad.wait_until_waiting(PATIENCE).unwrap();
    pad.press_keys(spec.pins().pin.digits());
    let verified = visit.judged(&visit.answer(), &spec).unwrap();
    assert_eq!((verified.level, verified.link), (Level::High, Some(Link::ByPersonalNumber)));
    assert_eq!((pad.entries(), visit.place.card.verify_count()), (1, 1), "{id}");
    // opened to be read, and to be seen again; the key is used without
    assert_eq!(pace_runs(&visit.place.card), 2);
}

#[test]
fn who_cancels_at_the_pin_sends_nothing() {
    let spec = signing_chip(Hypothesis::Pkcs15Gm, 46);
    let mut visit = Visit::with(&spec);
    let id = visit.up_to_pin("chip");
    visit.place.escape();
    visit.is_over(&id, "user-cancelled");
    visit.place.peer.says_nothing_for(Duration::from_millis(500));
    assert_eq!(visit.place.card.verify_count(), 0);
    // and the next request is one like the first
    assert_eq!(visit.identified(&spec).level, Level::High);
}

#[test]
fn a_card_without_a_key_is_told_before_anybody_is_asked() {
    for spec in [closed_card(Hypothesis::IcaoOnly, 47), CardSpec::new(Personality::PassportBac)] {
        let mut visit = Visit::with(&spec);
        let id = visit.send(&NAMES, &[], "chip");
        // the person may put in another one
        visit.place.peer.wait_for_stage(&id, "waiting-for-card");
        visit.place.escape();
        visit.is_over(&id, "certificate-missing");
        assert_eq!(pace_runs(&visit.place.card), 0);
    }
}

#[test]
fn a_key_or_pin_that_is_good_for_nothing_is_told_before_anything_is_shown() {
    let card = || signing_chip(Hypothesis::IasEccCam, 48);
    for (spec, code) in [
        (CardSpec { certificate: Variant::WrongKeyUsage, ..card() }, "certificate-missing"),
        (CardSpec { certificate: Variant::Expired, ..card() }, "certificate-expired"),
        (CardSpec { tries_left: Some(0), ..card() }, "pin-blocked"),
        (CardSpec { lifecycle: Lifecycle::Blocked, ..card() }, "pin-blocked"),
    ] {
        let mut visit = Visit::with(&spec);
        let id = visit.up_to_release("chip");
        // the values that were read were not shown: nobody was asked about them
        let frame = visit.place.peer.next();
        assert_eq!(failure(&frame), (Some(id.as_str()), code), "{frame}");
        assert_eq!(visit.place.card.verify_count(), 0);
    }
    // where the key is in the clear not even the number is asked for
    let contact = Some(Interface::Contact);
    let spec = CardSpec { interface: contact, certificate: Variant::Expired, ..bahrain_2025(59) };
    let mut visit = Visit::with(&spec);
    let id = visit.send(&NAMES, &[], "chip");
    visit.is_over(&id, "certificate-expired");
    assert_eq!(pace_runs(&visit.place.card), 0);
}

#[test]
fn a_pin_without_required_identity_data_is_no_request() {
    let mut visit = Visit::with(&bahrain_2025(49));
    for (required, optional) in [(&["photo"][..], &["given_name"][..]), (&[], &["given_name"])] {
        let id = visit.send(required, optional, "chip");
        visit.is_over(&id, "request-invalid");
    }
    assert!(visit.place.peer.windows().is_empty());
}

#[test]
fn a_card_whose_certificate_is_somebody_elses_is_not_linked() {
    let spec = CardSpec { certificate: Variant::OtherPerson, ..bahrain_2025(50) };
    let mut visit = Visit::with(&spec);
    let id = visit.up_to_pin("chip");
    visit.enter_pin(&id, &spec);
    let refused = visit.judged(&visit.answer(), &spec).unwrap_err();
    assert_eq!(refused.failure.code(), "not-linked");
}

#[test]
fn a_token_is_good_for_what_was_agreed_to_and_for_nothing_else() {
    let spec = bahrain_2025(51);
    let mut visit = Visit::with(&spec);
    let id = visit.up_to_pin("chip");
    visit.enter_pin(&id, &spec);
    let answer = visit.answer();
    visit.judged(&answer, &spec).unwrap();
    let content = visit.portal.opened(&answer);
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut other = content.clone();
        change(&mut other);
        let sealed = visit.portal.sealed(&other, &answer);
        visit.judged(&sealed, &spec).unwrap_err().failure.code()
    };
    assert_eq!(changed(&|answer| answer["consent"]["purpose"] = json!("Sell the data")), "token-invalid");
    assert_eq!(changed(&|answer| answer["consent"]["at"] = json!(1)), "token-invalid");
    assert_eq!(changed(&|answer| answer["request"]["statementHash"] = json!("x")), "token-invalid");
    // without its token an answer says less than was asked
    let without = changed(&|answer| {
        answer.as_object_mut().unwrap().remove("token");
    });
    assert_eq!(without, "holder-verification-missing");
    // a token of another session with the same card
    let id = visit.up_to_pin("chip");
    visit.enter_pin(&id, &spec);
    let mut later = visit.portal.opened(&visit.answer());
    later["consent"] = content["consent"].clone();
    later["consent"]["at"] = json!(content["consent"]["at"].as_u64().unwrap() + 86_400);
    let sealed = visit.portal.sealed(&later, &answer);
    assert_eq!(visit.judged(&sealed, &spec).unwrap_err().failure.code(), "token-invalid");
}

#[test]
fn a_card_that_leaves_at_the_pin_is_waited_for_and_looked_at_again() {
    let spec = signing_chip(Hypothesis::IasEccCam, 52);
    let mut visit = Visit::with(&spec);
    let id = visit.up_to_pin("chip");
    visit.place.wait_for_window();
    visit.place.bed.remove(0).unwrap();
    visit.place.peer.wait_for_stage(&id, "waiting-for-card");
    visit.place.bed.insert_again(0, &visit.place.card).unwrap();
    // the number opens it again, as at a sign-in
    visit.place.peer.wait_for_stage(&id, "waiting-for-person");
    visit.place.enter_number(&id, &NUMBER);
    visit.place.peer.wait_for_stage(&id, "waiting-for-person");
    visit.enter_pin(&id, &spec);
    assert_eq!(visit.judged(&visit.answer(), &spec).unwrap().level, Level::High);
    assert_eq!(visit.place.card.verify_count(), 1);
}

#[test]
fn a_card_that_was_opened_by_its_zone_is_opened_by_it_again() {
    let spec = bahrain_2025(60);
    let mut visit = Visit::with(&spec);
    let id = visit.send(&NAMES, &[], "chip");
    visit.place.peer.wait_for_stage(&id, "waiting-for-person");
    visit.place.enter_zone(&id, &spec);
    visit.place.peer.wait_for_stage(&id, "waiting-for-person");
    visit.place.release(&id);
    visit.place.bed.remove(0).unwrap();
    visit.place.peer.wait_for_stage(&id, "waiting-for-card");
    visit.place.bed.insert_again(0, &visit.place.card).unwrap();
    // the zone names the document, so that nothing has to be typed again but the PIN
    visit.place.peer.wait_for_stage(&id, "waiting-for-person");
    visit.enter_pin(&id, &spec);
    let answer = visit.answer();
    assert_eq!(visit.portal.opened(&answer)["hostAsserted"]["access"], "pace-mrz");
    assert_eq!(visit.judged(&answer, &spec).unwrap().level, Level::High);
    // and it opens no other document
    let id = visit.send(&NAMES, &[], "chip");
    visit.place.peer.wait_for_stage(&id, "waiting-for-person");
    visit.place.enter_zone(&id, &spec);
    visit.place.peer.wait_for_stage(&id, "waiting-for-person");
    visit.place.release(&id);
    visit.place.bed.remove(0).unwrap();
    visit.place.peer.wait_for_stage(&id, "waiting-for-card");
    let other = visit.place.bed.insert(0, &spec.clone().for_person("youssef")).unwrap();
    visit.is_over(&id, "card-changed");
    assert_eq!((visit.place.card.verify_count(), other.verify_count()), (1, 0));
}

#[test]
fn another_card_in_its_place_gets_no_pin() {
    let spec = signing_chip(Hypothesis::IasEccCam, 53);
    let mut visit = Visit::with(&spec);
    let id = visit.up_to_pin("chip");
    visit.place.wait_for_window();
    visit.place.bed.remove(0).unwrap();
    visit.place.peer.wait_for_stage(&id, "waiting-for-card");
    let other = visit.place.bed.insert(0, &spec.clone().for_person("youssef")).unwrap();
    visit.place.peer.wait_for_stage(&id, "waiting-for-person");
    visit.place.enter_number(&id, &NUMBER);
    visit.is_over(&id, "card-changed");
    assert_eq!((visit.place.card.verify_count(), other.verify_count()), (0, 0));
}

#[test]
fn after_another_program_reset_the_card_the_chip_is_looked_at_again() {
    if play_the_other_program() {
        return;
    }
    let test = "after_another_program_reset_the_card_the_chip_is_looked_at_again";
    for spec in [
        signing_chip(Hypothesis::Pkcs15Gm, 54),
        CardSpec { interface: Some(Interface::Contact), ..bahrain_2025(55) },
    ] {
        let mut visit = Visit::with(&spec);
        let id = visit.up_to_pin("chip");
        visit.place.wait_for_window();
        drop(OtherProgram::start(&visit.place.bed, test, Deed::Reset));
        visit.place.card.clear_log();
        visit.enter_pin(&id, &spec);
        assert_eq!(visit.judged(&visit.answer(), &spec).unwrap().level, Level::High);
        // opened to see whether it is the chip that was read, before the PIN
        let log = visit.place.card.log();
        let first = |found: &dyn Fn(&bitaqa_testbed::LogEntry) -> bool| log.iter().position(found).unwrap();
        assert!(
            first(&|entry| entry.header == "0022C1A4") < first(&|entry| entry.presented),
            "{:?}",
            spec.personality
        );
        assert_eq!(visit.place.card.verify_count(), 1);
    }
}

#[test]
fn another_card_that_came_unseen_is_told_by_its_chip_and_gets_no_pin() {
    if play_the_other_program() {
        return;
    }
    let test = "another_card_that_came_unseen_is_told_by_its_chip_and_gets_no_pin";
    for spec in [
        signing_chip(Hypothesis::Pkcs15Gm, 56),
        CardSpec { interface: Some(Interface::Contact), ..bahrain_2025(57) },
    ] {
        let mut visit = Visit::with(&spec);
        let id = visit.up_to_pin("chip");
        visit.place.wait_for_window();
        // of the same person, opened by the same number, with another chip
        let other = visit.place.bed.swap_unseen(0, &spec).unwrap();
        drop(OtherProgram::start(&visit.place.bed, test, Deed::Reset));
        visit.enter_pin(&id, &spec);
        visit.is_over(&id, "card-changed");
        assert_eq!(pace_runs(&other), 1, "it was asked who it is");
        assert_eq!((visit.place.card.verify_count(), other.verify_count()), (0, 0));
    }
}

#[test]
fn pin_and_name_are_in_no_log_and_in_nothing_that_is_sent_in_the_clear() {
    let pin = Pin::new("58203917").unwrap();
    let spec = CardSpec { pin: Some(pin.clone()), ..bahrain_2025(58) };
    let holder = spec.holder().unwrap();
    let mut visit = Visit::with(&spec);
    let id = visit.up_to_pin("chip");
    visit.enter_pin(&id, &spec);
    let answer = visit.answer();
    visit.judged(&answer, &spec).unwrap();
    visit.place.peer.close();
    let said = visit.place.peer.rest().iter().map(ToString::to_string).collect::<String>() + &answer;
    visit.place.peer.ends_within(Duration::from_secs(20));
    let errors = visit.place.peer.errors();
    let secrets = [
        pin.digits().to_owned(),
        NUMBER.concat(),
        holder.surname.clone(),
        holder.personal_number().to_owned(),
    ];
    for secret in secrets {
        for told in [&said, &errors, &visit.place.bed.service_log()] {
            assert!(!told.contains(&secret), "{secret} in {told}");
        }
    }
    wait_until("the window to end", PATIENCE, || visit.place.peer.windows().is_empty());
}
