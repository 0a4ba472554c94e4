//! The way of a sign-in, and every way in which it must not go.

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

use bitaqa_protocol::encode_base64;
use browser::{Answer, Browser};
use relying_party::{FORM, answered, code, error};
use running::{Running, START, challenge, open, show_card, sign_in, sign_in_with, token_of};
use serde_json::{Value, json};
use test_pki::Template;

const HIGH: &str = "urn:bitaqa:acr:test:high";
const SUBSTANTIAL: &str = "urn:bitaqa:acr:test:substantial";
const LOW: &str = "urn:bitaqa:acr:test:low";

#[test]
fn a_person_signs_in_with_a_card_and_the_relying_party_learns_what_was_agreed() {
    let platform = Running::new();
    let bank = platform.confidential("bank", "");
    let mut browser = platform.browser();
    let location = sign_in(&mut browser, &platform.address, &bank.pushed(&[]));
    assert!(location.starts_with("https://bank.example.ma/callback?code="), "{location}");
    let answer = answered(&location);
    let issuer = format!("http://{}", platform.address);
    assert_eq!((answer["state"].as_str(), answer["iss"].as_str()), ("a state", issuer.as_str()));

    let tokens = bank.redeem(&answer["code"], &[]);
    assert_eq!(tokens.status, 200, "{}", tokens.body);
    assert_eq!(tokens.header("cache-control"), Some("no-store"));
    let tokens = tokens.json();
    assert_eq!((&tokens["token_type"], &tokens["scope"]), (&json!("Bearer"), &json!("openid profile")));
    assert!(tokens.get("refresh_token").is_none(), "nobody asked for it");
    let id_token = bank.id_token(tokens["id_token"].as_str().unwrap());
    assert_eq!(id_token["nonce"], "a nonce");
    assert_eq!((&id_token["acr"], &id_token["amr"]), (&json!(HIGH), &json!(["sc", "pin", "mfa"])));
    assert_eq!(id_token["holderVerification"], "pin");
    assert_eq!((&id_token["auth_time"], &id_token["exp"]), (&json!(START), &json!(START + 300)));
    assert!(id_token.get("name").is_none(), "it was asked of userinfo");

    let userinfo = bank.userinfo(tokens["access_token"].as_str().unwrap()).json();
    assert_eq!(userinfo["sub"], id_token["sub"]);
    assert_eq!(
        (&userinfo["name"], &userinfo["given_name"], &userinfo["family_name"]),
        (&json!("أمينة المثال"), &json!("أمينة"), &json!("المثال"))
    );
    assert!(userinfo.get("personal_number").is_none());
}

#[test]
fn claims_go_where_they_were_asked_for_only_registered_ones_and_no_number_into_id_tokens() {
    let platform = Running::new();
    let register = platform.confidential("register", "claims = [\"family_name\", \"personal_number\"]\n");
    let claims = r#"{"id_token":{"personal_number":{"essential":true},"family_name":null,"given_name":null},"userinfo":{"email":null}}"#;
    let mut browser = platform.browser();
    let request = register.authorize(&[("claims", claims), ("scope", "openid")]);
    let location = sign_in(&mut browser, &platform.address, &request);
    let tokens = register.redeem(&code(&location), &[]).json();
    let id_token = register.id_token(tokens["id_token"].as_str().unwrap());
    assert_eq!(id_token["family_name"], "المثال");
    assert!(id_token.get("given_name").is_none(), "it is not registered for this");
    // a token like this comes back as a hint, in an address
    assert!(!id_token.to_string().contains("BE123456"));
    let userinfo = register.userinfo(tokens["access_token"].as_str().unwrap()).json();
    assert_eq!(
        (userinfo["personal_number"].as_str(), userinfo.as_object().unwrap().len()),
        (Some("IDCMA-BE123456"), 2)
    );
}

