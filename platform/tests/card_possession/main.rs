//! Signing in by showing a card without its PIN: software cards answer the platform as a host and its person would.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

#[path = "../../../crates/trust/tests/test_pki/mod.rs"]
mod test_pki;

mod attacks;
#[path = "../browser/mod.rs"]
mod browser;
mod holder;
#[path = "../relying_party/mod.rs"]
mod relying_party;
#[path = "../running/mod.rs"]
mod running;

use bitaqa_platform::{clock::date_time, key_store::KeyStore};
use bitaqa_protocol::{Origin, PurposeId};
use bitaqa_trust::{
    Assurance, TrustPacks, statement,
    trust_pack::{self, PackContents, TrustPack},
};
use bitaqa_virtual_card::{CardSpec, spec::Hypothesis};
use holder::{Holder, Page, believing};
use relying_party::{RelyingParty, code, error, text};
use running::{Running, START, show_card};
use serde_json::{Value, json};
use test_pki::Template;

const HIGH: &str = "urn:bitaqa:acr:test:high";
const LOW: &str = "urn:bitaqa:acr:test:low";
const CLAIMS: &str = "claims = [\"name\", \"given_name\", \"family_name\", \"personal_number\"]\n";

/// Signs each request by itself (active authentication).
pub(crate) fn signing_chip() -> CardSpec {
    CardSpec::cnie_2(Hypothesis::IcaoOnly, 3)
}

/// Proves itself by a key of the platform alone (chip authentication).
pub(crate) fn answering_chip() -> CardSpec {
    CardSpec::cnie_2(Hypothesis::IasEccCam, 1)
}

/// The certificate of whoever holds these cards.
fn amina() -> Template {
    let name = Template::named(&[
        ("2.5.4.6", "MA"),
        ("2.5.4.4", "المثال"),
        ("2.5.4.42", "أمينة"),
        ("2.5.4.5", "PNOMA-AB123456"),
        ("2.5.4.3", "أمينة المثال"),
    ]);
    Template { name: name.name, ..Template::person() }
}

/// What the relying party gets where a page ends.
fn tokens(party: &RelyingParty, page: &mut Page<'_>) -> Value {
    let location = page.browser.get(&page.path).location().to_owned();
    party.redeem(&code(&location), &[]).json()
}

fn id_token(party: &RelyingParty, tokens: &Value) -> Value {
    party.id_token(&text(tokens, "id_token"))
}

#[test]
fn whoever_shows_a_card_without_its_pin_is_signed_in_at_the_level_low() {
    for spec in [signing_chip(), answering_chip()] {
        let platform = Running::asking(believing(&[&spec]));
        let office = platform.confidential("office", CLAIMS);
        let mut browser = platform.browser();
        let claims = json!({ "userinfo": { "personal_number": null } }).to_string();
        let request = office.pushed(&[("claims", &claims), ("claims_locales", "fr")]);
        let mut page = Page::of(&mut browser, &platform.address, &request);
        let shown = page.shown();
        for expected in [
            "id=\"start\"",
            "id=\"show-card\"",
            "/assets/card_possession.js",
            "Without a PIN",
            "With your PIN",
        ] {
            assert!(shown.contains(expected), "{expected} is missing in {shown}");
        }
        let answer = page.show(&mut Holder::of(&spec));
        assert_eq!((answer.status, &answer.json()["continue"]), (200, &json!(page.path)), "{}", answer.body);
        let tokens = tokens(&office, &mut page);
        let told = id_token(&office, &tokens);
        assert_eq!(
            (&told["acr"], &told["amr"], &told["holderVerification"]),
            (&json!(LOW), &json!(["sc"]), &json!("none"))
        );
        let userinfo = office.userinfo(&text(&tokens, "access_token")).json();
        assert_eq!(userinfo["personal_number"], "PNOMA-AB123456");
        assert_eq!(
            (&userinfo["name"], &userinfo["given_name"], &userinfo["family_name"]),
            (&json!("AMINA EXEMPLE"), &json!("AMINA"), &json!("EXEMPLE"))
        );
        // in Arabic, where nothing else is asked for
        let location = browser.get(&office.pushed(&[])).location().to_owned();
        let access = text(&office.redeem(&code(&location), &[]).json(), "access_token");
        let name = office.userinfo(&access).json()["name"].as_str().unwrap().to_owned();
        assert!(name.chars().any(|letter| matches!(letter, '\u{600}'..='\u{6ff}')), "{name}");
    }
}

