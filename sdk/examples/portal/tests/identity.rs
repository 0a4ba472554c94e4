//! Identity on request over HTTP: software cards answer the portal as a host and its person would.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test ends where it cannot go on"
)]

#[path = "../../../../crates/trust/tests/test_pki/mod.rs"]
mod test_pki;

mod browser;
mod person;
mod running;

use bitaqa_protocol::{
    PurposeId,
    claim::{Claim, ClaimSet, RequestedClaims},
    identity::{IdentityRequest, ProofWanted, StatementText},
};
use bitaqa_virtual_card::{
    CardSpec,
    icao::order::{DocumentOrder, FaultOrder},
    pki::CountryKey,
    spec::{Hypothesis, Personality},
};
use browser::{Answer, Browser};
use person::{Desk, Person};
use running::{Running, challenge, code};

/// Signs each request by itself (active authentication).
fn signing_chip() -> CardSpec {
    CardSpec::new(Personality::Bahrain2025)
}

/// Proves itself by a key of the server alone (chip authentication).
fn answering_chip() -> CardSpec {
    CardSpec::cnie_2(Hypothesis::IasEccCam, 1)
}

/// A portal that believes this card's country, and what it is told by.
fn asking_for(spec: &CardSpec) -> (Desk, Running) {
    let desk = Desk::believing(spec);
    let portal = Running::asking(desk.settings());
    (desk, portal)
}

