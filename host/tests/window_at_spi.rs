//! What a person hears who does not see the window: the transcript of a screen reader, per language.
//!
//! The transcripts stand in `at_spi/`. To write them anew after a change that is meant, run this test with
//! `BITAQA_WRITE_TRANSCRIPTS=1` and read the difference.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on fails"
)]

mod window_desktop;

use std::{fmt::Write as _, fs, thread, time::Duration};

use bitaqa_host::window::message::{
    AccessNumberQuestion, Alphabet, Asker, CardEntry, ConsentQuestion, Missing, Question, Step,
};
use bitaqa_protocol::{ErrorCode, Language};
use window_desktop::{
    Answer, Desktop, DesktopOptions, WindowUnderTest, asker,
    documents::{certificates, given_digest, many_documents, site, third_of_twelve, two_documents},
    identity::{
        consent_question, consent_step, long_release_question, plain_picture,
        portal_through_reading_platform, release_step, test_portal_through_platform,
    },
    listener::{Listener, QUIET},
    number_question, number_step, pin_step, question, source,
};

/// A walk through the window, written down.
struct Walk {
    // in the order in which they end
    window: WindowUnderTest,
    listener: Listener,
    desktop: Desktop,
    language: Language,
    asker: Asker,
    transcript: String,
}

impl Walk {
    fn begin(language: Language) -> Self {
        // high enough for nothing to be scrolled away
        let options =
            DesktopOptions { screen: (1366, 1800), assistive_technology: true, ..DesktopOptions::default() };
        let desktop = Desktop::start(options);
        desktop.keyboard(&["us"]);
        let listener = Listener::start(&desktop);
        let window = desktop.open_window();
        Self { window, listener, desktop, language, asker: asker(), transcript: String::new() }
    }

    fn scene(&mut self, title: &str, step: Step) {
        writeln!(self.transcript, "\n## {title}").unwrap();
        self.window.show_for(self.asker.clone(), self.language, step);
        thread::sleep(Duration::from_millis(600));
        let heard = self.listener.hear();
        self.transcript.push_str(&heard);
    }

    fn tree(&mut self) {
        for line in self.listener.tree() {
            writeln!(self.transcript, "| {line}").unwrap();
        }
    }

    fn keys(&mut self, what: &str, keys: &[&str]) {
        writeln!(self.transcript, "# {what}").unwrap();
        for key in keys {
            self.desktop.press(&[key]);
            let heard = self.listener.hear();
            self.transcript.push_str(&heard);
        }
    }
}

fn transcript(language: Language) -> String {
    let mut walk = Walk::begin(language);
    walk.scene("no card yet", Step::Waiting { missing: Missing::Card });
    walk.window.wait_until_shown();
    let heard = walk.listener.hear();
    walk.transcript.push_str(&heard);
    walk.tree();
    for missing in [
        Missing::Service,
        Missing::Reader,
        Missing::KnownCard,
        Missing::NumberedCard,
        Missing::AnsweringCard,
        Missing::FreeReader,
        Missing::SameCard,
    ] {
        walk.scene(&format!("missing: {missing:?}"), Step::Waiting { missing });
    }
    walk.scene("reading", Step::Reading {});

    walk.scene("the number printed on the card", number_step());
    walk.tree();
    walk.keys("five digits", &["4", "7", "1", "1", "0"]);
    walk.keys("Enter, too early", &["Return"]);
    walk.keys("the last digit, and one too many", &["8", "9"]);
    walk.keys("Enter", &["Return"]);
    assert_eq!(walk.window.answer(), Answer::AccessNumber(7, "471108".to_owned()));
    let wrong = AccessNumberQuestion {
        reader: Some("Example Reader 00 00".to_owned()),
        tries_left: Some(2),
        was_wrong: true,
        ..number_question()
    };
    walk.scene("a wrong number, and cards in two readers", Step::AccessNumber { question: wrong });
    walk.tree();
    walk.scene("the number on the reader's keys", Step::AccessNumberOnReader { question: number_question() });
    walk.tree();

    walk.scene("the question", pin_step());
    walk.tree();
    walk.keys("two digits", &["4", "7"]);
    walk.keys("a letter", &["a"]);
    walk.keys("Enter, too early", &["Return"]);
    walk.keys("one taken back", &["BackSpace"]);
    walk.keys("through everything", &["Tab", "Tab", "Tab", "Tab", "shift+Tab"]);
    walk.keys("back to what opens the keypad", &["shift+Tab", "shift+Tab"]);
    walk.keys("opened", &["space"]);
    walk.tree();
    walk.keys("through the keypad", &["Tab"; 11]);
    walk.keys("erased there", &["space"]);
    walk.keys("past the buttons to the field", &["Tab", "Tab", "Tab"]);
    walk.keys("the whole PIN, and one digit too many", &["4", "7", "1", "1", "1"]);
    walk.keys("Enter", &["Return"]);
    assert_eq!(walk.window.answer(), Answer::Pin("4711".to_owned()));
    walk.tree();

    let wrong = Question { tries_left: Some(2), was_wrong: true, ..question() };
    walk.scene("a wrong PIN", Step::Pin { question: wrong });
    walk.tree();
    let last = Question { tries_left: Some(1), was_wrong: true, ..question() };
    walk.scene("the last try", Step::Pin { question: last });
    let long =
        Question { min_length: 6, max_length: 12, alphabet: Alphabet::Ascii, pin_label: None, ..question() };
    walk.scene("a PIN of characters", Step::Pin { question: long });
    walk.tree();
    walk.keys("one character", &["a"]);
    walk.keys("Enter, too early", &["Return"]);
    walk.scene("the reader's key pad", Step::PinPad { question: question() });
    walk.tree();
    walk.scene("signing", Step::Signing {});
    walk.scene("failed", Step::Failed { code: ErrorCode::PinBlocked });
    walk.tree();
    walk.scene("done", Step::Done {});
    walk.transcript.trim_start().to_owned() + "\n"
}

