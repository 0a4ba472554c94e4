//! The administration in the browser: who may look, what they see, and that what is done is what their key signed.

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

use std::fs;

use aes_gcm::{
    Aes256Gcm,
    aead::{Aead as _, KeyInit as _, Payload},
};
use bitaqa_jose::{Curve, JwsHeader, PrivateJwk, Signer as _, base64url, jws};
use bitaqa_platform::{
    administration::{Act, Draft, Operator, Operators, SignIn, Task, draft::MAX_AGE, sign_in::LIFETIME},
    secret::fill,
};
use bitaqa_protocol::Origin;
use browser::{Answer, Browser};
use relying_party::{FORM, encode};
use running::{Running, START};
use serde_json::{Value, json};

const PAGES: [&str; 6] = ["/", "/portals", "/portals/bank", "/services", "/keys", "/audit"];

/// What an operator's key signs to sign in.
fn word(running: &Running, key: &PrivateJwk) -> String {
    word_at(running, key, running::now_at(&running.address))
}

fn word_at(running: &Running, key: &PrivateJwk, now: i64) -> String {
    SignIn::new(key, &issuer(running), now).sign(key).unwrap()
}

fn issuer(running: &Running) -> Origin {
    Origin::parse(&format!("http://{}", running.address)).unwrap()
}

fn form(pairs: &[(&str, &str)]) -> String {
    let pairs: Vec<_> = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    encode(&pairs)
}

fn shows(browser: &mut Browser, signed: &str) -> Answer {
    browser.post("/sign-in?lang=en", FORM, &form(&[("signed", signed)]))
}

fn signed_in(running: &Running, key: &PrivateJwk) -> Browser {
    let mut browser = Browser::new(&running.administration);
    let answer = shows(&mut browser, &word(running, key));
    assert_eq!(answer.location(), "/?lang=en");
    browser
}

/// What a page says is to be signed, if it is one that does.
fn draft(browser: &mut Browser, id: &str, pairs: &[(&str, &str)]) -> Result<Draft, Answer> {
    let answer = browser.post(&format!("/portals/{id}/draft?lang=en"), FORM, &form(pairs));
    let Some(after) = answer.body.split("data-input=\"").nth(1) else { return Err(answer) };
    assert_eq!(answer.status, 200);
    Ok(Draft::parse(after.split('"').next().unwrap()).unwrap())
}

fn submit(browser: &mut Browser, id: &str, signed: &str) -> Answer {
    browser.post(&format!("/portals/{id}/entry?lang=en"), FORM, &form(&[("signed", signed)]))
}

/// The platform has the keys of a version that signed with ES256 alone.
fn keep_es256_alone(running: &Running) {
    let [keys, unsealing] = ["keys", "unsealing"].map(|name| running.folder().join(name));
    let unsealing = base64url::decode(fs::read_to_string(unsealing).unwrap().trim()).unwrap();
    let cipher = Aes256Gcm::new_from_slice(&unsealing).unwrap();
    let sealed = fs::read(&keys).unwrap();
    let (nonce, sealed) = sealed.split_first_chunk::<12>().unwrap();
    let aad = b"bitaqa-platform-keys-1";
    let text = cipher.decrypt(nonce.into(), Payload { msg: sealed, aad }).unwrap();
    let mut members: Value = serde_json::from_slice(&text).unwrap();
    members.as_object_mut().unwrap().remove("signing_rsa");
    let on_curves = members["signing"].as_array_mut().unwrap();
    on_curves.retain(|key| key["jwk"].as_str().unwrap().contains("P-256"));
    let text = members.to_string();
    let sealed = cipher.encrypt(nonce.into(), Payload { msg: text.as_bytes(), aad }).unwrap();
    fs::write(keys, [&nonce[..], &sealed].concat()).unwrap();
}

