//! The key pad of our reader, used by OpenSC through PC/SC part 10.

use std::{thread, time::Duration};

use bitaqa_testbed::{CardHandle, CardSpec, KeyKind, PinFormatName, Prompt, ReaderOptions, Testbed};

use crate::judge::Judge;

const ISO_7816: &str = "app default { enable_default_driver = true; }";
const VERIFY: [&str; 4] = ["--verify-pin", "--auth-id", "01", "--use-pinpad"];
const CHANGE: [&str; 4] = ["--change-pin", "--auth-id", "01", "--use-pinpad"];
/// Longer than anything takes.
const PATIENCE: Duration = Duration::from_secs(20);

fn bed_with(card: &CardSpec) -> (Testbed, CardHandle) {
    let bed = Testbed::builder().reader(ReaderOptions::with_pin_pad()).start().unwrap();
    let card = bed.insert(0, card).unwrap();
    (bed, card)
}

#[test]
fn opensc_sees_the_key_pad() {
    let (bed, _card) = bed_with(&CardSpec::esteid());
    let list = Judge::of(&bed).run("opensc-tool", &["--list-readers"]);
    assert!(list.contains("PIN pad"), "{list}");
    let plain = Testbed::builder().reader(ReaderOptions::default()).start().unwrap();
    let list = Judge::of(&plain).run("opensc-tool", &["--list-readers"]);
    assert!(!list.contains("PIN pad"), "{list}");
}

#[test]
fn a_pin_goes_from_the_key_pad_to_the_card_in_each_format() {
    for format in [PinFormatName::AsciiFf, PinFormatName::Ascii00, PinFormatName::Ascii] {
        let spec = CardSpec { pin_format: Some(format), ..CardSpec::pkcs15(KeyKind::P256) };
        let (bed, card) = bed_with(&spec);
        bed.pin_pad(0).unwrap().press_keys("1234");
        Judge::configured(&bed, ISO_7816).run("pkcs15-tool", &VERIFY);
        assert_eq!(card.verify_count(), 1, "{format:?}");
        assert_eq!(bed.pin_pad(0).unwrap().entries(), 1);
    }
}

#[test]
fn the_reader_waits_for_the_person() {
    let (bed, card) = bed_with(&CardSpec::esteid());
    let pad = bed.pin_pad(0).unwrap();
    thread::scope(|scope| {
        scope.spawn(|| {
            assert_eq!(pad.wait_until_waiting(PATIENCE), Some(Prompt::Verify));
            assert_eq!(card.verify_count(), 0);
            pad.press_keys("1234");
        });
        Judge::of(&bed).run("pkcs15-tool", &VERIFY);
    });
    assert_eq!(card.verify_count(), 1);
    assert_eq!(pad.waiting(), None);
}

#[test]
fn a_wrong_pin_at_the_key_pad_costs_a_try() {
    let (bed, card) = bed_with(&CardSpec::esteid());
    bed.pin_pad(0).unwrap().press_keys("9999");
    let said = Judge::of(&bed).fails("pkcs15-tool", &VERIFY);
    assert!(said.contains("PIN code or key incorrect"), "{said}");
    assert_eq!(card.tries_left(1), Some(2));
}

#[test]
fn cancel_timeout_and_a_short_pin_cost_no_try() {
    let (bed, card) = bed_with(&CardSpec::esteid());
    let pad = bed.pin_pad(0).unwrap();
    let judge = Judge::of(&bed);
    pad.cancel();
    let said = judge.fails("pkcs15-tool", &VERIFY);
    assert!(said.contains("Input operation cancelled by user"), "{said}");
    pad.let_time_out();
    let said = judge.fails("pkcs15-tool", &VERIFY);
    assert!(said.contains("Timed out while waiting for user input"), "{said}");
    pad.press_keys("123");
    let said = judge.fails("pkcs15-tool", &VERIFY);
    assert!(said.contains("Invalid PIN length"), "{said}");
    assert_eq!((card.verify_count(), card.tries_left(1)), (0, Some(3)));
}

#[test]
fn a_pin_is_changed_at_the_key_pad() {
    let (bed, card) = bed_with(&CardSpec::esteid());
    let pad = bed.pin_pad(0).unwrap();
    let judge = Judge::of(&bed);
    for digits in ["1234", "654321", "111111"] {
        pad.press_keys(digits);
    }
    let said = judge.fails("pkcs15-tool", &CHANGE);
    assert!(said.contains("The two PINs did not match"), "{said}");
    assert_eq!(card.tries_left(1), Some(3));
    for digits in ["1234", "654321", "654321"] {
        pad.press_keys(digits);
    }
    judge.run("pkcs15-tool", &CHANGE);
    pad.press_keys("654321");
    judge.run("pkcs15-tool", &VERIFY);
}

#[test]
fn a_card_pulled_while_the_reader_waits_ends_the_waiting() {
    let (bed, card) = bed_with(&CardSpec::esteid());
    let pad = bed.pin_pad(0).unwrap();
    thread::scope(|scope| {
        scope.spawn(|| {
            assert!(pad.wait_until_waiting(PATIENCE).is_some());
            bed.remove(0).unwrap();
        });
        Judge::of(&bed).fails("pkcs15-tool", &VERIFY);
    });
    assert_eq!(card.verify_count(), 0);
}

#[test]
fn opensc_signs_after_a_pin_at_the_key_pad() {
    let (bed, card) = bed_with(&CardSpec::esteid());
    bed.pin_pad(0).unwrap().press_keys("1234");
    let how = ["--slot-index", "0", "--id", "01", "--mechanism", "ECDSA"];
    Judge::of(&bed).sign_with_key_pad(&how, "sha384", &card.certificates().authentication);
    assert_eq!(card.verify_count(), 1);
}
