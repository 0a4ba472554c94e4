//! A platform asks for a portal: the person sees both names and who will be able to read; the answer opens with that key alone.
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

use std::{
    thread,
    time::{Duration, Instant},
};

use bitaqa_protocol::{Language, identity::answer::Through, mediation::Mode};
use bitaqa_testbed::{CardSpec, Hypothesis, ReaderOptions};
use host_peer::{ORIGIN, failure, request};
use portal::{Portal, mediation::Mediated};
use serde_json::{Value, json};
use sign_in_place::{NUMBER, Place, closed_card};
use window_desktop::{Desktop, DesktopOptions, listener::Listener};

/// How long a window may take to show everything.
const PATIENCE: Duration = Duration::from_secs(10);
const NAMES: [&str; 2] = ["given_name", "family_name"];

fn mediated(portal: &Portal, mode: Mode) -> Mediated<'_> {
    Mediated { portal, mode, required: &NAMES, optional: &["photo"], statements: [None, None] }
}

/// A person at a computer whose administrator trusts the platform, and what a screen reader hears there.
struct Visit {
    place: Place,
    listener: Listener,
    portal: Portal,
    asked: u32,
}

impl Visit {
    fn with(card: &CardSpec) -> Self {
        let portal = Portal::new();
        // high enough for nothing to be scrolled away
        let options =
            DesktopOptions { screen: (1366, 1500), assistive_technology: true, ..DesktopOptions::default() };
        let desktop = Desktop::start(options);
        let listener = Listener::start(&desktop);
        let place = Place::in_root_on(desktop, &portal.root(), ReaderOptions::default(), card);
        Self { place, listener, portal, asked: 0 }
    }

    fn send(&mut self, mut message: Value) -> String {
        self.asked += 1;
        let id = request(self.asked);
        message["id"] = id.as_str().into();
        self.place.peer.send(&message);
        id
    }

    /// The labels and buttons of the window.
    fn words(&mut self) -> Vec<String> {
        self.place.wait_for_window();
        let quoted = |line: &String| Some(line.split_once('"')?.1.split_once('"')?.0.to_owned());
        self.listener.tree().iter().filter_map(quoted).collect()
    }

    /// Waits until the window says all of this: one that is being filled shows a part of it first.
    #[track_caller]
    fn says(&mut self, expected: &[&str]) {
        let began = Instant::now();
        loop {
            let words = self.words();
            let missing = expected.iter().find(|expected| !words.iter().any(|word| word == *expected));
            let Some(missing) = missing else { return };
            assert!(began.elapsed() < PATIENCE, "{missing} is not in {words:#?}");
            thread::sleep(Duration::from_millis(50));
        }
    }
}

#[test]
fn the_window_names_portal_and_platform_and_who_can_read_and_only_they_can() {
    let modes = [
        (
            Mode::Relay,
            "Only Example Portal can read what you send. Example Platform passes it on unread.",
            "Send to Example Portal",
        ),
        (
            Mode::Assert,
            "Example Platform reads what you send, gives Example Portal what it asked for, and erases the rest.",
            "Send to Example Platform",
        ),
    ];
    for (mode, readers, send) in modes {
        let spec = closed_card(Hypothesis::IcaoOnly, 21);
        let mut visit = Visit::with(&spec);
        let message = mediated(&visit.portal, mode).message();
        let id = visit.send(message.clone());
        visit.place.peer.wait_for_stage(&id, "waiting-for-person");
        let both = [
            "Example Portal asks, through Example Platform",
            "https://platform.example.ma",
            "The name is verified.",
            readers,
        ];
        visit.says(&both);
        visit.says(&["Open an account"]);
        visit.place.enter_number(&id, &NUMBER);
        visit.place.peer.wait_for_stage(&id, "waiting-for-person");
        visit.says(&both);
        visit.says(&[send]);
        visit.place.send(&id);
        let answer = visit.place.peer.next_answer();
        assert_eq!(answer["type"], "identity-answer", "{answer}");
        let answer = answer["answer"].as_str().unwrap();
        let verified = visit.portal.verify_mediated(answer, &spec, &message, mode).unwrap();
        assert_eq!(verified.request.origin.as_str(), "https://platform.example.ma");
        assert_eq!(verified.consent.portal, "Example Portal");
        let through = Through { platform: "Example Platform".to_owned(), mode };
        assert_eq!(verified.consent.through, Some(through));
        let other = if mode == Mode::Relay { Mode::Assert } else { Mode::Relay };
        let refused = visit.portal.verify_mediated(answer, &spec, &message, other).unwrap_err();
        assert_eq!(refused.failure.code(), "answer-for-another-key", "{mode:?}");
    }
}

