//! `bitaqa card pin …` as a person meets it: on a terminal, with software cards behind a real pcscd.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it cannot go on"
)]

mod on_terminal;

use std::{
    fs,
    process::{Command, Stdio},
};

use bitaqa_testbed::{CardHandle, CardSpec, Effect, KeyKind, Misbehaviour, PaceKind, ReaderOptions, Testbed};
use bitaqa_virtual_card::{
    pin::Pin,
    spec::{Generation, Hypothesis, Lifecycle, Personality},
};
use on_terminal::Run;
use serde_json::Value;

const NEW: &str = "7654321";
const PUK: &str = "12345678";

/// `bitaqa card pin` on a terminal of its own.
#[track_caller]
fn typing(bed: &Testbed, arguments: &[&str], answers: &[(&str, &str)]) -> Run {
    on_terminal::typing(bed, &[&["card", "pin"], arguments].concat(), answers)
}

fn change<'a>(name: &str, current: &'a str, new: &'a str) -> [(String, &'a str); 3] {
    [(format!("Current {name}"), current), (format!("New {name}"), new), (format!("New {name} again"), new)]
}

#[track_caller]
fn changes(bed: &Testbed, arguments: &[&str], questions: &[(String, &str)]) -> Run {
    let questions: Vec<(&str, &str)> =
        questions.iter().map(|(question, answer)| (question.as_str(), *answer)).collect();
    typing(bed, &[&["change"], arguments].concat(), &questions)
}

fn was_sent(card: &CardHandle, instruction: u8) -> bool {
    card.log().iter().any(|entry| entry.is(instruction))
}

#[test]
fn the_state_of_each_pin_is_told_and_costs_nothing() {
    let bed = Testbed::with_readers(&["Counter"]).unwrap();
    let spec = CardSpec { tries_left: Some(0), ..CardSpec::esteid() };
    let card = bed.insert(0, &spec).unwrap();
    let run = typing(&bed, &["status"], &[]);
    run.says(
        0,
        &[
            "PIN1 for authentication",
            "blocked, no tries left",
            "PIN2 for signature",
            "3 of 3 tries left",
            "PUK: 3 of 3",
        ],
    );
    let json = typing(&bed, &["status", "--json", "--pin", "signature"], &[]).json();
    let [pin] = &json["pins"].as_array().unwrap()[..] else { panic!("{json}") };
    assert_eq!((&pin["pin"], &pin["label"]), (&"signature".into(), &"PIN2".into()));
    assert_eq!((&pin["triesLeft"], &pin["triesMaximum"]), (&3.into(), &3.into()));
    assert_eq!((&pin["minLength"], &pin["maxLength"]), (&5.into(), &12.into()));
    assert_eq!((&pin["activated"], &pin["canBeUnblocked"]), (&Value::Null, &true.into()));
    assert!(!was_sent(&card, 0x20));

    // a card of which nobody knows whether the question costs a try is not asked
    let card = bed.insert(0, &CardSpec::pkcs15(KeyKind::P256)).unwrap();
    typing(&bed, &["status"], &[]).says(0, &["the card does not say how many tries are left"]);
    assert!(!was_sent(&card, 0x20));
}

#[test]
fn a_fingerprint_is_told_from_a_pin() {
    let spec = CardSpec { finger: Some(7), ..CardSpec::pkcs15(KeyKind::P256) };
    let bed = Testbed::with_readers(&["Counter"]).unwrap();
    let card = bed.insert(0, &spec).unwrap();
    let run = typing(&bed, &["status"], &[]);
    run.says(
        0,
        &["PIN for authentication", "fingerprint Right index finger for authentication, instead of the PIN"],
    );
    let status = typing(&bed, &["status", "--json", "--pin", "authentication"], &[]).json();
    assert_eq!(status["pins"].as_array().unwrap().len(), 1);
    let finger = &status["biometrics"][0];
    assert_eq!((&finger["kind"], &finger["insteadOfPin"]), (&"fingerprint".into(), &true.into()));
    assert_eq!(finger["triesLeft"], Value::Null, "nobody knows whether asking is free");
    drop(card);
    let card = bed.insert(0, &CardSpec { finger_only: Some(true), ..spec }).unwrap();
    let run = typing(&bed, &["status", "--pin", "authentication"], &[]);
    run.says(0, &["fingerprint Right index finger for authentication, the key has no PIN"]);
    assert!(!run.out.contains(" PIN for "), "{run:?}");
    for task in ["change", "unblock", "activate"] {
        typing(&bed, &[task], &[]).complains(1, "the card wants a fingerprint");
    }
    assert!(!was_sent(&card, 0x20) && !was_sent(&card, 0x21));
}

