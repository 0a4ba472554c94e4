//! What revocation lists say about a certificate (RFC 5280 section 6.3.3), with delta lists, lists that cover some reasons
//! only, indirect lists, and lists signed with another key than the certificate.

use std::{cmp::Reverse, collections::HashMap, sync::Arc};

use x509_cert::ext::pkix::CrlReason;

use super::{
    crl::CertificateList,
    crl_entries::{self, Entry},
    crl_scope::{DistributionPoints, ReasonSet, all_reasons},
    evidence::{EvidenceRules, Freshness, List, NotFresh},
    fault::CrlFault,
};
use crate::{
    DateTime,
    certificate::Certificate,
    certification_path::{self, CertificationPath, PathSettings},
    trust_store::TrustStore,
    validity::check_validity,
};

/// Most signatures on lists that are checked in one verification.
const MAX_SIGNATURE_CHECKS: usize = 128;

/// Most paths of signers of lists that are looked at in one verification.
const MAX_SIGNER_PATHS: usize = 32;

/// How many signers of lists may stand between a list and the path in question: the signer's own status comes from a list
/// whose signer is on a path of its own, and so on.
const MAX_SIGNERS_BETWEEN: usize = 2;

/// The lists of one verification.
pub(super) struct Lists<'a> {
    lists: Vec<Result<CertificateList<'a>, CrlFault>>,
    store: &'a TrustStore,
    path: &'a CertificationPath,
    at: DateTime,
    rules: &'a EvidenceRules,
    /// Whether a key signed a list, by the list's place and the fingerprint of the key's certificate.
    signatures: HashMap<(usize, [u8; 32]), Result<(), CrlFault>>,
    checks_left: usize,
    signer_paths_left: usize,
}

/// What the lists say about a certificate.
pub(super) struct ListsOutcome {
    pub(super) status: ListStatus,
    /// Places of the lists that say so.
    pub(super) used: Vec<usize>,
    /// Places of the lists that say nothing, with the reason.
    pub(super) faults: Vec<(usize, CrlFault)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ListStatus {
    Good,
    Revoked(Entry),
    NotDetermined,
}

/// Whose list may be believed: signers whose own status is being determined may not vouch for themselves.
#[derive(Clone, Default)]
struct Signers {
    excluded: Vec<[u8; 32]>,
}

impl<'a> Lists<'a> {
    pub(super) fn new(
        lists: &'a [List],
        store: &'a TrustStore,
        path: &'a CertificationPath,
        at: DateTime,
        rules: &'a EvidenceRules,
    ) -> Self {
        Self {
            lists: lists.iter().map(|list| CertificateList::from_der(&list.der)).collect(),
            store,
            path,
            at,
            rules,
            signatures: HashMap::new(),
            checks_left: MAX_SIGNATURE_CHECKS,
            signer_paths_left: MAX_SIGNER_PATHS,
        }
    }

    /// The list in this place, if it can be read.
    pub(super) fn get(&self, place: usize) -> Option<&CertificateList<'a>> {
        self.lists.get(place)?.as_ref().ok()
    }

    /// What they say about a certificate of this issuer.
    pub(super) fn judge(&mut self, certificate: &Certificate, issuer: &Certificate) -> ListsOutcome {
        self.judge_for(certificate, issuer, &Signers::default())
    }

