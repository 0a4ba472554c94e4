//! What is on my card? The extension's own page asks the real program; the person agrees in the real window, and sees everything
//! in the page: nothing is read before, and nothing beyond what was agreed to.
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

use bitaqa_protocol::{
    claim::Claim,
    my_card::{
        Authenticity, ChipOnCard, DocumentContents, DocumentOnCard, KeyPurpose, MyCard, NotCheckedReason,
    },
};
use bitaqa_testbed::{CardSpec, Generation, Hypothesis, Personality};
use bitaqa_virtual_card::icao::order::{DocumentOrder, FaultOrder};
use host_peer::{failure, request};
use portal::Portal;
use serde_json::json;
use sign_in_place::{NUMBER, Place, closed_card, keys, pace_runs};

/// A person at a computer with the own card.
struct Visit {
    place: Place,
    asked: u32,
}

impl Visit {
    fn with(card: &CardSpec) -> Self {
        Self { place: Place::with(card), asked: 0 }
    }

    /// On a computer that believes the card's country, for tests.
    fn believing(card: &CardSpec) -> Self {
        Self { place: Place::in_root(&Portal::new().root_believing(card), card), asked: 0 }
    }

    /// Asks what is on the card; gives the request's name once the person is asked.
    fn ask(&mut self) -> String {
        self.asked += 1;
        let id = request(self.asked);
        self.place.peer.send(&json!({ "type": "read-my-card", "id": id, "language": "en" }));
        self.place.peer.wait_for_stage(&id, "waiting-for-person");
        id
    }

    /// What the page gets after these keys; the keyboard starts at the first switch.
    fn agree(&mut self, keys: &[&str]) -> MyCard {
        let id = self.ask();
        self.place.enter_number(&id, keys);
        self.answer()
    }

    fn answer(&self) -> MyCard {
        let answer = self.place.peer.next_answer();
        assert_eq!(answer["type"], "my-card", "{answer}");
        serde_json::from_value(answer["card"].clone()).unwrap()
    }
}

/// What a chip gave: its contents, whether a country signed them, and whether the chip is the original.
fn of_chip(card: MyCard) -> (DocumentContents, Authenticity, ChipOnCard) {
    match card.document.unwrap() {
        DocumentOnCard::Icao { contents, authenticity, chip } => (contents, authenticity, chip),
        DocumentOnCard::Unauthenticated { .. } => panic!("a country signed it"),
    }
}

fn value(document: &DocumentContents, claim: Claim) -> Option<&str> {
    let found = document.values.iter().find(|value| value.claim == claim)?;
    Some(&found.value)
}