#[test]
fn a_pin_is_changed_and_a_wrong_one_costs_the_one_try_that_is_told() {
    let bed = Testbed::with_readers(&["Counter"]).unwrap();
    let card = bed.insert(0, &CardSpec::esteid()).unwrap();
    let run = changes(&bed, &[], &change("PIN1", "9876", NEW));
    run.says(
        1,
        &[
            "PIN1: 3 of 3 tries left",
            "PIN1 is not changed: the current PIN was wrong.",
            "PIN1: 2 of 3 tries left",
        ],
    );
    assert_eq!(card.tries_left(0x01), Some(2));
    changes(&bed, &[], &change("PIN1", "1234", NEW))
        .says(0, &["PIN1: 2 of 3", "PIN1 is changed.", "PIN1: 3 of 3"]);
    let json = changes(&bed, &["--json"], &change("PIN1", "1234", "55555")).json();
    assert_eq!((&json["done"], &json["reason"]), (&false.into(), &"wrong-pin".into()));
    assert_eq!((&json["triesLeftBefore"], &json["triesLeft"]), (&3.into(), &2.into()));
    let run = changes(&bed, &["--json"], &change("PIN1", NEW, "55555"));
    let json = run.json();
    assert_eq!((run.code, &json["done"], &json["reason"]), (Some(0), &true.into(), &Value::Null));
    assert_eq!((&json["pin"], &json["label"]), (&"authentication".into(), &"PIN1".into()));
    // the other PIN has a value and a counter of its own
    changes(&bed, &["--pin", "signature"], &change("PIN2", "12345", NEW)).says(0, &["PIN2 is changed."]);
    assert_eq!((card.tries_left(0x01), card.tries_left(0x85)), (Some(3), Some(3)));
}

#[test]
fn pins_of_every_make_are_changed() {
    let bed = Testbed::with_readers(&["Counter"]).unwrap();
    let generation = CardSpec::of_generation;
    for (spec, name) in [
        (generation(Personality::Esteid, Generation::Thales), "PIN1"),
        (generation(Personality::Fineid, Generation::V3), "PIN1"),
        (generation(Personality::Fineid, Generation::V4), "PIN1"),
        (CardSpec::new(Personality::Lateid), "PIN1"),
        (CardSpec::piv(KeyKind::P256), "PIN"),
        (CardSpec::iasecc(KeyKind::P256), "PIN"),
        (CardSpec::pkcs15(KeyKind::P256), "PIN"),
    ] {
        bed.insert(0, &spec).unwrap();
        let old = spec.pins().pin.digits().to_owned();
        changes(&bed, &[], &change(name, &old, NEW)).says(0, &["is changed."]);
        changes(&bed, &[], &change(name, NEW, "246810")).says(0, &["is changed."]);
    }
}

#[test]
fn what_does_not_fit_is_never_sent() {
    let bed = Testbed::with_readers(&["Counter"]).unwrap();
    let card = bed.insert(0, &CardSpec::esteid()).unwrap();
    let takes = "this card takes 4 to 12 digits; nothing was sent to the card";
    for (answers, words) in [
        (&[("Current PIN1", "98")][..], takes),
        (&[("Current PIN1", "")], takes),
        (&[("Current PIN1", "1234"), ("New PIN1", "76x4321")], takes),
        (&[("Current PIN1", "1234"), ("New PIN1", "7654321765432")], takes),
        (&[("Current PIN1", "1234"), ("New PIN1", "1234")], "the new PIN is the old one"),
        (
            &[("Current PIN1", "1234"), ("New PIN1", NEW), ("New PIN1 again", "7654322")],
            "the new PIN was not the same twice",
        ),
        (&[("Current PIN1", "1234"), ("New PIN1", "76\u{3}")], "cancelled; nothing was sent"),
    ] {
        typing(&bed, &["change"], answers).complains(2, words);
    }
    assert!(!was_sent(&card, 0x24) && !was_sent(&card, 0x20));
    assert_eq!(card.tries_left(0x01), Some(3));
    // what was rubbed out is not part of it
    let questions =
        [("Current PIN1", "99\u{7f}\u{7f}1234"), ("New PIN1", "11\u{15}7654321"), ("New PIN1 again", NEW)];
    typing(&bed, &["change"], &questions).says(0, &["PIN1 is changed."]);
}

