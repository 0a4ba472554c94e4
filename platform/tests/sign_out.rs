//! Who hears that a person signed out, and what happens where they do not.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

#[path = "../../crates/trust/tests/test_pki/mod.rs"]
mod test_pki;

mod browser;
mod logout_receiver;
mod process;
mod relying_party;
mod running;

use std::{
    collections::BTreeSet,
    thread,
    time::{Duration, Instant},
};

use browser::Browser;
use logout_receiver::LogoutReceiver;
use process::Program;
use relying_party::{FORM, RelyingParty, answered};
use running::{Running, open, show_card, sign_in};
use serde_json::{Value, json};
use test_pki::Template;

/// Sends the browser with a request, to which the person agrees on a page; what the ID token says.
fn agree(browser: &mut Browser, party: &RelyingParty) -> Value {
    let page = open(browser, &party.authorize(&[]));
    let shown = browser.get(&page).body;
    let session = shown.split("name=\"session\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let agreed = browser.post(&format!("{page}/agree"), FORM, &format!("session={session}"));
    let location = browser.get(&agreed.onward()).location().to_owned();
    claims(party, &location)
}

fn claims(party: &RelyingParty, location: &str) -> Value {
    let tokens = party.redeem(&answered(location)["code"], &[]).json();
    party.id_token(tokens["id_token"].as_str().unwrap())
}

fn waits_for(platform: &Running, text: &str) {
    let limit = Instant::now() + Duration::from_secs(60);
    while !platform.log().contains(text) {
        assert!(Instant::now() < limit, "{text}: {}", platform.log());
        thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn each_relying_party_hears_of_the_session_by_the_name_that_it_alone_knows() {
    let platform = Running::new();
    let (at_bank, at_clinic) = (
        LogoutReceiver::start(&platform.address, "bank", &[]),
        LogoutReceiver::start(&platform.address, "clinic", &[]),
    );
    let at_nobody = LogoutReceiver::start(&platform.address, "nobody", &[]);
    // one sector: the same subject, and still not the same session
    let shared = "sector = \"shared.example\"\n";
    let bank = platform.confidential("bank", &format!("{}{shared}", at_bank.registered()));
    let clinic = platform.confidential("clinic", &format!("{}{shared}", at_clinic.registered()));
    let quiet = platform.confidential("quiet", "");
    platform.confidential("nobody", &at_nobody.registered());
    let mut browser = platform.browser();
    let first = sign_in(&mut browser, &platform.address, &bank.authorize(&[]));
    let first = claims(&bank, &first);
    let second = agree(&mut browser, &clinic);
    agree(&mut browser, &quiet);
    assert_eq!(first["sub"], second["sub"]);
    assert_ne!(first["sid"], second["sid"]);
    // somebody else, elsewhere
    let mut other = platform.browser();
    sign_in(&mut other, &platform.address, &bank.authorize(&[]));

    assert_eq!(browser.post("/signed-out", FORM, "").status, 200);
    for (receiver, claims) in [(&at_bank, &first), (&at_clinic, &second)] {
        let heard = receiver.hear();
        assert_eq!((&heard["claims"]["sid"], &heard["claims"]["sub"]), (&claims["sid"], &claims["sub"]));
    }
    assert_eq!(browser.post("/signed-out", FORM, "").status, 200, "once more, with nobody signed in");
    for receiver in [&at_bank, &at_clinic, &at_nobody] {
        receiver.hears_nothing();
    }
    let log = platform.log();
    assert_eq!(log.matches("\"event\":\"back-channel-logout\",\"outcome\":\"told\"").count(), 2, "{log}");
    assert!(!log.contains(first["sub"].as_str().unwrap()) && !log.contains(first["sid"].as_str().unwrap()));
}

#[test]
fn who_signs_in_again_stays_signed_in_and_who_makes_room_for_another_does_not() {
    let platform = Running::new();
    let receiver = LogoutReceiver::start(&platform.address, "bank", &[]);
    let bank = platform.confidential("bank", &receiver.registered());
    let mut browser = platform.browser();
    let location = sign_in(&mut browser, &platform.address, &bank.authorize(&[]));
    let first = claims(&bank, &location);
    // past the end of the first session
    for _ in 0..2 {
        platform.later(5 * 60 * 60);
        let location = sign_in(&mut browser, &platform.address, &bank.authorize(&[("prompt", "login")]));
        assert_eq!(claims(&bank, &location)["sid"], first["sid"]);
    }
    receiver.hears_nothing();
    let page = open(&mut browser, &bank.authorize(&[("prompt", "login")]));
    let other = Template { name: test_pki::der::name(&[("2.5.4.5", "IDCMA-X1")]), ..Template::person() };
    assert_eq!(show_card(&mut browser, &platform.address, &page, "high", other).status, 200);
    assert_eq!(receiver.hear()["claims"]["sid"], first["sid"]);
    let location = browser.get(&page).location().to_owned();
    let second = claims(&bank, &location);
    assert_ne!(second["sid"], first["sid"]);
    // another card is asked for
    let page = open(&mut browser, &bank.authorize(&[("prompt", "consent")]));
    browser.post(&format!("{page}/other-card"), FORM, "");
    assert_eq!(receiver.hear()["claims"]["sid"], second["sid"]);
}

#[test]
fn a_logout_token_is_no_id_token() {
    let platform = Running::new();
    let receiver = LogoutReceiver::start(&platform.address, "bank", &[]);
    let bank = platform.confidential("bank", &receiver.registered());
    let mut browser = platform.browser();
    let location = sign_in(&mut browser, &platform.address, &bank.authorize(&[]));
    let tokens = bank.redeem(&answered(&location)["code"], &[]).json();
    browser.post("/signed-out", FORM, "");
    let token = receiver.hear()["token"].as_str().unwrap().to_owned();
    sign_in(&mut browser, &platform.address, &bank.authorize(&[]));
    let silent = |browser: &mut Browser, hint: &str| {
        answered(browser.get(&bank.authorize(&[("prompt", "none"), ("id_token_hint", hint)])).location())
    };
    assert!(silent(&mut browser, tokens["id_token"].as_str().unwrap()).contains_key("code"));
    assert_eq!(silent(&mut browser, &token)["error"], "login_required");
}

#[test]
fn a_relying_party_that_does_not_take_it_is_told_again_and_later_and_at_last_given_up() {
    let platform = Running::new();
    let receiver = LogoutReceiver::start(&platform.address, "bank", &[503, 302]);
    let bank = platform.confidential("bank", &receiver.registered());
    // nobody listens there
    let away = platform.confidential("away", "backchannel_logout_uri = \"http://127.0.0.1:9/\"\n");
    let mut browser = platform.browser();
    sign_in(&mut browser, &platform.address, &bank.authorize(&[]));
    agree(&mut browser, &away);
    browser.post("/signed-out", FORM, "");
    let mut names = BTreeSet::new();
    for (wait, status) in [(0, 503), (10, 302), (30, 200)] {
        if wait > 0 {
            platform.later(wait - 1);
            receiver.hears_nothing();
            platform.later(1);
        }
        let heard = receiver.hear();
        assert_eq!((&heard["status"], &heard["path"]), (&json!(status), &json!("/signed-out?at=home")));
        names.insert(heard["claims"]["jti"].as_str().unwrap().to_owned());
    }
    assert_eq!(names.len(), 3, "each is a token of its own");
    waits_for(&platform, "\"outcome\":\"told\",\"client\":\"bank\"");
    for wait in [2 * 60, 10 * 60, 30 * 60, 60 * 60, 2 * 60 * 60] {
        platform.later(wait);
        thread::sleep(Duration::from_secs(3));
    }
    waits_for(&platform, "\"outcome\":\"given-up\",\"client\":\"away\",\"code\":\"fetch-unreachable\"");
    assert_eq!(platform.log().matches("\"outcome\":\"failed\",\"client\":\"away\"").count(), 7);
    receiver.hears_nothing();
}

#[test]
fn nothing_is_lost_when_the_process_stops() {
    let mut program = Program::start();
    // to know a port where nobody listens yet
    let port = LogoutReceiver::start(&program.address, "bank", &[]).port;
    let bank = program.register(
        "bank",
        Some(RelyingParty::new_key()),
        &format!("backchannel_logout_uri = \"http://127.0.0.1:{port}/\"\n"),
    );
    let mut browser = Browser::new(&program.address);
    let location = sign_in(&mut browser, &program.address, &bank.authorize(&[]));
    let session = claims(&bank, &location)["sid"].clone();
    browser.post("/signed-out", FORM, "");
    program.stop();
    let receiver = LogoutReceiver::start_at(port, &program.address, "bank", &[]);
    program.serve();
    assert_eq!(receiver.hear()["claims"]["sid"], session);
}
