//! The two questions of an identity request, answered with real keys and a real mouse in the real window.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on fails"
)]

mod window_desktop;

use std::{thread, time::Duration};

use bitaqa_host::window::message::{CardEntry, ConsentQuestion, PictureShown, ReleaseQuestion, Step};
use bitaqa_protocol::Language;
use window_desktop::{
    Answer, Desktop, DesktopOptions, PAST_TOO_EARLY, WindowUnderTest,
    identity::{
        consent_by_zone, consent_question, consent_step, long_consent_question, long_release_question,
        plain_picture, portal, release_question, release_step, test_portal_through_platform,
    },
    pin_step,
};

fn consented(serial: u32, groups: &[u8], entered: &str, remember: Option<&str>) -> Answer {
    let groups: Vec<String> = groups.iter().map(u8::to_string).collect();
    let groups = groups.join(",");
    let remember = serde_json::to_string(&remember).unwrap();
    Answer::Event(format!(
        "{{\"type\":\"consented\",\"serial\":{serial},\"groups\":[{groups}],\"entered\":\"{entered}\",\"remember\":{remember}}}"
    ))
}

fn released(serial: u32) -> Answer {
    Answer::Event(format!("{{\"type\":\"released\",\"serial\":{serial}}}"))
}

fn cancelled() -> Answer {
    Answer::Event("{\"type\":\"cancelled\"}".to_owned())
}

fn start() -> Desktop {
    let desktop = Desktop::start(DesktopOptions::default());
    desktop.keyboard(&["us"]);
    desktop
}

fn open(desktop: &Desktop, language: Language, step: Step) -> WindowUnderTest {
    let mut window = desktop.open_window();
    window.show_for(portal(language), language, step);
    window.wait_until_shown();
    window
}

/// A further step of the same window, past the time in which keys do not count.
fn next(window: &mut WindowUnderTest, language: Language, step: Step) {
    window.show_for(portal(language), language, step);
    thread::sleep(PAST_TOO_EARLY);
}

#[test]
fn groups_and_number_are_answered_with_the_keyboard_alone() {
    let desktop = start();
    for language in [Language::En, Language::Ar] {
        let window = open(&desktop, language, consent_step());
        // the keyboard starts at the first switch that can be turned; the digits need not be looked for
        desktop.press(&["space", "Tab", "space", "space", "4", "7", "1", "1", "0"]);
        desktop.press(&["Return"]);
        window.says_nothing_for(Duration::from_millis(300));
        desktop.press(&["8", "Return"]);
        assert_eq!(window.answer(), consented(21, &[1, 2], "access-number", None), "{language:?}");
        assert_eq!(window.answer(), Answer::AccessNumber(21, "471108".to_owned()));
        // a second Enter, meant for the number, does nothing to what follows
        desktop.press(&["Return"]);
        window.says_nothing_for(Duration::from_millis(300));
    }
}

#[test]
fn refusing_what_is_optional_leaves_what_is_required() {
    let desktop = start();
    let mut question = consent_question();
    for group in &mut question.groups {
        group.chosen = true;
    }
    let window = open(&desktop, Language::Fr, Step::Consent { question });
    // back to the locked switch, which stays as it is, then both others off
    desktop.press(&["shift+Tab", "space", "Tab", "space", "Tab", "space"]);
    desktop.press(&["4", "7", "1", "1", "0", "8", "Return"]);
    assert_eq!(window.answer(), consented(21, &[1], "access-number", None));
    assert_eq!(window.answer(), Answer::AccessNumber(21, "471108".to_owned()));
}

#[test]
fn a_wrong_number_takes_no_switch_back() {
    let desktop = start();
    let mut window = open(&desktop, Language::Ar, consent_step());
    // photo on; number; past the keypad to what remembers it
    desktop.press(&["space", "1", "1", "1", "1", "1", "1", "Tab", "Tab", "space"]);
    assert_eq!(window.enter(&desktop), consented(21, &[1, 2], "access-number", Some("")));
    assert_eq!(window.answer(), Answer::AccessNumber(21, "111111".to_owned()));
    let entry = CardEntry::AccessNumber { tries_left: Some(2), was_wrong: true, can_remember: true };
    next(&mut window, Language::Ar, Step::Reading {});
    next(
        &mut window,
        Language::Ar,
        Step::Consent { question: ConsentQuestion { serial: 22, entry, ..consent_question() } },
    );
    // the keyboard is at the number again
    desktop.press(&["4", "7", "1", "1", "0", "8"]);
    assert_eq!(window.enter(&desktop), consented(22, &[1, 2], "access-number", Some("")));
    assert_eq!(window.answer(), Answer::AccessNumber(22, "471108".to_owned()));
    // what another portal may read is another decision
    let other = ConsentQuestion { serial: 23, purpose: "une autre".to_owned(), ..consent_question() };
    next(&mut window, Language::Ar, Step::Consent { question: other });
    desktop.press(&["4", "7", "1", "1", "0", "8"]);
    assert_eq!(window.enter(&desktop), consented(23, &[1], "access-number", None));
}

