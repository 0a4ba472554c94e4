//! A corpus of signed PDF files that others made for tests, compared with what its makers say of it.

use std::fs;

use bitaqa_signature::pades::read;
use serde_json::Value;

use crate::{creation::is_good, support::judge::conformance};

/// Files on which we differ, and why.
const DIFFERENT: [(&str, &str); 8] = [
    ("BadEncodedCMS.pdf", "SHA-1"),
    ("dss-1188/Test.pdf", "SHA-1"),
    ("pkcs7-no-message-digest.pdf", "SHA-1, and no signed attributes"),
    ("DSS-2821.pdf", "the structure tree was changed after the document time stamp"),
    (
        "dss-2236/hide.pdf",
        "the signed revision has a stream with a wrong length, so that it cannot be compared",
    ),
    ("dss-2236/replace.pdf", "a text field has another face and the same value"),
    (
        "signature-referenced-from-multiple-fields.pdf",
        "two fields have one signature, so that one of them shows what nobody signed there",
    ),
    ("pdf-structtreeroot-changes.pdf", "the structure tree was changed after the first signature"),
];

#[test]
fn every_file_of_the_corpus_is_as_intact_as_its_makers_say() {
    let Some(folder) = conformance("dss") else {
        println!("the corpus is not there: nothing was compared");
        return;
    };
    let manifest: Value = serde_json::from_slice(&fs::read(folder.join("MANIFEST.json")).unwrap()).unwrap();
    let (mut agree, mut differ) = (0, Vec::new());
    for case in manifest["cases"].as_array().unwrap().iter().filter(|case| case["module"] == "pades") {
        let name = case["file"].as_str().unwrap();
        let file = fs::read(folder.join(name)).unwrap();
        let (intact, why) = match read(&file) {
            Err(error) => (false, error.to_string()),
            Ok(found) => {
                let stamps = found.document_time_stamps.iter();
                let stamps: Vec<_> = stamps.map(|stamp| &stamp.format_faults).collect();
                let why: Vec<_> = found
                    .signatures
                    .iter()
                    .map(|found| (&found.name, found.integrity, &found.algorithm, &found.format_faults))
                    .collect();
                let good =
                    found.signatures.iter().all(is_good) && stamps.iter().all(|faults| faults.is_empty());
                (good, format!("{why:?} {stamps:?}"))
            }
        };
        let expected = case["integrity"] == "all_intact";
        let known = DIFFERENT.iter().find(|(file, _)| name.ends_with(file));
        if let Some((_, reason)) = known {
            println!("{name}: {reason}: {why}");
        }
        if (intact == expected) == known.is_some() {
            differ.push(format!("{name}: expected {expected}, {why}"));
        } else {
            agree += 1;
        }
    }
    println!("{agree} cases are as expected");
    assert!(differ.is_empty(), "{differ:#?}");
}
