//! Who is this? A portal with a statement asks the real program; the person agrees in the real window; the portal's server
//! decrypts and verifies what comes.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it cannot go on"
)]

mod host_peer;
mod portal;
mod sign_in_place;
mod window_desktop;

use std::time::Duration;

use bitaqa_protocol::{claim::Claim, identity::ProofWanted};
use bitaqa_testbed::{CardSpec, Generation, Hypothesis, Personality};
use bitaqa_trust::{
    Assurance, Level,
    identity::{
        RefusedIdentity, VerifiedIdentity,
        claims::{Provenance, Value as ClaimValue},
        result::Chip,
    },
};
use bitaqa_virtual_card::icao::order::{DocumentOrder, FaultOrder};
use host_peer::{ORIGIN, failure, request, wait_until};
use portal::{Portal, identify};
use serde_json::json;
use sign_in_place::{NUMBER, Place, closed_card, keys, pace_runs};

const SUCCESS_WITHIN: Duration = Duration::from_secs(20);

/// A person at a computer whose administrator trusts the test's platform.
struct Visit {
    place: Place,
    portal: Portal,
    asked: u32,
}

impl Visit {
    fn with(card: &CardSpec) -> Self {
        let portal = Portal::new();
        let place = Place::in_root(&portal.root(), card);
        Self { place, portal, asked: 0 }
    }

    /// Asks for these claims; gives the request's name.
    fn ask(&mut self, required: &[&str], optional: &[&str]) -> String {
        self.ask_with_proof(required, optional, "chip")
    }

    fn ask_with_proof(&mut self, required: &[&str], optional: &[&str], proof: &str) -> String {
        let message = identify(&self.portal.statement(), required, optional, proof);
        self.send(message)
    }

    fn send(&mut self, mut message: serde_json::Value) -> String {
        self.asked += 1;
        let id = request(self.asked);
        message["id"] = id.as_str().into();
        self.place.peer.send(&message);
        id
    }

    /// Agrees to everything with the number of the card, reads the values, and sends them.
    fn agree(&self, id: &str, number: &[&str]) {
        self.place.enter_number(id, number);
        self.place.peer.wait_for_stage(id, "waiting-for-person");
        self.place.send(id);
    }

    /// What the portal's server makes of the answer.
    fn verified(&self, spec: &CardSpec) -> VerifiedIdentity {
        self.judged(spec, ProofWanted::Chip).unwrap()
    }

    fn judged(&self, spec: &CardSpec, proof: ProofWanted) -> Result<VerifiedIdentity, Box<RefusedIdentity>> {
        let answer = self.place.peer.next_answer();
        assert_eq!(answer["type"], "identity-answer", "{answer}");
        self.portal.verify(answer["answer"].as_str().unwrap(), spec, proof)
    }
}

fn text(verified: &VerifiedIdentity, claim: &str) -> String {
    match &verified.claims[&Claim::parse(claim).unwrap()].value {
        ClaimValue::Text(text) => text.clone(),
        _ => panic!("{claim} is no text"),
    }
}

const NAMES: [&str; 2] = ["given_name", "family_name"];

#[test]
fn every_hypothesis_answers_who_its_holder_is_as_far_as_its_chip_proves_it() {
    for (hypothesis, seed, proof, wanted, chip, level) in [
        (Hypothesis::IasEccCam, 1, "data-only", ProofWanted::DataOnly, Chip::DataOnly, Level::None),
        (Hypothesis::Pkcs15Gm, 2, "data-only", ProofWanted::DataOnly, Chip::DataOnly, Level::None),
        // of a chip this is the same: its document is signed, and checked
        (Hypothesis::Pkcs15Gm, 12, "unsigned", ProofWanted::Unsigned, Chip::DataOnly, Level::None),
        (Hypothesis::IcaoOnly, 3, "chip", ProofWanted::Chip, Chip::ActiveAuthentication, Level::Low),
    ] {
        let spec = closed_card(hypothesis, seed);
        let mut visit = Visit::with(&spec);
        let id = visit.ask_with_proof(&NAMES, &["photo"], proof);
        visit.place.peer.wait_for_stage(&id, "waiting-for-person");
        assert_eq!(pace_runs(&visit.place.card), 0, "nothing is tried before anybody agreed");
        visit.agree(&id, &NUMBER);
        let verified = visit.judged(&spec, wanted).unwrap();
        let holder = spec.holder().unwrap();
        assert_eq!(text(&verified, "family_name"), holder.surname.to_uppercase());
        assert_eq!((verified.chip, verified.level), (chip, level), "{hypothesis:?}");
        assert_eq!(verified.assurance, Assurance::Test);
        assert!(verified.claims.contains_key(&Claim::Photo));
        // one window, one entry, one opening
        assert_eq!(pace_runs(&visit.place.card), 1);
        assert_eq!(visit.place.card.verify_count(), 0);
        wait_until("the window to close", SUCCESS_WITHIN, || visit.place.peer.windows().is_empty());
    }
}

