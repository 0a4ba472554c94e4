//! How the window looks and behaves on a desktop: its size, what the person set, fonts, the front.
//!
//! With `BITAQA_WINDOW_PICTURES=FOLDER` the last test leaves pictures of every state there, for people to look at.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on fails"
)]

mod window_desktop;

use std::{fs, path::PathBuf, thread, time::Duration};

use bitaqa_host::{
    photo,
    window::{
        Picture,
        message::{
            AccessNumberQuestion, Alphabet, Asker, CardEntry, ConsentQuestion, Missing, Question, Step,
        },
    },
};
use bitaqa_protocol::{ErrorCode, Language};
use window_desktop::{
    Answer, Desktop, DesktopOptions, PAST_TOO_EARLY, WindowUnderTest,
    documents::signing_states,
    identity::{
        consent_by_zone, consent_question, long_consent_question, long_release_question, own_page,
        own_question, own_question_of_certificates, plain_picture, portal, portal_through_reading_platform,
        release_question, test_portal_through_platform,
    },
    newest_window, number_question, number_step, pin_step, question,
};

/// Place and size of the window on the screen, without its frame.
fn geometry(desktop: &Desktop) -> (i32, i32, u32, u32) {
    let id = desktop.output("xdotool", "xdotool", &["search", "--class", "org.bitaqa.host"]);
    let id = id.lines().last().expect("no window");
    let told = desktop.output("xwininfo", "x11-utils", &["-id", id]);
    let value = |name: &str| {
        let line = told.lines().find_map(|line| line.trim().strip_prefix(name)).unwrap();
        line.trim().parse::<i32>().unwrap()
    };
    let size = |name| u32::try_from(value(name)).unwrap();
    (value("Absolute upper-left X:"), value("Absolute upper-left Y:"), size("Width:"), size("Height:"))
}

/// The colour of a point of the window, as `#RRGGBB`.
fn colour(desktop: &Desktop, x: i32, y: i32) -> String {
    let (left, top, ..) = geometry(desktop);
    let crop = format!("1x1+{}+{}", left + x, top + y);
    let arguments = ["-window", "root", "-crop", &crop, "-depth", "8", "txt:-"];
    let text = desktop.output("import", "imagemagick", &arguments);
    text.split_whitespace().find(|word| word.starts_with('#') && word.len() == 7).unwrap().to_owned()
}

#[test]
fn text_size_contrast_and_darkness_are_those_of_the_desktop() {
    let width = |portal| {
        let desktop =
            Desktop::start(DesktopOptions { screen: (1920, 1600), portal, ..DesktopOptions::default() });
        let mut window = desktop.open_window();
        window.show(Language::Fr, pin_step());
        window.wait_until_shown();
        (geometry(&desktop).2, colour(&desktop, 5, 10))
    };
    assert_eq!(width(None), (440, "#FFFFFF".to_owned()));
    assert_eq!(width(Some((1.0, false, true))), (440, "#1A2220".to_owned()));
    assert_eq!(width(Some((2.0, false, false))), (880, "#FFFFFF".to_owned()));
    assert_eq!(width(Some((1.5, true, true))), (660, "#000000".to_owned()));
}

#[test]
fn text_size_in_xft_dpi_counts_once() {
    let options = DesktopOptions {
        screen: (1920, 1600),
        portal: Some((2.0, false, false)),
        ..DesktopOptions::default()
    };
    let desktop = Desktop::start(options);
    // what the settings daemon of a desktop leaves there
    let resources =
        ["-root", "-format", "RESOURCE_MANAGER", "8s", "-set", "RESOURCE_MANAGER", "Xft.dpi:\t192"];
    desktop.output("xprop", "x11-utils", &resources);
    let mut window = desktop.open_window();
    window.show(Language::Fr, pin_step());
    window.wait_until_shown();
    assert_eq!(geometry(&desktop).2, 880);

    let desktop = Desktop::start(DesktopOptions { screen: (1920, 1600), ..DesktopOptions::default() });
    let mut window = WindowUnderTest::start(&desktop, &[("SLINT_SCALE_FACTOR", "1.5")]);
    window.show(Language::Fr, pin_step());
    window.wait_until_shown();
    assert_eq!(geometry(&desktop).2, 660);
}

