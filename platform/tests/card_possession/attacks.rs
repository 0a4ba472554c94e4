//! What must not sign anybody in.

use bitaqa_answers::AnswerError;
use bitaqa_protocol::{
    Challenge, Origin, PurposeId,
    claim::{Claim, ClaimSet, RequestedClaims},
    identity::{IdentityAnswer, IdentityRequest, ProofWanted, StatementText, answer::Document},
};
use bitaqa_virtual_card::{
    CardSpec,
    icao::order::{DocumentOrder, FaultOrder, SignerFault},
    pki::CountryKey,
    spec::Personality,
};
use serde_json::json;

use crate::{
    answering_chip,
    browser::Answer,
    holder::{Holder, Page, believing},
    running::{self, Running},
    signing_chip,
};

fn code(answer: &Answer) -> (u16, String) {
    let code = answer.json()["code"].as_str().unwrap_or_else(|| panic!("{}", answer.body)).to_owned();
    (answer.status, code)
}

fn refused(code: &str) -> (u16, String) {
    (403, code.to_owned())
}

fn ordered(spec: CardSpec, change: impl FnOnce(&mut DocumentOrder)) -> CardSpec {
    let mut order = spec.document.clone().unwrap_or_default();
    change(&mut order);
    spec.with_document(order)
}

fn copied(spec: CardSpec) -> CardSpec {
    ordered(spec, |order| order.faults = FaultOrder { copied: true, ..FaultOrder::default() })
}

/// A page that was changed asks the person for something else than the platform did, or on behalf of somebody else.
#[test]
fn an_answer_to_anything_but_what_was_asked_is_refused_and_uses_it_up() {
    let spec = signing_chip();
    let platform = Running::asking(believing(&[&spec]));
    let portal = platform.confidential("portal", "");
    let mut browser = platform.browser();
    let mut page = Page::of(&mut browser, &platform.address, &portal.pushed(&[]));
    let less = ClaimSet::new([Claim::PersonalNumber, Claim::GivenName, Claim::FamilyNameArabic]).unwrap();
    let less = RequestedClaims::new(less, ClaimSet::default()).unwrap();
    let other = page.request();
    let changes: [&dyn Fn(&mut IdentityRequest); 5] = [
        &|request| request.challenge = other.challenge.clone(),
        &|request| request.statement = other.statement.clone(),
        &|request| request.purpose = PurposeId::parse("open-account").unwrap(),
        &|request| request.claims = less.clone(),
        &|request| request.proof = ProofWanted::DataOnly,
    ];
    let mut holder = Holder::of(&spec);
    for change in changes {
        let right = page.request();
        let mut asked = right.clone();
        change(&mut asked);
        let answer = holder.answer(&page.origin, &asked);
        assert_eq!(code(&page.bring(&json!({ "answer": answer }))), refused("answer-to-another-request"));
        // and the right one comes too late
        let answer = holder.answer(&page.origin, &right);
        assert_eq!(code(&page.bring(&json!({ "answer": answer }))), refused("challenge-unknown"));
    }
    let asked = page.request();
    let elsewhere = Origin::parse("https://portal.example.ma").unwrap();
    let answer = holder.answer(&elsewhere, &asked);
    assert_eq!(code(&page.bring(&json!({ "answer": answer }))), refused("answer-to-another-request"));
    assert_eq!(page.browser.get(&page.path).status, 200, "nobody is signed in");
    assert!(!page.browser.cookies.contains_key("session"));
}

#[test]
fn copies_and_documents_that_are_no_card_of_an_issuer_are_refused() {
    let passport =
        ordered(CardSpec::new(Personality::PassportBac), |order| order.groups = Some(vec![1, 2, 11]));
    let of_bahrain = bahraini(CardSpec::new(Personality::Bahrain2025));
    let unknown = ordered(signing_chip(), |order| order.country_key = CountryKey::Rsa3072);
    // a country that is believed, too, signed a document of another one's state
    let signed_elsewhere = ordered(signing_chip(), |order| order.faults.signer = SignerFault::Bahraini);
    let without_number = ordered(signing_chip(), |order| order.groups = Some(vec![1, 2]));
    let believed = [&signing_chip(), &passport, &of_bahrain];
    let platform = Running::asking(believing(&believed));
    let portal = platform.confidential("portal", "");
    let mut browser = platform.browser();
    for (spec, expected) in [
        (copied(signing_chip()), "chip-proof-invalid"),
        (passport, "document-of-no-issuer"),
        (of_bahrain, "document-of-no-issuer"),
        (signed_elsewhere, "document-of-no-issuer"),
        (unknown, "document-not-genuine"),
        (without_number, "claim-missing"),
    ] {
        let mut page = Page::of(&mut browser, &platform.address, &portal.pushed(&[]));
        let answer = page.show(&mut Holder::of(&spec));
        assert_eq!(code(&answer), refused(expected), "{:?}", spec.personality);
        assert!(!answer.json()["remedy"].as_str().unwrap().is_empty());
        assert!(!page.browser.cookies.contains_key("session"));
    }
}

