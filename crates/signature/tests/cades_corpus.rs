//! Signatures in CMS that others made for tests: every file of the corpus, compared with what its makers say of it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where it cannot go on")]

mod support;

use std::fs;

use base64::{Engine, engine::general_purpose::STANDARD};
use bitaqa_signature::{
    FoundSignature, Hash, cades,
    found::{FoundTimeStamp, Integrity},
    time_stamp::TimeStampToken,
};
use bitaqa_trust::Certificate;
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
    let detached = fs::read(folder.join("dss-1469/screenshot2.png")).unwrap();
    for (file, content, signature, archive) in [
        ("Signature-CBp-LT-2.p7m", None, &[true][..], &[][..]),
        ("cades-extended-a.pkcs7", None, &[true], &[true]),
        ("cades_signeddata_extended_after_lta.p7m", None, &[true], &[true, true]),
        ("cades-lta-copied-atst.p7m", None, &[true], &[false]),
        ("cades-t-copied-sigtst.p7m", None, &[false], &[]),
        // their older archive time stamps are of the old kind, with the tag of the unsigned attributes
        ("cades-ats-v3-rev-val-crl.p7s", Some(&detached[..]), &[true], &[true, true]),
        ("cades-ats-v3-wrong-crl.p7s", Some(&detached), &[true], &[true, false]),
        // and without it
        ("dss-2011/cades-tstv2-detached.p7s", Some(b"aaa"), &[true], &[true]),
        ("dss-2011/cades-tstv2-detached.p7s", Some(b"aab"), &[true], &[false]),
    ] {
        let message = fs::read(folder.join(file)).unwrap();
        let found = match content {
            Some(mut content) => cades::read_beside(&message, &mut content),
            None => cades::read(&message, &mut cades::no_content),
        };
        let found = &found.unwrap()[0];
        assert_eq!(covers(&found.signature_time_stamps, &found.certificates), signature, "{file}");
        assert_eq!(covers(&found.archive_time_stamps, &found.certificates), archive, "{file}");
    }
}

/// Whether time stamps are over what they must cover.
fn covers(stamps: &[FoundTimeStamp], certificates: &[Certificate]) -> Vec<bool> {
    let covers = stamps.iter().map(|stamp| {
        let token = TimeStampToken::parse(&stamp.token).unwrap();
        token.verify_signature(certificates).unwrap();
        stamp.covered_digest.as_deref() == Some(token.imprint())
    });
    covers.collect()
}

/// Everything that an archive time stamp of the old kind is over breaks it where it is changed, and what came later does not.
#[test]
fn whatever_an_archive_time_stamp_of_the_old_kind_covers_breaks_it() {
    let Some(folder) = conformance("dss").map(|folder| folder.join("cades/validation")) else {
        println!("the corpus is not there: nothing was compared");
        return;
    };
    let content = fs::read(folder.join("dss-1469/screenshot2.png")).unwrap();
    let message = fs::read(folder.join("cades-ats-v3-rev-val-crl.p7s")).unwrap();
    let read = |message: &[u8]| cades::read_beside(message, &mut &content[..]);
    let genuine = read(&message).unwrap().remove(0);
    let [old, new] = &genuine.archive_time_stamps[..] else { panic!("{:?}", genuine.archive_time_stamps) };
    assert_eq!((old.is_of_old_kind, new.is_of_old_kind), (true, false));
    // every certificate, and every list and answer, of the message itself
    assert!(genuine.certificates.iter().any(|one| old.covered_material.contains(&one.sha256())));
    let position = |needle: &[u8]| message.windows(needle.len()).position(|at| at == needle).unwrap();
    let (old_place, new_place) = (position(&old.token), position(&new.token));
    let is_in = |place: usize, token: &[u8], at: usize| (at..at + token.len()).contains(&place);
    let (mut broken, mut read_at_all, mut later) = (0, 0, 0);
    for place in (0..message.len()).step_by(97) {
        let mut changed = message.clone();
        changed[place] ^= 1;
        if is_in(place, &old.token, old_place) {
            continue;
        }
        let Ok(mut found) = read(&changed) else { continue };
        let found = found.remove(0);
        let Some(stamp) = found.archive_time_stamps.iter().find(|stamp| stamp.token == old.token) else {
            continue;
        };
        let breaks = stamp.covered_digest != old.covered_digest;
        if is_in(place, &new.token, new_place) {
            assert!(!breaks, "byte {place} came later");
            later += 1;
            continue;
        }
        read_at_all += 1;
        broken += usize::from(breaks);
    }
    println!("{broken} of {read_at_all} changes break it");
    // version and digest algorithms of the message, and the tags around the time stamps, are in nothing
    assert!(read_at_all > 100 && broken + 5 > read_at_all, "{broken} of {read_at_all}");
    assert!(later > 10, "{later}");
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