    fn judge_for(
        &mut self,
        certificate: &Certificate,
        issuer: &Certificate,
        signers: &Signers,
    ) -> ListsOutcome {
        let mut outcome =
            ListsOutcome { status: ListStatus::NotDetermined, used: Vec::new(), faults: Vec::new() };
        for (place, list) in self.lists.iter().enumerate() {
            if let Err(fault) = list {
                outcome.faults.push((place, fault.clone()));
            }
        }
        let mut covered = ReasonSet::default();
        for place in self.complete_lists() {
            match self.ask(place, certificate, issuer, signers, covered) {
                Ok(answer) => {
                    if let Some(entry) = answer.entry {
                        outcome.status = ListStatus::Revoked(entry);
                        outcome.used = answer.places;
                        return outcome;
                    }
                    outcome.used.extend(answer.places);
                    covered |= answer.reasons;
                }
                Err(fault) => outcome.faults.push((place, fault)),
            }
        }
        if covered.contains(all_reasons()) {
            outcome.status = ListStatus::Good;
            return outcome;
        }
        for place in outcome.used.drain(..) {
            outcome.faults.push((place, CrlFault::Reasons));
        }
        if outcome.faults.is_empty() {
            let deltas = (0..self.lists.len()).filter(|place| self.get(*place).is_some());
            outcome.faults = deltas.map(|place| (place, CrlFault::DeltaWithoutBase)).collect();
        }
        outcome
    }

    /// Places of the complete lists, the newest first.
    fn complete_lists(&self) -> Vec<usize> {
        let mut places: Vec<usize> = (0..self.lists.len())
            .filter(|place| self.get(*place).is_some_and(|list| list.base_number().is_none()))
            .collect();
        places.sort_by_key(|place| Reverse(self.get(*place).map(CertificateList::this_update)));
        places
    }

    /// Asks one complete list and what was changed since. Those of no use because everything is covered answer nothing.
    fn ask(
        &mut self,
        place: usize,
        certificate: &Certificate,
        issuer: &Certificate,
        signers: &Signers,
        covered: ReasonSet,
    ) -> Result<ListAnswer, CrlFault> {
        let list = self.get(place).ok_or(CrlFault::Malformed)?;
        let reasons = DistributionPoints::of(certificate)?.covered_by(list)?;
        if covered.contains(reasons) {
            return Ok(ListAnswer { entry: None, reasons, places: Vec::new() });
        }
        self.check_fresh(place)?;
        let signer = self.signer(place, issuer, signers)?;
        let serial_number = crl_entries::serial_number(certificate)?;
        let name = certificate.tbs().issuer();
        let list = self.get(place).ok_or(CrlFault::Malformed)?;
        let mut entry = list.find(&serial_number, name)?;
        if entry.is_some_and(|entry| entry.reason == Some(CrlReason::RemoveFromCRL)) {
            // only a delta list can take something out (section 5.3.1)
            return Err(CrlFault::Entry);
        }
        let mut places = vec![place];
        if let Some(delta) = self.newest_delta(place, &signer) {
            let changes = self.get(delta).ok_or(CrlFault::Malformed)?.find(&serial_number, name)?;
            match changes {
                Some(change) if change.reason == Some(CrlReason::RemoveFromCRL) => entry = None,
                Some(change) => entry = Some(change),
                None => {}
            }
            places.push(delta);
        }
        Ok(ListAnswer { entry, reasons, places })
    }

    fn check_fresh(&self, place: usize) -> Result<(), CrlFault> {
        let list = self.get(place).ok_or(CrlFault::Malformed)?;
        let next_update = list.next_update().ok_or(CrlFault::NoNextUpdate)?;
        let fresh = Freshness { this_update: list.this_update(), next_update: Some(next_update) };
        fresh.check(self.at, self.rules).map_err(|fault| match fault {
            NotFresh::Future { from } => CrlFault::NotYetValid { from },
            NotFresh::Past { until } => CrlFault::Stale { until },
        })
    }

    /// The newest delta list that starts from this list or an older one, and that the same key signed (section 5.2.4).
    fn newest_delta(&mut self, place: usize, signer: &Certificate) -> Option<usize> {
        let mut deltas: Vec<usize> = (0..self.lists.len())
            .filter(|delta| {
                let (Some(list), Some(delta)) = (self.get(place), self.get(*delta)) else { return false };
                let (Some(number), Some(base), Some(own)) =
                    (list.number(), delta.base_number(), delta.number())
                else {
                    return false;
                };
                delta.same_scope(list) && not_above(base, number) && !not_above(own, number)
            })
            .collect();
        deltas.sort_by_key(|delta| {
            let number = self.get(*delta).and_then(CertificateList::number).unwrap_or_default();
            Reverse((number.len(), number.to_vec()))
        });
        deltas
            .into_iter()
            .find(|delta| self.check_fresh(*delta).is_ok() && self.check_signature(*delta, signer).is_ok())
    }

