//! Which answers scripts of other origins may read (CORS).

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

use browser::Answer;
use relying_party::{FORM, RelyingParty, encode, text};
use running::{Running, code_of};

const APP: &str = "https://app.example.ma";

fn allowed(answer: &Answer) -> Option<&str> {
    assert_eq!(answer.header("access-control-allow-credentials"), None);
    answer.header("access-control-allow-origin")
}

fn post(platform: &Running, path: &str, origin: &str, parameters: &[(String, String)]) -> Answer {
    let headers = [("content-type", FORM), ("origin", origin)];
    platform.browser().raw("POST", path, &headers, &encode(parameters))
}

fn userinfo(platform: &Running, token: &str, origin: &str) -> Answer {
    let authorization = format!("Bearer {token}");
    platform.browser().raw("GET", "/userinfo", &[("authorization", &authorization), ("origin", origin)], "")
}

fn redemption(platform: &Running, party: &RelyingParty) -> Vec<(String, String)> {
    let mut parameters = party.redemption(&code_of(platform, party, &[]), &[]);
    parameters.retain(|(name, _)| name != "client_id");
    parameters.push(("client_id".to_owned(), party.id.clone()));
    parameters
}

#[test]
fn what_is_the_same_for_everybody_is_read_by_every_script() {
    let platform = Running::new();
    for path in ["/.well-known/openid-configuration", "/jwks"] {
        for origin in ["https://anybody.example", "null", ""] {
            let answer = platform.browser().raw("GET", path, &[("origin", origin)], "");
            assert_eq!((answer.status, allowed(&answer)), (200, Some("*")));
        }
        let asked = [("origin", "https://anybody.example"), ("access-control-request-method", "GET")];
        let answer = platform.browser().raw("OPTIONS", path, &asked, "");
        assert_eq!((answer.status, allowed(&answer)), (204, Some("*")));
        assert_eq!(answer.header("access-control-allow-methods"), Some("GET"));
    }
}

#[test]
fn answers_for_a_program_in_a_browser_are_read_by_the_origins_of_its_redirect_uris() {
    let platform = Running::new();
    let uris = "redirect_uris = [\"https://app.example.ma/callback\", \"http://127.0.0.1:3000/cb\"]\nsector = \"app.example.ma\"\n";
    let app = platform.public("app", uris);
    platform.public("other", "");
    for (origin, reads) in [
        (APP, true),
        ("http://127.0.0.1:3000", true),
        ("https://other.example.ma", false),
        ("https://app.example.ma:8443", false),
        ("http://app.example.ma", false),
        ("https://APP.example.ma", false),
        ("https://app.example.ma.evil.example", false),
        ("null", false),
        ("*", false),
        ("", false),
    ] {
        let expected = reads.then_some(origin);
        let parameters = redemption(&platform, &app);
        let tokens = post(&platform, "/token", origin, &parameters);
        assert_eq!((tokens.status, allowed(&tokens)), (200, expected), "{origin}");
        assert_eq!(tokens.header("vary"), Some("origin"));
        assert_eq!(
            tokens.header("access-control-expose-headers"),
            reads.then_some("DPoP-Nonce, WWW-Authenticate")
        );
        // errors, too: the code is used up
        let again = post(&platform, "/token", origin, &parameters);
        assert_eq!((again.status, allowed(&again)), (400, expected), "{origin}");
        let access =
            text(&post(&platform, "/token", origin, &redemption(&platform, &app)).json(), "access_token");
        let answer = userinfo(&platform, &access, origin);
        assert_eq!((answer.status, allowed(&answer)), (200, expected), "{origin}");
        let about = [("token", access.as_str()), ("client_id", "app")];
        let about = about.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let answer = post(&platform, "/revoke", origin, &about);
        assert_eq!((answer.status, allowed(&answer)), (200, expected), "{origin}");
        // of nobody known
        let answer = userinfo(&platform, &access, origin);
        assert_eq!((answer.status, allowed(&answer)), (401, None), "{origin}");
    }
}

#[test]
fn answers_for_a_server_are_read_by_no_script() {
    let platform = Running::new();
    let bank = platform.confidential("bank", "");
    let origin = [("origin", "https://bank.example.ma")];
    let tokens = bank.call_with("/token", &bank.redemption(&code_of(&platform, &bank, &[]), &[]), &origin);
    assert_eq!((tokens.status, allowed(&tokens)), (200, None));
    let answer = userinfo(&platform, &text(&tokens.json(), "access_token"), origin[0].1);
    assert_eq!((answer.status, allowed(&answer)), (200, None));
    let about = [("client_id".to_owned(), "nobody".to_owned())];
    assert_eq!(allowed(&post(&platform, "/token", APP, &about)), None);
}

#[test]
fn a_browser_may_ask_what_may_be_sent_where_programs_in_browsers_send_and_nowhere_else() {
    let platform = Running::new();
    platform.public("app", "");
    let asked = [
        ("origin", APP),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "dpop"),
    ];
    for path in ["/token", "/userinfo", "/revoke"] {
        let answer = platform.browser().raw("OPTIONS", path, &asked, "");
        assert_eq!((answer.status, allowed(&answer)), (204, Some("*")), "{path}");
        assert_eq!(answer.header("access-control-allow-headers"), Some("Authorization, Content-Type, DPoP"));
        assert_eq!(answer.header("access-control-allow-methods"), Some("GET, POST"));
        assert!(answer.body.is_empty());
    }
    for path in
        ["/authorize", "/par", "/introspect", "/end-session", "/health", "/interaction/x", "/signed-out"]
    {
        for method in ["OPTIONS", "GET", "POST"] {
            let answer = platform.browser().raw(method, path, &asked, "");
            assert_eq!(allowed(&answer), None, "{method} {path}");
        }
    }
}