#[test]
fn it_grows_with_what_it_asks_and_stays_on_the_screen() {
    for portal in [None, Some((2.0, false, false))] {
        for screen in [(1024, 600), (1366, 768), (1920, 1080)] {
            let desktop = Desktop::start(DesktopOptions { screen, portal, ..DesktopOptions::default() });
            let mut window = desktop.open_window();
            window.show(Language::Ar, Step::Waiting { missing: Missing::Card });
            window.wait_until_shown();
            let before = geometry(&desktop);
            let wrong = Question { tries_left: Some(1), was_wrong: true, ..question() };
            window.show(Language::Ar, Step::Pin { question: wrong });
            thread::sleep(Duration::from_millis(700));
            let after = geometry(&desktop);
            assert!(after.3 >= before.3);
            let bottom = after.1 + i32::try_from(after.3).unwrap();
            let right = after.0 + i32::try_from(after.2).unwrap();
            let (width, height) = (i32::try_from(screen.0).unwrap(), i32::try_from(screen.1).unwrap());
            assert!(bottom <= height && right <= width && after.0 >= 0, "{screen:?} {portal:?}: {after:?}");
            // what is asked can still be answered
            desktop.press(&["4", "7", "1", "1"]);
            assert_eq!(window.enter(&desktop), Answer::Pin("4711".to_owned()));
        }
    }
}

#[test]
fn it_starts_where_there_is_no_font() {
    let desktop = Desktop::start(DesktopOptions::default());
    // hides the system's fonts from the window, and from nobody else
    let namespace = if rustix::process::geteuid().is_root() { "-m" } else { "-Urm" };
    let script = desktop.folder().join("without-fonts");
    let hide = "for folder in /usr/share/fonts /usr/local/share/fonts; do\n\
        [ ! -d $folder ] || mount -t tmpfs none $folder || exit 9\ndone\n";
    let program = desktop.program();
    fs::write(&script, format!("{hide}exec '{}' --window\n", program.display())).unwrap();
    let arguments = [namespace, "--", "sh", script.to_str().unwrap()];
    let mut window = WindowUnderTest::start_program(&desktop, "unshare", "util-linux", &arguments);
    for language in Language::ALL {
        window.show(language, pin_step());
    }
    window.wait_until_shown();
    desktop.press(&["4", "7", "1", "1", "Return"]);
    assert_eq!(window.answer(), Answer::Pin("4711".to_owned()));
    let left = fs::read_dir(desktop.folder()).unwrap().flatten();
    let left: Vec<_> =
        left.filter(|entry| entry.file_name().to_string_lossy().starts_with("bitaqa-fonts")).collect();
    assert_eq!(left.len(), 1, "the window did not need the folder of fonts");
    window.close();
    assert!(window.wait());
    assert!(!left[0].path().exists(), "the folder of fonts stays behind");
}

#[test]
fn it_comes_to_the_front_and_has_the_keys() {
    let desktop = Desktop::start(DesktopOptions::default());
    desktop.keyboard(&["us"]);
    // another window in the way
    let mut other = desktop.command("xmessage", "x11-utils", &["-geometry", "900x700", "in the way"]);
    let mut other = other.spawn().unwrap();
    desktop.wait_for("the other window", |desktop| {
        !desktop.output("xdotool", "xdotool", &["search", "--class", "xmessage"]).is_empty()
    });
    let mut window = desktop.open_window();
    window.show(Language::En, pin_step());
    window.wait_until_shown();
    let active = desktop.output("xdotool", "xdotool", &["getactivewindow", "getwindowname"]);
    assert_eq!(active.trim(), "Bitaqa: sign in");
    other.kill().unwrap();
    other.wait().unwrap();
}