fn request(browser: &mut Browser) -> IdentityRequest {
    let answer = browser.post("/identity/request", "");
    assert_eq!(answer.status, 200, "{}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}

fn deliver(browser: &mut Browser, answer: &str) -> Answer {
    browser.request("POST", "/identity/answer?lang=en", &[("content-type", "application/jose")], answer)
}

fn prove(browser: &mut Browser, proof: &str) -> Answer {
    let body = serde_json::json!({ "chipProof": proof }).to_string();
    browser.request("POST", "/identity/proof?lang=en", &[("content-type", "application/json")], &body)
}

fn is_identified(browser: &mut Browser) -> bool {
    let page = browser.get("/?lang=en").body;
    let (told, asks) = (page.contains("You said who you are"), page.contains("id=\"identify\""));
    assert_ne!(told, asks, "{page}");
    told
}

#[test]
fn somebody_says_who_they_are_and_the_page_shows_it() {
    let spec = signing_chip();
    let (desk, portal) = asking_for(&spec);
    let mut browser = portal.browser();
    let page = browser.get("/?lang=en").body;
    assert!(page.contains("id=\"identify\"") && page.contains("src=\"/assets/identify.js\""), "{page}");
    let asked = "{\"claims\":{\"required\":[\"given_name\",\"family_name\",\"age_over_18\"]";
    assert!(page.contains(asked), "the script passes on what the server asks: {page}");
    let request = request(&mut browser);
    assert_eq!(request.proof, ProofWanted::ChipAuthentication);
    let before = browser.cookie.clone();
    let answer = deliver(&mut browser, &Person::holding(&spec).answer(&desk, &portal.origin(), &request));
    assert_eq!((answer.status, answer.body.as_str()), (200, "{\"identified\":true}"));
    assert_ne!(browser.cookie, before, "the session has a new name");

    let page = browser.get("/?lang=en").body;
    let name = spec.holder().unwrap().surname.to_uppercase();
    for expected in [name.as_str(), "18 or older?", ">yes<", ">low<", "not checked", "<strong>TEST</strong>"]
    {
        assert!(page.contains(expected), "{expected} is missing in {page}");
    }
    assert!(!page.contains("identify.js") && page.contains("id=\"start\""), "{page}");
    let mut old = portal.browser();
    old.cookie = before;
    assert!(!is_identified(&mut old));
    // and forgotten
    assert_eq!(browser.post("/sign-out?lang=en", "").status, 303);
    assert!(!is_identified(&mut browser));
}

#[test]
fn a_chip_that_does_not_sign_proves_itself_in_a_second_call() {
    let spec = answering_chip();
    let (desk, portal) = asking_for(&spec);
    let mut browser = portal.browser();
    let mut person = Person::holding(&spec);
    let asked = request(&mut browser);
    let sealed = person.answer(&desk, &portal.origin(), &asked);
    let first = deliver(&mut browser, &sealed);
    assert_eq!(first.status, 200, "{}", first.body);
    let members: Vec<String> = first.json().as_object().unwrap().keys().cloned().collect();
    assert_eq!(members, ["chipChallenge"], "nothing of the person, and no secret");
    assert!(!is_identified(&mut browser));
    let challenge = first.json()["chipChallenge"].as_str().unwrap().to_owned();
    let proof = person.chip_proof(&desk, &portal.origin(), &asked, &challenge);
    // a session that was named otherwise has no part in it
    assert_eq!(code(&prove(&mut portal.browser(), &proof)), "request-not-open");
    let second = prove(&mut browser, &proof);
    assert_eq!((second.status, second.body.as_str()), (200, "{\"identified\":true}"));
    assert!(is_identified(&mut browser));
    // both counted once
    assert_eq!(code(&prove(&mut browser, &proof)), "request-not-open");
    assert_eq!(code(&deliver(&mut browser, &sealed)), "request-not-open");
}

#[test]
fn what_does_not_prove_the_chip_uses_the_first_step_up() {
    let spec = answering_chip();
    let (desk, portal) = asking_for(&spec);
    for (seconds, forge, code_and_status) in [
        (0, Some("aYg="), ("chip-proof-invalid", 403)),
        (0, Some("no base64"), ("chip-proof-malformed", 400)),
        (121, None, ("request-not-open", 403)),
    ] {
        let mut browser = portal.browser();
        let mut person = Person::holding(&spec);
        let asked = request(&mut browser);
        let first = deliver(&mut browser, &person.answer(&desk, &portal.origin(), &asked));
        let challenge = first.json()["chipChallenge"].as_str().unwrap().to_owned();
        let proof = person.chip_proof(&desk, &portal.origin(), &asked, &challenge);
        portal.later(seconds);
        let second = prove(&mut browser, forge.unwrap_or(&proof));
        assert_eq!((code(&second).as_str(), second.status), code_and_status, "{forge:?}");
        // the right one comes too late
        assert_eq!(code(&prove(&mut browser, &proof)), "request-not-open");
        assert!(!is_identified(&mut browser));
    }
}

#[test]
fn a_request_is_answered_once_within_five_minutes_and_by_its_own_session() {
    let spec = signing_chip();
    let (desk, portal) = asking_for(&spec);
    let answered = |browser: &mut Browser| {
        let asked = request(browser);
        Person::holding(&spec).answer(&desk, &portal.origin(), &asked)
    };
    let (mut mine, mut theirs) = (portal.browser(), portal.browser());
    let (my_answer, their_answer) = (answered(&mut mine), answered(&mut theirs));
    assert_eq!(code(&deliver(&mut portal.browser(), &my_answer)), "request-not-open");
    assert_eq!(code(&deliver(&mut mine, &their_answer)), "answer-to-another-request");
    // an attempt that failed has used the request up
    assert_eq!(code(&deliver(&mut mine, &my_answer)), "request-not-open");
    assert_eq!(deliver(&mut theirs, &their_answer).status, 200);
    assert_eq!(code(&deliver(&mut theirs, &their_answer)), "request-not-open");
    let late = answered(&mut mine);
    portal.later(301);
    assert_eq!(code(&deliver(&mut mine, &late)), "request-not-open");
    // only the latest of a session is open
    let older = answered(&mut mine);
    let newer = answered(&mut mine);
    assert_eq!(code(&deliver(&mut mine, &older)), "answer-to-another-request");
    assert_eq!(code(&deliver(&mut mine, &newer)), "request-not-open");
}

/// A page that was changed asks the person for something else than its server did.
#[test]
fn an_answer_to_anything_but_what_the_server_asked_is_refused() {
    let spec = signing_chip();
    let (desk, portal) = asking_for(&spec);
    let less = ClaimSet::new([Claim::GivenName, Claim::FamilyName]).unwrap();
    let less = RequestedClaims::new(less, ClaimSet::default()).unwrap();
    let changes: [&dyn Fn(&mut IdentityRequest); 4] = [
        &|request| request.statement = StatementText::parse("e30.e30.BBBB").unwrap(),
        &|request| request.purpose = PurposeId::parse("other").unwrap(),
        &|request| request.claims = less.clone(),
        &|request| request.proof = ProofWanted::DataOnly,
    ];
    let mut browser = portal.browser();
    for change in changes {
        let mut asked = request(&mut browser);
        change(&mut asked);
        let answer = deliver(&mut browser, &Person::holding(&spec).answer(&desk, &portal.origin(), &asked));
        assert_eq!((answer.status, code(&answer).as_str()), (403, "answer-to-another-request"));
        assert!(answer.json()["remedy"].as_str().unwrap().contains("five minutes"), "{}", answer.body);
    }
    assert!(!is_identified(&mut browser));
}

#[test]
fn copies_and_documents_of_unknown_countries_are_refused() {
    let faults = FaultOrder { copied: true, ..FaultOrder::default() };
    let order = DocumentOrder { faults, ..signing_chip().document.unwrap_or_default() };
    let copy = CardSpec { document: Some(order), ..signing_chip() };
    // of another authority
    let order = DocumentOrder { country_key: CountryKey::Rsa3072, ..DocumentOrder::default() };
    let foreign = CardSpec { document: Some(order), ..signing_chip() };
    let (desk, portal) = asking_for(&copy);
    let mut browser = portal.browser();
    for (spec, expected) in [(copy, "chip-proof-invalid"), (foreign, "document-not-genuine")] {
        let asked = request(&mut browser);
        let answer = deliver(&mut browser, &Person::holding(&spec).answer(&desk, &portal.origin(), &asked));
        assert_eq!((answer.status, code(&answer).as_str()), (403, expected));
    }
    assert!(!is_identified(&mut browser));
}

#[test]
fn the_statement_is_that_of_the_moment_and_without_one_nobody_is_asked() {
    let spec = signing_chip();
    let (desk, portal) = asking_for(&spec);
    let mut browser = portal.browser();
    let first = request(&mut browser);
    desk.write("statement.jwt", b"e30.e30.BBBB\n");
    let answer = Person::holding(&spec).answer(&desk, &portal.origin(), &first);
    assert_eq!(deliver(&mut browser, &answer).status, 200, "the session kept the statement that it gave out");
    assert_eq!(request(&mut browser).statement.as_str(), "e30.e30.BBBB");
    for useless in [&b"no statement"[..], &[b'A'; 40_000]] {
        desk.write("statement.jwt", useless);
        assert_eq!(browser.post("/identity/request", "").status, 503);
    }
}

#[test]
fn only_the_portals_own_pages_ask_and_only_what_is_an_answer_is_read() {
    let spec = signing_chip();
    let (desk, portal) = asking_for(&spec);
    let mut browser = portal.browser();
    let asked = request(&mut browser);
    for path in ["/identity/request", "/identity/answer", "/identity/proof"] {
        let headers = [("origin", "https://evil.example"), ("content-type", "application/jose")];
        assert_eq!(browser.raw("POST", path, &headers, "").status, 403, "{path}");
        assert_eq!(browser.get(path).status, 405, "{path}");
    }
    let form = [("content-type", "text/plain")];
    assert_eq!(browser.request("POST", "/identity/answer", &form, "").status, 415);
    assert_eq!(browser.request("POST", "/identity/proof", &form, "{}").status, 415);
    assert_eq!(deliver(&mut browser, &"A".repeat(300_000)).status, 413);
    let answer = Person::holding(&spec).answer(&desk, &portal.origin(), &asked);
    assert_eq!(deliver(&mut browser, &answer).status, 200, "none of these used the request up");
    request(&mut browser);
    assert_eq!(code(&deliver(&mut browser, "no answer")), "answer-not-decrypted");
    assert!(browser.get("/assets/identify.js").body.contains("chipAuthentication"));
}

#[test]
fn a_portal_that_was_not_told_how_does_not_ask() {
    let portal = Running::new("");
    let mut browser = portal.browser();
    for path in ["/identity/request", "/identity/answer", "/identity/proof"] {
        assert_eq!(browser.post(path, "").status, 404, "{path}");
    }
    assert!(!browser.get("/").body.contains("identify"));
}

#[test]
fn who_signs_in_does_not_see_who_was_there_before() {
    let spec = signing_chip();
    let (desk, portal) = asking_for(&spec);
    let mut browser = portal.browser();
    let asked = request(&mut browser);
    let answer = Person::holding(&spec).answer(&desk, &portal.origin(), &asked);
    assert_eq!(deliver(&mut browser, &answer).status, 200);
    let challenge = challenge(&mut browser);
    assert_eq!(browser.sign_in(&portal.token(&challenge)).status, 200);
    let page = browser.get("/?lang=en").body;
    assert!(page.contains("You are signed in") && page.contains("id=\"identify\""), "{page}");
    assert!(!page.contains(&spec.holder().unwrap().surname.to_uppercase()), "{page}");
}

#[test]
fn the_log_says_what_happened_and_nothing_about_the_person() {
    let spec = signing_chip();
    let (desk, portal) = asking_for(&spec);
    let mut browser = portal.browser();
    let asked = request(&mut browser);
    let answer = Person::holding(&spec).answer(&desk, &portal.origin(), &asked);
    assert_eq!(deliver(&mut browser, &answer).status, 200);
    deliver(&mut browser, &answer);
    let log = portal.log();
    let lines: Vec<serde_json::Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let [accepted, refused] = &lines[..] else { panic!("{log}") };
    assert_eq!((&accepted["event"], &accepted["outcome"]), (&"identity".into(), &"accepted".into()));
    assert_eq!((&accepted["level"], &accepted["chip"]), (&"low".into(), &"active-authentication".into()));
    assert_eq!((&refused["outcome"], &refused["code"]), (&"refused".into(), &"request-not-open".into()));
    let holder = spec.holder().unwrap();
    for personal in [&holder.surname, &holder.document_number(), &asked.challenge.as_str().to_owned()] {
        assert!(!log.to_uppercase().contains(&personal.to_uppercase()), "{log}");
    }
}
