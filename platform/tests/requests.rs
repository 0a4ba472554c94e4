//! What relying parties may ask, how they bring it, and what is refused.

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

use relying_party::{FORM, RelyingParty, answered, encode, error};
use running::{Running, open, show_card, sign_in};
use test_pki::Template;

#[test]
fn the_answer_can_come_in_a_form() {
    let platform = Running::new();
    let bank = platform.public("bank", "");
    let mut browser = platform.browser();
    let page =
        open(&mut browser, &bank.authorize(&[("response_mode", "form_post"), ("state", "\"><script>x")]));
    show_card(&mut browser, &platform.address, &page, "high", Template::person());
    let answer = browser.get(&page);
    assert_eq!(answer.status, 200);
    assert!(answer.body.contains("action=\"https://bank.example.ma/callback\""), "{}", answer.body);
    assert!(answer.body.contains("name=\"code\"") && answer.body.contains("name=\"iss\""));
    assert!(!answer.body.contains("<script>x"));
    let policy = answer.header("content-security-policy").unwrap();
    // wherever the relying party redirects to
    assert!(policy.ends_with("form-action 'self' https:"), "{policy}");
}

#[test]
fn nothing_is_sent_to_an_address_that_is_not_registered() {
    let platform = Running::new();
    let bank = platform.public("bank", "");
    for uri in [
        "https://evil.example/",
        "https://bank.example.ma/callback/",
        "https://bank.example.ma/callback?x=1",
        "https://bank.example.ma/Callback",
        "https://bank.example.ma:443/callback",
        "https://bank.example.ma/callback#x",
        "https://bank.example.ma/callback ",
        "",
    ] {
        // with other faults as well: none is told there
        for changes in [&[("redirect_uri", uri)][..], &[("redirect_uri", uri), ("response_type", "token")]] {
            let answer = platform.browser().get(&bank.authorize(changes));
            assert_eq!((answer.status, answer.header("location")), (400, None), "{uri}");
            assert!(!answer.body.contains("evil.example"), "{uri}");
        }
    }
    let twice = format!("{}&redirect_uri=https%3A%2F%2Fevil.example%2F", bank.authorize(&[]));
    assert_eq!(platform.browser().get(&twice).status, 400);
    for client in ["nobody", ""] {
        assert_eq!(platform.browser().get(&bank.authorize(&[("client_id", client)])).status, 400);
    }
    platform.suspend("bank");
    assert_eq!(platform.browser().get(&bank.authorize(&[])).status, 400);
}

#[test]
fn wrong_requests_are_refused_in_the_words_of_the_protocol() {
    let platform = Running::new();
    let bank = platform.public("bank", "");
    let essential =
        |acr: &str| format!("{{\"id_token\":{{\"acr\":{{\"essential\":true,\"values\":[\"{acr}\"]}}}}}}");
    let production = essential("urn:bitaqa:acr:high");
    for (changes, expected) in [
        (&[("response_type", "")][..], "invalid_request"),
        (&[("response_type", "token")], "unsupported_response_type"),
        (&[("response_type", "code id_token")], "unsupported_response_type"),
        (&[("response_mode", "fragment")], "invalid_request"),
        (&[("scope", "profile")], "invalid_scope"),
        (&[("scope", "")], "invalid_scope"),
        (&[("code_challenge", "")], "invalid_request"),
        (&[("code_challenge", "short")], "invalid_request"),
        (&[("code_challenge_method", "")], "invalid_request"),
        (&[("code_challenge_method", "plain")], "invalid_request"),
        (&[("prompt", "none login")], "invalid_request"),
        (&[("prompt", "create")], "invalid_request"),
        (&[("max_age", "-1")], "invalid_request"),
        (&[("claims", "{")], "invalid_request"),
        (&[("claims", "{\"userinfo\":1}")], "invalid_request"),
        (&[("claims", "{\"id_token\":{},\"id_token\":{}}")], "invalid_request"),
        (&[("claims", &production)], "unmet_authentication_requirements"),
        (&[("request", "x.y.z")], "invalid_request_object"),
        (&[("registration", "{}")], "registration_not_supported"),
        (&[("nonce", "ñ")], "invalid_request"),
    ] {
        let answer = platform.browser().get(&bank.authorize(changes));
        let location = answer.location();
        assert!(location.starts_with("https://bank.example.ma/callback?error="), "{location}");
        assert_eq!(error(location), expected, "{changes:?}");
        assert_eq!(answered(location)["state"], "a state");
        assert_eq!(answered(location)["iss"], format!("http://{}", platform.address));
        let pushed = bank.push(changes);
        assert_eq!((pushed.status, pushed.error().as_str()), (400, expected), "{changes:?}");
    }
    let twice = format!("{}&nonce=other", bank.authorize(&[]));
    assert_eq!(error(platform.browser().get(&twice).location()), "invalid_request");
    let long = bank.authorize(&[("state", &"x".repeat(1025))]);
    assert_eq!(error(platform.browser().get(&long).location()), "invalid_request");
    assert_eq!(platform.browser().get(&bank.authorize(&[("x", &"x".repeat(33_000))])).status, 400);
    // what nobody knows changes nothing
    open(
        &mut platform.browser(),
        &bank.authorize(&[("unknown", "x"), ("display", "popup"), ("scope", "openid x")]),
    );
}

