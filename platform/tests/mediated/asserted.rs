//! `assert`: the platform reads, makes sure whose chip it is, and gives the portal what it asked for.

use bitaqa_answers::authority;
use bitaqa_jose::base64url;
use bitaqa_platform::identity::Identity;
use bitaqa_protocol::Claim;
use bitaqa_trust::{
    csca_store::{CscaStore, CscaStoreBuilder},
    icao_pki::IcaoCertificate,
};
use bitaqa_virtual_card::{
    CardSpec,
    icao::order::{DocumentOrder, SignerFault},
    spec::{Holder, Hypothesis},
};
use serde_json::json;

use crate::{
    browser::{Answer, Browser},
    portal::{
        Computer, Portal, answered, asked, at_the_step, bring, card, hand, id_token, identity, joined, only,
        tokens,
    },
    relying_party::{answered as parameters_of, text},
    running::{Running, START},
};

#[test]
fn the_portal_gets_what_it_asked_for_in_userinfo_and_nothing_else() {
    let running = Running::asking_in_a_file(identity());
    let bank = Portal::registered(&running, "bank");
    let claims = json!({ "required": ["family_name", "age_over_18"] });
    let asked = asked("assert", &[("claims", claims.clone())]);
    let (mut browser, page) = at_the_step(&running, &bank, &asked);
    let joined = joined(&mut browser, &page);
    let answer = answered(&running, &joined, &asked, &card());
    let tokens = tokens(&bank, &hand(&mut browser, &page, &answer));
    let claims_of_token = id_token(&bank, &tokens);
    assert_eq!(claims_of_token.get("identity"), None, "ID tokens come back in addresses");
    assert_eq!(claims_of_token.get("identity_answer_hash"), None);
    assert_eq!(tokens["authorization_details"][0]["mode"], "assert");
    let told = bank.party.userinfo(&text(&tokens, "access_token")).json();
    let expected = json!({
        "purpose": "open-account", "level": "low", "assurance": "test", "chip": "active-authentication",
        "holderVerification": "none", "at": told["identity"]["at"],
        "claims": {
            "family_name": { "value": "EXEMPLE", "provenance": "issuer-signed", "group": "dg1" },
            "age_over_18": { "value": true, "provenance": "derived", "group": "dg1" },
        },
    });
    assert_eq!(told["identity"], expected);
    // the rest of the zone is nowhere, and what is kept is sealed
    let written = running.written();
    let number = card().holder().unwrap().document_number();
    for needle in ["EXEMPLE", "900101", "1990-01-01", &number, &answer[answer.len() - 64..]] {
        let holds = |content: &[u8]| content.windows(needle.len()).any(|part| part == needle.as_bytes());
        assert!(
            written.values().all(|content| !holds(content)) && !holds(running.log().as_bytes()),
            "{needle}"
        );
    }
    assert!(running.log().contains("\"event\":\"identity\",\"outcome\":\"asserted\",\"client\":\"bank\""));
}

#[test]
fn what_the_registration_no_longer_has_is_not_told_any_more() {
    let running = Running::asking(identity());
    let bank = Portal::registered(&running, "bank");
    let asked = asked("assert", &[]);
    let (mut browser, page) = at_the_step(&running, &bank, &asked);
    let joined = joined(&mut browser, &page);
    let answer = answered(&running, &joined, &asked, &card());
    let tokens = tokens(&bank, &hand(&mut browser, &page, &answer));
    let access = text(&tokens, "access_token");
    assert!(bank.party.userinfo(&access).json()["identity"]["claims"]["photo"]["value"]["data"].is_string());
    bank.narrowed(&running, &only(&[Claim::GivenName]));
    let told = bank.party.userinfo(&access).json();
    let claims: Vec<&String> = told["identity"]["claims"].as_object().unwrap().keys().collect();
    assert_eq!(claims, ["given_name"]);
    running.suspend("bank");
    assert_eq!(bank.party.userinfo(&access).status, 401);
}

