//! A card access number that the person wants remembered: kept in the desktop's keystore, tried once for an insertion after the
//! person agreed, and never asked for where there is no keystore that is open. The keystore is GNOME's.
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

use bitaqa_protocol::identity::ProofWanted;
use bitaqa_testbed::{CardHandle, CardSpec, Hypothesis, ReaderOptions};
use bitaqa_virtual_card::icao::order::{DocumentOrder, PasswordOrder};
use host_peer::{failure, request};
use portal::{Portal, identify};
use serde_json::json;
use sign_in_place::{NUMBER, Place, closed_card, keys};
use window_desktop::{Desktop, DesktopOptions};

const NAMES: [&str; 2] = ["given_name", "family_name"];
/// Of a card that is not there.
const ANOTHER: &str = "999999";

/// A person at a computer whose administrator trusts the test's platform.
struct Visit {
    place: Place,
    portal: Portal,
    asked: u32,
}

impl Visit {
    fn on(desktop: Desktop, card: &CardSpec) -> Self {
        let portal = Portal::new();
        let place = Place::in_root_on(desktop, &portal.root(), ReaderOptions::default(), card);
        Self { place, portal, asked: 0 }
    }

    /// Asks who somebody is; gives the request's name once the person is asked.
    fn ask(&mut self) -> String {
        self.asked += 1;
        let id = request(self.asked);
        let mut message = identify(&self.portal.statement(), &NAMES, &[], "chip");
        message["id"] = id.as_str().into();
        self.place.peer.send(&message);
        self.place.peer.wait_for_stage(&id, "waiting-for-person");
        id
    }

    /// The person sends what was read; the portal's server takes it.
    fn send(&self, id: &str, spec: &CardSpec) {
        self.place.peer.wait_for_stage(id, "waiting-for-person");
        self.place.send(id);
        let answer = self.place.peer.next_answer();
        assert_eq!(answer["type"], "identity-answer", "{answer}");
        self.portal.verify(answer["answer"].as_str().unwrap(), spec, ProofWanted::Chip).unwrap();
        self.place.window_is_gone();
    }

    /// Takes the card out and puts it in again.
    fn insert_again(&mut self, spec: &CardSpec) {
        self.place.bed.remove(0).unwrap();
        self.place.card = self.place.bed.insert(0, spec).unwrap();
    }
}

fn desktop_with_keyring() -> Desktop {
    let mut desktop = Desktop::start(DesktopOptions::default());
    desktop.start_keyring();
    desktop
}

/// How often a number was tried: the last step of PACE.
fn tries(card: &CardHandle) -> usize {
    card.log().iter().filter(|entry| entry.header == "00860000").count()
}

