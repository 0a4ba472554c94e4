//! Suites of others: Wycheproof for signatures, NIST PKITS for paths.
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

use bitaqa_trust::{
    Certificate, DateTime, ObjectIdentifier, TrustStore,
    certification_path::{any_policy_holds, candidates, validate},
    public_key::{Hash, KeyError, PublicKey, SignatureScheme},
};
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
                // a curve without arithmetic, RSA keys below 2048 bits or restricted to a hash that we do not verify
                Err(
                    KeyError::CurveNotAvailable { .. }
                    | KeyError::RsaTooShort { .. }
                    | KeyError::PssParameters,
                ) => {
                    left_out += tests.len();
                    continue;
                }
                Err(error) => panic!("{name}: {error}"),
            };
            for test in tests {
                let digest = scheme.hash().digest(&[&hex(&test["msg"])]);
                let verified = key.verify(scheme, &digest, &hex(&test["sig"])).is_ok();
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

/// Valid paths that we refuse: the DER library knows no time before 1970, and no card has been issued since.
const BEFORE_1970: &str = "40203";

#[test]
fn pkits_paths() {
    let Some(folder) = folder("pkits") else { return };
    let now: DateTime = "2022-05-01T00:00:00Z".parse().unwrap();
    let certificate = |name: &Value| {
        let der = std::fs::read(folder.join("certs").join(name.as_str().unwrap())).unwrap();
        Certificate::from_der(&der)
    };
    let anchor = certificate(&Value::from("TrustAnchorRootCertificate.crt")).unwrap();
    let (mut ran, mut revocation, mut parameters, mut dsa) = (0, 0, 0, 0);
    let mut wrong = Vec::new();
    for case in json(&folder.join("pkits.json")).as_array().unwrap() {
        let text = case.to_string();
        let expected = case.get("error").is_none();
        // revocation is a step of its own, whose sources come later
        if !expected && (text.contains("revo") && text.contains("msg_regex") && about_revocation(case)) {
            revocation += 1;
            continue;
        }
        if text.contains("DSA") {
            dsa += 1;
            continue;
        }
        let policies = match case.get("params") {
            None => None,
            Some(params) => match explicit_policies(params) {
                Some(policies) => Some(policies),
                None => {
                    parameters += 1;
                    continue;
                }
            },
        };
        let mut store = TrustStore::new();
        store.add_anchor(anchor.clone());
        for other in case["other_certs"].as_array().into_iter().flatten() {
            if let Ok(other) = certificate(other) {
                store.add_intermediate(other);
            }
        }
        let valid = certificate(&case["cert"]).is_ok_and(|leaf| {
            candidates(&leaf, &store).is_ok_and(|paths| {
                paths.iter().any(|path| {
                    validate(path).is_ok()
                        && path.certificates().all(|c| c.not_before() <= now && now <= c.not_after())
                        && policies.as_ref().is_none_or(|policies| any_policy_holds(path, policies))
                })
            })
        });
        ran += 1;
        if case["id"] == BEFORE_1970 {
            assert!(!valid, "{} holds now: take the exception away", case["name"]);
        } else if valid != expected {
            wrong.push(format!("{} {} should be {expected}", case["id"], case["name"]));
        }
    }
    println!(
        "pkits: {ran} paths judged; left out: {revocation} about revocation, {parameters} with initial settings that have \
         no counterpart here, {dsa} with DSA keys; refused although valid: 1 (since before 1970)"
    );
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(ran > 120, "only {ran} cases ran");
}

fn about_revocation(case: &Value) -> bool {
    let message = case["error"]["msg_regex"].as_str().unwrap_or_default().to_lowercase();
    ["revo", "crl"].iter().any(|word| message.contains(word))
}

/// The policies of a case that demands some explicitly.
fn explicit_policies(params: &Value) -> Option<Vec<ObjectIdentifier>> {
    let fields = params.as_object()?;
    let known = fields.keys().all(|key| key == "user_initial_policy_set" || key == "initial_explicit_policy");
    if !known || params["initial_explicit_policy"] != Value::Bool(true) {
        return None;
    }
    params["user_initial_policy_set"]
        .as_array()?
        .iter()
        .map(|policy| ObjectIdentifier::new(policy.as_str()?).ok())
        .collect()
}
