//! Tokens that are bound to a key (RFC 9449), at portals that may bind theirs and need not.

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
mod rsa_key;
mod running;

use bitaqa_jose::{Curve, PrivateJwk};
use bitaqa_platform::secret::fill;
use proof::{claims, header, sign, thumbprint};
use relying_party::{RelyingParty, answered, text};
use rsa_key::RsaKey;
use running::{Running, START, code_of, sign_in};
use serde_json::{Value, json};

const OFFLINE: (&str, &str) = ("scope", "openid profile offline_access");

#[test]
fn whoever_proves_a_key_gets_a_token_that_is_worth_nothing_without_it() {
    let platform = Running::new();
    let bank = platform.confidential("bank", "");
    for curve in Curve::ALL {
        let key = PrivateJwk::generate(curve, &mut fill).unwrap();
        let tokens = bank.redeem_with(&code_of(&platform, &bank, &[]), &key).json();
        assert_eq!(tokens["token_type"], "DPoP");
        let access = text(&tokens, "access_token");
        let told = bank.userinfo_with(&access, &key, &[]);
        assert_eq!((told.status, &told.json()["name"]), (200, &json!("أمينة المثال")));
        let told = bank.about("/introspect", &access).json();
        assert_eq!(
            (&told["token_type"], &told["cnf"]),
            (&json!("DPoP"), &json!({ "jkt": thumbprint(&key) }))
        );

        let as_bearer = bank.userinfo(&access);
        let challenge = as_bearer.header("www-authenticate").unwrap();
        assert_eq!(as_bearer.status, 401);
        assert!(challenge.starts_with("DPoP error=\"invalid_token\""), "{challenge}");
        assert!(challenge.ends_with("algs=\"ES256 ES384 EdDSA PS256\""), "{challenge}");
        let body = format!("access_token={access}");
        let form = [("content-type", relying_party::FORM)];
        assert_eq!(platform.browser().raw("POST", "/userinfo", &form, &body).status, 401);

        let other = PrivateJwk::generate(curve, &mut fill).unwrap();
        let by_another = bank.userinfo_with(&access, &other, &[]);
        assert!(by_another.header("www-authenticate").unwrap().contains("invalid_token"));
        assert_eq!((by_another.status, bank.userinfo_proven(&access, &[]).status), (401, 401));
        assert_eq!(bank.userinfo_with(&access, &key, &[]).status, 200, "none of these ended it");
    }
}

#[test]
fn an_rsa_key_proves_with_ps256() {
    let platform = Running::new();
    let bank = platform.confidential("bank", "");
    let key = RsaKey::new();
    let header = json!({ "typ": "dpop+jwt", "jwk": key.public() });
    let redeem = |algorithm: &str, code: &str| {
        let proof = key.sign(algorithm, &header, &claims(&platform.address, "POST", "/token", None, &[]));
        bank.call_with("/token", &bank.redemption(code, &[]), &[("dpop", &proof)])
    };
    let code = code_of(&platform, &bank, &[]);
    assert_eq!(redeem("RS256", &code).error(), "invalid_dpop_proof");
    let access = text(&redeem("PS256", &code).json(), "access_token");
    let shown = claims(&platform.address, "GET", "/userinfo", Some(&access), &[]);
    assert_eq!(bank.userinfo_proven(&access, &[&key.sign("PS256", &header, &shown)]).status, 200);
}

#[test]
fn whoever_proves_none_gets_a_token_by_itself_and_no_scheme_makes_it_another() {
    let platform = Running::new();
    let bank = platform.confidential("bank", "");
    let key = RelyingParty::new_key();
    let tokens = bank.redeem(&code_of(&platform, &bank, &[]), &[]).json();
    let access = text(&tokens, "access_token");
    assert_eq!((&tokens["token_type"], bank.userinfo(&access).status), (&json!("Bearer"), 200));
    let bound = bank.userinfo_with(&access, &key, &[]);
    assert_eq!(bound.status, 401);
    assert!(bound.header("www-authenticate").unwrap().starts_with("DPoP error=\"invalid_token\""));
    assert!(bank.about("/introspect", &access).json().get("cnf").is_none());
    let nothing = platform.browser().get("/userinfo");
    let challenge = nothing.header("www-authenticate").unwrap();
    assert_eq!(challenge, "Bearer, DPoP algs=\"ES256 ES384 EdDSA PS256\"");
}