#[test]
fn a_session_of_a_card_without_its_pin_is_stepped_up_by_the_pin() {
    let spec = answering_chip();
    let platform = Running::asking(believing(&[&spec]));
    let portal = platform.confidential("portal", "minimum_level = \"low\"\n");
    let tax = "\n[[service]]\nid = \"tax\"\nscope = \"tax\"\nlink = \"https://portal.example.ma/tax\"\nminimum_level = \"high\"\n\
               name = { ar = \"التصريح\", fr = \"Déclaration\", en = \"Tax return\" }\n";
    platform.replace(&portal, &format!("minimum_level = \"low\"\n{tax}"));
    let mut browser = platform.browser();
    let mut page = Page::of(&mut browser, &platform.address, &portal.pushed(&[]));
    assert_eq!(page.show(&mut Holder::of(&spec)).status, 200);
    let before = id_token(&portal, &tokens(&portal, &mut page));
    assert_eq!(before["acr"], LOW);
    // the service takes no card without its PIN, and the page offers none
    platform.later(30);
    let more = portal.pushed(&[("scope", "openid profile tax")]);
    let mut page = Page::of(&mut browser, &platform.address, &more);
    let shown = page.shown();
    assert!(shown.contains("id=\"start\"") && !shown.contains("id=\"show-card\""), "{shown}");
    assert!(shown.contains("show your card again") && !shown.contains("Without a PIN"), "{shown}");
    let answer = show_card(page.browser, &platform.address, &page.path, "high", amina());
    assert_eq!(answer.status, 200, "{}", answer.body);
    let tokens = tokens(&portal, &mut page);
    let after = id_token(&portal, &tokens);
    assert_eq!((&after["acr"], &after["holderVerification"]), (&json!(HIGH), &json!("pin")));
    assert_eq!(
        (&after["sub"], &after["sid"]),
        (&before["sub"], &before["sid"]),
        "the same person and session"
    );
    let name = |tokens: &Value| portal.userinfo(&text(tokens, "access_token")).json()["name"].clone();
    assert_eq!(name(&tokens), "أمينة المثال", "what the certificate says");
    // whoever shows the card again without the PIN does not lose what was known, nor what was shown
    platform.later(10);
    let again = portal.pushed(&[("prompt", "login"), ("claims_locales", "fr")]);
    let mut page = Page::of(&mut browser, &platform.address, &again);
    assert_eq!(page.show(&mut Holder::of(&spec)).status, 200);
    let lower = self::tokens(&portal, &mut page);
    assert_eq!(id_token(&portal, &lower)["acr"], LOW);
    assert_eq!(name(&lower), "أمينة المثال");
    let location = browser.get(&portal.pushed(&[("scope", "openid profile tax")])).location().to_owned();
    assert!(location.contains("code="), "{location}");
}

#[test]
fn the_same_person_has_one_account_whatever_they_show_first() {
    let spec = signing_chip();
    let platform = Running::asking(believing(&[&spec]));
    let portal = platform.confidential("portal", "");
    let subject = |of: &dyn Fn(&mut Page<'_>)| {
        let mut browser = platform.browser();
        let mut page = Page::of(&mut browser, &platform.address, &portal.pushed(&[]));
        of(&mut page);
        id_token(&portal, &tokens(&portal, &mut page))["sub"].clone()
    };
    let with_pin = |person: &dyn Fn() -> Template| {
        subject(&|page| {
            let answer = show_card(page.browser, &platform.address, &page.path, "high", person());
            assert_eq!(answer.status, 200);
        })
    };
    let by_pin = with_pin(&amina);
    let by_card = subject(&|page| assert_eq!(page.show(&mut Holder::of(&spec)).status, 200));
    assert_eq!(by_card, by_pin);
    assert_ne!(with_pin(&Template::person), by_pin, "another number");
}

