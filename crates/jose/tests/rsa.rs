//! Public RSA keys: what is one, and what they verify.
//!
//! The suite of Wycheproof is read as in `conformance.rs`.
#![cfg(feature = "rsa")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test ends where it cannot go on, and says how many cases ran"
)]

mod example;
mod wycheproof;

use bitaqa_jose::{
    CompactJws, Curve, JwkError, JwsHeader, PublicJwk, RsaPublicJwk, SignatureAlgorithm, UnsignedJws,
    VerificationJwk, base64url,
    jws::{ExpectedType, JwsError, JwsRules},
};
use serde_json::{Value, json};
use wycheproof::{file, hex};

const RULES: JwsRules<'_> =
    JwsRules { type_: ExpectedType::Absent, algorithms: &SignatureAlgorithm::RSA, max_length: 8192 };

/// A number of so many bits, odd.
fn number(bits: usize) -> String {
    let mut bytes = vec![0xA5; bits.div_ceil(8)];
    bytes[0] = if bits.is_multiple_of(8) { 0x80 } else { 1 << (bits % 8 - 1) };
    base64url::encode(&bytes)
}

fn read(value: &Value) -> Result<VerificationJwk, JwkError> {
    VerificationJwk::parse(value.to_string().as_bytes())
}

#[test]
fn a_key_is_bounded_odd_and_public() {
    let good = json!({ "kty": "RSA", "n": number(2048), "e": "AQAB", "kid": "one", "use": "sig" });
    let key = read(&good).unwrap();
    assert_eq!((key.key_id(), serde_json::to_value(&key).unwrap()), (Some("one"), good.clone()));
    assert!(key.fits(SignatureAlgorithm::Rs256) && !key.fits(SignatureAlgorithm::Es256));
    let even = base64url::encode(&[&[0x80][..], &[0; 255]].concat());
    let padded = base64url::encode(&[&[0][..], &base64url::decode(&number(2048)).unwrap()].concat());
    for (name, value, error) in [
        ("n", json!(number(2047)), JwkError::Rsa),
        ("n", json!(number(4097)), JwkError::Rsa),
        ("n", json!(number(32_768)), JwkError::Rsa),
        ("n", json!(even), JwkError::Rsa),
        ("n", json!(padded), JwkError::Coordinate("n")),
        ("n", Value::Null, JwkError::Coordinate("n")),
        ("e", json!("AQ"), JwkError::Rsa),
        ("e", json!("AQAA"), JwkError::Rsa),
        ("e", json!("Av____8"), JwkError::Rsa),
        ("e", json!("AQAAAAAB"), JwkError::Rsa),
        ("e", json!("AAEAAQ"), JwkError::Coordinate("e")),
        ("e", json!(""), JwkError::Coordinate("e")),
        ("d", json!("AQAB"), JwkError::Private),
        ("p", json!("AQAB"), JwkError::Private),
        ("kid", json!(""), JwkError::KeyId),
    ] {
        let mut wrong = good.clone();
        wrong[name] = value;
        assert_eq!(read(&wrong).unwrap_err(), error, "{name} {}", wrong[name]);
    }
    for (name, value) in [("n", number(4096)), ("e", "Aw".to_owned())] {
        let mut right = good.clone();
        right[name] = json!(value);
        assert!(read(&right).is_ok(), "{name}");
    }
    // where keys are on curves, it is none
    assert!(PublicJwk::parse(good.to_string().as_bytes()).is_err());
}

#[test]
fn a_key_on_a_curve_is_one_of_either_kind() {
    for curve in Curve::ALL {
        let key = example::key(curve, 1);
        let any = read(&serde_json::to_value(key.public()).unwrap()).unwrap();
        assert_eq!((any.thumbprint(), any.key_id()), (key.public().thumbprint(), key.public().key_id()));
        assert_eq!(serde_json::to_value(&any).unwrap(), serde_json::to_value(key.public()).unwrap());
        assert_eq!(any, VerificationJwk::from(key.public().clone()));
    }
}

/// Each group's key reads as a JWK, where it is one here.
fn suite(name: &str, algorithm: SignatureAlgorithm) {
    let Some(suite) = file(name) else { return };
    let mut ran = 0;
    for group in suite["testGroups"].as_array().unwrap() {
        let numbers = &group["publicKey"];
        let number = |name: &str| {
            let bytes = hex(&numbers[name]);
            let at = bytes.iter().position(|byte| *byte != 0).unwrap();
            base64url::encode(&bytes[at..])
        };
        let members = json!({ "kty": "RSA", "n": number("modulus"), "e": number("publicExponent") });
        let key = read(&members).unwrap();
        for case in group["tests"].as_array().unwrap() {
            let (message, signature) = (hex(&case["msg"]), hex(&case["sig"]));
            let right = key.verify(algorithm, &message, &signature).unwrap();
            // RS256 has the NULL of its algorithm identifier (RFC 8017 appendix A.2.4): what leaves it out is refused
            assert_eq!(right, case["result"] == "valid", "{case}");
            let other = if algorithm == SignatureAlgorithm::Rs256 {
                SignatureAlgorithm::Ps256
            } else {
                SignatureAlgorithm::Rs256
            };
            // some that are wrong are so for their padding
            assert!(!right || key.verify(other, &message, &signature) == Ok(false), "{case}");
            ran += 1;
        }
    }
    assert_eq!(suite["numberOfTests"], ran);
    println!("{name}: {ran} signatures");
}

