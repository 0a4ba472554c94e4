//! `bitaqa card info`, `certificates` and `pin status` on cards whose keys are behind PACE, with software cards behind a real
//! pcscd, and with a pseudo terminal to type on. What is done to their PINs is in `card_pin.rs`.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it cannot go on"
)]
#![allow(dead_code, reason = "the desk has more than this file needs")]

mod chip_desk;

use bitaqa_testbed::{CardSpec, Effect, Misbehaviour, Personality, Testbed};
use bitaqa_virtual_card::spec::{Hypothesis, Interface};
use chip_desk::{Desk, bitaqa, complains, has_no_secret, json, pseudo_terminal::Terminal, text};
use serde_json::Value;

/// GENERAL AUTHENTICATE, with which a key is tried.
const TRIED: u8 = 0x86;
/// VERIFY.
const VERIFY: u8 = 0x20;

#[test]
fn closed_cards_are_described_with_the_number_or_the_zone_in_a_file() {
    let bed = Testbed::with_readers(&["Counter"]).unwrap();
    let bahrain = CardSpec { seed: Some(1), ..CardSpec::new(Personality::Bahrain2025) };
    for (spec, tells_tries) in [
        (CardSpec::cnie_2(Hypothesis::IasEccCam, 0), true),
        (CardSpec::cnie_2(Hypothesis::Pkcs15Gm, 7), false),
        (bahrain, false),
    ] {
        let card = bed.insert(0, &spec).unwrap();
        let desk = Desk::of(&spec);
        for key in [["--can-file", "can"], ["--mrz-file", "mrz"]] {
            let file = desk.path(key[1]);
            let answer = json(&bitaqa(&bed, &["info", "--json", key[0], &file]), 0);
            let [description] = &answer["cards"].as_array().unwrap()[..] else { panic!("{answer}") };
            assert_eq!(description["opened"], "pace");
            let credentials = description["credentials"].as_array().unwrap();
            let roles: Vec<_> = credentials.iter().map(|one| one["role"].as_str().unwrap()).collect();
            assert_eq!(roles, ["authentication", "signature"]);
            let tries = if tells_tries { Value::from(3) } else { Value::Null };
            assert_eq!(credentials[0]["pin"]["triesLeft"], tries);
            let answer = json(&bitaqa(&bed, &["certificates", "--json", key[0], &file]), 0);
            let subjects: Vec<_> = answer["certificates"].as_array().unwrap().iter().collect();
            assert_eq!(subjects.len(), 2);
            assert!(subjects.iter().all(|one| one["pem"].as_str().unwrap().contains("BEGIN CERTIFICATE")));
            let answer = json(&bitaqa(&bed, &["pin", "status", "--json", key[0], &file]), 0);
            let pins = answer["pins"].as_array().unwrap();
            assert_eq!((pins.len(), &pins[1]["triesLeft"]), (2, &tries));
        }
        assert!(!card.log().iter().any(|entry| entry.is(VERIFY)), "no PIN was presented");
    }
}

#[test]
fn the_number_is_asked_for_on_the_terminal_and_not_shown() {
    let bed = Testbed::with_readers(&["Counter"]).unwrap();
    let spec = CardSpec::cnie_2(Hypothesis::Pkcs15Gm, 3);
    bed.insert(0, &spec).unwrap();
    let typed = format!("{}\n", spec.can().digits());
    for command in [&["info"][..], &["certificates"], &["pin", "status"]] {
        let (output, shown) = Terminal::open().run(&bed, command, &[("Card access number", &typed)]);
        assert_eq!((output.status.code(), shown), (Some(0), String::new()), "{}", text(&output.stderr));
        let asked = text(&output.stderr);
        assert!(asked.contains("Counter") && asked.contains("has to be opened first"), "{asked}");
        has_no_secret(&asked, &spec);
    }
    let (output, _) = Terminal::open().run(&bed, &["info"], &[("Card access number", &typed)]);
    assert!(text(&output.stdout).contains("opened:   with PACE"), "{}", text(&output.stdout));
}

#[test]
fn nobody_is_asked_for_what_a_free_card_or_a_document_does_not_need() {
    let bed = Testbed::with_readers(&["Counter"]).unwrap();
    let spec = CardSpec { interface: Some(Interface::Contact), ..CardSpec::cnie_2(Hypothesis::IasEccCam, 2) };
    let card = bed.insert(0, &spec).unwrap();
    let answer = json(&bitaqa(&bed, &["info", "--json"]), 0);
    assert_eq!(answer["cards"][0]["opened"], "free");
    assert!(!card.log().iter().any(|entry| entry.is(TRIED)));
    for spec in [CardSpec::cnie_2(Hypothesis::IcaoOnly, 1), CardSpec::new(Personality::PassportBac)] {
        let card = bed.insert(0, &spec).unwrap();
        let complaint = complains(&bitaqa(&bed, &["info"]), 1);
        assert!(complaint.contains("a travel document, without keys"), "{complaint}");
        assert!(!card.log().iter().any(|entry| entry.is(TRIED)));
    }
}

#[test]
fn a_key_that_is_missing_wrong_or_blocked_opens_nothing() {
    let bed = Testbed::with_readers(&["Counter"]).unwrap();
    let spec = CardSpec::cnie_2(Hypothesis::IasEccCam, 5);
    let card = bed.insert(0, &spec).unwrap();
    let desk = Desk::of(&spec);
    for command in [&["info"][..], &["certificates"], &["pin", "status"]] {
        let complaint = complains(&bitaqa(&bed, command), 2);
        assert!(complaint.contains("on a terminal, and standard input is none"), "{complaint}");
    }
    assert!(!card.log().iter().any(|entry| entry.is(TRIED)), "nothing was tried");
    let (other, right) = (desk.path("other-can"), desk.path("can"));
    let complaint = complains(&bitaqa(&bed, &["info", "--can-file", &other]), 1);
    assert!(complaint.contains("the card access number is wrong"), "{complaint}");
    card.misbehave(Misbehaviour::at_instruction(1, 0x22, Effect::Status { status: 0x6983 }));
    let complaint = complains(&bitaqa(&bed, &["info", "--can-file", &right]), 1);
    assert!(complaint.contains("has blocked this way of opening it"), "{complaint}");
    card.misbehave(Misbehaviour::at_instruction(2, TRIED, Effect::RemoveAfter));
    let complaint = complains(&bitaqa(&bed, &["info", "--can-file", &right]), 2);
    assert!(complaint.contains("there is no card"), "{complaint}");
}
