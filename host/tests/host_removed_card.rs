//! The card leaves its reader after each command of a whole sign-in, in both transactions, through a real pcscd: the host waits
//! for it to come back where nothing was presented yet, and says that it was removed where a PIN was. It never hangs, and the
//! card loses no try.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it cannot go on"
)]

mod host_peer;
mod sign_in_place;
mod window_desktop;

use bitaqa_testbed::{CardSpec, Effect, KeyKind, Misbehaviour};
use host_peer::{PATIENCE, cancel, failure, wait_until};
use sign_in_place::{Place, is_valid_token};

/// A card, and what a sign-in with it is like that nobody disturbs.
struct Subject {
    place: Place,
    pin: Vec<String>,
    /// Reference of the PIN.
    reference: u8,
    tries: u8,
    /// Commands of the first transaction, and of the second.
    commands: [u32; 2],
    /// Which command of the second carries the PIN.
    verify: u32,
}

/// How a sign-in ended, or what it waits for.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Token,
    Failed(String),
    WaitsForCard,
}

impl Subject {
    fn of(spec: &CardSpec, reference: u8) -> Self {
        let place = Place::with(spec);
        let tries = place.card.tries_left(reference).unwrap();
        let pin = spec.pins().pin.digits().chars().map(String::from).collect();
        let mut subject = Self { place, pin, reference, tries, commands: [0; 2], verify: 0 };
        let id = subject.asked();
        let first = subject.place.card.log().len();
        assert_eq!(subject.enter(&id), Outcome::Token);
        let log = subject.place.card.log();
        subject.commands = [first, log.len() - first].map(|count| u32::try_from(count).unwrap());
        let verify = log.iter().skip(first).position(|entry| entry.presented).unwrap();
        subject.verify = u32::try_from(verify).unwrap() + 1;
        subject
    }

    /// A host that knows nothing, and the card in the reader.
    fn begin(&mut self) {
        self.place.card.behave();
        self.place.bed.remove(0).unwrap();
        self.place.bed.insert_again(0, &self.place.card).unwrap();
        self.place.restart_host();
        self.place.card.clear_log();
    }

    /// A sign-in with the question on the screen.
    fn asked(&mut self) -> String {
        let id = self.place.ask();
        self.place.peer.wait_for_stage(&id, "waiting-for-person");
        id
    }

    fn enter(&self, id: &str) -> Outcome {
        let pin: Vec<&str> = self.pin.iter().map(String::as_str).collect();
        self.place.enter(id, &pin);
        loop {
            let frame = self.place.peer.next();
            match (frame["type"].as_str().unwrap(), frame["stage"].as_str()) {
                ("progress", Some("waiting-for-card")) => return Outcome::WaitsForCard,
                ("progress", _) => {}
                ("failure", _) => return Outcome::Failed(failure(&frame).1.to_owned()),
                _ => {
                    is_valid_token(&frame);
                    return Outcome::Token;
                }
            }
        }
    }

    fn wait_until_removed(&self) {
        let is_gone = || self.place.bed.card(0).unwrap().is_none();
        wait_until("the card to leave", PATIENCE, is_gone);
    }

    fn give_up(&mut self, id: &str) {
        self.place.peer.send(&cancel(id));
        assert_eq!(failure(&self.place.peer.next_answer()), (Some(id), "request-aborted"));
    }

    #[track_caller]
    fn lost_no_try(&self, most_presented: usize) {
        assert!(self.place.card.verify_count() <= most_presented, "one entry, one VERIFY");
        assert_eq!(self.place.card.tries_left(self.reference), Some(self.tries));
    }

    /// Before anybody typed a PIN: the card is waited for.
    fn leaves_in_the_first_transaction(&mut self) {
        for at in 1..=self.commands[0] {
            self.begin();
            self.place.card.misbehave(Misbehaviour::at(at, Effect::RemoveAfter));
            let id = self.place.ask();
            self.wait_until_removed();
            self.place.bed.insert_again(0, &self.place.card).unwrap();
            self.place.peer.wait_for_stage(&id, "waiting-for-person");
            self.give_up(&id);
            self.lost_no_try(0);
        }
    }

    /// After it: what was not presented may be typed again; what was presented is over.
    fn leaves_in_the_second_transaction(&mut self) {
        for after in 0..=self.commands[1] {
            self.begin();
            let id = self.asked();
            self.place.card.misbehave(match after {
                0 => Misbehaviour::at(1, Effect::RemoveBefore),
                at => Misbehaviour::at(at, Effect::RemoveAfter),
            });
            let outcome = self.enter(&id);
            self.lost_no_try(1);
            // the command that finds no card; of one with a PIN the host takes it that the card may have seen it
            let in_vain = after + 1;
            let expected = if in_vain < self.verify {
                Outcome::WaitsForCard
            } else if after < self.commands[1] {
                Outcome::Failed("card-removed".to_owned())
            } else {
                // the signature was there already
                Outcome::Token
            };
            assert_eq!(outcome, expected, "after command {after} of {:?}", self.commands);
            if outcome == Outcome::WaitsForCard {
                assert_eq!(self.place.card.verify_count(), 0, "nobody presented it");
                self.place.bed.insert_again(0, &self.place.card).unwrap();
                self.place.peer.wait_for_stage(&id, "waiting-for-person");
                if after == 0 {
                    assert_eq!(self.enter(&id), Outcome::Token, "typed again");
                } else {
                    self.give_up(&id);
                }
                self.lost_no_try(1);
            }
        }
    }
}

fn check(spec: &CardSpec, reference: u8) {
    let mut subject = Subject::of(spec, reference);
    subject.leaves_in_the_first_transaction();
    subject.leaves_in_the_second_transaction();
    // and once more as if nothing had been
    subject.begin();
    let id = subject.asked();
    assert_eq!(subject.enter(&id), Outcome::Token);
}

#[test]
fn an_estonian_card_that_leaves_at_any_command_is_waited_for_or_called_removed() {
    check(&CardSpec::esteid(), 0x01);
}

#[test]
fn a_piv_card_that_leaves_at_any_command_is_waited_for_or_called_removed() {
    check(&CardSpec::piv(KeyKind::P256), 0x80);
}

#[test]
fn an_ias_ecc_card_that_leaves_at_any_command_is_waited_for_or_called_removed() {
    check(&CardSpec::iasecc(KeyKind::P256), 0x81);
}
