//! Cards that open with the number printed on them, through the real program, a real pcscd and a real window: asked for once,
//! tried once, kept for one request, and told to nobody.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it cannot go on"
)]

mod host_peer;
mod sign_in_place;
mod window_desktop;

use std::time::Duration;

use bitaqa_testbed::{CardSpec, Hypothesis, KeyKind, PinPadKind, ReaderOptions};
use host_peer::{failure, wait_until};
use sign_in_place::{NUMBER, Place, closed_card, is_valid_token, keys, pace_runs};
use window_desktop::{Desktop, DesktopOptions, listener::Listener};

/// A number that is printed on no card of these tests.
const WRONG_NUMBER: [&str; 6] = ["9", "9", "9", "9", "9", "9"];
/// Assistive technology is slow on a busy computer.
const HEARD_WITHIN: Duration = Duration::from_secs(20);

/// A sign-in in which the number and the PIN are asked for.
fn sign_in(place: &mut Place, spec: &CardSpec) {
    let id = place.ask();
    place.peer.wait_for_stage(&id, "waiting-for-person");
    place.enter_number(&id, &NUMBER);
    finish(place, &id, spec);
}

/// The rest of a sign-in, after the number: PIN and token.
fn finish(place: &mut Place, id: &str, spec: &CardSpec) {
    place.peer.wait_for_stage(id, "waiting-for-person");
    place.enter(id, &keys(spec.pins().pin.digits()));
    is_valid_token(&place.peer.next_answer());
}

#[test]
fn every_card_behind_pace_signs_in_with_number_and_pin() {
    for (hypothesis, seed) in [
        (Hypothesis::IasEccCam, 1),
        (Hypothesis::Pkcs15Gm, 2),
        (Hypothesis::IasEccCam, 3),
        (Hypothesis::Pkcs15Gm, 4),
        (Hypothesis::IasEccCam, 17),
        (Hypothesis::Pkcs15Gm, 18),
    ] {
        let key = if seed > 16 { KeyKind::Rsa2048 } else { KeyKind::P256 };
        let spec = CardSpec { key: Some(key), ..closed_card(hypothesis, seed) };
        let mut place = Place::with(&spec);
        let id = place.ask();
        place.peer.wait_for_stage(&id, "waiting-for-person");
        assert_eq!(pace_runs(&place.card), 0, "nothing is tried before anybody typed");
        place.enter_number(&id, &NUMBER);
        place.peer.wait_for_stage(&id, "waiting-for-person");
        assert_eq!(pace_runs(&place.card), 1, "one number, one try");
        place.enter(&id, &keys(spec.pins().pin.digits()));
        let answer = place.peer.next_answer();
        is_valid_token(&answer);
        let certificate = answer["token"]["unverifiedCertificate"].as_str().unwrap();
        assert_eq!(
            certificate,
            bitaqa_protocol::encode_base64(place.card.certificates().authentication.der())
        );
        assert_eq!((pace_runs(&place.card), place.card.verify_count()), (2, 1), "{hypothesis:?} {seed}");
        let commands = usize::try_from(answer["timing"]["commands"].as_u64().unwrap()).unwrap();
        assert_eq!(commands, place.card.log().len(), "as the card counts them");
    }
}

#[test]
fn the_number_is_asked_for_again_with_the_next_request() {
    let spec = closed_card(Hypothesis::Pkcs15Gm, 5);
    let mut place = Place::with(&spec);
    for request in 1..=2 {
        sign_in(&mut place, &spec);
        place.window_is_gone();
        assert_eq!((pace_runs(&place.card), place.card.verify_count()), (2 * request, request));
    }
}

#[test]
fn a_wrong_number_is_asked_for_again_and_neither_number_nor_pin_is_told_to_anybody() {
    // high enough for nothing to be scrolled away
    let options =
        DesktopOptions { screen: (1366, 1300), assistive_technology: true, ..DesktopOptions::default() };
    let desktop = Desktop::start(options);
    let mut listener = Listener::start(&desktop);
    let spec = closed_card(Hypothesis::IasEccCam, 6);
    let mut place = Place::on(desktop, 1, &spec);
    let id = place.ask();
    place.peer.wait_for_stage(&id, "waiting-for-person");
    says(&mut listener, &["Which number is printed on your card?", "Card access number, 6 digits"]);
    place.enter_number(&id, &WRONG_NUMBER);
    place.peer.wait_for_stage(&id, "waiting-for-person");
    says(&mut listener, &["That number was wrong."]);
    assert_eq!(pace_runs(&place.card), 1);
    place.enter_number(&id, &NUMBER);
    place.peer.wait_for_stage(&id, "waiting-for-person");
    let seen = says(&mut listener, &["Do you want to sign in with your card?", "PIN for signing in"]);
    assert!(!seen.contains("access number"), "the number is not asked for any more: {seen}");
    assert_eq!((pace_runs(&place.card), place.card.verify_count()), (2, 0));
    place.enter(&id, &keys(spec.pins().pin.digits()));
    let answer = place.peer.next_answer();
    is_valid_token(&answer);
    assert_eq!((pace_runs(&place.card), place.card.verify_count()), (3, 1));

    place.peer.close();
    let said = place.peer.rest().iter().chain([&answer]).map(ToString::to_string).collect::<String>();
    place.peer.ends_within(Duration::from_secs(20));
    let errors = place.peer.errors();
    for secret in [NUMBER.concat(), WRONG_NUMBER.concat()] {
        for told in [&said, &errors, &seen, &place.bed.service_log()] {
            assert!(!told.contains(&secret), "{told}");
        }
    }
}

