//! `bitaqa card …` with a reader that runs PACE itself: the card access number is typed on the reader, which a line says, and
//! nobody is asked for it on the terminal.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it cannot go on"
)]
#![allow(dead_code, reason = "the desk has more than this file needs")]

mod chip_desk;

use std::process::Output;

use bitaqa_testbed::{CardHandle, CardSpec, PaceKind, Personality, ReaderOptions, Testbed};
use bitaqa_virtual_card::{icao::order::DocumentOrder, spec::Hypothesis};
use chip_desk::{Desk, bitaqa, has_no_secret, pairs, pseudo_terminal::Terminal, states, text};
use serde_json::Value;

const WRONG: &str = "654321";
/// VERIFY.
const VERIFY: u8 = 0x20;

fn bed(pace: PaceKind) -> Testbed {
    let options = ReaderOptions { pace, ..ReaderOptions::named("Counter") };
    Testbed::builder().reader(options).start().unwrap()
}

/// How often PACE was begun with a card.
fn pace_runs(card: &CardHandle) -> usize {
    card.log().iter().filter(|entry| entry.header == "0022C1A4").count()
}

/// What it says as JSON, after a line that says where the number is to be typed, and nothing else.
#[track_caller]
fn json_after_line(output: &Output) -> Value {
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    let [line] = &said.lines().collect::<Vec<_>>()[..] else { panic!("{said}") };
    assert!(line.contains("Counter") && line.contains("on the keys of the reader"), "{said}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn closed_cards_are_described_with_the_number_typed_on_the_reader() {
    let bed = bed(PaceKind::Yes);
    let pad = bed.pin_pad(0).unwrap();
    for (hypothesis, seed) in [(Hypothesis::IasEccCam, 0), (Hypothesis::Pkcs15Gm, 7)] {
        let spec = CardSpec::cnie_2(hypothesis, seed);
        let card = bed.insert(0, &spec).unwrap();
        let can = spec.can();
        let on_reader = |arguments: &[&str]| {
            pad.press_keys(can.digits());
            let output = bitaqa(&bed, arguments);
            has_no_secret(&text(&output.stderr), &spec);
            json_after_line(&output)
        };
        let answer = on_reader(&["info", "--json"]);
        assert_eq!(answer["cards"][0]["opened"], "pace");
        assert_eq!(answer["cards"][0]["credentials"].as_array().unwrap().len(), 2);
        let answer = on_reader(&["certificates", "--json"]);
        assert!(answer["certificates"][0]["pem"].as_str().unwrap().contains("BEGIN CERTIFICATE"));
        let answer = on_reader(&["pin", "status", "--json"]);
        assert_eq!(answer["pins"].as_array().unwrap().len(), 2);
        assert_eq!(pace_runs(&card), 3, "once each");
        // a file saves the person the way to the reader
        let desk = Desk::of(&spec);
        let output = bitaqa(&bed, &["info", "--json", "--can-file", &desk.path("can")]);
        assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()));
        assert!(!card.log().iter().any(|entry| entry.is(VERIFY)), "no PIN was presented");
    }
}

#[test]
fn documents_are_read_and_prove_themselves_as_far_as_the_reader_lets_them() {
    let bed = bed(PaceKind::Yes);
    let pad = bed.pin_pad(0).unwrap();
    for (hypothesis, mapping) in
        [(Hypothesis::IasEccCam, "out-of-reach"), (Hypothesis::Pkcs15Gm, "not-offered")]
    {
        let spec = CardSpec::cnie_2(hypothesis, 2);
        bed.insert(0, &spec).unwrap();
        let desk = Desk::of(&spec);
        pad.press_keys(spec.can().digits());
        let answer = json_after_line(&desk.read(&bed, &["--json"]));
        assert_eq!((&answer["opened"], &answer["cardAccess"]), (&"pace".into(), &"same".into()));
        let all = [("DG1", "matches"), ("DG2", "matches"), ("DG11", "matches")];
        assert_eq!(states(&answer), pairs(&all));
        assert_eq!(desk.written(), ["dg1.bin", "dg11.bin", "dg2.bin", "portrait.jpg", "sod.bin"]);

        pad.press_keys(spec.can().digits());
        let output = bitaqa(&bed, &["authenticate", "--json"]);
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(answer["mapping"], mapping, "{answer}");
        assert_ne!(answer["chip"], "failed", "{answer}");
        // what is out of reach proves nothing
        let proven = ["mapping", "active", "chip"].iter().any(|proof| answer[*proof] == "proven");
        assert_eq!((&answer["genuine"], output.status.code()), (&proven.into(), Some(i32::from(!proven))));
    }
}

#[test]
fn a_number_that_is_wrong_cancelled_or_not_typed_opens_nothing() {
    let bed = bed(PaceKind::Yes);
    let pad = bed.pin_pad(0).unwrap();
    let card = bed.insert(0, &CardSpec::cnie_2(Hypothesis::IasEccCam, 5)).unwrap();
    let desk = Desk::of(&CardSpec::cnie_2(Hypothesis::IasEccCam, 5));
    for arguments in [&["info"][..], &["pin", "status"], &["read", "--out", &desk.path("out")]] {
        for (words, code) in [
            ("the card access number is wrong", 1),
            ("given up", 2),
            ("no card access number was typed on Counter", 2),
        ] {
            match code {
                1 => pad.press_keys(WRONG),
                _ if words == "given up" => pad.cancel(),
                _ => pad.let_time_out(),
            }
            let output = bitaqa(&bed, arguments);
            let said = text(&output.stderr);
            assert_eq!((output.status.code(), text(&output.stdout)), (Some(code), String::new()), "{said}");
            assert!(said.contains(words), "{said}");
        }
    }
    assert_eq!(pace_runs(&card), 3, "where a number was typed");
}

#[test]
fn where_the_reader_fails_at_it_the_number_is_asked_for_on_the_terminal() {
    let bed = bed(PaceKind::Fails);
    let spec = CardSpec::cnie_2(Hypothesis::Pkcs15Gm, 3);
    bed.insert(0, &spec).unwrap();
    let desk = Desk::of(&spec);
    let typed = format!("{}\n", spec.can().digits());
    for command in [&["info"][..], &["pin", "status"], &["read", "--out", &desk.path("out")]] {
        let (output, shown) = Terminal::open().run(&bed, command, &[("Card access number", &typed)]);
        assert_eq!((output.status.code(), shown), (Some(0), String::new()), "{}", text(&output.stderr));
        let said = text(&output.stderr);
        assert!(said.contains("the reader cannot open this card"), "{said}");
        has_no_secret(&said, &spec);
    }
}

#[test]
fn a_card_that_opens_without_pace_is_opened_as_on_any_reader() {
    let bed = bed(PaceKind::Yes);
    let order = DocumentOrder::default();
    let spec = CardSpec::new(Personality::PassportBac).with_document(order);
    bed.insert(0, &spec).unwrap();
    let desk = Desk::of(&spec);
    let output = desk.read(&bed, &["--json", "--mrz-file", &desk.path("mrz")]);
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()));
    assert_eq!(bed.pin_pad(0).unwrap().entries(), 0);
}
