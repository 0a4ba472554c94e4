//! Hostile portals, pages and people.

use serde_json::json;

use crate::{
    portal::{
        Portal, answered, asked, at_the_step, card, hand, hash_of, id_token, identity, joined, numbered,
        relay, statement_of, tokens,
    },
    running::{Running, show_card},
};

#[test]
fn an_answer_that_is_swapped_on_the_way_does_not_fit_the_id_token() {
    let running = Running::asking(identity());
    let bank = Portal::registered(&running, "bank");
    let asked = asked("relay", &[]);
    let (mut browser, page) = at_the_step(&running, &bank, &asked);
    let joined = joined(&mut browser, &page);
    let (own, other) = (
        answered(&running, &joined, &asked, &card()),
        // somebody else's chip answers the same request
        answered(&running, &joined, &asked, &card().for_person("youssef")),
    );
    let tokens = tokens(&bank, &relay(&mut browser, &page, &hash_of(&own)));
    assert!(bank.verify(&running, (joined["statement"].as_str().unwrap(), &other), &asked).is_ok());
    assert_ne!(id_token(&bank, &tokens)["identity_answer_hash"], hash_of(&other));
}

#[test]
fn each_step_is_taken_once_and_in_its_mode() {
    let running = Running::asking(identity());
    let bank = Portal::registered(&running, "bank");
    let wanted = asked("relay", &[]);
    let (mut browser, page) = at_the_step(&running, &bank, &wanted);
    // nothing was joined yet
    assert_eq!(relay(&mut browser, &page, &hash_of("x")).json()["code"], "challenge-unknown");
    let first = joined(&mut browser, &page);
    // it is the portal's to read, not the platform's
    let answer = answered(&running, &first, &wanted, &card());
    assert_eq!(hand(&mut browser, &page, &answer).json()["code"], "identity-not-asked");
    for (body, kind) in [
        ("{}", "application/json"),
        ("{\"answer_hash\":\"AA\"}", "application/json"),
        ("answer_hash=x", "text/plain"),
    ] {
        let refused = browser.post(&format!("{page}/identity-relayed"), kind, body);
        assert_eq!((refused.status, &refused.json()["code"]), (400, &json!("request-invalid")), "{body}");
    }
    assert_eq!(relay(&mut browser, &page, &hash_of(&answer)).status, 200);
    assert_eq!(relay(&mut browser, &page, &hash_of(&answer)).status, 410);
    // a page that was not the platform's, or another browser
    let (mut browser, page) = at_the_step(&running, &bank, &wanted);
    let headers = [
        ("origin", "https://evil.example"),
        ("sec-fetch-site", "cross-site"),
        ("content-type", "application/json"),
    ];
    assert_eq!(browser.raw("POST", &format!("{page}/identity"), &headers, "").status, 403);
    assert_eq!(running.browser().post(&format!("{page}/identity"), "", "").status, 410);
}

#[test]
fn an_answer_to_what_was_joined_before_or_elsewhere_is_not_read() {
    let running = Running::asking(identity());
    let bank = Portal::registered(&running, "bank");
    let wanted = asked("assert", &[]);
    let (mut browser, page) = at_the_step(&running, &bank, &wanted);
    let (earlier, latest) = (joined(&mut browser, &page), joined(&mut browser, &page));
    assert_ne!(earlier["challenge"], latest["challenge"]);
    let old = answered(&running, &earlier, &wanted, &card());
    assert_eq!(hand(&mut browser, &page, &old).json()["code"], "answer-to-another-request");
    // which used the latest up as well
    let answer = answered(&running, &latest, &wanted, &card());
    assert_eq!(hand(&mut browser, &page, &answer).json()["code"], "challenge-unknown");
    // another person's interaction
    let (mut others, their_page) = at_the_step(&running, &bank, &wanted);
    let (theirs, own) = (joined(&mut others, &their_page), joined(&mut browser, &page));
    let answer = answered(&running, &own, &wanted, &card());
    assert_eq!(hand(&mut others, &their_page, &answer).json()["code"], "answer-to-another-request");
    assert_ne!(theirs["statement"], own["statement"]);
    // too late
    running.later(901);
    assert_eq!(hand(&mut browser, &page, &answer).status, 410);
}

#[test]
fn what_one_person_was_asked_is_not_answered_by_who_signs_in_after_them() {
    let running = Running::asking(identity());
    let bank = Portal::registered(&running, "bank");
    let wanted = asked("assert", &[]);
    let (mut browser, page) = at_the_step(&running, &bank, &wanted);
    let before = joined(&mut browser, &page);
    let answer = answered(&running, &before, &wanted, &card());
    // somebody else signs in in the same browser, at the same request
    browser.post(&format!("{page}/other-card"), "", "");
    assert_eq!(browser.post(&format!("{page}/identity"), "", "").json()["code"], "identity-not-asked");
    let shown = show_card(&mut browser, &running.address, &page, "high", numbered("PNOMA-CD234567"));
    assert_eq!(shown.status, 200, "{}", shown.body);
    assert_eq!(hand(&mut browser, &page, &answer).json()["code"], "challenge-unknown");
    let own = joined(&mut browser, &page);
    let answer = answered(&running, &own, &wanted, &card());
    assert_eq!(hand(&mut browser, &page, &answer).json()["code"], "not-linked");
}

#[test]
fn whoever_is_suspended_meanwhile_gets_nothing() {
    let running = Running::asking(identity());
    let bank = Portal::registered(&running, "bank");
    let wanted = asked("relay", &[]);
    let (mut browser, page) = at_the_step(&running, &bank, &wanted);
    let joined = joined(&mut browser, &page);
    let answer = answered(&running, &joined, &wanted, &card());
    running.suspend("bank");
    assert_eq!(relay(&mut browser, &page, &hash_of(&answer)).status, 410);
    assert_eq!(browser.post(&format!("{page}/identity"), "", "").status, 410);
    assert_eq!(browser.get(&page).status, 410);
}

#[test]
fn what_was_joined_names_portal_purpose_claims_and_key() {
    let running = Running::asking(identity());
    let bank = Portal::registered(&running, "bank");
    for mode in ["relay", "assert"] {
        let wanted = asked(mode, &[("proof", json!("data-only"))]);
        let (mut browser, page) = at_the_step(&running, &bank, &wanted);
        let joined = joined(&mut browser, &page);
        let at = bitaqa_platform::clock::date_time(crate::running::START);
        let verified =
            bitaqa_trust::mediation::verify(&statement_of(&joined), &crate::portal::packs(&running), at)
                .unwrap();
        let said = serde_json::to_value(&verified.mediation).unwrap();
        for name in ["mode", "purpose", "claims", "proof"] {
            assert_eq!(said[name], wanted[name], "{name}");
        }
        assert_eq!((&said["challenge"], &said["holder"]), (&joined["challenge"], &json!("none")));
        assert_eq!(verified.portal.statement.legal_name.en.as_str(), "bank plc");
        assert_eq!(verified.platform.statement.legal_name.en.as_str(), "Example Platform");
        let own = bank.key.public().thumbprint();
        assert_eq!(verified.recipient().thumbprint() == own, mode == "relay");
    }
}
