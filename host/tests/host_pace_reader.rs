//! Readers that run PACE themselves, through the real program, a real pcscd and a real window: the number printed on the card is
//! typed on the reader, once, and neither it nor the PIN of the key pad reaches this computer.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod host_peer;
mod other_program;
mod sign_in_place;
mod window_desktop;

use std::time::Duration;

use bitaqa_protocol::{
    claim::Claim,
    my_card::{ChipOnCard, DocumentOnCard, MyCard},
};
use bitaqa_testbed::{CardSpec, Hypothesis, PaceKind, PinPadKind, Prompt, ReaderOptions};
use host_peer::{failure, request, wait_until};
use other_program::{Deed, OtherProgram, play_the_other_program};
use serde_json::{Value, json};
use sign_in_place::{NUMBER, Place, closed_card, is_valid_token, keys, pace_runs};
use window_desktop::{Desktop, DesktopOptions, listener::Listener};

/// A number that is printed on no card of these tests.
const WRONG_NUMBER: &str = "999999";
/// A person looks at the reader; a busy computer may make it wait.
const ASKED_WITHIN: Duration = Duration::from_secs(20);

fn reader(pin_pad: PinPadKind, pace: PaceKind) -> ReaderOptions {
    ReaderOptions { pin_pad, pace, ..ReaderOptions::default() }
}

fn place(pin_pad: PinPadKind, spec: &CardSpec) -> Place {
    Place::in_reader(reader(pin_pad, PaceKind::Yes), spec)
}

/// Waits until the reader asks for this.
#[track_caller]
fn asks_for(place: &Place, prompt: Prompt) {
    let asked = place.bed.pin_pad(0).unwrap().wait_until_waiting(ASKED_WITHIN);
    assert_eq!(asked, Some(prompt), "what the reader asks for");
}

/// Types this on the reader once it asks for it, and waits until it has it.
#[track_caller]
fn type_on_reader(place: &Place, prompt: Prompt, digits: &str) {
    let pad = place.bed.pin_pad(0).unwrap();
    asks_for(place, prompt);
    let before = pad.entries();
    pad.press_keys(digits);
    wait_until("the reader to take what is typed", ASKED_WITHIN, || pad.entries() > before);
}

#[track_caller]
fn number_on_reader(place: &Place) {
    type_on_reader(place, Prompt::CardAccessNumber, &NUMBER.concat());
}

/// Waits for the reset that closes the card behind everything that was asked of it.
#[track_caller]
fn is_closed_again(place: &Place) {
    wait_until("the card to be closed again", ASKED_WITHIN, || place.card.is_closed());
}

/// Whether each PIN went to the card under secure messaging.
#[track_caller]
fn presented_under_protection(place: &Place) {
    let log = place.card.log();
    let mut presented = log.iter().filter(|entry| entry.presented).peekable();
    assert!(presented.peek().is_some(), "a PIN was presented");
    assert!(presented.all(|entry| entry.header.starts_with("0C20")), "protected by the reader");
}

#[test]
fn number_and_pin_are_typed_on_the_reader_once_each_and_the_card_is_closed_afterwards() {
    for hypothesis in [Hypothesis::IasEccCam, Hypothesis::Pkcs15Gm] {
        let spec = closed_card(hypothesis, 21);
        let mut place = place(PinPadKind::Verify, &spec);
        let pin = spec.pins().pin;
        for request in 1..=2 {
            let id = place.ask();
            place.peer.wait_for_stage(&id, "waiting-for-person");
            number_on_reader(&place);
            type_on_reader(&place, Prompt::Verify, pin.digits());
            let answer = place.peer.next_answer();
            is_valid_token(&answer);
            // no channel is left from the request before, or the number would not be asked for
            assert_eq!((pace_runs(&place.card), place.card.verify_count()), (request, request));
            place.window_is_gone();
        }
        presented_under_protection(&place);
    }
}

#[test]
fn where_the_reader_has_no_pin_pad_the_pin_is_typed_in_the_window_and_the_reader_protects_it() {
    let spec = closed_card(Hypothesis::IasEccCam, 22);
    let mut place = place(PinPadKind::None, &spec);
    let id = place.ask();
    place.peer.wait_for_stage(&id, "waiting-for-person");
    number_on_reader(&place);
    place.peer.wait_for_stage(&id, "reading");
    place.peer.wait_for_stage(&id, "waiting-for-person");
    let pin = spec.pins().pin;
    // a wrong one first: it costs a try, and no second number
    place.enter(&id, &vec!["9"; pin.digits().len()]);
    place.peer.wait_for_stage(&id, "waiting-for-person");
    place.enter(&id, &keys(pin.digits()));
    is_valid_token(&place.peer.next_answer());
    assert_eq!((pace_runs(&place.card), place.card.verify_count()), (1, 2));
    presented_under_protection(&place);
}

