//! The administration in the browser: who may look, what they see, and that what is done is what their key signed.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

#[path = "../../../crates/trust/tests/test_pki/mod.rs"]
mod test_pki;

#[path = "../browser/mod.rs"]
mod browser;
#[path = "../relying_party/mod.rs"]
mod relying_party;
#[path = "../running/mod.rs"]
mod running;

mod acting;
mod shown;

use acting::{draft, submit};
use bitaqa_jose::{Curve, JwsHeader, PrivateJwk, Signer as _, jws};
use bitaqa_platform::{
    administration::{Operator, Operators, SignIn, sign_in::LIFETIME},
    secret::fill,
};
use bitaqa_protocol::Origin;
use browser::{Answer, Browser};
use relying_party::{FORM, encode};
use running::{Running, START};

const PAGES: [&str; 6] = ["/", "/portals", "/portals/bank", "/services", "/keys", "/audit"];

/// What an operator's key signs to sign in.
fn word(running: &Running, key: &PrivateJwk) -> String {
    word_at(running, key, running::now_at(&running.address))
}

fn word_at(running: &Running, key: &PrivateJwk, now: i64) -> String {
    SignIn::new(key, &issuer(running), now).sign(key).unwrap()
}

fn issuer(running: &Running) -> Origin {
    Origin::parse(&format!("http://{}", running.address)).unwrap()
}

fn form(pairs: &[(&str, &str)]) -> String {
    let pairs: Vec<_> = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    encode(&pairs)
}

fn shows(browser: &mut Browser, signed: &str) -> Answer {
    browser.post("/sign-in?lang=en", FORM, &form(&[("signed", signed)]))
}

fn signed_in(running: &Running, key: &PrivateJwk) -> Browser {
    let mut browser = Browser::new(&running.administration);
    let answer = shows(&mut browser, &word(running, key));
    assert_eq!(answer.location(), "/?lang=en");
    browser
}

#[test]
fn nobody_looks_who_is_not_signed_in() {
    let running = Running::new();
    running.confidential("bank", "");
    let mut stranger = Browser::new(&running.administration);
    for page in PAGES {
        let answer = stranger.get(&format!("{page}?lang=fr"));
        assert_eq!(answer.location(), "/sign-in?lang=fr", "{page}");
        assert_eq!(answer.body, "", "{page}");
    }
    for step in ["draft", "entry"] {
        let answer = stranger.post(&format!("/portals/bank/{step}"), FORM, &form(&[("work", "suspend")]));
        assert_eq!(answer.location(), "/sign-in?lang=ar", "{step}");
    }
    stranger.cookies.insert("operator".to_owned(), "A".repeat(43));
    assert_eq!(stranger.get("/").location(), "/sign-in?lang=ar");
    // nothing of it is at the public address
    let mut public = running.browser();
    for page in PAGES.into_iter().chain(["/sign-in", "/assets/operator.js", "/assets/administration.css"]) {
        // where the catalogue of services is, for everybody
        let expected = if page == "/services" { 200 } else { 404 };
        assert_eq!(public.get(page).status, expected, "{page}");
    }
    let mut operator = signed_in(&running, &running.staff.authoriser);
    for page in PAGES {
        let answer = operator.get(page);
        assert_eq!(answer.status, 200, "{page}");
        assert!(answer.body.contains("<html lang=\"ar\" dir=\"rtl\">"), "{page}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{page}");
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{page}");
    }
    assert!(running.log().contains("\"event\":\"operator-sign-in\",\"outcome\":\"accepted\""));
    assert_eq!(operator.get("/portals/nobody").status, 404);
    assert_eq!(operator.get("/portals/no%0Abody").status, 404);
    // what an operator's browser holds opens nothing at the public address
    public.cookies.insert("session".to_owned(), operator.cookies["operator"].clone());
    assert_eq!(public.get("/services").status, 200);
    let asked = running.public("shop", "").authorize(&[("prompt", "none")]);
    assert!(public.get(&asked).location().contains("login_required"));
}

#[test]
fn a_word_is_good_once_and_for_two_minutes_at_one_platform() {
    let running = Running::new();
    running.confidential("bank", "");
    let key = &running.staff.onboarder;
    let mut browser = Browser::new(&running.administration);
    let mut refused = |signed: &str, said: &str| {
        let answer = shows(&mut browser, signed);
        assert_eq!(answer.status, 403, "{said}");
        assert!(answer.body.contains(said), "{said}: {}", answer.body);
        assert!(browser.cookies.is_empty(), "{said}");
    };
    let used = word(&running, key);
    signed_in(&running, key);
    shows(&mut Browser::new(&running.administration), &used).location();
    refused(&used, "used before");
    refused(&word_at(&running, key, START - LIFETIME), "two minutes are over");
    refused(&word_at(&running, key, START + 31), "two minutes are over");
    let stranger = PrivateJwk::generate(Curve::Ed25519, &mut fill).unwrap();
    refused(&word(&running, &stranger), "No operator");
    let good = SignIn::new(key, &issuer(&running), START);
    let other = SignIn { aud: "http://127.0.0.1:1".to_owned(), ..good.clone() };
    refused(&other.sign(key).unwrap(), "another platform");
    let long = SignIn { exp: START + LIFETIME + 1, ..good.clone() };
    refused(&long.sign(key).unwrap(), "two minutes are over");
    // in another operator's name
    let other = SignIn { sub: running.staff.authoriser.public().thumbprint().to_string(), ..good.clone() };
    refused(&other.sign(key).unwrap(), "did not sign it");
    // something else that operators sign
    let entry = running.at_the_desk(async |desk| desk.store.entries().await.unwrap().pop().unwrap().text);
    refused(&entry, "nothing that an operator");
    let payload = serde_json::to_vec(&good).unwrap();
    let untyped = jws::sign(JwsHeader::new(key.algorithm(), "JWT"), &payload, key).unwrap();
    refused(&untyped, "nothing that an operator");
    refused("", "nothing that an operator");
    refused(&"x".repeat(3_000), "nothing that an operator");
    let answer = shows(&mut Browser::new(&running.administration), &"x".repeat(40_000));
    assert_eq!(answer.status, 413);
    assert!(
        running.log().contains("\"event\":\"operator-sign-in\",\"outcome\":\"refused\",\"code\":\"used\"")
    );
}

