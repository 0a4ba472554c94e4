//! Where the PIN is in memory, looked for in core images taken by the administrator.
//!
//! The PINs here are never written as text in this program, and looked for without being put together: the test itself is
//! one of the processes that are looked into.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that cannot go on fails"
)]

mod window_desktop;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{self, Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use bitaqa_host::window::{
    LockedPin,
    message::{Question, Scene, Step, WindowEvent},
    parent::{WindowChild, WindowReport},
};
use bitaqa_protocol::Language;
use window_desktop::{
    Answer, Desktop, DesktopOptions, asker,
    identity::{consent_by_zone, portal},
    question,
};

/// A PIN of eight digits, each held as its value plus [`SecretPin::MASK`].
struct SecretPin([u8; 8]);

impl SecretPin {
    const MASK: u8 = 0x5a;

    fn new(seed: u32) -> Self {
        // digits that do not repeat, so that no run of one byte looks like it
        let mut digits: Vec<u8> = (0..10).collect();
        let mut state = seed | 1;
        Self(std::array::from_fn(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let index = usize::try_from(state >> 16).unwrap() % digits.len();
            digits.remove(index) + Self::MASK
        }))
    }

    fn digit(&self, index: usize) -> u8 {
        self.0[index] - Self::MASK
    }

    fn type_on(&self, desktop: &Desktop) {
        for index in 0..self.0.len() {
            desktop
                .press(&[["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"][usize::from(self.digit(index))]]);
        }
    }

    /// How often it stands in a core image: in any encoding of text, any script's digits, forwards or backwards, or with a
    /// fixed distance between its digits.
    fn occurrences(&self, image: &[u8]) -> Occurrences {
        let (first, last) = (b'0' + self.digit(0), b'0' + self.digit(7));
        let mut found = Occurrences::default();
        // most of an image was never touched
        let pages = image.chunks(PAGE).enumerate().filter(|(_, page)| **page != ZEROS[..page.len()]);
        let places = pages.flat_map(|(number, page)| number * PAGE..number * PAGE + page.len());
        for start in places {
            let byte = image[start];
            if byte == first {
                found.ascii += usize::from(self.stands_at(image, start, 1, b'0'));
                // UTF-16, UTF-32, and structures that hold a character each
                let apart = (2..=64).filter(|&step| self.stands_at(image, start, step, b'0'));
                found.elsewhere += apart.count();
            }
            if byte == last {
                found.elsewhere += usize::from(self.stands_backwards_at(image, start));
            }
            // U+0660…0669 and U+06F0…06F9 in UTF-8 (D9 A0, DB B0) and in UTF-16 and UTF-32 (60 06, F0 06)
            let next = image.get(start + 1).copied();
            for (lead, zero) in [(0xd9, 0xa0), (0xdb, 0xb0)] {
                if byte == lead && next == Some(zero + self.digit(0)) {
                    found.elsewhere += usize::from(self.stands_at(image, start + 1, 2, zero));
                }
            }
            for zero in [0x60, 0xf0] {
                if byte == zero + self.digit(0) && next == Some(0x06) {
                    let apart = [2, 4].into_iter().filter(|&step| self.stands_at(image, start, step, zero));
                    found.elsewhere += apart.count();
                }
            }
        }
        found
    }

    /// Whether its digits stand from `start`, `step` bytes apart, the digit 0 being the byte `zero`.
    fn stands_at(&self, image: &[u8], start: usize, step: usize, zero: u8) -> bool {
        (0..self.0.len()).all(|index| image.get(start + index * step) == Some(&(zero + self.digit(index))))
    }

    fn stands_backwards_at(&self, image: &[u8], start: usize) -> bool {
        (0..self.0.len()).all(|index| image.get(start + index) == Some(&(b'0' + self.digit(7 - index))))
    }

    fn equals(&self, pin: &LockedPin) -> bool {
        pin.len() == self.0.len()
            && (0..self.0.len()).all(|index| pin.as_bytes()[index] == b'0' + self.digit(index))
    }
}

/// A digit of the script whose digit 0 is `first`.
fn script_digit(first: char, digit: u8) -> char {
    char::from_u32(u32::from(first) + u32::from(digit)).unwrap()
}

