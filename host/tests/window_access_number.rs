//! The number printed on the card, typed with real keys into the real window; and that it is never taken for the PIN.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod window_desktop;

use std::{
    thread,
    time::{Duration, Instant},
};

use bitaqa_host::window::message::{AccessNumberQuestion, Step};
use bitaqa_protocol::Language;
use window_desktop::{
    Answer, Desktop, DesktopOptions, PAST_TOO_EARLY, number_question, number_step, pin_step,
};

/// X11 codes of the keys of the top row, 1 to 6.
const TOP_ROW: [&str; 6] = ["10", "11", "12", "13", "14", "15"];

fn number(digits: &str) -> Answer {
    Answer::AccessNumber(number_question().serial, digits.to_owned())
}

#[test]
fn the_same_keys_give_the_same_number_on_every_keyboard() {
    let desktop = Desktop::start(DesktopOptions::default());
    let layouts = [&["us"][..], &["fr"], &["be"], &["ara"], &["ara", "-variant", "digits"], &["ma"], &["ir"]];
    for layout in layouts {
        desktop.keyboard(layout);
        let mut window = desktop.open_window();
        window.show(Language::Ar, number_step());
        window.wait_until_shown();
        desktop.press(&TOP_ROW);
        desktop.press(&["Return"]);
        assert_eq!(window.answer(), number("123456"), "{layout:?}");
    }
}

#[test]
fn enter_sends_six_digits_once_and_what_else_is_typed_is_not_taken() {
    let desktop = Desktop::start(DesktopOptions::default());
    desktop.keyboard(&["us"]);
    let mut window = desktop.open_window();
    window.show(Language::En, number_step());
    window.wait_until_shown();
    desktop.press(&["4", "7", "a", "space", "1", "1", "0", "Return"]);
    window.says_nothing_for(Duration::from_millis(300));
    desktop.press(&["9", "BackSpace", "8", "3", "Return"]);
    assert_eq!(window.answer(), number("471108"));
    // a second Enter, meant for the number, neither cancels what follows nor sends anything
    desktop.press(&["Return"]);
    window.says_nothing_for(Duration::from_millis(300));
}

#[test]
fn a_number_is_cancelled_as_everything_is() {
    let desktop = Desktop::start(DesktopOptions::default());
    desktop.keyboard(&["us"]);
    // field, keypad, Cancel
    for way in [&["Escape"][..], &["Tab", "Tab", "Return"], &["alt+F4"]] {
        let mut window = desktop.open_window();
        window.show(Language::Fr, number_step());
        window.wait_until_shown();
        desktop.press(&["4", "7"]);
        desktop.press(way);
        assert_eq!(window.answer(), Answer::Event("{\"type\":\"cancelled\"}".to_owned()), "{way:?}");
        assert!(window.wait());
    }
}

#[test]
fn what_was_typed_of_the_number_is_no_part_of_the_pin_and_the_other_way_round() {
    let desktop = Desktop::start(DesktopOptions::default());
    desktop.keyboard(&["us"]);
    let mut window = desktop.open_window();
    window.show(Language::En, number_step());
    window.wait_until_shown();
    desktop.press(&["9", "9", "9"]);
    window.show(Language::En, pin_step());
    thread::sleep(PAST_TOO_EARLY);
    desktop.press(&["4", "7", "1", "1"]);
    assert_eq!(window.enter(&desktop), Answer::Pin("4711".to_owned()));

    window.show(Language::En, pin_step());
    thread::sleep(PAST_TOO_EARLY);
    desktop.press(&["9", "9", "9"]);
    window.show(Language::En, number_step());
    thread::sleep(PAST_TOO_EARLY);
    desktop.press(&["4", "7", "1", "1", "0", "8"]);
    assert_eq!(window.enter(&desktop), number("471108"));
}

#[test]
fn keys_that_go_on_after_the_number_was_sent_are_not_taken_for_the_pin() {
    let desktop = Desktop::start(DesktopOptions::default());
    desktop.keyboard(&["us"]);
    for _ in 0..10 {
        let mut window = desktop.open_window();
        window.show(Language::En, number_step());
        window.wait_until_shown();
        desktop.press(&["4", "7", "1", "1", "0", "8", "Return"]);
        assert_eq!(window.answer(), number("471108"));
        let begun = Instant::now();
        window.show(Language::En, pin_step());
        desktop.output("xdotool", "xdotool", &["key", "--delay", "100", "9", "9", "9", "9", "Return"]);
        if begun.elapsed() > Duration::from_millis(900) {
            // a busy computer left a pause between the keys
            continue;
        }
        window.says_nothing_for(PAST_TOO_EARLY);
        desktop.press(&["4", "7", "1", "1", "Return"]);
        assert_eq!(window.answer(), Answer::Pin("4711".to_owned()), "no 9 was taken");
        return;
    }
    panic!("the computer is too busy for this test");
}

#[test]
fn an_answer_names_its_question() {
    let desktop = Desktop::start(DesktopOptions::default());
    desktop.keyboard(&["us"]);
    let mut window = desktop.open_window();
    for (serial, was_wrong) in [(7, false), (8, true), (0xffff_ffff, true)] {
        let question = AccessNumberQuestion { serial, was_wrong, ..number_question() };
        window.show(Language::Zgh, Step::AccessNumber { question });
        if serial == 7 {
            window.wait_until_shown();
        }
        thread::sleep(PAST_TOO_EARLY);
        desktop.press(&["4", "7", "1", "1", "0", "8"]);
        assert_eq!(window.enter(&desktop), Answer::AccessNumber(serial, "471108".to_owned()));
    }
}
