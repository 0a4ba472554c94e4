//! JWS that are not what they should be.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where it cannot go on")]

mod example;

use bitaqa_jose::{
    CompactJws, Curve, JwsHeader, PrivateJwk, SignatureAlgorithm, Signer, UnsignedJws, base64url,
    jws::{self, ExpectedType, HeaderError, JwsError, JwsRules},
};
use example::key;
use serde_json::{Value, json};

const TYPE: &str = "example+jwt";
const RULES: JwsRules<'_> =
    JwsRules { type_: ExpectedType::Is(TYPE), algorithms: &SignatureAlgorithm::ALL, max_length: 32 * 1024 };

fn signed(key: &PrivateJwk) -> String {
    jws::sign(JwsHeader::new(SignatureAlgorithm::Es256, TYPE), b"{}", key).unwrap()
}

/// Signs a header that nobody here would write.
fn with_header(key: &PrivateJwk, header: &str) -> String {
    let input = format!("{}.{}", base64url::encode(header.as_bytes()), base64url::encode(b"{}"));
    let signature = key.sign(input.as_bytes()).unwrap();
    format!("{input}.{}", base64url::encode(&signature))
}

fn refused(text: &str) -> JwsError {
    CompactJws::parse(text, &RULES).unwrap_err()
}

#[test]
fn what_was_signed_verifies_with_its_key_only() {
    for curve in Curve::ALL {
        let key = key(curve, 1);
        let text = signed(&key);
        let jws = CompactJws::parse(&text, &RULES).unwrap();
        assert_eq!(jws.header().algorithm, curve.signature_algorithm());
        assert_eq!(jws.header().key_id.as_deref(), key.public().key_id());
        assert_eq!(jws.unverified_payload(), b"{}");
        assert_eq!(jws.clone().verify(key.public()).unwrap(), b"{}");
        let other = example::key(curve, 2);
        assert_eq!(jws.clone().verify(other.public()).unwrap_err(), JwsError::OtherKey);
        let nameless = other.public().clone().with_key_id(None).unwrap();
        assert_eq!(jws.clone().verify(&nameless).unwrap_err(), JwsError::Signature);
        let same_name = other.public().clone().with_key_id(key.public().key_id()).unwrap();
        assert_eq!(jws.verify(&same_name).unwrap_err(), JwsError::Signature);
    }
}

#[test]
fn every_changed_character_is_noticed() {
    for curve in Curve::ALL {
        let key = key(curve, 1);
        let nameless = key.public().clone().with_key_id(None).unwrap();
        let text = signed(&key);
        for at in 0..text.len() {
            for other in ['A', 'B', '_', '.', '='] {
                let mut changed = text.clone().into_bytes();
                if changed[at] == other as u8 {
                    continue;
                }
                changed[at] = other as u8;
                let changed = String::from_utf8(changed).unwrap();
                let outcome = CompactJws::parse(&changed, &RULES).and_then(|jws| jws.verify(&nameless));
                assert!(outcome.is_err(), "{changed}");
            }
        }
    }
}