const PAGE: usize = 4096;
const ZEROS: [u8; PAGE] = [0; PAGE];

#[derive(Debug, Default, PartialEq, Eq)]
struct Occurrences {
    ascii: usize,
    elsewhere: usize,
}

const NOWHERE: Occurrences = Occurrences { ascii: 0, elsewhere: 0 };
const ONCE: Occurrences = Occurrences { ascii: 1, elsewhere: 0 };

/// A core image of a running process.
fn core_image(of: u32, folder: &Path) -> Vec<u8> {
    let prefix = folder.join("core");
    let gcore = ["gcore", "-o", prefix.to_str().unwrap(), &of.to_string()].map(str::to_owned);
    let is_root = rustix::process::geteuid().is_root();
    let mut command = if is_root { Command::new("gcore") } else { Command::new("sudo") };
    if is_root {
        command.args(&gcore[1..]);
    } else {
        command.arg("-n").args(&gcore);
    }
    let output = command.stdin(Stdio::null()).output();
    let path = PathBuf::from(format!("{}.{of}", prefix.display()));
    let image = output.ok().filter(|output| output.status.success()).and_then(|_| fs::read(&path).ok());
    let _ = fs::remove_file(path);
    image.expect(
        "this test takes core images: it needs gcore (package gdb) and root, or sudo without a password",
    )
}

fn eight_digits() -> Step {
    Step::Pin { question: Question { min_length: 4, max_length: 12, ..question() } }
}

#[test]
fn the_search_finds_what_it_looks_for() {
    let pin = SecretPin::new(7);
    let text: String = (0..8).map(|index| char::from(b'0' + pin.digit(index))).collect();
    assert_eq!(pin.occurrences(format!("..{text}..").as_bytes()), ONCE);
    let forms: [Vec<u8>; 7] = [
        text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        text.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect(),
        text.chars().rev().collect::<String>().into_bytes(),
        (0..8).map(|index| script_digit('\u{0660}', pin.digit(index))).collect::<String>().into_bytes(),
        (0..8)
            .map(|index| script_digit('\u{06F0}', pin.digit(index)))
            .collect::<String>()
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect(),
        (0..8).flat_map(|index| [b'0' + pin.digit(index), 0, 0, 0, 0, 0, 0, 0, 9, 9, 9, 9]).collect(),
    ];
    for form in forms {
        assert_eq!(pin.occurrences(&form), Occurrences { ascii: 0, elsewhere: 1 }, "{form:x?}");
    }
}

#[test]
fn the_window_holds_the_pin_once_while_it_is_typed_and_not_at_all_afterwards() {
    let desktop = Desktop::start(DesktopOptions::default());
    desktop.keyboard(&["us"]);
    let pin = SecretPin::new(process::id());
    let mut window = desktop.open_window();
    window.show(Language::Ar, eight_digits());
    window.wait_until_shown();
    pin.type_on(&desktop);
    thread::sleep(Duration::from_millis(300));
    assert_eq!(pin.occurrences(&core_image(window.id(), desktop.folder())), ONCE, "typed");

    desktop.press(&["Return"]);
    let Answer::Pin(sent) = window.answer() else { panic!("no PIN") };
    assert_eq!(sent.len(), 8);
    assert_eq!(pin.occurrences(&core_image(window.id(), desktop.folder())), NOWHERE, "sent");

    // typed again for a second question, taken back in part, and given up
    window.show(Language::Ar, eight_digits());
    thread::sleep(Duration::from_millis(800));
    pin.type_on(&desktop);
    window.show(Language::Ar, Step::Reading {});
    thread::sleep(Duration::from_millis(500));
    assert_eq!(pin.occurrences(&core_image(window.id(), desktop.folder())), NOWHERE, "asked away");
}

