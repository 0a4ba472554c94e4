//! The portal over HTTP, with cards made in the test.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test ends where it cannot go on"
)]

#[path = "../../../../crates/trust/tests/test_pki/mod.rs"]
mod test_pki;

mod browser;
mod running;

use bitaqa_protocol::{Challenge, Origin};
use running::{Running, challenge, code};
use test_pki::Template;

#[test]
fn somebody_signs_in_sees_who_they_are_and_signs_out() {
    let portal = Running::new("level = \"high\"");
    let mut browser = portal.browser();
    let page = browser.get("/?lang=en");
    assert!(page.body.contains("Sign in with your national card"));
    assert!(browser.cookie.is_none(), "looking at the page makes no session");

    let challenge = challenge(&mut browser);
    assert!(Challenge::parse(&challenge).is_ok());
    let before = browser.cookie.clone().unwrap();
    let answer = browser.sign_in(&portal.token(&challenge));
    assert_eq!((answer.status, answer.json()["signedIn"].as_bool()), (200, Some(true)), "{}", answer.body);
    assert_ne!(browser.cookie.clone().unwrap(), before, "signing in gives the session a new name");

    let page = browser.get("/?lang=en");
    for expected in [
        "You are signed in",
        "أمينة المثال",
        "IDCMA-BE123456",
        "Example State",
        ">high<",
        "not checked",
        "2040-01-01",
    ] {
        assert!(page.body.contains(expected), "{expected} is missing in {}", page.body);
    }
    assert!(!page.body.contains("TEST"));

    let answer = browser.post("/sign-out?lang=en", "");
    assert_eq!((answer.status, answer.header("location")), (303, Some("/?lang=en")));
    assert!(browser.get("/").body.contains("id=\"start\""));
    browser.cookie = Some(before);
    assert!(browser.get("/").body.contains("id=\"start\""), "the name from before was never signed in");
}

#[test]
fn test_cards_are_called_test_everywhere() {
    let portal = Running::new("test = true");
    let mut browser = portal.browser();
    assert!(browser.get("/?lang=en").body.contains("<strong>TEST</strong>"));
    let challenge = challenge(&mut browser);
    assert_eq!(browser.sign_in(&portal.token(&challenge)).status, 200);
    let page = browser.get("/?lang=en");
    assert!(page.body.contains("<strong>TEST</strong>") && page.body.contains("none stated"));
}

#[test]
fn a_challenge_is_used_once() {
    let portal = Running::new("");
    let mut browser = portal.browser();
    let challenge = challenge(&mut browser);
    let token = portal.token(&challenge);
    assert_eq!(browser.sign_in(&token).status, 200);
    let again = browser.sign_in(&token);
    assert_eq!((again.status, code(&again).as_str()), (403, "challenge-unknown"));
    assert!(again.json()["remedy"].as_str().unwrap().contains("five minutes"));
}

#[test]
fn an_attempt_that_failed_has_used_its_challenge_too() {
    let portal = Running::new("");
    let mut browser = portal.browser();
    let challenge = challenge(&mut browser);
    let good = portal.token(&challenge);
    assert_eq!(code(&browser.sign_in("{}")), "token-malformed");
    assert_eq!(code(&browser.sign_in(&good)), "challenge-unknown");
}

#[test]
fn a_challenge_lives_five_minutes() {
    let portal = Running::new("");
    let mut browser = portal.browser();
    let first = challenge(&mut browser);
    portal.later(300);
    assert_eq!(browser.sign_in(&portal.token(&first)).status, 200);
    let second = challenge(&mut browser);
    portal.later(301);
    assert_eq!(code(&browser.sign_in(&portal.token(&second))), "challenge-unknown");
}

#[test]
fn a_challenge_belongs_to_its_session() {
    let portal = Running::new("");
    let (mut mine, mut theirs) = (portal.browser(), portal.browser());
    let (my_challenge, their_challenge) = (challenge(&mut mine), challenge(&mut theirs));
    assert_eq!(code(&mine.sign_in(&portal.token(&their_challenge))), "signature-invalid");
    // without any session there is nothing to answer
    assert_eq!(code(&portal.browser().sign_in(&portal.token(&my_challenge))), "challenge-unknown");
    assert_eq!(theirs.sign_in(&portal.token(&their_challenge)).status, 200);
}