#[test]
fn an_answer_goes_by_address_too_and_lives_no_longer_than_it_takes_to_fetch() {
    let running = Running::asking(identity());
    let bank = Portal::registered(&running, "bank");
    let asked = asked("assert", &[]);
    let mut browser = running.browser();
    let changes = [("response_mode", "query"), ("scope", "openid offline_access"), ("prompt", "consent")];
    let page = crate::portal::signed_in_for(
        &mut browser,
        &running,
        &crate::portal::authorize(&bank, &asked, &changes),
    );
    let joined = joined(&mut browser, &page);
    let answer = answered(&running, &joined, &asked, &card());
    let leads = hand(&mut browser, &page, &answer);
    assert_eq!(leads.status, 200, "{}", leads.body);
    let to = leads.json()["to"].as_str().unwrap().to_owned();
    assert!(to.starts_with(&bank.party.redirect_uri));
    let tokens = bank.party.redeem(&parameters_of(&to)["code"], &[]).json();
    assert_eq!(tokens.get("refresh_token"), None);
    assert_eq!(tokens["scope"], "openid");
}

#[test]
fn the_state_that_a_document_names_has_to_have_signed_it() {
    let maryam = CardSpec { person: Holder::Named("maryam".to_owned()), ..card() };
    let countries = believed(&[card(), maryam]);
    let running = Running::asking(Identity { countries, ..identity() });
    let bank = Portal::registered(&running, "bank");
    let asked = asked("assert", &[]);
    let (mut browser, page) = at_the_step(&running, &bank, &asked);
    // it names the state and the number of the person who is signed in, and another believed country signed it
    let mut order = DocumentOrder::default();
    order.faults.signer = SignerFault::Bahraini;
    let joined = joined(&mut browser, &page);
    let answer = answered(&running, &joined, &asked, &card().with_document(order));
    let refused = hand(&mut browser, &page, &answer);
    assert_eq!((refused.status, &refused.json()["code"]), (403, &json!("not-linked")), "{}", refused.body);
}

#[test]
fn a_card_asserts_nothing_after_its_last_day() {
    let running = Running::asking(identity());
    let bank = Portal::registered(&running, "bank");
    let asked = asked("assert", &[]);
    // the zone says 2031-12-31, and the day ends last in the west
    running.later(1_956_614_400 - START);
    let (mut browser, page) = at_the_step(&running, &bank, &asked);
    let joined = joined(&mut browser, &page);
    let answer = answered(&running, &joined, &asked, &card());
    let refused = hand(&mut browser, &page, &answer);
    assert_eq!(
        (refused.status, &refused.json()["code"]),
        (403, &json!("document-expired")),
        "{}",
        refused.body
    );
}

#[test]
fn a_chip_that_is_not_the_persons_who_is_signed_in_is_refused() {
    let running = Running::asking(identity());
    let bank = Portal::registered(&running, "bank");
    let asked = asked("assert", &[]);
    let (mut browser, page) = at_the_step(&running, &bank, &asked);
    for (other, code) in [
        (card().for_person("youssef"), "not-linked"),
        // a country that the platform does not believe
        (CardSpec { person: Holder::Named("maryam".to_owned()), ..card() }, "document-not-genuine"),
    ] {
        let joined = joined(&mut browser, &page);
        let answer = answered(&running, &joined, &asked, &other);
        let refused = hand(&mut browser, &page, &answer);
        assert_eq!(refused.status, 403, "{}", refused.body);
        let said = refused.json();
        assert_eq!(said["code"], code, "{said}");
        assert!(!said["remedy"].as_str().unwrap().is_empty());
        assert!(
            running
                .log()
                .contains(&format!("\"outcome\":\"refused\",\"client\":\"bank\",\"code\":\"{code}\""))
        );
    }
    // the person may put their own card in
    let joined = joined(&mut browser, &page);
    let answer = answered(&running, &joined, &asked, &card());
    assert_eq!(hand(&mut browser, &page, &answer).status, 200);
}

