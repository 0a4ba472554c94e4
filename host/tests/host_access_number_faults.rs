//! What happens around the question for a card's number: the card leaves, is another, refuses; the service stops. No number is
//! tried twice, and no PIN goes to a card that it was not typed for.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod host_peer;
mod other_program;
mod sign_in_place;
mod window_desktop;

use bitaqa_testbed::{CardSpec, Effect, Generation, Hypothesis, Lifecycle, Misbehaviour, Personality, Pin};
use bitaqa_virtual_card::icao::order::DocumentOrder;
use host_peer::failure;
use other_program::{Deed, OtherProgram, play_the_other_program};
use sign_in_place::{NUMBER, PIN, Place, closed_card, is_valid_token, keys, pace_runs};

/// GENERAL AUTHENTICATE, four times per PACE.
const GENERAL_AUTHENTICATE: u8 = 0x86;
/// MANAGE SECURITY ENVIRONMENT, of which MSE:Set AT begins PACE.
const MANAGE_SECURITY_ENVIRONMENT: u8 = 0x22;
/// VERIFY.
const VERIFY: u8 = 0x20;

fn number_and_pin(place: &mut Place, id: &str, spec: &CardSpec) {
    place.peer.wait_for_stage(id, "waiting-for-person");
    place.enter_number(id, &NUMBER);
    place.peer.wait_for_stage(id, "waiting-for-person");
    place.enter(id, &keys(spec.pins().pin.digits()));
    is_valid_token(&place.peer.next_answer());
}

#[test]
fn a_card_that_leaves_while_its_number_is_asked_is_waited_for_and_asked_about_anew() {
    let spec = closed_card(Hypothesis::IasEccCam, 1);
    let mut place = Place::with(&spec);
    let id = place.ask();
    place.peer.wait_for_stage(&id, "waiting-for-person");
    place.wait_for_window();
    place.bed.remove(0).unwrap();
    place.peer.wait_for_stage(&id, "waiting-for-card");
    place.bed.insert_again(0, &place.card).unwrap();
    number_and_pin(&mut place, &id, &spec);
    assert_eq!((pace_runs(&place.card), place.card.verify_count()), (2, 1));
}

#[test]
fn another_card_that_needs_no_number_takes_the_place_of_the_one_that_is_asked_about() {
    let mut place = Place::with_readers(2, &closed_card(Hypothesis::Pkcs15Gm, 2));
    let id = place.ask();
    place.peer.wait_for_stage(&id, "waiting-for-person");
    place.wait_for_window();
    let other = place.bed.insert(1, &CardSpec::esteid()).unwrap();
    place.peer.wait_for_stage(&id, "reading");
    place.peer.wait_for_stage(&id, "waiting-for-person");
    place.enter(&id, &PIN);
    is_valid_token(&place.peer.next_answer());
    assert_eq!((pace_runs(&place.card), other.verify_count()), (0, 1));
}

#[test]
fn a_service_that_stops_while_the_number_is_asked_is_waited_for() {
    let spec = closed_card(Hypothesis::Pkcs15Gm, 3);
    let mut place = Place::with(&spec);
    let id = place.ask();
    place.peer.wait_for_stage(&id, "waiting-for-person");
    place.wait_for_window();
    place.bed.kill_service();
    place.peer.wait_for_stage(&id, "waiting-for-card");
    place.bed.start_service().unwrap();
    number_and_pin(&mut place, &id, &spec);
    assert_eq!((pace_runs(&place.card), place.card.verify_count()), (2, 1));
}

#[test]
fn a_card_that_leaves_while_it_is_opened_is_asked_about_anew_and_no_number_is_tried_twice() {
    let spec = closed_card(Hypothesis::Pkcs15Gm, 4);
    let mut place = Place::with(&spec);
    for (instruction, at) in [(MANAGE_SECURITY_ENVIRONMENT, 1), (GENERAL_AUTHENTICATE, 2), (0xB0, 6)] {
        let id = place.ask();
        place.peer.wait_for_stage(&id, "waiting-for-person");
        place.card.clear_log();
        place.card.misbehave(Misbehaviour::at_instruction(at, instruction, Effect::RemoveAfter));
        place.enter_number(&id, &NUMBER);
        place.peer.wait_for_stage(&id, "waiting-for-card");
        assert_eq!(pace_runs(&place.card), 1, "{instruction:02X}");
        place.card.behave();
        place.bed.insert_again(0, &place.card).unwrap();
        number_and_pin(&mut place, &id, &spec);
        assert_eq!(pace_runs(&place.card), 3, "{instruction:02X}");
        place.window_is_gone();
        // it is read anew
        place.bed.remove(0).unwrap();
        place.bed.insert_again(0, &place.card).unwrap();
    }
}

#[test]
fn a_card_that_leaves_between_number_and_pin_needs_its_number_again() {
    let spec = closed_card(Hypothesis::IasEccCam, 5);
    let mut place = Place::with(&spec);
    let id = place.ask_up_to_pin();
    place.bed.remove(0).unwrap();
    place.peer.wait_for_stage(&id, "waiting-for-card");
    place.bed.insert_again(0, &place.card).unwrap();
    number_and_pin(&mut place, &id, &spec);
    assert_eq!((pace_runs(&place.card), place.card.verify_count()), (3, 1));
}