#[test]
fn what_a_registration_rests_on_is_looked_at_when_it_is_approved() {
    let running = Running::new();
    let staff = running.staff.clone();
    keep_es256_alone(&running);
    running.confidential("bank", "");
    let mut authoriser = signed_in(&running, &staff.authoriser);
    for (changes, said) in [
        (json!({ "/formats/id_token_signing": "RS256" }), "no key that signs with RS256"),
        (json!({ "/formats/userinfo_signing": "EdDSA" }), "no key that signs with EdDSA"),
        (
            json!({ "/sector_identifier_uri": "http://127.0.0.1:1/", "/sector": "127.0.0.1" }),
            "sector_identifier_uri: ",
        ),
    ] {
        let digest = running.at_the_desk(async |desk| {
            let client = desk.store.client("bank").await.unwrap().unwrap();
            let mut registration: Value = serde_json::from_str(&client.registration).unwrap();
            for (member, value) in changes.as_object().unwrap() {
                *registration.pointer_mut(member).unwrap() = value.clone();
            }
            let registration = serde_json::from_value(registration).unwrap();
            desk.propose(&staff.onboarder, "shop", &registration).await.unwrap()
        });
        let approve = [("work", "approve"), ("proposal", digest.as_str())];
        let signed = draft(&mut authoriser, "shop", &approve).unwrap().sign(&staff.authoriser).unwrap();
        let refused = submit(&mut authoriser, "shop", &signed);
        assert_eq!(refused.status, 409, "{changes}");
        assert!(refused.body.contains(said), "{changes}: {}", refused.body);
    }
}

#[test]
fn a_window_never_stays_empty_and_leads_nowhere_else() {
    let running = Running::new();
    let mut browser = Browser::new(&running.administration);
    let seen = [("sec-fetch-mode", "navigate"), ("accept-language", "fr")];
    for path in ["/nothing", "//evil.example/x", "///evil.example", "/%5Cevil.example"] {
        let shown = browser.raw("GET", path, &seen, "");
        assert_eq!(shown.status, 404, "{path}");
        assert!(
            shown.body.contains("<html lang=\"fr\"") && shown.body.contains("Cette page"),
            "{}",
            shown.body
        );
        for address in shown.body.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            let is_ours = address.starts_with('/') && !address.starts_with("//") && !address.contains('\\');
            assert!(is_ours || address == "#main", "{path}: {address}");
        }
    }
    assert_eq!(browser.raw("GET", "/nothing", &[], "").body, "");
}

#[test]
fn nobody_looks_who_is_not_signed_in() {
    let running = Running::new();
    running.confidential("bank", "");
    let mut stranger = Browser::new(&running.administration);
    for page in PAGES {
        let answer = stranger.get(&format!("{page}?lang=fr"));
        assert_eq!(answer.location(), "/sign-in?lang=fr", "{page}");
        assert_eq!(answer.body, "", "{page}");
    }
    for step in ["draft", "entry"] {
        let answer = stranger.post(&format!("/portals/bank/{step}"), FORM, &form(&[("work", "suspend")]));
        assert_eq!(answer.location(), "/sign-in?lang=ar", "{step}");
    }
    stranger.cookies.insert("operator".to_owned(), "A".repeat(43));
    assert_eq!(stranger.get("/").location(), "/sign-in?lang=ar");
    // nothing of it is at the public address
    let mut public = running.browser();
    for page in PAGES.into_iter().chain(["/sign-in", "/assets/operator.js", "/assets/administration.css"]) {
        // where the catalogue of services is, for everybody
        let expected = if page == "/services" { 200 } else { 404 };
        assert_eq!(public.get(page).status, expected, "{page}");
    }
    let mut operator = signed_in(&running, &running.staff.authoriser);
    for page in PAGES {
        let answer = operator.get(page);
        assert_eq!(answer.status, 200, "{page}");
        assert!(answer.body.contains("<html lang=\"ar\" dir=\"rtl\">"), "{page}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{page}");
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{page}");
    }
    assert!(running.log().contains("\"event\":\"operator-sign-in\",\"outcome\":\"accepted\""));
    assert_eq!(operator.get("/portals/nobody").status, 404);
    assert_eq!(operator.get("/portals/no%0Abody").status, 404);
    // what an operator's browser holds opens nothing at the public address
    public.cookies.insert("session".to_owned(), operator.cookies["operator"].clone());
    assert_eq!(public.get("/services").status, 200);
    let asked = running.public("shop", "").authorize(&[("prompt", "none")]);
    assert!(public.get(&asked).location().contains("login_required"));
}