    /// Who signed a list: the certificate's issuer, or somebody of the list issuer's name whose own path ends in the same
    /// anchor and was not revoked (section 6.3.3 step f).
    fn signer(
        &mut self,
        place: usize,
        issuer: &Certificate,
        signers: &Signers,
    ) -> Result<Certificate, CrlFault> {
        let name = self.get(place).ok_or(CrlFault::Malformed)?.issuer().clone();
        let mut fault = CrlFault::SignerUnknown;
        if certval::compare_names(&name, issuer.tbs().subject()) {
            match self.check_signature(place, issuer) {
                Ok(()) => return Ok(issuer.clone()),
                Err(other) => fault = other,
            }
        }
        if signers.excluded.len() >= MAX_SIGNERS_BETWEEN {
            return Err(fault);
        }
        for candidate in self.certificates_named(&name) {
            let is_new = *candidate != *issuer && !signers.excluded.contains(&candidate.sha256());
            if is_new && self.check_signature(place, &candidate).is_ok() {
                if self.may_sign(&candidate, signers) {
                    return Ok(Certificate::clone(&candidate));
                }
                fault = CrlFault::SignerUnknown;
            }
        }
        Err(fault)
    }

    fn certificates_named(&self, name: &x509_cert::name::Name) -> Vec<Arc<Certificate>> {
        let known = self.store.anchors().iter().chain(self.store.intermediates());
        known.filter(|known| certval::compare_names(known.tbs().subject(), name)).cloned().collect()
    }

    fn may_sign(&mut self, signer: &Certificate, signers: &Signers) -> bool {
        let anchor = self.path.anchor().clone();
        if *signer == anchor {
            return true;
        }
        let mut next = signers.clone();
        next.excluded.push(signer.sha256());
        let Ok(paths) = certification_path::candidates(signer, self.store) else { return false };
        paths.iter().any(|path| {
            let Some(left) = self.signer_paths_left.checked_sub(1) else { return false };
            self.signer_paths_left = left;
            *path.anchor() == anchor
                && certification_path::validate_with(path, &PathSettings::default()).is_ok()
                && check_validity(path, self.at).is_ok()
                && self.nobody_revoked(path, &next)
        })
    }

    fn nobody_revoked(&mut self, path: &CertificationPath, signers: &Signers) -> bool {
        let certificates: Vec<&Certificate> = path.certificates().collect();
        certificates.windows(2).all(|pair| match pair {
            [certificate, issuer] => self.judge_for(certificate, issuer, signers).status == ListStatus::Good,
            _ => false,
        })
    }

    fn check_signature(&mut self, place: usize, signer: &Certificate) -> Result<(), CrlFault> {
        let pair = (place, signer.sha256());
        if let Some(known) = self.signatures.get(&pair) {
            return known.clone();
        }
        self.checks_left = self.checks_left.checked_sub(1).ok_or(CrlFault::TooComplex)?;
        let result = self.get(place).ok_or(CrlFault::Malformed)?.verify_signature(signer);
        self.signatures.insert(pair, result.clone());
        result
    }
}

/// What one complete list and its delta say.
struct ListAnswer {
    entry: Option<Entry>,
    reasons: ReasonSet,
    places: Vec<usize>,
}

/// Compares unsigned numbers, big-endian without leading zeros.
fn not_above(one: &[u8], other: &[u8]) -> bool {
    (one.len(), one) <= (other.len(), other)
}
