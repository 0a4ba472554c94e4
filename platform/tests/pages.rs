//! What people's browsers get.

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

use relying_party::{FORM, answered};
use running::{Running, challenge, open, sign_in, token_of};
use test_pki::Template;

#[test]
fn pages_speak_four_languages_the_persons_before_the_relying_partys() {
    let platform = Running::new();
    let bank = platform.public("bank", "");
    for (locales, accepted, query, tag, direction, name) in [
        ("", "", "", "ar", "rtl", "موقع bank"),
        ("", "fr-MA, ar;q=0.5", "", "fr", "ltr", "Le site bank"),
        ("de fr", "en", "", "fr", "ltr", "Le site bank"),
        // which has no name in Tamazight
        ("zgh fr", "en", "", "zgh", "ltr", "موقع bank"),
        ("fr", "fr", "?lang=en", "en", "ltr", "The site bank"),
        ("", "de", "?lang=xx", "ar", "rtl", "موقع bank"),
    ] {
        let mut browser = platform.browser();
        let page = open(&mut browser, &bank.authorize(&[("ui_locales", locales)]));
        let shown = browser.raw("GET", &format!("{page}{query}"), &[("accept-language", accepted)], "").body;
        assert!(shown.contains(&format!("<html lang=\"{tag}\" dir=\"{direction}\">")), "{tag} {shown}");
        assert!(shown.contains(name) && shown.contains("https://bank.example.ma"), "{shown}");
        assert!(shown.contains("TEST"), "it is a sandbox");
    }
    let refused = platform.browser().raw("GET", "/authorize", &[("accept-language", "fr")], "");
    assert!(refused.body.contains("<html lang=\"fr\"") && refused.body.contains("invalid_client"));
}

#[test]
fn every_answer_carries_the_headers_that_protect_it() {
    let platform = Running::new();
    let bank = platform.public("bank", "");
    let mut browser = platform.browser();
    let page = open(&mut browser, &bank.authorize(&[]));
    for path in [
        &page,
        "/assets/platform.css",
        "/bitaqa/bitaqa-web.js",
        "/nothing",
        "/authorize",
        "/jwks",
        "/userinfo",
    ] {
        let answer = browser.get(path);
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{path}");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert!(answer.header("cache-control").is_some(), "{path}");
    }
    let shown = browser.get(&page);
    assert_eq!(shown.header("cache-control"), Some("no-store"));
    assert!(!shown.body.contains("<style") && !shown.body.contains(" style=") && !shown.body.contains(" on"));
    assert_eq!(shown.body.matches("<script").count(), 2);
    let begun = platform.browser().get(&bank.authorize(&[]));
    let cookie = begun.header("set-cookie").unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    for path in ["/bitaqa/..%2fpages.rs", "/bitaqa/.hidden", "/bitaqa/", "/assets/none"] {
        assert_eq!(browser.get(path).status, 404, "{path}");
    }
}

#[test]
fn other_sites_can_do_nothing_on_an_interactions_page() {
    let platform = Running::new();
    let bank = platform.public("bank", "");
    let mut browser = platform.browser();
    let page = open(&mut browser, &bank.authorize(&[]));
    let given = challenge(&mut browser, &page);
    let token = token_of(&platform.address, "high", Template::person(), &given);
    for step in ["challenge", "sign-in", "agree", "other-card", "cancel"] {
        for headers in [
            &[("origin", "https://evil.example")][..],
            &[("origin", "null")],
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
            &[],
        ] {
            let mut headers = headers.to_vec();
            headers.push(("content-type", "application/json"));
            let answer = browser.raw("POST", &format!("{page}/{step}"), &headers, &token);
            assert_eq!(answer.status, 403, "{step} {headers:?}");
        }
        // reading changes nothing
        assert_eq!(browser.get(&format!("{page}/{step}")).status, 405);
    }
    assert_eq!(browser.raw("POST", "/signed-out", &[("origin", "https://evil.example")], "").status, 403);
    let answer = browser.post(&format!("{page}/sign-in"), "application/json", &token);
    assert_eq!(answer.status, 200, "the attempts used nothing up: {}", answer.body);
}

#[test]
fn asking_for_headers_alone_uses_nothing_up() {
    let platform = Running::new();
    let bank = platform.confidential("bank", "");
    let mut browser = platform.browser();
    let asked = bank.pushed(&[]);
    assert_eq!(browser.raw("HEAD", &asked, &[], "").status, 405);
    let page = open(&mut browser, &asked);
    assert_eq!(browser.raw("HEAD", &page, &[], "").status, 405);
    assert_eq!(browser.get(&page).status, 200);
}

