//! Signed requests (RFC 9101) of portals that may sign theirs, in the address and pushed.

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

use bitaqa_jose::{PrivateJwk, base64url};
use proof::{changed, sign};
use relying_party::{RelyingParty, answered, encode};
use running::{Running, START, sign_in};
use serde_json::{Value, json};

fn claims(party: &RelyingParty, changes: &[(&str, Value)]) -> Value {
    let mut claims = json!({ "iss": party.id, "aud": format!("http://{}", party.address) });
    for (name, value) in party.request(&[]) {
        claims[name] = value.into();
    }
    changed(claims, changes)
}

fn object(party: &RelyingParty, changes: &[(&str, Value)]) -> String {
    object_by(party.key.as_ref().unwrap(), &claims(party, changes))
}

fn object_by(key: &PrivateJwk, claims: &Value) -> String {
    sign(key, &json!({ "typ": "oauth-authz-req+jwt", "alg": "ES256" }), claims)
}

fn authorize(party: &RelyingParty, object: &str, beside: &[(&str, &str)]) -> String {
    let mut parameters = vec![("client_id", party.id.as_str()), ("request", object)];
    parameters.extend(beside);
    let owned = parameters.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
    format!("/authorize?{}", encode(&owned.collect::<Vec<_>>()))
}

#[test]
fn only_what_is_signed_counts() {
    let platform = Running::new();
    let bank = platform.confidential("bank", "");
    let signed = object(&bank, &[("state", json!("inside")), ("max_age", json!(3600))]);
    let beside = [
        ("state", "outside"),
        ("redirect_uri", "https://evil.example/"),
        ("scope", "openid offline_access"),
        ("prompt", "none"),
        ("nonce", "outside"),
    ];
    let request = authorize(&bank, &signed, &beside);
    let location = sign_in(&mut platform.browser(), &platform.address, &request);
    assert!(location.starts_with("https://bank.example.ma/callback?"), "{location}");
    assert_eq!(answered(&location)["state"], "inside");
    let tokens = bank.redeem(&answered(&location)["code"], &[]).json();
    assert_eq!((&tokens["scope"], tokens.get("refresh_token")), (&json!("openid profile"), None));
    assert_eq!(bank.id_token(tokens["id_token"].as_str().unwrap())["nonce"], "a nonce");
}

#[test]
fn an_object_is_typed_in_one_of_three_ways() {
    let platform = Running::new();
    let bank = platform.confidential("bank", "");
    let key = bank.key.as_ref().unwrap();
    for (type_, taken) in [
        (json!("oauth-authz-req+jwt"), true),
        (json!("JWT"), true),
        (Value::Null, true),
        (json!("client-authentication+jwt"), false),
        (json!("dpop+jwt"), false),
    ] {
        let header = changed(json!({ "alg": "ES256" }), &[("typ", type_.clone())]);
        let answer = platform.browser().get(&authorize(&bank, &sign(key, &header, &claims(&bank, &[])), &[]));
        let went_on = answer.header("location").is_some_and(|to| to.starts_with("/interaction/"));
        assert_eq!(went_on, taken, "{type_}");
    }
}

