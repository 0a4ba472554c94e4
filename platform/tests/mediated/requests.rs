//! What a portal may ask, and what the page says of it.

use bitaqa_protocol::{ClaimSet, Closure, DataGroup};
use serde_json::{Value, json};

use crate::{
    portal::{Portal, amina, asked, at_the_step, authorize, identity, signed_in_for},
    relying_party::error,
    running::{Running, open, show_card},
};

fn refused(portal: &Portal, details: &str, changes: &[(&str, &str)]) -> String {
    let mut all = vec![("authorization_details", details), ("response_mode", "form_post")];
    all.extend(changes);
    portal.party.push(&all).error()
}

#[test]
fn what_a_portal_is_not_registered_for_is_refused_before_anybody_sees_a_page() {
    let running = Running::asking(identity());
    let bank = Portal::registered(&running, "bank");
    let good = asked("relay", &[]);
    assert_eq!(
        bank.party
            .push(&[("authorization_details", &json!([good]).to_string()), ("response_mode", "form_post")])
            .status,
        201
    );
    for (name, value) in [
        ("purpose", json!("close-account")),
        ("purpose", Value::Null),
        // the address comes along with what is not allowed
        ("claims", json!({ "required": ["address"] })),
        ("claims", json!({ "required": ["given_name"], "optional": ["father_name"] })),
        ("claims", json!({})),
        ("claims", json!({ "required": ["shoe_size"] })),
        ("mode", json!("read")),
        ("challenge", Value::Null),
        ("challenge", json!("AAAA")),
        ("proof", json!("chip-authentication")),
        ("holder", json!("fingerprint")),
        ("type", json!("payment_initiation")),
        ("locations", json!(["https://bank.example.ma"])),
    ] {
        let details = json!([asked("relay", &[(name, value.clone())])]).to_string();
        assert_eq!(refused(&bank, &details, &[]), "invalid_authorization_details", "{name} {value}");
    }
    for details in [
        good.to_string(),
        "[]".to_owned(),
        json!([good, good]).to_string(),
        json!([good]).to_string().replacen("\"mode\"", "\"mode\":\"assert\",\"mode\"", 1),
        format!("{}{}", json!([good]), " ".repeat(8 * 1024)),
        "null".to_owned(),
    ] {
        assert_eq!(refused(&bank, &details, &[]), "invalid_authorization_details", "{details:.80}");
    }
    let details = json!([good]).to_string();
    // in an address everybody on the way would have it
    assert_eq!(refused(&bank, &details, &[("response_mode", "query")]), "invalid_authorization_details");
    let pin = asked("relay", &[("holder", json!("pin")), ("claims", json!({ "required": ["photo"] }))]);
    assert_eq!(refused(&bank, &json!([pin]).to_string(), &[]), "invalid_authorization_details");
    for (name, value) in [
        ("challenge", json!(crate::portal::CHALLENGE)),
        ("proof", json!("unsigned")),
        // who could be told from nobody
        ("claims", json!({ "required": ["photo"], "optional": ["given_name"] })),
    ] {
        let details = json!([asked("assert", &[(name, value.clone())])]).to_string();
        assert_eq!(refused(&bank, &details, &[]), "invalid_authorization_details", "{name} {value}");
    }
    // not pushed, it is told in the answer
    let mut browser = running.browser();
    let details = json!([asked("assert", &[("purpose", json!("other"))])]).to_string();
    let answer = browser.get(&bank.party.authorize(&[("authorization_details", &details)]));
    assert_eq!(error(answer.location()), "invalid_authorization_details");
}

#[test]
fn the_platform_reads_no_more_than_its_own_statement_allows() {
    let zone = ClaimSet::new(Closure::of_group(DataGroup::Dg1)).unwrap();
    let running = Running::asking(bitaqa_platform::identity::Identity { claims: zone, ..identity() });
    let bank = Portal::registered(&running, "bank");
    let details = |mode| json!([asked(mode, &[])]).to_string();
    assert_eq!(refused(&bank, &details("assert"), &[]), "invalid_authorization_details");
    // who cannot read it needs no leave to
    let passed = [("authorization_details", &*details("relay")), ("response_mode", "form_post")];
    assert_eq!(bank.party.push(&passed).status, 201);
}

#[test]
fn a_platform_or_portal_without_identity_asks_nobody() {
    let running = Running::new();
    let bank = Portal::registered(&running, "bank");
    let details = json!([asked("relay", &[])]).to_string();
    assert_eq!(refused(&bank, &details, &[]), "invalid_authorization_details");
    let discovered = running.browser().get("/.well-known/openid-configuration").json();
    assert_eq!(discovered.get("authorization_details_types_supported"), None);

    let running = Running::asking(identity());
    let discovered = running.browser().get("/.well-known/openid-configuration").json();
    assert_eq!(discovered["authorization_details_types_supported"], json!(["bitaqa_identity"]));
    let ordinary = running.confidential("ordinary", "");
    let answer = ordinary.push(&[("authorization_details", &details), ("response_mode", "form_post")]);
    assert_eq!(answer.error(), "invalid_authorization_details");
}