/// The number, then past the keypad to what remembers it, and on to its name.
const AND_NAME_IT: [&str; 10] = ["4", "7", "1", "1", "0", "8", "Tab", "Tab", "space", "Tab"];

#[test]
fn a_number_to_be_remembered_is_named_in_the_person_s_own_script() {
    let desktop = start();
    for (language, layout, keys, label) in [
        (Language::En, "us", &["A", "m", "i", "n", "a", "space", "2"][..], "Amina 2"),
        // on this keyboard the same key is a digit of a number
        (Language::Fr, "fr", &["A", "m", "eacute", "l", "i", "e"], "Amélie"),
        (
            Language::Ar,
            "ara",
            &["Arabic_hamzaonalef", "Arabic_meem", "Arabic_yeh", "Arabic_noon", "Arabic_tehmarbuta"],
            "أمينة",
        ),
        // a joiner without width is left out
        (Language::En, "ir", &["Arabic_meem", "shift+space", "Arabic_noon"], "من"),
    ] {
        desktop.keyboard(&[layout]);
        let window = open(&desktop, language, consent_step());
        desktop.press(&AND_NAME_IT);
        desktop.press(keys);
        assert_eq!(window.enter(&desktop), consented(21, &[1], "access-number", Some(label)));
        assert_eq!(window.answer(), Answer::AccessNumber(21, "471108".to_owned()), "{language:?}");
    }
}

#[test]
fn what_is_typed_goes_where_the_keyboard_is() {
    let desktop = start();
    let window = open(&desktop, Language::En, consent_step());
    desktop.press(&["4", "7", "1", "Tab", "Tab", "space", "Tab"]);
    desktop.press(&["9", "b", "BackSpace", "0", "Home", "a", "End", "c"]);
    // Enter means the question, and the number is not complete: the keyboard goes there
    desktop.press(&["Return"]);
    window.says_nothing_for(Duration::from_millis(300));
    desktop.press(&["x", "1", "1", "BackSpace", "0"]);
    // on a switch digits are the number's
    desktop.press(&["Tab", "Tab", "8"]);
    assert_eq!(window.enter(&desktop), consented(21, &[1], "access-number", Some("a90c")));
    assert_eq!(window.answer(), Answer::AccessNumber(21, "471108".to_owned()));
}

#[test]
fn a_name_is_no_longer_than_a_label_and_goes_with_its_switch() {
    let desktop = start();
    let mut window = open(&desktop, Language::Fr, consent_step());
    desktop.press(&AND_NAME_IT);
    desktop.output("xdotool", "xdotool", &["type", "--delay", "20", &"ab".repeat(24)]);
    assert_eq!(window.enter(&desktop), consented(21, &[1], "access-number", Some("ab".repeat(20).as_str())));
    assert_eq!(window.answer(), Answer::AccessNumber(21, "471108".to_owned()));
    // it stays with a number that was wrong, and goes where the switch is turned off
    let entry = CardEntry::AccessNumber { tries_left: Some(2), was_wrong: true, can_remember: true };
    let again = ConsentQuestion { serial: 22, entry, ..consent_question() };
    next(&mut window, Language::Fr, Step::Consent { question: again });
    desktop.press(&["4", "7", "1", "1", "0", "8", "Tab", "Tab", "Tab", "End", "BackSpace"]);
    assert_eq!(window.enter(&desktop), consented(22, &[1], "access-number", Some(&"ab".repeat(20)[..39])));
    assert_eq!(window.answer(), Answer::AccessNumber(22, "471108".to_owned()));
    let again = ConsentQuestion { serial: 23, entry, ..consent_question() };
    next(&mut window, Language::Fr, Step::Consent { question: again });
    desktop.press(&["4", "7", "1", "1", "0", "8", "Tab", "Tab", "space"]);
    assert_eq!(window.enter(&desktop), consented(23, &[1], "access-number", None));
    assert_eq!(window.answer(), Answer::AccessNumber(23, "471108".to_owned()));
}

