//! A person at a computer: a desktop, a reader with a card, and the host that a browser started.
#![allow(dead_code, reason = "each test uses a part of it")]
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on fails"
)]

use std::{
    path::Path,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use bitaqa_protocol::{AuthToken, Challenge, Origin};
use bitaqa_testbed::{CardHandle, CardSpec, Hypothesis, OwnRoot, Pin, ReaderOptions, Testbed};
use bitaqa_trust::verify_signature;
use bitaqa_virtual_card::icao::order::DocumentOrder;
use serde_json::Value;

use crate::{
    host_peer::{CHALLENGE, ORIGIN, PROGRAM, Peer, authenticate, request, wait_until},
    window_desktop::{Desktop, DesktopOptions, PAST_TOO_EARLY},
};

/// The PIN of every card that was ordered without another.
pub(crate) const PIN: [&str; 4] = ["1", "2", "3", "4"];
/// Another one.
pub(crate) const WRONG_PIN: [&str; 4] = ["9", "9", "9", "9"];
/// The number printed on every card of [`closed_card`].
pub(crate) const NUMBER: [&str; 6] = ["4", "7", "1", "1", "0", "8"];
/// Longer than a host takes to say that it has a PIN; then a person would look at the window and type again.
const TAKEN_WITHIN: Duration = Duration::from_secs(4);
/// How often a person tries to be heard by a window of a computer that is very busy.
const ATTEMPTS: u32 = 6;
/// More than anybody can have typed.
const EMPTY_THE_FIELD: [&str; 12] = ["BackSpace"; 12];

/// A person at a computer with a reader and a card.
pub(crate) struct Place {
    pub(crate) peer: Peer,
    pub(crate) desktop: Desktop,
    pub(crate) card: CardHandle,
    pub(crate) bed: Testbed,
    asked: u32,
}

impl Place {
    pub(crate) fn with(card: &CardSpec) -> Self {
        Self::with_readers(1, card)
    }

    /// With so many readers, and the card in the first.
    pub(crate) fn with_readers(readers: usize, card: &CardSpec) -> Self {
        Self::on(Desktop::start(DesktopOptions::default()), readers, card)
    }

    /// On a desktop that is there already.
    pub(crate) fn on(desktop: Desktop, readers: usize, card: &CardSpec) -> Self {
        Self::in_readers(desktop, &vec![ReaderOptions::default(); readers], card)
    }

    /// With this reader, and the card in it.
    pub(crate) fn in_reader(reader: ReaderOptions, card: &CardSpec) -> Self {
        Self::in_readers(Desktop::start(DesktopOptions::default()), &[reader], card)
    }

    /// With an `/etc/bitaqa` of its own.
    pub(crate) fn in_root(root: &OwnRoot, card: &CardSpec) -> Self {
        Self::in_root_with(root, ReaderOptions::default(), card)
    }

    /// The same, with this reader.
    pub(crate) fn in_root_with(root: &OwnRoot, reader: ReaderOptions, card: &CardSpec) -> Self {
        Self::in_root_on(Desktop::start(DesktopOptions::default()), root, reader, card)
    }

    /// The same, on a desktop that is there already.
    pub(crate) fn in_root_on(
        desktop: Desktop,
        root: &OwnRoot,
        reader: ReaderOptions,
        card: &CardSpec,
    ) -> Self {
        let mut command = desktop.command("unshare", "util-linux", &[]);
        command.args(root.arguments(Path::new(PROGRAM)));
        Self::started_by(command, desktop, &[reader], card)
    }

    /// Another host in place of the one that runs: it knows of no card.
    pub(crate) fn restart_host(&mut self) {
        let mut command = self.desktop.command(PROGRAM, "none", &[]);
        command.env("PCSCLITE_CSOCK_NAME", self.bed.socket());
        self.peer = Peer::greeted(command);
    }

    /// With these readers, and the card in the first.
    pub(crate) fn in_readers(desktop: Desktop, readers: &[ReaderOptions], card: &CardSpec) -> Self {
        let command = desktop.command(PROGRAM, "none", &[]);
        Self::started_by(command, desktop, readers, card)
    }

    fn started_by(
        mut command: Command,
        desktop: Desktop,
        readers: &[ReaderOptions],
        card: &CardSpec,
    ) -> Self {
        let ordered = readers.iter().cloned();
        let bed = ordered.fold(Testbed::builder(), bitaqa_testbed::Builder::reader).start().unwrap();
        let card = bed.insert(0, card).unwrap();
        command.env("PCSCLITE_CSOCK_NAME", bed.socket());
        // what a developer would set to hear everything
        command.env("RUST_LOG", "trace").env("RUST_BACKTRACE", "full").env("RUST_LIB_BACKTRACE", "1");
        Self { peer: Peer::greeted(command), desktop, card, bed, asked: 0 }
    }

    /// Asks for a sign-in; gives the request's name.
    pub(crate) fn ask(&mut self) -> String {
        self.asked += 1;
        let id = request(self.asked);
        self.peer.send(&authenticate(&id));
        id
    }

    /// Asks for a sign-in with a card of [`closed_card`], and types its number: the PIN is asked for next.
    pub(crate) fn ask_up_to_pin(&mut self) -> String {
        let id = self.ask();
        self.peer.wait_for_stage(&id, "waiting-for-person");
        self.enter_number(&id, &NUMBER);
        self.peer.wait_for_stage(&id, "waiting-for-person");
        id
    }

    /// Waits for a window that has the keyboard.
    pub(crate) fn wait_for_window(&self) {
        self.desktop.wait_until_keyboard_given();
    }

    /// Types a PIN into the window and presses Enter, until the host says that it has it. The window takes no keys before a
    /// person can have read it, and on a busy computer that may be late: a person sees that, and types again.
    pub(crate) fn enter(&self, id: &str, pin: &[&str]) {
        self.type_until(id, pin, "signing");
    }

    /// Types the number printed on the card, until the host says that it opens the card with it.
    pub(crate) fn enter_number(&self, id: &str, digits: &[&str]) {
        self.type_until(id, digits, "reading");
    }

    /// Changes from the number to the zone, and types what of it opens a card of the form TD1.
    pub(crate) fn enter_zone(&self, id: &str, spec: &CardSpec) {
        self.wait_for_window();
        thread::sleep(PAST_TOO_EARLY);
        // past what opens the keypad
        self.desktop.press(&["Tab", "Tab", "space"]);
        let zone = spec.mrz().unwrap();
        let number = keys(&zone.information()[..9]);
        // the dates of every test document
        self.enter_number(id, &[number, vec!["Tab"], keys("01011990"), keys("31122031")].concat());
    }

    /// Agrees to reading a card that opens by itself: goes to the button and presses it, as the keyboard starts at the other one.
    pub(crate) fn agree_to_reading(&self, id: &str) {
        self.type_until(id, &["Tab"], "reading");
    }

    fn type_until(&self, id: &str, keys: &[&str], stage: &str) {
        self.wait_for_window();
        for attempt in 0..ATTEMPTS {
            thread::sleep(PAST_TOO_EARLY);
            if attempt > 0 {
                self.desktop.press(&EMPTY_THE_FIELD);
            }
            self.desktop.press(&[keys, &["Return"]].concat());
            if self.peer.hears_stage_within(id, stage, TAKEN_WITHIN) {
                return;
            }
        }
        panic!("the window does not take what is typed: no {stage}");
    }

    /// Goes to the button that sends the values that were read, and presses it: the keyboard starts at the other one.
    pub(crate) fn send(&self, id: &str) {
        self.type_until(id, &["Tab"], "sending");
    }

    /// The same where the PIN is asked for next.
    pub(crate) fn release(&self, id: &str) {
        self.type_until(id, &["Tab"], "waiting-for-person");
    }

    /// Presses Escape until the window is gone.
    pub(crate) fn escape(&self) {
        self.wait_for_window();
        for _ in 0..ATTEMPTS {
            thread::sleep(PAST_TOO_EARLY);
            self.desktop.press(&["Escape"]);
            let until = Instant::now() + Duration::from_secs(2);
            while Instant::now() < until {
                if self.peer.windows().is_empty() {
                    return;
                }
                thread::sleep(Duration::from_millis(10));
            }
        }
        panic!("the window does not take Escape");
    }

    /// A whole sign-in with the right PIN; gives the host's last word.
    pub(crate) fn sign_in(&mut self) -> Value {
        let id = self.ask();
        self.peer.wait_for_stage(&id, "waiting-for-person");
        self.enter(&id, &PIN);
        let answer = self.peer.next_answer();
        assert_eq!(answer["id"], id.as_str());
        answer
    }

    pub(crate) fn window_is_gone(&self) {
        wait_until("the window to close", Duration::from_secs(8), || self.peer.windows().is_empty());
    }
}

/// A card of the second Moroccan generation, as this hypothesis and seed have it, with [`NUMBER`] printed on it.
pub(crate) fn closed_card(hypothesis: Hypothesis, seed: u64) -> CardSpec {
    let can = Some(Pin::new(&NUMBER.concat()).unwrap());
    CardSpec::cnie_2(hypothesis, seed).with_document(DocumentOrder { can, ..DocumentOrder::default() })
}

/// How often PACE was begun with a card: MSE:Set AT for mutual authentication, outside a session.
pub(crate) fn pace_runs(card: &CardHandle) -> usize {
    card.log().iter().filter(|entry| entry.header == "0022C1A4").count()
}

/// The keys of digits.
pub(crate) fn keys(digits: &str) -> Vec<&str> {
    digits.split("").filter(|digit| !digit.is_empty()).collect()
}

/// Asserts that this is a token over what was asked for, and over nothing else.
#[track_caller]
pub(crate) fn is_valid_token(answer: &Value) {
    assert_eq!(answer["type"], "auth-token", "{answer}");
    let token: AuthToken = serde_json::from_value(answer["token"].clone()).unwrap();
    let (origin, challenge) = (Origin::parse(ORIGIN).unwrap(), Challenge::parse(CHALLENGE).unwrap());
    verify_signature(&token, &origin, &challenge).unwrap();
    let other = Origin::parse("https://other.example.ma").unwrap();
    assert!(verify_signature(&token, &other, &challenge).is_err());
}
