//! Signatures in CMS that others made for tests: every file of the corpus, compared with what its makers say of it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where it cannot go on")]

mod support;

use std::fs;

use base64::{Engine, engine::general_purpose::STANDARD};
use bitaqa_signature::{Hash, cades, found::Integrity};
use serde_json::Value;
use support::judge::conformance;

#[test]
fn every_file_of_the_corpus_is_as_intact_as_its_makers_say() {
    let Some(folder) = conformance("dss") else {
        println!("the corpus is not there: nothing was compared");
        return;
    };
    let manifest: Value = serde_json::from_slice(&fs::read(folder.join("MANIFEST.json")).unwrap()).unwrap();
    for case in manifest["cases"].as_array().unwrap().iter().filter(|case| case["module"] == "cades") {
        let file = case["file"].as_str().unwrap();
        let message = fs::read(folder.join(file)).unwrap();
        let content = case["detached"]
            .as_array()
            .and_then(|files| files.first())
            .map(|file| fs::read(folder.join(file.as_str().unwrap())).unwrap())
            .or_else(|| Some(case["detached_inline"][0].as_str()?.as_bytes().to_vec()));
        let digest = case["detached_digest"][0][1].as_str().map(|text| STANDARD.decode(text).unwrap());
        let mut take = |hash: Hash| {
            content
                .as_ref()
                .map(|content| hash.digest(&[content]))
                .or_else(|| digest.clone().filter(|_| hash == Hash::Sha256))
        };
        match cades::read(&message, &mut take) {
            Err(error) => println!("{file} {} ERROR {error}", case["integrity"]),
            Ok(found) => {
                for one in found {
                    println!(
                        "{file} {} {:?} {:?} signer {:?} faults {:?} remarks {:?}",
                        case["integrity"],
                        one.integrity,
                        one.algorithm,
                        one.signer,
                        one.format_faults,
                        one.remarks
                    );
                    for (kind, list) in [
                        ("ct", &one.content_time_stamps),
                        ("st", &one.signature_time_stamps),
                        ("at", &one.archive_time_stamps),
                    ] {
                        for t in list {
                            let token = cades_token(&t.token);
                            println!(
                                "    {kind} {:?} {} cover {}",
                                token.as_ref().map(|x| x.hash()),
                                match (&token, &t.covered_digest) {
                                    (Ok(x), Some(d)) => (x.imprint() == *d).to_string(),
                                    _ => "none".to_owned(),
                                },
                                t.covered_material.len()
                            );
                            if let Ok(x) = token {
                                println!("       {:?}", x.verify_signature(&one.certificates).map(|_| ()));
                            }
                        }
                    }
                }
            }
        }
    }
}
fn cades_token(
    b: &[u8],
) -> Result<bitaqa_signature::time_stamp::TimeStampToken, bitaqa_signature::time_stamp::TimeStampError> {
    bitaqa_signature::time_stamp::TimeStampToken::parse(b)
}