#[test]
fn a_wrong_pin_opens_the_card_once_more_and_the_number_is_not_asked_for_again() {
    let spec = closed_card(Hypothesis::Pkcs15Gm, 7);
    let mut place = Place::with(&spec);
    let id = place.ask_up_to_pin();
    let pin = spec.pins().pin;
    place.enter(&id, &vec!["9"; pin.digits().len()]);
    finish(&mut place, &id, &spec);
    assert_eq!((pace_runs(&place.card), place.card.verify_count()), (3, 2));
}

#[test]
fn who_gives_up_hears_of_the_number_only_where_it_was_wrong() {
    let mut place = Place::with(&closed_card(Hypothesis::Pkcs15Gm, 8));
    for (wrong_numbers, code) in [(0, "user-cancelled"), (1, "can-wrong")] {
        let id = place.ask();
        place.peer.wait_for_stage(&id, "waiting-for-person");
        for _ in 0..wrong_numbers {
            place.enter_number(&id, &WRONG_NUMBER);
            place.peer.wait_for_stage(&id, "waiting-for-person");
        }
        place.escape();
        let answer = place.peer.next_answer();
        assert_eq!(failure(&answer), (Some(id.as_str()), code));
        assert_eq!(answer["error"].as_object().unwrap().len(), 1, "and of nothing else: {answer}");
        assert_eq!(pace_runs(&place.card), wrong_numbers);
    }
}

#[test]
fn a_key_pad_gets_no_pin_of_a_card_that_was_opened() {
    let options = ReaderOptions { pin_pad: PinPadKind::Verify, ..ReaderOptions::default() };
    let spec = closed_card(Hypothesis::IasEccCam, 9);
    let mut place = Place::in_reader(options, &spec);
    sign_in(&mut place, &spec);
    assert_eq!(place.card.verify_count(), 1, "typed in the window");
}

#[test]
fn of_two_cards_the_one_without_a_number_is_asked_about() {
    let mut place = Place::with_readers(2, &closed_card(Hypothesis::Pkcs15Gm, 10));
    let other = place.bed.insert(1, &CardSpec::esteid()).unwrap();
    is_valid_token(&place.sign_in());
    assert_eq!((other.verify_count(), pace_runs(&place.card)), (1, 0));
}

#[test]
fn of_two_cards_with_numbers_the_window_says_which_one() {
    let options =
        DesktopOptions { screen: (1366, 1300), assistive_technology: true, ..DesktopOptions::default() };
    let desktop = Desktop::start(options);
    let mut listener = Listener::start(&desktop);
    let (first, second) = (closed_card(Hypothesis::Pkcs15Gm, 11), closed_card(Hypothesis::IasEccCam, 12));
    let mut place = Place::on(desktop, 2, &first);
    let other = place.bed.insert(1, &second).unwrap();
    let id = place.ask();
    place.peer.wait_for_stage(&id, "waiting-for-person");
    says(&mut listener, &["It is the card in the reader Bitaqa Test Reader"]);
    // the person wants the other one
    place.bed.remove(0).unwrap();
    wait_until("the other card to be asked about", HEARD_WITHIN, || {
        !listener.tree().iter().any(|line| line.contains("It is the card in the reader"))
    });
    place.enter_number(&id, &NUMBER);
    finish(&mut place, &id, &second);
    assert_eq!((pace_runs(&place.card), pace_runs(&other)), (0, 2));
}

/// Waits until the window shows each of these texts to assistive technology; gives all that it shows.
#[track_caller]
fn says(listener: &mut Listener, texts: &[&str]) -> String {
    let mut tree = Vec::new();
    wait_until(&format!("the window to say {texts:?}"), HEARD_WITHIN, || {
        tree = listener.tree();
        texts.iter().all(|text| tree.iter().any(|line| line.contains(text)))
    });
    tree.join("\n")
}
