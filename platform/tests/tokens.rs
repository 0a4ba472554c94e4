//! Codes and tokens, and who may have them.

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

use bitaqa_platform::{key_store::KeyStore, store::Store};
use relying_party::{VERIFIER, answered, asserted, assertion, text};
use running::{Running, START, code_of, open, sign_in, sign_in_with};
use serde_json::{Value, json};

#[test]
fn another_registration_counts_for_what_was_granted_before() {
    let platform = Running::new();
    let all = "claims = [\"name\", \"family_name\", \"personal_number\"]\n";
    let bank = platform.confidential("bank", all);
    let claims = r#"{"userinfo":{"personal_number":null}}"#;
    let asked = [("claims", claims), ("scope", "openid profile offline_access")];
    let tokens = bank.redeem(&code_of(&platform, &bank, &asked), &[]).json();
    let (access, refresh) = (text(&tokens, "access_token"), text(&tokens, "refresh_token"));
    let told = |token: &str| bank.userinfo(token).json();
    assert_eq!(told(&access)["personal_number"], "IDCMA-BE123456");
    platform.replace(&bank, "claims = [\"name\"]\n");
    let again = bank.refresh(&refresh);
    assert_eq!(again.status, 200, "{}", again.body);
    for token in [access.clone(), text(&again.json(), "access_token")] {
        let told = told(&token);
        let names: Vec<&String> = told.as_object().unwrap().keys().collect();
        assert_eq!(names, ["name", "sub"]);
    }
    platform.replace(&bank, "claims = [\"name\"]\noffline_access = false\n");
    assert_eq!(bank.refresh(&refresh).error(), "invalid_grant");
    assert_eq!(bank.userinfo(&access).status, 200);
    // a level that the sign-in did not reach
    let low = sign_in_with(&mut platform.browser(), &platform.address, &bank.authorize(&[]), "low");
    let low = text(&bank.redeem(&answered(&low)["code"], &[]).json(), "access_token");
    platform.replace(&bank, "minimum_level = \"substantial\"\n");
    assert_eq!((bank.userinfo(&low).status, bank.userinfo(&access).status), (401, 200));
}

#[test]
fn a_grant_keeps_nothing_of_a_person_that_it_does_not_give() {
    let platform = Running::new();
    let bank = platform.confidential("bank", "");
    let kept = |changes: &[(&str, &str)]| {
        let location = sign_in(&mut platform.browser(), &platform.address, &bank.authorize(changes));
        let code = answered(&location)["code"].clone();
        let id = code.split('.').next().unwrap();
        let store: &dyn Store = &*platform.store;
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let grant = runtime.block_on(store.grant(id)).unwrap().unwrap();
        let opened = platform.keys.open(&format!("grant {id}"), &grant.sealed).unwrap();
        String::from_utf8(opened).unwrap()
    };
    let names = kept(&[]);
    assert!(names.contains("المثال") && !names.contains("BE123456"), "{names}");
    let none = kept(&[("scope", "openid")]);
    assert!(!none.contains("المثال") && !none.contains("BE123456"), "{none}");
}

#[test]
fn a_code_that_comes_twice_withdraws_what_came_of_it() {
    let platform = Running::new();
    let bank = platform.confidential("bank", "");
    let code = code_of(&platform, &bank, &[]);
    let access = text(&bank.redeem(&code, &[]).json(), "access_token");
    assert_eq!(bank.userinfo(&access).status, 200);
    let again = bank.redeem(&code, &[]);
    assert_eq!((again.status, again.error().as_str()), (400, "invalid_grant"));
    let answer = bank.userinfo(&access);
    assert_eq!(
        (answer.status, answer.header("www-authenticate")),
        (401, Some("Bearer error=\"invalid_token\""))
    );
}

