//! Project Wycheproof judges how signatures of travel documents are verified: on more curves, with more hashes and with masks of
//! other hashes than signatures of tokens have.

use bitaqa_card::active_authentication::DigestAlgorithm;
use bitaqa_trust::icao_pki::{IcaoKey, IcaoKeyError, IcaoScheme, signature_scheme::PssParameters};
use serde_json::Value;

use crate::specimens::suite;

fn hex(value: &Value) -> Vec<u8> {
    let text = value.as_str().unwrap();
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

fn hash(name: &Value) -> Option<DigestAlgorithm> {
    match name.as_str()? {
        "SHA-1" => Some(DigestAlgorithm::Sha1),
        "SHA-224" => Some(DigestAlgorithm::Sha224),
        "SHA-256" => Some(DigestAlgorithm::Sha256),
        "SHA-384" => Some(DigestAlgorithm::Sha384),
        "SHA-512" => Some(DigestAlgorithm::Sha512),
        _ => None,
    }
}

fn scheme(group: &Value) -> Option<IcaoScheme> {
    let hash = hash(&group["sha"])?;
    Some(match group["type"].as_str()? {
        "EcdsaP1363Verify" => IcaoScheme::EcdsaPlain(hash),
        "EcdsaVerify" => IcaoScheme::Ecdsa(hash),
        "RsassaPkcs1Verify" => IcaoScheme::Pkcs1(hash),
        "RsassaPssVerify" | "RsassaPssWithParametersVerify" if group["mgf"] == "MGF1" => {
            let mask_hash = self::hash(&group["mgfSha"])?;
            let salt_length = usize::try_from(group["sLen"].as_u64()?).unwrap();
            IcaoScheme::Pss(PssParameters { hash, mask_hash, salt_length })
        }
        _ => return None,
    })
}

#[test]
fn wycheproof_signatures() {
    let Some(folder) = suite("wycheproof") else { return };
    let (mut ran, mut left_out) = (0_usize, 0_usize);
    let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        if !(name.starts_with("ecdsa_") || name.starts_with("rsa_")) {
            continue;
        }
        let (before, left_out_before) = (ran, left_out);
        let suite: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        for group in suite["testGroups"].as_array().unwrap() {
            let tests = group["tests"].as_array().unwrap();
            let (key, scheme) = match (IcaoKey::from_der(&hex(&group["publicKeyDer"])), scheme(group)) {
                (Ok(key), Some(scheme)) => (key, scheme),
                // RSA keys below 2048 bits, hashes that documents do not use, masks that are none of MGF1
                (Err(IcaoKeyError::RsaLength { .. }), _) | (Ok(_), None) => {
                    left_out += tests.len();
                    continue;
                }
                (Err(error), _) => panic!("{name}: {error}"),
            };
            for test in tests {
                let verified = scheme.verify(&key, &hex(&test["msg"]), &hex(&test["sig"])).is_ok();
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
    assert!(ran > 6000, "only {ran} cases ran");
}