#[test]
fn in_arabic_it_says_the_same() {
    let spec = closed_card(Hypothesis::IcaoOnly, 22);
    let mut visit = Visit::with(&spec);
    for (mode, readers) in [
        (Mode::Relay, "لا يقرأ ما ترسله إلا بوابة المثال. ويمر عبر منصة المثال دون أن يُقرأ هناك."),
        (Mode::Assert, "يُقرأ ما ترسله لدى منصة المثال، ثم يُسلَّم المطلوب منه إلى بوابة المثال ويُمحى الباقي."),
    ] {
        let mut message = mediated(&visit.portal, mode).message();
        message["language"] = json!(Language::Ar);
        let id = visit.send(message);
        visit.place.peer.wait_for_stage(&id, "waiting-for-person");
        visit.says(&["الطلب من بوابة المثال، عبر منصة المثال", readers]);
        visit.place.escape();
        assert_eq!(failure(&visit.place.peer.next_answer()), (Some(id.as_str()), "user-cancelled"));
    }
}

#[test]
fn what_was_not_joined_for_this_very_request_opens_no_window_and_touches_no_card() {
    let spec = closed_card(Hypothesis::IcaoOnly, 23);
    let mut visit = Visit::with(&spec);
    let touched = visit.place.card.log().len();
    let portal = Portal::new();
    for mode in [Mode::Relay, Mode::Assert] {
        let asked = mediated(&portal, mode);
        let joined = asked.joined();
        let [first, joining, last] = joined.joined().unwrap();
        let with = |change: &dyn Fn(&mut Value)| {
            let mut message = asked.message();
            change(&mut message);
            message
        };
        let other_portal = portal.statement_for("https://other.example.ma");
        let cases = [
            // the page is the platform's: neither the portal's, nor a third
            (with(&|message| message["origin"] = json!(ORIGIN)), "portal-unknown"),
            (with(&|message| message["origin"] = json!("https://thief.example.com")), "portal-unknown"),
            (asked.message_with(&asked.altered(|value| value["aud"] = json!(ORIGIN))), "portal-unknown"),
            // what joins them is the platform's word
            (asked.message_with(&asked.joined_by_stranger()), "portal-unknown"),
            (asked.message_with(&format!("{last}~{joining}~{first}")), "portal-unknown"),
            (asked.message_with(&format!("{first}~{joining}~{other_portal}")), "portal-unknown"),
            (
                asked.message_with(&asked.altered(|value| value["recipient"] = value["portal"].clone())),
                "portal-unknown",
            ),
            (
                asked.message_with(&asked.altered(|value| {
                    value["mode"] = json!(if mode == Mode::Relay { "assert" } else { "relay" });
                })),
                "portal-unknown",
            ),
            (
                asked.message_with(&asked.altered(|value| {
                    value["iat"] = json!(value["iat"].as_u64().unwrap() - 800);
                    value["exp"] = json!(value["exp"].as_u64().unwrap() - 800);
                })),
                "portal-unknown",
            ),
            // and of this request
            (
                with(&|message| {
                    message["request"]["challenge"] = json!(bitaqa_protocol::encode_base64(&[9; 32]));
                }),
                "portal-unknown",
            ),
            (
                with(&|message| message["request"]["claims"] = json!({ "required": ["given_name"] })),
                "portal-unknown",
            ),
            (with(&|message| message["request"]["proof"] = json!("data-only")), "portal-unknown"),
            (asked.message_with(&asked.altered(|value| value["holder"] = json!("pin"))), "portal-unknown"),
            (
                {
                    let mut message =
                        asked.message_with(&asked.altered(|value| value["purpose"] = json!("sign-in")));
                    message["request"]["purpose"] = json!("sign-in");
                    message
                },
                "purpose-unknown",
            ),
            (
                Mediated { required: &["address"], optional: &[], ..mediated(&portal, mode) }.message(),
                "claims-exceed-statement",
            ),
        ];
        for (message, code) in cases {
            let id = visit.send(message);
            let answer = visit.place.peer.next_answer();
            assert_eq!(failure(&answer), (Some(id.as_str()), code), "{answer}");
        }
        // the two statements without what joins them are no request
        let id = visit.send(asked.message_with(&format!("{first}~{last}")));
        assert_eq!(failure(&visit.place.peer.next_answer()).1, "request-invalid", "{id}");
    }
    assert!(visit.place.peer.windows().is_empty());
    assert_eq!(visit.place.card.log().len(), touched);
}