#[test]
fn a_document_number_leaves_no_trace_either() {
    let desktop = Desktop::start(DesktopOptions::default());
    desktop.keyboard(&["us"]);
    let number = SecretPin::new(process::id().wrapping_add(99));
    let mut window = desktop.open_window();
    window.show_for(portal(Language::En), Language::En, Step::Consent { question: consent_by_zone() });
    window.wait_until_shown();
    // from the first switch past the other to the field, where letters are typed, too
    desktop.press(&["Tab", "Tab"]);
    number.type_on(&desktop);
    thread::sleep(Duration::from_millis(300));
    assert_eq!(number.occurrences(&core_image(window.id(), desktop.folder())), ONCE, "typed");
    desktop.press(&["Tab", "0", "6", "0", "8", "1", "9", "6", "9", "2", "3", "0", "6", "1", "9", "9", "4"]);
    desktop.press(&["Return"]);
    assert!(matches!(window.answer(), Answer::Event(event) if event.contains("consented")));
    let Answer::Mrz(_, sent) = window.answer() else { panic!("nothing was sent") };
    assert_eq!(sent.len(), 1 + 8 + 1 + 6 + 1 + 6);
    assert_eq!(number.occurrences(&core_image(window.id(), desktop.folder())), NOWHERE, "sent");
}

#[test]
fn arabic_digits_leave_no_trace_either() {
    let desktop = Desktop::start(DesktopOptions::default());
    desktop.keyboard(&["ara", "-variant", "digits"]);
    let pin = SecretPin::new(process::id().wrapping_add(77));
    let mut window = desktop.open_window();
    window.show(Language::Ar, eight_digits());
    window.wait_until_shown();
    for index in 0..8 {
        // the keys of the top row: 10 is the code of the 1, 19 that of the 0
        let code = [19, 10, 11, 12, 13, 14, 15, 16, 17, 18][usize::from(pin.digit(index))];
        desktop.press(&[&code.to_string()]);
    }
    thread::sleep(Duration::from_millis(300));
    assert_eq!(pin.occurrences(&core_image(window.id(), desktop.folder())), ONCE, "typed");
    desktop.press(&["BackSpace", "Escape"]);
    assert_eq!(window.answer(), Answer::Event("{\"type\":\"cancelled\"}".to_owned()));
}

#[test]
fn the_host_holds_the_pin_once_until_it_is_dropped() {
    let desktop = Desktop::start(DesktopOptions::default());
    desktop.keyboard(&["us"]);
    let pin = SecretPin::new(process::id().wrapping_add(4711));
    let (sender, reports) = mpsc::channel();
    let mut window =
        WindowChild::spawn_program(desktop.program(), move |report| sender.send(report).unwrap()).unwrap();
    let next = || reports.recv_timeout(Duration::from_secs(20)).unwrap();
    window.show(&Scene { language: Language::En, asker: asker(), step: eight_digits() }).unwrap();
    assert!(matches!(next(), WindowReport::Event(WindowEvent::Shown {})));
    thread::sleep(Duration::from_millis(700));
    pin.type_on(&desktop);
    desktop.press(&["Return"]);
    let WindowReport::Pin(received) = next() else { panic!("no PIN") };
    assert!(pin.equals(&received));
    // this very process: nothing here holds the PIN but what is looked for
    assert_eq!(pin.occurrences(&core_image(process::id(), desktop.folder())), ONCE, "received");
    drop(received);
    assert_eq!(pin.occurrences(&core_image(process::id(), desktop.folder())), NOWHERE, "dropped");
    window.close();
}

#[test]
fn other_programs_of_the_user_cannot_look_into_the_window() {
    let desktop = Desktop::start(DesktopOptions::default());
    let mut window = desktop.open_window();
    window.show(Language::En, eight_digits());
    window.wait_until_shown();
    let proc = PathBuf::from(format!("/proc/{}", window.id()));
    let limits = fs::read_to_string(proc.join("limits")).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().nth(4), Some("0"), "{core}");
    // proc(5): a process that is not dumpable belongs to root, whoever runs it
    let status = fs::read_to_string(proc.join("status")).unwrap();
    let locked = status.lines().find(|line| line.starts_with("VmLck")).unwrap();
    assert_ne!(locked.split_whitespace().nth(1), Some("0"), "{locked}");
    use std::os::unix::fs::MetadataExt;
    assert_eq!(fs::metadata(proc.join("mem")).unwrap().uid(), 0);
}