#[test]
fn the_page_says_what_will_be_asked_and_who_can_read_in_four_languages() {
    let running = Running::asking(identity());
    let bank = Portal::registered(&running, "bank");
    for (mode, english, arabic) in [
        ("relay", "Only this site can read what you send.", "لا يقرأ ما ترسله إلا هذا الموقع."),
        ("assert", "This platform reads what you send,", "يُقرأ ما ترسله لدى هذه المنصة"),
    ] {
        let claims = json!({ "required": ["given_name", "age_over_18"], "optional": ["photo"] });
        let (mut browser, page) = at_the_step(&running, &bank, &asked(mode, &[("claims", claims)]));
        let said = browser.get(&format!("{page}?lang=en")).body;
        for words in [
            english,
            "Given names",
            "the age of 18",
            "Photo",
            "you may leave it out",
            "Open an account",
            "The site bank",
        ] {
            assert!(said.contains(words), "{words}: {said}");
        }
        assert!(!said.contains("This site will receive"), "what the window asks is not asked here");
        let said = browser.get(&page).body;
        assert!(said.contains(arabic) && said.contains("dir=\"rtl\"") && said.contains("فتح حساب"), "{said}");
        for language in ["fr", "zgh"] {
            let said = browser.get(&format!("{page}?lang={language}")).body;
            assert!(!said.contains("identity-") && !said.contains("chip-"), "{said}");
        }
    }
}

#[test]
fn scripts_and_forms_of_the_page_lead_to_the_portal_and_nowhere_else() {
    let running = Running::asking(identity());
    let bank = Portal::registered(&running, "bank");
    let (mut browser, page) = at_the_step(&running, &bank, &asked("relay", &[]));
    let policy = browser.get(&page).header("content-security-policy").unwrap().to_owned();
    assert!(
        policy.contains("form-action 'self' https:") && policy.contains("connect-src 'self'"),
        "{policy}"
    );
    // other pages do not
    let other = browser.get("/services").header("content-security-policy").unwrap().to_owned();
    assert!(other.ends_with("form-action 'self'"), "{other}");
}

#[test]
fn it_is_asked_each_time_and_never_in_silence() {
    let running = Running::asking(identity());
    let bank = Portal::registered(&running, "bank");
    let relay = asked("relay", &[]);
    let mut browser = running.browser();
    // signed in, and agreed to all that is asked otherwise
    let page = open(&mut browser, &bank.party.authorize(&[]));
    assert_eq!(show_card(&mut browser, &running.address, &page, "high", amina()).status, 200);
    assert_eq!(browser.get(&page).status, 303);
    assert_eq!(browser.get(&bank.party.authorize(&[])).status, 303);
    let silent = browser.get(&authorize(&bank, &relay, &[("prompt", "none")]));
    assert!(silent.body.contains("interaction_required"), "{}", silent.body);
    let page = open(&mut browser, &authorize(&bank, &relay, &[]));
    assert!(browser.get(&page).body.contains("identity.js"));
    // nobody is signed in: that is what is missing first
    let silent = running.browser().get(&authorize(&bank, &relay, &[("prompt", "none")]));
    assert!(silent.body.contains("login_required"), "{}", silent.body);
    // whoever refuses goes back with nothing
    let back = browser.post(&format!("{page}/cancel"), "", "");
    assert!(
        back.body.contains("access_denied") && back.body.contains(&bank.party.redirect_uri),
        "{}",
        back.body
    );
    assert_eq!(browser.post(&format!("{page}/identity"), "", "").status, 410);
}

#[test]
fn a_signed_request_carries_it_as_a_list() {
    let running = Running::asking(identity());
    let bank = Portal::registered(&running, "bank");
    let mut claims = bank.party.claims(&[("sub", Value::Null), ("client_id", json!("bank"))]);
    for (name, value) in bank.party.request(&[("response_mode", "form_post")]) {
        claims[name] = json!(value);
    }
    claims["authorization_details"] = json!([asked("relay", &[])]);
    let object = crate::relying_party::assertion(bank.party.key.as_ref().unwrap(), &claims);
    let parameters = [("client_id".to_owned(), "bank".to_owned()), ("request".to_owned(), object)];
    let address = format!("/authorize?{}", crate::relying_party::encode(&parameters));
    signed_in_for(&mut running.browser(), &running, &address);
}
