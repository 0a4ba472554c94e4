//! Wycheproof: signatures in the form that JWS has, and keys that are no points.
//!
//! The suite is not part of the project: read from `../shared/conformance` beside the project's root, or from the folder that
//! `BITAQA_CONFORMANCE` names. Where there is none, the tests say so and check nothing.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test ends where it cannot go on, and says how many cases ran"
)]

mod wycheproof;

use bitaqa_jose::{Curve, JwkError, PublicJwk};
use serde_json::Value;
use wycheproof::{file, hex};

/// Every signature of a suite; how many there were.
fn signatures(suite: &Value, curve: Curve, key: impl Fn(&Value) -> PublicJwk) -> usize {
    let mut ran = 0;
    for group in suite["testGroups"].as_array().unwrap() {
        let key = key(&group["publicKey"]);
        for case in group["tests"].as_array().unwrap() {
            let right =
                key.verify(curve.signature_algorithm(), &hex(&case["msg"]), &hex(&case["sig"])).unwrap();
            assert_eq!(right, case["result"] == "valid", "{case}");
            ran += 1;
        }
    }
    assert_eq!(suite["numberOfTests"], ran);
    ran
}

fn point(curve: Curve, uncompressed: &[u8]) -> Result<PublicJwk, JwkError> {
    let length = curve.coordinate_length();
    PublicJwk::from_coordinates(curve, &uncompressed[1..=length], Some(&uncompressed[1 + length..]), None)
}

#[test]
fn ecdsa_signatures() {
    for (curve, name) in [
        (Curve::P256, "ecdsa_secp256r1_sha256_p1363_test.json"),
        (Curve::P384, "ecdsa_secp384r1_sha384_p1363_test.json"),
    ] {
        let Some(suite) = file(name) else { continue };
        let ran = signatures(&suite, curve, |key| point(curve, &hex(&key["uncompressed"])).unwrap());
        println!("{name}: {ran} signatures");
    }
}

#[test]
fn ed25519_signatures() {
    let name = "ed25519_test.json";
    let Some(suite) = file(name) else { return };
    let ran = signatures(&suite, Curve::Ed25519, |key| {
        PublicJwk::from_coordinates(Curve::Ed25519, &hex(&key["pk"]), None, None).unwrap()
    });
    println!("{name}: {ran} signatures");
}

/// The end of a SubjectPublicKeyInfo is the point, where it is written uncompressed.
#[test]
fn points_off_the_curve() {
    for (curve, name) in
        [(Curve::P256, "ecdh_secp256r1_test.json"), (Curve::P384, "ecdh_secp384r1_test.json")]
    {
        let Some(suite) = file(name) else { continue };
        let (mut good, mut bad) = (0, 0);
        for group in suite["testGroups"].as_array().unwrap() {
            for case in group["tests"].as_array().unwrap() {
                let flags: Vec<&str> =
                    case["flags"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
                let key = hex(&case["public"]);
                let length = 1 + 2 * curve.coordinate_length();
                let Some(at) = key.len().checked_sub(length).filter(|at| key[*at] == 4) else { continue };
                if flags.contains(&"InvalidCurveAttack") {
                    assert_eq!(point(curve, &key[at..]), Err(JwkError::NotOnCurve), "{case}");
                    bad += 1;
                } else if case["result"] == "valid" {
                    assert!(point(curve, &key[at..]).is_ok(), "{case}");
                    good += 1;
                }
            }
        }
        assert!(good > 100 && bad > 5, "{name}: {good} and {bad}");
        println!("{name}: {good} points on the curve, {bad} off it");
    }
}
