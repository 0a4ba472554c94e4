//! Step-up (RFC 9470): an API wants more than a token says, the portal asks for it, and people do only what is missing.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

#[path = "../../crates/trust/tests/test_pki/mod.rs"]
mod test_pki;

mod browser;
mod relying_party;
mod running;

use relying_party::{RelyingParty, code, error, text};
use running::{Running, START, open, show_card, sign_in, sign_in_with};
use serde_json::{Value, json};
use test_pki::Template;

const HIGH: &str = "urn:bitaqa:acr:test:high";
const LOW: &str = "urn:bitaqa:acr:test:low";
const TAXES: &str = "\n[[service]]\nid = \"tax-return\"\nscope = \"tax\"\nlink = \"https://office.example.ma/tax\"\n\
     minimum_level = \"high\"\n[service.name]\nar = \"التصريح الضريبي\"\nfr = \"Déclaration fiscale\"\nen = \"Tax return\"\n";

fn tokens(office: &RelyingParty, location: &str) -> Value {
    office.redeem(&code(location), &[]).json()
}

fn id_token(office: &RelyingParty, location: &str) -> Value {
    office.id_token(&text(&tokens(office, location), "id_token"))
}

/// The way of RFC 9470 section 3 to 5, with an API of the test's that asks the introspection endpoint.
#[test]
fn a_service_of_a_higher_level_is_reached_in_the_same_session() {
    let platform = Running::new();
    let office = platform.confidential("office", TAXES);
    let mut browser = platform.browser();
    let location = sign_in_with(&mut browser, &platform.address, &office.pushed(&[]), "low");
    let first = tokens(&office, &location);
    let told = office.about("/introspect", &text(&first, "access_token")).json();
    assert_eq!((&told["acr"], &told["auth_time"]), (&json!(LOW), &json!(START)));
    let before = office.id_token(&text(&first, "id_token"));
    // the API answered insufficient_user_authentication, acr_values="…high", so the portal asks for it
    platform.later(30);
    let secret = browser.cookies["session"].clone();
    let request = office.pushed(&[("scope", "openid profile tax"), ("acr_values", HIGH)]);
    let page = open(&mut browser, &request);
    let shown = browser.get(&format!("{page}?lang=en")).body;
    assert!(shown.contains("show your card again") && shown.contains("Tax return"), "{shown}");
    assert_eq!(show_card(&mut browser, &platform.address, &page, "high", Template::person()).status, 200);
    let location = browser.get(&page).location().to_owned();
    let second = tokens(&office, &location);
    let after = office.id_token(&text(&second, "id_token"));
    assert_eq!((&after["acr"], &after["auth_time"]), (&json!(HIGH), &json!(START + 30)));
    assert_eq!((&after["sid"], &after["sub"]), (&before["sid"], &before["sub"]));
    let told = office.about("/introspect", &text(&second, "access_token")).json();
    assert_eq!((&told["acr"], &told["auth_time"]), (&json!(HIGH), &json!(START + 30)));
    assert_eq!(told["scope"], "openid profile tax");
    // the session is another to whoever had the earlier one: nothing of the higher level is for them
    assert_ne!(browser.cookies["session"], secret);
    let mut earlier = platform.browser();
    earlier.cookies.insert("session".to_owned(), secret);
    let silent = office.authorize(&[("scope", "openid profile tax"), ("prompt", "none")]);
    assert_eq!(error(earlier.get(&silent).location()), "login_required");
    // what was there already is asked of nobody again
    assert!(browser.get(&silent).location().contains("code="));
    // and the token of before is worth what it was
    let told = office.about("/introspect", &text(&first, "access_token")).json();
    assert_eq!((&told["acr"], &told["scope"]), (&json!(LOW), &json!("openid profile")));
}