#[test]
fn an_origin_is_shown_whole_however_long_it_is() {
    let desktop = Desktop::start(DesktopOptions::default());
    let label = "a".repeat(60);
    let origin = format!("https://{label}.{label}.{label}.{label}.example:65535");
    let mut window = desktop.open_window();
    window.show(Language::Ar, Step::Reading {});
    window.wait_until_shown();
    let short = geometry(&desktop).3;
    window.show_for(Asker::Origin(origin), Language::Ar, Step::Reading {});
    thread::sleep(Duration::from_millis(700));
    // 267 characters, 36 to a line: eight lines in place of one
    assert!(geometry(&desktop).3 > short + 5 * 20, "the window did not grow");
}

#[test]
fn it_comes_to_the_front_also_where_new_windows_do_not_get_the_keyboard() {
    let desktop =
        Desktop::start(DesktopOptions { new_windows_get_the_keyboard: false, ..DesktopOptions::default() });
    desktop.keyboard(&["us"]);
    // somebody is busy with another window
    let mut other = desktop.open_window();
    other.show(Language::En, pin_step());
    other.wait_until_shown();
    desktop.press(&["4", "7"]);
    let mut window = desktop.open_window();
    window.show(Language::En, pin_step());
    assert_eq!(window.answer(), Answer::Event("{\"type\":\"shown\"}".to_owned()));
    desktop.wait_for("the keyboard to come to the new window", |desktop| {
        let focused = desktop.output("xdotool", "xdotool", &["getwindowfocus"]);
        newest_window(&desktop.environment).is_some_and(|newest| newest.trim() == focused.trim())
    });
    thread::sleep(PAST_TOO_EARLY);
    desktop.press(&["1", "2", "3", "4", "Return"]);
    assert_eq!(window.answer(), Answer::Pin("1234".to_owned()), "the keyboard is here");
    other.says_nothing_for(Duration::from_millis(300));
}

#[test]
fn a_window_manager_that_falls_silent_is_started_anew() {
    let desktop = Desktop::start(DesktopOptions::default());
    desktop.keyboard(&["us"]);
    desktop.silence_window_manager();
    let mut window = desktop.open_window();
    window.show(Language::En, pin_step());
    window.wait_until_shown();
    desktop.press(&["1", "2", "3", "4", "Return"]);
    assert_eq!(window.answer(), Answer::Pin("1234".to_owned()));
}

/// The photo of the software cards, decoded as a card's is.
fn drawn_photo() -> Picture {
    let encoded = fs::read(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../tests/virtual-card/src/icao/logical_data_structure/portrait.jp2"
    ));
    photo::parent::decode_with(env!("CARGO_BIN_EXE_bitaqa-host"), &encoded.unwrap()).unwrap()
}