/// Each proof has one fault; the one without comes last, so none of them used the code up.
#[test]
fn a_proof_with_a_fault_is_refused() {
    let platform = Running::new();
    let bank = platform.confidential("bank", "");
    let (key, other) = (RelyingParty::new_key(), RelyingParty::new_key());
    let code = code_of(&platform, &bank, &[]);
    let redeem = |proof: &str| bank.call_with("/token", &bank.redemption(&code, &[]), &[("dpop", proof)]);
    let refused = |proof: &str, why: &str| {
        let answer = redeem(proof);
        assert_eq!((answer.status, answer.error().as_str()), (400, "invalid_dpop_proof"), "{why}");
    };
    let of = |changes: &[(&str, Value)]| claims(&platform.address, "POST", "/token", None, changes);
    let address = format!("http://{}/token", platform.address);
    for (name, value) in [
        ("jti", Value::Null),
        ("jti", json!("")),
        ("jti", json!("x".repeat(257))),
        ("htm", Value::Null),
        ("htm", json!("GET")),
        ("htm", json!("post")),
        ("htu", Value::Null),
        ("htu", json!(format!("{address}/"))),
        ("htu", json!(format!("http://{}/par", platform.address))),
        ("htu", json!(address.replace("http:", "https:"))),
        ("htu", json!("")),
        ("iat", Value::Null),
        ("iat", json!(START - 31)),
        ("iat", json!(START + 31)),
        ("iat", json!("now")),
        ("iat", json!(i64::MAX)),
        ("iat", json!(i64::MIN)),
        ("exp", json!(START - 31)),
        ("nbf", json!(START + 31)),
    ] {
        let changes = [(name, value.clone())];
        refused(&sign(&key, &header(&key), &of(&changes)), &format!("{name} {value}"));
    }
    let mut private: Value = serde_json::from_str(&key.to_json()).unwrap();
    private.as_object_mut().unwrap().remove("kid");
    for (name, value) in [
        ("typ", Value::Null),
        ("typ", json!("JWT")),
        ("typ", json!("DPoP+jwt")),
        ("alg", Value::Null),
        ("alg", json!("none")),
        ("alg", json!("HS256")),
        ("alg", json!("ES384")),
        ("jwk", Value::Null),
        ("jwk", private),
        ("jwk", json!({ "kty": "oct", "k": "AAAA" })),
        ("jwk", header(&other)["jwk"].clone()),
        ("crit", json!(["exp"])),
    ] {
        let header = proof::changed(header(&key), &[(name, value.clone())]);
        refused(&sign(&key, &header, &of(&[])), &format!("{name} {value}"));
    }
    let good = sign(&key, &header(&key), &of(&[]));
    refused("x.y.z", "no JWT");
    refused(&format!("{good}A"), "another signature");
    refused(&"x".repeat(9000), "too long");
    let two = sign(&key, &header(&key), &of(&[]));
    let answer = bank.call_with("/token", &bank.redemption(&code, &[]), &[("dpop", &two), ("dpop", &good)]);
    assert_eq!(answer.error(), "invalid_dpop_proof", "two of them");
    let with_query =
        [("htu", json!(format!("{}?a=1#b", address.to_uppercase().replace("/TOKEN", "/token"))))];
    assert_eq!(redeem(&sign(&key, &header(&key), &of(&with_query))).status, 200);
}

#[test]
fn a_proof_counts_once_even_where_it_is_not_for_long() {
    let platform = Running::new();
    let bank = platform.confidential("bank", "");
    let key = RelyingParty::new_key();
    let proof = proof::proof(&platform.address, &key, "/token");
    let redeem = |code: &str| bank.call_with("/token", &bank.redemption(code, &[]), &[("dpop", &proof)]);
    assert_eq!(redeem(&code_of(&platform, &bank, &[])).status, 200);
    let again = code_of(&platform, &bank, &[]);
    assert_eq!(redeem(&again).error(), "invalid_dpop_proof");
    platform.later(30);
    assert_eq!(redeem(&again).error(), "invalid_dpop_proof", "as long as it is fresh");
    platform.later(1);
    assert_eq!(redeem(&again).error(), "invalid_dpop_proof", "and not after that");
    // the same name by another key is another proof
    let named = [("jti", json!("same"))];
    let by = |key: &PrivateJwk, code: &str| {
        let proof = sign(key, &header(key), &claims(&platform.address, "POST", "/token", None, &named));
        bank.call_with("/token", &bank.redemption(code, &[]), &[("dpop", &proof)]).status
    };
    assert_eq!(by(&key, &again), 200);
    let third = code_of(&platform, &bank, &[]);
    assert_eq!((by(&key, &third), by(&RelyingParty::new_key(), &third)), (400, 200));
}