/// Somebody plants the session that they made with a lesser card of the same person; who steps it up does not share it.
#[test]
fn a_session_that_somebody_planted_is_not_stepped_up_for_them() {
    let platform = Running::new();
    let office = platform.confidential("office", TAXES);
    let mut attacker = platform.browser();
    sign_in_with(&mut attacker, &platform.address, &office.pushed(&[]), "low");
    let mut person = platform.browser();
    person.cookies.insert("session".to_owned(), attacker.cookies["session"].clone());
    let request = office.pushed(&[("scope", "openid profile tax")]);
    let location = sign_in_with(&mut person, &platform.address, &request, "high");
    assert_eq!(id_token(&office, &location)["acr"], HIGH);
    for scope in ["openid profile", "openid profile tax"] {
        let silent = office.authorize(&[("scope", scope), ("prompt", "none")]);
        assert_eq!(error(attacker.get(&silent).location()), "login_required", "{scope}");
    }
    // nor does an interaction that they began with their own session in it end in one of theirs
    let mut attacker = platform.browser();
    sign_in_with(&mut attacker, &platform.address, &office.pushed(&[]), "low");
    let page = open(&mut attacker, &office.pushed(&[("scope", "openid profile tax")]));
    let mut person = platform.browser();
    person.cookies.clone_from(&attacker.cookies);
    assert_eq!(show_card(&mut person, &platform.address, &page, "high", Template::person()).status, 200);
    let shown = attacker.get(&page);
    assert_eq!((shown.status, shown.header("location")), (200, None), "they are asked to sign in");
    assert!(person.get(&page).location().contains("code="));
}

#[test]
fn what_was_shown_too_long_ago_is_shown_again_and_the_session_goes_on() {
    let platform = Running::new();
    let office = platform.confidential("office", TAXES);
    let mut browser = platform.browser();
    let location = sign_in(&mut browser, &platform.address, &office.pushed(&[]));
    let before = id_token(&office, &location);
    platform.later(120);
    let fresh = |more: &[(&str, &str)]| office.authorize(&[&[("max_age", "60")], more].concat());
    assert_eq!(error(browser.get(&fresh(&[("prompt", "none")])).location()), "login_required");
    let location = sign_in(&mut browser, &platform.address, &fresh(&[]));
    let after = id_token(&office, &location);
    assert_eq!((&after["auth_time"], &after["sid"]), (&json!(START + 120), &before["sid"]));
    assert!(browser.get(&fresh(&[("prompt", "none")])).location().contains("code="));
}

#[test]
fn a_wish_for_a_higher_level_is_tried_where_it_can_be_had() {
    let platform = Running::new();
    let office = platform.confidential("office", TAXES);
    let mut browser = platform.browser();
    sign_in_with(&mut browser, &platform.address, &office.pushed(&[]), "low");
    // this card is worth no more, however often it is shown; nobody is asked for nothing
    let wish = office.authorize(&[("acr_values", HIGH)]);
    let location = browser.get(&wish).location().to_owned();
    assert_eq!(id_token(&office, &location)["acr"], LOW);
    // whoever must have it has another card, or has not
    let claims = json!({ "id_token": { "acr": { "essential": true, "values": [HIGH] } } }).to_string();
    let must = office.authorize(&[("claims", &claims)]);
    let location = sign_in_with(&mut browser, &platform.address, &must, "low");
    assert_eq!(error(&location), "unmet_authentication_requirements");
    let location = sign_in_with(&mut browser, &platform.address, &must, "high");
    assert_eq!(id_token(&office, &location)["acr"], HIGH);
    let location = browser.get(&wish).location().to_owned();
    assert_eq!(id_token(&office, &location)["acr"], HIGH);
}

#[test]
fn userinfo_says_which_level_is_enough_now() {
    let platform = Running::new();
    let office = platform.confidential("office", "");
    let location = sign_in_with(&mut platform.browser(), &platform.address, &office.pushed(&[]), "low");
    let access = text(&tokens(&office, &location), "access_token");
    assert_eq!(office.userinfo(&access).status, 200);
    platform.replace(&office, "minimum_level = \"high\"\n");
    let answer = office.userinfo(&access);
    assert_eq!(answer.status, 401);
    assert_eq!(
        answer.header("www-authenticate").unwrap(),
        format!(
            "Bearer error=\"insufficient_user_authentication\", error_description=\"what was shown is not enough any \
             more\", acr_values=\"{HIGH}\""
        )
    );
    // to anybody else it is what it was before: nothing
    assert_eq!(office.about("/introspect", &access).json(), json!({ "active": false }));
}
