//! Nonces of the platform in proofs of keys (RFC 9449 sections 8 and 9), where the configuration wants them.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

#[path = "../../crates/trust/tests/test_pki/mod.rs"]
mod test_pki;

mod browser;
mod proof;
mod relying_party;
mod running;

use bitaqa_jose::PrivateJwk;
use browser::Answer;
use proof::{claims, header, sign};
use relying_party::{RelyingParty, encode, text};
use running::{Nonces, Running, code_of};
use serde_json::{Value, json};

fn proof_with(platform: &Running, key: &PrivateJwk, path: &str, nonce: Option<&str>) -> String {
    let changes = [("nonce", nonce.map_or(Value::Null, |nonce| json!(nonce)))];
    sign(key, &header(key), &claims(&platform.address, "POST", path, None, &changes))
}

fn redeem(
    platform: &Running,
    party: &RelyingParty,
    code: &str,
    key: &PrivateJwk,
    nonce: Option<&str>,
) -> Answer {
    let proof = proof_with(platform, key, "/token", nonce);
    party.call_with("/token", &party.redemption(code, &[]), &[("dpop", &proof)])
}

fn nonce(answer: &Answer) -> String {
    answer.header("dpop-nonce").unwrap().to_owned()
}

#[test]
fn whoever_has_no_nonce_gets_one_and_loses_nothing() {
    let platform = Running::with(Nonces::Wanted);
    let (app, key) = (platform.public("app", ""), RelyingParty::new_key());
    let code = code_of(&platform, &app, &[]);
    let refused = redeem(&platform, &app, &code, &key, None);
    assert_eq!((refused.status, refused.error().as_str()), (400, "use_dpop_nonce"));
    assert_eq!(refused.header("cache-control"), Some("no-store"));
    let fresh = nonce(&refused);
    let tokens = redeem(&platform, &app, &code, &key, Some(&fresh));
    assert_eq!((tokens.status, nonce(&tokens)), (200, fresh.clone()), "the code was not used up");
    let access = text(&tokens.json(), "access_token");
    let refused = app.userinfo_with(&access, &key, &[]);
    assert_eq!(refused.status, 401);
    let challenge = refused.header("www-authenticate").unwrap();
    assert!(challenge.starts_with("DPoP error=\"use_dpop_nonce\""), "{challenge}");
    let answer = app.userinfo_with(&access, &key, &[("nonce", json!(nonce(&refused)))]);
    assert_eq!((answer.status, nonce(&answer)), (200, fresh));
    // a script may read it
    let origin = [("origin", "https://app.example.ma"), ("content-type", relying_party::FORM)];
    let proof = proof_with(&platform, &key, "/token", None);
    let mut parameters = app.redemption(&code_of(&platform, &app, &[]), &[]);
    parameters.push(("client_id".to_owned(), "app".to_owned()));
    let headers = [origin.as_slice(), &[("dpop", &proof)]].concat();
    let answer = platform.browser().raw("POST", "/token", &headers, &encode(&parameters));
    assert_eq!((answer.status, answer.error().as_str()), (400, "use_dpop_nonce"));
    assert!(answer.header("access-control-expose-headers").unwrap().contains("DPoP-Nonce"));
}

#[test]
fn a_nonce_counts_for_two_to_four_minutes_and_is_nobodys_invention() {
    let platform = Running::with(Nonces::Wanted);
    let (bank, key) = (platform.confidential("bank", ""), RelyingParty::new_key());
    let push = |nonce: Option<&str>| {
        let proof = proof_with(&platform, &key, "/par", nonce);
        bank.call_with("/par", &bank.request(&[]), &[("dpop", &proof)])
    };
    let first = nonce(&push(None));
    for (seconds, taken) in [(0, true), (119, true), (1, true), (119, true), (1, false)] {
        platform.later(seconds);
        let answer = push(Some(&first));
        assert_eq!(answer.status == 201, taken, "{}", answer.body);
    }
    let second = nonce(&push(Some(&first)));
    assert_ne!(first, second);
    assert_eq!(push(Some(&second)).status, 201);
    let other = Running::with(Nonces::Wanted);
    let (elsewhere, other_key) = (other.confidential("bank", ""), RelyingParty::new_key());
    let proof = proof_with(&other, &other_key, "/par", None);
    let foreign = nonce(&elsewhere.call_with("/par", &elsewhere.request(&[]), &[("dpop", &proof)]));
    for invented in [foreign.as_str(), "", "x", &second[1..], &"A".repeat(43)] {
        assert_eq!(push(Some(invented)).error(), "use_dpop_nonce", "{invented}");
    }
    // without a proof, none is needed
    assert_eq!(bank.push(&[]).status, 201);
}

#[test]
fn where_none_is_wanted_none_is_given() {
    let platform = Running::new();
    let (app, key) = (platform.public("app", ""), RelyingParty::new_key());
    let answer = redeem(&platform, &app, &code_of(&platform, &app, &[]), &key, Some("anything"));
    assert_eq!((answer.status, answer.header("dpop-nonce")), (200, None));
}