#[test]
fn a_code_is_bound_to_a_key_by_the_parameter_or_by_a_proof_when_it_is_pushed() {
    let platform = Running::new();
    let bank = platform.confidential("bank", "");
    let app = platform.public("app", "");
    let (key, other) = (RelyingParty::new_key(), RelyingParty::new_key());
    let jkt = thumbprint(&key);
    let bound = code_of(&platform, &app, &[("dpop_jkt", &jkt)]);
    assert_eq!(app.redeem(&bound, &[]).error(), "invalid_dpop_proof");
    assert_eq!(app.redeem_with(&bound, &other).error(), "invalid_grant");
    assert_eq!(app.redeem_with(&bound, &key).status, 200);

    let push = |changes: &[(&str, &str)], proof: &str| {
        bank.call_with("/par", &bank.request(changes), &[("dpop", proof)])
    };
    let at_par = || proof::proof(&platform.address, &key, "/par");
    let pushed = push(&[], &at_par());
    assert_eq!(pushed.status, 201, "{}", pushed.body);
    let uri = pushed.json()["request_uri"].as_str().unwrap().to_owned();
    let request = format!(
        "/authorize?{}",
        relying_party::encode(&[("client_id".to_owned(), bank.id.clone()), ("request_uri".to_owned(), uri)])
    );
    let location = sign_in(&mut platform.browser(), &platform.address, &request);
    let bound = answered(&location)["code"].clone();
    assert_eq!(bank.redeem(&bound, &[]).error(), "invalid_dpop_proof");
    assert_eq!(bank.redeem_with(&bound, &other).error(), "invalid_grant");
    assert_eq!(bank.redeem_with(&bound, &key).status, 200);

    assert_eq!(push(&[("dpop_jkt", &jkt)], &at_par()).status, 201, "both, of one key");
    let mismatch = push(&[("dpop_jkt", &thumbprint(&other))], &at_par());
    assert_eq!((mismatch.status, mismatch.error().as_str()), (400, "invalid_dpop_proof"));
    let for_token = proof::proof(&platform.address, &key, "/token");
    assert_eq!(push(&[], &for_token).error(), "invalid_dpop_proof");
    for wrong in ["x", &jkt[1..], &format!("{jkt}=")] {
        assert_eq!(bank.push(&[("dpop_jkt", wrong)]).error(), "invalid_request", "{wrong}");
    }
}

#[test]
fn a_refresh_token_of_a_program_in_peoples_hands_is_bound_and_one_of_a_portal_with_keys_is_not() {
    let platform = Running::new();
    let app = platform.public("app", "");
    let bank = platform.confidential("bank", "");
    let (key, other) = (RelyingParty::new_key(), RelyingParty::new_key());

    let first = app.redeem_with(&code_of(&platform, &app, &[OFFLINE]), &key).json();
    let refresh = text(&first, "refresh_token");
    // a thief without the key neither gets anything nor ends what is there
    assert_eq!(app.refresh(&refresh).error(), "invalid_dpop_proof");
    assert_eq!(app.refresh_with(&refresh, &other).error(), "invalid_grant");
    let second = app.refresh_with(&refresh, &key).json();
    assert_eq!(second["token_type"], "DPoP");
    assert_eq!(app.refresh(&refresh).error(), "invalid_dpop_proof", "not even with one that was used");
    let next = text(&second, "refresh_token");
    assert_eq!(app.userinfo_with(&text(&second, "access_token"), &key, &[]).status, 200);
    assert_eq!(app.refresh_with(&next, &other).error(), "invalid_grant", "the next one is, too");
    assert_eq!(app.refresh_with(&refresh, &key).error(), "invalid_grant");
    assert_eq!(app.refresh_with(&next, &key).error(), "invalid_grant", "the one that came again ended all");

    let tokens = bank.redeem_with(&code_of(&platform, &bank, &[OFFLINE]), &key).json();
    let refresh = text(&tokens, "refresh_token");
    let moved = bank.refresh_with(&refresh, &other).json();
    assert_eq!((&moved["token_type"], moved.get("refresh_token")), (&json!("DPoP"), None));
    assert_eq!(bank.userinfo_with(&text(&moved, "access_token"), &other, &[]).status, 200);
    assert_eq!(bank.userinfo_with(&text(&moved, "access_token"), &key, &[]).status, 401);
}

#[test]
fn discovery_says_which_proofs_are_taken() {
    let platform = Running::new();
    let configuration = platform.browser().get("/.well-known/openid-configuration").json();
    let algorithms = json!(["ES256", "ES384", "EdDSA", "PS256"]);
    assert_eq!(configuration["dpop_signing_alg_values_supported"], algorithms);
}
