//! JWKs that are not what they should be, and what a key's own words allow.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where it cannot go on")]

mod example;

use bitaqa_jose::{
    Curve, JwkError, PrivateJwk, PublicJwk, SignatureAlgorithm, Signer, Thumbprint,
    jwe::{self, JweError, JweHeader},
};
use example::{key, random};
use serde_json::{Value, json};

fn members(curve: Curve) -> Value {
    serde_json::to_value(key(curve, 1).public()).unwrap()
}

fn read(value: &Value) -> Result<PublicJwk, JwkError> {
    PublicJwk::parse(value.to_string().as_bytes())
}

#[test]
fn a_key_comes_back_as_it_went() {
    for curve in Curve::ALL {
        let key = key(curve, 1);
        let again = PrivateJwk::parse(key.to_json().as_bytes()).unwrap();
        assert_eq!(again.public(), key.public());
        assert_eq!(again.to_json(), key.to_json());
        assert_eq!(read(&members(curve)).unwrap(), *key.public());
        assert_eq!(key.public().key_id().unwrap(), key.public().thumbprint().to_string());
        let message = b"message";
        let signature = again.sign(message).unwrap();
        assert_eq!(key.public().verify(curve.signature_algorithm(), message, &signature), Ok(true));
        assert_eq!(key.public().verify(curve.signature_algorithm(), b"massage", &signature), Ok(false));
    }
}

#[test]
fn neither_private_keys_nor_texts_of_them_are_shown() {
    for curve in Curve::ALL {
        let key = key(curve, 1);
        let d = serde_json::from_str::<Value>(&key.to_json()).unwrap()["d"].as_str().unwrap().to_owned();
        assert!(!format!("{key:?}").contains(&d));
        // a number where a text belongs, which serde would repeat
        let broken = key.to_json().replace(&format!("\"{d}\""), "12345678901234567");
        let error = PrivateJwk::parse(broken.as_bytes()).unwrap_err();
        assert_eq!(error, JwkError::Malformed);
        assert!(!error.to_string().contains("1234") && !format!("{error:?}").contains("1234"));
    }
}