#[test]
fn a_wrong_pin_on_the_key_pad_needs_no_second_number() {
    let spec = closed_card(Hypothesis::Pkcs15Gm, 23);
    let mut place = place(PinPadKind::Verify, &spec);
    let pin = spec.pins().pin;
    place.ask();
    number_on_reader(&place);
    type_on_reader(&place, Prompt::Verify, &"9".repeat(pin.digits().len()));
    type_on_reader(&place, Prompt::Verify, pin.digits());
    is_valid_token(&place.peer.next_answer());
    assert_eq!((pace_runs(&place.card), place.card.verify_count()), (1, 2));
}

#[test]
fn a_wrong_number_is_asked_for_again_and_the_window_says_where_to_type_it() {
    // high enough for nothing to be scrolled away
    let options =
        DesktopOptions { screen: (1366, 1300), assistive_technology: true, ..DesktopOptions::default() };
    let desktop = Desktop::start(options);
    let mut listener = Listener::start(&desktop);
    let spec = closed_card(Hypothesis::IasEccCam, 24);
    let mut place = Place::in_readers(desktop, &[reader(PinPadKind::Verify, PaceKind::Yes)], &spec);
    let id = place.ask();
    place.peer.wait_for_stage(&id, "waiting-for-person");
    says(
        &mut listener,
        &["Type the card access number on the card reader", "The reader opens the card itself"],
    );
    type_on_reader(&place, Prompt::CardAccessNumber, WRONG_NUMBER);
    says(&mut listener, &["That number was wrong."]);
    number_on_reader(&place);
    says(&mut listener, &["Type the PIN on the card reader"]);
    type_on_reader(&place, Prompt::Verify, spec.pins().pin.digits());
    let answer = place.peer.next_answer();
    is_valid_token(&answer);
    assert_eq!((pace_runs(&place.card), place.card.verify_count()), (2, 1));

    place.peer.close();
    let said = place.peer.rest().iter().chain([&answer]).map(ToString::to_string).collect::<String>();
    place.peer.ends_within(Duration::from_secs(20));
    let errors = place.peer.errors();
    for secret in [&NUMBER.concat(), WRONG_NUMBER] {
        for told in [&said, &errors, &place.bed.service_log()] {
            assert!(!told.contains(secret), "{told}");
        }
    }
}

#[test]
fn who_gives_up_on_the_reader_hears_of_the_number_only_where_it_was_wrong() {
    let mut place = place(PinPadKind::Verify, &closed_card(Hypothesis::Pkcs15Gm, 25));
    let pad = place.bed.pin_pad(0).unwrap();
    for (wrong_numbers, times_out, code) in
        [(0, false, "user-cancelled"), (1, false, "can-wrong"), (0, true, "user-timeout")]
    {
        let id = place.ask();
        let before = pace_runs(&place.card);
        for _ in 0..wrong_numbers {
            type_on_reader(&place, Prompt::CardAccessNumber, WRONG_NUMBER);
        }
        asks_for(&place, Prompt::CardAccessNumber);
        if times_out {
            pad.let_time_out();
        } else {
            pad.cancel();
        }
        let answer = place.peer.next_answer();
        assert_eq!(failure(&answer), (Some(id.as_str()), code));
        assert_eq!(pace_runs(&place.card), before + wrong_numbers, "nothing else was tried");
    }
    assert_eq!(place.card.verify_count(), 0);
}

#[test]
fn who_gives_up_in_the_window_leaves_no_card_open_whatever_is_typed_on_the_reader_later() {
    let spec = closed_card(Hypothesis::IasEccCam, 26);
    let mut place = place(PinPadKind::Verify, &spec);
    let id = place.ask();
    asks_for(&place, Prompt::CardAccessNumber);
    place.escape();
    assert_eq!(failure(&place.peer.next_answer()), (Some(id.as_str()), "user-cancelled"));
    // the reader did not hear of it
    number_on_reader(&place);
    is_closed_again(&place);
    // between number and PIN
    let id = place.ask();
    number_on_reader(&place);
    asks_for(&place, Prompt::Verify);
    place.escape();
    assert_eq!(failure(&place.peer.next_answer()), (Some(id.as_str()), "user-cancelled"));
    place.bed.pin_pad(0).unwrap().cancel();
    is_closed_again(&place);
    assert_eq!((pace_runs(&place.card), place.card.verify_count()), (2, 0));
}

