//! Forgery, fixation and theft of sessions.

use serde_json::Value;

use crate::{
    browser::Browser,
    relying_party::{FORM, RelyingParty, answered},
    running::{Running, open, show_card, sign_in},
    test_pki::{self, Template},
};

/// Whether a browser is signed in, by what a relying party is told.
fn is_signed_in(browser: &mut Browser, party: &RelyingParty) -> bool {
    let location = browser.get(&party.authorize(&[("prompt", "none")])).location().to_owned();
    answered(&location).get("error").map(String::as_str) != Some("login_required")
}

/// Paths of the platform's own pages that a form or script posts to.
fn steps(described: &Value) -> Vec<String> {
    let paths = described["paths"].as_object().unwrap();
    let is_step = |item: &&Value| item["post"]["tags"][0] == "pages";
    paths.iter().filter(|(_, item)| is_step(item)).map(|(path, _)| path.clone()).collect()
}

#[test]
fn csrf_no_step_of_any_page_is_done_for_another_site() {
    let platform = Running::new();
    let bank = platform.public("bank", "");
    let mut browser = platform.browser();
    sign_in(&mut browser, &platform.address, &bank.authorize(&[]));
    let page = open(&mut browser, &bank.authorize(&[("prompt", "consent")]));
    let shown = browser.get(&page).body;
    let steps = steps(&browser.get("/openapi.json").json());
    assert!(steps.len() >= 6, "{steps:?}");
    let own = format!("http://{}", platform.address);
    for step in &steps {
        let path = step.replace("/interaction/{id}", &page);
        for headers in [
            vec![],
            vec![("origin", "https://evil.example")],
            vec![("origin", "null")],
            vec![("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")],
            vec![("origin", own.as_str()), ("sec-fetch-site", "same-site")],
            vec![("sec-fetch-site", "none")],
            vec![("referer", own.as_str())],
        ] {
            let headers = [headers.as_slice(), &[("content-type", FORM)]].concat();
            let answer = browser.raw("POST", &path, &headers, "session=x");
            assert_eq!((answer.status, answer.body.as_str()), (403, ""), "{path} {headers:?}");
        }
        // nor by a link
        assert_eq!(browser.get(&path).status, 405, "{path}");
    }
    assert!(is_signed_in(&mut browser, &bank));
    assert_eq!(browser.get(&page).body, shown, "nothing happened");
}

#[test]
fn fixation_a_session_that_somebody_else_chose_is_nobodys() {
    let platform = Running::new();
    let bank = platform.public("bank", "");
    let mut attacker = platform.browser();
    sign_in(&mut attacker, &platform.address, &bank.authorize(&[]));
    // the attacker plants both cookies, and one that nobody has
    for planted in [attacker.cookies["session"].clone(), "A".repeat(43)] {
        let mut victim = platform.browser();
        let page = open(&mut victim, &bank.authorize(&[("prompt", "login")]));
        victim.cookies.insert("session".to_owned(), planted.clone());
        let person = Template { name: test_pki::der::name(&[("2.5.4.5", "IDCMA-X1")]), ..Template::person() };
        let answer = show_card(&mut victim, &platform.address, &page, "high", person);
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_ne!(victim.cookies["session"], planted);
        let mut thief = platform.browser();
        thief.cookies.insert("session".to_owned(), planted);
        assert!(!is_signed_in(&mut thief, &bank), "what was planted is worth nothing");
    }
}

#[test]
fn theft_a_copied_session_ends_with_the_persons_own_and_after_eight_hours() {
    let platform = Running::new();
    let bank = platform.public("bank", "");
    for end in [false, true] {
        let mut browser = platform.browser();
        sign_in(&mut browser, &platform.address, &bank.authorize(&[]));
        let mut copy = platform.browser();
        copy.cookies.insert("session".to_owned(), browser.cookies["session"].clone());
        assert!(is_signed_in(&mut copy, &bank));
        if end {
            assert_eq!(browser.post("/signed-out", "", "").status, 200);
        } else {
            platform.later(8 * 60 * 60);
        }
        assert!(!is_signed_in(&mut copy, &bank));
    }
}

#[test]
fn theft_nothing_that_a_page_shows_or_an_address_says_opens_a_session() {
    let platform = Running::new();
    let bank = platform.public("bank", "");
    let mut browser = platform.browser();
    let location = sign_in(&mut browser, &platform.address, &bank.authorize(&[]));
    let page = open(&mut browser, &bank.authorize(&[("prompt", "consent")]));
    let shown = browser.get(&page).body;
    for cookie in browser.cookies.values() {
        assert!(!shown.contains(cookie) && !location.contains(cookie) && !page.contains(cookie));
    }
    let named = shown.split("name=\"session\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    for value in [named, page.strip_prefix("/interaction/").unwrap(), &browser.cookies["browser"]] {
        let mut thief = platform.browser();
        thief.cookies.insert("session".to_owned(), value.to_owned());
        assert!(!is_signed_in(&mut thief, &bank), "{value}");
    }
}
