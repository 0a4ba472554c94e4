//! Sign-ins through the real program, a real pcscd and a real window: commands, verdicts, and what a faulty card ends in.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it cannot go on"
)]

mod host_peer;
mod other_program;
mod sign_in_place;
mod window_desktop;

use std::{thread, time::Duration};

use bitaqa_testbed::{CardSpec, Effect, Generation, KeyKind, Misbehaviour, Personality, Protocol};
use host_peer::{failure, is_running, wait_until};
use other_program::{Deed, OtherProgram, play_the_other_program};
use sign_in_place::{PIN, Place, WRONG_PIN, is_valid_token, keys};

/// Reference of the PIN for signing in.
const ESTEID_PIN1: u8 = 0x01;

#[test]
fn a_person_signs_in_twice_and_the_second_time_the_card_is_known() {
    let mut place = Place::with(&CardSpec::esteid());
    for (most, entries) in [(12, 1), (7, 2)] {
        place.card.clear_log();
        let answer = place.sign_in();
        is_valid_token(&answer);
        let commands = answer["timing"]["commands"].as_u64().unwrap();
        assert_eq!(usize::try_from(commands).unwrap(), place.card.log().len(), "as the card counts them");
        assert!(commands <= most, "sign-in {entries} takes {commands} commands");
        assert_eq!(place.card.verify_count(), 1);
        place.window_is_gone();
    }
    // another card in the same reader is not taken for the one before
    let other = place.bed.insert(0, &CardSpec::esteid().for_person("youssef")).unwrap();
    let answer = place.sign_in();
    is_valid_token(&answer);
    let certificate = answer["token"]["unverifiedCertificate"].as_str().unwrap();
    assert_eq!(certificate, bitaqa_protocol::encode_base64(other.certificates().authentication.der()));
}

#[test]
fn every_family_of_cards_signs_in() {
    let of = CardSpec::of_generation;
    for (card, algorithm) in [
        (of(Personality::Esteid, Generation::Thales), "ES384"),
        (of(Personality::Fineid, Generation::V3), "PS256"),
        (of(Personality::Fineid, Generation::V4), "ES384"),
        (CardSpec::new(Personality::Lateid), "RS256"),
        (CardSpec::piv(KeyKind::P256), "ES256"),
        (CardSpec::iasecc(KeyKind::Rsa2048), "RS256"),
    ] {
        let pins = card.pins();
        let pin = keys(pins.pin.digits());
        let mut place = Place::with(&card);
        let id = place.ask();
        place.peer.wait_for_stage(&id, "waiting-for-person");
        place.enter(&id, &pin);
        let answer = place.peer.next_answer();
        is_valid_token(&answer);
        assert_eq!(answer["token"]["algorithm"], algorithm, "{:?}", card.personality);
        assert_eq!(place.card.verify_count(), 1);
    }
}

#[test]
fn every_kind_of_key_makes_a_token_that_verifies() {
    for (key, protocol, algorithm) in [
        (KeyKind::P256, Protocol::T0, "ES256"),
        (KeyKind::P384, Protocol::T1, "ES384"),
        (KeyKind::BrainpoolP256r1, Protocol::T1, "ES256"),
        (KeyKind::Rsa2048, Protocol::T0, "PS256"),
    ] {
        let mut place = Place::with(&CardSpec { protocol: Some(protocol), ..CardSpec::pkcs15(key) });
        let answer = place.sign_in();
        is_valid_token(&answer);
        assert_eq!(answer["token"]["algorithm"], algorithm);
        assert_eq!(place.card.verify_count(), 1);
    }
}

