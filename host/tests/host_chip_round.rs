//! A chip proves itself to the portal's server by that server's key, in a second call: through the real program, a real pcscd and
//! software cards. The judge is the verifier of the portal, which has nothing but what came out of the port.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it cannot go on"
)]

mod host_peer;
mod portal;
mod sign_in_place;
mod window_desktop;

use std::time::Duration;

use bitaqa_protocol::identity::{ChipAnswer, ChipChallenge};
use bitaqa_testbed::{CardSpec, Hypothesis, Personality};
use bitaqa_trust::{
    Level,
    identity::{ChipAuthenticationNeeded, FirstStep, result::Chip},
};
use bitaqa_virtual_card::icao::order::{DocumentOrder, FaultOrder};
use host_peer::{authenticate, cancel, failure, request, wait_until};
use portal::{Portal, identify, typed_zone};
use serde_json::{Value, json};
use sign_in_place::{NUMBER, Place, closed_card, keys, pace_runs};

/// Longer than a host waits for the portal's server, and than its card takes.
const AFTER_THE_LIMIT: Duration = Duration::from_secs(60);

/// A person at a computer, and a portal that drives chip authentication.
struct Visit {
    place: Place,
    portal: Portal,
    spec: CardSpec,
    id: String,
}

impl Visit {
    /// With the request sent and the first question on the screen.
    fn asked(spec: CardSpec) -> Self {
        let portal = Portal::new();
        let mut place = Place::in_root(&portal.root(), &spec);
        let id = request(1);
        let claims = ["given_name", "family_name"];
        let mut message = identify(&portal.statement(), &claims, &[], "chip-authentication");
        message["id"] = id.as_str().into();
        place.peer.send(&message);
        place.peer.wait_for_stage(&id, "waiting-for-person");
        Self { place, portal, spec, id }
    }

    /// With everything agreed to and sent; gives the encrypted answer, and whether the host waits for the second call.
    fn sent(spec: CardSpec) -> (Self, String, bool) {
        let visit = Self::asked(spec);
        visit.place.enter_number(&visit.id, &NUMBER);
        let (answer, waits) = visit.send();
        (visit, answer, waits)
    }

    fn send(&self) -> (String, bool) {
        self.place.peer.wait_for_stage(&self.id, "waiting-for-person");
        self.place.send(&self.id);
        let frame = self.place.peer.next_answer();
        assert_eq!((&frame["type"], &frame["id"]), (&json!("identity-answer"), &json!(self.id)), "{frame}");
        (frame["answer"].as_str().unwrap().to_owned(), frame["chipAuthentication"] == true)
    }

    /// With a host that waits, and what the portal's server made of the answer.
    fn waiting(spec: CardSpec) -> (Self, String, ChipAuthenticationNeeded) {
        let (visit, answer, waits) = Self::sent(spec);
        assert!(waits, "the host does not wait");
        let needed = visit.needed(&answer);
        (visit, answer, needed)
    }

    fn needed(&self, answer: &str) -> ChipAuthenticationNeeded {
        match self.portal.begin(answer, &self.spec).unwrap() {
            FirstStep::ChipAuthenticationNeeded(needed) => needed,
            FirstStep::Verified(verified) => panic!("{:?} without a second call", verified.chip),
        }
    }

    fn challenge(&mut self, challenge: &str) {
        let message = json!({ "type": "chip-challenge", "id": self.id, "challenge": challenge });
        self.place.peer.send(&message);
    }

    fn chip_answer(&self) -> ChipAnswer {
        let frame = self.place.peer.next_answer();
        assert_eq!((&frame["type"], &frame["id"]), (&json!("chip-answer"), &json!(self.id)), "{frame}");
        ChipAnswer::parse(frame["answer"].as_str().unwrap()).unwrap()
    }

    #[track_caller]
    fn fails_with(&self, code: &str) -> Value {
        let frame = self.place.peer.next_answer();
        assert_eq!(failure(&frame), (Some(self.id.as_str()), code), "{frame}");
        frame
    }

    /// The chip was opened once more, and waits.
    fn wait_for_open_chip(&self) {
        wait_until("the chip to be opened again", Duration::from_secs(20), || {
            pace_runs(&self.place.card) == 2
        });
    }

    /// Nobody has asked the chip to agree on a key.
    fn chip_was_not_asked(&self) -> bool {
        !self.place.card.log().iter().any(|entry| entry.header.starts_with("0C2241"))
    }
}

/// Of which makes the chips prove themselves by chip authentication alone.
fn card(seed: u64) -> CardSpec {
    closed_card(Hypothesis::IasEccCam, seed)
}