#[test]
fn the_end_of_the_window_between_number_and_pin_closes_the_card() {
    let mut place = place(PinPadKind::None, &closed_card(Hypothesis::Pkcs15Gm, 27));
    let id = place.ask();
    place.peer.wait_for_stage(&id, "waiting-for-person");
    number_on_reader(&place);
    place.peer.wait_for_stage(&id, "reading");
    place.peer.wait_for_stage(&id, "waiting-for-person");
    place.escape();
    assert_eq!(failure(&place.peer.next_answer()), (Some(id.as_str()), "user-cancelled"));
    is_closed_again(&place);
}

#[test]
fn where_the_reader_fails_at_pace_the_number_is_typed_in_the_window() {
    let spec = closed_card(Hypothesis::IasEccCam, 28);
    let mut place = Place::in_reader(reader(PinPadKind::Verify, PaceKind::Fails), &spec);
    for request in 1..=2 {
        let id = place.ask();
        place.peer.wait_for_stage(&id, "waiting-for-person");
        place.enter_number(&id, &NUMBER);
        place.peer.wait_for_stage(&id, "waiting-for-person");
        // the session is ours, so the reader's keys are no way for a PIN
        place.enter(&id, &keys(spec.pins().pin.digits()));
        is_valid_token(&place.peer.next_answer());
        assert_eq!((pace_runs(&place.card), place.card.verify_count()), (2 * request, request));
        place.window_is_gone();
    }
    assert_eq!(place.bed.pin_pad(0).unwrap().entries(), 0);
}

#[test]
fn a_card_that_leaves_while_the_reader_asks_is_waited_for_and_asked_about_anew() {
    let spec = closed_card(Hypothesis::Pkcs15Gm, 29);
    let mut place = place(PinPadKind::Verify, &spec);
    let id = place.ask();
    asks_for(&place, Prompt::CardAccessNumber);
    place.bed.remove(0).unwrap();
    place.peer.wait_for_stage(&id, "waiting-for-card");
    place.bed.insert_again(0, &place.card).unwrap();
    number_on_reader(&place);
    type_on_reader(&place, Prompt::Verify, spec.pins().pin.digits());
    is_valid_token(&place.peer.next_answer());
    assert_eq!((pace_runs(&place.card), place.card.verify_count()), (1, 1));
}

#[test]
fn a_card_that_another_program_reset_is_opened_again_and_another_card_gets_no_pin() {
    const TEST: &str = "a_card_that_another_program_reset_is_opened_again_and_another_card_gets_no_pin";
    if play_the_other_program() {
        return;
    }
    let spec = closed_card(Hypothesis::IasEccCam, 30);
    let mut place = place(PinPadKind::None, &spec);
    for swapped in [false, true] {
        let id = place.ask();
        place.peer.wait_for_stage(&id, "waiting-for-person");
        number_on_reader(&place);
        place.peer.wait_for_stage(&id, "reading");
        place.peer.wait_for_stage(&id, "waiting-for-person");
        let before = place.card.verify_count();
        let other = swapped.then(|| place.bed.swap_unseen(0, &spec.clone().for_person("youssef")).unwrap());
        drop(OtherProgram::start(&place.bed, TEST, Deed::Reset));
        place.enter(&id, &keys(spec.pins().pin.digits()));
        assert_eq!(place.card.verify_count(), before, "the channel is gone: no PIN goes in the clear");
        number_on_reader(&place);
        match other {
            None => {
                place.peer.wait_for_stage(&id, "reading");
                place.peer.wait_for_stage(&id, "waiting-for-person");
                place.enter(&id, &keys(spec.pins().pin.digits()));
                is_valid_token(&place.peer.next_answer());
                assert_eq!((pace_runs(&place.card), place.card.verify_count()), (2, before + 1));
                place.window_is_gone();
            }
            Some(other) => {
                assert_eq!(failure(&place.peer.next_answer()), (Some(id.as_str()), "card-changed"));
                assert_eq!(
                    (pace_runs(&other), other.verify_count(), place.card.verify_count()),
                    (1, 0, before)
                );
            }
        }
    }
}

/// From the first switch of "My card" over all four, to the button behind what else opens the card, and the one that ends it.
const AGREE: [&str; 6] = ["Tab"; 6];