#[test]
fn a_session_ends_after_half_an_hour_by_signing_out_and_when_the_operator_is_taken_out() {
    let running = Running::new();
    let key = running.staff.onboarder.clone();
    let mut browser = signed_in(&running, &key);
    let held = browser.cookies.clone();
    assert_eq!(browser.get("/").status, 200);
    assert_eq!(browser.post("/sign-out?lang=en", FORM, "").location(), "/sign-in?lang=en");
    assert!(browser.cookies.is_empty());
    browser.cookies = held;
    assert_eq!(browser.get("/").location(), "/sign-in?lang=ar", "it ended at the platform, too");

    let mut browser = signed_in(&running, &key);
    running.later(30 * 60 - 1);
    assert_eq!(browser.get("/").status, 200);
    running.later(1);
    assert_eq!(browser.get("/").location(), "/sign-in?lang=ar");

    let mut browser = signed_in(&running, &key);
    let all: Vec<_> = running.staff.operators.iter().cloned().collect();
    let others = all.iter().filter(|operator| operator.name != "onboarder").cloned().collect();
    let other_key = PrivateJwk::generate(Curve::P256, &mut fill).unwrap();
    let changed = |change: &dyn Fn(&mut Operator)| {
        let mut changed = all.clone();
        changed.iter_mut().filter(|operator| operator.name == "onboarder").for_each(change);
        Operators::new(changed).unwrap()
    };
    let now = running::now_at(&running.address);
    for operators in [
        Operators::new(others).unwrap(),
        changed(&|operator| operator.until = Some(now)),
        changed(&|operator| operator.key = other_key.public().clone()),
    ] {
        let address = running.administration_of(operators);
        let mut elsewhere = Browser::new(&address);
        elsewhere.cookies.clone_from(&browser.cookies);
        assert_eq!(elsewhere.get("/").location(), "/sign-in?lang=ar");
    }
    let address = running.administration_of(running.staff.operators.clone());
    let mut elsewhere = Browser::new(&address);
    elsewhere.cookies.clone_from(&browser.cookies);
    assert_eq!(elsewhere.get("/").status, 200, "another process knows the session, too");
    assert_eq!(browser.get("/").status, 200);
}

#[test]
fn other_sites_can_do_nothing_and_other_names_lead_nowhere() {
    let running = Running::new();
    running.confidential("bank", "");
    let mut browser = signed_in(&running, &running.staff.authoriser);
    let cookie = Browser::new(&running.administration)
        .post("/sign-in", FORM, &form(&[("signed", &word(&running, &running.staff.authoriser))]))
        .header("set-cookie")
        .unwrap()
        .to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let signed = draft(&mut browser, "bank", &[("work", "suspend"), ("reason", "a test")])
        .unwrap()
        .sign(&running.staff.authoriser)
        .unwrap();
    let own = format!("http://{}", running.administration);
    for (path, body) in [
        ("/portals/bank/entry", form(&[("signed", &signed)])),
        ("/portals/bank/draft", form(&[("work", "suspend"), ("reason", "a test")])),
        ("/sign-in", form(&[("signed", &word(&running, &running.staff.onboarder))])),
        ("/sign-out", String::new()),
    ] {
        for headers in [
            &[("origin", "https://evil.example")][..],
            &[("origin", "null")],
            &[("origin", format!("http://{}", running.address).as_str())],
            &[("origin", own.as_str()), ("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "cross-site")],
            &[],
        ] {
            let headers = [headers, &[("content-type", FORM)]].concat();
            assert_eq!(browser.raw("POST", path, &headers, &body).status, 403, "{path} {headers:?}");
        }
    }
    assert_eq!(browser.get("/").status, 200, "still signed in");
    // a name that was made to lead here
    let port = running.administration.rsplit(':').next().unwrap();
    let mut rebound = Browser::new(&format!("localhost:{port}"));
    rebound.cookies.clone_from(&browser.cookies);
    let answer = rebound.get("/");
    assert_eq!(answer.status, 421);
    assert!(answer.body.contains(&own), "{}", answer.body);
    assert_eq!(submit(&mut browser, "bank", &signed).location(), "/portals/bank?lang=en");
}