#[test]
fn another_card_of_the_same_kind_between_number_and_pin_is_card_changed() {
    let spec = closed_card(Hypothesis::Pkcs15Gm, 6);
    let mut place = Place::with(&spec);
    let id = place.ask_up_to_pin();
    place.bed.remove(0).unwrap();
    place.peer.wait_for_stage(&id, "waiting-for-card");
    let other = place.bed.insert(0, &spec.for_person("youssef")).unwrap();
    place.peer.wait_for_stage(&id, "waiting-for-person");
    place.enter_number(&id, &NUMBER);
    assert_eq!(failure(&place.peer.next_answer()), (Some(id.as_str()), "card-changed"));
    assert_eq!((place.card.verify_count(), other.verify_count()), (0, 0));
}

#[test]
fn another_card_that_came_unseen_gets_no_pin_whether_it_opens_with_the_same_number_or_not() {
    if play_the_other_program() {
        return;
    }
    let spec = closed_card(Hypothesis::Pkcs15Gm, 10);
    let other_number = DocumentOrder { can: Some(Pin::new("222222").unwrap()), ..DocumentOrder::default() };
    let of_another = spec.clone().for_person("youssef");
    for other in [of_another.clone(), of_another.with_document(other_number)] {
        let mut place = Place::with(&spec);
        let id = place.ask_up_to_pin();
        let other = place.bed.swap_unseen(0, &other).unwrap();
        // it becomes usable when another program resets it; the readers say nothing of a card that left
        let test = "another_card_that_came_unseen_gets_no_pin_whether_it_opens_with_the_same_number_or_not";
        drop(OtherProgram::start(&place.bed, test, Deed::Reset));
        place.enter(&id, &keys(spec.pins().pin.digits()));
        assert_eq!(failure(&place.peer.next_answer()), (Some(id.as_str()), "card-changed"));
        assert_eq!(pace_runs(&other), 1, "it was opened, to be asked who it is");
        assert_eq!((place.card.verify_count(), other.verify_count()), (0, 0));
    }
}

#[test]
fn a_card_that_leaves_before_the_pin_is_presented_is_waited_for_and_at_the_pin_is_card_removed() {
    let spec = closed_card(Hypothesis::Pkcs15Gm, 7);
    let mut place = Place::with(&spec);
    let id = place.ask_up_to_pin();
    place.card.misbehave(Misbehaviour::at_instruction(3, GENERAL_AUTHENTICATE, Effect::RemoveBefore));
    place.enter(&id, &keys(spec.pins().pin.digits()));
    place.peer.wait_for_stage(&id, "waiting-for-card");
    assert_eq!(place.card.verify_count(), 0);
    place.card.behave();
    place.bed.insert_again(0, &place.card).unwrap();
    place.peer.wait_for_stage(&id, "waiting-for-person");
    place.enter_number(&id, &NUMBER);
    place.peer.wait_for_stage(&id, "waiting-for-person");
    place.card.misbehave(Misbehaviour::at_instruction(1, VERIFY, Effect::RemoveAfter));
    place.enter(&id, &keys(spec.pins().pin.digits()));
    assert_eq!(failure(&place.peer.next_answer()), (Some(id.as_str()), "card-removed"));
    assert_eq!(place.card.verify_count(), 1);
}

#[test]
fn what_a_card_says_of_a_number_that_it_does_not_take_ends_in_its_own_code() {
    let mut place = Place::with(&closed_card(Hypothesis::IasEccCam, 8));
    for (instruction, at, status, stays, code) in [
        // blocked, found out before the try and after it
        (MANAGE_SECURITY_ENVIRONMENT, 1, 0x6983, false, "can-blocked"),
        (GENERAL_AUTHENTICATE, 4, 0x6983, false, "can-blocked"),
        // no such password
        (MANAGE_SECURITY_ENVIRONMENT, 1, 0x6A88, true, "mrz-needed"),
    ] {
        let id = place.ask();
        place.peer.wait_for_stage(&id, "waiting-for-person");
        place.card.misbehave(Misbehaviour::at_instruction(at, instruction, Effect::Status { status }));
        place.enter_number(&id, &NUMBER);
        if stays {
            // the person may put in another card
            place.peer.wait_for_stage(&id, "waiting-for-card");
            place.escape();
        }
        assert_eq!(failure(&place.peer.next_answer()), (Some(id.as_str()), code), "{status:04X}");
        if !stays {
            // the window says so until the person closes it
            place.escape();
        }
        place.card.behave();
    }
    assert_eq!(place.card.verify_count(), 0);
}

#[test]
fn a_card_with_nothing_to_sign_in_with_is_certificate_missing_and_no_number_is_asked_for() {
    let mut place = Place::with(&closed_card(Hypothesis::IcaoOnly, 9));
    let id = place.ask();
    place.peer.wait_for_stage(&id, "waiting-for-card");
    place.escape();
    assert_eq!(failure(&place.peer.next_answer()), (Some(id.as_str()), "certificate-missing"));
    assert_eq!(pace_runs(&place.card), 0);
}

#[test]
fn a_pin_that_was_never_set_is_said_before_anybody_types_it() {
    let spec = CardSpec {
        lifecycle: Lifecycle::Transport,
        ..CardSpec::of_generation(Personality::Esteid, Generation::Thales)
    };
    let mut place = Place::with(&spec);
    let id = place.ask();
    place.peer.wait_for_stage(&id, "reading");
    assert_eq!(failure(&place.peer.next()), (Some(id.as_str()), "pin-not-activated"));
    assert!(place.peer.windows().is_empty(), "nothing to type");
    assert_eq!(place.card.verify_count(), 0);
}
