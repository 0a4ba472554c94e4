//! `relay`: the portal alone can read, and the platform keeps nothing of it.

use bitaqa_protocol::Claim;
use bitaqa_trust::{Level, identity::result::Chip};
use serde_json::json;

use crate::{
    portal::{
        Portal, answered, asked, at_the_step, card, hash_of, id_token, identity, joined, relay, tokens,
    },
    relying_party::text,
    running::Running,
};

#[test]
fn the_portal_reads_an_answer_whose_hash_the_id_token_has() {
    let running = Running::asking(identity());
    let bank = Portal::registered(&running, "bank");
    let asked = asked("relay", &[]);
    let (mut browser, page) = at_the_step(&running, &bank, &asked);
    let joined = joined(&mut browser, &page);
    assert_eq!(joined["challenge"], asked["challenge"], "it is the portal's own");
    let answer = answered(&running, &joined, &asked, &card());
    let tokens = tokens(&bank, &relay(&mut browser, &page, &hash_of(&answer)));
    let claims = id_token(&bank, &tokens);
    let statement = joined["statement"].as_str().unwrap();
    for said in [&claims, &tokens] {
        assert_eq!(said["identity_answer_hash"], hash_of(&answer));
        assert_eq!(said["identity_statement_hash"], hash_of(statement));
    }
    assert_eq!(claims["acr"], "urn:bitaqa:acr:test:high");
    let granted = json!([{
        "type": "bitaqa_identity", "mode": "relay", "purpose": "open-account", "claims": asked["claims"],
        "holder": "none", "proof": "chip",
    }]);
    assert_eq!(tokens["authorization_details"], granted);
    assert_eq!(bank.party.userinfo(&text(&tokens, "access_token")).json().get("identity"), None);
    let verified = bank.verify(&running, (statement, &answer), &asked).unwrap();
    assert_eq!((verified.level, verified.chip), (Level::Low, Chip::ActiveAuthentication));
    let family = serde_json::to_value(&verified.claims[&Claim::FamilyName]).unwrap();
    assert_eq!((&family["value"], &family["provenance"]), (&json!("EXEMPLE"), &json!("issuer-signed")));
    // what it asked itself is the measure: a challenge of another session, or other claims
    let other = crate::portal::asked(
        "relay",
        &[("challenge", json!("MDEzMjQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="))],
    );
    let refused = bank.verify(&running, (statement, &answer), &other).unwrap_err();
    assert_eq!(refused.failure.code(), "answer-to-another-request");
    let fewer = crate::portal::asked("relay", &[("claims", json!({ "required": ["given_name"] }))]);
    let refused = bank.verify(&running, (statement, &answer), &fewer).unwrap_err();
    assert_eq!(refused.failure.code(), "answer-to-another-request");
    assert!(running.log().contains("\"event\":\"identity\",\"outcome\":\"relayed\",\"client\":\"bank\""));
}

/// The proof of the issue: what the platform wrote is searched for every value and for the answer itself.
#[test]
fn database_and_log_hold_nothing_of_what_was_relayed() {
    let running = Running::asking_in_a_file(identity());
    let bank = Portal::registered(&running, "bank");
    let claims = json!({ "required": ["given_name", "family_name", "birthdate", "document_number"], "optional": ["photo"] });
    let asked = asked("relay", &[("claims", claims)]);
    let (mut browser, page) = at_the_step(&running, &bank, &asked);
    let joined = joined(&mut browser, &page);
    let answer = answered(&running, &joined, &asked, &card());
    let tokens = tokens(&bank, &relay(&mut browser, &page, &hash_of(&answer)));
    assert_eq!(bank.party.userinfo(&text(&tokens, "access_token")).status, 200);
    let verified = bank.verify(&running, (joined["statement"].as_str().unwrap(), &answer), &asked).unwrap();
    let mut needles: Vec<Vec<u8>> = Vec::new();
    for value in verified.claims.values() {
        let value = serde_json::to_value(&value.value).unwrap();
        let text = value.as_str().or(value["data"].as_str()).unwrap();
        needles.push(text.chars().take(64).collect::<String>().into_bytes());
    }
    assert_eq!(needles.len(), 5);
    // the answer: each part of its compact form, but for the header that says what everybody knows
    needles.extend(answer.split('.').skip(2).map(|part| part.as_bytes()[..part.len().min(64)].to_vec()));
    needles.push(asked["challenge"].as_str().unwrap().as_bytes().to_vec());
    let written = running.written();
    for suffix in ["platform.db", "platform.db-wal"] {
        assert!(written.keys().any(|name| name.ends_with(suffix)), "{:?}", written.keys());
    }
    let holds = |content: &[u8], needle: &[u8]| content.windows(needle.len()).any(|part| part == needle);
    // the search finds what is there
    assert!(written.values().any(|content| holds(content, b"2026-01")), "the registration is in the clear");
    for needle in &needles {
        assert!(needle.len() >= 5, "{}", String::from_utf8_lossy(needle));
        for (name, content) in &written {
            assert!(!holds(content, needle), "{name} holds {}", String::from_utf8_lossy(needle));
        }
        assert!(!holds(running.log().as_bytes(), needle));
    }
}

#[test]
fn what_was_joined_last_counts() {
    let running = Running::asking(identity());
    let bank = Portal::registered(&running, "bank");
    let asked = asked("relay", &[]);
    let (mut browser, page) = at_the_step(&running, &bank, &asked);
    // each press of the button makes another one, and the last one counts
    let (first, second) = (joined(&mut browser, &page), joined(&mut browser, &page));
    assert_ne!(first["statement"], second["statement"]);
    let answer = answered(&running, &second, &asked, &card());
    let tokens = tokens(&bank, &relay(&mut browser, &page, &hash_of(&answer)));
    assert_eq!(tokens["identity_statement_hash"], hash_of(second["statement"].as_str().unwrap()));
}