/// The two questions of an identity request.
fn identity_transcript(language: Language) -> String {
    let mut walk = Walk::begin(language);
    walk.asker = test_portal_through_platform(language);
    walk.scene("before reading", consent_step());
    walk.window.wait_until_shown();
    let heard = walk.listener.hear();
    walk.transcript.push_str(&heard);
    walk.tree();
    walk.keys("photo on, and off again", &["space", "space"]);
    walk.keys("back to what is required", &["shift+Tab", "space"]);
    walk.keys("Enter, with nothing typed", &["Return"]);
    walk.keys("six digits", &["4", "7", "1", "1", "0", "8"]);
    walk.keys("through everything", &["Tab"; 9]);
    walk.keys("to what remembers the number", &["Tab", "Tab"]);
    walk.keys("remembered", &["space"]);
    walk.keys("and named", &["Tab", "A", "b", "BackSpace"]);
    walk.tree();
    walk.keys("the dates instead", &["Tab", "space"]);
    walk.tree();
    walk.keys("a number, and what is no date", &["A", "1", "Tab", "3", "1", "0", "2", "1", "9", "9", "0"]);
    walk.keys(
        "a date",
        &["BackSpace", "BackSpace", "BackSpace", "BackSpace", "BackSpace", "1", "1", "9", "9", "0"],
    );
    walk.keys("the other date, and Enter", &["0", "1", "0", "1", "2", "0", "3", "0", "Return"]);
    assert!(matches!(walk.window.answer(), Answer::Event(event) if event.contains("consented")));
    assert!(matches!(walk.window.answer(), Answer::Mrz(21, _)));
    let entry = CardEntry::Mrz { was_wrong: true };
    walk.scene(
        "wrong",
        Step::Consent { question: ConsentQuestion { entry, alternative: None, ..consent_question() } },
    );
    let entry = CardEntry::AccessNumber { tries_left: Some(1), was_wrong: true, can_remember: true };
    walk.scene("a wrong number", Step::Consent { question: ConsentQuestion { entry, ..consent_question() } });
    let (entry, reader) = (CardEntry::Nothing {}, Some("Example Reader 00 00".to_owned()));
    let alone = ConsentQuestion { entry, reader, alternative: None, groups: vec![], ..consent_question() };
    walk.scene("nothing to type and nothing to choose", Step::Consent { question: alone });
    walk.window.send_picture(0, &plain_picture(24, 32, [[9; 3], [200; 3]]));
    walk.window.send_picture(1, &plain_picture(40, 20, [[9; 3], [200; 3]]));
    walk.scene("before sending", release_step());
    walk.tree();
    walk.keys("through everything", &["Tab", "Tab"]);
    walk.asker = portal_through_reading_platform(language);
    walk.scene("before sending to a platform that reads it", release_step());
    walk.tree();
    walk.asker = test_portal_through_platform(language);
    walk.scene("long, and without proof", Step::Release { question: long_release_question() });
    walk.scene("the PIN", pin_step());
    walk.scene("sending", Step::Sending {});
    walk.scene("proving", Step::Proving {});
    walk.scene("sent", Step::Sent {});
    walk.transcript.trim_start().to_owned() + "\n"
}

fn signing_transcript(language: Language) -> String {
    let mut walk = Walk::begin(language);
    walk.asker = site(language);
    walk.scene("a card that signs no documents", Step::Waiting { missing: Missing::SigningCard });
    walk.window.wait_until_shown();
    let heard = walk.listener.hear();
    walk.transcript.push_str(&heard);
    walk.scene("two documents", two_documents());
    walk.tree();
    walk.keys("to what shows whole digests", &["shift+Tab"]);
    walk.keys("whole digests", &["space"]);
    walk.tree();
    walk.scene("five documents", many_documents(5));
    walk.keys("through everything", &["Tab"; 5]);
    walk.scene("a digest that the site gave", given_digest());
    walk.scene("the third of twelve", third_of_twelve());
    walk.scene("signing", Step::Signing {});
    walk.scene("certificates", certificates());
    walk.tree();
    walk.keys("through everything", &["Tab", "Tab"]);
    walk.scene("signed", Step::Done {});
    walk.transcript.trim_start().to_owned() + "\n"
}

