//! Revocation lists and answers of responders about one certificate; an input holds several of them.

use bitaqa_trust::{
    Certificate, DateTime, TrustStore,
    certification_path::{CertificationPath, candidates},
    revocation::{
        CertificateStatus, Evidence, EvidenceRules, RevocationCheck, RevocationReport, crl::CertificateList,
        report::EvidenceUsed,
    },
};

use super::written;
use crate::answers_of;

/// The authority of the tests of `crates/trust`, whose key is made of the byte 2.
pub const AUTHORITY: &[u8] = include_bytes!("../certificates/authority.der");
/// Somebody whose certificate it issued.
pub const HOLDER: &[u8] = include_bytes!("../certificates/holder.der");
/// When the seeds are fresh: the first of June 2026, noon.
const NOON: u64 = 1_780_315_200;

pub(crate) fn crl(input: &[u8]) {
    let Some(setting) = Setting::new() else { unreachable!("the certificates are checked in") };
    let mut evidence = Evidence::new();
    let mut is_signed = false;
    for der in answers_of(input) {
        let _ = evidence.add_crl("list", der.to_vec());
        if let Ok(list) = CertificateList::from_der(der) {
            let issuer = setting.authority.tbs().subject();
            written(&(list.issuer(), list.scope(), list.find(&[2, 1, 0x17], issuer)));
            is_signed |= list.verify_signature(&setting.authority).is_ok();
        }
    }
    let report = setting.judge(&evidence);
    assert!(is_signed || used(&report).is_empty(), "a list that the authority did not sign was believed");
}

pub(crate) fn ocsp(input: &[u8]) {
    let Some(setting) = Setting::new() else { unreachable!("the certificates are checked in") };
    let mut evidence = Evidence::new();
    for der in answers_of(input) {
        let _ = evidence.add_ocsp("answer", der.to_vec());
    }
    let skew = EvidenceRules::default().clock_skew;
    for used in used(&setting.judge(&evidence)) {
        let is_of_the_past = used.this_update.unix_duration() <= setting.at.unix_duration() + skew;
        assert!(is_of_the_past, "an answer of the future was believed");
    }
}

struct Setting {
    authority: Certificate,
    path: CertificationPath,
    store: TrustStore,
    at: DateTime,
}

impl Setting {
    fn new() -> Option<Self> {
        let authority = Certificate::from_der(AUTHORITY).ok()?;
        let mut store = TrustStore::new();
        store.add_anchor(authority.clone());
        let path = candidates(&Certificate::from_der(HOLDER).ok()?, &store).ok()?.pop()?;
        let at = DateTime::from_unix_duration(std::time::Duration::from_secs(NOON)).ok()?;
        Some(Self { authority, path, store, at })
    }

    fn judge(&self, evidence: &Evidence) -> RevocationReport {
        let check = RevocationCheck::new(self.path.clone(), self.store.clone(), self.at, None);
        let report = check.finish(evidence, &EvidenceRules::default());
        written(&report);
        report
    }
}

fn used(report: &RevocationReport) -> Vec<&EvidenceUsed> {
    let of_status = |status| match status {
        &CertificateStatus::Good { ref evidence }
        | &CertificateStatus::Revoked { ref evidence, .. }
        | &CertificateStatus::Unknown { ref evidence } => evidence.iter().collect(),
        CertificateStatus::NotDetermined => Vec::new(),
    };
    report.certificates.iter().flat_map(|certificate| of_status(&certificate.status)).collect()
}