#[test]
fn what_was_verified_is_told_of_cards_whose_issuer_verifies_and_only_what_is_registered_and_agreed_to() {
    let platform = Running::new();
    let register = platform.confidential("register", "claims = [\"family_name\", \"personal_number\"]\n");
    let asked = json!([{
        "verification": { "trust_framework": null },
        "claims": { "given_name": null, "family_name": null, "personal_number": null },
    }]);
    let claims =
        json!({ "id_token": { "verified_claims": asked }, "userinfo": { "verified_claims": asked } });
    let request = register.authorize(&[("claims", &claims.to_string()), ("scope", "openid")]);
    let mut browser = platform.browser();
    let page = open(&mut browser, &request);
    let shown = browser.get(&format!("{page}?lang=en")).body;
    let shown_of_all =
        [("family name", true), ("number", true), ("how these were verified", true), ("given name", false)];
    for (claim, is_shown) in shown_of_all {
        assert_eq!(shown.to_lowercase().contains(claim), is_shown, "{claim}: {shown}");
    }
    let told = |location: &str| {
        let tokens = register.redeem(&code(location), &[]).json();
        let id_token = register.id_token(tokens["id_token"].as_str().unwrap());
        let userinfo = register.userinfo(tokens["access_token"].as_str().unwrap()).json();
        (id_token["verified_claims"].clone(), userinfo["verified_claims"].clone())
    };
    let location = sign_in(&mut browser, &platform.address, &request);
    let (id_token, userinfo) = told(&location);
    let verification = json!({ "trust_framework": "example_state_id" });
    let family_name = "المثال";
    assert_eq!(id_token, json!([{ "verification": verification, "claims": { "family_name": family_name } }]));
    assert_eq!(
        userinfo,
        json!([{
            "verification": verification,
            "claims": { "family_name": family_name, "personal_number": "IDCMA-BE123456" },
        }])
    );
    // whoever agreed to a claim alone did not agree to saying how it was verified
    let names = "claims = [\"name\", \"family_name\"]\n";
    let clinic = platform.confidential("clinic", names);
    assert!(sign_in(&mut browser, &platform.address, &clinic.authorize(&[])).contains("code="));
    let none = |claims: &str| clinic.authorize(&[("prompt", "none"), ("claims", claims)]);
    let mut answer = |claims| browser.get(&none(claims)).location().to_owned();
    assert!(answer("{\"userinfo\":{\"family_name\":null}}").contains("code="));
    assert_eq!(error(&answer(&claims.to_string())), "consent_required");
    // nobody says by which rules this one's issuer verifies
    let location = sign_in_with(&mut platform.browser(), &platform.address, &request, "low");
    assert_eq!(told(&location), (Value::Null, Value::Null));
    let wrong = json!({ "userinfo": { "verified_claims": { "claims": {} } } }).to_string();
    let location = platform.browser().get(&register.authorize(&[("claims", &wrong)])).location().to_owned();
    assert_eq!(error(&location), "invalid_request");
}

#[test]
fn whoever_is_signed_in_and_agreed_sees_no_page_again() {
    let platform = Running::new();
    let bank = platform.confidential("bank", "");
    let mut browser = platform.browser();
    let none = bank.authorize(&[("prompt", "none")]);
    assert_eq!(error(browser.get(&none).location()), "login_required");
    let first = sign_in(&mut browser, &platform.address, &bank.authorize(&[]));
    let location = browser.get(&none).location().to_owned();
    let of = |location: &str| {
        let tokens = bank.redeem(&code(location), &[]).json();
        bank.id_token(tokens["id_token"].as_str().unwrap())
    };
    let (first, second) = (of(&first), of(&location));
    assert_eq!((&first["sub"], &first["sid"]), (&second["sub"], &second["sid"]));

    // another relying party asks: the person is asked, and known by another name there
    let clinic = platform.confidential("clinic", "");
    let asked = clinic.authorize(&[("prompt", "none")]);
    assert_eq!(error(browser.get(&asked).location()), "consent_required");
    let page = open(&mut browser, &clinic.authorize(&[]));
    let shown = browser.get(&page).body;
    assert!(shown.contains("أمينة المثال") && shown.contains("موقع clinic"), "{shown}");
    let agreed = agree(&mut browser, &page, &shown);
    let location = browser.get(&agreed.onward()).location().to_owned();
    let tokens = clinic.redeem(&code(&location), &[]).json();
    let third = clinic.id_token(tokens["id_token"].as_str().unwrap());
    assert_ne!(third["sub"], first["sub"]);
    assert!(browser.get(&asked).location().contains("code="));
    // what was not agreed to is asked again
    platform.later(9 * 60 * 60);
    assert_eq!(error(browser.get(&none).location()), "login_required", "the session has ended");
}