#[test]
fn a_card_signs_nobody_in_after_its_last_day() {
    // the zone says 2031-12-31; its signer's certificate is good for longer
    let platform = Running::asking(believing(&[&signing_chip()]));
    let portal = platform.confidential("portal", "");
    for (at, expected) in [("last day", 1_956_484_800), ("day after next", 1_956_614_400)] {
        platform.later(expected - running::now_at(&platform.address));
        let mut browser = platform.browser();
        let mut page = Page::of(&mut browser, &platform.address, &portal.pushed(&[]));
        let answer = page.show(&mut Holder::of(&signing_chip()));
        match at {
            "last day" => assert_eq!(answer.status, 200, "{}", answer.body),
            _ => assert_eq!(code(&answer), refused("document-expired")),
        }
    }
}

fn bahraini(spec: CardSpec) -> CardSpec {
    let json = json!({ "personality": "bahrain-2025", "person": "maryam" });
    let ordered: CardSpec = serde_json::from_value(json).unwrap();
    CardSpec { person: ordered.person, ..spec }
}

/// A host with all files of a chip, and no chip.
#[test]
fn whoever_has_only_the_files_of_a_card_is_not_signed_in() {
    let platform = Running::asking(believing(&[&signing_chip()]));
    let portal = platform.confidential("portal", "");
    let mut browser = platform.browser();
    let mut page = Page::of(&mut browser, &platform.address, &portal.pushed(&[]));
    let silent: [&dyn Fn(&mut IdentityAnswer); 2] =
        [&|answer| answer.proofs.active_authentication = None, &|answer| {
            answer.proofs.active_authentication = None;
            answer.host_asserted.chip_authentication = Some(true);
            let Document::Icao { groups, .. } = &mut answer.document else { panic!("made of a chip") };
            groups.retain(|group, _| group.number() < 14);
        }];
    for change in silent {
        let asked = page.request();
        let answer = Holder::of(&signing_chip()).changed(&page.origin, &asked, change);
        assert_eq!(code(&page.bring(&json!({ "answer": answer }))), refused("chip-proof-missing"));
    }
    // a copy of a chip that answers to the platform's key: it gets as far as the challenge
    let copy = copied(answering_chip());
    for forged in ["aYg=", "kAA="] {
        let asked = page.request();
        let answer = Holder::of(&copy).answer(&page.origin, &asked);
        let first = page.bring(&json!({ "answer": answer }));
        assert_eq!(first.status, 200, "{}", first.body);
        let members: Vec<String> = first.json().as_object().unwrap().keys().cloned().collect();
        assert_eq!(members, ["chipChallenge"], "nothing of the person, and no secret");
        let challenge = first.json()["chipChallenge"].as_str().unwrap().to_owned();
        assert!(chip_refuses(&copy, &page, &asked, &challenge));
        assert_eq!(code(&page.bring(&json!({ "chipProof": forged }))), refused("chip-proof-invalid"));
    }
    assert!(!page.browser.cookies.contains_key("session"));
}

fn chip_refuses(copy: &CardSpec, page: &Page<'_>, asked: &IdentityRequest, challenge: &str) -> bool {
    let refused = Holder::of(copy).try_chip_proof(&page.origin, asked, challenge);
    matches!(refused, Err(AnswerError::Card(_)))
}

