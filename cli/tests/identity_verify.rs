//! `bitaqa identity verify` as a portal's developer meets it. The document comes from openssl.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where it cannot go on")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    reason = "of the country, which the tests of crates/trust made"
)]

#[allow(dead_code, reason = "the tests of crates/trust use the rest of it")]
#[path = "../../crates/trust/tests/travel_documents/country.rs"]
mod country;

use std::{
    fs,
    process::{Command, Output},
};

use bitaqa_jose::{PrivateJwk, jwe, jwe::JweHeader};
use bitaqa_protocol::encode_base64;
use country::{Country, Order, Signing, borrowed, groups};
use serde_json::{Value, json};

const ORIGIN: &str = "https://portal.example.ma";
const CHALLENGE: &str = "BQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU=";
/// SHA-256 of that text, by `openssl dgst` and `basenc --base64url`.
const CHALLENGE_HASH: &str = "EEAkl0hgU_xxMjqoJ0ISTcp-OXdcO3HeNivB1f56gVI";
const STATEMENT: &str = "e30.e30.AAAA";
/// SHA-256 of that text, in the same way.
const STATEMENT_HASH: &str = "mwqjibGpkN1JsYNjM-21tx_8aXSm842uDEWWhBTFLSY";
const AT: &str = "2023-06-01T00:00:00Z";

/// A folder with a portal's key, its country and an answer.
struct Desk {
    country: Country,
}

impl Desk {
    /// With the answer of a host that asked for the data only, changed like this.
    fn with(change: impl FnOnce(&mut Value)) -> Self {
        let country = Country::new();
        let signer = country.issue(&Order::default());
        let groups = groups();
        let sod = country.document(&signer, &borrowed(&groups), Signing::default());
        let desk = Self { country };
        desk.write("csca.cer", &desk.country.certificate_der(&desk.country.csca));
        let made =
            desk.bitaqa(&["key", "new", "--curve", "p-256", "--kid", "2026-01", "--out", "portal.jwk"]);
        assert_eq!(made.status.code(), Some(0), "{}", String::from_utf8_lossy(&made.stderr));
        let dg1 = &groups[0].1;
        let mut answer = json!({
            "format": "bitaqa-identity:1",
            "request": {
                "origin": ORIGIN, "challenge": CHALLENGE, "statementHash": STATEMENT_HASH, "purpose": "open-account",
                "claims": { "required": ["family_name"] }, "holder": "none", "proof": "data-only",
            },
            "consent": {
                "portal": "Example Portal", "purpose": "Open an account", "language": "en", "groups": ["dg1"],
                "claims": ["given_name", "family_name", "birthdate", "gender", "nationalities", "personal_number",
                    "document_number", "date_of_expiry"],
                "at": 1_685_577_600,
            },
            "document": { "kind": "icao", "sod": encode_base64(&sod), "groups": { "dg1": encode_base64(dg1) } },
            "proofs": {},
            "hostAsserted": { "host": "0.1.0", "access": "bac", "cardAccess": "not-signed" },
        });
        change(&mut answer);
        desk.write("answer.jwe", desk.sealed(&answer).as_bytes());
        desk
    }

    fn sealed(&self, answer: &Value) -> String {
        let key = PrivateJwk::parse(&fs::read(self.country.path("portal.jwk")).unwrap()).unwrap();
        let Value::Object(own) = json!({ "origin": ORIGIN, "challengeHash": CHALLENGE_HASH }) else {
            panic!("no members")
        };
        let header = JweHeader { type_: Some("bitaqa-identity+jwe".to_owned()), own, ..JweHeader::default() };
        let mut random = |out: &mut [u8]| out.fill(9);
        jwe::encrypt(key.public(), &header, answer.to_string().as_bytes(), &mut random).unwrap()
    }

    fn write(&self, name: &str, content: &[u8]) {
        fs::write(self.country.path(name), content).unwrap();
    }

    fn bitaqa(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_bitaqa"))
            .current_dir(self.country.path("."))
            .args(arguments)
            .output()
            .unwrap()
    }

    fn verify(&self, arguments: &[&str]) -> Output {
        self.verify_to(&[&["--challenge", CHALLENGE], arguments].concat())
    }

    /// Without a challenge of its own.
    fn verify_to(&self, arguments: &[&str]) -> Output {
        let mut all = vec!["identity", "verify", "--csca", "csca.cer", "--key", "portal.jwk"];
        all.extend(["--origin", ORIGIN, "--at", AT, "answer.jwe"]);
        self.bitaqa(&[&all, arguments].concat())
    }