/// From the first switch over all four to the field, then the digits.
fn past_switches(digits: &[&'static str]) -> Vec<&'static str> {
    ["Tab"; 4].into_iter().chain(digits.iter().copied()).collect()
}

#[test]
fn every_hypothesis_shows_its_holder_everything() {
    for (hypothesis, seed, keys) in
        [(Hypothesis::IasEccCam, 21, 2), (Hypothesis::Pkcs15Gm, 22, 2), (Hypothesis::IcaoOnly, 23, 0)]
    {
        let spec = closed_card(hypothesis, seed);
        let mut visit = Visit::believing(&spec);
        let touched = pace_runs(&visit.place.card);
        let id = visit.ask();
        assert_eq!(pace_runs(&visit.place.card), touched, "nothing is tried before anybody agreed");
        visit.place.enter_number(&id, &past_switches(&NUMBER));
        let card = visit.answer();
        let (document, authenticity, chip) = of_chip(card.clone());
        let holder = spec.holder().unwrap();
        assert_eq!(value(&document, Claim::FamilyName), Some(holder.surname.to_uppercase().as_str()));
        assert!(value(&document, Claim::FamilyNameArabic).is_some(), "both scripts");
        assert!(document.photo.is_some() && document.unreadable.is_empty());
        let Authenticity::Genuine { country, test: true } = &authenticity else {
            panic!("{hypothesis:?}: {authenticity:?}");
        };
        assert_eq!(country.len(), 2);
        assert_eq!(chip, ChipOnCard::Proven, "{hypothesis:?}");
        assert_eq!((card.certificates.len(), card.pins.len()), (keys, keys), "{hypothesis:?}");
        if keys > 0 {
            let facts = card.certificates[0].facts.as_ref().unwrap();
            assert!(facts.not_before < card.read_at && card.read_at < facts.not_after);
            assert_eq!(card.certificates[0].purpose, KeyPurpose::Authentication);
        }
        assert_eq!(visit.place.card.verify_count(), 0, "no try is spent");
        visit.place.window_is_gone();
    }
}

#[test]
fn what_is_switched_off_stays_on_the_card() {
    let spec = closed_card(Hypothesis::IcaoOnly, 24);
    let mut visit = Visit::with(&spec);
    // the photo's switch is the second
    let typed: Vec<&str> = ["Tab", "space", "Tab", "Tab", "Tab"].into_iter().chain(NUMBER).collect();
    let card = visit.agree(&typed);
    let (document, ..) = of_chip(card);
    assert!(document.photo.is_none() && document.signature_image.is_some());
    assert!(value(&document, Claim::FamilyName).is_some());
    let read_photo = visit.place.card.log().iter().any(|entry| entry.header.starts_with("0CB082"));
    assert!(!read_photo, "what was refused is not read");
}

#[test]
fn a_wrong_number_is_asked_for_again_and_cancel_reads_nothing() {
    let spec = closed_card(Hypothesis::IcaoOnly, 25);
    let mut visit = Visit::with(&spec);
    let id = visit.ask();
    visit.place.enter_number(&id, &past_switches(&["9", "9", "9", "9", "9", "9"]));
    visit.place.peer.wait_for_stage(&id, "waiting-for-person");
    visit.place.escape();
    assert_eq!(failure(&visit.place.peer.next_answer()), (Some(id.as_str()), "can-wrong"));
    let id = visit.ask();
    visit.place.escape();
    assert_eq!(failure(&visit.place.peer.next_answer()), (Some(id.as_str()), "user-cancelled"));
    assert_eq!(pace_runs(&visit.place.card), 1);
}

#[test]
fn without_a_trust_pack_nobody_says_that_it_is_genuine() {
    let spec = closed_card(Hypothesis::IcaoOnly, 26);
    let (_, authenticity, _) = of_chip(Visit::with(&spec).agree(&past_switches(&NUMBER)));
    let reason = NotCheckedReason::NoAuthorities;
    assert_eq!(authenticity, Authenticity::NotChecked { reason });
    // a computer that believes another country only
    let place = Place::in_root(&Portal::new().root_believing(&stranger()), &spec);
    let (_, authenticity, _) = of_chip(Visit { place, asked: 0 }.agree(&past_switches(&NUMBER)));
    let reason = NotCheckedReason::AuthorityUnknown;
    assert_eq!(authenticity, Authenticity::NotChecked { reason });
}

#[test]
fn a_clone_and_an_altered_document_are_called_so() {
    let with_faults = |seed, faults| {
        let spec = closed_card(Hypothesis::IcaoOnly, seed);
        let order = DocumentOrder { faults, ..spec.document.clone().unwrap() };
        spec.with_document(order)
    };
    let clone = with_faults(27, FaultOrder { copied: true, ..FaultOrder::default() });
    let (_, authenticity, chip) = of_chip(Visit::believing(&clone).agree(&past_switches(&NUMBER)));
    assert!(matches!(authenticity, Authenticity::Genuine { .. }), "{authenticity:?}");
    assert_eq!(chip, ChipOnCard::NotProven);
    // a copy that hides the keys, or shows its own
    let hiding = with_faults(29, FaultOrder { hidden_groups: vec![14, 15], ..FaultOrder::default() });
    let (.., chip) = of_chip(Visit::believing(&hiding).agree(&past_switches(&NUMBER)));
    assert_eq!(chip, ChipOnCard::NotProven);
    let other_key = with_faults(30, FaultOrder { tampered_group: Some(15), ..FaultOrder::default() });
    let (_, authenticity, chip) = of_chip(Visit::believing(&other_key).agree(&past_switches(&NUMBER)));
    assert_eq!(authenticity, Authenticity::NotGenuine { code: "group-altered".to_owned() });
    assert_eq!(chip, ChipOnCard::NotProven);
    let altered = with_faults(28, FaultOrder { tampered_group: Some(1), ..FaultOrder::default() });
    let (_, authenticity, _) = of_chip(Visit::believing(&altered).agree(&past_switches(&NUMBER)));
    assert_eq!(authenticity, Authenticity::NotGenuine { code: "group-altered".to_owned() });
}

#[test]
fn a_card_with_certificates_alone_opens_without_a_number() {
    let spec = CardSpec::new(Personality::Esteid);
    let mut visit = Visit::with(&spec);
    // the keyboard starts at the button that ends it
    let card = visit.agree(&["Tab"]);
    assert!(card.document.is_none());
    assert_eq!(card.certificates.len(), 2);
    assert!(card.pins.iter().all(|pin| pin.tries_left.is_some()), "{:?}", card.pins);
    assert_eq!(visit.place.card.verify_count(), 0);
}

#[test]
fn a_passport_opens_with_its_number_and_dates() {
    let spec = CardSpec::new(Personality::PassportBac);
    let mut visit = Visit::believing(&spec);
    let zone = spec.mrz().unwrap();
    let [number, birth, expiry] = portal::typed_zone(zone.text());
    let typed: Vec<&str> = [vec!["Tab"; 4], keys(&number), vec!["Tab"], keys(&birth), keys(&expiry)].concat();
    let card = visit.agree(&typed);
    assert!(card.certificates.is_empty() && card.pins.is_empty());
    let (document, ..) = of_chip(card);
    assert_eq!(
        value(&document, Claim::FamilyName),
        Some(spec.holder().unwrap().surname.to_uppercase().as_str())
    );
}

/// From the first switch over all four, past the button that ends it, to the one that reads.
const PAST_SWITCHES: [&str; 5] = ["Tab"; 5];

/// Bahrain's cards before 2025: whatever countries the computer believes, nobody signed these data.
#[test]
fn a_card_that_nobody_signed_is_shown_as_one_that_cannot_be_checked() {
    let root = Portal::new().root_believing(&stranger());
    for generation in [Generation::V1, Generation::V2, Generation::V4] {
        let spec = first_bahraini(generation);
        let mut visit = Visit { place: Place::in_root(&root, &spec), asked: 0 };
        let card = visit.agree(&PAST_SWITCHES);
        assert!(card.certificates.is_empty() && card.pins.is_empty(), "{generation:?}: it has none");
        let Some(DocumentOnCard::Unauthenticated { contents }) = card.document else {
            panic!("{generation:?}: nobody signed it");
        };
        let told = |claim| value(&contents, claim);
        let surname = spec.holder().unwrap().surname;
        assert_eq!(told(Claim::FamilyName), Some(surname.as_str()), "{generation:?}");
        for (claim, what) in [
            (Claim::GivenNameArabic, "مريم علي حسن"),
            (Claim::FamilyNameArabic, "نموذج"),
            (Claim::Birthdate, "1990-01-01"),
            (Claim::DateOfExpiry, "2031-12-31"),
            (Claim::Gender, "F"),
        ] {
            assert_eq!(told(claim), Some(what), "{generation:?}");
        }
        assert_eq!(told(Claim::PersonalNumber).map(str::len), Some(9));
        // where it stands on the first version is not public
        assert_eq!(told(Claim::Address).is_some(), generation != Generation::V1, "{generation:?}");
        assert_eq!(contents.photo.unwrap().media_type, "image/jpeg");
        assert!(contents.signature_image.is_some());
        assert!(contents.unreadable.is_empty() && contents.not_given.is_empty(), "{generation:?}");
        assert!(has_read_pictures(&visit));
        visit.place.window_is_gone();
    }
}

#[test]
fn of_a_card_that_is_free_to_read_nothing_is_read_before_or_beyond_what_was_agreed_to() {
    let mut visit = Visit::with(&first_bahraini(Generation::V2));
    visit.ask();
    // whether it is such a card is asked, and not who holds it
    assert!(!has_read_person(&visit));
    visit.place.escape();
    assert_eq!(failure(&visit.place.peer.next_answer()).1, "user-cancelled");
    assert!(!has_read_person(&visit));
    // nothing of it
    let all_off = ["space", "Tab", "space", "Tab", "space", "Tab", "space", "Tab", "Tab"];
    assert!(visit.agree(&all_off).document.is_none());
    assert!(!has_read_person(&visit));
    // all but photo and signature
    let card = visit.agree(&["Tab", "space", "Tab", "space", "Tab", "Tab", "Tab"]);
    let Some(DocumentOnCard::Unauthenticated { contents }) = card.document else {
        panic!("nobody signed it")
    };
    assert!(value(&contents, Claim::FamilyName).is_some());
    assert!(contents.photo.is_none() && contents.signature_image.is_none());
    assert!(has_read_person(&visit) && !has_read_pictures(&visit));
}

fn first_bahraini(generation: Generation) -> CardSpec {
    CardSpec { generation: Some(generation), ..CardSpec::new(Personality::Bahrain2016) }
}

/// A card whose country the computer believes, of another person.
fn stranger() -> CardSpec {
    serde_json::from_value(json!({ "personality": "bahrain-2025", "person": "maryam" })).unwrap()
}

/// Files with anything of the holder are longer than 256 bytes; what tells which card it is, is not.
fn has_read_person(visit: &Visit) -> bool {
    has_read_at(visit, "B001")
}

/// Only the file with the pictures is longer than 2048 bytes.
fn has_read_pictures(visit: &Visit) -> bool {
    has_read_at(visit, "B008")
}

/// READ BINARY at this offset of a file (ISO/IEC 7816-4): its instruction and the offset's first byte.
fn has_read_at(visit: &Visit, instruction_and_offset: &str) -> bool {
    let log = visit.place.card.log();
    log.iter().any(|entry| entry.header.get(2..6) == Some(instruction_and_offset))
}

#[test]
fn the_name_is_in_no_log() {
    let spec = closed_card(Hypothesis::Pkcs15Gm, 29);
    let holder = spec.holder().unwrap();
    let mut visit = Visit::believing(&spec);
    visit.agree(&past_switches(&NUMBER));
    visit.place.peer.close();
    visit.place.peer.ends_within(Duration::from_secs(20));
    let errors = visit.place.peer.errors();
    for secret in [holder.surname.to_uppercase(), holder.surname.clone(), NUMBER.concat()] {
        for told in [&errors, &visit.place.bed.service_log()] {
            assert!(!told.contains(&secret), "{secret} in {told}");
        }
    }
}
