//! What a person hears of the tries left, through the whole host: from the card's counter to the words in the window.
#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod host_peer;
mod sign_in_place;
mod window_desktop;

use std::time::Duration;

use bitaqa_testbed::CardSpec;
use host_peer::wait_until;
use sign_in_place::{PIN, Place, WRONG_PIN, is_valid_token};
use window_desktop::{Desktop, DesktopOptions, listener::Listener};

/// Assistive technology is slow on a busy computer.
const HEARD_WITHIN: Duration = Duration::from_secs(20);

#[test]
fn after_each_wrong_pin_the_window_says_how_many_tries_are_left() {
    // high enough for nothing to be scrolled away
    let options =
        DesktopOptions { screen: (1366, 1300), assistive_technology: true, ..DesktopOptions::default() };
    let desktop = Desktop::start(options);
    let mut listener = Listener::start(&desktop);
    let mut place = Place::on(desktop, 1, &CardSpec::esteid());
    let id = place.ask();
    place.peer.wait_for_stage(&id, "waiting-for-person");
    says(&mut listener, &["3 tries left"]);

    place.enter(&id, &WRONG_PIN);
    place.peer.wait_for_stage(&id, "waiting-for-person");
    says(&mut listener, &["That PIN was wrong.", "2 tries left"]);

    place.enter(&id, &WRONG_PIN);
    place.peer.wait_for_stage(&id, "waiting-for-person");
    says(&mut listener, &["That PIN was wrong.", "Last try: after a wrong PIN the card is blocked"]);

    place.enter(&id, &PIN);
    is_valid_token(&place.peer.next_answer());
    assert_eq!(place.card.verify_count(), 3, "one for each time the person sent a PIN");
}

/// Waits until the window shows each of these texts to assistive technology.
#[track_caller]
fn says(listener: &mut Listener, texts: &[&str]) {
    let mut tree = Vec::new();
    wait_until(&format!("the window to say {texts:?}"), HEARD_WITHIN, || {
        tree = listener.tree();
        texts.iter().all(|text| tree.iter().any(|line| line.contains(text)))
    });
}
