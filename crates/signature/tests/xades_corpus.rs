//! Files that others made, with the verdicts of others.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

mod support;

use std::{borrow::Cow, fs};

use bitaqa_signature::{
    FoundSignature, Hash,
    found::{FoundTimeStamp, Integrity},
    time_stamp::TimeStampToken,
    xades::{self, DetachedContent},
};
use support::judge;

/// Files whose manifest says that all is intact, and what keeps us from saying so.
const NOT_INTACT_HERE: [(&str, &str); 8] = [
    ("dss-817-test.xml", "what two of its references name is not in it, and not beside it"),
    ("Signature-X-RO_TRA-15.xml", "SHA-1"),
    ("Signature-X-ES-100.xml", "SHA-1"),
    ("Signature-X-UK_ELD-4.xml", "SHA-1"),
    ("Signature-X-EE-3.ddoc", "SHA-1"),
    ("Signature-X-BE_ECON-3.xml", "an XPath filter that leaves out elements by a name without namespace"),
    ("Signature-X-FR_NOT-3.xml", "an identifier is there twice"),
    ("disable-checks.xml", "its manifest has it a second time, for a program whose protection is off"),
];

/// Time stamps that do not cover what they should, by the name of their files.
const NOT_COVERED_HERE: [(&str, &str); 8] = [
    ("xades-lta-copied-atst.xml", "copied from another file"),
    ("xades-t-copied-sigtst.xml", "copied from another file"),
    ("xades-counter-sig-copied-sigtst.xml", "copied from another file"),
    ("dss1920-cert-in-certValues-without-publicKey.xml", "its imprint is of SHA-1"),
    ("XAdESPublicKeyInKeyInfo.xml", "its imprint is of SHA-1"),
    ("xades-tsts-empty-c14n.xml", "it names no canonicalization, but an empty one"),
    ("detached_cts.xml", "what is stamped is not there"),
    ("valid-xades.xml", "it holds no time stamp of RFC 3161"),
];

/// Contents beside a file, found by the last part of their path; a reference without URI is to the only one.
struct Beside(Vec<(String, Vec<u8>)>);

impl DetachedContent for Beside {
    fn digest(&self, uri: &str, hash: Hash) -> Option<Vec<u8>> {
        Some(hash.digest(&[&self.octets(uri)?]))
    }

    fn octets(&self, uri: &str) -> Option<Cow<'_, [u8]>> {
        let only = uri.is_empty() && self.0.len() == 1;
        let found = self.0.iter().find(|(name, _)| name == uri || only)?;
        Some(Cow::Borrowed(&found.1))
    }
}

fn all(found: &[FoundSignature]) -> Vec<&FoundSignature> {
    found.iter().flat_map(|one| std::iter::once(one).chain(all(&one.counter_signatures))).collect()
}

fn covers(stamp: &FoundTimeStamp) -> bool {
    TimeStampToken::parse(&stamp.token)
        .is_ok_and(|token| stamp.covered_digest.as_deref() == Some(token.imprint()))
}

#[test]
fn files_of_dss_are_judged_as_dss_judges_them() {
    let Some(folder) = judge::conformance("dss") else {
        println!("the files of DSS are not here: none tried");
        return;
    };
    let manifest = fs::read(folder.join("MANIFEST.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
    let (mut agreed, mut listed, mut unspecified, mut stamps) = (0, 0, 0, 0);
    for case in manifest["cases"].as_array().unwrap() {
        if case["module"] != "xades" {
            continue;
        }
        let name = case["file"].as_str().unwrap();
        let short = name.rsplit('/').next().unwrap();
        let document = fs::read(folder.join(name)).unwrap();
        let beside = case["detached"].as_array().unwrap().iter().map(|file| {
            let file = file.as_str().unwrap();
            (file.rsplit('/').next().unwrap().to_owned(), fs::read(folder.join(file)).unwrap())
        });
        let read = xades::read(&document, &Beside(beside.collect()));
        let found = read.as_deref().map(all).unwrap_or_default();
        let intact = !found.is_empty() && found.iter().all(|one| one.integrity == Integrity::Intact);
        let known = NOT_INTACT_HERE.iter().find(|(file, _)| *file == short);
        match case["integrity"].as_str().unwrap() {
            "all_intact" if !intact => {
                let (_, why) = known.unwrap_or_else(|| panic!("{name} is intact for DSS: {read:?}"));
                println!("{name}: not intact here: {why}");
                listed += 1;
            }
            "all_intact" => agreed += 1,
            "some_broken" => {
                assert!(!intact, "{name} is broken for DSS: {read:?}");
                agreed += 1;
            }
            _ => unspecified += 1,
        }
        for one in found {
            let every = [&one.content_time_stamps, &one.signature_time_stamps, &one.archive_time_stamps];
            for stamp in every.into_iter().flatten() {
                stamps += 1;
                let listed = NOT_COVERED_HERE.iter().any(|(file, _)| *file == short);
                let weak = known.is_some_and(|(_, why)| *why == "SHA-1");
                let broken = case["integrity"] != "all_intact";
                assert!(covers(stamp) || listed || weak || broken || known.is_some(), "{name}: {stamp:?}");
            }
        }
    }
    println!(
        "DSS: {agreed} agree, {listed} disagree for a reason, {unspecified} have no verdict; {stamps} time stamps compared"
    );
    assert!(agreed >= 65 && stamps >= 30, "{agreed} {stamps}");
}

#[test]
fn wrapping_never_passes() {
    let Some(folder) = judge::conformance("dss") else {
        println!("the files of DSS are not here: none tried");
        return;
    };
    for name in
        ["XSW-enveloped-fake-signedProperties.xml", "XSW-enveloping-fake-object.xml", "disable-checks.xml"]
    {
        let document = fs::read(folder.join("xades/validation/xsw").join(name)).unwrap();
        for one in xades::read(&document, &xades::NoContent).unwrap() {
            assert_eq!(one.integrity, Integrity::NotVerified, "{name}");
            assert!(!one.format_faults.is_empty(), "{name}");
        }
    }
}
