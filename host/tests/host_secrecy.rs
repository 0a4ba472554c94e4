//! What the host says besides its answers, when it and its window are asked to tell all that Rust programs can tell: nothing of
//! the PIN, and nothing about the person.
#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod host_peer;
mod sign_in_place;
mod window_desktop;

use std::time::Duration;

use bitaqa_testbed::{CardSpec, Effect, Misbehaviour, Pin};
use serde_json::Value;
use sign_in_place::{Place, is_valid_token};

/// Digits that stand nowhere by chance, as keys.
const PIN: [&str; 8] = ["5", "8", "2", "0", "3", "9", "1", "7"];
const WRONG_PIN: [&str; 8] = ["7", "1", "6", "4", "0", "2", "8", "5"];
/// Longer than a host takes to end that has nothing to do any more.
const END: Duration = Duration::from_secs(10);

#[track_caller]
fn holds_nothing(words: &str, card: &CardSpec) {
    let person = card.holder().unwrap();
    let secrets = [
        PIN.concat(),
        WRONG_PIN.concat(),
        person.surname.clone(),
        person.given_name.clone(),
        person.serial_number.clone(),
        person.document_number(),
    ];
    for secret in secrets {
        let hexadecimal: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
        let numbers = secret.bytes().map(|byte| byte.to_string()).collect::<Vec<_>>().join(", ");
        for form in [secret.to_lowercase(), hexadecimal, numbers] {
            assert!(!words.to_lowercase().contains(&form), "{words}\nholds {form}");
        }
    }
}

/// An answer in words, without the token: that is there to say who it is.
fn without_token(answer: &Value) -> String {
    let mut answer = answer.clone();
    answer.as_object_mut().unwrap().remove("token");
    answer.to_string()
}

#[test]
fn standard_error_and_failures_say_nothing_of_the_pin_or_the_person() {
    let card = CardSpec { pin: Some(Pin::new(&PIN.concat()).unwrap()), ..CardSpec::esteid() };
    let mut place = Place::with(&card);

    // a wrong PIN, then the right one, then a card that goes wrong with it
    let id = place.ask();
    place.peer.wait_for_stage(&id, "waiting-for-person");
    place.enter(&id, &WRONG_PIN);
    place.peer.wait_for_stage(&id, "waiting-for-person");
    place.enter(&id, &PIN);
    let answer = place.peer.next_answer();
    is_valid_token(&answer);
    holds_nothing(&without_token(&answer), &card);

    place.card.misbehave(Misbehaviour::at_instruction(1, 0x20, Effect::EarlyEnd { keep: 1 }));
    let id = place.ask();
    place.peer.wait_for_stage(&id, "waiting-for-person");
    place.enter(&id, &PIN);
    let failure = place.peer.next_answer();
    assert_ne!(failure["type"], "auth-token", "{failure}");
    holds_nothing(&failure.to_string(), &card);

    place.peer.close();
    place.peer.ends_within(END);
    holds_nothing(&place.peer.errors(), &card);
}
