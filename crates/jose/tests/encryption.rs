//! JWE that are not what they should be.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where it cannot go on")]

mod example;

use bitaqa_jose::{
    CompactJwe, ContentEncryption, Curve, JweHeader, JwkError, PrivateJwk, base64url,
    jwe::{self, ExpectedType, HeaderError, JweError, JweRules},
};
use example::{key, random};
use serde_json::{Value, json};

const TYPE: &str = "example+jwe";
const RULES: JweRules<'_> = JweRules {
    type_: ExpectedType::Is(TYPE),
    encryptions: &[ContentEncryption::A256Gcm],
    max_length: 64 * 1024,
};
const CURVES: [Curve; 2] = [Curve::P256, Curve::P384];

fn header() -> JweHeader {
    let own = json!({ "origin": "https://portal.example.ma" });
    JweHeader {
        type_: Some(TYPE.to_owned()),
        content_type: Some("json".to_owned()),
        party_u: Some(b"host".to_vec()),
        party_v: Some(b"https://portal.example.ma".to_vec()),
        own: own.as_object().unwrap().clone(),
        ..JweHeader::default()
    }
}

fn sealed(key: &PrivateJwk) -> String {
    jwe::encrypt(key.public(), &header(), b"secret", &mut random(9)).unwrap()
}

fn refused(text: &str) -> JweError {
    CompactJwe::parse(text, &RULES).unwrap_err()
}

/// The same message under another header.
fn with_header(text: &str, change: impl FnOnce(&mut Value)) -> String {
    let (protected, rest) = text.split_once('.').unwrap();
    let mut header: Value = serde_json::from_slice(&base64url::decode(protected).unwrap()).unwrap();
    change(&mut header);
    header.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    format!("{}.{rest}", base64url::encode(header.to_string().as_bytes()))
}

#[test]
fn what_was_encrypted_opens_with_its_key_only() {
    for curve in CURVES {
        let key = key(curve, 1);
        let text = sealed(&key);
        let jwe = CompactJwe::parse(&text, &RULES).unwrap();
        let mut expected = header();
        expected.key_id = key.public().key_id().map(str::to_owned);
        assert_eq!(*jwe.header(), expected);
        assert_eq!(jwe.curve(), curve);
        assert_eq!(jwe.decrypt(&key).unwrap().as_slice(), b"secret");
        assert_eq!(jwe.decrypt(&example::key(curve, 2)).unwrap_err(), JweError::OtherKey);
    }
    // another key under the same name
    let mut members: Value = serde_json::from_str(&key(Curve::P256, 2).to_json()).unwrap();
    members["kid"] = key(Curve::P256, 1).public().key_id().unwrap().into();
    let impostor = PrivateJwk::parse(members.to_string().as_bytes()).unwrap();
    let text = sealed(&key(Curve::P256, 1));
    assert_eq!(
        CompactJwe::parse(&text, &RULES).unwrap().decrypt(&impostor).unwrap_err(),
        JweError::Decryption
    );
}

#[test]
fn a_cipher_is_taken_where_the_rules_name_it() {
    let key = key(Curve::P256, 1);
    for encryption in ContentEncryption::ALL {
        let text =
            jwe::encrypt(key.public(), &JweHeader { encryption, ..header() }, b"secret", &mut random(9))
                .unwrap();
        for taken in ContentEncryption::ALL {
            let rules = JweRules { encryptions: &[taken], ..RULES };
            match CompactJwe::parse(&text, &rules) {
                Ok(jwe) => {
                    assert_eq!((taken, jwe.header().encryption), (encryption, encryption));
                    assert_eq!(jwe.decrypt(&key).unwrap().as_slice(), b"secret");
                }
                Err(error) => assert_eq!((error, taken != encryption), (JweError::Encryption, true)),
            }
        }
        // under the other's name
        let other = ContentEncryption::ALL.into_iter().find(|other| *other != encryption).unwrap();
        let renamed = with_header(&text, |header| header["enc"] = other.name().into());
        let rules = JweRules { encryptions: &ContentEncryption::ALL, ..RULES };
        assert_eq!(
            CompactJwe::parse(&renamed, &rules).unwrap().decrypt(&key).unwrap_err(),
            JweError::Decryption
        );
    }
}