#[test]
fn a_key_with_a_fault_is_refused_for_it() {
    let replace = |curve, name: &str, value: Value| {
        let mut members = members(curve);
        members[name] = value;
        members
    };
    let x384 = members(Curve::P384)["x"].clone();
    let x = members(Curve::P256)["x"].as_str().unwrap().to_owned();
    let padded = format!("{x}=");
    // the last character of 32 bytes carries two bits that no byte has
    let stray = {
        let mut text = x.clone().into_bytes();
        text[42] = if text[42] == b'A' { b'B' } else { text[42] + 1 };
        String::from_utf8(text).unwrap()
    };
    let zero = "A".repeat(43);
    for (value, error) in [
        (replace(Curve::P256, "kty", json!("OKP")), JwkError::Curve),
        (replace(Curve::Ed25519, "kty", json!("EC")), JwkError::Curve),
        (replace(Curve::P256, "crv", json!("P-256K")), JwkError::Curve),
        (replace(Curve::P256, "crv", json!("P-384")), JwkError::Coordinate("x")),
        (replace(Curve::P256, "crv", json!(null)), JwkError::Curve),
        (replace(Curve::P256, "kty", json!(null)), JwkError::Malformed),
        (replace(Curve::P256, "x", x384), JwkError::Coordinate("x")),
        (replace(Curve::P256, "x", json!(padded)), JwkError::Coordinate("x")),
        (replace(Curve::P256, "x", json!(stray)), JwkError::Coordinate("x")),
        (replace(Curve::P256, "x", json!(7)), JwkError::Malformed),
        (replace(Curve::P256, "y", json!(null)), JwkError::Coordinate("y")),
        (replace(Curve::P256, "y", json!(x)), JwkError::NotOnCurve),
        (replace(Curve::P256, "y", json!(zero)), JwkError::NotOnCurve),
        (replace(Curve::Ed25519, "y", json!(zero)), JwkError::Coordinate("y")),
        // the neutral element and a point of small order
        (replace(Curve::Ed25519, "x", json!(format!("AQ{}", "A".repeat(41)))), JwkError::NotOnCurve),
        (replace(Curve::Ed25519, "x", json!(zero)), JwkError::NotOnCurve),
        (replace(Curve::P256, "d", json!("AA")), JwkError::Private),
        (replace(Curve::P256, "qi", json!("AA")), JwkError::Private),
        (replace(Curve::P256, "k", json!("AA")), JwkError::Private),
        (replace(Curve::P256, "kid", json!("")), JwkError::KeyId),
        (replace(Curve::P256, "kid", json!("a\nb")), JwkError::KeyId),
        (replace(Curve::P256, "kid", json!("x".repeat(257))), JwkError::KeyId),
        (replace(Curve::P256, "comment", json!("x".repeat(9000))), JwkError::TooLong),
        (json!([]), JwkError::Malformed),
        (json!("key"), JwkError::Malformed),
    ] {
        assert_eq!(read(&value), Err(error), "{value}");
    }
    // what stands there twice, and what has no meaning here
    let text = members(Curve::P256).to_string();
    let twice = text.replacen('{', r#"{"kty":"EC","#, 1);
    assert_eq!(PublicJwk::parse(twice.as_bytes()), Err(JwkError::Malformed));
    let twice = text.replacen('{', r#"{"x-a":1,"x-a":1,"#, 1);
    assert_eq!(PublicJwk::parse(twice.as_bytes()), Err(JwkError::Malformed));
    assert_eq!(read(&replace(Curve::P256, "x5t", json!("AA"))), Ok(key(Curve::P256, 1).public().clone()));
}

#[test]
fn halves_of_two_keys_are_no_key() {
    for curve in Curve::ALL {
        let mut members: Value = serde_json::from_str(&key(curve, 1).to_json()).unwrap();
        let other: Value = serde_json::from_str(&key(curve, 2).to_json()).unwrap();
        members["d"] = other["d"].clone();
        assert_eq!(PrivateJwk::parse(members.to_string().as_bytes()).unwrap_err(), JwkError::Mismatch);
        members["d"] = json!("AA");
        assert_eq!(PrivateJwk::parse(members.to_string().as_bytes()).unwrap_err(), JwkError::Coordinate("d"));
    }
    // zero, and the order of the curve
    for d in [[0; 32], [0xFF; 32]] {
        let mut members: Value = serde_json::from_str(&key(Curve::P256, 1).to_json()).unwrap();
        members["d"] = json!(bitaqa_jose::base64url::encode(&d));
        assert_eq!(PrivateJwk::parse(members.to_string().as_bytes()).unwrap_err(), JwkError::Coordinate("d"));
    }
}

#[test]
fn what_a_key_says_of_its_use_is_kept_to() {
    let with = |name: &str, value: Value| {
        let mut members = members(Curve::P256);
        members[name] = value;
        read(&members).unwrap()
    };
    let verifies = |key: &PublicJwk| key.verify(SignatureAlgorithm::Es256, b"", &[1; 64]).is_ok();
    let encrypts = |key: &PublicJwk| match jwe::encrypt(key, &JweHeader::default(), b"", &mut random(1)) {
        Ok(_) => true,
        Err(JweError::Key(JwkError::Use)) => false,
        Err(error) => panic!("{error}"),
    };
    for (name, value, for_signatures, for_encryption) in [
        ("use", json!("sig"), true, false),
        ("use", json!("enc"), false, true),
        ("use", json!("other"), false, false),
        ("alg", json!("ES256"), true, false),
        ("alg", json!("ECDH-ES"), false, true),
        ("alg", json!("ECDH-ES+A256KW"), false, false),
        ("key_ops", json!(["verify"]), true, false),
        ("key_ops", json!(["deriveBits"]), false, true),
        ("key_ops", json!([]), false, true),
        ("key_ops", json!(["wrapKey"]), false, false),
        ("x-other", json!(1), true, true),
    ] {
        let key = with(name, value.clone());
        assert_eq!((verifies(&key), encrypts(&key)), (for_signatures, for_encryption), "{name} {value}");
        let again: PublicJwk = serde_json::from_value(serde_json::to_value(&key).unwrap()).unwrap();
        assert_eq!(again, key);
    }
    // one curve, one algorithm
    let key = key(Curve::P256, 1);
    assert_eq!(key.public().verify(SignatureAlgorithm::Es384, b"", &[1; 96]), Err(JwkError::Use));
    assert_eq!(key.public().verify(SignatureAlgorithm::EdDsa, b"", &[1; 64]), Err(JwkError::Use));
}

#[test]
fn a_thumbprint_is_read_as_people_copy_it() {
    let thumbprint = key(Curve::P256, 1).public().thumbprint();
    let grouped = thumbprint.grouped();
    assert_eq!(grouped.len(), 64 + 15);
    for text in [
        thumbprint.to_string(),
        grouped.clone(),
        grouped.to_lowercase(),
        grouped.replace(' ', ":"),
        grouped.replace(' ', ""),
        format!(" {grouped} "),
    ] {
        assert_eq!(Thumbprint::from_typed(&text), Some(thumbprint), "{text}");
    }
    for text in ["", "AB", &grouped[1..], &format!("{grouped} 00"), &grouped.replace(['A', '0'], "G")] {
        assert_eq!(Thumbprint::from_typed(text), None, "{text}");
    }
}
