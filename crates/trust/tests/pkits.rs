//! NIST PKITS 1.0.1: all 246 paths with their revocation lists, each with the settings of the suite.
//!
//! The suite is not part of the project: read from `../shared/conformance` beside the project's root, or from the folder
//! that `BITAQA_CONFORMANCE` names. Where there is none, the test says so and checks nothing.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test ends where it cannot go on, and says how many cases ran"
)]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use bitaqa_trust::{
    Certificate, DateTime, ObjectIdentifier, TrustStore,
    certification_path::PathSettings,
    chain_verification::{ChainReport, ChainVerifier, RevocationDemand},
    revocation::{Evidence, EvidenceRules, OnMissingEvidence},
};
use serde_json::Value;

/// Valid paths that are refused, by the capability that is missing. A case that is accepted one day must leave the list.
const FALSELY_REFUSED: &[(&str, &str)] = &[
    ("valid_dsa_signatures_test4", "DSA"),
    ("valid_dsa_parameter_inheritance_test5", "DSA"),
    ("valid_crlissuer_test30", "indirect CRL whose signer's own status stands in that CRL alone"),
];

fn folder() -> Option<PathBuf> {
    let root = std::env::var_os("BITAQA_CONFORMANCE").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance"),
        PathBuf::from,
    );
    let folder = root.join("pkits");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("pkits: NOT RUN, there is no folder {} (set BITAQA_CONFORMANCE)", folder.display());
    None
}

struct Suite(PathBuf);

impl Suite {
    fn certificate(&self, name: &str) -> Option<Certificate> {
        Certificate::from_der(&fs::read(self.0.join("certs").join(name)).unwrap()).ok()
    }

    /// What we say about a case; none if its certificate cannot be read.
    fn judge(&self, case: &Value) -> Option<ChainReport> {
        let now: DateTime = "2022-05-01T00:00:00Z".parse().unwrap();
        let mut store = TrustStore::new();
        store.add_anchor(self.certificate("TrustAnchorRootCertificate.crt").unwrap());
        for other in strings(&case["other_certs"]) {
            if let Some(other) = self.certificate(other) {
                store.add_intermediate(other);
            }
        }
        let revocation = (case.get("revocation") != Some(&Value::Bool(false))).then(|| RevocationDemand {
            evidence: self.evidence(case),
            rules: EvidenceRules::default(),
            on_missing: OnMissingEvidence::Refuse,
        });
        let verifier = ChainVerifier { store, settings: settings(case), revocation };
        Some(verifier.verify(&self.certificate(case["cert"].as_str().unwrap())?, now))
    }

    fn evidence(&self, case: &Value) -> Evidence {
        let mut evidence = Evidence::new();
        for list in strings(&case["crls"]).into_iter().chain(["TrustAnchorRootCRL.crl"]) {
            evidence.add_crl(list, fs::read(self.0.join("crls").join(list)).unwrap()).unwrap();
        }
        evidence
    }
}

fn strings(value: &Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().map(|entry| entry.as_str().unwrap()).collect()
}

/// The suite's own settings of a case; a setting that is not known here ends the test.
fn settings(case: &Value) -> PathSettings {
    let mut settings = PathSettings::default();
    for (name, value) in case.get("params").and_then(Value::as_object).into_iter().flatten() {
        match name.as_str() {
            "user_initial_policy_set" => {
                let policies =
                    strings(value).into_iter().map(|policy| ObjectIdentifier::new(policy).unwrap());
                settings.initial_policies = Some(policies.collect());
            }
            "initial_explicit_policy" => settings.explicit_policy = value.as_bool().unwrap(),
            "initial_policy_mapping_inhibit" => settings.inhibit_policy_mapping = value.as_bool().unwrap(),
            "initial_any_policy_inhibit" => settings.inhibit_any_policy = value.as_bool().unwrap(),
            other => panic!("the setting {other} has no counterpart"),
        }
    }
    settings
}

#[test]
fn every_path_is_judged_as_the_suite_says() {
    let Some(folder) = folder() else { return };
    let suite = Suite(folder);
    let cases: Vec<Value> = serde_json::from_slice(&fs::read(suite.0.join("pkits.json")).unwrap()).unwrap();
    let (mut accepted, mut refused) = (0, 0);
    let mut falsely_accepted = Vec::new();
    let mut falsely_refused = BTreeSet::new();
    for case in &cases {
        let report = suite.judge(case);
        let is_valid = report.as_ref().is_some_and(ChainReport::is_valid);
        let name = case["name"].as_str().unwrap();
        match (is_valid, case.get("error").is_none()) {
            (true, true) => accepted += 1,
            (false, false) => refused += 1,
            (true, false) => falsely_accepted.push(name),
            (false, true) => {
                println!("{name}: {:?}", report.map(|report| (report.failure, report.revocation)));
                falsely_refused.insert(name);
            }
        }
    }
    println!(
        "pkits: {} paths judged; {accepted} accepted, {refused} refused, as they should be; {} falsely accepted; {} falsely \
         refused, each for a capability that is missing by name",
        cases.len(),
        falsely_accepted.len(),
        falsely_refused.len(),
    );
    assert_eq!(falsely_accepted, Vec::<&str>::new());
    assert_eq!(falsely_refused, FALSELY_REFUSED.iter().map(|(name, _)| *name).collect());
    assert_eq!(cases.len(), 246);
}
