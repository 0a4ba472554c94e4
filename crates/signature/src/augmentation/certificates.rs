//! The certificates above one, and what is known about them.

use bitaqa_trust::{
    Certificate, DateTime, addresses,
    certification_path::{self, CertificationPath},
    revocation::{CertificateStatus, Evidence, EvidenceRules, Needed, RevocationCheck},
};

use super::{Answers, Goal, Need, ValidationData};
use crate::{FoundSignature, cms::SignedData};

/// Most certificates of issuers that are fetched for one path.
const MAX_FETCHED: usize = 8;

/// What is known of a path.
pub(super) enum Collected {
    /// This has to be fetched first.
    Needs(Vec<Need>),
    /// All that is needed is there.
    Whole(ValidationData),
    /// Nobody can tell of some certificate whether it was revoked. The rest may be of use.
    NoRevocation(ValidationData),
    /// One of the certificates was revoked by then.
    Revoked(ValidationData),
    /// There is no path to an anchor.
    NoPath,
}

/// Collects certificates and revocation data of the path above a certificate, whose use is proven at a time.
pub(super) fn collect(
    (leaf, proven): (&Certificate, DateTime),
    found: &FoundSignature,
    others: &[Certificate],
    goal: &Goal,
    answers: &Answers,
) -> Collected {
    let mut store = goal.store.clone();
    for certificate in found.certificates.iter().chain(others) {
        store.add_intermediate(certificate.clone());
    }
    let path = match path(leaf, &mut store, answers) {
        Path::Found(path) => path,
        Path::Needs(need) => return Collected::Needs(vec![need]),
        Path::None => return Collected::NoPath,
    };
    let mut data =
        ValidationData { certificates: path.certificates().cloned().collect(), ..ValidationData::default() };
    let mut evidence = Evidence::new();
    // what is in the file already need not be fetched; too much of it is left out, and fetched anew
    for list in &found.revocation.lists {
        let _ = evidence.add_crl("in the file", list.to_vec());
    }
    for answer in &found.revocation.answers {
        let _ = evidence.add_ocsp("in the file", answer.to_vec());
    }
    let check = RevocationCheck::new(path, store, goal.at, None);
    let needs = check.needs();
    let mut missing = Vec::new();
    let mut unknown = false;
    let count = data.certificates.len().saturating_sub(1);
    for position in 0..count {
        if is_known(&check, &evidence, position) {
            continue;
        }
        let mut known = false;
        for needed in needs.iter().filter(|needed| needed.position() == position) {
            let Some(pointer) = data.certificates.get(position) else { continue };
            let need = need_of(needed, pointer);
            match answers.of(&need) {
                None => {
                    missing.push(need);
                    known = true;
                }
                Some(None) => continue,
                Some(Some(received)) => {
                    let mut with = evidence.clone();
                    if with.answer(needed, received.to_vec()).is_err() {
                        continue;
                    }
                    if !is_known(&check, &with, position) {
                        continue;
                    }
                    evidence = with;
                    match needed {
                        Needed::Ocsp { .. } => data.answers.push(received.to_vec()),
                        Needed::Crl { .. } => data.lists.push(received.to_vec()),
                    }
                    known = true;
                }
            }
            break;
        }
        unknown |= !known;
    }
    data.answers.dedup();
    data.lists.dedup();
    if !missing.is_empty() {
        Collected::Needs(missing)
    } else if is_revoked(&check, &evidence, proven) {
        Collected::Revoked(data)
    } else if unknown {
        Collected::NoRevocation(data)
    } else {
        Collected::Whole(data)
    }
}

fn is_known(check: &RevocationCheck, evidence: &Evidence, position: usize) -> bool {
    let report = check.finish(evidence, &EvidenceRules::default());
    let status = report.certificates.get(position).map(|certificate| &certificate.status);
    // where the responder does not know the certificate, a list may (RFC 6960 section 2.2)
    !matches!(status, None | Some(CertificateStatus::NotDetermined | CertificateStatus::Unknown { .. }))
}

/// Whether a certificate of the path was revoked when the use of the first is proven, so that it proves nothing.
fn is_revoked(check: &RevocationCheck, evidence: &Evidence, proven: DateTime) -> bool {
    let report = check.finish(evidence, &EvidenceRules::default());
    report.certificates.iter().any(
        |certificate| matches!(certificate.status, CertificateStatus::Revoked { since, .. } if since <= proven),
    )
}

fn need_of(needed: &Needed, pointer: &Certificate) -> Need {
    let certificate = pointer.der().to_vec();
    match needed {
        Needed::Ocsp { url, request, .. } => {
            Need::Ocsp { certificate, url: url.clone(), request: request.clone() }
        }
        Needed::Crl { url, .. } => Need::Crl { certificate, url: url.clone() },
    }
}

enum Path {
    Found(CertificationPath),
    Needs(Need),
    None,
}

/// The first path whose signatures verify; certificates that are missing on the way are looked for where the last known one
/// says.
fn path(leaf: &Certificate, store: &mut bitaqa_trust::TrustStore, answers: &Answers) -> Path {
    let mut last = leaf.clone();
    for _ in 0..MAX_FETCHED {
        if let Ok(paths) = certification_path::candidates(leaf, store) {
            return paths.into_iter().next().map_or(Path::None, Path::Found);
        }
        // up to the last one whose issuer is not known
        let mut climbed = 0;
        while let Some(issuer) = issuer_of(&last, store) {
            climbed += 1;
            if climbed > certification_path::MAX_LENGTH || issuer.is_self_issued() {
                return Path::None;
            }
            last = issuer;
        }
        let mut found = false;
        for url in addresses::issuers(&last) {
            let need = Need::IssuerCertificate { certificate: last.der().to_vec(), url };
            match answers.of(&need) {
                None => return Path::Needs(need),
                Some(None) => {}
                Some(Some(received)) => {
                    for certificate in certificates_in(received) {
                        found |= is_issuer(&last, &certificate);
                        store.add_intermediate(certificate);
                    }
                }
            }
            if found {
                break;
            }
        }
        if !found {
            return Path::None;
        }
    }
    Path::None
}

fn issuer_of(certificate: &Certificate, store: &bitaqa_trust::TrustStore) -> Option<Certificate> {
    let candidates = store.anchors().iter().chain(store.intermediates());
    candidates.map(AsRef::as_ref).find(|candidate| is_issuer(certificate, candidate)).cloned()
}

fn is_issuer(certificate: &Certificate, candidate: &Certificate) -> bool {
    candidate != certificate
        && candidate.tbs().subject() == certificate.tbs().issuer()
        && candidate.public_key().is_ok_and(|key| certificate.verify_signature(&key).is_ok())
}

/// A certificate in DER, or those of a message with certificates only (RFC 5280 section 4.2.2.1).
#[must_use]
pub fn certificates_in(received: &[u8]) -> Vec<Certificate> {
    if let Ok(certificate) = Certificate::from_der(received) {
        return vec![certificate];
    }
    let Ok(message) = SignedData::parse(received) else { return Vec::new() };
    let certificates = message.certificates.iter().take(MAX_FETCHED);
    certificates.filter_map(|der| Certificate::from_der(der.encoded()).ok()).collect()
}