#[test]
fn nothing_of_any_length_is_lost() {
    let key = key(Curve::P256, 1);
    for length in [0, 1, 15, 16, 17, 1000, 20_000] {
        let plaintext: Vec<u8> = example::random_bytes(3, length);
        let text = jwe::encrypt(key.public(), &header(), &plaintext, &mut random(4)).unwrap();
        assert_eq!(*CompactJwe::parse(&text, &RULES).unwrap().decrypt(&key).unwrap(), plaintext);
    }
}

#[test]
fn two_messages_have_two_ephemeral_keys_and_two_vectors() {
    let key = key(Curve::P256, 1);
    let mut random = random(5);
    let mut message = || jwe::encrypt(key.public(), &header(), b"secret", &mut random).unwrap();
    let (one, other) = (message(), message());
    let parts = |text: &str| text.split('.').map(str::to_owned).collect::<Vec<_>>();
    let (one, other) = (parts(&one), parts(&other));
    for part in [0, 2, 3, 4] {
        assert_ne!(one[part], other[part]);
    }
    assert_eq!((one.len(), one[1].as_str()), (5, ""));
}

#[test]
fn every_changed_character_is_noticed() {
    for curve in CURVES {
        let key = key(curve, 1);
        let text = sealed(&key);
        for at in 0..text.len() {
            for other in ['A', 'B', '.'] {
                let mut changed = text.clone().into_bytes();
                if changed[at] == other as u8 {
                    continue;
                }
                changed[at] = other as u8;
                let changed = String::from_utf8(changed).unwrap();
                let outcome = CompactJwe::parse(&changed, &RULES).and_then(|jwe| jwe.decrypt(&key));
                assert!(outcome.is_err(), "{changed}");
            }
        }
    }
}