#[test]
fn a_word_is_good_once_and_for_two_minutes_at_one_platform() {
    let running = Running::new();
    running.confidential("bank", "");
    let key = &running.staff.onboarder;
    let mut browser = Browser::new(&running.administration);
    let mut refused = |signed: &str, said: &str| {
        let answer = shows(&mut browser, signed);
        assert_eq!(answer.status, 403, "{said}");
        assert!(answer.body.contains(said), "{said}: {}", answer.body);
        assert!(browser.cookies.is_empty(), "{said}");
    };
    let used = word(&running, key);
    signed_in(&running, key);
    shows(&mut Browser::new(&running.administration), &used).location();
    refused(&used, "used before");
    refused(&word_at(&running, key, START - LIFETIME), "two minutes are over");
    refused(&word_at(&running, key, START + 31), "two minutes are over");
    let stranger = PrivateJwk::generate(Curve::Ed25519, &mut fill).unwrap();
    refused(&word(&running, &stranger), "No operator");
    let good = SignIn::new(key, &issuer(&running), START);
    let other = SignIn { aud: "http://127.0.0.1:1".to_owned(), ..good.clone() };
    refused(&other.sign(key).unwrap(), "another platform");
    let long = SignIn { exp: START + LIFETIME + 1, ..good.clone() };
    refused(&long.sign(key).unwrap(), "two minutes are over");
    // in another operator's name
    let other = SignIn { sub: running.staff.authoriser.public().thumbprint().to_string(), ..good.clone() };
    refused(&other.sign(key).unwrap(), "did not sign it");
    // something else that operators sign
    let entry = running.at_the_desk(async |desk| desk.store.entries().await.unwrap().pop().unwrap().text);
    refused(&entry, "nothing that an operator");
    let payload = serde_json::to_vec(&good).unwrap();
    let untyped = jws::sign(JwsHeader::new(key.algorithm(), "JWT"), &payload, key).unwrap();
    refused(&untyped, "nothing that an operator");
    refused("", "nothing that an operator");
    refused(&"x".repeat(3_000), "nothing that an operator");
    let answer = shows(&mut Browser::new(&running.administration), &"x".repeat(40_000));
    assert_eq!(answer.status, 413);
    assert!(
        running.log().contains("\"event\":\"operator-sign-in\",\"outcome\":\"refused\",\"code\":\"used\"")
    );
}

#[test]
fn a_session_ends_after_half_an_hour_by_signing_out_and_when_the_operator_is_taken_out() {
    let running = Running::new();
    let key = running.staff.onboarder.clone();
    let mut browser = signed_in(&running, &key);
    let held = browser.cookies.clone();
    assert_eq!(browser.get("/").status, 200);
    assert_eq!(browser.post("/sign-out?lang=en", FORM, "").location(), "/sign-in?lang=en");
    assert!(browser.cookies.is_empty());
    browser.cookies = held;
    assert_eq!(browser.get("/").location(), "/sign-in?lang=ar", "it ended at the platform, too");

    let mut browser = signed_in(&running, &key);
    running.later(30 * 60 - 1);
    assert_eq!(browser.get("/").status, 200);
    running.later(1);
    assert_eq!(browser.get("/").location(), "/sign-in?lang=ar");

    let mut browser = signed_in(&running, &key);
    let all: Vec<_> = running.staff.operators.iter().cloned().collect();
    let others = all.iter().filter(|operator| operator.name != "onboarder").cloned().collect();
    let other_key = PrivateJwk::generate(Curve::P256, &mut fill).unwrap();
    let changed = |change: &dyn Fn(&mut Operator)| {
        let mut changed = all.clone();
        changed.iter_mut().filter(|operator| operator.name == "onboarder").for_each(change);
        Operators::new(changed).unwrap()
    };
    let now = running::now_at(&running.address);
    for operators in [
        Operators::new(others).unwrap(),
        changed(&|operator| operator.until = Some(now)),
        changed(&|operator| operator.key = other_key.public().clone()),
    ] {
        let address = running.administration_of(operators);
        let mut elsewhere = Browser::new(&address);
        elsewhere.cookies.clone_from(&browser.cookies);
        assert_eq!(elsewhere.get("/").location(), "/sign-in?lang=ar");
    }
    let address = running.administration_of(running.staff.operators.clone());
    let mut elsewhere = Browser::new(&address);
    elsewhere.cookies.clone_from(&browser.cookies);
    assert_eq!(elsewhere.get("/").status, 200, "another process knows the session, too");
    assert_eq!(browser.get("/").status, 200);
}