#[test]
fn a_code_is_for_one_relying_party_one_address_and_one_verifier() {
    let platform = Running::new();
    let bank = platform.confidential("bank", "");
    let clinic = platform.confidential("clinic", "");
    let app = platform.public("app", "");
    let code = code_of(&platform, &bank, &[]);
    let other = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXl";
    for (party, changes) in [
        (&clinic, &[("redirect_uri", bank.redirect_uri.as_str())][..]),
        (&app, &[("redirect_uri", bank.redirect_uri.as_str())]),
        (&bank, &[("code_verifier", "")]),
        (&bank, &[("code_verifier", other)]),
        (&bank, &[("code_verifier", "short")]),
        (&bank, &[("redirect_uri", "")]),
        (&bank, &[("redirect_uri", "https://bank.example.ma/")]),
        (&bank, &[("code", "x")]),
    ] {
        let answer = party.redeem(&code, changes);
        assert_eq!((answer.status, answer.error().as_str()), (400, "invalid_grant"), "{changes:?}");
    }
    assert_eq!(bank.redeem(&code, &[("code", "")]).error(), "invalid_request");
    assert_eq!(bank.redeem(&code, &[("grant_type", "")]).error(), "invalid_request");
    assert_eq!(bank.redeem(&code, &[("grant_type", "password")]).error(), "unsupported_grant_type");
    assert_eq!(bank.redeem(&code, &[]).status, 200, "none of these used it up");
}

#[test]
fn codes_and_tokens_end() {
    let platform = Running::new();
    let bank = platform.confidential("bank", "");
    let late = code_of(&platform, &bank, &[]);
    platform.later(60);
    assert_eq!(bank.redeem(&late, &[]).error(), "invalid_grant");
    let access = text(&bank.redeem(&code_of(&platform, &bank, &[]), &[]).json(), "access_token");
    platform.later(599);
    assert_eq!(bank.userinfo(&access).status, 200);
    platform.later(1);
    assert_eq!(bank.userinfo(&access).status, 401);
}

#[test]
fn each_refresh_token_of_a_public_relying_party_is_used_once_and_one_that_comes_again_ends_all() {
    let platform = Running::new();
    let app = platform.public("app", "");
    let first =
        app.redeem(&code_of(&platform, &app, &[("scope", "openid profile offline_access")]), &[]).json();
    assert_eq!(first["scope"], "openid profile offline_access");
    platform.later(3600);
    let second = app.refresh(&text(&first, "refresh_token")).json();
    let (one, two) = (app.id_token(&text(&first, "id_token")), app.id_token(&text(&second, "id_token")));
    assert_eq!((&one["sub"], &one["auth_time"]), (&two["sub"], &two["auth_time"]));
    assert_eq!((&two["iat"], two.get("nonce")), (&json!(START + 3600), None));
    let third = app.refresh(&text(&second, "refresh_token")).json();
    assert_eq!(app.userinfo(&text(&third, "access_token")).status, 200);
    assert_eq!(app.refresh(&text(&first, "refresh_token")).error(), "invalid_grant");
    assert_eq!(app.userinfo(&text(&third, "access_token")).status, 401);
    assert_eq!(app.refresh(&text(&third, "refresh_token")).error(), "invalid_grant");
}

#[test]
fn a_refresh_token_of_a_relying_party_with_keys_stays_and_is_nobody_elses() {
    let platform = Running::new();
    let bank = platform.confidential("bank", "");
    let clinic = platform.confidential("clinic", "");
    let tokens = bank.redeem(&code_of(&platform, &bank, &[("scope", "openid offline_access")]), &[]).json();
    let refresh = text(&tokens, "refresh_token");
    for _ in 0..2 {
        let answer = bank.refresh(&refresh).json();
        assert!(answer.get("refresh_token").is_none());
        assert_eq!(bank.userinfo(&text(&answer, "access_token")).status, 200);
    }
    assert_eq!(clinic.refresh(&refresh).error(), "invalid_grant");
    assert_eq!(
        bank.refresh(&text(&tokens, "access_token")).error(),
        "invalid_grant",
        "it is no refresh token"
    );
    assert_eq!(bank.userinfo(&refresh).status, 401, "nor an access token");
    let without = platform.public("without", "offline_access = false\n");
    let tokens =
        without.redeem(&code_of(&platform, &without, &[("scope", "openid offline_access")]), &[]).json();
    assert!(tokens.get("refresh_token").is_none(), "it may not have any");
    platform.later(30 * 24 * 60 * 60);
    assert_eq!(bank.refresh(&refresh).error(), "invalid_grant", "after thirty days");
}