#[test]
fn a_wrong_number_is_asked_for_again_and_a_refused_photo_stays_on_the_card() {
    let spec = closed_card(Hypothesis::IcaoOnly, 4);
    let mut visit = Visit::with(&spec);
    let id = visit.ask(&NAMES, &["photo"]);
    visit.place.peer.wait_for_stage(&id, "waiting-for-person");
    // the keyboard starts at the one switch that can be turned
    let refused: Vec<&str> = ["space"].into_iter().chain(keys("999999")).collect();
    visit.place.enter_number(&id, &refused);
    visit.place.peer.wait_for_stage(&id, "waiting-for-person");
    assert_eq!(pace_runs(&visit.place.card), 1);
    visit.agree(&id, &NUMBER);
    let verified = visit.verified(&spec);
    assert!(!verified.claims.contains_key(&Claim::Photo));
    assert_eq!(verified.consent.groups.len(), 1);
    assert_eq!(pace_runs(&visit.place.card), 2);
    let read_photo = visit.place.card.log().iter().any(|entry| entry.header.starts_with("0CB082"));
    assert!(!read_photo, "what was refused is not read");
}

#[test]
fn do_not_send_sends_nothing() {
    let spec = closed_card(Hypothesis::IcaoOnly, 5);
    let mut visit = Visit::with(&spec);
    let id = visit.ask(&NAMES, &[]);
    visit.place.peer.wait_for_stage(&id, "waiting-for-person");
    visit.place.enter_number(&id, &NUMBER);
    visit.place.peer.wait_for_stage(&id, "waiting-for-person");
    visit.place.escape();
    assert_eq!(failure(&visit.place.peer.next_answer()), (Some(id.as_str()), "user-cancelled"));
}

#[test]
fn without_a_statement_that_holds_no_window_opens_and_no_card_is_touched() {
    let spec = closed_card(Hypothesis::IcaoOnly, 6);
    let mut visit = Visit::with(&spec);
    let touched = visit.place.card.log().len();
    let good = visit.portal.statement();
    let altered = good.replace('.', ".A");
    let portal = &visit.portal;
    let cases = [
        (identify(&altered, &NAMES, &[], "chip"), "portal-unknown"),
        (identify(&portal.stranger_statement(), &NAMES, &[], "chip"), "portal-unknown"),
        (identify(&portal.expired_statement(), &NAMES, &[], "chip"), "portal-unknown"),
        (identify(&portal.statement_for("https://other.example.ma"), &NAMES, &[], "chip"), "portal-unknown"),
        // more than the statement allows, and more than it allows comes along
        (identify(&good, &["address"], &[], "chip"), "claims-exceed-statement"),
        (identify(&good, &NAMES, &["place_of_birth"], "chip"), "claims-exceed-statement"),
        (
            {
                let mut message = identify(&good, &NAMES, &[], "chip");
                message["request"]["purpose"] = json!("something-else");
                message
            },
            "purpose-unknown",
        ),
        (
            {
                let mut message = identify(&good, &NAMES, &[], "chip");
                message["origin"] = json!("https://thief.example.com");
                message
            },
            "portal-unknown",
        ),
    ];
    for (message, code) in cases {
        let id = visit.send(message);
        assert_eq!(failure(&visit.place.peer.next_answer()), (Some(id.as_str()), code));
    }
    assert!(visit.place.peer.windows().is_empty());
    assert_eq!(visit.place.card.log().len(), touched);
}

#[test]
fn a_clone_is_refused_by_the_portal_and_not_by_the_host() {
    let faults = FaultOrder { copied: true, ..FaultOrder::default() };
    let spec = closed_card(Hypothesis::IcaoOnly, 7);
    let order = DocumentOrder { faults, ..spec.document.clone().unwrap() };
    let spec = spec.with_document(order);
    let mut visit = Visit::with(&spec);
    let id = visit.ask(&NAMES, &[]);
    visit.place.peer.wait_for_stage(&id, "waiting-for-person");
    visit.agree(&id, &NUMBER);
    let refused = visit.judged(&spec, ProofWanted::Chip).unwrap_err();
    assert_eq!(refused.failure.code(), "chip-proof-invalid");
}