#[test]
fn what_a_faulty_card_does_to_the_second_transaction_ends_in_its_own_code_and_costs_no_try() {
    let mut place = Place::with(&CardSpec::esteid());
    let removed = |effect| (effect, "card-removed");
    for (instruction, (effect, code)) in [
        (0x22, (Effect::Status { status: 0x6A88 }, "card-misbehaved")),
        (0x20, (Effect::NoAnswer, "reader-fault")),
        (0x20, (Effect::EarlyEnd { keep: 1 }, "card-misbehaved")),
        (0x20, (Effect::Status { status: 0x6F00 }, "card-misbehaved")),
        (0x20, removed(Effect::RemoveAfter)),
        (0x88, (Effect::Truncate { keep: 95 }, "card-misbehaved")),
        (0x88, (Effect::Oversize { bytes: 1 }, "card-misbehaved")),
        (0x88, removed(Effect::RemoveBefore)),
    ] {
        place.card.clear_log();
        place.card.misbehave(Misbehaviour::at_instruction(1, instruction, effect.clone()));
        let answer = place.sign_in();
        assert_eq!(failure(&answer).1, code, "{effect:?} at {instruction:02X}: {answer}");
        assert!(place.card.verify_count() <= 1, "one entry, one VERIFY");
        assert_eq!(place.card.tries_left(ESTEID_PIN1), Some(3));
        // the window says so until the person closes it
        place.escape();
        place.card.behave();
        place.bed.remove(0).unwrap();
        place.bed.insert_again(0, &place.card).unwrap();
    }
    is_valid_token(&place.sign_in());
}

#[test]
fn what_a_faulty_card_does_to_the_first_transaction_is_said_before_anybody_types() {
    let mut place = Place::with(&CardSpec::esteid());
    for (instruction, effect, code) in [
        (0xB0, Effect::WrongTag { tag: 0x31 }, "card-misbehaved"),
        (0xB0, Effect::Truncate { keep: 0 }, "card-misbehaved"),
        (0xB0, Effect::Status { status: 0x6982 }, "card-unknown"),
        (0xCB, Effect::EarlyEnd { keep: 0 }, "card-misbehaved"),
        (0xCB, Effect::NoAnswer, "reader-fault"),
    ] {
        // each time it is looked at: a host that has not yet heard that the card was away looks twice
        for at in 1..=20 {
            place.card.misbehave(Misbehaviour::at_instruction(at, instruction, effect.clone()));
        }
        let id = place.ask();
        place.peer.wait_for_stage(&id, "waiting-for-card");
        place.escape();
        let answer = place.peer.next_answer();
        assert_eq!(failure(&answer), (Some(id.as_str()), code), "{effect:?} at {instruction:02X}: {answer}");
        place.window_is_gone();
        place.card.behave();
        place.bed.remove(0).unwrap();
        place.bed.insert_again(0, &place.card).unwrap();
    }
    assert_eq!(place.card.verify_count(), 0);
    is_valid_token(&place.sign_in());
}

#[test]
fn a_card_that_comes_into_another_reader_while_the_first_is_held_up_is_seen() {
    if play_the_other_program() {
        return;
    }
    let mut place = Place::with_readers(2, &CardSpec::esteid());
    let holder = OtherProgram::start(
        &place.bed,
        "a_card_that_comes_into_another_reader_while_the_first_is_held_up_is_seen",
        Deed::Hold,
    );
    let id = place.ask();
    place.peer.wait_for_stage(&id, "waiting-for-card");
    place.bed.insert(1, &CardSpec::pkcs15(KeyKind::P256)).unwrap();
    // time to notice it
    thread::sleep(Duration::from_millis(500));
    place.bed.remove(0).unwrap();
    place.peer.wait_for_stage(&id, "waiting-for-person");
    place.enter(&id, &PIN);
    is_valid_token(&place.peer.next_answer());
    drop(holder);
}

#[test]
fn a_window_that_says_how_it_ended_does_not_keep_a_host_whose_port_closes() {
    let mut place = Place::with(&CardSpec { tries_left: Some(1), ..CardSpec::esteid() });
    let id = place.ask();
    place.peer.wait_for_stage(&id, "waiting-for-person");
    place.enter(&id, &WRONG_PIN);
    assert_eq!(failure(&place.peer.next_answer()), (Some(id.as_str()), "pin-blocked"));
    let windows = place.peer.windows();
    assert_eq!(windows.len(), 1, "it stays, for the person to read");
    place.peer.close();
    assert!(place.peer.ends_within(Duration::from_secs(2)).success());
    wait_until("the window to end", Duration::from_secs(2), || !is_running(windows[0]));
}