/// Presses "agree" on a page as it was shown.
fn agree(browser: &mut Browser, page: &str, shown: &str) -> Answer {
    let session = shown.split("name=\"session\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    browser.post(&format!("{page}/agree"), FORM, &format!("session={}", session.unwrap_or_default()))
}

#[test]
fn what_one_person_agrees_to_releases_nobody_elses_data() {
    let platform = Running::new();
    let (bank, clinic) = (platform.confidential("bank", ""), platform.confidential("clinic", ""));
    let other = || Template { name: test_pki::der::name(&[("2.5.4.5", "IDCMA-X1")]), ..Template::person() };
    let mut browser = platform.browser();
    // nobody is signed in: there is nobody who could agree
    let page = open(&mut browser, &clinic.authorize(&[]));
    let shown = browser.get(&page).body;
    assert_eq!(agree(&mut browser, &page, &shown).onward(), format!("{page}?lang=ar"));
    sign_in(&mut browser, &platform.address, &bank.authorize(&[]));
    let shown_to_first = browser.get(&page);
    assert_eq!(shown_to_first.status, 200, "the person is asked");
    // another person signs in elsewhere in the browser, and the page is still the first one's
    let elsewhere = open(&mut browser, &bank.authorize(&[("prompt", "login")]));
    assert_eq!(show_card(&mut browser, &platform.address, &elsewhere, "high", other()).status, 200);
    browser.get(&elsewhere).location();
    let pressed = agree(&mut browser, &page, &shown_to_first.body);
    assert_eq!(browser.get(&pressed.onward()).status, 200, "they are asked in their turn");
    // what was agreed to by somebody who then went is not agreed to by who comes after
    let shown = browser.get(&page).body;
    agree(&mut browser, &page, &shown);
    browser.post(&format!("{page}/other-card"), FORM, "");
    let again = open(&mut browser, &bank.authorize(&[("prompt", "login")]));
    assert_eq!(show_card(&mut browser, &platform.address, &again, "high", Template::person()).status, 200);
    assert_eq!(browser.get(&page).status, 200);
    let shown = browser.get(&page).body;
    let agreed = agree(&mut browser, &page, &shown);
    assert!(browser.get(&agreed.onward()).location().contains("code="));
}

#[test]
fn who_asks_for_one_person_gets_no_other() {
    let platform = Running::new();
    let bank = platform.confidential("bank", "");
    let mut browser = platform.browser();
    let location = sign_in(&mut browser, &platform.address, &bank.authorize(&[]));
    let tokens = bank.redeem(&code(&location), &[]).json();
    let subject = bank.id_token(tokens["id_token"].as_str().unwrap())["sub"].as_str().unwrap().to_owned();
    let mut answer = |claims: &str| {
        browser.get(&bank.authorize(&[("prompt", "none"), ("claims", claims)])).location().to_owned()
    };
    let asking = |sub: &str| format!("{{\"id_token\":{{\"sub\":{{\"value\":\"{sub}\"}}}}}}");
    assert!(answer(&asking(&subject)).contains("code="));
    assert_eq!(error(&answer(&asking("somebody"))), "login_required");
    assert_eq!(error(&answer("{\"id_token\":{\"sub\":{\"value\":1}}}")), "invalid_request");
    assert_eq!(error(&answer("{\"id_token\":{\"acr\":{\"essential\":\"true\"}}}")), "invalid_request");
}

#[test]
fn a_person_keeps_their_subject_with_a_new_card_and_after_keys_change() {
    let platform = Running::new();
    let bank = platform.confidential("bank", "");
    let subject = |person: Template| {
        let mut browser = platform.browser();
        let page = open(&mut browser, &bank.authorize(&[]));
        assert_eq!(show_card(&mut browser, &platform.address, &page, "high", person).status, 200);
        let location = browser.get(&page).location().to_owned();
        let tokens = bank.redeem(&code(&location), &[]).json();
        bank.id_token(tokens["id_token"].as_str().unwrap())["sub"].as_str().unwrap().to_owned()
    };
    let before = subject(Template::person());
    platform.later(60 * 60);
    bitaqa_platform::key_store::KeyStore::rotate(&*platform.keys, START + 60 * 60).unwrap();
    assert_eq!(subject(Template::person().numbered(&[0x77])), before);
    let other = Template { name: test_pki::der::name(&[("2.5.4.5", "IDCMA-X1")]), ..Template::person() };
    assert_ne!(subject(other), before);
    // however the issuer writes the number
    let spelled =
        Template { name: test_pki::der::name(&[("2.5.4.5", "IDCMA-be 123456")]), ..Template::person() };
    assert_eq!(subject(spelled), before);
    let shared = platform.confidential("branch", "sector = \"bank.example.ma\"\n");
    let mut browser = platform.browser();
    let location = sign_in(&mut browser, &platform.address, &shared.authorize(&[]));
    let tokens = shared.redeem(&code(&location), &[]).json();
    assert_eq!(shared.id_token(tokens["id_token"].as_str().unwrap())["sub"], before.as_str());
}

#[test]
fn the_keys_are_published_around_a_change() {
    let platform = Running::new();
    let bank = platform.confidential("bank", "");
    let names = || -> Vec<Value> {
        let keys = platform.browser().get("/jwks").json();
        let verifying = keys["keys"].as_array().unwrap().iter().filter(|key| key["alg"] == "ES256");
        verifying.map(|key| key["kid"].clone()).collect()
    };
    let before = names();
    let location = sign_in(&mut platform.browser(), &platform.address, &bank.authorize(&[]));
    let tokens = bank.redeem(&code(&location), &[]).json();
    bitaqa_platform::key_store::KeyStore::rotate(&*platform.keys, START + 60 * 60).unwrap();
    let after = names();
    assert_eq!((before.len(), after.len(), &before[..]), (2, 3, &after[..2]));
    let all = platform.browser().get("/jwks").json();
    let of = |algorithm: &str| {
        all["keys"].as_array().unwrap().iter().filter(|key| key["alg"] == algorithm).count()
    };
    assert_eq!(["EdDSA", "RS256", "PS256", "ECDH-ES"].map(of), [3, 3, 3, 1]);
    bank.id_token(tokens["id_token"].as_str().unwrap());
    let private = platform.browser().get("/jwks").body;
    assert!(["\"d\"", "\"p\""].iter().all(|member| !private.contains(member)));
}

#[test]
fn an_essential_level_is_reached_or_refused() {
    let platform = Running::new();
    let bank = platform.public("bank", "");
    let asking = |values: &[&str]| {
        json!({ "id_token": { "acr": { "essential": true, "values": values } } }).to_string()
    };
    let acr = |request: &str, issuer: &str| {
        let location = sign_in_with(&mut platform.browser(), &platform.address, request, issuer);
        let answer = answered(&location);
        let Some(code) = answer.get("code") else { return answer["error"].clone() };
        let tokens = bank.redeem(code, &[]).json();
        bank.id_token(tokens["id_token"].as_str().unwrap())["acr"].as_str().unwrap().to_owned()
    };
    let unmet = "unmet_authentication_requirements";
    for (values, issuer, expected) in [
        (&[HIGH][..], "high", HIGH),
        (&[HIGH], "low", unmet),
        (&[SUBSTANTIAL], "low", unmet),
        (&[SUBSTANTIAL, LOW], "low", LOW),
        // reached by more than was asked: the answer is one of those that were
        (&[SUBSTANTIAL], "high", SUBSTANTIAL),
        (&[SUBSTANTIAL, HIGH], "high", HIGH),
    ] {
        let request = bank.authorize(&[("claims", &asking(values))]);
        assert_eq!(acr(&request, issuer), expected, "{values:?} {issuer}");
    }
    // what is not essential is answered as well as can be
    assert_eq!(acr(&bank.authorize(&[("acr_values", HIGH)]), "low"), LOW);
    // and the relying party's own minimum holds always
    let strict = platform.public("strict", "minimum_level = \"substantial\"\n");
    assert_eq!(acr(&strict.authorize(&[]), "low"), unmet);
    // somebody signed in too low is asked for another card, or refused where nobody is to be asked
    let mut browser = platform.browser();
    sign_in_with(&mut browser, &platform.address, &bank.authorize(&[]), "low");
    let claims = asking(&[HIGH]);
    open(&mut browser, &bank.authorize(&[("claims", &claims)]));
    let none = bank.authorize(&[("claims", &claims), ("prompt", "none")]);
    assert_eq!(error(browser.get(&none).location()), unmet);
}

#[test]
fn prompt_and_max_age_and_hints_decide_whether_somebody_signs_in_again() {
    let platform = Running::new();
    let bank = platform.public("bank", "");
    let mut browser = platform.browser();
    let location = sign_in(&mut browser, &platform.address, &bank.authorize(&[]));
    let tokens = bank.redeem(&code(&location), &[]).json();
    let hint = tokens["id_token"].as_str().unwrap().to_owned();
    let granted = |browser: &mut Browser, changes: &[(&str, &str)]| {
        browser.get(&bank.authorize(changes)).location().starts_with("https://")
    };
    platform.later(10);
    assert!(granted(&mut browser, &[("max_age", "10")]));
    assert!(!granted(&mut browser, &[("max_age", "9")]));
    assert!(!granted(&mut browser, &[("prompt", "login")]));
    assert!(!granted(&mut browser, &[("prompt", "consent")]));
    assert!(granted(&mut browser, &[("id_token_hint", &hint)]));
    for max_age in ["0", "1"] {
        let location = sign_in(
            &mut browser,
            &platform.address,
            &bank.authorize(&[("max_age", max_age), ("prompt", "login")]),
        );
        let tokens = bank.redeem(&code(&location), &[]).json();
        assert_eq!(bank.id_token(tokens["id_token"].as_str().unwrap())["auth_time"], START + 10);
    }
    // another person signs in than the hint says
    let mut browser = platform.browser();
    let page = open(&mut browser, &bank.authorize(&[("id_token_hint", &hint)]));
    let other = Template { name: test_pki::der::name(&[("2.5.4.5", "IDCMA-X1")]), ..Template::person() };
    assert_eq!(show_card(&mut browser, &platform.address, &page, "high", other).status, 200);
    assert_eq!(error(browser.get(&page).location()), "login_required");
    let mut altered = hint.clone();
    altered.insert(altered.len() - 5, 'A');
    let none = bank.authorize(&[("id_token_hint", &altered), ("prompt", "none")]);
    assert_eq!(error(browser.get(&none).location()), "login_required");
}

#[test]
fn an_interaction_belongs_to_the_browser_that_began_it_and_ends() {
    let platform = Running::new();
    let bank = platform.public("bank", "");
    let mut browser = platform.browser();
    let page = open(&mut browser, &bank.authorize(&[]));
    let mut other = platform.browser();
    open(&mut other, &bank.authorize(&[]));
    assert_eq!(other.get(&page).status, 410);
    assert_eq!(other.post(&format!("{page}/challenge"), "", "").status, 410);
    let given = challenge(&mut browser, &page);
    let token = token_of(&platform.address, "high", Template::person(), &given);
    assert_eq!(other.post(&format!("{page}/sign-in"), "application/json", &token).status, 410);
    // and the card's answer counts once, for its own interaction, in time
    let second = open(&mut browser, &bank.authorize(&[]));
    challenge(&mut browser, &second);
    let sign_in = |browser: &mut Browser, page: &str, token: &str| {
        browser.post(&format!("{page}/sign-in"), "application/json", token)
    };
    assert_eq!(sign_in(&mut browser, &second, &token).json()["code"], "signature-invalid");
    platform.later(299);
    assert_eq!(sign_in(&mut browser, &page, &token).status, 200);
    assert_eq!(sign_in(&mut browser, &page, &token).json()["code"], "challenge-unknown");
    let given = challenge(&mut browser, &second);
    let token = token_of(&platform.address, "high", Template::person(), &given);
    platform.later(300);
    assert_eq!(sign_in(&mut browser, &second, &token).json()["code"], "challenge-unknown");
    assert!(browser.get(&page).location().contains("code="));
    assert_eq!(browser.get(&page).status, 410, "one answer only");
    platform.later(900);
    assert_eq!(browser.get(&second).status, 410);
}

#[test]
fn cards_that_are_not_believed_sign_nobody_in() {
    let platform = Running::new();
    let bank = platform.public("bank", "");
    let mut browser = platform.browser();
    let page = open(&mut browser, &bank.authorize(&[]));
    let expired = Template::person().valid("20200101000000Z", "20210101000000Z");
    let answer = show_card(&mut browser, &platform.address, &page, "high", expired);
    assert_eq!((answer.status, answer.json()["code"].as_str()), (403, Some("certificate-expired")));
    let nobody = Template { name: test_pki::der::name(&[("2.5.4.3", "No number")]), ..Template::person() };
    let answer = show_card(&mut browser, &platform.address, &page, "high", nobody);
    assert_eq!(answer.json()["code"], "holder-without-number");
    let given = challenge(&mut browser, &page);
    let elsewhere = token_of("127.0.0.1:1", "high", Template::person(), &given);
    let answer = browser.post(&format!("{page}/sign-in"), "application/json", &elsewhere);
    assert_eq!(answer.json()["code"], "signature-invalid");
    challenge(&mut browser, &page);
    let own = token_of(&platform.address, "high", Template::person(), &encode_base64(&[7; 48]));
    assert_eq!(browser.post(&format!("{page}/sign-in"), "application/json", &own).status, 403);
    challenge(&mut browser, &page);
    assert_eq!(
        browser.post(&format!("{page}/sign-in"), "application/json", "{}").json()["code"],
        "token-malformed"
    );
    assert_eq!(browser.post(&format!("{page}/sign-in"), "text/plain", "{}").status, 415);
    assert_eq!(browser.post(&format!("{page}/sign-in"), "application/json", &"x".repeat(40_000)).status, 413);
    assert!(!browser.cookies.contains_key("session"));
    assert_eq!(browser.get(&page).status, 200, "and the page is still there");
}

#[test]
fn a_person_can_cancel_or_use_another_card() {
    let platform = Running::new();
    let bank = platform.public("bank", "");
    let mut browser = platform.browser();
    let page = open(&mut browser, &bank.authorize(&[]));
    let answer = browser.post(&format!("{page}/cancel"), FORM, "");
    assert_eq!(error(&answer.onward()), "access_denied");
    let policy = answer.header("content-security-policy").unwrap();
    assert!(policy.ends_with("form-action 'self'"), "{policy}");
    assert_eq!(browser.get(&page).status, 410);
    sign_in(&mut browser, &platform.address, &bank.authorize(&[]));
    let before = browser.cookies["session"].clone();
    let page = open(&mut browser, &bank.authorize(&[("prompt", "consent")]));
    assert!(browser.get(&page).body.contains("other-card"));
    browser.post(&format!("{page}/other-card"), FORM, "");
    assert!(!browser.cookies.contains_key("session"));
    assert!(browser.get(&page).body.contains("id=\"start\""));
    browser.cookies.insert("session".to_owned(), before);
    assert!(browser.get(&page).body.contains("id=\"start\""), "the session ended on the server as well");
}

#[test]
fn signing_in_gives_the_browser_a_new_session_whatever_it_had() {
    let platform = Running::new();
    let bank = platform.public("bank", "");
    let mut browser = platform.browser();
    let planted = "A".repeat(43);
    browser.cookies.insert("session".to_owned(), planted.clone());
    sign_in(&mut browser, &platform.address, &bank.authorize(&[]));
    let first = browser.cookies["session"].clone();
    assert_ne!(first, planted);
    sign_in(&mut browser, &platform.address, &bank.authorize(&[("prompt", "login")]));
    assert_ne!(browser.cookies["session"], first);
    browser.cookies.insert("session".to_owned(), first);
    let none = bank.authorize(&[("prompt", "none")]);
    assert_eq!(error(browser.get(&none).location()), "login_required");
}