#[test]
fn an_answer_and_a_proof_count_once_in_their_own_interaction_and_for_a_time() {
    let spec = answering_chip();
    let platform = Running::asking(believing(&[&spec]));
    let portal = platform.confidential("portal", "");
    let (mut mine, mut theirs) = (platform.browser(), platform.browser());
    let mut my_page = Page::of(&mut mine, &platform.address, &portal.pushed(&[]));
    let mut their_page = Page::of(&mut theirs, &platform.address, &portal.pushed(&[]));
    let mut holder = Holder::of(&spec);
    let first = |page: &mut Page<'_>, holder: &mut Holder| {
        let asked = page.request();
        let answer = holder.answer(&page.origin, &asked);
        let first = page.bring(&json!({ "answer": answer }));
        let challenge = first.json()["chipChallenge"].as_str().unwrap().to_owned();
        (answer, holder.chip_proof(&page.origin, &asked, &challenge))
    };
    // the proof of one interaction in another, which waits for a proof as well
    let (my_answer, my_proof) = first(&mut my_page, &mut holder);
    let _ = first(&mut their_page, &mut holder);
    assert_eq!(code(&their_page.bring(&json!({ "chipProof": my_proof }))), refused("chip-proof-invalid"));
    assert_eq!(code(&their_page.bring(&json!({ "chipProof": my_proof }))), refused("challenge-unknown"));
    // an answer where a proof is waited for
    assert_eq!(code(&my_page.bring(&json!({ "answer": my_answer }))), refused("chip-proof-malformed"));
    assert_eq!(code(&my_page.bring(&json!({ "chipProof": my_proof }))), refused("challenge-unknown"));
    // an answer of before, to a request of now
    my_page.request();
    assert_eq!(code(&my_page.bring(&json!({ "answer": my_answer }))), refused("answer-to-another-request"));
    // too late, each
    let asked = my_page.request();
    let answer = holder.answer(&my_page.origin, &asked);
    platform.later(301);
    assert_eq!(code(&my_page.bring(&json!({ "answer": answer }))), refused("challenge-unknown"));
    let (_, proof) = first(&mut my_page, &mut holder);
    platform.later(121);
    assert_eq!(code(&my_page.bring(&json!({ "chipProof": proof }))), refused("chip-proof-late"));
    // what was begun with one factor is not answered by the other
    let challenge = running::challenge(my_page.browser, &my_page.path);
    assert!(Challenge::parse(&challenge).is_ok());
    assert_eq!(code(&my_page.bring(&json!({ "answer": answer }))), refused("challenge-unknown"));
    my_page.request();
    let token = my_page.browser.post(&format!("{}/sign-in", my_page.path), "application/json", "{}");
    assert_eq!(code(&token), refused("challenge-unknown"));
    // and right nevertheless, once
    let (_, proof) = first(&mut my_page, &mut holder);
    assert_eq!(my_page.bring(&json!({ "chipProof": proof })).status, 200);
    assert_eq!(code(&my_page.bring(&json!({ "chipProof": proof }))), refused("challenge-unknown"));
    assert!(my_page.browser.cookies.contains_key("session"));
    assert!(!their_page.browser.cookies.contains_key("session"));
}

#[test]
fn only_what_is_an_answer_is_read_and_only_where_the_card_is_enough() {
    let spec = signing_chip();
    let platform = Running::asking(believing(&[&spec]));
    let portal = platform.confidential("portal", "");
    let mut browser = platform.browser();
    let mut page = Page::of(&mut browser, &platform.address, &portal.pushed(&[]));
    let asked = page.request();
    let answer = json!({ "answer": Holder::of(&spec).answer(&page.origin, &asked) });
    for kind in ["application/jose", "text/plain", ""] {
        assert_eq!(page.send(kind, &answer.to_string()).status, 415, "{kind}");
    }
    assert_eq!(page.bring(&json!({ "answer": "A".repeat(140_000) })).status, 413);
    let path = format!("{}/card-possession", page.path);
    let headers = [("origin", "https://evil.example"), ("content-type", "application/json")];
    assert_eq!(page.browser.raw("POST", &path, &headers, &answer.to_string()).status, 403);
    let begin = format!("{}/identity-request", page.path);
    assert_eq!(page.browser.raw("POST", &begin, &headers, "").status, 403);
    let mut another = platform.browser();
    assert_eq!(another.post(&path, "application/json", &answer.to_string()).status, 410);
    assert_eq!(page.bring(&answer).status, 200, "none of these used the request up");
    for (body, expected) in [
        ("", "answer-malformed"),
        ("{}", "answer-malformed"),
        ("{\"answer\":1}", "answer-malformed"),
        ("{\"answer\":\"a\",\"chipProof\":\"aYg=\"}", "answer-malformed"),
        ("{\"answer\":\"a\",\"more\":1}", "answer-malformed"),
        ("{\"chipProof\":\"aYg=\"}", "answer-malformed"),
        ("{\"answer\":\"no answer\"}", "answer-not-decrypted"),
    ] {
        assert_eq!(page.begin().status, 200);
        assert_eq!(code(&page.send("application/json", body)), refused(expected), "{body}");
    }
    // whoever asks for more than a card without its PIN shows does not get it
    let strict = platform.confidential("strict", "minimum_level = \"substantial\"\n");
    let mut browser = platform.browser();
    let mut page = Page::of(&mut browser, &platform.address, &strict.pushed(&[]));
    assert!(!page.shown().contains("show-card"));
    let mut asked = asked;
    let told = page.begin().json();
    asked.challenge = Challenge::parse(told["challenge"].as_str().unwrap()).unwrap();
    asked.statement = StatementText::parse(told["statement"].as_str().unwrap()).unwrap();
    let answer = Holder::of(&spec).answer(&page.origin, &asked);
    assert_eq!(code(&page.bring(&json!({ "answer": answer }))), refused("factor-not-offered"));
}