/// Proves itself by a key of the platform alone, and no other way.
fn answering() -> CardSpec {
    CardSpec::cnie_2(Hypothesis::IasEccCam, 1)
}

#[test]
fn a_chip_that_answers_to_the_platforms_key_alone_proves_itself_in_a_second_call() {
    let running = Running::asking_in_a_file(Identity { countries: believed(&[answering()]), ..identity() });
    let bank = Portal::registered(&running, "bank");
    let asked = asked("assert", &[("proof", json!("chip-authentication"))]);
    let (mut browser, page) = at_the_step(&running, &bank, &asked);
    let joined = joined(&mut browser, &page);
    let mut computer = Computer::with(&answering());
    let answer = computer.answer(&running, &joined, &asked);
    let goes_on = hand(&mut browser, &page, &answer);
    assert_eq!(goes_on.status, 200, "{}", goes_on.body);
    // the answer waits sealed: neither it nor what it would be in base64, wherever it begins
    let written = running.written();
    let mut needles = vec![answer[answer.len() - 64..].to_owned()];
    needles
        .extend((0..3).map(|from| base64url::encode(&answer.as_bytes()[answer.len() - 66 + from..][..60])));
    for needle in needles {
        let needle = needle.as_bytes();
        assert!(written.values().all(|content| !content.windows(needle.len()).any(|part| part == needle)));
    }
    let proof = computer.proof(&running, &joined, &goes_on.json()["chipChallenge"]);
    let tokens = tokens(&bank, &bring(&mut browser, &page, &json!({ "chipProof": proof })));
    let told = bank.party.userinfo(&text(&tokens, "access_token")).json();
    assert_eq!(told["identity"]["chip"], "chip-authentication");
    assert_eq!(told["identity"]["claims"]["family_name"]["value"], "EXEMPLE");
    assert_eq!(bring(&mut browser, &page, &json!({ "chipProof": proof })).status, 410);
}

#[test]
fn a_proof_counts_once_for_the_challenge_that_it_answers() {
    let running = Running::asking(Identity { countries: believed(&[answering()]), ..identity() });
    let bank = Portal::registered(&running, "bank");
    let asked = asked("assert", &[("proof", json!("chip-authentication"))]);
    let (mut browser, page) = at_the_step(&running, &bank, &asked);
    let challenged = |browser: &mut Browser| {
        let joined = joined(browser, &page);
        let mut computer = Computer::with(&answering());
        let answer = computer.answer(&running, &joined, &asked);
        let challenge = hand(browser, &page, &answer).json()["chipChallenge"].clone();
        (answer, computer.proof(&running, &joined, &challenge))
    };
    let code = |answer: Answer| (answer.status, answer.json()["code"].as_str().unwrap().to_owned());
    let refused = |code: &str| (403, code.to_owned());
    let (answer, first) = challenged(&mut browser);
    // the answer once more, where the proof is waited for
    let again = hand(&mut browser, &page, &answer);
    assert_eq!(code(again), refused("chip-proof-malformed"));
    let late = bring(&mut browser, &page, &json!({ "chipProof": first }));
    assert_eq!(code(late), refused("challenge-unknown"), "that used it up");
    let (_, second) = challenged(&mut browser);
    assert_ne!(first, second);
    let other = bring(&mut browser, &page, &json!({ "chipProof": first }));
    assert_eq!(code(other), refused("chip-proof-invalid"), "of another challenge");
    let (_, third) = challenged(&mut browser);
    assert_eq!(bring(&mut browser, &page, &json!({ "chipProof": third })).status, 200);
}

/// The authorities of these cards' documents.
fn believed(cards: &[CardSpec]) -> CscaStore {
    let mut countries = CscaStoreBuilder::new();
    for spec in cards {
        countries.add(IcaoCertificate::from_der(&authority(spec).unwrap()).unwrap()).unwrap();
    }
    countries.build().0
}
