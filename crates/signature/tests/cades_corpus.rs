//! Signatures in CMS that others made for tests: every file of the corpus, compared with what its makers say of it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where it cannot go on")]

mod support;

use std::fs;

use base64::{Engine, engine::general_purpose::STANDARD};
use bitaqa_signature::{FoundSignature, Hash, cades, found::Integrity, time_stamp::TimeStampToken};
use serde_json::Value;
use support::judge::conformance;

/// Files that their makers call intact and we do not, and why.
const NOT_INTACT_HERE: [(&str, &str); 7] = [
    ("no-key-info-cert.pkcs7", "the signer's certificate is not in the file"),
    ("Signature-CBp-B-1.p7m", "SHA-1"),
    (
        "cades-broken-sig-tst-and-ats-v3.cms",
        "the padding names SHA-256 without NULL, which openssl refuses too",
    ),
    ("CAdES-BpB-att-SHA3_224-SHA3_224withRSA.p7m", "SHA3-224"),
    ("BER_reordered_prova.txt.p7m", "RSA with 1024 bits"),
    ("cades-double-signing-certificate.p7m", "two references to the signer's certificate"),
    ("dss-1188/Test.bin.sig", "SHA-1"),
];

/// Digest of the content that a case has beside the file.
fn content(case: &Value, folder: &std::path::Path) -> impl FnMut(Hash) -> Option<Vec<u8>> {
    let file = case["detached"][0].as_str().map(|file| fs::read(folder.join(file)).unwrap());
    let content = file.or_else(|| Some(case["detached_inline"][0].as_str()?.as_bytes().to_vec()));
    let digest = case["detached_digest"][0][1].as_str().map(|text| STANDARD.decode(text).unwrap());
    move |hash| {
        let of_content = content.as_ref().map(|content| hash.digest(&[content]));
        of_content.or_else(|| digest.clone().filter(|_| hash == Hash::Sha256))
    }
}

fn is_intact(found: &FoundSignature) -> bool {
    found.integrity == Integrity::Intact && found.format_faults.is_empty()
}

#[test]
fn every_file_of_the_corpus_is_as_intact_as_its_makers_say() {
    let Some(folder) = conformance("dss") else {
        println!("the corpus is not there: nothing was compared");
        return;
    };
    let manifest: Value = serde_json::from_slice(&fs::read(folder.join("MANIFEST.json")).unwrap()).unwrap();
    let (mut agree, mut differ) = (0, Vec::new());
    for case in manifest["cases"].as_array().unwrap().iter().filter(|case| case["module"] == "cades") {
        let file = case["file"].as_str().unwrap();
        let found = cades::read(&fs::read(folder.join(file)).unwrap(), &mut content(case, &folder)).unwrap();
        let intact = !found.is_empty() && found.iter().all(is_intact);
        let expected = match case["integrity"].as_str().unwrap() {
            "some_broken" => false,
            // said elsewhere in the suite's tests: the content is the right one
            "all_intact" | "unspecified" => true,
            other => panic!("{other}"),
        };
        let reason = NOT_INTACT_HERE.iter().find(|(name, _)| file.ends_with(name));
        match (expected, intact, reason) {
            (true, true, None) | (false, false, _) => agree += 1,
            (true, false, Some((_, reason))) => println!("{file}: not intact here: {reason}"),
            _ => differ.push(format!(
                "{file}: expected {expected}, {:?}",
                found
                    .iter()
                    .map(|one| (one.integrity, &one.algorithm, &one.format_faults))
                    .collect::<Vec<_>>()
            )),
        }
    }
    println!("{agree} cases agree");
    assert!(differ.is_empty(), "{differ:#?}");
}

/// What the makers say of the time stamps of their files (their tests' names): whether each is over what it must cover.
#[test]
fn time_stamps_of_the_corpus_cover_what_they_must() {
    let Some(folder) = conformance("dss").map(|folder| folder.join("cades/validation")) else {
        println!("the corpus is not there: nothing was compared");
        return;
    };
    for (file, content, signature, archive) in [
        ("Signature-CBp-LT-2.p7m", "", &[true][..], &[][..]),
        ("cades-extended-a.pkcs7", "", &[true], &[true]),
        ("cades_signeddata_extended_after_lta.p7m", "", &[true], &[true, true]),
        ("cades-lta-copied-atst.p7m", "", &[true], &[false]),
        ("cades-t-copied-sigtst.p7m", "", &[false], &[]),
        // its older archive time stamp has no index
        ("cades-ats-v3-rev-val-crl.p7s", "dss-1469/screenshot2.png", &[true], &[false, true]),
        ("cades-ats-v3-wrong-crl.p7s", "dss-1469/screenshot2.png", &[true], &[false, false]),
    ] {
        let message = fs::read(folder.join(file)).unwrap();
        let detached = (!content.is_empty()).then(|| fs::read(folder.join(content)).unwrap());
        let mut take = |hash: Hash| detached.as_ref().map(|content| hash.digest(&[content]));
        let found = &cades::read(&message, &mut take).unwrap()[0];
        let covers = |stamps: &[bitaqa_signature::found::FoundTimeStamp]| {
            let covers = stamps.iter().map(|stamp| {
                let token = TimeStampToken::parse(&stamp.token).unwrap();
                token.verify_signature(&found.certificates).unwrap();
                stamp.covered_digest.as_deref() == Some(token.imprint())
            });
            covers.collect::<Vec<_>>()
        };
        assert_eq!(covers(&found.signature_time_stamps), signature, "{file}");
        assert_eq!(covers(&found.archive_time_stamps), archive, "{file}");
    }
}

#[test]
fn evidence_records_are_told_of() {
    let Some(folder) = conformance("dss").map(|folder| folder.join("cades/validation/evidence-record"))
    else {
        println!("the corpus is not there: nothing was compared");
        return;
    };
    let message = fs::read(folder.join("C-E-ERS-basic.p7m")).unwrap();
    let found = &cades::read(&message, &mut cades::no_content).unwrap()[0];
    assert_eq!(found.remarks, ["an evidence record is not looked at"]);
}