#[test]
fn other_sites_can_do_nothing_and_other_names_lead_nowhere() {
    let running = Running::new();
    running.confidential("bank", "");
    let mut browser = signed_in(&running, &running.staff.authoriser);
    let cookie = Browser::new(&running.administration)
        .post("/sign-in", FORM, &form(&[("signed", &word(&running, &running.staff.authoriser))]))
        .header("set-cookie")
        .unwrap()
        .to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let signed = draft(&mut browser, "bank", &[("work", "suspend"), ("reason", "a test")])
        .unwrap()
        .sign(&running.staff.authoriser)
        .unwrap();
    let own = format!("http://{}", running.administration);
    for (path, body) in [
        ("/portals/bank/entry", form(&[("signed", &signed)])),
        ("/portals/bank/draft", form(&[("work", "suspend"), ("reason", "a test")])),
        ("/sign-in", form(&[("signed", &word(&running, &running.staff.onboarder))])),
        ("/sign-out", String::new()),
    ] {
        for headers in [
            &[("origin", "https://evil.example")][..],
            &[("origin", "null")],
            &[("origin", format!("http://{}", running.address).as_str())],
            &[("origin", own.as_str()), ("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "cross-site")],
            &[],
        ] {
            let headers = [headers, &[("content-type", FORM)]].concat();
            assert_eq!(browser.raw("POST", path, &headers, &body).status, 403, "{path} {headers:?}");
        }
    }
    assert_eq!(browser.get("/").status, 200, "still signed in");
    // a name that was made to lead here
    let port = running.administration.rsplit(':').next().unwrap();
    let mut rebound = Browser::new(&format!("localhost:{port}"));
    rebound.cookies.clone_from(&browser.cookies);
    let answer = rebound.get("/");
    assert_eq!(answer.status, 421);
    assert!(answer.body.contains(&own), "{}", answer.body);
    assert_eq!(submit(&mut browser, "bank", &signed).location(), "/portals/bank?lang=en");
}

#[test]
fn an_operator_does_in_the_browser_what_the_key_signed_and_nothing_else() {
    let running = Running::new();
    let bank = running.confidential("bank", "");
    let staff = &running.staff;
    let (mut onboarder, mut authoriser) =
        (signed_in(&running, &staff.onboarder), signed_in(&running, &staff.authoriser));
    let suspend = [("work", "suspend"), ("reason", "complaints about it")];
    let to_sign = draft(&mut authoriser, "bank", &suspend).unwrap();
    assert_eq!(bank.push(&[]).status, 201, "nothing is done yet");
    // another key, another operator's session, an altered entry
    let by_another = to_sign.sign(&staff.onboarder).unwrap();
    let signed = to_sign.sign(&staff.authoriser).unwrap();
    for (browser, text, said) in [
        (&mut authoriser, by_another.as_str(), "did not sign it"),
        (&mut onboarder, signed.as_str(), "another operator than"),
    ] {
        let answer = submit(browser, "bank", text);
        assert_eq!(answer.status, 409);
        assert!(answer.body.contains(said), "{said}: {}", answer.body);
    }
    assert_eq!(bank.push(&[]).status, 201);
    assert_eq!(submit(&mut authoriser, "bank", &signed).location(), "/portals/bank?lang=en");
    assert_eq!(bank.push(&[]).error(), "invalid_client");
    let page = authoriser.get("/portals/bank?lang=en").body;
    assert!(page.contains("complaints about it") && page.contains("Suspended since"), "{page}");
    // the same again is not what would be signed now
    let again = submit(&mut authoriser, "bank", &signed);
    assert!(again.body.contains("something happened since"), "{}", again.body);

    // an onboarder proposes to take it up again, an authoriser approves
    let refused = draft(&mut authoriser, "bank", &[("work", "resume")]).unwrap_err();
    assert!(refused.body.contains("this takes an onboarder"), "{}", refused.body);
    let resume = draft(&mut onboarder, "bank", &[("work", "resume")]).unwrap();
    let signed = resume.sign(&staff.onboarder).unwrap();
    submit(&mut onboarder, "bank", &signed).location();
    let page = authoriser.get("/portals/bank?lang=en").body;
    assert!(page.contains("It ends the suspension"), "{page}");
    let digest = page.split("name=\"proposal\" value=\"").nth(1).unwrap()[..64].to_owned();
    let approve = [("work", "approve"), ("proposal", digest.as_str())];
    assert!(draft(&mut onboarder, "bank", &approve).unwrap_err().body.contains("this takes an authoriser"));
    let other = [("work", "approve"), ("proposal", "00")];
    assert!(draft(&mut authoriser, "bank", &other).unwrap_err().body.contains("no proposal of that digest"));
    let signed = draft(&mut authoriser, "bank", &approve).unwrap().sign(&staff.authoriser).unwrap();
    submit(&mut authoriser, "bank", &signed).location();
    assert_eq!(bank.push(&[]).status, 201);

    // refused is refused
    let registration = running.at_the_desk(async |desk| {
        let client = desk.store.client("bank").await.unwrap().unwrap();
        let registration = client.registration.replace("Example Act, article 4", "Example Act, article 5");
        let registration = serde_json::from_str(&registration).unwrap();
        desk.propose(&staff.onboarder, "bank", &registration).await.unwrap()
    });
    let page = authoriser.get("/portals/bank?lang=en").body;
    let changes = page.split("facts changes").nth(1).unwrap().split("</dl>").next().unwrap().to_owned();
    assert_eq!(changes.matches("<dt>").count(), 1, "{changes}");
    assert!(changes.contains("article 4") && changes.contains("article 5"), "{changes}");
    let refuse = [("work", "refuse"), ("proposal", registration.as_str()), ("reason", "not that article")];
    let signed = draft(&mut authoriser, "bank", &refuse).unwrap().sign(&staff.authoriser).unwrap();
    submit(&mut authoriser, "bank", &signed).location();
    assert!(!authoriser.get("/portals/bank?lang=en").body.contains("facts changes"));
    let audit = authoriser.get("/audit?lang=en").body;
    assert!(audit.contains("All chains hold") && audit.contains("not that article"), "{audit}");
    for act in ["suspend", "propose", "approve", "refuse"] {
        let event = format!("\"event\":\"administration\",\"outcome\":\"{act}\",\"client\":\"bank\"");
        assert!(running.log().contains(&event), "{event}");
    }
}

#[test]
fn what_was_shown_too_long_ago_or_before_something_else_is_not_done() {
    let running = Running::new();
    running.confidential("bank", "");
    let key = &running.staff.authoriser;
    let suspend = [("work", "suspend"), ("reason", "a test")];
    let mut browser = signed_in(&running, key);
    let old = draft(&mut browser, "bank", &suspend).unwrap().sign(key).unwrap();
    running.later(MAX_AGE + 1);
    let answer = submit(&mut browser, "bank", &old);
    assert!(answer.body.contains("more than ten minutes ago"), "{}", answer.body);
    // in the future, or before the entry that it follows
    let fresh = draft(&mut browser, "bank", &suspend).unwrap();
    for (change, said) in [(60, "more than ten minutes ago"), (-MAX_AGE - 1, "ten minutes ago")] {
        let mut entry = fresh.entry.clone();
        entry.iat += change;
        let answer = submit(&mut browser, "bank", &entry.sign(key).unwrap());
        assert!(answer.body.contains(said), "{change}: {}", answer.body);
    }
    // a registration is not proposed with an entry alone, and nothing is signed for another portal's revision
    let mut entry = fresh.entry.clone();
    if let Act::Suspend { revision, .. } = &mut entry.act {
        *revision += 1;
    }
    let answer = submit(&mut browser, "bank", &entry.sign(key).unwrap());
    assert!(answer.body.contains("something happened since"), "{}", answer.body);
    // somebody signs in between, with the same key
    let signed = fresh.sign(key).unwrap();
    running.suspend("bank");
    let answer = submit(&mut browser, "bank", &signed);
    assert!(answer.body.contains("something happened since"), "{}", answer.body);
    assert!(draft(&mut browser, "nobody", &suspend).unwrap_err().status == 404);
    let none = draft(&mut browser, "bank", &[("work", "suspend"), ("reason", "a\u{202e}b")]).unwrap_err();
    assert!(none.body.contains("1 to 300 characters"), "{}", none.body);
    assert_eq!(draft(&mut browser, "bank", &[("work", "else")]).unwrap_err().status, 200);
}

#[test]
fn what_others_wrote_is_shown_as_text() {
    const MARKUP: &str = "<script>alert(2)</script>";
    let running = Running::new();
    let addresses = "redirect_uris = [\"https://xn--bnk-sna.example.ma/in\", \"https://bank.example.ma/in\"]\n\
                     sector = \"bank.example.ma\"\n";
    running.confidential("bank", addresses);
    running.at_the_desk(async |desk| {
        let client = desk.store.client("bank").await.unwrap().unwrap();
        let registration = client.registration.replace("The site bank", MARKUP);
        let registration = registration.replace("Example Act, article 4", &format!("{MARKUP} {MARKUP}"));
        let registration = serde_json::from_str(&registration).unwrap();
        desk.propose(&running.staff.onboarder, "bank", &registration).await.unwrap();
    });
    let mut browser = signed_in(&running, &running.staff.authoriser);
    let waiting = browser.get("/portals/bank?lang=en").body;
    assert_eq!(waiting.matches("punycode").count(), 2, "in what stays and in what counts: {waiting}");
    assert!(!waiting.contains("<script>") && waiting.contains("&#60;script&#62;alert(2)"), "{waiting}");
    let digest = waiting.split("name=\"proposal\" value=\"").nth(1).unwrap()[..64].to_owned();
    running.at_the_desk(async |desk| {
        desk.approve(&running.staff.authoriser, "bank", &digest).await.unwrap();
        desk.suspend(&running.staff.onboarder, "bank", MARKUP).await.unwrap();
    });
    let query = form(&[("lang", "en"), ("operator", MARKUP), ("portal", MARKUP), ("page", MARKUP)]);
    for page in PAGES {
        let shown = browser.get(&format!("{page}?{query}")).body;
        assert!(!shown.is_empty(), "{page}");
        assert!(!shown.contains("<script>"), "{page}: {shown}");
    }
    let shown = browser.get("/portals/bank?lang=en").body;
    assert!(shown.contains("&#60;script&#62;alert(2)"), "{shown}");
    let draft = browser.post(
        "/portals/bank/draft?lang=en",
        FORM,
        &form(&[("work", "suspend"), ("reason", "\"><script>alert(3)</script>")]),
    );
    assert!(!draft.body.contains("<script>") && draft.body.contains("alert(3)"), "{}", draft.body);
}

#[test]
fn long_lists_are_shown_a_page_at_a_time() {
    let running = Running::new();
    running.confidential("bank", "");
    let mut browser = signed_in(&running, &running.staff.authoriser);
    running.at_the_desk(async |desk| {
        for _ in 0..60 {
            desk.suspend(&running.staff.authoriser, "bank", "again").await.unwrap();
        }
    });
    let rows = |answer: &Answer| answer.body.matches("<tr").count() - 1;
    for (query, expected) in [
        ("", 25),
        ("page=3", 12),
        ("page=99", 12),
        ("page=0", 25),
        ("page=-1", 25),
        ("page=99999999999999999999999", 25),
        ("operator=onboarder", 1),
        ("portal=bank&operator=authoriser&page=3", 11),
    ] {
        let answer = browser.get(&format!("/audit?lang=en&{query}"));
        assert_eq!(rows(&answer), expected, "{query}");
    }
    assert!(browser.get("/audit?lang=en&operator=nobody").body.contains("nothing to show"));
    let answer = browser.get("/audit?lang=en&portal=bank&page=2");
    assert!(answer.body.contains("/audit?portal=bank&#38;page=3&#38;lang=en"), "{}", answer.body);
}

#[test]
fn the_trail_says_when_it_does_not_hold() {
    let running = Running::new();
    running.confidential("bank", "");
    let mut browser = signed_in(&running, &running.staff.authoriser);
    assert!(browser.get("/audit?lang=en").body.contains("All chains hold"));
    let stranger = PrivateJwk::generate(Curve::P256, &mut fill).unwrap();
    running.at_the_desk(async |desk| {
        let mut forged = Draft::parse(
            desk.draft(
                desk.operators.named("authoriser").unwrap(),
                &Task::Suspend { client: "bank".to_owned(), reason: "<script>alert(1)</script>".to_owned() },
            )
            .await
            .unwrap()
            .signing_input(),
        )
        .unwrap()
        .entry;
        forged.number += 1;
        let text = forged.sign(&stranger).unwrap();
        assert!(desk.store.add_entry("authoriser", forged.number, &text).await.unwrap());
    });
    let shown = browser.get("/audit?lang=en").body;
    assert!(shown.contains("The audit trail does not hold"), "{shown}");
    for fault in ["entries 2 to 2 are gone", "did not sign it"] {
        assert!(shown.contains(fault), "{fault}: {shown}");
    }
    assert!(shown.contains("&#60;script&#62;alert(1)") && !shown.contains("<script>alert"), "{shown}");
}
