//! The question about documents, with real keys: however many there are, the PIN can be typed at once and goes to its field, and
//! the whole of each digest is reached with the keyboard.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on fails"
)]

mod window_desktop;

use std::{thread, time::Duration};

use bitaqa_protocol::Language;
use window_desktop::{
    Answer, Desktop, DesktopOptions, PAST_TOO_EARLY,
    documents::{certificates, long_names, many_documents, site, two_documents},
    listener::Listener,
};

const PIN: [&str; 5] = ["1", "2", "3", "4", "5"];

#[test]
fn a_pin_is_typed_below_five_hundred_documents() {
    for (language, count) in [(Language::En, 2), (Language::En, 5), (Language::Ar, 500)] {
        let desktop = Desktop::start(DesktopOptions { screen: (1366, 768), ..DesktopOptions::default() });
        let mut window = desktop.open_window();
        let step = if count == 2 { two_documents() } else { many_documents(count) };
        window.show_for(site(language), language, step);
        window.wait_until_shown();
        thread::sleep(PAST_TOO_EARLY);
        // looks through them first: keys that scroll are no keys of the PIN
        desktop.press(&["Page_Down", "End", "Home"]);
        desktop.press(&PIN);
        assert_eq!(window.enter(&desktop), Answer::Pin("12345".to_owned()), "{count}");
    }
}

/// However high what is signed becomes, the field below it can be reached, and takes the PIN.
#[test]
fn the_pin_is_reached_below_long_names_and_whole_digests() {
    for (step, keys) in
        [(many_documents(40), &["space"][..]), (long_names(40), &[]), (long_names(40), &["space"])]
    {
        let desktop = Desktop::start(DesktopOptions { screen: (1366, 768), ..DesktopOptions::default() });
        let mut window = desktop.open_window();
        window.show_for(site(Language::Fr), Language::Fr, step);
        window.wait_until_shown();
        thread::sleep(PAST_TOO_EARLY);
        desktop.press(keys);
        thread::sleep(Duration::from_millis(400));
        desktop.press(&PIN);
        assert_eq!(window.enter(&desktop), Answer::Pin("12345".to_owned()), "{keys:?}");
    }
}

#[test]
fn the_whole_digest_is_reached_with_the_keyboard() {
    let options =
        DesktopOptions { screen: (1366, 1500), assistive_technology: true, ..DesktopOptions::default() };
    let desktop = Desktop::start(options);
    let mut listener = Listener::start(&desktop);
    let mut window = desktop.open_window();
    window.show_for(site(Language::En), Language::En, many_documents(4));
    window.wait_until_shown();
    thread::sleep(PAST_TOO_EARLY);
    let whole = "073f9a0c".repeat(8);
    let holds = |listener: &mut Listener| listener.tree().iter().any(|line| line.contains(&whole));
    assert!(!holds(&mut listener), "in short at first");
    // with so many, the keyboard starts at what shows them
    desktop.press(&["space"]);
    thread::sleep(Duration::from_millis(400));
    assert!(holds(&mut listener), "{:?}", listener.tree());
}

#[test]
fn certificates_are_agreed_to_with_the_second_button() {
    let desktop = Desktop::start(DesktopOptions::default());
    let mut window = desktop.open_window();
    window.show_for(site(Language::En), Language::En, certificates());
    window.wait_until_shown();
    thread::sleep(PAST_TOO_EARLY);
    desktop.press(&["Tab", "Return"]);
    assert_eq!(window.answer(), Answer::Event("{\"type\":\"released\",\"serial\":5}".to_owned()));
}
