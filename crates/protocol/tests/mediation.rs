//! Payloads that join two statements, the text of all three, and what is wrong with some.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test ends where it cannot go on"
)]

use bitaqa_protocol::{
    Claim,
    claim::MAX_CLAIMS,
    encode_base64,
    identity::{StatementText, request::StatementTextError},
    mediation::{MAX_JOINED, MAX_LENGTH, Mediation, MediationError, Mode, Sha256Digest},
    page::PageRequest,
    statement,
};
use proptest::prelude::*;
use serde_json::{Value, json};

fn example() -> Value {
    json!({
        "iss": "https://platform.example.ma",
        "aud": "https://platform.example.ma",
        "iat": 1_767_225_600,
        "exp": 1_767_226_200,
        "jti": "7f0d3a52",
        "mode": "relay",
        "portal": "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",
        "platform": "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0",
        "purpose": "open-account",
        "claims": { "required": ["given_name"], "optional": ["photo"] },
        "challenge": "BQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU=",
        "holder": "none",
        "proof": "chip",
        "recipient": "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",
    })
}

fn with(name: &str, value: Value) -> Value {
    let mut example = example();
    example[name] = value;
    example
}

fn read(value: &Value) -> Result<Mediation, MediationError> {
    Mediation::parse(value.to_string().as_bytes())
}

#[test]
fn the_example_is_read() {
    let mediation = read(&example()).unwrap();
    assert_eq!(mediation.mode, Mode::Relay);
    // SHA-256 of nothing, by `printf '' | openssl dgst -sha256`
    assert_eq!(mediation.portal.0[..4], [0xe3, 0xb0, 0xc4, 0x42]);
    assert_eq!(read(&with("mode", json!("assert"))).unwrap().mode, Mode::Assert);
    let again = serde_json::to_value(&mediation).unwrap();
    assert_eq!(again, example());
}

#[test]
fn a_mediation_with_a_fault_is_refused_for_it() {
    for (value, error) in [
        (with("exp", json!(1_767_225_600)), MediationError::Times),
        (with("exp", json!(u64::MAX)), MediationError::Times),
        (with("exp", json!(1_767_226_501)), MediationError::Lifetime { seconds: 901 }),
        (with("jti", json!("x".repeat(MAX_LENGTH))), MediationError::TooLong),
    ] {
        assert_eq!(read(&value), Err(error), "{value}");
    }
    assert!(read(&with("exp", json!(1_767_226_500))).is_ok());
}

#[test]
fn a_member_that_is_unknown_missing_or_of_another_kind_is_refused() {
    let mut values = vec![
        with("aud", json!("https://platform.example.ma/")),
        with("aud", json!(["https://platform.example.ma"])),
        with("mode", json!("Relay")),
        with("mode", json!("read")),
        with("portal", json!("47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=")),
        with("portal", json!("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU")),
        with("portal", json!("47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuF")),
        with("recipient", json!("AA")),
        with("recipient", Value::Null),
        with("challenge", json!("AAAA")),
        with("holder", json!("fingerprint")),
        with("proof", json!("any")),
        with("claims", json!({})),
        with("claims", json!({ "required": ["name"] })),
        with("purpose", json!("Open account")),
        with("iat", json!("1767225600")),
        with("nonce", json!("x")),
        json!([]),
    ];
    for member in example().as_object().unwrap().keys() {
        let mut value = example();
        value.as_object_mut().unwrap().remove(member);
        values.push(value);
    }
    for value in values {
        assert!(matches!(read(&value), Err(MediationError::Malformed(_))), "{value}");
    }
    let twice = example().to_string().replacen('{', r#"{"mode":"assert","#, 1);
    assert!(matches!(Mediation::parse(twice.as_bytes()), Err(MediationError::Malformed(_))));
}

#[test]
fn a_digest_has_one_spelling() {
    let digest = Sha256Digest([0xff; 32]);
    assert_eq!(Sha256Digest::parse(&digest.to_string()), Ok(digest));
    // the last character carries two unused bits
    let other = digest.to_string().replacen("_8", "_9", 1);
    assert_ne!(other, digest.to_string());
    assert!(Sha256Digest::parse(&other).is_err());
}

#[test]
fn a_request_has_one_statement_or_three_texts() {
    let one = StatementText::parse("a.b.c").unwrap();
    assert_eq!((one.joined(), one.of_recipient()), (None, "a.b.c"));
    let three = StatementText::parse("a.b.c~d.e.f~g.h.i").unwrap();
    assert_eq!((three.joined(), three.of_recipient()), (Some(["a.b.c", "d.e.f", "g.h.i"]), "a.b.c"));
    for text in [
        "a.b.c~d.e.f",
        "a.b.c~d.e.f~g.h.i~j.k.l",
        "a.b.c~~g.h.i",
        "~a.b.c~",
        "a.b~c.d.e~f.g.h",
        "a.b.c~d.e.f~g.h.i~",
    ] {
        assert_eq!(StatementText::parse(text), Err(StatementTextError::NotCompact), "{text}");
    }
    let of_length = |length: usize| format!("{}.b.c~d.e.f~g.h.i", "a".repeat(length - 16));
    assert!(StatementText::parse(&of_length(MAX_JOINED)).is_ok());
    let characters = MAX_JOINED + 1;
    assert_eq!(
        StatementText::parse(&of_length(characters)),
        Err(StatementTextError::TooLong { characters, max: MAX_JOINED })
    );
    let alone = format!("{}.b.c", "a".repeat(statement::MAX_LENGTH));
    assert!(matches!(
        StatementText::parse(&alone),
        Err(StatementTextError::TooLong { max: statement::MAX_LENGTH, .. })
    ));
}

#[test]
fn the_longest_text_of_all_three_fits_into_a_request_of_a_page_with_every_claim() {
    let ages = (1..).map(|years| format!("age_over_{}", years + 9));
    let claims: Vec<String> =
        Claim::NAMED.iter().map(ToString::to_string).chain(ages).take(MAX_CLAIMS).collect();
    let request = json!({
        "type": "identify",
        "language": "zgh",
        "request": {
            "challenge": encode_base64(&[7; 96]),
            "statement": format!("{}.b.c~d.e.f~g.h.i", "a".repeat(MAX_JOINED - 16)),
            "purpose": "p".repeat(64),
            "claims": { "required": claims[..40], "optional": claims[40..] },
            "holder": "none",
            "proof": "chip-authentication",
        },
    });
    let PageRequest::Identify { request, .. } = PageRequest::parse(&request.to_string()).unwrap() else {
        panic!("another request")
    };
    assert_eq!(request.statement.as_str().len(), MAX_JOINED);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_refused_or_read(bytes in prop::collection::vec(any::<u8>(), 0..300), at in any::<usize>(), byte in any::<u8>()) {
        let _ = Mediation::parse(&bytes);
        let mut changed = example().to_string().into_bytes();
        let at = at % changed.len();
        changed[at] = byte;
        if let Ok(mediation) = Mediation::parse(&changed) {
            prop_assert!(mediation.check().is_ok());
            prop_assert_eq!(Mediation::parse(&serde_json::to_vec(&mediation).unwrap()), Ok(mediation));
        }
    }
}
