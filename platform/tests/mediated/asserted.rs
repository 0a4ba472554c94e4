//! `assert`: the platform reads, makes sure whose chip it is, and gives the portal what it asked for.

use bitaqa_answers::authority;
use bitaqa_platform::identity::Identity;
use bitaqa_protocol::Claim;
use bitaqa_trust::{csca_store::CscaStoreBuilder, icao_pki::IcaoCertificate};
use bitaqa_virtual_card::{
    CardSpec,
    icao::order::{DocumentOrder, SignerFault},
    spec::Holder,
};
use serde_json::json;

use crate::{
    portal::{Portal, answered, asked, at_the_step, card, hand, id_token, identity, joined, only, tokens},
    relying_party::{answered as parameters_of, text},
    running::Running,
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
    let tokens = tokens(&bank, &hand(&mut browser, &page, &joined, &answer));
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
    let tokens = tokens(&bank, &hand(&mut browser, &page, &joined, &answer));
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
    let leads = hand(&mut browser, &page, &joined, &answer);
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
    let mut both = CscaStoreBuilder::new();
    for spec in [&card(), &maryam] {
        both.add(IcaoCertificate::from_der(&authority(spec).unwrap()).unwrap()).unwrap();
    }
    let running = Running::asking(Identity { countries: both.build().0, ..identity() });
    let bank = Portal::registered(&running, "bank");
    let asked = asked("assert", &[]);
    let (mut browser, page) = at_the_step(&running, &bank, &asked);
    // it names the state and the number of the person who is signed in, and another believed country signed it
    let mut order = DocumentOrder::default();
    order.faults.signer = SignerFault::Bahraini;
    let joined = joined(&mut browser, &page);
    let answer = answered(&running, &joined, &asked, &card().with_document(order));
    let refused = hand(&mut browser, &page, &joined, &answer);
    assert_eq!((refused.status, &refused.json()["code"]), (403, &json!("not-linked")), "{}", refused.body);
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
        let refused = hand(&mut browser, &page, &joined, &answer);
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
    assert_eq!(hand(&mut browser, &page, &joined, &answer).status, 200);
}