#[test]
fn a_header_with_a_fault_is_refused_for_it() {
    let key = key(Curve::P256, 1);
    let text = sealed(&key);
    let public = |curve| serde_json::to_value(example::key(curve, 3).public()).unwrap();
    let mut off_curve = public(Curve::P256);
    off_curve["y"] = off_curve["x"].clone();
    let mut private: Value = serde_json::from_str(&key.to_json()).unwrap();
    private["kid"] = Value::Null;
    let long = base64url::encode(&[7; 257]);
    for (name, value, error) in [
        ("alg", Value::Null, JweError::Algorithm),
        ("alg", json!("ECDH-ES+A256KW"), JweError::Algorithm),
        ("alg", json!("dir"), JweError::Algorithm),
        ("alg", json!("RSA1_5"), JweError::Algorithm),
        ("alg", json!("none"), JweError::Algorithm),
        ("enc", Value::Null, JweError::Encryption),
        ("enc", json!("A128GCM"), JweError::Encryption),
        ("enc", json!("A256CBC-HS512"), JweError::Encryption),
        ("enc", json!("a256gcm"), JweError::Encryption),
        ("zip", json!("DEF"), JweError::Compressed),
        ("crit", json!(["exp"]), HeaderError::Critical.into()),
        ("crit", json!([]), HeaderError::Critical.into()),
        ("typ", json!("JWT"), HeaderError::Type.into()),
        ("typ", Value::Null, HeaderError::Type.into()),
        ("epk", Value::Null, JweError::EphemeralKey),
        ("epk", json!("AA"), JweError::EphemeralKey),
        ("epk", off_curve, JweError::EphemeralKey),
        ("epk", public(Curve::Ed25519), JweError::EphemeralKey),
        ("epk", private, JweError::EphemeralKey),
        ("apu", json!(7), HeaderError::Member("apu").into()),
        ("apu", json!("a="), HeaderError::Member("apu").into()),
        ("apv", json!(long), HeaderError::Member("apv").into()),
        // the same for both
        ("apu", json!(base64url::encode(b"https://portal.example.ma")), HeaderError::Member("apv").into()),
        ("kid", json!(7), HeaderError::Member("kid").into()),
    ] {
        let changed = with_header(&text, |header| header[name] = value.clone());
        assert_eq!(refused(&changed), error, "{name} {value}");
    }
    let twice = format!(
        "{}.{}",
        base64url::encode(br#"{"alg":"ECDH-ES","alg":"ECDH-ES"}"#),
        text.split_once('.').unwrap().1
    );
    assert!(matches!(refused(&twice), JweError::Header(HeaderError::Malformed(_))));
}

#[test]
fn a_good_header_that_is_not_the_message_s_own_does_not_open_it() {
    let key = key(Curve::P256, 1);
    let text = sealed(&key);
    let other_epk = serde_json::to_value(example::key(Curve::P256, 3).public()).unwrap();
    for (name, value) in [
        ("apu", Value::Null),
        ("apv", json!(base64url::encode(b"https://other.example.ma"))),
        ("origin", json!("https://other.example.ma")),
        ("cty", Value::Null),
        ("epk", other_epk),
        ("more", json!(1)),
    ] {
        let changed = with_header(&text, |header| header[name] = value);
        let jwe = CompactJwe::parse(&changed, &RULES).unwrap();
        assert_eq!(jwe.decrypt(&key).unwrap_err(), JweError::Decryption, "{name}");
    }
    let p384 = serde_json::to_value(example::key(Curve::P384, 3).public()).unwrap();
    let changed = with_header(&text, |header| header["epk"] = p384);
    assert_eq!(
        CompactJwe::parse(&changed, &RULES).unwrap().decrypt(&key).unwrap_err(),
        JweError::EphemeralKey
    );
}

#[test]
fn a_text_of_another_shape_is_refused() {
    let text = sealed(&key(Curve::P256, 1));
    let parts: Vec<&str> = text.split('.').collect();
    let with = |at: usize, part: &str| {
        let mut parts = parts.clone();
        parts[at] = part;
        parts.join(".")
    };
    let short_tag = base64url::encode(&base64url::decode(parts[4]).unwrap()[..15]);
    for (text, error) in [
        (String::new(), JweError::Parts),
        (parts[..4].join("."), JweError::Parts),
        (format!("{text}."), JweError::Parts),
        (with(1, "AAAA"), JweError::EncryptedKey),
        (with(2, "AAAA"), JweError::Content),
        (with(2, &format!("{}=", parts[2])), JweError::Content),
        (with(3, "!"), JweError::Content),
        (with(4, ""), JweError::Content),
        (with(4, &short_tag), JweError::Content),
        ("A".repeat(70_000), JweError::TooLong { max: 64 * 1024 }),
    ] {
        assert_eq!(refused(&text), error, "{text}");
    }
}

#[test]
fn nobody_encrypts_to_a_key_that_is_not_for_it_or_under_a_header_of_another_meaning() {
    let key = key(Curve::Ed25519, 1);
    let error = jwe::encrypt(key.public(), &header(), b"", &mut random(1)).unwrap_err();
    assert_eq!(error, JweError::Key(JwkError::Use));
    let recipient = example::key(Curve::P256, 1);
    for name in ["alg", "enc", "zip", "crit", "epk", "apu"] {
        let mut header = header();
        header.own.insert(name.to_owned(), json!("x"));
        let error = jwe::encrypt(recipient.public(), &header, b"", &mut random(1)).unwrap_err();
        assert_eq!(error, HeaderError::Registered(name.to_owned()).into());
    }
    let mut long = header();
    long.party_u = Some(vec![0; 257]);
    let error = jwe::encrypt(recipient.public(), &long, b"", &mut random(1)).unwrap_err();
    assert_eq!(error, HeaderError::Member("apu").into());
    let broken =
        jwe::encrypt(recipient.public(), &header(), b"", &mut |out: &mut [u8]| out.fill(0)).unwrap_err();
    assert!(matches!(broken, JweError::Key(_)));
}