#[test]
fn a_blocked_pin_is_unblocked_with_the_puk() {
    let bed = Testbed::with_readers(&["Counter"]).unwrap();
    let blocked = |spec| CardSpec { tries_left: Some(0), signature_tries_left: Some(0), ..spec };
    let thales = CardSpec::of_generation(Personality::Esteid, Generation::Thales);
    for spec in [CardSpec::esteid(), thales] {
        bed.insert(0, &blocked(spec)).unwrap();
        typing(&bed, &["change"], &[]).complains(1, "the PIN is blocked: no tries are left");
        let wrong = [("PUK", "87654321"), ("New PIN1", NEW), ("New PIN1 again", NEW)];
        typing(&bed, &["unblock"], &wrong).says(
            1,
            &["PUK: 3 of 3", "PIN1 is not unblocked: the PUK was wrong.", "PIN1: blocked", "PUK: 2 of 3"],
        );
        let right = [("PUK", PUK), ("New PIN1", NEW), ("New PIN1 again", NEW)];
        typing(&bed, &["unblock"], &right).says(0, &["PIN1 is unblocked.", "PIN1: 3 of 3", "PUK: 3 of 3"]);
        let right = [("PUK", PUK), ("New PIN2", NEW), ("New PIN2 again", NEW)];
        let json = typing(&bed, &["unblock", "--json", "--pin", "signature"], &right).json();
        assert_eq!(
            (&json["done"], &json["triesLeft"], &json["pukTriesLeft"]),
            (&true.into(), &3.into(), &3.into())
        );
        changes(&bed, &[], &change("PIN1", NEW, "55555")).says(0, &["PIN1 is changed."]);
    }
    let card = bed.insert(0, &blocked(CardSpec::of_generation(Personality::Fineid, Generation::V4))).unwrap();
    typing(&bed, &["unblock"], &[]).complains(1, "how this card unblocks a PIN is not known");
    assert!(!was_sent(&card, 0x2C));
}

#[test]
fn a_new_card_is_activated_once() {
    let bed = Testbed::with_readers(&["Counter"]).unwrap();
    let spec = CardSpec {
        lifecycle: Lifecycle::Transport,
        transport_pin: Some(Pin::new("0000").unwrap()),
        ..CardSpec::of_generation(Personality::Esteid, Generation::Thales)
    };
    bed.insert(0, &spec).unwrap();
    typing(&bed, &["status"], &[]).says(0, &["not activated yet"]);
    typing(&bed, &["change"], &[]).complains(1, "the PIN is not activated yet");
    let questions =
        |transport| [("PIN2 that came with the card", transport), ("New PIN2", NEW), ("New PIN2 again", NEW)];
    typing(&bed, &["activate", "--pin", "signature"], &questions("9999")).says(
        1,
        &["PIN2 is not activated: what came with the card is another PIN.", "PIN2: 2 of 3 tries left"],
    );
    let json = typing(&bed, &["activate", "--pin", "signature", "--json"], &questions("0000")).json();
    assert_eq!((&json["done"], &json["activated"]), (&true.into(), &true.into()));
    typing(&bed, &["activate", "--pin", "signature"], &[]).complains(1, "the PIN is activated already");
}

/// Where the card access number is asked for, its question ends so.
const CAN: &str = "document number and dates instead)";