#[test]
fn a_chip_answers_the_key_of_the_portals_server_with_the_last_commands_of_its_session() {
    for spec in [card(1), closed_card(Hypothesis::Pkcs15Gm, 2)] {
        let (mut visit, answer, needed) = Visit::waiting(spec);
        visit.challenge(&needed.challenge.to_string());
        let chip = visit.chip_answer();
        let verified = visit.portal.complete(&answer, &visit.spec, needed.state, &chip).unwrap();
        assert_eq!((verified.chip, verified.level), (Chip::ChipAuthentication, Level::Low));
        // one entry, two openings, and nothing after the server's command
        let log = visit.place.card.log();
        let last: Vec<&str> = log.iter().rev().take(3).map(|entry| entry.header.as_str()).collect();
        assert_eq!(last, ["0CB08E00", "0C860000", "0C2241A4"]);
        assert_eq!((pace_runs(&visit.place.card), visit.place.card.verify_count()), (2, 0));
        wait_until("the window to close", Duration::from_secs(20), || visit.place.peer.windows().is_empty());
    }
}

#[test]
fn a_chip_that_signed_for_the_portal_is_not_asked_again() {
    let spec = closed_card(Hypothesis::IcaoOnly, 3);
    let (visit, answer, waits) = Visit::sent(spec);
    assert!(!waits);
    let FirstStep::Verified(verified) = visit.portal.begin(&answer, &visit.spec).unwrap() else {
        panic!("a second call for a chip that proved itself")
    };
    assert_eq!(verified.chip, Chip::ActiveAuthentication);
    assert_eq!(pace_runs(&visit.place.card), 1);
}

#[test]
fn a_bahraini_card_proves_itself_one_way_or_the_other() {
    let spec = CardSpec::new(Personality::Bahrain2025);
    let order = DocumentOrder {
        can: closed_card(Hypothesis::IcaoOnly, 1).document.unwrap().can,
        ..spec.document.clone().unwrap_or_default()
    };
    let (mut visit, answer, waits) = Visit::sent(spec.with_document(order));
    let chip = if waits {
        let needed = visit.needed(&answer);
        visit.challenge(&needed.challenge.to_string());
        let chip = visit.chip_answer();
        visit.portal.complete(&answer, &visit.spec, needed.state, &chip).unwrap().chip
    } else {
        match visit.portal.begin(&answer, &visit.spec).unwrap() {
            FirstStep::Verified(verified) => verified.chip,
            FirstStep::ChipAuthenticationNeeded(_) => panic!("the host does not wait for what is needed"),
        }
    };
    assert!(matches!(chip, Chip::ActiveAuthentication | Chip::ChipAuthentication), "{chip:?}");
}

#[test]
fn what_is_no_key_of_the_chips_group_or_no_read_of_dg14_reaches_no_card() {
    let (visit, _, needed) = Visit::waiting(card(4));
    let (key, read) = (needed.challenge.public_key(), needed.challenge.protected_read());
    drop(visit);
    let mut off_curve = key.to_vec();
    *off_curve.last_mut().unwrap() ^= 1;
    let mut other_file = read.to_vec();
    other_file[2] = 0x81;
    let made = |key: &[u8], read: &[u8]| ChipChallenge::new(key, read).unwrap().to_string();
    for text in [
        made(&off_curve, read),
        made(&key[1..], read),
        made(key, &other_file),
        // commands that are no protected READ at all
        made(key, &[0x00, 0xB0, 0x8E, 0x00, 0x0C]),
        made(key, &[0x00, 0xA4, 0x04, 0x0C, 0x02, 0x3F, 0x00]),
        made(key, &[read, read].concat()),
    ] {
        let (mut visit, ..) = Visit::waiting(card(4));
        visit.challenge(&text);
        let frame = visit.fails_with("request-invalid");
        assert!(frame["error"]["detail"].as_str().unwrap().contains("verifier"), "{frame}");
        assert!(visit.chip_was_not_asked());
    }
}

#[test]
fn only_the_request_that_waits_takes_a_challenge_and_one() {
    let (mut visit, _, needed) = Visit::waiting(card(5));
    let text = needed.challenge.to_string();
    // another request's name
    let other = request(77);
    visit.place.peer.send(&json!({ "type": "chip-challenge", "id": other, "challenge": text }));
    assert_eq!(failure(&visit.place.peer.next_answer()), (Some(other.as_str()), "request-invalid"));
    // no challenge: refused by the parser, for nobody
    visit.challenge("BAEC");
    assert_eq!(failure(&visit.place.peer.next_answer()), (None, "request-invalid"));
    visit.challenge(&text);
    visit.chip_answer();
    visit.challenge(&text);
    visit.fails_with("request-invalid");
    // before the answer is out
    let mut early = Visit::asked(card(5));
    early.challenge(&text);
    early.fails_with("request-invalid");
    early.place.window_is_gone();
    assert!(early.chip_was_not_asked());
}

