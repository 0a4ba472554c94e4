//! Payloads of statements, and what is wrong with some.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where it cannot go on")]

use bitaqa_protocol::{
    Claim, Language, PurposeId, Statement,
    statement::{EncryptionCurve, MAX_LENGTH, StatementError},
};
use proptest::prelude::*;
use serde_json::{Value, json};

fn example() -> Value {
    json!({
        "iss": "https://platform.example.ma",
        "iat": 1_767_225_600,
        "exp": 1_767_226_200,
        "jti": "b7c0d1c2-6f7e-4a55",
        "legal_name": { "ar": "بوابة المثال", "fr": "Portail Exemple", "en": "Example Portal" },
        "origins": ["https://portal.example.ma", "https://portal.example.ma:8443"],
        "purposes": [
            { "id": "open-account", "text": { "ar": "فتح حساب", "fr": "Ouvrir un compte", "en": "Open an account", "zgh": "ⵔⵥⵎ" } },
        ],
        "claims": ["given_name", "family_name", "age_over_18"],
        "jwk": {
            "kty": "EC", "crv": "P-256", "kid": "2026-01", "use": "enc",
            "x": "gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0", "y": "SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps",
        },
    })
}

fn read(value: &Value) -> Result<Statement, StatementError> {
    Statement::parse(value.to_string().as_bytes())
}

/// The example with one value in another's place, by JSON pointer.
fn with(pointer: &str, value: Value) -> Value {
    let mut example = example();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    example.pointer_mut(parent).unwrap()[name] = value;
    example
}

#[test]
fn the_example_is_read() {
    let statement = read(&example()).unwrap();
    assert_eq!(statement.legal_name.in_language(Language::Zgh), ("بوابة المثال", Language::Ar));
    let purpose = statement.purpose(&PurposeId::parse("open-account").unwrap()).unwrap();
    assert_eq!(purpose.text.in_language(Language::Zgh), ("ⵔⵥⵎ", Language::Zgh));
    assert!(statement.purpose(&PurposeId::parse("close-account").unwrap()).is_none());
    assert!(statement.claims.contains(Claim::FamilyName));
    assert_eq!((statement.jwk.curve(), statement.jwk.key_id()), (EncryptionCurve::P256, "2026-01"));
    assert_eq!(statement.jwk.coordinates().0.len(), 32);
    let again = serde_json::to_vec(&statement).unwrap();
    assert_eq!(Statement::parse(&again).unwrap(), statement);
}

#[test]
fn a_statement_with_a_fault_is_refused_for_it() {
    let many =
        |count: usize| json!((0..count).map(|n| format!("https://p{n}.example.ma")).collect::<Vec<_>>());
    let purpose = example()["purposes"][0].clone();
    for (value, error) in [
        (with("/exp", json!(1_767_225_600)), StatementError::Times),
        (with("/exp", json!(1)), StatementError::Times),
        (with("/exp", json!(u64::MAX)), StatementError::Times),
        (with("/exp", json!(1_767_226_501)), StatementError::Lifetime { seconds: 901 }),
        (with("/claims", json!([])), StatementError::NoClaims),
        (with("/origins", json!([])), StatementError::Origins),
        (with("/origins", many(17)), StatementError::Origins),
        (with("/origins", json!(["https://a.ma", "https://b.ma", "https://a.ma"])), StatementError::Origins),
        (with("/purposes", json!([])), StatementError::Purposes),
        (with("/purposes", json!([purpose, purpose])), StatementError::Purposes),
        (with("/jti", json!("x".repeat(MAX_LENGTH))), StatementError::TooLong),
    ] {
        assert_eq!(read(&value), Err(error), "{value}");
    }
    assert!(read(&with("/exp", json!(1_767_226_500))).is_ok());
    assert!(read(&with("/origins", many(16))).is_ok());
}

#[test]
fn a_member_that_is_unknown_missing_or_of_another_kind_is_refused() {
    let mut values = vec![
        with("/iss", json!("http://platform.example.ma")),
        with("/iss", json!("platform")),
        with("/iat", json!(-1)),
        with("/iat", json!(1.5)),
        with("/iat", json!("1767225600")),
        with("/jti", json!("")),
        with("/jti", json!("a b")),
        with("/jti", json!("x".repeat(65))),
        with("/legal_name/en", json!("Example\u{202e}Portal")),
        with("/legal_name/en", json!("x".repeat(201))),
        with("/legal_name/fr", Value::Null),
        with("/legal_name/de", json!("Beispiel")),
        with("/origins", json!(["https://portal.example.ma/"])),
        with("/origins", json!(["https://*.example.ma"])),
        with("/origins", json!(["http://portal.example.ma"])),
        with("/origins", json!("https://portal.example.ma")),
        with("/purposes/0/id", json!("Open account")),
        with("/purposes/0/text", json!("Open an account")),
        with("/purposes/0/claims", json!(["photo"])),
        with("/claims", json!(["given_name", "given_name"])),
        with("/claims", json!(["name"])),
        with("/jwk/kty", json!("OKP")),
        with("/jwk/crv", json!("P-521")),
        with("/jwk/crv", json!("P-384")),
        with("/jwk/x", json!("AA")),
        with("/jwk/d", json!("AA")),
        with("/jwk/use", json!("sig")),
        with("/jwk/alg", json!("ECDH-ES+A256KW")),
        with("/jwk/kid", json!("")),
        with("/region", json!("Casablanca")),
        json!([]),
        json!("statement"),
    ];
    for member in ["iss", "iat", "exp", "jti", "legal_name", "origins", "purposes", "claims", "jwk"] {
        let mut value = example();
        value.as_object_mut().unwrap().remove(member);
        values.push(value);
    }
    for value in values {
        assert!(matches!(read(&value), Err(StatementError::Malformed(_))), "{value}");
    }
    let twice = example().to_string().replacen('{', r#"{"exp":1767226200,"#, 1);
    assert!(matches!(Statement::parse(twice.as_bytes()), Err(StatementError::Malformed(_))));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_refused_or_read(bytes in prop::collection::vec(any::<u8>(), 0..300), at in any::<usize>(), byte in any::<u8>()) {
        let _ = Statement::parse(&bytes);
        let mut changed = example().to_string().into_bytes();
        let at = at % changed.len();
        changed[at] = byte;
        if let Ok(statement) = Statement::parse(&changed) {
            prop_assert!(statement.check().is_ok());
            prop_assert_eq!(Statement::parse(&serde_json::to_vec(&statement).unwrap()), Ok(statement));
        }
    }
}