#[test]
fn a_pushed_request_is_used_once_by_who_pushed_it_and_nothing_beside_it_counts() {
    let platform = Running::new();
    let bank = platform.confidential("bank", "require_pushed_requests = true\n");
    let clinic = platform.public("clinic", "");
    let location = platform.browser().get(&bank.authorize(&[])).location().to_owned();
    assert_eq!(error(&location), "invalid_request", "it has to push");

    let request = bank.pushed(&[("state", "pushed")]);
    let tampered = format!("{request}&state=other&redirect_uri=https%3A%2F%2Fevil.example%2F&scope=openid");
    let mut browser = platform.browser();
    // whoever loads the page again, or has it open twice, signs in all the same, and once
    let other = open(&mut browser, &request);
    let location = sign_in(&mut browser, &platform.address, &tampered);
    assert!(location.starts_with("https://bank.example.ma/callback?"));
    assert_eq!(answered(&location)["state"], "pushed");
    assert_eq!(platform.browser().get(&request).status, 400, "it was used");
    assert_eq!(browser.get(&request).status, 400, "not without a page, either");
    let answer = browser.post(&format!("{other}/cancel"), FORM, "");
    assert_eq!((answer.status, answer.header("location")), (410, None), "nor in the other window");

    // not even for one whose answers go to the same address
    platform.public("twin", "redirect_uris = [\"https://bank.example.ma/callback\"]\n");
    let stolen = bank.pushed(&[]).replace("client_id=bank", "client_id=twin");
    assert_eq!(platform.browser().get(&stolen).status, 400);
    let mut altered = bank.pushed(&[]);
    let last = if altered.pop() == Some('A') { 'B' } else { 'A' };
    altered.push(last);
    assert_eq!(platform.browser().get(&altered).status, 400);
    let named = clinic.authorize(&[("request_uri", "urn:ietf:params:oauth:request_uri:x")]);
    assert_eq!(platform.browser().get(&named).status, 400);
    let elsewhere = clinic.authorize(&[("request_uri", "https://evil.example/request.jwt")]);
    assert_eq!(error(platform.browser().get(&elsewhere).location()), "request_uri_not_supported");
    let late = bank.pushed(&[]);
    platform.later(60);
    assert_eq!(platform.browser().get(&late).status, 400);
    assert_eq!(bank.push(&[("request_uri", "urn:x")]).error(), "invalid_request");
    assert_eq!(bank.push(&[("redirect_uri", "https://evil.example/")]).error(), "invalid_request");
}

#[test]
fn a_form_of_a_relying_party_can_bring_the_request() {
    let platform = Running::new();
    let bank: RelyingParty = platform.public("bank", "");
    let mut browser = platform.browser();
    sign_in(&mut browser, &platform.address, &bank.authorize(&[]));
    // browsers send no cookies with a form of another site, but with the redirect that follows
    let mut form = platform.browser();
    let headers =
        [("content-type", FORM), ("origin", "https://bank.example.ma"), ("sec-fetch-site", "cross-site")];
    let answer = form.raw("POST", "/authorize", &headers, &encode(&bank.request(&[("prompt", "none")])));
    let on = answer.location().to_owned();
    // what the browser has is not overwritten, nor is what it is in the middle of elsewhere lost
    assert_eq!(answer.header("set-cookie"), None);
    assert!(on.starts_with("/authorize?client_id=bank&request_uri="), "{on}");
    form.cookies.insert("session".to_owned(), browser.cookies["session"].clone());
    assert!(form.get(&on).location().contains("code="));
    assert_eq!(form.get(&on).status, 400, "it is answered once");
}

#[test]
fn a_relying_party_that_pushes_does_so_itself() {
    let platform = Running::new();
    let bank = platform.confidential("bank", "require_pushed_requests = true\n");
    let mut form = platform.browser();
    let headers = [("content-type", FORM), ("origin", "https://bank.example.ma")];
    let answer = form.raw("POST", "/authorize", &headers, &encode(&bank.request(&[])));
    assert_eq!(error(answer.location()), "invalid_request");
    let pushed = bank.pushed(&[]);
    let (_, query) = pushed.split_once('?').unwrap();
    let answer = form.raw("POST", "/authorize", &headers, query);
    assert_eq!(answer.location(), pushed);
}