#[test]
fn signatures_with_pkcs1_padding() {
    suite("rsa_signature_2048_sha256_test.json", SignatureAlgorithm::Rs256);
    suite("rsa_signature_3072_sha256_test.json", SignatureAlgorithm::Rs256);
}

#[test]
fn signatures_with_pss_padding() {
    suite("rsa_pss_2048_sha256_mgf1_32_test.json", SignatureAlgorithm::Ps256);
    suite("rsa_pss_3072_sha256_mgf1_32_test.json", SignatureAlgorithm::Ps256);
}

#[test]
fn a_key_says_what_it_is_for() {
    for (name, value) in [
        ("use", json!("enc")),
        ("key_ops", json!(["sign"])),
        ("alg", json!("PS256")),
        ("alg", json!("RS512")),
    ] {
        let mut members = json!({ "kty": "RSA", "n": number(2048), "e": "AQAB" });
        members[name] = value;
        let key = read(&members).unwrap();
        let outcome = key.verify(SignatureAlgorithm::Rs256, b"", &[0; 256]);
        assert_eq!(outcome, Err(JwkError::Use), "{members}");
    }
}

#[test]
fn a_header_may_carry_the_key_and_an_algorithm_goes_with_its_kind_of_key() {
    let key = json!({ "kty": "RSA", "n": number(2048), "e": "AQAB" });
    let text = |algorithm: &str| {
        let header = json!({ "alg": algorithm, "jwk": key }).to_string();
        let parts = [header.as_bytes(), b"{}", &[0; 256]].map(base64url::encode);
        parts.join(".")
    };
    let own = text("PS256");
    let jws = CompactJws::parse(&own, &RULES).unwrap();
    assert_eq!(jws.embedded_key(), Some(&read(&key).unwrap()));
    assert_eq!(jws.header().key, None, "no key on a curve");
    assert_eq!(jws.clone().verify_by(&read(&key).unwrap()), Err(JwsError::Signature));
    let on_curve = example::key(Curve::P256, 1).public().clone();
    assert_eq!(jws.verify(&on_curve), Err(JwsError::Key(JwkError::Use)));
    let es256 = JwsRules { algorithms: &SignatureAlgorithm::ALL, ..RULES };
    assert_eq!(CompactJws::parse(&own, &es256).unwrap_err(), JwsError::Algorithm);
    let es256_text = text("ES256");
    let by_rsa = CompactJws::parse(&es256_text, &es256).unwrap().verify_by(&read(&key).unwrap());
    assert_eq!(by_rsa, Err(JwsError::Key(JwkError::Use)));
}

#[test]
fn a_key_of_a_server_is_for_one_algorithm_and_called_by_its_thumbprint() {
    let modulus = base64url::decode(&number(3072)).unwrap();
    for (algorithm, other) in [
        (SignatureAlgorithm::Rs256, SignatureAlgorithm::Ps256),
        (SignatureAlgorithm::Ps256, SignatureAlgorithm::Rs256),
    ] {
        let key = RsaPublicJwk::for_algorithm(&modulus, &[1, 0, 1], algorithm).unwrap();
        let name = key.thumbprint().to_string();
        assert_eq!(key.key_id(), Some(name.as_str()));
        assert_eq!(key.verify(other, b"", &[0; 384]), Err(JwkError::Use));
        assert_eq!(key.verify(algorithm, b"", &[0; 384]), Ok(false));
        let written = serde_json::to_value(VerificationJwk::Rsa(key)).unwrap();
        let said = json!({
            "kty": "RSA", "n": number(3072), "e": "AQAB", "kid": name, "use": "sig", "alg": algorithm.name(),
        });
        assert_eq!(written, said);
    }
    for (modulus, exponent, algorithm, error) in [
        (&modulus[..128], &[1, 0, 1][..], SignatureAlgorithm::Rs256, JwkError::Rsa),
        (&modulus, &[1], SignatureAlgorithm::Rs256, JwkError::Rsa),
        (&[], &[1, 0, 1], SignatureAlgorithm::Rs256, JwkError::Rsa),
        (&modulus, &[1, 0, 1], SignatureAlgorithm::Es256, JwkError::Use),
    ] {
        assert_eq!(RsaPublicJwk::for_algorithm(modulus, exponent, algorithm).err(), Some(error));
    }
}

/// 2048 to 4096 bits, whoever signs.
#[test]
fn a_signature_of_rsa_is_as_long_as_a_key_can_be() {
    for algorithm in SignatureAlgorithm::RSA {
        let unsigned = UnsignedJws::new(&JwsHeader::new(algorithm, "test"), b"{}").unwrap();
        for (length, fits) in
            [(0, false), (64, false), (255, false), (256, true), (384, true), (512, true), (513, false)]
        {
            assert_eq!(unsigned.clone().finish(&vec![0; length]).is_ok(), fits, "{algorithm} {length}");
        }
    }
}