#[test]
fn a_clone_without_the_key_proves_nothing() {
    let spec = card(6);
    let faults = FaultOrder { copied: true, ..FaultOrder::default() };
    let order = DocumentOrder { faults, ..spec.document.clone().unwrap() };
    let (mut visit, answer, needed) = Visit::waiting(spec.with_document(order));
    visit.challenge(&needed.challenge.to_string());
    visit.fails_with("chip-proof-missing");
    // and whatever else a host makes of it
    let forged = ChipAnswer::new(vec![0x69, 0x88]).unwrap();
    let refused = visit.portal.complete(&answer, &visit.spec, needed.state, &forged).unwrap_err();
    assert_eq!(refused.failure.code(), "chip-proof-invalid");
}

#[test]
fn a_card_that_leaves_before_the_server_speaks_ends_the_request() {
    let (mut visit, _, needed) = Visit::waiting(card(7));
    visit.wait_for_open_chip();
    visit.place.bed.remove(0).unwrap();
    visit.fails_with("card-removed");
    visit.challenge(&needed.challenge.to_string());
    visit.fails_with("request-invalid");
}

#[test]
fn a_card_that_was_taken_out_before_send_is_waited_for_and_another_proves_nothing() {
    for another in [false, true] {
        let mut visit = Visit::asked(card(11));
        visit.place.enter_number(&visit.id, &NUMBER);
        visit.place.peer.wait_for_stage(&visit.id, "waiting-for-person");
        visit.place.bed.remove(0).unwrap();
        visit.place.send(&visit.id);
        visit.place.peer.wait_for_stage(&visit.id, "waiting-for-card");
        if another {
            visit.place.bed.insert(0, &card(12)).unwrap();
        } else {
            visit.place.bed.insert_again(0, &visit.place.card).unwrap();
        }
        let frame = visit.place.peer.next_answer();
        assert_eq!(frame["chipAuthentication"], true, "{frame}");
        let answer = frame["answer"].as_str().unwrap().to_owned();
        if another {
            visit.fails_with("card-changed");
            continue;
        }
        let needed = visit.needed(&answer);
        visit.challenge(&needed.challenge.to_string());
        let chip = visit.chip_answer();
        visit.portal.complete(&answer, &visit.spec, needed.state, &chip).unwrap();
    }
}

#[test]
fn page_and_person_give_up_while_the_server_works() {
    for by_page in [true, false] {
        let (mut visit, _, needed) = Visit::waiting(card(8));
        visit.wait_for_open_chip();
        if by_page {
            visit.place.peer.send(&cancel(&visit.id));
            visit.fails_with("request-aborted");
        } else {
            visit.place.escape();
            visit.fails_with("user-cancelled");
        }
        visit.place.window_is_gone();
        visit.challenge(&needed.challenge.to_string());
        visit.fails_with("request-invalid");
        wait_until("the card to be reset", Duration::from_secs(20), || visit.place.card.is_closed());
        assert!(visit.chip_was_not_asked());
    }
}

#[test]
fn another_request_has_its_turn_after_the_chip() {
    let (mut visit, _, needed) = Visit::waiting(card(9));
    let other = request(2);
    visit.place.peer.send(&authenticate(&other));
    visit.place.peer.wait_for_stage(&other, "queued");
    visit.challenge(&needed.challenge.to_string());
    visit.chip_answer();
    visit.place.peer.wait_for_stage(&other, "waiting-for-person");
}

#[test]
fn a_server_that_says_nothing_for_thirty_seconds_ends_the_request() {
    let (visit, ..) = Visit::waiting(card(10));
    visit.wait_for_open_chip();
    let frame = visit.place.peer.hears_within(AFTER_THE_LIMIT).unwrap();
    assert_eq!(failure(&frame), (Some(visit.id.as_str()), "chip-proof-missing"));
    assert!(visit.chip_was_not_asked());
    // the chip was opened and DG14 read, and then it heard nothing for half a minute: the reader was asked, once a second
    let log = visit.place.card.log();
    let opened = log.iter().rposition(|entry| entry.header == "0022C1A4").unwrap();
    assert!(log.len() - opened < 20, "{:?}", &log[opened..]);
}

#[test]
fn a_passport_that_opens_with_its_zone_has_no_second_call_where_it_signs() {
    let spec = CardSpec::new(Personality::PassportBac);
    let visit = Visit::asked(spec);
    let zone = visit.spec.mrz().unwrap();
    let [number, birth, expiry] = typed_zone(zone.text());
    let typed: Vec<&str> = [keys(&number), vec!["Tab"], keys(&birth), keys(&expiry)].concat();
    visit.place.enter_number(&visit.id, &typed);
    let (answer, waits) = visit.send();
    let first = visit.portal.begin(&answer, &visit.spec).unwrap();
    assert_eq!(waits, matches!(first, FirstStep::ChipAuthenticationNeeded(_)), "host and server agree");
}
