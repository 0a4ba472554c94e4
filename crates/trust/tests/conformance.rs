//! Suites of others: Wycheproof for signatures (NIST PKITS for paths stands in `pkits.rs`).
//!
//! They are not part of the project: read from `../shared/conformance` beside the project's root, or from the folder that
//! `BITAQA_CONFORMANCE` names. Where there is none, the tests say so and check nothing.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::cast_possible_truncation,
    reason = "a test ends where it cannot go on, and says how many cases ran"
)]

use std::path::{Path, PathBuf};

use bitaqa_trust::public_key::{Hash, KeyError, PublicKey, SignatureScheme};
use der::Decode;
use serde_json::Value;
use spki::SubjectPublicKeyInfoOwned;

fn folder(suite: &str) -> Option<PathBuf> {
    let root = std::env::var_os("BITAQA_CONFORMANCE").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance"),
        PathBuf::from,
    );
    let folder = root.join(suite);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("{suite}: NOT RUN, there is no folder {} (set BITAQA_CONFORMANCE)", folder.display());
    None
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn hex(value: &Value) -> Vec<u8> {
    let text = value.as_str().unwrap();
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

fn hash(name: &Value) -> Option<Hash> {
    match name.as_str()? {
        "SHA-256" => Some(Hash::Sha256),
        "SHA-384" => Some(Hash::Sha384),
        "SHA-512" => Some(Hash::Sha512),
        "SHA3-256" => Some(Hash::Sha3_256),
        "SHA3-384" => Some(Hash::Sha3_384),
        "SHA3-512" => Some(Hash::Sha3_512),
        _ => None,
    }
}

fn scheme(group: &Value) -> Option<SignatureScheme> {
    let hash = hash(&group["sha"])?;
    Some(match group["type"].as_str()? {
        "EcdsaP1363Verify" => SignatureScheme::EcdsaRaw(hash),
        "EcdsaVerify" => SignatureScheme::EcdsaDer(hash),
        "RsassaPkcs1Verify" => SignatureScheme::Pkcs1(hash),
        "RsassaPssVerify" | "RsassaPssWithParametersVerify" => {
            // a mask with another hash, or none, is not a scheme of ours
            if group["mgf"].as_str() != Some("MGF1") || group["mgfSha"] != group["sha"] {
                return None;
            }
            SignatureScheme::Pss { hash, salt_length: group["sLen"].as_u64()? as usize }
        }
        _ => return None,
    })
}

#[test]
fn wycheproof_signatures() {
    let Some(folder) = folder("wycheproof") else { return };
    let (mut ran, mut left_out) = (0_usize, 0_usize);
    let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        if !(name.starts_with("ecdsa_") || name.starts_with("rsa_")) {
            continue;
        }
        let (before, left_out_before) = (ran, left_out);
        for group in json(&file)["testGroups"].as_array().unwrap() {
            let tests = group["tests"].as_array().unwrap();
            let spki = SubjectPublicKeyInfoOwned::from_der(&hex(&group["publicKeyDer"])).unwrap();
            let (Some(scheme), key) = (scheme(group), PublicKey::from_spki(&spki)) else {
                left_out += tests.len();
                continue;
            };
            let key = match key {
                Ok(key) => key,
                // RSA keys below 2048 bits or restricted to a hash that we do not verify
                Err(KeyError::RsaTooShort { .. } | KeyError::PssParameters) => {
                    left_out += tests.len();
                    continue;
                }
                Err(error) => panic!("{name}: {error}"),
            };
            for test in tests {
                let digest = scheme.hash().digest(&[&hex(&test["msg"])]);
                let verified = key.verify(scheme, &digest, &hex(&test["sig"])).is_ok();
                // by the code of the browsers, and by ring before it
                let whole = key.verify_message(scheme, &hex(&test["msg"]), &hex(&test["sig"])).is_ok();
                assert_eq!(whole, verified, "{name} {}: ring and the other code differ", test["tcId"]);
                let case = format!("{name} {}: {}", test["tcId"], test["comment"]);
                match test["result"].as_str().unwrap() {
                    "valid" => assert!(verified, "{case}"),
                    "invalid" => assert!(!verified, "{case}"),
                    // signatures that some lenient parsers take: either answer is right
                    _ => {}
                }
                ran += 1;
            }
        }
        println!("{name}: {} ran, {} left out", ran - before, left_out - left_out_before);
    }
    println!("wycheproof: {ran} signatures verified or refused as they should be, {left_out} left out");
    assert!(ran > 3000, "only {ran} cases ran");
}
