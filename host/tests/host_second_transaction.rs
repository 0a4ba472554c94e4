//! What other programs, the service and quick hands do between the question and the card's answer: no PIN goes where the
//! person did not mean it to go, and none goes twice.
#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod host_peer;
mod other_program;
mod sign_in_place;
mod window_desktop;

use std::time::Duration;

use bitaqa_testbed::CardSpec;
use host_peer::failure;
use other_program::{Deed, OtherProgram, play_the_other_program};
use sign_in_place::{PIN, Place, is_valid_token};

/// Longer than another program's transaction is waited for in silence.
const PAST_PATIENCE: Duration = Duration::from_secs(2);

/// A sign-in with the question on the screen; gives the request's name.
fn asked(place: &mut Place) -> String {
    let id = place.ask();
    place.peer.wait_for_stage(&id, "waiting-for-person");
    place.wait_for_window();
    id
}

#[test]
fn another_program_s_transaction_that_begins_just_before_enter_is_waited_for() {
    if play_the_other_program() {
        return;
    }
    let mut place = Place::with(&CardSpec::esteid());
    let id = asked(&mut place);
    let test = "another_program_s_transaction_that_begins_just_before_enter_is_waited_for";
    let holder = OtherProgram::start(&place.bed, test, Deed::Hold);
    place.enter(&id, &PIN);
    place.peer.says_nothing_for(PAST_PATIENCE);
    assert_eq!(place.card.verify_count(), 0, "the card belongs to the other program");
    drop(holder);
    is_valid_token(&place.peer.next_answer());
    assert_eq!(place.card.verify_count(), 1);
}

#[test]
fn who_gives_up_on_another_program_s_transaction_hears_reader_busy_and_no_pin_is_presented_later() {
    if play_the_other_program() {
        return;
    }
    let mut place = Place::with(&CardSpec::esteid());
    let id = asked(&mut place);
    let test =
        "who_gives_up_on_another_program_s_transaction_hears_reader_busy_and_no_pin_is_presented_later";
    let holder = OtherProgram::start(&place.bed, test, Deed::Hold);
    place.enter(&id, &PIN);
    place.peer.says_nothing_for(PAST_PATIENCE);
    place.escape();
    assert_eq!(failure(&place.peer.next_answer()), (Some(id.as_str()), "reader-busy"));
    drop(holder);
    place.peer.says_nothing_for(PAST_PATIENCE);
    assert_eq!(place.card.verify_count(), 0, "the PIN went with the request");
    is_valid_token(&place.sign_in());
    assert_eq!(place.card.verify_count(), 1);
}

#[test]
fn a_service_that_stops_just_before_enter_gets_no_pin_and_is_waited_for_or_named() {
    let mut place = Place::with(&CardSpec::esteid());
    let id = asked(&mut place);
    // the digits are there, and Enter comes with the end of the service
    std::thread::sleep(window_desktop::PAST_TOO_EARLY);
    place.desktop.press(&PIN);
    place.bed.kill_service();
    place.desktop.press(&["Return"]);
    // whether the host hears of the one or of the other first is chance
    let waits = loop {
        let frame = place.peer.next();
        match frame["stage"].as_str() {
            Some("waiting-for-card") => break true,
            Some(_) => {}
            None => {
                assert_eq!(failure(&frame), (Some(id.as_str()), "service-stopped"), "{frame}");
                break false;
            }
        }
    };
    assert_eq!(place.card.verify_count(), 0, "nobody could present it");
    place.bed.start_service().unwrap();
    if waits {
        place.peer.wait_for_stage(&id, "waiting-for-person");
        place.enter(&id, &PIN);
        is_valid_token(&place.peer.next_answer());
    } else {
        place.escape();
        is_valid_token(&place.sign_in());
    }
    assert_eq!(place.card.verify_count(), 1);
}

#[test]
fn another_card_that_came_unseen_is_told_by_its_certificate_and_gets_no_pin() {
    if play_the_other_program() {
        return;
    }
    let mut place = Place::with(&CardSpec::esteid());
    let id = asked(&mut place);
    let other = place.bed.swap_unseen(0, &CardSpec::esteid().for_person("youssef")).unwrap();
    // it becomes usable when the other program resets it; the readers say nothing of a card that left
    let test = "another_card_that_came_unseen_is_told_by_its_certificate_and_gets_no_pin";
    drop(OtherProgram::start(&place.bed, test, Deed::Reset));
    assert!(other.log().is_empty());
    place.enter(&id, &PIN);
    assert_eq!(failure(&place.peer.next_answer()), (Some(id.as_str()), "card-changed"));
    assert!(!other.log().is_empty(), "it was asked who it is");
    assert_eq!((place.card.verify_count(), other.verify_count()), (0, 0));
    place.escape();
    // the next time it is the card that is asked about
    let answer = place.sign_in();
    is_valid_token(&answer);
    let certificate = answer["token"]["unverifiedCertificate"].as_str().unwrap();
    assert_eq!(certificate, bitaqa_protocol::encode_base64(other.certificates().authentication.der()));
    assert_eq!(other.verify_count(), 1);
}