fn check_signing(language: Language) {
    compare(&format!("signing-{}.txt", language.tag()), &signing_transcript(language));
}

fn check(language: Language) {
    compare(&format!("{}.txt", language.tag()), &transcript(language));
}

fn check_identity(language: Language) {
    compare(&format!("identity-{}.txt", language.tag()), &identity_transcript(language));
}

fn compare(file: &str, transcript: &str) {
    // neither PIN nor number, nor their beginning, in any script
    for secret in ["4711", "471", "٤٧١", "۴۷۱"] {
        assert!(!transcript.contains(secret), "the PIN is in the transcript:\n{transcript}");
    }
    let path = source("at_spi").join(file);
    if std::env::var_os("BITAQA_WRITE_TRANSCRIPTS").is_some() {
        fs::write(&path, transcript).unwrap();
        return;
    }
    let stored = fs::read_to_string(&path).unwrap_or_default();
    if let Some((line, (heard, expected))) =
        transcript.lines().zip(stored.lines()).enumerate().find(|(_, (heard, expected))| heard != expected)
    {
        panic!("{}:{}: heard\n  {heard}\nexpected\n  {expected}", path.display(), line + 1);
    }
    assert_eq!(transcript.lines().count(), stored.lines().count(), "{}", path.display());
}

#[test]
fn the_window_is_heard_in_arabic() {
    check(Language::Ar);
}

#[test]
fn the_window_is_heard_in_french() {
    check(Language::Fr);
}

#[test]
fn the_window_is_heard_in_english() {
    check(Language::En);
}

#[test]
fn the_window_is_heard_in_tamazight() {
    check(Language::Zgh);
}

#[test]
fn the_questions_of_an_identity_request_are_heard_in_arabic() {
    check_identity(Language::Ar);
}

#[test]
fn the_questions_of_an_identity_request_are_heard_in_french() {
    check_identity(Language::Fr);
}

#[test]
fn the_questions_of_an_identity_request_are_heard_in_english() {
    check_identity(Language::En);
}

#[test]
fn the_questions_of_an_identity_request_are_heard_in_tamazight() {
    check_identity(Language::Zgh);
}

#[test]
fn the_keypad_types_by_mouse_and_by_touch_of_assistive_technology() {
    let mut walk = Walk::begin(Language::En);
    walk.window.show(Language::En, pin_step());
    walk.window.wait_until_shown();
    let click = |walk: &mut Walk, name: &str| {
        let place = walk.listener.ask(&format!("place push-button {name}"), "place");
        let number = |index: usize| place[index].as_i64().unwrap();
        assert!(number(2) >= 44 && number(3) >= 44, "{name} is too small for a finger: {place}");
        let (x, y) = (number(0) + number(2) / 2, number(1) + number(3) / 2);
        let arguments = ["mousemove", &x.to_string(), &y.to_string(), "click", "1"];
        walk.desktop.output("xdotool", "xdotool", &arguments);
        thread::sleep(QUIET);
    };
    for name in ["Show the keypad", "4", "7", "0", "Delete the last one", "1", "1", "Sign in"] {
        click(&mut walk, name);
    }
    assert_eq!(walk.window.answer(), Answer::Pin("4711".to_owned()));
}

#[test]
fn a_key_that_came_too_early_is_said_to_be_lost() {
    let mut walk = Walk::begin(Language::En);
    walk.window.show(Language::En, Step::Reading {});
    walk.window.wait_until_shown();
    for _ in 0..10 {
        walk.window.show(Language::En, Step::Reading {});
        walk.listener.hear();
        walk.window.show(Language::En, pin_step());
        thread::sleep(Duration::from_millis(100));
        walk.desktop.press(&["9"]);
        if walk.listener.hear().contains("says: Wait a moment, then type: keys pressed before are not taken.")
        {
            return;
        }
        // a busy computer pressed the key too late to prove anything
    }
    panic!("nothing was said, or the computer is too busy for this test");
}

#[test]
fn the_question_about_documents_is_heard_in_arabic() {
    check_signing(Language::Ar);
}

#[test]
fn the_question_about_documents_is_heard_in_french() {
    check_signing(Language::Fr);
}

#[test]
fn the_question_about_documents_is_heard_in_english() {
    check_signing(Language::En);
}

#[test]
fn the_question_about_documents_is_heard_in_tamazight() {
    check_signing(Language::Zgh);
}