/// Each object has one fault. The error goes where the parameters beside it say, if that is registered, and otherwise to the person.
#[test]
fn an_object_with_a_fault_is_refused() {
    let platform = Running::new();
    let bank = platform.confidential("bank", "");
    let clinic = platform.confidential("clinic", "");
    let ours = format!("http://{}", platform.address);
    let mut wrong = vec![
        "x.y.z".to_owned(),
        object_by(clinic.key.as_ref().unwrap(), &claims(&bank, &[])),
        format!(
            "{}.{}.",
            base64url::encode(br#"{"alg":"none"}"#),
            base64url::encode(claims(&bank, &[]).to_string().as_bytes())
        ),
        sign(bank.key.as_ref().unwrap(), &json!({ "alg": "ES256" }), &json!([])),
        sign(bank.key.as_ref().unwrap(), &json!({ "alg": "ES256", "crit": ["exp"] }), &claims(&bank, &[])),
    ];
    for (name, value) in [
        ("iss", Value::Null),
        ("iss", json!("clinic")),
        // an assertion of who it is looks like that
        ("sub", json!("bank")),
        ("client_id", Value::Null),
        ("client_id", json!("clinic")),
        ("aud", Value::Null),
        ("aud", json!("https://other.example")),
        ("aud", json!([])),
        ("aud", json!({ "value": ours })),
        ("exp", json!(START - 31)),
        ("exp", json!("soon")),
        ("exp", json!(1.5)),
        ("nbf", json!(START + 31)),
        ("iat", json!(START + 31)),
        ("request", json!("x.y.z")),
        ("request_uri", json!("urn:x")),
        ("prompt", json!(["login"])),
        ("unknown", json!(true)),
    ] {
        wrong.push(object(&bank, &[(name, value)]));
    }
    let many: Vec<(String, Value)> = (0..65).map(|number| (format!("p{number}"), json!("x"))).collect();
    let many: Vec<(&str, Value)> = many.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    wrong.push(object(&bank, &many));
    wrong.push(object(&bank, &[("long", json!("x".repeat(19_000)))]));
    for object in &wrong {
        let beside = [("redirect_uri", bank.redirect_uri.as_str()), ("state", "outside")];
        let told = platform.browser().get(&authorize(&bank, object, &beside)).location().to_owned();
        assert!(told.starts_with("https://bank.example.ma/callback?"), "{told}");
        assert_eq!(answered(&told)["error"], "invalid_request_object");
        let shown = platform.browser().get(&authorize(&bank, object, &[]));
        assert_eq!((shown.status, shown.header("location")), (400, None));
        let evil = [("redirect_uri", "https://evil.example/")];
        assert_eq!(platform.browser().get(&authorize(&bank, object, &evil)).status, 400);
        let pushed = bank.call("/par", &[("request".to_owned(), object.clone())]);
        assert_eq!((pushed.status, pushed.error().as_str()), (400, "invalid_request_object"));
    }
    // what is asked in it is judged as it would be outside
    for (name, value, error) in [
        ("response_type", json!("token"), "unsupported_response_type"),
        ("scope", json!("profile"), "invalid_scope"),
        ("code_challenge", Value::Null, "invalid_request"),
    ] {
        let object = object(&bank, &[(name, value)]);
        let told = platform.browser().get(&authorize(&bank, &object, &[])).location().to_owned();
        assert_eq!(answered(&told)["error"], error, "{name}");
    }
    let redirected = object(&bank, &[("redirect_uri", json!("https://evil.example/"))]);
    assert_eq!(platform.browser().get(&authorize(&bank, &redirected, &[])).status, 400);
}

#[test]
fn who_has_to_sign_does_and_who_has_no_keys_cannot() {
    let platform = Running::new();
    let bank = platform.confidential("bank", "require_signed_requests = true\n");
    let app = platform.public("app", "");
    let unsigned = platform.browser().get(&bank.authorize(&[])).location().to_owned();
    assert_eq!(answered(&unsigned)["error"], "invalid_request");
    assert_eq!(bank.push(&[]).error(), "invalid_request");
    let signed = authorize(&bank, &object(&bank, &[]), &[]);
    assert!(sign_in(&mut platform.browser(), &platform.address, &signed).contains("code="));
    let by_nobody = object_by(&RelyingParty::new_key(), &claims(&app, &[]));
    assert_eq!(platform.browser().get(&authorize(&app, &by_nobody, &[])).status, 400);
    let both =
        authorize(&bank, &object(&bank, &[]), &[("request_uri", "https://bank.example.ma/request.jwt")]);
    let answer = platform.browser().get(&both);
    assert_eq!((answer.status, answer.body.contains("request_uri_not_supported")), (400, true));
}
