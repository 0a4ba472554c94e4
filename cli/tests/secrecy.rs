//! Everything that `bitaqa card …` says, when it goes well and when a card does something wrong, searched for what opens a
//! card and for whose it is. The environment asks for all that Rust programs can be asked to tell.
//!
//! What a person types for `card pin` is searched for in `card_pin.rs`, in every run there.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it cannot go on"
)]

#[allow(dead_code, reason = "each test uses a part of it")]
mod chip_desk;

use std::process::{Output, Stdio};

use bitaqa_testbed::{CardSpec, Effect, Misbehaviour, Personality, Testbed};
use bitaqa_virtual_card::{pin::Pin, spec::Hypothesis};
use chip_desk::{Desk, has_no_secret, text};

const PIN: &str = "58203917";
const SIGNATURE_PIN: &str = "71640285";
const PUK: &str = "90817263";

/// What shows the holder on standard output, because that is what it is for. On standard error nothing does.
const SHOWS_ON_PURPOSE: [&str; 2] = ["read", "certificates"];

/// What can be asked of a card without anybody at a terminal.
fn commands(desk: &Desk, key: &str) -> Vec<Vec<String>> {
    let (option, file) = (format!("--{key}-file"), desk.path(key));
    let (out, other_out) = (desk.path("out"), desk.path("other-out"));
    let words: [&[&str]; 9] = [
        &["list"],
        &["info"],
        &["info", "--json"],
        &["certificates"],
        &["report", "--json"],
        &["pin", "status", "--json"],
        &["authenticate", &option, &file],
        &["read", "--out", &out, &option, &file],
        &["read", "--json", "--groups", "dg1,dg2", "--out", &other_out, &option, &file],
    ];
    words.iter().map(|words| words.iter().map(|word| (*word).to_owned()).collect()).collect()
}

fn run(bed: &Testbed, arguments: &[String]) -> Output {
    let mut command = bed.command(env!("CARGO_BIN_EXE_bitaqa"));
    command.env("RUST_LOG", "trace").env("RUST_BACKTRACE", "full").env("RUST_LIB_BACKTRACE", "1");
    command.arg("card").args(arguments).stdin(Stdio::null()).output().unwrap()
}

#[track_caller]
fn says_nothing_secret(bed: &Testbed, spec: &CardSpec, arguments: &[String]) -> Output {
    let output = run(bed, arguments);
    let (said, complained) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.code().is_some_and(|code| code <= 2), "{arguments:?}: {complained}");
    has_no_secret(&complained, spec);
    // a reading that comes to a no, because something does not match, still says what was read
    if !SHOWS_ON_PURPOSE.contains(&arguments[0].as_str()) {
        has_no_secret(&said, spec);
    }
    for words in [&said, &complained] {
        for pin in [PIN, SIGNATURE_PIN, PUK, "654321"] {
            assert!(!words.contains(pin), "{arguments:?}: {words}");
        }
        assert!(!words.contains("panicked"), "{arguments:?}: {words}");
    }
    output
}

/// One card of each kind, and what opens it.
fn cards() -> [(CardSpec, &'static str); 4] {
    let pins = |spec: CardSpec| CardSpec {
        pin: Some(Pin::new(PIN).unwrap()),
        signature_pin: Some(Pin::new(SIGNATURE_PIN).unwrap()),
        puk: Some(Pin::new(PUK).unwrap()),
        ..spec
    };
    [
        (pins(CardSpec::esteid()), "can"),
        (CardSpec::cnie_2(Hypothesis::IasEccCam, 3), "can"),
        (CardSpec::new(Personality::PassportBac), "mrz"),
        (CardSpec::new(Personality::Bahrain2016), "can"),
    ]
}

#[test]
fn what_goes_well_shows_the_holder_only_where_that_is_asked_for() {
    for (spec, key) in cards() {
        // a bed for each: right after a change of cards pcscd may give the new answer to reset in the old one's length
        let bed = Testbed::with_readers(&["Counter"]).unwrap();
        bed.insert(0, &spec).unwrap();
        let mut went_well = 0;
        let desk = Desk::of(&spec);
        for arguments in commands(&desk, key) {
            let output = says_nothing_secret(&bed, &spec, &arguments);
            went_well += u32::from(output.status.success());
            let is_read = spec.has_document() && ["read", "authenticate"].contains(&arguments[0].as_str());
            let complaint = text(&output.stderr);
            assert!(!is_read || output.status.success(), "{:?} {arguments:?}: {complaint}", spec.personality);
        }
        assert!(went_well >= 3, "{:?}: only {went_well} commands", spec.personality);
    }
}

#[test]
fn what_goes_wrong_says_nothing_about_the_holder() {
    let effects = [
        Effect::Truncate { keep: 3 },
        Effect::EarlyEnd { keep: 1 },
        Effect::WrongTag { tag: 0x41 },
        Effect::Status { status: 0x6F00 },
        Effect::Replay,
    ];
    for (spec, key) in cards() {
        let bed = Testbed::with_readers(&["Counter"]).unwrap();
        let card = bed.insert(0, &spec).unwrap();
        let mut went_wrong = 0;
        for (number, effect) in effects.iter().enumerate() {
            let desk = Desk::of(&spec);
            for arguments in commands(&desk, key).into_iter().skip(1) {
                card.behave();
                // at another place for each effect, from the first command on
                let at = 1 + 4 * u32::try_from(number).unwrap();
                card.misbehave(Misbehaviour::at(at, effect.clone()));
                went_wrong += u32::from(!says_nothing_secret(&bed, &spec, &arguments).status.success());
            }
        }
        assert!(went_wrong >= 5, "{:?}: only {went_wrong} runs", spec.personality);
    }
}

#[test]
fn wrong_and_useless_keys_are_not_said_again() {
    let spec = CardSpec::cnie_2(Hypothesis::Pkcs15Gm, 5);
    let bed = Testbed::with_readers(&["Counter"]).unwrap();
    bed.insert(0, &spec).unwrap();
    let desk = Desk::of(&spec);
    for (option, file) in [
        ("--can-file", "other-can"),
        // the zone is no number, the number is no zone
        ("--can-file", "mrz"),
        ("--mrz-file", "can"),
    ] {
        let arguments: Vec<String> =
            ["read", "--out", &desk.path("out"), option, &desk.path(file)].map(str::to_owned).into();
        assert!(!says_nothing_secret(&bed, &spec, &arguments).status.success(), "{option} {file}");
    }
    // on the command line it is not taken at all, and not repeated
    for arguments in
        [["read", "--can", "123456"], ["authenticate", "--can", "123456"], ["info", "--pin", PIN]]
    {
        let arguments = arguments.map(str::to_owned);
        assert!(!says_nothing_secret(&bed, &spec, &arguments).status.success(), "{arguments:?}");
    }
}