type AskedState = (&'static str, fn(Language) -> Asker, Step);

/// Every state of the two questions of an identity request.
fn identity_states() -> Vec<AskedState> {
    let wrong = CardEntry::AccessNumber { tries_left: Some(1), was_wrong: true, can_remember: true };
    let nothing = CardEntry::Nothing {};
    let consent = |question| Step::Consent { question };
    vec![
        ("consent", portal, consent(consent_question())),
        ("consent-test", test_portal_through_platform, consent(consent_question())),
        ("consent-asserted", portal_through_reading_platform, consent(consent_question())),
        ("consent-wrong", portal, consent(ConsentQuestion { entry: wrong, ..consent_question() })),
        ("consent-mrz", portal, consent(consent_by_zone())),
        (
            "consent-nothing",
            portal,
            consent(ConsentQuestion { entry: nothing, alternative: None, ..consent_question() }),
        ),
        ("consent-long", test_portal_through_platform, consent(long_consent_question())),
        ("identity-reading", portal, Step::Reading {}),
        ("release", portal, Step::Release { question: release_question() }),
        ("release-asserted", portal_through_reading_platform, Step::Release { question: release_question() }),
        ("release-long", test_portal_through_platform, Step::Release { question: long_release_question() }),
        ("identity-pin", portal, pin_step()),
        ("sending", portal, Step::Sending {}),
        ("sent", portal, Step::Sent {}),
        ("my-card", own_page, consent(own_question())),
        ("my-card-certificates", own_page, consent(own_question_of_certificates())),
        ("my-card-sent", own_page, Step::Sent {}),
    ]
}

#[test]
fn a_photo_is_shown_as_it_came_and_is_gone_with_its_question() {
    let desktop = Desktop::start(DesktopOptions::default());
    let mut window = desktop.open_window();
    let seen = |desktop: &Desktop, colour: &str| {
        let arguments = ["-window", "root", "-depth", "8", "-format", "%c", "histogram:info:-"];
        desktop.output("import", "imagemagick", &arguments).contains(colour)
    };
    let (orange, blue) = ("#F0A014", "#1428C8");
    let picture = plain_picture(240, 320, [[0xF0, 0xA0, 0x14], [0x14, 0x28, 0xC8]]);
    window.send_picture(0, &picture);
    window.show_for(portal(Language::Ar), Language::Ar, Step::Release { question: release_question() });
    window.wait_until_shown();
    assert!(seen(&desktop, orange) && seen(&desktop, blue));
    window.show_for(portal(Language::Ar), Language::Ar, Step::Sending {});
    desktop.wait_for("the end of the photo", |desktop| !seen(desktop, blue));
    // a scene that says that a photo came, which did not
    window.show_for(portal(Language::Ar), Language::Ar, Step::Release { question: release_question() });
    thread::sleep(PAST_TOO_EARLY);
    assert!(!seen(&desktop, blue));
}

#[test]
fn every_state_can_be_drawn_in_every_language() {
    let folder = std::env::var_os("BITAQA_WINDOW_PICTURES").map(PathBuf::from);
    let wrong = Question { tries_left: Some(2), was_wrong: true, ..question() };
    let last = Question { tries_left: Some(1), was_wrong: true, ..question() };
    let long =
        Question { min_length: 6, max_length: 12, alphabet: Alphabet::Ascii, pin_label: None, ..question() };
    let number_wrong = AccessNumberQuestion {
        reader: Some("Example Contactless Reader 00 00".to_owned()),
        tries_left: Some(1),
        was_wrong: true,
        ..number_question()
    };
    let states = [
        ("waiting-numbered-card", Step::Waiting { missing: Missing::NumberedCard }),
        ("number", number_step()),
        ("number-wrong", Step::AccessNumber { question: number_wrong.clone() }),
        ("number-on-reader", Step::AccessNumberOnReader { question: number_wrong }),
        ("waiting-service", Step::Waiting { missing: Missing::Service }),
        ("waiting-reader", Step::Waiting { missing: Missing::Reader }),
        ("waiting-card", Step::Waiting { missing: Missing::Card }),
        ("waiting-known-card", Step::Waiting { missing: Missing::KnownCard }),
        ("waiting-answering-card", Step::Waiting { missing: Missing::AnsweringCard }),
        ("waiting-free-reader", Step::Waiting { missing: Missing::FreeReader }),
        ("waiting-same-card", Step::Waiting { missing: Missing::SameCard }),
        ("reading", Step::Reading {}),
        ("pin", pin_step()),
        ("pin-wrong", Step::Pin { question: wrong }),
        ("pin-last-try", Step::Pin { question: last }),
        ("pin-characters", Step::Pin { question: long }),
        ("pin-pad", Step::PinPad { question: question() }),
        ("signing", Step::Signing {}),
        ("failed", Step::Failed { code: ErrorCode::PinBlocked }),
        ("done", Step::Done {}),
    ];
    let looks = [
        ("light", None),
        ("dark", Some((1.0, false, true))),
        ("contrast", Some((1.0, true, false))),
        ("large", Some((2.0, false, false))),
    ];
    let asked = [signing_states(), identity_states()].concat();
    // all of them for people to look at, the first look for the test
    let looks = if folder.is_some() { &looks[..] } else { &looks[..1] };
    for (look, portal) in looks {
        let desktop = Desktop::start(DesktopOptions {
            screen: (1000, 1500),
            portal: *portal,
            ..DesktopOptions::default()
        });
        for language in Language::ALL {
            for (name, step) in &states {
                let mut window = desktop.open_window();
                window.show(language, step.clone());
                assert_eq!(window.answer(), Answer::Event("{\"type\":\"shown\"}".to_owned()));
                let Some(folder) = &folder else { continue };
                thread::sleep(Duration::from_millis(300));
                let path = folder.join(format!("{look}-{}-{name}.png", language.tag()));
                desktop.picture(&path);
                desktop.output("mogrify", "imagemagick", &["-trim", "+repage", path.to_str().unwrap()]);
            }
            for (name, asker, step) in &asked {
                let mut window = desktop.open_window();
                window.send_picture(0, &drawn_photo());
                window.send_picture(1, &plain_picture(400, 120, [[255; 3], [20, 20, 90]]));
                window.show_for(asker(language), language, step.clone());
                assert_eq!(window.answer(), Answer::Event("{\"type\":\"shown\"}".to_owned()));
                let Some(folder) = &folder else { continue };
                thread::sleep(Duration::from_millis(400));
                let path = folder.join(format!("{look}-{}-{name}.png", language.tag()));
                desktop.picture(&path);
                desktop.output("mogrify", "imagemagick", &["-trim", "+repage", path.to_str().unwrap()]);
            }
        }
    }
}

/// What remembers the number is turned on, the field for its name appears, is typed into, and is seen whole.
#[test]
fn a_number_that_is_remembered_can_be_named_in_sight() {
    let folder = std::env::var_os("BITAQA_WINDOW_PICTURES").map(PathBuf::from);
    let looks = [
        ("light", Language::En, &["A", "m", "i", "n", "a"][..], None, (1000, 1500)),
        (
            "dark",
            Language::Ar,
            &["Arabic_seen", "Arabic_lam", "Arabic_meem"],
            Some((1.0, false, true)),
            (1000, 1500),
        ),
        ("contrast", Language::Zgh, &["A"], Some((1.0, true, false)), (1000, 1500)),
        ("large", Language::Fr, &["A", "m", "i", "n", "a"], Some((2.0, false, false)), (1000, 1500)),
        ("small", Language::Ar, &["A", "m", "i", "n", "a"], None, (1024, 600)),
    ];
    for (look, language, name, portal_settings, screen) in looks {
        let desktop =
            Desktop::start(DesktopOptions { screen, portal: portal_settings, ..DesktopOptions::default() });
        desktop.keyboard(&[if name[0].starts_with("Arabic") { "ara" } else { "us" }]);
        let mut window = desktop.open_window();
        window.show_for(portal(language), language, Step::Consent { question: consent_question() });
        window.wait_until_shown();
        let picture = |state: &str| {
            let Some(folder) = &folder else { return };
            thread::sleep(Duration::from_millis(400));
            let path = folder.join(format!("{look}-{}-named-{state}.png", language.tag()));
            desktop.picture(&path);
            desktop.output("mogrify", "imagemagick", &["-trim", "+repage", path.to_str().unwrap()]);
        };
        let before = geometry(&desktop).3;
        desktop.press(&["4", "7", "1", "1", "0", "8", "Tab", "Tab", "space"]);
        if !matches!(look, "large" | "small") {
            desktop.wait_for("room for the name", |desktop| geometry(desktop).3 >= before + 44);
        }
        picture("empty");
        desktop.press(&["Tab"]);
        picture("focused");
        desktop.press(name);
        picture("typed");
        if folder.is_some() {
            desktop.output("xdotool", "xdotool", &["type", "--delay", "20", &"Amina Exemple ".repeat(4)]);
            picture("long");
        }
        let answer = window.enter(&desktop);
        assert!(matches!(&answer, Answer::Event(event) if event.contains("remember\":\"")), "{answer:?}");
    }
}
