//! What every answer carries, and what the log keeps to itself.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{
    browser::{Answer, Browser},
    relying_party::{FORM, RelyingParty, answered, code, encode, text},
    running::{Running, challenge, open, show_card, sign_in},
    test_pki::Template,
};

/// Directives of the policy, by their names.
fn directives(answer: &Answer) -> Vec<(String, String)> {
    let policy = answer.header("content-security-policy").unwrap_or_else(|| panic!("{answer:?}"));
    let split = |directive: &str| {
        let (name, value) = directive.trim().split_once(' ').unwrap();
        (name.to_owned(), value.to_owned())
    };
    policy.split(';').map(split).collect()
}

/// What no answer is without, and where its forms may lead.
fn is_clean(name: &str, answer: &Answer, forms: &str) {
    let expected = [
        ("default-src", "'none'"),
        ("script-src", "'self'"),
        ("style-src", "'self'"),
        ("img-src", "'self'"),
        ("connect-src", "'self'"),
        ("base-uri", "'none'"),
        ("frame-ancestors", "'none'"),
        ("form-action", forms),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(directives(answer), expected, "{name}");
    for (header, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(answer.header(header), Some(value), "{name}");
    }
    for revealing in ["server", "x-powered-by"] {
        assert!(answer.header(revealing).is_none(), "{name} {revealing}");
    }
    // scripts of any origin read what everybody knows, and nothing else
    let is_for_everybody = ["/jwks", "/.well-known/openid-configuration"].contains(&name);
    assert_eq!(answer.header("access-control-allow-origin"), is_for_everybody.then_some("*"), "{name}");
    if let Some(cookie) = answer.header("set-cookie") {
        let attributes: BTreeSet<&str> = cookie.split("; ").skip(1).collect();
        assert!(attributes.is_superset(&BTreeSet::from(["HttpOnly", "SameSite=Lax", "Path=/"])), "{cookie}");
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
    let body = answer.body.to_ascii_lowercase();
    if body.contains("<html") {
        assert!(
            !body.contains("<style") && !body.contains(" style=") && !body.contains("javascript:"),
            "{name}"
        );
        for script in body.split("<script").skip(1) {
            let is_data = script.starts_with(" type=\"application/json\"");
            assert!(
                is_data || script.contains("src=\"/assets/") && script.contains("\"></script>"),
                "{name}"
            );
        }
        for handler in [" onclick", " onload", " onerror", " onsubmit"] {
            assert!(!body.contains(handler), "{name}");
        }
    }
}

#[test]
fn headers_of_every_page_and_answer_are_strict() {
    let platform = Running::new();
    let bank = platform.public("bank", "");
    let mut browser = platform.browser();
    let page = open(&mut browser, &bank.authorize(&[]));
    let mut shown: Vec<(&str, Answer)> = vec![
        ("begin", platform.browser().get(&bank.authorize(&[]))),
        ("sign-in page", browser.get(&page)),
        ("refusal", browser.get("/authorize")),
        ("ended", platform.browser().get(&page)),
        ("challenge", browser.post(&format!("{page}/challenge"), "", "")),
        ("refused step", browser.post(&format!("{page}/sign-in"), "application/json", "{}")),
        ("other kind of body", browser.post(&format!("{page}/sign-in"), "text/plain", "{}")),
        ("other origin", browser.raw("POST", &format!("{page}/agree"), &[], "")),
    ];
    shown.push(("signed in", show_card(&mut browser, &platform.address, &page, "high", Template::person())));
    let back = browser.get(&page);
    let tokens = bank.redeem(&code(back.location()), &[]);
    let bearer = format!("Bearer {}", text(&tokens.json(), "access_token"));
    let hint = text(&tokens.json(), "id_token");
    shown.extend([("back", back), ("tokens", tokens)]);
    let page = open(&mut browser, &bank.authorize(&[("prompt", "consent")]));
    shown.extend([
        ("agreement", browser.get(&page)),
        ("onward", browser.post(&format!("{page}/agree"), FORM, "session=x")),
        ("cancelled", browser.post(&format!("{page}/cancel"), "", "")),
        ("userinfo", browser.raw("GET", "/userinfo", &[("authorization", &bearer)], "")),
        ("no token", browser.get("/userinfo")),
        ("no client", bank.send("/token", &[])),
        ("no such token", bank.about("/revoke", "x")),
        ("asks whether to sign out", browser.get("/end-session")),
        ("nothing there", browser.get("/nothing")),
        ("another method", browser.raw("PUT", "/authorize", &[], "")),
        ("head", browser.raw("HEAD", "/authorize", &[], "")),
        ("too long", browser.raw("POST", "/par", &[("content-type", FORM)], &"a".repeat(40_000))),
    ]);
    let end = encode(&[("id_token_hint".to_owned(), hint)]);
    shown.push(("signed out", browser.get(&format!("/end-session?{end}"))));
    shown.push(("signed out here", browser.post("/signed-out", "", "")));
    for (name, answer) in &shown {
        is_clean(name, answer, "'self'");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{name}");
    }
    // what is the same for everybody may be kept, and says so itself
    for path in ["/jwks", "/.well-known/openid-configuration", "/assets/sign_in.js", "/bitaqa/bitaqa-web.js"]
    {
        let answer = browser.get(path);
        is_clean(path, &answer, "'self'");
        assert!(answer.header("cache-control").is_some() && answer.header("set-cookie").is_none(), "{path}");
    }
    // the one form that leads to a relying party, by schemes alone: browsers hold redirects against it
    let form = platform.browser().get(&bank.authorize(&[("prompt", "none"), ("response_mode", "form_post")]));
    is_clean("form", &form, "'self' https:");
    assert_eq!(form.header("cache-control"), Some("no-store"));
}

/// Everything that the log may say of an event.
const MEMBERS: [&str; 10] =
    ["time", "event", "outcome", "client", "code", "acr", "reason", "at", "factor", "request"];

#[test]
fn log_lines_say_what_happened_and_nothing_that_was_sent_or_given() {
    let platform = Running::new();
    let bank = platform.confidential("bank", "claims = [\"name\", \"personal_number\"]\n");
    let marked = "a-mark-of-the-test";
    let mut kept_to_itself = vec![marked.to_owned()];
    let mut browser = platform.browser();
    let asked =
        [("state", marked), ("nonce", marked), ("login_hint", marked), ("scope", "openid offline_access")];
    let location = sign_in(&mut browser, &platform.address, &bank.pushed(&asked));
    let tokens = bank.redeem(&code(&location), &[]).json();
    let session: Vec<String> = browser.cookies.values().cloned().collect();
    kept_to_itself.extend(session);
    kept_to_itself.push(answered(&location)["code"].clone());
    for name in ["access_token", "refresh_token", "id_token"] {
        kept_to_itself.push(text(&tokens, name));
    }
    let subject = bank.id_token(&text(&tokens, "id_token"))["sub"].as_str().unwrap().to_owned();
    kept_to_itself.extend([subject, "BE123456".to_owned(), "أمينة".to_owned(), "Amina".to_owned()]);
    kept_to_itself.push(platform.address.clone());
    // and where something is wrong
    goes_wrong(&platform, &bank, &mut browser, marked);
    let log = platform.log();
    assert!(log.lines().count() >= 8, "{log}");
    for secret in &kept_to_itself {
        assert!(!log.contains(secret.as_str()), "{secret}: {log}");
    }
    for line in log.lines() {
        let event: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"));
        for (name, value) in event.as_object().unwrap() {
            assert!(MEMBERS.contains(&name.as_str()) && value.is_string(), "{line}");
        }
    }
}

fn goes_wrong(platform: &Running, bank: &RelyingParty, browser: &mut Browser, marked: &str) {
    for name in
        ["client_id", "redirect_uri", "scope", "prompt", "claims", "request", "request_uri", "max_age"]
    {
        browser.get(&bank.authorize(&[(name, marked)]));
        browser.get(&bank.authorize(&[(name, &format!("{marked}\n{{\"event\":\"forged\"}}"))]));
        bank.push(&[(name, marked)]);
    }
    for name in ["code", "redirect_uri", "code_verifier", "grant_type"] {
        bank.redeem("x", &[(name, marked)]);
    }
    bank.about("/introspect", marked);
    bank.about("/revoke", marked);
    for header in ["authorization", "dpop", "cookie", "user-agent", "accept-language", "referer"] {
        browser.raw("GET", "/userinfo", &[(header, marked)], "");
        bank.call_with("/token", &[], &[(header, marked)]);
    }
    let page = open(browser, &bank.authorize(&[("prompt", "login")]));
    challenge(browser, &page);
    browser.post(&format!("{page}/sign-in"), "application/json", &format!("{{\"format\":\"{marked}\"}}"));
    browser.get(&format!("/interaction/{marked}?lang={marked}"));
    browser.get(&format!("/end-session?id_token_hint={marked}&state={marked}"));
    assert!(!platform.log().contains("forged"));
}