#[test]
fn two_tabs_sign_in_side_by_side() {
    let portal = Running::new("");
    let mut browser = portal.browser();
    let (first, second) = (challenge(&mut browser), challenge(&mut browser));
    assert_eq!(browser.sign_in(&portal.token(&first)).status, 200);
    assert_eq!(browser.sign_in(&portal.token(&second)).status, 200);
    assert_eq!(code(&browser.sign_in(&portal.token(&first))), "challenge-unknown");
}

#[test]
fn a_token_for_another_site_or_from_another_issuer_is_refused() {
    let portal = Running::new("required_policies = [\"1.3.6.1.4.1.32473.1.2\"]");
    let mut browser = portal.browser();
    let elsewhere = Origin::parse("https://portal.example.org").unwrap();
    let given = challenge(&mut browser);
    let answer = browser.sign_in(&portal.token_of(Template::person(), &elsewhere, &given));
    assert_eq!((answer.status, code(&answer).as_str()), (403, "signature-invalid"));

    let given = challenge(&mut browser);
    assert_eq!(code(&browser.sign_in(&portal.token(&given))), "policy-missing");

    let given = challenge(&mut browser);
    let expired = Template::person().valid("20200101000000Z", "20210101000000Z");
    assert_eq!(
        code(&browser.sign_in(&portal.token_of(expired, &portal.origin(), &given))),
        "certificate-expired"
    );
    assert!(browser.get("/").body.contains("id=\"start\""), "nobody is signed in");
}

#[test]
fn somebody_without_a_number_is_nobody() {
    let portal = Running::new("");
    let mut browser = portal.browser();
    let mut template = Template::person();
    template.name = test_pki::der::name(&[("2.5.4.3", "Nobody")]);
    let given = challenge(&mut browser);
    assert_eq!(
        code(&browser.sign_in(&portal.token_of(template, &portal.origin(), &given))),
        "holder-without-number"
    );
}

#[test]
fn garbage_and_too_much_are_refused() {
    let portal = Running::new("");
    let mut browser = portal.browser();
    for body in ["", "x", "null", "{\"format\":\"web-eid:1.0\"}"] {
        challenge(&mut browser);
        let answer = browser.sign_in(body);
        assert_eq!((answer.status, code(&answer).as_str()), (400, "token-malformed"), "{body}");
    }
    challenge(&mut browser);
    let large = format!("{}{}", portal.token(&challenge(&mut browser)), " ".repeat(17_000));
    assert_eq!(browser.sign_in(&large).status, 413);
    let form = [("content-type", "application/x-www-form-urlencoded")];
    assert_eq!(browser.request("POST", "/sign-in", &form, "a=b").status, 415);
    assert_eq!(browser.request("POST", "/sign-in", &[], "{}").status, 415);
    assert_eq!(browser.get("/sign-in").status, 405);
    assert_eq!(browser.get("/nothing").status, 404);
}

#[test]
fn other_sites_can_send_nothing() {
    let portal = Running::new("");
    let mut browser = portal.browser();
    let given = challenge(&mut browser);
    let token = portal.token(&given);
    for path in ["/challenge", "/sign-in", "/sign-out"] {
        for headers in [
            &[("origin", "https://evil.example")][..],
            &[("origin", "null")],
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
            &[],
        ] {
            let mut headers = headers.to_vec();
            headers.push(("content-type", "application/json"));
            let answer = browser.raw("POST", path, &headers, &token);
            assert_eq!(answer.status, 403, "{path} {headers:?}");
            assert!(answer.header("set-cookie").is_none());
        }
    }
    assert_eq!(browser.sign_in(&token).status, 200, "the attempts used nothing up");
}