#[test]
fn document_number_and_dates_open_a_card_too() {
    let desktop = start();
    for (language, layout) in [(Language::En, "us"), (Language::Fr, "us"), (Language::Ar, "us")] {
        desktop.keyboard(&[layout]);
        let window = open(&desktop, language, Step::Consent { question: consent_by_zone() });
        // small letters are capitals; a whole date goes on to the next
        desktop.press(&["l", "8", "9", "8", "9", "0", "2", "c", "Return"]);
        window.says_nothing_for(Duration::from_millis(300));
        desktop.press(&[
            "0", "6", "0", "8", "1", "9", "6", "9", "2", "3", "0", "6", "1", "9", "9", "4", "Return",
        ]);
        assert_eq!(window.answer(), consented(21, &[1], "mrz", None), "{language:?}");
        let fields = "\u{8}L898902C\u{6}690806\u{6}940623";
        assert_eq!(window.answer(), Answer::Mrz(21, fields.to_owned()), "{language:?}");
    }
}

#[test]
fn what_is_no_date_is_not_sent_and_an_unknown_day_is() {
    let desktop = start();
    let window = open(&desktop, Language::En, Step::Consent { question: consent_by_zone() });
    desktop.press(&["A", "1", "slash", "Return"]);
    // 31 February; taken back to the day, and unknown then
    desktop.press(&["3", "1", "0", "2", "1", "9", "6", "9", "Return"]);
    window.says_nothing_for(Duration::from_millis(300));
    desktop.press(&["BackSpace"; 8]);
    desktop
        .press(&["0", "0", "0", "2", "1", "9", "6", "9", "2", "3", "0", "6", "1", "9", "9", "4", "Return"]);
    assert_eq!(window.answer(), consented(21, &[1], "mrz", None));
    assert_eq!(window.answer(), Answer::Mrz(21, "\u{2}A1\u{6}6902<<\u{6}940623".to_owned()));
}

#[test]
fn one_changes_to_the_dates_and_back() {
    let desktop = start();
    let window = open(&desktop, Language::En, consent_step());
    // photo on; three digits; past what opens the keypad and what remembers the number
    desktop.press(&["space", "4", "7", "1", "Tab", "Tab", "Tab", "space"]);
    thread::sleep(Duration::from_millis(400));
    desktop.press(&["B", "2", "Tab", "0", "1", "0", "1", "1", "9", "9", "0"]);
    // back from the last field, behind which nothing can be remembered: what was typed is gone
    desktop.press(&["Tab", "space"]);
    thread::sleep(Duration::from_millis(400));
    desktop.press(&["4", "7", "1", "1", "0", "8", "Return"]);
    assert_eq!(window.answer(), consented(21, &[1, 2], "access-number", None));
    assert_eq!(window.answer(), Answer::AccessNumber(21, "471108".to_owned()));
}

#[test]
fn a_key_alone_is_no_consent_where_nothing_has_to_be_typed() {
    let desktop = start();
    let question = ConsentQuestion { entry: CardEntry::Nothing {}, alternative: None, ..consent_question() };
    let window = open(&desktop, Language::En, Step::Consent { question });
    desktop.press(&["Return", "Return", "5"]);
    window.says_nothing_for(Duration::from_millis(300));
    // two switches, Cancel, and then the button that says what it does
    desktop.press(&["Tab", "Tab", "Tab", "Return"]);
    assert_eq!(window.answer(), consented(21, &[1], "nothing", None));
}

#[test]
fn keys_meant_for_another_window_turn_no_switch() {
    for _ in 0..10 {
        let desktop = start();
        let mut window = desktop.open_window();
        window.show_for(portal(Language::En), Language::En, consent_step());
        window.wait_until_it_has_the_keyboard();
        let begun = std::time::Instant::now();
        desktop.output("xdotool", "xdotool", &["key", "--delay", "20", "space", "9", "space"]);
        if begun.elapsed() > Duration::from_millis(400) {
            // a busy computer pressed the keys too late to prove anything
            continue;
        }
        thread::sleep(PAST_TOO_EARLY);
        desktop.press(&["4", "7", "1", "1", "0", "8", "Return"]);
        assert_eq!(window.answer(), consented(21, &[1], "access-number", None));
        assert_eq!(window.answer(), Answer::AccessNumber(21, "471108".to_owned()));
        return;
    }
    panic!("the computer is too busy for this test");
}