/// The number, then past the keypad to what remembers it.
fn and_remember(digits: &[&'static str]) -> Vec<&'static str> {
    digits.iter().copied().chain(["Tab", "Tab", "space"]).collect()
}

/// The same, and then its name.
fn and_remember_as(digits: &[&'static str], name: &[&'static str]) -> Vec<&'static str> {
    [&and_remember(digits)[..], &["Tab"], name].concat()
}

#[test]
fn a_number_that_is_remembered_is_typed_once_and_stands_in_no_log() {
    let spec = closed_card(Hypothesis::IcaoOnly, 51);
    let mut visit = Visit::on(desktop_with_keyring(), &spec);
    // wrong first: what does not open the card is not remembered
    let id = visit.ask();
    visit.place.enter_number(&id, &and_remember_as(&keys(ANOTHER), &["A", "m", "i", "n", "a"]));
    visit.place.peer.wait_for_stage(&id, "waiting-for-person");
    assert_eq!(visit.place.desktop.remembered(), []);
    visit.place.enter_number(&id, &NUMBER);
    visit.send(&id, &spec);
    let remembered = visit.place.desktop.remembered();
    let [(label, number)] = remembered.as_slice() else { panic!("{remembered:?}") };
    assert_eq!((label.as_str(), number), ("Amina", &NUMBER.concat()));

    // the number is right for this insertion, and for the next
    for _ in 0..2 {
        let before = tries(&visit.place.card);
        let id = visit.ask();
        assert_eq!(tries(&visit.place.card), before, "nothing is tried before anybody agreed");
        // no entry: the keyboard starts at the button that ends it
        visit.place.agree_to_reading(&id);
        visit.send(&id, &spec);
        visit.insert_again(&spec);
    }
    assert_eq!(visit.place.desktop.remembered(), remembered, "it is kept once");

    visit.place.peer.close();
    let said = visit.place.peer.rest().iter().map(ToString::to_string).collect::<String>();
    visit.place.peer.ends_within(Duration::from_secs(20));
    for told in [&said, &visit.place.peer.errors(), &visit.place.bed.service_log()] {
        assert!(!told.contains(&NUMBER.concat()), "{told}");
    }
}

#[test]
fn the_remembered_number_of_another_card_costs_one_try_for_an_insertion_and_is_no_mistake() {
    let spec = closed_card(Hypothesis::IcaoOnly, 52);
    let desktop = desktop_with_keyring();
    desktop.remember("Another card", ANOTHER);
    let mut visit = Visit::on(desktop, &spec);
    let id = visit.ask();
    assert_eq!(tries(&visit.place.card), 0);
    visit.place.agree_to_reading(&id);
    visit.place.peer.wait_for_stage(&id, "waiting-for-person");
    assert_eq!(tries(&visit.place.card), 1);
    // who gives up now made no mistake
    visit.place.escape();
    assert_eq!(failure(&visit.place.peer.next_answer()), (Some(id.as_str()), "user-cancelled"));

    // the number is asked for at once, as it is known not to open this one; the switch is off
    let id = visit.ask();
    visit.place.enter_number(&id, &NUMBER);
    visit.send(&id, &spec);
    assert_eq!(tries(&visit.place.card), 2);
    assert_eq!(visit.place.desktop.remembered(), [("Another card".to_owned(), ANOTHER.to_owned())]);

    // the new one is remembered under the day's name, as nobody gave another, and is the last used one from then on
    let id = visit.ask();
    visit.place.enter_number(&id, &and_remember(&NUMBER));
    visit.send(&id, &spec);
    let remembered = visit.place.desktop.remembered();
    assert_eq!(remembered.len(), 2);
    assert!(
        remembered.iter().any(|(label, number)| label.starts_with("Card 20") && *number == NUMBER.concat()),
        "{remembered:?}"
    );
    let id = visit.ask();
    visit.place.agree_to_reading(&id);
    visit.send(&id, &spec);
    assert_eq!(tries(&visit.place.card), 4);
}

/// The person who has sixteen already loses the one unused for longest.
#[test]
fn no_more_than_sixteen_numbers_are_kept() {
    let spec = closed_card(Hypothesis::IcaoOnly, 55);
    let desktop = desktop_with_keyring();
    let others: Vec<String> = (0..16).map(|other| (900_000 + other).to_string()).collect();
    for other in &others {
        desktop.remember("Another card", other);
    }
    let mut visit = Visit::on(desktop, &spec);
    let id = visit.ask();
    visit.place.agree_to_reading(&id);
    visit.place.peer.wait_for_stage(&id, "waiting-for-person");
    visit.place.enter_number(&id, &and_remember(&NUMBER));
    visit.send(&id, &spec);
    let mut kept: Vec<String> =
        visit.place.desktop.remembered().into_iter().map(|(_, number)| number).collect();
    kept.sort();
    let mut expected = vec![NUMBER.concat()];
    expected.extend(others.into_iter().skip(1));
    assert_eq!(kept, expected);
}

#[test]
fn a_number_that_nobody_typed_is_never_the_last_try() {
    let spec = closed_card(Hypothesis::IcaoOnly, 53);
    let passwords = PasswordOrder { can_tries_left: Some(1), ..PasswordOrder::default() };
    let order = DocumentOrder { passwords, ..spec.document.clone().unwrap() };
    let desktop = desktop_with_keyring();
    desktop.remember("This card", &NUMBER.concat());
    let mut visit = Visit::on(desktop, &spec.with_document(order));
    let id = visit.ask();
    visit.place.agree_to_reading(&id);
    visit.place.peer.wait_for_stage(&id, "waiting-for-person");
    assert_eq!(tries(&visit.place.card), 0);
    visit.place.escape();
    assert_eq!(failure(&visit.place.peer.next_answer()), (Some(id.as_str()), "user-cancelled"));
}

#[test]
fn a_remembered_number_opens_the_own_card_for_its_holder() {
    let spec = closed_card(Hypothesis::IasEccCam, 56);
    let desktop = desktop_with_keyring();
    desktop.keyboard(&["ara"]);
    let mut place = Place::on(desktop, 1, &spec);
    let name = ["Arabic_seen", "Arabic_lam", "Arabic_meem", "Arabic_alefmaksura"];
    // over four switches, the other way to open the card, and the button that ends it
    for (asked, keys) in [(1, and_remember_as(&NUMBER, &name)), (2, vec!["Tab"; 6])] {
        let id = request(asked);
        let before = tries(&place.card);
        place.peer.send(&json!({ "type": "read-my-card", "id": id, "language": "ar" }));
        place.peer.wait_for_stage(&id, "waiting-for-person");
        assert_eq!(tries(&place.card), before);
        place.enter_number(&id, &keys);
        let answer = place.peer.next_answer();
        assert_eq!(answer["type"], "my-card", "{answer}");
        assert!(!answer["card"]["document"].is_null(), "{answer}");
        place.window_is_gone();
        assert_eq!(place.desktop.remembered(), [("سلمى".to_owned(), NUMBER.concat())]);
    }
}

/// Without a keystore, with one that has no keyring and with one that is locked: the number is typed, and what would remember it is
/// not on the screen, where the keys press the other way to open the card.
#[test]
fn where_no_keystore_is_open_nothing_is_remembered_and_nobody_is_asked_to_open_one() {
    let spec = closed_card(Hypothesis::IcaoOnly, 54);
    let mut with_a_bus = Desktop::start(DesktopOptions::default());
    with_a_bus.start_bus();
    let locked = desktop_with_keyring();
    locked.remember("This card", &NUMBER.concat());
    locked.lock_keyring();
    for desktop in [Desktop::start(DesktopOptions::default()), with_a_bus, locked] {
        let mut visit = Visit::on(desktop, &spec);
        let id = visit.ask();
        // what stands behind the keypad is the other way to open the card
        visit.place.enter_zone(&id, &spec);
        visit.send(&id, &spec);
        assert_eq!(tries(&visit.place.card), 1);
    }
}
