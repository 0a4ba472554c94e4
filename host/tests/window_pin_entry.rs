//! The PIN, typed with real keys into the real window.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod window_desktop;

use std::{
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use bitaqa_host::window::{
    message::{Alphabet, Question, Scene, Step, WindowEvent},
    parent::{WindowChild, WindowReport},
};
use bitaqa_protocol::{ErrorCode, Language};
use window_desktop::{
    Answer, Desktop, DesktopOptions, PAST_TOO_EARLY, WindowUnderTest, asker, number_question, pin_step,
    question,
};

fn cancelled() -> Answer {
    Answer::Event("{\"type\":\"cancelled\"}".to_owned())
}

/// X11 codes of the keys of the top row, 1 to 0.
const TOP_ROW: [&str; 10] = ["10", "11", "12", "13", "14", "15", "16", "17", "18", "19"];

#[test]
fn the_same_keys_give_the_same_pin_on_every_keyboard() {
    let desktop = Desktop::start(DesktopOptions::default());
    let ten = Question { min_length: 10, max_length: 10, ..question() };
    for layout in [&["us"][..], &["fr"], &["be"], &["ara"], &["ara", "-variant", "digits"], &["ma"]] {
        desktop.keyboard(layout);
        let mut window = desktop.open_window();
        window.show(Language::Ar, Step::Pin { question: ten.clone() });
        window.wait_until_shown();
        desktop.press(&TOP_ROW);
        desktop.press(&["Return"]);
        assert_eq!(window.answer(), Answer::Pin("1234567890".to_owned()), "{layout:?}");
    }
}

#[test]
fn shifted_digits_of_azerty_and_the_key_pad_type_digits_too() {
    let desktop = Desktop::start(DesktopOptions::default());
    desktop.keyboard(&["fr"]);
    let mut window = desktop.open_window();
    window.show(Language::Fr, pin_step());
    window.wait_until_shown();
    desktop.press(&["shift+10", "shift+11", "KP_3", "13", "Return"]);
    assert_eq!(window.answer(), Answer::Pin("1234".to_owned()));
}

#[test]
fn persian_digits_become_ascii() {
    let desktop = Desktop::start(DesktopOptions::default());
    desktop.keyboard(&["ir"]);
    let mut window = desktop.open_window();
    window.show(Language::Ar, pin_step());
    window.wait_until_shown();
    desktop.press(&["13", "12", "11", "10", "Return"]);
    assert_eq!(window.answer(), Answer::Pin("4321".to_owned()));
}

#[test]
fn what_the_card_does_not_take_is_not_typed() {
    let desktop = Desktop::start(DesktopOptions::default());
    desktop.keyboard(&["us"]);
    let mut window = desktop.open_window();
    window.show(Language::En, pin_step());
    window.wait_until_shown();
    // letters, a blank, signs that mean digits on other keyboards, a fifth digit, a mistake taken back
    desktop.press(&[
        "a",
        "4",
        "space",
        "7",
        "ampersand",
        "apostrophe",
        "9",
        "BackSpace",
        "1",
        "1",
        "5",
        "Return",
    ]);
    assert_eq!(window.answer(), Answer::Pin("4711".to_owned()));
}

#[test]
fn a_card_that_takes_characters_gets_characters() {
    let desktop = Desktop::start(DesktopOptions::default());
    desktop.keyboard(&["us"]);
    let mut window = desktop.open_window();
    let characters = Question { min_length: 4, max_length: 8, alphabet: Alphabet::Ascii, ..question() };
    window.show(Language::En, Step::Pin { question: characters });
    window.wait_until_shown();
    desktop.press(&["a", "shift+b", "space", "ampersand", "1", "Return"]);
    assert_eq!(window.answer(), Answer::Pin("aB &1".to_owned()));
}

#[test]
fn a_key_held_down_is_one_character() {
    let desktop = Desktop::start(DesktopOptions::default());
    desktop.keyboard(&["us"]);
    let mut window = desktop.open_window();
    window.show(Language::En, pin_step());
    window.wait_until_shown();
    desktop.output("xdotool", "xdotool", &["keydown", "4"]);
    thread::sleep(Duration::from_millis(1200));
    desktop.output("xdotool", "xdotool", &["keyup", "4"]);
    desktop.press(&["7", "1", "1", "Return"]);
    assert_eq!(window.answer(), Answer::Pin("4711".to_owned()));
}

#[test]
fn what_is_typed_on_a_window_that_has_just_appeared_is_not_taken() {
    let desktop = Desktop::start(DesktopOptions::default());
    desktop.keyboard(&["us"]);
    for _ in 0..10 {
        let mut window = desktop.open_window();
        window.show(Language::En, pin_step());
        window.wait_until_it_has_the_keyboard();
        let begun = Instant::now();
        desktop.output("xdotool", "xdotool", &["key", "9", "9", "Return"]);
        if begun.elapsed() > Duration::from_millis(400) {
            // a busy computer pressed the keys too late to prove anything
            continue;
        }
        window.says_nothing_for(PAST_TOO_EARLY);
        desktop.press(&["4", "7", "1", "1", "Return"]);
        assert_eq!(window.answer(), Answer::Pin("4711".to_owned()), "neither 9 was taken");
        return;
    }
    panic!("the computer is too busy for this test");
}

#[test]
fn keys_that_do_not_stop_are_not_taken_however_long_they_last() {
    let desktop = Desktop::start(DesktopOptions::default());
    desktop.keyboard(&["us"]);
    for _ in 0..10 {
        let mut window = desktop.open_window();
        window.show(Language::En, pin_step());
        window.wait_until_it_has_the_keyboard();
        // somebody who types on, elsewhere as they think, for longer than the window is deaf
        let begun = Instant::now();
        let digits = ["9"; 11];
        let arguments: Vec<&str> =
            ["key", "--delay", "100"].into_iter().chain(digits).chain(["Return"]).collect();
        desktop.output("xdotool", "xdotool", &arguments);
        if begun.elapsed() > Duration::from_millis(1600) {
            // a busy computer left a pause between the keys
            continue;
        }
        window.says_nothing_for(PAST_TOO_EARLY);
        desktop.press(&["4", "7", "1", "1", "Return"]);
        assert_eq!(window.answer(), Answer::Pin("4711".to_owned()));
        return;
    }
    panic!("the computer is too busy for this test");
}

#[test]
fn enter_sends_a_whole_pin_only_and_only_once() {
    let desktop = Desktop::start(DesktopOptions::default());
    desktop.keyboard(&["us"]);
    let mut window = desktop.open_window();
    window.show(Language::En, pin_step());
    window.wait_until_shown();
    desktop.press(&["4", "7", "1", "Return"]);
    window.says_nothing_for(Duration::from_millis(300));
    desktop.press(&["1", "Return"]);
    assert_eq!(window.answer(), Answer::Pin("4711".to_owned()));
    // a second Enter, meant for the question, must not cancel what follows it
    desktop.press(&["Return"]);
    window.says_nothing_for(Duration::from_millis(300));
}

#[test]
fn a_wrong_pin_is_asked_for_again_from_the_start() {
    let desktop = Desktop::start(DesktopOptions::default());
    desktop.keyboard(&["us"]);
    let mut window = desktop.open_window();
    window.show(Language::En, pin_step());
    window.wait_until_shown();
    desktop.press(&["1", "1", "1", "1", "Return"]);
    assert_eq!(window.answer(), Answer::Pin("1111".to_owned()));
    let again = Question { tries_left: Some(2), was_wrong: true, ..question() };
    window.show(Language::En, Step::Pin { question: again });
    thread::sleep(PAST_TOO_EARLY);
    desktop.press(&["4", "7", "1", "1"]);
    assert_eq!(window.enter(&desktop), Answer::Pin("4711".to_owned()));
}

#[test]
fn everything_can_be_done_with_the_keyboard_and_cancelled_anywhere() {
    let desktop = Desktop::start(DesktopOptions::default());
    desktop.keyboard(&["us"]);
    // field, keypad, Cancel, Sign in
    let ways: [&[&str]; 3] = [&["Escape"], &["Tab", "Tab", "Return"], &["shift+Tab", "shift+Tab", "space"]];
    for way in ways {
        let mut window = desktop.open_window();
        window.show(Language::Ar, pin_step());
        window.wait_until_shown();
        desktop.press(&["4", "7"]);
        desktop.press(way);
        assert_eq!(window.answer(), cancelled(), "{way:?}");
        assert_eq!(window.answer(), Answer::End);
        assert!(window.wait());
    }
    let mut window = desktop.open_window();
    window.show(Language::Ar, pin_step());
    window.wait_until_shown();
    desktop.press(&["4", "7", "1", "1", "Tab", "Tab", "Tab", "space"]);
    assert_eq!(window.answer(), Answer::Pin("4711".to_owned()));
}

#[test]
fn the_keypad_types_without_a_mouse() {
    let desktop = Desktop::start(DesktopOptions::default());
    desktop.keyboard(&["us"]);
    let mut window = desktop.open_window();
    window.show(Language::Ar, pin_step());
    window.wait_until_shown();
    // from the field to the button that opens the keypad, then 4, 7, 6, 0 in the keypad's order
    desktop.press(&["Tab", "space", "Tab", "Tab", "Tab", "Tab", "space", "Tab", "Tab", "Tab", "space"]);
    desktop.press(&["shift+Tab", "space", "Tab", "Tab", "Tab", "Tab", "space"]);
    // a fifth digit, the key that erases, the last digit again
    desktop.press(&["space", "Tab", "space", "shift+Tab", "space"]);
    // past the key that erases and Cancel
    desktop.press(&["Tab", "Tab", "Tab", "space"]);
    assert_eq!(window.answer(), Answer::Pin("4760".to_owned()));
}

#[test]
fn statements_can_be_cancelled_and_the_end_closes_by_itself() {
    let desktop = Desktop::start(DesktopOptions::default());
    desktop.keyboard(&["us"]);
    for step in [
        Step::Reading {},
        Step::Signing {},
        Step::PinPad { question: question() },
        Step::AccessNumberOnReader { question: number_question() },
        Step::Failed { code: ErrorCode::CardMute },
    ] {
        let mut window = desktop.open_window();
        window.show(Language::Zgh, step);
        window.wait_until_shown();
        desktop.press(&["Return"]);
        assert_eq!(window.answer(), cancelled());
        assert!(window.wait());
    }
    let mut window = desktop.open_window();
    window.show(Language::En, Step::Signing {});
    window.wait_until_shown();
    let end = Instant::now();
    window.show(Language::En, Step::Done {});
    assert_eq!(window.answer(), Answer::End);
    assert!(window.wait());
    assert!((Duration::from_millis(1000)..Duration::from_millis(2500)).contains(&end.elapsed()));
}

#[test]
fn a_closed_window_is_a_cancelled_one_and_an_ended_input_closes_it() {
    let desktop = Desktop::start(DesktopOptions::default());
    let mut window = desktop.open_window();
    window.show(Language::Fr, pin_step());
    window.wait_until_shown();
    // the window manager's key: on a busy computer it may miss one, and a person presses it again
    let heard = (0..5).find_map(|_| {
        desktop.press(&["alt+F4"]);
        window.answer_within(Duration::from_secs(4))
    });
    assert_eq!(heard, Some(cancelled()));
    assert!(window.wait());

    let mut window = desktop.open_window();
    window.show(Language::Fr, pin_step());
    window.wait_until_shown();
    window.close();
    assert_eq!(window.answer(), Answer::End);
    assert!(window.wait());
}

#[test]
fn without_a_display_it_says_so() {
    let desktop = Desktop::start(DesktopOptions::default());
    for variables in
        [[("DISPLAY", ""), ("WAYLAND_DISPLAY", "")], [("DISPLAY", ":4095"), ("WAYLAND_DISPLAY", "dead")]]
    {
        let mut window = WindowUnderTest::start(&desktop, &variables);
        window.show(Language::En, pin_step());
        assert_eq!(window.answer(), Answer::Event("{\"type\":\"unavailable\"}".to_owned()));
        assert!(!window.wait());
    }
}

#[test]
fn a_dead_wayland_server_does_not_keep_it_from_x11() {
    let desktop = Desktop::start(DesktopOptions::default());
    let mut window = WindowUnderTest::start(&desktop, &[("WAYLAND_DISPLAY", "wayland-7")]);
    window.show(Language::En, pin_step());
    window.wait_until_shown();
}

#[test]
fn the_host_s_end_hears_everything_and_closes_the_window() {
    let desktop = Desktop::start(DesktopOptions::default());
    desktop.keyboard(&["us"]);
    let (sender, reports) = mpsc::channel();
    let mut window = WindowChild::spawn_program(desktop.program(), move |report| {
        sender.send(report).unwrap();
    })
    .unwrap();
    let next = || reports.recv_timeout(Duration::from_secs(20)).unwrap();
    let scene = |step| Scene { language: Language::En, asker: asker(), step };
    window.show(&scene(pin_step())).unwrap();
    assert!(matches!(next(), WindowReport::Event(WindowEvent::Shown {})));
    desktop.wait_until_keyboard_given();
    thread::sleep(PAST_TOO_EARLY);
    desktop.press(&["4", "7", "1", "1", "Return"]);
    let WindowReport::Pin(pin) = next() else { panic!("no PIN") };
    assert_eq!(pin.as_bytes(), b"4711");
    window.show(&scene(Step::Signing {})).unwrap();
    let begun = Instant::now();
    window.close();
    assert!(begun.elapsed() < Duration::from_millis(450), "it had to be killed");
    assert!(matches!(next(), WindowReport::Ended(Ok(()))));
}