#[test]
fn what_a_certificate_says_is_shown_as_text() {
    let platform = Running::new();
    let bank = platform.public("bank", "");
    let mut browser = platform.browser();
    let page = open(&mut browser, &bank.authorize(&[]));
    let person = Template {
        name: test_pki::der::name(&[("2.5.4.3", "<script>alert(1)</script>"), ("2.5.4.5", "IDCMA-1")]),
        ..Template::person()
    };
    assert_eq!(running::show_card(&mut browser, &platform.address, &page, "high", person).status, 200);
    let again = open(&mut browser, &bank.authorize(&[("prompt", "consent")]));
    let shown = browser.get(&again).body;
    assert!(shown.contains("alert(1)") && !shown.contains("<script>alert"), "{shown}");
}

#[test]
fn a_relying_party_signs_a_person_out() {
    let platform = Running::new();
    let bank = platform.public("bank", "");
    let mut browser = platform.browser();
    let location = sign_in(&mut browser, &platform.address, &bank.authorize(&[]));
    let tokens = bank.redeem(&answered(&location)["code"], &[]).json();
    let hint = tokens["id_token"].as_str().unwrap().to_owned();
    let none = bank.authorize(&[("prompt", "none")]);
    let bye = "post_logout_redirect_uri=https%3A%2F%2Fbank.example.ma%2Fbye&state=s";
    // addresses that are not registered, hints that are none, a name that is another's
    for query in [
        "post_logout_redirect_uri=https%3A%2F%2Fevil.example%2F".to_owned(),
        format!("id_token_hint={hint}&post_logout_redirect_uri=https%3A%2F%2Fevil.example%2F"),
        format!("id_token_hint={}", hint.replace('.', "x")),
        format!("id_token_hint={hint}&client_id=other"),
        bye.to_owned(),
    ] {
        assert_eq!(browser.get(&format!("/end-session?{query}")).status, 400, "{query}");
    }
    assert!(browser.get(&none).location().contains("code="), "nobody was signed out by these");
    // without a hint the person is asked
    let asked = browser.get(&format!("/end-session?client_id=bank&{bye}"));
    assert!(asked.body.contains("action=\"/signed-out?lang="));
    assert!(browser.get(&none).location().contains("code="));
    // a form of another site comes without cookies: it ends nothing by itself
    let mut elsewhere = platform.browser();
    let empty = elsewhere.raw("POST", "/end-session", &[("content-type", FORM)], "");
    assert_eq!(empty.header("set-cookie"), None);
    assert!(empty.location().starts_with("/end-session?posted="));
    assert!(browser.get(empty.location()).body.contains("action=\"/signed-out?lang="));
    let body = format!("id_token_hint={hint}&{bye}");
    let posted = elsewhere.raw("POST", "/end-session", &[("content-type", FORM)], &body);
    assert!(!posted.location().contains(&hint), "a hint says who somebody is");
    let answer = browser.get(posted.location());
    assert_eq!(answer.location(), "https://bank.example.ma/bye?state=s");
    assert_eq!(browser.get(posted.location()).status, 400, "it is there once");
    assert!(browser.get(&none).location().contains("login_required"));
    sign_in(&mut browser, &platform.address, &bank.authorize(&[]));
    assert_eq!(browser.post("/signed-out", FORM, "").status, 200);
    assert!(browser.get(&none).location().contains("login_required"));
}

#[test]
fn discovery_says_what_there_is() {
    let platform = Running::new();
    let told = platform.browser().get("/.well-known/openid-configuration").json();
    let issuer = format!("http://{}", platform.address);
    assert_eq!(told["issuer"], issuer.as_str());
    for (name, value) in told.as_object().unwrap() {
        if name.ends_with("_endpoint") || name == "jwks_uri" {
            let path = value.as_str().unwrap().strip_prefix(&issuer).unwrap();
            assert_ne!(platform.browser().get(path).status, 404, "{name}");
        }
    }
    assert_eq!(told["code_challenge_methods_supported"], serde_json::json!(["S256"]));
    assert_eq!(told["subject_types_supported"], serde_json::json!(["pairwise"]));
    assert_eq!(platform.browser().get("/health").body, "ok");
}

#[test]
fn where_there_is_no_page_a_window_gets_words_and_a_program_gets_nothing() {
    let platform = Running::new();
    let seen = [("sec-fetch-mode", "navigate"), ("accept-language", "fr")];
    let shown = platform.browser().raw("GET", "/nothing", &seen, "");
    assert_eq!(shown.status, 404);
    assert!(shown.body.contains("<html lang=\"fr\"") && shown.body.contains("Cette page"), "{}", shown.body);
    assert_eq!(shown.header("cache-control"), Some("no-store"));
    for headers in [&[][..], &[("sec-fetch-mode", "cors")]] {
        let answer = platform.browser().raw("GET", "/nothing", headers, "");
        assert_eq!((answer.status, answer.body.as_str()), (404, ""));
    }
}