/// Asks for what is on the card, and agrees to everything: the reader asks for the number next.
fn ask_for_my_card(place: &mut Place, asked: u32) -> String {
    let id = request(asked);
    place.peer.send(&json!({ "type": "read-my-card", "id": id, "language": "en" }));
    place.peer.wait_for_stage(&id, "waiting-for-person");
    id
}

fn my_card(answer: &Value) -> MyCard {
    assert_eq!(answer["type"], "my-card", "{answer}");
    serde_json::from_value(answer["card"].clone()).unwrap()
}

#[test]
fn my_card_is_read_whole_in_the_session_that_the_reader_opened_with_one_number() {
    // what needs the keys of the session is out of reach: the reader has them; active authentication needs none
    for (hypothesis, chip_is, keys) in [
        (Hypothesis::IasEccCam, ChipOnCard::NotChecked, 2),
        (Hypothesis::Pkcs15Gm, ChipOnCard::NotChecked, 2),
        (Hypothesis::IcaoOnly, ChipOnCard::Proven, 0),
    ] {
        let spec = closed_card(hypothesis, 31);
        let mut place = place(PinPadKind::Verify, &spec);
        let id = ask_for_my_card(&mut place, 1);
        let pad = place.bed.pin_pad(0).unwrap();
        assert_eq!((pace_runs(&place.card), pad.entries()), (0, 0), "nothing before anybody agreed");
        place.enter_number(&id, &AGREE);
        type_on_reader(&place, Prompt::CardAccessNumber, WRONG_NUMBER);
        number_on_reader(&place);
        let card = my_card(&place.peer.next_answer());
        let Some(DocumentOnCard::Icao { contents, chip, .. }) = &card.document else { panic!("a document") };
        let surname = spec.holder().unwrap().surname.to_uppercase();
        assert!(contents.values.iter().any(|told| told.claim == Claim::FamilyName && told.value == surname));
        assert!(contents.photo.is_some() && contents.not_given.is_empty() && contents.unreadable.is_empty());
        assert_eq!(*chip, chip_is, "{hypothesis:?}");
        assert_eq!((card.certificates.len(), card.pins.len()), (keys, keys), "{hypothesis:?}");
        // the wrong number and the right one: certificates needed none of their own
        assert_eq!((pace_runs(&place.card), pad.entries(), place.card.verify_count()), (2, 2, 0));
        is_closed_again(&place);
    }
}

#[test]
fn who_gives_up_my_card_on_the_reader_gets_nothing_and_may_type_the_number_in_the_window() {
    let mut place = place(PinPadKind::None, &closed_card(Hypothesis::IcaoOnly, 32));
    let id = ask_for_my_card(&mut place, 1);
    place.enter_number(&id, &AGREE);
    asks_for(&place, Prompt::CardAccessNumber);
    place.bed.pin_pad(0).unwrap().cancel();
    assert_eq!(failure(&place.peer.next_answer()), (Some(id.as_str()), "user-cancelled"));
    assert_eq!(pace_runs(&place.card), 0);
    // behind the switches is what opens the card otherwise
    let id = ask_for_my_card(&mut place, 2);
    place.wait_for_window();
    std::thread::sleep(window_desktop::PAST_TOO_EARLY);
    place.desktop.press(&["Tab", "Tab", "Tab", "Tab", "space"]);
    place.enter_number(&id, &NUMBER);
    assert!(my_card(&place.peer.next_answer()).document.is_some());
    // this program opens it for each of its two transactions
    assert_eq!((pace_runs(&place.card), place.bed.pin_pad(0).unwrap().entries()), (2, 0));
}

#[test]
fn where_the_reader_fails_at_pace_my_card_asks_for_the_number_in_the_window() {
    let spec = closed_card(Hypothesis::IcaoOnly, 33);
    let mut place = Place::in_reader(reader(PinPadKind::Verify, PaceKind::Fails), &spec);
    let id = ask_for_my_card(&mut place, 1);
    place.enter_number(&id, &AGREE);
    // at the reader, which fails; then in the window
    place.peer.wait_for_stage(&id, "waiting-for-person");
    place.peer.wait_for_stage(&id, "waiting-for-person");
    place.enter_number(&id, &[&["Tab"; 4][..], &NUMBER].concat());
    assert!(my_card(&place.peer.next_answer()).document.is_some());
}

/// Waits until the window shows each of these texts to assistive technology.
#[track_caller]
fn says(listener: &mut Listener, texts: &[&str]) {
    wait_until(&format!("the window to say {texts:?}"), ASKED_WITHIN, || {
        let tree = listener.tree();
        texts.iter().all(|text| tree.iter().any(|line| line.contains(text)))
    });
}
