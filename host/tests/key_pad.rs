//! A PIN that is changed on a reader's own keys, through a real pcscd.
//!
//! libpcsclite reads once per process where its service is. So the test runs twice: first it starts the test bed, then, in a
//! process of its own, it is the client.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use std::{
    env, fmt,
    io::{self, Write as _},
};

use bitaqa_card::{Card, PinChangeEntry, PinVerdict, Profile, Role, Transport as _};
use bitaqa_host::reader::{Connection, connection::AfterTransaction, wait_for_end};
use bitaqa_testbed::{CardSpec, KeyKind, PinPadKind, ReaderOptions, Testbed};

/// Set where a test is the client.
const CLIENT: &str = "BITAQA_TEST_IS_THE_CLIENT";

/// Changes the PIN for signing in on the key pad and prints the verdict.
fn change_on_key_pad() {
    let context = pcsc::Context::establish(pcsc::Scope::User).unwrap();
    let [reader] = &context.list_readers_owned().unwrap()[..] else { panic!("not one reader") };
    let connection = Connection::open(reader.clone()).unwrap();
    let work = connection.transaction(AfterTransaction::Reset, |transport| {
        say(format_args!("can modify: {}", transport.can_modify_on_pin_pad()));
        let mut card = Card::discover(transport, &[], &Profile::compiled_in().unwrap()).unwrap();
        let credential = card.credential(Role::Authentication).unwrap();
        card.change_pin(&credential, PinChangeEntry::PinPad).map(|outcome| outcome.verdict)
    });
    let (outcome, usage) =
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(work).unwrap();
    say(format_args!("outcome: {outcome:?}, presented: {}", usage.pin_presented));
    drop(connection);
    assert!(wait_for_end(), "the card is still held");
}

fn say(words: fmt::Arguments<'_>) {
    io::stdout().write_all(format!("{words}\n").as_bytes()).unwrap();
}

/// What the client prints, with this card in a reader with this key pad on which these keys are pressed.
fn changed(test: &str, spec: &CardSpec, pin_pad: PinPadKind, keys: &[&str]) -> (String, Option<u8>) {
    let options = ReaderOptions { pin_pad, ..ReaderOptions::default() };
    let bed = Testbed::builder().reader(options).start().unwrap();
    let card = bed.insert(0, spec).unwrap();
    let pad = bed.pin_pad(0).unwrap();
    for digits in keys {
        pad.press_keys(digits);
    }
    let mut command = bed.command(env::current_exe().unwrap());
    let output = command.args(["--exact", test, "--nocapture"]).env(CLIENT, "yes").output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    (said, card.tries_left(if spec.personality == CardSpec::esteid().personality { 0x01 } else { 0x81 }))
}

#[test]
fn a_pin_is_changed_on_the_keys_of_the_reader() {
    if env::var_os(CLIENT).is_some() {
        return change_on_key_pad();
    }
    let changed = |spec: &CardSpec, pad, keys: &[&str]| {
        changed("a_pin_is_changed_on_the_keys_of_the_reader", spec, pad, keys)
    };
    let correct = format!("outcome: Ok(Ok({:?})), presented: true", PinVerdict::Correct);
    let pad = PinPadKind::VerifyModify;
    for spec in [CardSpec::esteid(), CardSpec::pkcs15(KeyKind::P256)] {
        let (said, left) = changed(&spec, pad, &["1234", "765432", "765432"]);
        assert!(said.contains("can modify: true") && said.contains(&correct), "{said}");
        assert_eq!(left, Some(3));
        let (said, left) = changed(&spec, pad, &["9999", "765432", "765432"]);
        assert!(said.contains("Wrong { tries_left: Some(2) }"), "{said}");
        assert_eq!(left, Some(2));
        let (said, left) = changed(&spec, pad, &["1234", "765432", "765433"]);
        assert!(said.contains("ConfirmationOnPad"), "{said}");
        assert_eq!(left, Some(3));
    }
    // a key pad that only verifies
    let (said, left) = changed(&CardSpec::esteid(), PinPadKind::Verify, &["1234", "765432", "765432"]);
    assert!(said.contains("can modify: false") && said.contains("cannot change this PIN"), "{said}");
    assert_eq!(left, Some(3));
}
