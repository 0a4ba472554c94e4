//! The answers of OpenSSL's own tests: 29 cases, 4 of them good.
//!
//! They are of 2012 and signed with SHA-1, which is not verified here, so none is believed. What can be seen is how far each
//! of them gets: the good ones to their signature, with the right certificate and responder.
//!
//! The suite is not part of the project: read from `../shared/conformance` beside the project's root, or from the folder
//! that `BITAQA_CONFORMANCE` names. Where there is none, the test says so and checks nothing.
#![allow(clippy::print_stdout, reason = "it says how many cases ran")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use bitaqa_protocol::decode_base64;
use serde_json::Value;

use super::{OcspFault, Question, verify};
use crate::{
    Certificate, certificate_signature::CertificateSignatureError, pem_bundle, revocation::EvidenceRules,
};

fn folder() -> Option<PathBuf> {
    let root = std::env::var_os("BITAQA_CONFORMANCE").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance"),
        PathBuf::from,
    );
    let folder = root.join("ocsp");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("ocsp: NOT RUN, there is no folder {} (set BITAQA_CONFORMANCE)", folder.display());
    None
}

/// What becomes of an answer, by the file's name: which part of it is wrong, and whether the issuer signed it itself (`ND`).
fn expected(file: &str) -> OcspFault {
    let signature = OcspFault::Signature(CertificateSignatureError::Algorithm);
    match file.split_once('_') {
        // with a right or wrong signature, by the issuer
        None if file.starts_with("ND") => signature,
        Some(("ISOP", rest)) if rest.starts_with("ND") => signature,
        // another issuer's name or key in the statement
        Some(("WINH" | "WIKH", _)) => OcspFault::OtherCertificate,
        // another responder's name, or a responder whose certificate is signed with SHA-1 as well
        _ => OcspFault::ResponderUnknown,
    }
}

#[test]
fn every_answer_gets_as_far_as_it_is_right() {
    let Some(folder) = folder() else { return };
    let read = |name: &Value| fs::read(folder.join(name.as_str().unwrap())).unwrap();
    let cases: Vec<Value> = serde_json::from_slice(&read(&Value::from("openssl-ocsp.json"))).unwrap();
    let mut answers = 0;
    for case in &cases {
        let others = case["other_certs"].as_array().into_iter().flatten();
        let path: Vec<Certificate> = [&case["cert"]]
            .into_iter()
            .chain(others)
            .chain([&case["root"]])
            .map(|name| pem_bundle::certificates("vector", &read(name)).unwrap().swap_remove(0))
            .collect();
        let moment = case["moment"].as_str().unwrap().replace("+00:00", "Z");
        for name in case["ocsps"].as_array().unwrap() {
            let base64: String = String::from_utf8(read(name)).unwrap().split_ascii_whitespace().collect();
            let der = decode_base64(&base64).unwrap();
            let mut faults = path.windows(2).map(|pair| {
                let question = Question {
                    certificate: &pair[0],
                    issuer: &pair[1],
                    at: moment.parse().unwrap(),
                    rules: &EvidenceRules::default(),
                    nonce: None,
                };
                verify(&der, &question).err().expect("nothing signed with SHA-1 is believed")
            });
            let furthest = faults
                .find(|fault| *fault != OcspFault::OtherCertificate)
                .unwrap_or(OcspFault::OtherCertificate);
            assert_eq!(furthest, expected(name.as_str().unwrap()), "{} {name}", case["name"]);
            answers += 1;
        }
    }
    println!(
        "ocsp: {} cases with {answers} answers, none believed (SHA-1); each got as far as it is right",
        cases.len()
    );
    assert_eq!(cases.len(), 29);
}