#[test]
fn tokens_are_withdrawn_by_whom_they_belong_to_and_by_suspension() {
    let platform = Running::new();
    let bank = platform.confidential("bank", "");
    let clinic = platform.confidential("clinic", "");
    let tokens = bank.redeem(&code_of(&platform, &bank, &[("scope", "openid offline_access")]), &[]).json();
    let (access, refresh) = (text(&tokens, "access_token"), text(&tokens, "refresh_token"));
    assert_eq!(clinic.about("/revoke", &refresh).status, 200, "nobody learns whose it is");
    assert_eq!(bank.refresh(&refresh).status, 200);
    assert_eq!(bank.about("/revoke", &access).status, 200);
    assert_eq!(bank.userinfo(&access).status, 401);
    let fresh = text(&bank.refresh(&refresh).json(), "access_token");
    assert_eq!(bank.about("/revoke", &refresh).status, 200);
    assert_eq!(bank.userinfo(&fresh).status, 401);
    assert_eq!(bank.refresh(&refresh).error(), "invalid_grant");
    assert_eq!(bank.about("/revoke", "nonsense").status, 200);

    let access = text(&bank.redeem(&code_of(&platform, &bank, &[]), &[]).json(), "access_token");
    let unused = code_of(&platform, &bank, &[]);
    platform.suspend("bank");
    assert_eq!(bank.userinfo(&access).status, 401);
    let answer = bank.redeem(&unused, &[]);
    assert_eq!((answer.status, answer.error().as_str()), (401, "invalid_client"));
    assert_eq!(bank.push(&[]).error(), "invalid_client");
}

#[test]
fn a_token_is_introspected_by_whom_it_was_given_to() {
    let platform = Running::new();
    let bank = platform.confidential("bank", "");
    let clinic = platform.confidential("clinic", "");
    let app = platform.public("app", "");
    let access = text(&bank.redeem(&code_of(&platform, &bank, &[]), &[]).json(), "access_token");
    let told = bank.about("/introspect", &access).json();
    assert_eq!((&told["active"], &told["client_id"]), (&json!(true), &json!("bank")));
    assert_eq!((&told["exp"], &told["token_type"]), (&json!(START + 600), &json!("Bearer")));
    assert_eq!(clinic.about("/introspect", &access).json(), json!({ "active": false }));
    assert_eq!(bank.about("/introspect", "x").json(), json!({ "active": false }));
    assert_eq!(app.about("/introspect", &access).error(), "invalid_client");
    platform.later(600);
    assert_eq!(bank.about("/introspect", &access).json(), json!({ "active": false }));
}