#[test]
fn a_header_with_a_fault_is_refused_for_it() {
    let key = key(Curve::P256, 1);
    let header = |members: Value| {
        let mut all = json!({ "alg": "ES256", "typ": TYPE });
        all.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        all.retain_members()
    };
    for (members, error) in [
        (json!({ "alg": null }), HeaderError::Member("alg").into()),
        (json!({ "alg": "none" }), JwsError::Algorithm),
        (json!({ "alg": "HS256" }), JwsError::Algorithm),
        (json!({ "alg": "es256" }), JwsError::Algorithm),
        (json!({ "alg": "RS256" }), JwsError::Algorithm),
        (json!({ "typ": "JWT" }), HeaderError::Type.into()),
        (json!({ "typ": "Example+JWT" }), HeaderError::Type.into()),
        (json!({ "typ": "application/example+jwt" }), HeaderError::Type.into()),
        (json!({ "typ": 7 }), HeaderError::Member("typ").into()),
        (json!({ "crit": [] }), HeaderError::Critical.into()),
        (json!({ "crit": ["exp"], "exp": 1 }), HeaderError::Critical.into()),
        (json!({ "b64": false }), HeaderError::Critical.into()),
        (json!({ "kid": "" }), HeaderError::Member("kid").into()),
        (json!({ "kid": "x".repeat(257) }), HeaderError::Member("kid").into()),
        (json!({ "kid": ["1"] }), HeaderError::Member("kid").into()),
        (json!({ "cty": "a\u{0}" }), HeaderError::Member("cty").into()),
        (json!({ "jwk": { "kty": "oct", "k": "AA" } }), HeaderError::Member("jwk").into()),
        (json!({ "long": "x".repeat(17_000) }), HeaderError::TooLong.into()),
    ] {
        let text = with_header(&key, &header(members.clone()));
        assert_eq!(refused(&text), error, "{members}");
    }
    for header in [
        String::new(),
        "[]".to_owned(),
        format!(r#"{{"alg":"ES256","typ":"{TYPE}","typ":"{TYPE}"}}"#),
        format!(r#"{{"alg":"none","typ":"{TYPE}","\u0061lg":"ES256"}}"#),
        format!(r#"{{"alg":"ES256","typ":"{TYPE}","own":{{"a":1,"a":2}}}}"#),
    ] {
        let text = with_header(&key, &header);
        assert!(matches!(refused(&text), JwsError::Header(HeaderError::Malformed(_))), "{header}");
    }
    let missing = with_header(&key, r#"{"alg":"ES256"}"#);
    assert_eq!(refused(&missing), HeaderError::Type.into());
    let untyped = JwsRules { type_: ExpectedType::Absent, ..RULES };
    assert!(CompactJws::parse(&missing, &untyped).is_ok());
    assert_eq!(CompactJws::parse(&signed(&key), &untyped).unwrap_err(), HeaderError::Type.into());
}

trait RetainMembers {
    fn retain_members(self) -> String;
}

impl RetainMembers for Value {
    /// Without those that are null.
    fn retain_members(mut self) -> String {
        self.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        self.to_string()
    }
}

#[test]
fn a_text_of_another_shape_is_refused() {
    let text = signed(&key(Curve::P256, 1));
    let parts: Vec<&str> = text.split('.').collect();
    for (text, error) in [
        (String::new(), JwsError::Parts),
        (parts[..2].join("."), JwsError::Parts),
        (format!("{text}.{}", parts[2]), JwsError::Parts),
        (
            format!("{}=.{}.{}", parts[0], parts[1], parts[2]),
            HeaderError::Malformed("not base64url without padding".into()).into(),
        ),
        (format!("{}.{}=.{}", parts[0], parts[1], parts[2]), JwsError::Payload),
        (format!("{text}="), JwsError::Signature),
        (format!("{text}\n"), JwsError::Signature),
        (format!(" {text}"), HeaderError::Malformed("not base64url without padding".into()).into()),
        ("A".repeat(33_000), JwsError::TooLong { max: 32 * 1024 }),
    ] {
        assert_eq!(refused(&text), error, "{text}");
    }
}

#[test]
fn a_signature_in_der_or_of_another_length_is_none() {
    let key = key(Curve::P256, 1);
    let text = signed(&key);
    let (input, signature) = text.rsplit_once('.').unwrap();
    let signature = base64url::decode(signature).unwrap();
    let der = [&[0x30, 0x44, 0x02, 0x20][..], &signature[..32], &[0x02, 0x20], &signature[32..]].concat();
    for bytes in
        [der, signature[..63].to_vec(), [&signature[..], &[0]].concat(), vec![], vec![0; 64], vec![0xFF; 64]]
    {
        let text = format!("{input}.{}", base64url::encode(&bytes));
        let jws = CompactJws::parse(&text, &RULES).unwrap();
        assert_eq!(jws.verify(key.public()).unwrap_err(), JwsError::Signature);
    }
}

#[test]
fn an_algorithm_that_the_reader_did_not_name_is_refused() {
    let text = signed(&key(Curve::P384, 1));
    let rules = JwsRules { algorithms: &[SignatureAlgorithm::Es256], ..RULES };
    assert_eq!(CompactJws::parse(&text, &rules).unwrap_err(), JwsError::Algorithm);
    // the key's own algorithm, whatever the header says
    let p384 = key(Curve::P384, 1);
    let nameless = p384.public().clone().with_key_id(None).unwrap();
    let es256 = signed(&key(Curve::P256, 1));
    assert!(matches!(CompactJws::parse(&es256, &RULES).unwrap().verify(&nameless), Err(JwsError::Key(_))));
}

#[test]
fn nobody_writes_a_member_of_another_meaning() {
    for name in ["alg", "crit", "b64", "jku", "x5u", "zip", "epk", "typ"] {
        let mut header = JwsHeader::new(SignatureAlgorithm::Es256, TYPE);
        header.own.insert(name.to_owned(), json!("x"));
        assert_eq!(UnsignedJws::new(&header, b"").unwrap_err(), HeaderError::Registered(name.to_owned()));
    }
    let mut header = JwsHeader::new(SignatureAlgorithm::Es256, TYPE);
    header.own.insert("own".to_owned(), json!({ "a": 1 }));
    header.content_type = Some("json".to_owned());
    header.key = Some(key(Curve::P256, 1).public().clone());
    let text = jws::sign(header.clone(), b"x", &key(Curve::P256, 1)).unwrap();
    let read = CompactJws::parse(&text, &RULES).unwrap().header().clone();
    header.key_id = read.key_id.clone();
    assert_eq!(read, header);
    header.key_id = Some("a\n".to_owned());
    assert_eq!(UnsignedJws::new(&header, b"").unwrap_err(), HeaderError::Member("kid"));
}

#[test]
fn a_signer_elsewhere_takes_its_time() {
    let key = key(Curve::P384, 1);
    let unsigned = UnsignedJws::new(&JwsHeader::new(SignatureAlgorithm::Es384, TYPE), b"payload").unwrap();
    let signature = key.sign(unsigned.signing_input()).unwrap();
    assert_eq!(unsigned.clone().finish(&signature[1..]).unwrap_err(), JwsError::Signature);
    let text = unsigned.finish(&signature).unwrap();
    assert_eq!(CompactJws::parse(&text, &RULES).unwrap().verify(key.public()).unwrap(), b"payload");
}