    /// What the portal's page handed to `identify()`, changed like this.
    fn asked(&self, change: impl FnOnce(&mut Value)) {
        let mut request = json!({
            "challenge": CHALLENGE, "statement": STATEMENT, "purpose": "open-account",
            "claims": { "required": ["family_name"] }, "proof": "data-only",
        });
        change(&mut request);
        self.write("asked.json", request.to_string().as_bytes());
    }
}

fn json_of(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn an_answer_is_told_with_how_each_claim_is_known() {
    let desk = Desk::with(|_| {});
    let output = desk.verify(&["--data-only", "--test"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{text}{}", String::from_utf8_lossy(&output.stderr));
    assert!(text.starts_with("valid\nTEST: "), "{text}");
    assert!(text.contains("family_name:            ERIKSSON (signed in dg1)"), "{text}");
    assert!(!text.contains("given_name:"), "what was not asked for is not told: {text}");
    let found = json_of(&desk.verify(&["--data-only", "--test", "--json"]));
    assert_eq!((&found["valid"], &found["code"]), (&json!(true), &Value::Null));
    let identity = &found["identity"];
    let family_name = json!({ "value": "ERIKSSON", "provenance": "issuer-signed", "group": "dg1" });
    assert_eq!(identity["claims"], json!({ "family_name": family_name }));
    assert_eq!((&identity["level"], &identity["chip"]), (&json!("none"), &json!("data-only")));
    assert_eq!((&identity["assurance"], &identity["holderVerification"]), (&json!("test"), &json!("none")));
    assert_eq!(found["checks"].as_array().unwrap().len(), 8);
}

#[test]
fn what_does_not_hold_is_refused_with_its_code() {
    let other = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
    let desk = Desk::with(|_| {});
    for (arguments, code) in [
        // the portal asked for a proof
        (vec![], "answer-to-another-request"),
        (vec!["--data-only", "--origin", "https://portal.example.bh"], "answer-to-another-request"),
        (vec!["--data-only", "--challenge", other], "answer-to-another-request"),
        (vec!["--data-only", "--at", "2040-01-01T00:00:00Z"], "document-not-genuine"),
    ] {
        let mut all =
            vec!["identity", "verify", "--csca", "csca.cer", "--key", "portal.jwk", "answer.jwe", "--json"];
        for (name, value) in [("--origin", ORIGIN), ("--challenge", CHALLENGE), ("--at", AT)] {
            if !arguments.contains(&name) {
                all.extend([name, value]);
            }
        }
        let output = desk.bitaqa(&[all, arguments.clone()].concat());
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert_eq!(json_of(&output)["code"], code, "{arguments:?}");
    }
    let altered = Desk::with(|answer| {
        let group = answer["document"]["groups"]["dg1"].as_str().unwrap().replace('Q', "R");
        answer["document"]["groups"]["dg1"] = group.into();
    });
    let output = altered.verify(&["--data-only", "--json"]);
    assert_eq!((output.status.code(), &json_of(&output)["code"]), (Some(1), &json!("document-not-genuine")));
}

/// Of a card that signs nothing there are values and no files: anybody can write them.
#[test]
fn values_that_nobody_signed_are_told_only_to_who_asked_for_them() {
    let desk = |proof: &'static str| {
        Desk::with(move |answer| {
            answer["request"]["proof"] = proof.into();
            answer["consent"]["claims"] = json!(["family_name"]);
            answer["document"] = json!({ "kind": "host-asserted", "claims": { "family_name": "ANYBODY" } });
            answer["hostAsserted"] = json!({ "host": "0.1.0", "access": "free", "cardAccess": "not-signed" });
        })
    };
    let unsigned = desk("unsigned");
    let output = unsigned.verify(&["--unsigned", "--test", "--json"]);
    let found = json_of(&output);
    assert_eq!((output.status.code(), &found["code"]), (Some(0), &Value::Null), "{}", found["message"]);
    let identity = &found["identity"];
    let family_name = json!({ "value": "ANYBODY", "provenance": "unauthenticated" });
    assert_eq!(identity["claims"], json!({ "family_name": family_name }));
    assert_eq!((&identity["level"], &identity["chip"]), (&json!("none"), &json!("unsigned")));
    // asked for less than it wanted, or for what a country signed
    let code = |output: &Output| (output.status.code(), json_of(output)["code"].clone());
    let other = unsigned.verify(&["--data-only", "--json"]);
    assert_eq!(code(&other), (Some(1), json!("answer-to-another-request")));
    let copy = desk("data-only").verify(&["--data-only", "--json"]);
    assert_eq!(code(&copy), (Some(1), json!("document-unauthenticated")));
    let both = unsigned.verify(&["--data-only", "--unsigned"]);
    assert_eq!((both.status.code(), both.stdout.len()), (Some(2), 0));
}

#[test]
fn files_that_are_none_are_a_question_that_cannot_be_asked() {
    let desk = Desk::with(|_| {});
    desk.write("portal.jwk", b"{}");
    let output = desk.verify(&["--data-only"]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    assert!(String::from_utf8(output.stderr).unwrap().contains("portal.jwk"));
}

fn outcome_of_request(found: &Value) -> &Value {
    let checks = found["checks"].as_array().unwrap();
    &checks.iter().find(|check| check["step"] == "request").unwrap()["outcome"]
}

#[test]
fn an_answer_is_compared_with_the_request_and_who_gives_none_is_told_so() {
    let desk = Desk::with(|_| {});
    desk.asked(|_| {});
    for arguments in
        [vec!["--request", "asked.json"], vec!["--request", "asked.json", "--challenge", CHALLENGE]]
    {
        let output = desk.verify_to(&[&arguments[..], &["--json"]].concat());
        let found = json_of(&output);
        assert_eq!(
            (output.status.code(), outcome_of_request(&found)),
            (Some(0), &json!("passed")),
            "{found}"
        );
        assert_eq!(found["notes"], json!([]));
    }
    let output = desk.verify(&["--data-only", "--json"]);
    let found = json_of(&output);
    assert_eq!((output.status.code(), outcome_of_request(&found)), (Some(0), &json!("not-compared")));
    assert!(found["notes"][0].as_str().unwrap().contains("--request"), "{found}");
    let text = String::from_utf8(desk.verify(&["--data-only"]).stdout).unwrap();
    assert!(text.contains("  request                 not-compared\n"), "{text}");
    assert!(text.contains("note: statement, purpose and claims"), "{text}");
}

#[test]
fn an_answer_to_another_request_than_the_one_that_was_sent_is_refused() {
    let desk = Desk::with(|_| {});
    let changes: [fn(&mut Value); 7] = [
        |request| request["statement"] = json!("e30.e30.BBBB"),
        |request| request["purpose"] = json!("close-account"),
        |request| request["claims"]["required"] = json!(["family_name", "given_name"]),
        |request| request["claims"] = json!({ "required": [], "optional": ["family_name"] }),
        |request| request["claims"]["optional"] = json!(["photo"]),
        |request| request["proof"] = json!("chip"),
        |request| request["proof"] = json!("unsigned"),
    ];
    for (number, change) in changes.into_iter().enumerate() {
        desk.asked(change);
        let output = desk.verify_to(&["--request", "asked.json", "--json"]);
        let found = json_of(&output);
        assert_eq!(
            (output.status.code(), &found["code"]),
            (Some(1), &json!("answer-to-another-request")),
            "{number}"
        );
        assert_eq!(outcome_of_request(&found), "failed", "{number}");
    }
    // the host left out what was required, and says that it was not
    let silent = Desk::with(|answer| answer["request"]["claims"] = json!({ "required": ["given_name"] }));
    silent.asked(|_| {});
    assert_eq!(silent.verify_to(&["--request", "asked.json"]).status.code(), Some(1));
}

#[test]
fn a_request_that_is_none_or_says_something_else_is_a_question_that_cannot_be_asked() {
    let desk = Desk::with(|_| {});
    desk.asked(|_| {});
    let other = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
    for (arguments, says) in [
        (&["--request", "asked.json", "--challenge", other][..], "another than the challenge of the request"),
        (&["--request", "asked.json", "--data-only"], "cannot be used with"),
        (&["--request", "asked.json", "--unsigned"], "cannot be used with"),
        (&["--request", "asked.json", "--chip-state", "s", "--chip-answer", "a"], "\"chip-authentication\""),
        (&["--request", "lost.json"], "lost.json"),
        (&["--request", "portal.jwk"], "no request"),
        (&[], "--challenge"),
    ] {
        let output = desk.verify_to(arguments);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{arguments:?}: {said}");
        assert!(said.contains(says), "{arguments:?}: {said}");
    }
    desk.asked(|request| request["holder"] = json!("pin"));
    let output = desk.verify_to(&["--request", "asked.json"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("--issuers"));
    desk.write("asked.json", &[b' '; 70_000]);
    assert_eq!(desk.verify_to(&["--request", "asked.json"]).status.code(), Some(2));
}