#[test]
fn assertions_are_fresh_for_us_by_the_right_key_and_used_once() {
    let platform = Running::new();
    let bank = platform.confidential("bank", "");
    let clinic = platform.confidential("clinic", "");
    let key = bank.key.clone().unwrap();
    let issuer = format!("http://{}", platform.address);
    let push = |assertion: &str| {
        let mut parameters = bank.request(&[]);
        parameters.extend(asserted(assertion));
        bank.send("/par", &parameters)
    };
    for audience in [
        json!(issuer),
        json!(format!("{issuer}/token")),
        json!(format!("{issuer}/par")),
        json!([issuer]),
        json!([issuer, format!("{issuer}/token")]),
    ] {
        let answer = push(&assertion(&key, &bank.claims(&[("aud", audience.clone())])));
        assert_eq!(answer.status, 201, "{audience}: {}", answer.body);
    }
    for (name, value) in [
        ("aud", json!("https://other.example")),
        ("aud", json!([issuer, "https://other.example"])),
        ("aud", json!([])),
        ("aud", json!(format!("{issuer}/"))),
        ("aud", Value::Null),
        ("iss", json!("clinic")),
        ("sub", json!("clinic")),
        ("exp", json!(START - 31)),
        ("exp", json!(START + 3631)),
        ("exp", Value::Null),
        ("nbf", json!(START + 31)),
        ("iat", json!(START + 31)),
        ("jti", json!("")),
        ("jti", Value::Null),
    ] {
        let answer = push(&assertion(&key, &bank.claims(&[(name, value.clone())])));
        assert_eq!((answer.status, answer.error().as_str()), (401, "invalid_client"), "{name} {value}");
    }
    // an hour, as libraries make them; ten minutes by FAPI 2
    let long = assertion(&key, &bank.claims(&[("exp", json!(START + 3600))]));
    assert_eq!(push(&long).status, 201);
    let strict = platform.confidential("strict", "profile = \"fapi2\"\nrequire_pushed_requests = true\n");
    for (end, status) in [(START + 600, 201), (START + 631, 401)] {
        let signed = assertion(strict.key.as_ref().unwrap(), &strict.claims(&[("exp", json!(end))]));
        let mut parameters = strict.request(&[]);
        parameters.extend(asserted(&signed));
        assert_eq!(strict.send("/par", &parameters).status, status, "{end}");
    }
    let used = assertion(&key, &bank.claims(&[]));
    assert_eq!(push(&used).status, 201);
    assert_eq!(push(&used).error(), "invalid_client");
    let by_clinic = assertion(clinic.key.as_ref().unwrap(), &bank.claims(&[]));
    assert_eq!(push(&by_clinic).error(), "invalid_client");
    let unnamed = clinic.key.clone().unwrap().with_key_id(key.public().key_id().unwrap()).unwrap();
    assert_eq!(
        push(&assertion(&unnamed, &bank.claims(&[]))).error(),
        "invalid_client",
        "by the name of another's key"
    );
    let claims = bitaqa_jose::base64url::encode(bank.claims(&[]).to_string().as_bytes());
    let none = format!("{}.{claims}.", bitaqa_jose::base64url::encode(br#"{"alg":"none"}"#));
    assert_eq!(push(&none).error(), "invalid_client");
    assert_eq!(
        bank.send("/par", &bank.request(&[])).error(),
        "invalid_client",
        "it has a key, and has to use it"
    );
    for extra in [("client_secret", "x"), ("client_assertion_type", "urn:x")] {
        let mut parameters = bank.request(&[]);
        parameters.push((extra.0.to_owned(), extra.1.to_owned()));
        assert_eq!(bank.send("/par", &parameters).error(), "invalid_client");
    }
}

#[test]
fn userinfo_takes_a_token_in_the_header_or_the_body_and_none_in_the_address() {
    let platform = Running::new();
    let bank = platform.public("bank", "");
    let access = text(&bank.redeem(&code_of(&platform, &bank, &[]), &[]).json(), "access_token");
    let form = [("content-type", relying_party::FORM)];
    let body = format!("access_token={access}");
    assert_eq!(platform.browser().raw("POST", "/userinfo", &form, &body).status, 200);
    let authorization = format!("Bearer {access}");
    let both = [form[0], ("authorization", authorization.as_str())];
    assert_eq!(platform.browser().raw("POST", "/userinfo", &both, &body).status, 400);
    assert_eq!(platform.browser().raw("POST", "/userinfo", &both, "").status, 200);
    assert_eq!(platform.browser().get(&format!("/userinfo?access_token={access}")).status, 401);
    assert_eq!(platform.browser().raw("GET", "/userinfo", &[("authorization", "Basic eA")], "").status, 401);
}

#[test]
fn nothing_that_is_kept_or_logged_says_who_somebody_is() {
    let platform = Running::new();
    let register = platform.public("register", "claims = [\"name\", \"personal_number\"]\n");
    let claims = r#"{"userinfo":{"personal_number":null}}"#;
    let code = code_of(&platform, &register, &[("claims", claims)]);
    let tokens = register.redeem(&code, &[]).json();
    let userinfo = register.userinfo(&text(&tokens, "access_token")).json();
    assert_eq!(userinfo["personal_number"], "IDCMA-BE123456");
    // requests that wait, with what they may say
    open(&mut platform.browser(), &register.authorize(&[("state", "telling")]));
    let bank = platform.confidential("bank", "");
    assert_eq!(bank.push(&[("state", "telling"), ("login_hint", "telling")]).status, 201);
    let (kept, log) = (format!("{:?}", platform.store), platform.log());
    assert!(log.contains("\"event\":\"sign-in\"") && log.contains("\"event\":\"tokens\""), "{log}");
    let sealed: Vec<u8> = b"BE123456".to_vec();
    let as_numbers = format!("{sealed:?}");
    for secret in [
        "BE123456",
        "telling",
        "أمينة",
        VERIFIER,
        &code,
        &text(&tokens, "access_token"),
        as_numbers.trim_matches(['[', ']']),
    ] {
        assert!(!log.contains(secret), "{secret}");
        assert!(!kept.contains(secret), "{secret}");
    }
    assert!(!log.contains(userinfo["sub"].as_str().unwrap()));
}