#[test]
fn a_chip_that_proves_itself_to_the_portals_server_alone_proves_nothing_without_it() {
    let spec = closed_card(Hypothesis::IasEccCam, 9);
    let mut visit = Visit::with(&spec);
    let id = visit.ask(&NAMES, &[]);
    visit.place.peer.wait_for_stage(&id, "waiting-for-person");
    visit.agree(&id, &NUMBER);
    let refused = visit.judged(&spec, ProofWanted::Chip).unwrap_err();
    assert_eq!(refused.failure.code(), "chip-proof-missing");
}

#[test]
fn a_passport_opens_with_its_number_and_dates() {
    let spec = CardSpec::new(Personality::PassportBac);
    let mut visit = Visit::with(&spec);
    let zone = spec.mrz().unwrap();
    let [number, birth, expiry] = portal::typed_zone(zone.text());
    let id = visit.ask(&NAMES, &[]);
    visit.place.peer.wait_for_stage(&id, "waiting-for-person");
    let typed: Vec<&str> = [keys(&number), vec!["Tab"], keys(&birth), keys(&expiry)].concat();
    visit.place.enter_number(&id, &typed);
    visit.place.peer.wait_for_stage(&id, "waiting-for-person");
    visit.place.send(&id);
    let verified = visit.verified(&spec);
    assert_eq!(text(&verified, "family_name"), spec.holder().unwrap().surname.to_uppercase());
    assert_eq!(verified.request.origin.as_str(), ORIGIN);
}

/// Bahrain's cards before 2025 prove nothing: who asks for anything signed gets nothing, who asks for unsigned data gets values, typed so.
#[test]
fn a_card_that_signs_nothing_answers_only_who_asks_for_unsigned_data() {
    for generation in [Generation::V1, Generation::V2, Generation::V4] {
        let spec = CardSpec { generation: Some(generation), ..CardSpec::new(Personality::Bahrain2016) };
        let mut visit = Visit::with(&spec);
        // who would take a copy wants a signed one: refused as well, and nobody is asked anything
        for proof in ["chip", "data-only"] {
            let id = visit.ask_with_proof(&NAMES, &[], proof);
            let answer = visit.place.peer.next_answer();
            assert_eq!(failure(&answer), (Some(id.as_str()), "claims-unavailable"), "{proof}");
            wait_until("the window to close", SUCCESS_WITHIN, || visit.place.peer.windows().is_empty());
        }

        let asked = [
            "given_name",
            "family_name",
            "given_name#ar",
            "gender",
            "personal_number",
            "photo",
            "age_over_18",
        ];
        let statement = visit.portal.statement_with_details();
        let id = visit.send(identify(&statement, &asked, &["nationalities"], "unsigned"));
        visit.place.peer.wait_for_stage(&id, "waiting-for-person");
        visit.place.agree_to_reading(&id);
        visit.place.peer.wait_for_stage(&id, "waiting-for-person");
        visit.place.send(&id);
        let verified = visit.judged(&spec, ProofWanted::Unsigned).unwrap();
        assert_eq!(text(&verified, "given_name#ar"), "مريم علي حسن", "{generation:?}");
        assert_eq!(text(&verified, "gender"), "female");
        assert_eq!(text(&verified, "family_name"), spec.holder().unwrap().surname);
        assert_eq!((verified.chip, verified.level), (Chip::Unsigned, Level::None));
        let not_asked = ["date_of_expiry", "address", "nationalities", "birthdate"];
        for claim in not_asked {
            assert!(!verified.claims.contains_key(&Claim::parse(claim).unwrap()), "{claim}");
        }
        assert_eq!(verified.claims.len(), asked.len());
        assert!(verified.claims.values().all(|claim| claim.provenance == Provenance::Unauthenticated));
    }
}

#[test]
fn the_name_is_in_no_log_and_in_nothing_that_is_sent_in_the_clear() {
    let spec = closed_card(Hypothesis::IcaoOnly, 8);
    let holder = spec.holder().unwrap();
    let mut visit = Visit::with(&spec);
    let id = visit.ask(&NAMES, &["photo"]);
    visit.place.peer.wait_for_stage(&id, "waiting-for-person");
    visit.agree(&id, &NUMBER);
    let answer = visit.place.peer.next_answer();
    visit.portal.verify(answer["answer"].as_str().unwrap(), &spec, ProofWanted::Chip).unwrap();
    visit.place.peer.close();
    let said = visit.place.peer.rest().iter().chain([&answer]).map(ToString::to_string).collect::<String>();
    visit.place.peer.ends_within(Duration::from_secs(20));
    let errors = visit.place.peer.errors();
    for secret in [holder.surname.to_uppercase(), holder.surname.clone(), NUMBER.concat()] {
        for told in [&said, &errors, &visit.place.bed.service_log()] {
            assert!(!told.contains(&secret), "{secret} in {told}");
        }
    }
}