#[test]
fn the_host_s_verification_believes_what_the_platform_says_of_itself() {
    let spec = signing_chip();
    let platform = Running::asking(believing(&[&spec]));
    let portal = platform.confidential("portal", "");
    let mut browser = platform.browser();
    let mut page = Page::of(&mut browser, &platform.address, &portal.pushed(&[]));
    let request = page.request();
    let signer = RelyingParty::new_key();
    let keys: Vec<Value> = platform
        .keys
        .statement_keys()
        .unwrap()
        .iter()
        .map(|published| json!({ "jwk": published.key, "not_before": START - 3_600, "not_after": START + 86_400 }))
        .collect();
    let origin = format!("http://{}", platform.address);
    let contents: PackContents = serde_json::from_value(json!({
        "schema": 1, "name": "national", "version": 1, "issued": START - 3_600, "expires": START + 86_400, "test": true,
        "signers": [signer.public()],
        "statement_issuers": [{ "iss": origin, "keys": keys, "origins": [origin] }],
    }))
    .unwrap();
    let pack = trust_pack::sign(&contents, signer.public(), &signer).unwrap();
    let packs = TrustPacks::new(vec![TrustPack::parse(&pack).unwrap()]);
    let verified = statement::verify(request.statement.as_str(), &packs, date_time(START)).unwrap();
    assert_eq!(verified.assurance, Assurance::Test);
    assert_eq!(verified.statement.legal_name.en.as_str(), "National platform");
    let told = request.claims.closure();
    let authorized = |origin: &str| {
        let purpose = PurposeId::parse("sign-in").unwrap();
        verified.authorize(&Origin::parse(origin).unwrap(), &purpose, &told).is_ok()
    };
    assert!(authorized(&origin));
    assert!(!authorized("https://portal.example.ma"));
}

#[test]
fn a_platform_that_does_not_ask_chips_offers_nothing_of_it() {
    let platform = Running::new();
    let portal = platform.confidential("portal", "");
    let mut browser = platform.browser();
    let mut page = Page::of(&mut browser, &platform.address, &portal.pushed(&[]));
    assert!(!page.shown().contains("show-card"));
    let begun = page.begin();
    assert_eq!((begun.status, &begun.json()["code"]), (403, &json!("factor-not-offered")));
    assert_eq!(page.bring(&json!({ "answer": "" })).json()["code"], "challenge-unknown");
    // and a portal that takes nothing else hears that it cannot be met
    let only = platform.confidential("only", "factors = [\"card-possession\"]\n");
    let location = browser.get(&only.pushed(&[])).location().to_owned();
    assert_eq!(error(&location), "unmet_authentication_requirements");
    let spec = signing_chip();
    let asking = Running::asking(believing(&[&spec]));
    let only = asking.confidential("only", "factors = [\"card-possession\"]\n");
    let mut browser = asking.browser();
    let mut page = Page::of(&mut browser, &asking.address, &only.pushed(&[]));
    let shown = page.shown();
    assert!(!shown.contains("id=\"start\"") && !shown.contains("With your PIN"), "{shown}");
    assert_eq!(page.show(&mut Holder::of(&spec)).status, 200);
    assert_eq!(id_token(&only, &tokens(&only, &mut page))["acr"], LOW);
}

#[test]
fn the_log_says_what_happened_and_nothing_about_the_person() {
    let spec = answering_chip();
    let platform = Running::asking(believing(&[&spec]));
    let portal = platform.confidential("portal", CLAIMS);
    let mut browser = platform.browser();
    let mut page = Page::of(&mut browser, &platform.address, &portal.pushed(&[]));
    assert_eq!(page.show(&mut Holder::of(&spec)).status, 200);
    assert_eq!(page.bring(&json!({ "answer": "x" })).json()["code"], "challenge-unknown");
    tokens(&portal, &mut page);
    let log = platform.log();
    assert!(log.contains("\"factor\":\"card-possession\"") && log.contains("challenge-unknown"), "{log}");
    let holder = spec.holder().unwrap();
    for personal in [holder.personal_number(), &holder.surname, &holder.given_name, &holder.document_number()]
    {
        assert!(!log.to_uppercase().contains(&personal.to_uppercase()), "{log}");
    }
}
