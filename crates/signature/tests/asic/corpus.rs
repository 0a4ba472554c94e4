//! Containers of others, with what their makers say of them.

use std::{collections::BTreeMap, fs};

use bitaqa_signature::{
    asic::{AsicError, FoundContainer, zip::ZipFault},
    found::{FoundTimeStamp, Integrity, SigningCertificate},
    time_stamp::TimeStampToken,
};
use serde_json::Value;

use crate::{is_intact, read, support::judge::conformance};

/// Containers of which their makers say something else than is said here, and why.
const DIFFERENT: [(&str, &str); 5] = [
    ("signable/test.zip", "nobody has signed it"),
    (
        "containerWithCounterSig.asics",
        "its makers speak of the counter-signature; openssl refuses the other too",
    ),
    (
        "cades/validation/removed-doc.asice",
        "a file is missing, which its makers report as SIGNED_DATA_NOT_FOUND",
    ),
    ("removedReference.asice", "a file is missing, which its makers report as SIGNED_DATA_NOT_FOUND"),
    ("tstWithEmptyCertSource.asice", "the time stamp comes without its authority's certificate"),
];

/// Why containers are refused whose only proof is an evidence record.
const EVIDENCE_RECORDS: &str = "evidence records are not looked at";

/// A time stamp over exactly what it must cover, by its own signature.
fn holds(stamp: &FoundTimeStamp) -> bool {
    let Ok(token) = TimeStampToken::parse(&stamp.token) else { return false };
    stamp.covered_digest.as_deref() == Some(token.imprint())
        && token.verify_signature(&stamp.certificates).is_ok()
}

/// Whether all of a container is what it should be: its signatures, or where there are none its time stamps.
fn verdict(found: &Result<FoundContainer, AsicError>) -> bool {
    let Ok(found) = found else { return false };
    let stamps = || found.time_stamps.iter().all(|found| found.faults.is_empty() && holds(&found.stamp));
    if found.signatures.is_empty() { stamps() } else { is_intact(found) }
}

fn shown(found: &Result<FoundContainer, AsicError>) -> String {
    match found {
        Err(error) => error.to_string(),
        Ok(found) => {
            let signatures = found.signatures.iter().map(|signature| {
                let signer = match &signature.signer {
                    SigningCertificate::Bound(_) => "bound",
                    SigningCertificate::NotBound(_) => "not bound",
                    SigningCertificate::Mismatch => "mismatch",
                    SigningCertificate::NotFound => "not found",
                };
                format!(
                    "{}: {:?} {:?} signer {signer} {:?} {:?}",
                    signature.name,
                    signature.integrity,
                    signature.algorithm.as_ref().err(),
                    signature.format_faults,
                    signature.remarks
                )
            });
            let stamps = found
                .time_stamps
                .iter()
                .map(|found| format!("{}: holds {} {:?}", found.name, holds(&found.stamp), found.faults));
            let lines: Vec<_> = signatures.chain(stamps).collect();
            format!("{} {:?}", lines.join("; "), found.remarks)
        }
    }
}

#[test]
fn containers_of_dss_are_as_intact_as_their_makers_say() {
    let Some(folder) = conformance("dss") else {
        println!("the corpus is not there: nothing was compared");
        return;
    };
    let manifest: Value = serde_json::from_slice(&fs::read(folder.join("MANIFEST.json")).unwrap()).unwrap();
    let cases = manifest["cases"].as_array().unwrap().iter();
    let cases = cases.filter(|case| case["module"].as_str().unwrap().starts_with("asic"));
    let files: BTreeMap<_, _> =
        cases.map(|case| (case["file"].as_str().unwrap(), case["integrity"] == "all_intact")).collect();
    let (mut agree, mut differ) = (0, Vec::new());
    for (file, expected) in files {
        let found = read(&fs::read(folder.join(file)).unwrap());
        let is_record = found.as_ref().is_err_and(|error| *error == AsicError::NoSignature)
            && file.contains("evidencerecord/er-");
        let reason = DIFFERENT.iter().find(|(name, _)| file.ends_with(name)).map(|(_, reason)| *reason);
        match (verdict(&found) == expected, reason.or(is_record.then_some(EVIDENCE_RECORDS))) {
            (true, None) => agree += 1,
            (false, Some(reason)) => println!("{file}: {reason}: {}", shown(&found)),
            (true, Some(_)) => differ.push(format!("{file}: is not different any more")),
            (false, None) => differ.push(format!("{file}: expected {expected}, {}", shown(&found))),
        }
    }
    println!("{agree} containers agree");
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}

#[test]
fn containers_of_libdigidocpp_are_opened_or_refused_as_there() {
    let Some(folder) = conformance("libdigidocpp") else {
        println!("the corpus is not there: nothing was compared");
        return;
    };
    let read = |name: &str| read(&fs::read(folder.join(name)).unwrap());
    for (name, file, seconds) in [
        ("test.asics", "test1.txt", Some(1_478_084_865)),
        ("test-meta.asics", "", None),
        ("test-tera.asics", "ddoc_for_testing.ddoc", Some(1_491_805_648)),
        ("test-tera-empty.asics", "emptyFile.ddoc", None),
    ] {
        let found = read(name);
        assert!(verdict(&found), "{name}: {}", shown(&found));
        let found = found.unwrap();
        let stamp = &found.time_stamps[0].stamp;
        if let Some(seconds) = seconds {
            assert_eq!(stamp.claimed_time.unwrap().unix_duration().as_secs(), seconds, "{name}");
        }
        assert!(file.is_empty() || found.files == [file], "{name}: {:?}", found.files);
    }
    let found = read("test-invalidts.asics");
    assert_eq!(found.as_ref().unwrap().files, ["test2.txt"]);
    assert!(!verdict(&found));
    // it says that it is of the other kind, where a time stamp has a manifest
    assert!(!verdict(&read("test-invalid.asics")));
    assert!(matches!(read("asics-subfolder.asics"), Err(AsicError::NotOneFile)));
    for name in ["asice-relative.asice", "dot.asice"] {
        assert_eq!(read(name).unwrap_err(), AsicError::Archive(ZipFault::Name), "{name}");
    }
    // files without any signature
    for (name, file) in [("asice-path.asice", "folder/test1.txt"), ("pt-empty.asice", "empty.txt")] {
        assert_eq!(read(name).unwrap_err(), AsicError::NoSignature, "{name} {file}");
    }
    for (name, reason) in [
        ("test.asice", "RSA with 1024 bits"),
        ("tsl.asice", "the modulus of the signer's key is encoded as a negative number"),
    ] {
        let found = read(name).unwrap();
        assert_eq!(found.signatures[0].integrity, Integrity::NotVerified, "{name}: {reason}");
    }
    assert!(!verdict(&read("forged_lt.asice")), "a signature by another key than the certificate's");
}