#[test]
fn every_answer_carries_the_headers_that_protect_it() {
    let portal = Running::new("");
    let mut browser = portal.browser();
    for path in
        ["/", "/assets/portal.css", "/assets/sign_in.js", "/assets/none", "/bitaqa/bitaqa-web.js", "/nothing"]
    {
        let answer = browser.get(path);
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert!(answer.header("cache-control").is_some(), "{path}");
    }
    assert_eq!(browser.get("/").header("cache-control"), Some("no-store"));
    let page = browser.get("/").body;
    // the only script element with a text holds words, not code; nothing has a style or a handler of its own
    assert!(!page.contains("<style") && !page.contains(" style=") && !page.contains(" onclick="));
    assert_eq!(page.matches("<script").count(), 2);
    assert!(page.contains("<script type=\"application/json\""));
    let given = browser.post("/challenge", "");
    let cookie = given.header("set-cookie").unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
}

#[test]
fn the_module_comes_from_its_folder_and_nothing_else_does() {
    let portal = Running::new("");
    let mut browser = portal.browser();
    let module = browser.get("/bitaqa/bitaqa-web.js");
    assert_eq!((module.status, module.header("content-type")), (200, Some("text/javascript; charset=utf-8")));
    for path in [
        "/bitaqa/../portal.rs",
        "/bitaqa/..%2fportal.rs",
        "/bitaqa/%2e%2e%2fportal.rs",
        "/bitaqa/.hidden",
        "/bitaqa/",
    ] {
        assert_eq!(browser.get(path).status, 404, "{path}");
    }
}

#[test]
fn pages_speak_four_languages() {
    let portal = Running::new("");
    let mut browser = portal.browser();
    for (query, accepted, tag, direction) in [
        ("/", "", "ar", "rtl"),
        ("/", "fr-MA, ar;q=0.5", "fr", "ltr"),
        ("/?lang=zgh", "fr", "zgh", "ltr"),
        ("/?lang=en", "ar", "en", "ltr"),
        ("/?lang=xx", "de", "ar", "rtl"),
    ] {
        let page = browser.request("GET", query, &[("accept-language", accepted)], "").body;
        let start = format!("<html lang=\"{tag}\" dir=\"{direction}\">");
        assert!(page.contains(&start), "{query} {accepted} should be {start}");
    }
    challenge(&mut browser);
    let answer = browser.request("POST", "/sign-in?lang=fr", &[("content-type", "application/json")], "{}");
    assert!(answer.json()["message"].as_str().unwrap().contains("portail"), "{}", answer.body);
}

#[test]
fn a_name_with_markup_is_shown_as_text() {
    let portal = Running::new("");
    let mut browser = portal.browser();
    let mut template = Template::person();
    template.name = test_pki::der::name(&[("2.5.4.3", "<script>alert(1)</script>"), ("2.5.4.5", "\"><b>1")]);
    let given = challenge(&mut browser);
    assert_eq!(browser.sign_in(&portal.token_of(template, &portal.origin(), &given)).status, 200);
    let page = browser.get("/").body;
    assert!(!page.contains("<script>alert") && !page.contains("<b>1"), "{page}");
}

#[test]
fn the_log_says_what_happened_and_nothing_about_the_person() {
    let portal = Running::new("level = \"low\"");
    let mut browser = portal.browser();
    let given = challenge(&mut browser);
    assert_eq!(browser.sign_in(&portal.token(&given)).status, 200);
    browser.sign_in("{}");
    let log = portal.log();
    let lines: Vec<serde_json::Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let [accepted, refused] = &lines[..] else { panic!("{log}") };
    assert_eq!((&accepted["event"], &accepted["outcome"]), (&"sign-in".into(), &"accepted".into()));
    assert_eq!((&accepted["level"], &accepted["revocationChecked"]), (&"low".into(), &false.into()));
    assert!(accepted["verificationMilliseconds"].as_f64().unwrap() > 0.0);
    assert_eq!((&refused["outcome"], &refused["code"]), (&"refused".into(), &"challenge-unknown".into()));
    for personal in ["أمينة", "IDCMA", "BE123456", given.as_str()] {
        assert!(!log.contains(personal), "{log}");
    }
}