#[test]
fn sending_takes_a_decision_of_its_own() {
    let desktop = start();
    for language in [Language::Ar, Language::En] {
        let mut window = desktop.open_window();
        window.send_picture(0, &plain_picture(240, 320, [[0, 90, 200], [240, 200, 40]]));
        window.show_for(portal(language), language, release_step());
        window.wait_until_shown();
        desktop.press(&["Tab", "Return"]);
        assert_eq!(window.answer(), released(22), "{language:?}");
        desktop.press(&["Return"]);
        // "Sending" can still be given up
        next(&mut window, language, Step::Sending {});
        next(&mut window, language, Step::Sent {});
        assert_eq!(window.answer(), Answer::End);
        assert!(window.wait());
    }
}

#[test]
fn nothing_is_sent_that_the_person_does_not_send() {
    let desktop = start();
    let question = ReleaseQuestion {
        photo: PictureShown::None,
        signature_image: PictureShown::None,
        ..release_question()
    };
    for way in [&["Return"][..], &["Escape"], &["alt+F4"], &["Tab", "Tab", "space"]] {
        let mut window = open(&desktop, Language::Fr, Step::Release { question: question.clone() });
        desktop.press(way);
        assert_eq!(window.answer(), cancelled(), "{way:?}");
        assert!(window.wait());
    }
    for step in [consent_step(), Step::Consent { question: consent_by_zone() }, Step::Sending {}] {
        let mut window = open(&desktop, Language::Zgh, step);
        desktop.press(&["4", "7", "Escape"]);
        assert_eq!(window.answer(), cancelled());
        assert!(window.wait());
    }
}

#[test]
fn long_questions_can_be_read_and_answered_on_a_small_screen() {
    for (screen, portal_settings) in [((1024, 600), None), ((1024, 768), Some((2.0, false, false)))] {
        let options = DesktopOptions { screen, portal: portal_settings, ..DesktopOptions::default() };
        let desktop = Desktop::start(options);
        desktop.keyboard(&["us"]);
        let mut window = desktop.open_window();
        let step = Step::Consent { question: long_consent_question() };
        window.show_for(test_portal_through_platform(Language::Ar), Language::Ar, step);
        window.wait_until_shown();
        desktop.press(&["Home", "Page_Down", "End", "Up"]);
        desktop.press(&["4", "7", "1", "1", "0", "8"]);
        assert_eq!(window.enter(&desktop), consented(21, &[1], "access-number", None));
        assert_eq!(window.answer(), Answer::AccessNumber(21, "471108".to_owned()));
        let step = Step::Release { question: long_release_question() };
        window.show_for(test_portal_through_platform(Language::Ar), Language::Ar, step);
        thread::sleep(PAST_TOO_EARLY);
        desktop.press(&["End", "Home", "Tab"]);
        assert_eq!(window.enter(&desktop), released(22));
    }
}

#[test]
fn consent_release_and_pin_are_one_window() {
    let desktop = start();
    let mut window = open(&desktop, Language::En, consent_step());
    desktop.press(&["4", "7", "1", "1", "0", "8", "Return"]);
    assert_eq!(window.answer(), consented(21, &[1], "access-number", None));
    assert_eq!(window.answer(), Answer::AccessNumber(21, "471108".to_owned()));
    next(&mut window, Language::En, Step::Reading {});
    next(&mut window, Language::En, release_step());
    desktop.press(&["Tab"]);
    assert_eq!(window.enter(&desktop), released(22));
    next(&mut window, Language::En, pin_step());
    desktop.press(&["4", "7", "1", "1"]);
    assert_eq!(window.enter(&desktop), Answer::Pin("4711".to_owned()));
    next(&mut window, Language::En, Step::Sent {});
    assert_eq!(window.answer(), Answer::End);
}

#[test]
fn pictures_of_no_kind_or_size_end_the_window() {
    let desktop = start();
    for bytes in [&[b'I', 9, 0, 1, 0, 1, 1, 2, 3][..], &[b'I', 0, 0xff, 0xff, 0, 1], &[b'I', 0, 0, 0, 0, 0]] {
        let mut window = open(&desktop, Language::En, Step::Reading {});
        window.send(bytes);
        assert_eq!(window.answer(), Answer::End, "{bytes:?}");
        window.close();
        assert!(window.wait());
    }
}