#[test]
fn pins_behind_pace_are_changed_and_unblocked_after_the_card_access_number_is_typed() {
    let bed = Testbed::with_readers(&["Counter"]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    for hypothesis in [Hypothesis::IasEccCam, Hypothesis::Pkcs15Gm] {
        let spec = CardSpec::cnie_2(hypothesis, 8);
        let card = bed.insert(0, &spec).unwrap();
        let can = spec.can().digits().to_owned();
        let pins = spec.pins();
        let asked = |current| [&[(CAN.to_owned(), can.as_str())][..], &change("PIN", current, NEW)].concat();
        changes(&bed, &[], &asked("999999"))
            .says(1, &["PIN is not changed: the current PIN was wrong.", "2 "]);
        changes(&bed, &[], &asked(pins.pin.digits())).says(0, &["PIN is changed."]);
        // a file instead, and the one command that costs a try goes encrypted
        let file = folder.path().join("can");
        fs::write(&file, &can).unwrap();
        let file = file.to_str().unwrap();
        let puk = pins.puk.digits();
        let questions = [("PUK", puk), ("New PIN", "7777777"), ("New PIN again", "7777777")];
        typing(&bed, &["unblock", "--can-file", file], &questions).says(0, &["PIN is unblocked."]);
        let log = card.log();
        let costly = |entry: &&bitaqa_virtual_card::command_log::LogEntry| entry.is(0x24) || entry.is(0x2C);
        assert!(log.iter().filter(costly).count() >= 3);
        assert!(log.iter().filter(costly).all(|entry| entry.header.starts_with("0C")));
    }
    // another number opens nothing, and no PIN is asked for
    typing(&bed, &["change"], &[(CAN, "654321")]).complains(1, "the card access number is wrong");
}

#[test]
fn pins_are_changed_and_unblocked_through_the_channel_that_the_reader_opened() {
    let options = ReaderOptions { pace: PaceKind::Yes, ..ReaderOptions::named("Counter") };
    let bed = Testbed::builder().reader(options).start().unwrap();
    for hypothesis in [Hypothesis::IasEccCam, Hypothesis::Pkcs15Gm] {
        let spec = CardSpec::cnie_2(hypothesis, 8);
        let card = bed.insert(0, &spec).unwrap();
        let (can, pins) = (spec.can(), spec.pins());
        let on_reader = || bed.pin_pad(0).unwrap().press_keys(can.digits());
        on_reader();
        changes(&bed, &[], &change("PIN", "999999", NEW)).says(1, &["PIN is not changed", "2 "]);
        on_reader();
        let run = changes(&bed, &[], &change("PIN", pins.pin.digits(), NEW));
        run.says(0, &["PIN is changed."]);
        assert!(run.err.contains("on the keys of the reader"), "{run:?}");
        on_reader();
        let questions = [("PUK", pins.puk.digits()), ("New PIN", "7777777"), ("New PIN again", "7777777")];
        typing(&bed, &["unblock"], &questions).says(0, &["PIN is unblocked."]);
        let log = card.log();
        let costly = |entry: &&bitaqa_virtual_card::command_log::LogEntry| entry.is(0x24) || entry.is(0x2C);
        assert_eq!(log.iter().filter(costly).count(), 3);
        assert!(log.iter().filter(costly).all(|entry| entry.header.starts_with("0C")));
        let opened = log.iter().filter(|entry| entry.header == "0022C1A4").count();
        assert_eq!(opened, 3, "the number is typed once for each");
    }
}

#[test]
fn a_refusal_is_no_verdict_on_the_pin() {
    let bed = Testbed::with_readers(&["Counter"]).unwrap();
    let card = bed.insert(0, &CardSpec::esteid()).unwrap();
    card.misbehave(Misbehaviour::at_instruction(1, 0x24, Effect::Status { status: 0x6A80 }));
    let run = changes(&bed, &[], &change("PIN1", "1234", NEW));
    run.says(1, &["PIN1 is not changed: the card refuses it (6A80).", "PIN1: 3 of 3 tries left"]);
}

#[test]
fn nobody_is_asked_where_it_is_not_clear_which_card_or_there_is_no_terminal() {
    let bed = Testbed::with_readers(&["Counter", "Back office"]).unwrap();
    let cards = [bed.insert(0, &CardSpec::esteid()).unwrap(), bed.insert(1, &CardSpec::esteid()).unwrap()];
    for command in ["change", "unblock", "activate"] {
        typing(&bed, &[command], &[]).complains(2, "Name one reader with --reader");
        typing(&bed, &[command, "--reader", "Window"], &[]).complains(2, "no reader's name contains");
        let mut without = bed.command("setsid");
        without.args(["--wait", env!("CARGO_BIN_EXE_bitaqa"), "card", "pin", command, "--reader", "Counter"]);
        let output = without.stdin(Stdio::null()).output().unwrap();
        let complaint = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{complaint}");
        assert!(complaint.contains("PINs are asked for on a terminal, and there is none"), "{complaint}");
        for secret in [&["1234"][..], &["--puk", PUK], &["--new", NEW]] {
            let output = Command::new(env!("CARGO_BIN_EXE_bitaqa"))
                .args(["card", "pin", command])
                .args(secret)
                .output()
                .unwrap();
            assert_eq!(output.status.code(), Some(2), "no secret is taken from the command line");
        }
    }
    for card in &cards {
        assert!(!was_sent(card, 0x24) && !was_sent(card, 0x2C) && !was_sent(card, 0x20));
    }
    let questions = change("PIN1", "1234", NEW);
    changes(&bed, &["--reader", "office"], &questions).says(0, &["Back office", "PIN1 is changed."]);
    assert!(was_sent(&cards[1], 0x24) && !was_sent(&cards[0], 0x24));
}
