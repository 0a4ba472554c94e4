//! X.509 certificate validation (EN 319 102-1 clause 5.2.6), at the time at which what the key signed is proven to exist.
//!
//! A path holds at that time if everybody on it was valid, and nobody revoked, then. What is said about them later counts too: a
//! list of the next day that does not name the certificate is better evidence than one of the day before. Whatever could
//! have been made up since (by whoever got hold of the key of an authority or a responder that has expired or was revoked in
//! the meantime) needs a proof that it is older.

use std::collections::BTreeSet;

use bitaqa_trust::{
    Certificate, DateTime, ObjectIdentifier, TrustStore,
    certification_path::{self, CertificationPath, PathError, PathSettings},
    public_key::SignatureScheme,
    revocation::{OnMissingEvidence, RevocationCheck},
};
use x509_cert::ext::pkix::CrlReason;

use super::{
    evidence::{Material, Unreliable},
    fault::Fault,
    indication::SubIndication,
    proof_of_existence::ProofsOfExistence,
    revocation_status::{Status, read, worse},
    settings::Constraints,
};
use crate::algorithm::SignatureAlgorithm;

/// What is asked about a certificate.
#[derive(Debug, Clone, Copy)]
pub(super) struct Question<'a> {
    pub(super) leaf: &'a Certificate,
    pub(super) store: &'a TrustStore,
    /// When what its key signed is proven to exist.
    pub(super) at: DateTime,
    /// For when it must be known that nobody was revoked.
    pub(super) fresh_at: DateTime,
    /// What an authority must be allowed to vouch for.
    pub(super) purpose: Option<ObjectIdentifier>,
    /// Policies of which one must hold.
    pub(super) policies: &'a [ObjectIdentifier],
    pub(super) on_missing: OnMissingEvidence,
}

/// What was found.
#[derive(Debug, Clone, Default)]
pub(super) struct Chain {
    /// The path that was judged, leaf first; empty if there is none.
    pub(super) certificates: Vec<(Certificate, Status)>,
    /// What is wrong with it.
    pub(super) fault: Option<Fault>,
    /// What is unknown, and accepted by the verifier's choice.
    pub(super) remarks: Vec<String>,
}

/// Judges the paths from a certificate to the anchors: the first that holds, or the first of all.
pub(super) fn validate(
    question: &Question<'_>,
    material: &Material<'_>,
    proofs: &ProofsOfExistence,
    constraints: &Constraints,
) -> Chain {
    let paths = match certification_path::candidates(question.leaf, question.store) {
        Ok(paths) => paths,
        Err(error) => {
            let sub_indication = match error {
                PathError::TooComplex | PathError::TooLong => SubIndication::CertificateChainGeneralFailure,
                _ => SubIndication::NoCertificateChainFound,
            };
            return Chain { fault: Some(Fault::new(sub_indication, error.to_string())), ..Chain::default() };
        }
    };
    let mut first = None;
    for path in paths {
        let chain = Judgement { question, material, proofs, constraints, path: &path }.judge();
        if chain.fault.is_none() {
            return chain;
        }
        first = first.or(Some(chain));
    }
    first.unwrap_or_default()
}

struct Judgement<'a> {
    question: &'a Question<'a>,
    material: &'a Material<'a>,
    proofs: &'a ProofsOfExistence,
    constraints: &'a Constraints,
    path: &'a CertificationPath,
}

impl Judgement<'_> {
    fn judge(&self) -> Chain {
        let mut chain = Chain::default();
        if let Err(fault) = self.check_rules() {
            chain.certificates = self.with_statuses(Vec::new());
            chain.fault = Some(fault);
            return chain;
        }
        let statuses = self.statuses();
        let judged = self
            .check_validity(&statuses)
            .and_then(|()| self.check_revocation(&statuses, &mut chain.remarks))
            .and_then(|()| self.check_cryptography())
            .and_then(|()| self.check_proofs());
        chain.fault = judged.err();
        chain.certificates = self.with_statuses(statuses);
        chain
    }

    fn with_statuses(&self, mut statuses: Vec<Status>) -> Vec<(Certificate, Status)> {
        let count = self.path.certificates().count();
        while statuses.len() + 1 < count {
            statuses
                .push(Status::NotDetermined { because: "the path does not hold".to_owned(), expired: false });
        }
        statuses.push(Status::Anchor);
        self.path.certificates().cloned().zip(statuses).collect()
    }

    fn check_rules(&self) -> Result<(), Fault> {
        let policies = self.question.policies;
        let settings = PathSettings {
            initial_policies: (!policies.is_empty()).then(|| policies.to_vec()),
            explicit_policy: !policies.is_empty(),
            purpose: self.question.purpose,
            ..PathSettings::default()
        };
        certification_path::validate_with(self.path, &settings).map_err(|error| {
            let sub_indication = match error {
                PathError::NameConstraints
                | PathError::Policies
                | PathError::NotAuthority
                | PathError::TooLong
                | PathError::AuthorityPurpose => SubIndication::ChainConstraintsFailure,
                _ => SubIndication::CertificateChainGeneralFailure,
            };
            Fault::new(sub_indication, error.to_string())
        })?;
        // a pinned leaf has no path on which a policy could hold
        if self.path.is_pinned_leaf() && !policies.is_empty() {
            let detail = "the certificate is an anchor itself: no authority says that a policy holds";
            return Err(Fault::new(SubIndication::ChainConstraintsFailure, detail));
        }
        Ok(())
    }

    fn check_validity(&self, statuses: &[Status]) -> Result<(), Fault> {
        let at = self.question.at;
        for (position, certificate) in self.path.certificates().enumerate() {
            let whose = if position == 0 { "the certificate" } else { "an authority's certificate" };
            if at < certificate.not_before() {
                let sub_indication = if position == 0 {
                    SubIndication::NotYetValid
                } else {
                    SubIndication::CertificateChainGeneralFailure
                };
                let detail = format!("{whose} is not valid before {}", certificate.not_before());
                return Err(Fault::new(sub_indication, detail));
            }
            if at > certificate.not_after() {
                let sub_indication = match statuses.first() {
                    Some(Status::Good { .. }) => SubIndication::OutOfBoundsNotRevoked,
                    _ => SubIndication::OutOfBoundsNoPoe,
                };
                let detail = format!(
                    "{whose} is valid until {} only, and what it signed is proven to exist since {at}",
                    certificate.not_after()
                );
                let fault = Fault::new(sub_indication, detail);
                return Err(if position == 0 { fault.since(certificate.not_after()) } else { fault });
            }
        }
        Ok(())
    }

    fn check_revocation(&self, statuses: &[Status], remarks: &mut Vec<String>) -> Result<(), Fault> {
        let at = self.question.at;
        // a revoked authority says more than a missing list further down
        for (position, status) in statuses.iter().enumerate().rev() {
            let whose = if position == 0 { "the certificate" } else { "an authority's certificate" };
            match status {
                Status::Revoked { since, reason: Some(CrlReason::CertificateHold) }
                    if *since <= at && position == 0 =>
                {
                    let detail = format!("{whose} is on hold since {since}");
                    return Err(Fault::new(SubIndication::TryLater, detail));
                }
                Status::Revoked { since, .. } if *since <= at => {
                    let detail = format!(
                        "{whose} was revoked at {since}, and what it signed is proven to exist since {at} only"
                    );
                    return Err(if position == 0 {
                        Fault::new(SubIndication::RevokedNoPoe, detail).since(*since)
                    } else {
                        Fault::new(SubIndication::RevokedCaNoPoe, detail)
                    });
                }
                Status::Unknown => {
                    let detail = format!("the issuer's responder does not know {whose}");
                    return Err(Fault::new(SubIndication::CertificateChainGeneralFailure, detail));
                }
                _ => {}
            }
        }
        for (position, status) in statuses.iter().enumerate() {
            let whose = if position == 0 { "the certificate" } else { "an authority's certificate" };
            if let Status::NotDetermined { because, expired } = status {
                let detail = format!("whether {whose} was revoked is not known: {because}");
                if self.question.on_missing == OnMissingEvidence::Accept {
                    remarks.push(detail);
                    continue;
                }
                return Err(Fault::new(
                    if *expired {
                        SubIndication::RevocationOutOfBoundsNoPoe
                    } else {
                        SubIndication::TryLater
                    },
                    detail,
                ));
            }
        }
        Ok(())
    }

    /// Each certificate's own signature, at the time at which the certificate is proven to exist.
    fn check_cryptography(&self) -> Result<(), Fault> {
        for (position, (certificate, issuer)) in self.pairs().enumerate() {
            let proven = self.proven(position, certificate);
            let scheme = certificate_scheme(certificate);
            let key = issuer.public_key().ok();
            let (Some(scheme), Some(key)) = (scheme, key) else {
                let detail = "the algorithm of a certificate's signature is not known";
                return Err(Fault::new(SubIndication::CryptoConstraintsFailureNoPoe, detail));
            };
            if let Err(error) = self.constraints.cryptography.check_signature(scheme, key.kind(), proven) {
                let detail = format!("the signature of a certificate of the path: {error}");
                return Err(Fault::new(SubIndication::CryptoConstraintsFailureNoPoe, detail));
            }
        }
        Ok(())
    }

    /// An authority's certificate must be older than the end of whoever issued it: an expired key could have made it since.
    fn check_proofs(&self) -> Result<(), Fault> {
        let last = self.pairs().count();
        for (position, (certificate, issuer)) in self.pairs().enumerate() {
            let is_anchor = position + 1 == last;
            if !is_anchor && self.proven(position, certificate) > issuer.not_after() {
                let detail = "the issuer of an authority's certificate has expired, and nothing proves that the certificate is older";
                return Err(Fault::new(SubIndication::NoPoe, detail));
            }
        }
        Ok(())
    }

    /// What was signed names the leaf, so both existed at the same time.
    fn proven(&self, position: usize, certificate: &Certificate) -> DateTime {
        let proven = self.proofs.of(&certificate.sha256());
        if position == 0 { proven.min(self.question.at) } else { proven }
    }

    fn pairs(&self) -> impl Iterator<Item = (&Certificate, &Certificate)> {
        self.path.certificates().zip(self.path.certificates().skip(1))
    }

    fn statuses(&self) -> Vec<Status> {
        let statuses = self.statuses_unless(None);
        let later = statuses.iter().skip(1).filter_map(|status| match status {
            Status::Revoked { since, .. } if *since > self.question.at => Some(*since),
            _ => None,
        });
        let Some(revoked) = later.min() else { return statuses };
        // what the authority's key signed since then proves nothing about those below it
        let mut again = self.statuses_unless(Some(revoked));
        let highest = statuses.iter().rposition(|status| matches!(status, Status::Revoked { .. }));
        for (position, status) in statuses.into_iter().enumerate() {
            let below = highest.is_some_and(|highest| position < highest);
            let keeps = !below || matches!(status, Status::Revoked { .. });
            if keeps && let Some(place) = again.get_mut(position) {
                *place = status;
            }
        }
        again
    }

    fn statuses_unless(&self, authority_revoked: Option<DateTime>) -> Vec<Status> {
        let last = self.pairs().count();
        self.pairs()
            .enumerate()
            .map(|(position, (certificate, issuer))| {
                let mut places = Vec::new();
                let mut unreliable = None;
                for (place, piece) in self.material.pieces.iter().enumerate() {
                    let checked = piece.check(
                        issuer,
                        position + 1 == last,
                        (self.question.store, &self.material.names),
                        self.proofs,
                        &self.constraints.cryptography,
                        authority_revoked,
                    );
                    match checked {
                        Ok(()) => places.push(place),
                        Err(reason) => unreliable = unreliable.or(Some(reason)),
                    }
                }
                self.status(position, certificate, &places, unreliable)
            })
            .collect()
    }

    /// What all evidence together says, that from after the time in question included. The worst counts.
    fn status(
        &self,
        position: usize,
        certificate: &Certificate,
        places: &[usize],
        unreliable: Option<Unreliable>,
    ) -> Status {
        // what is asked of an expired certificate is whether it was revoked while it was valid
        let from = self.question.fresh_at.min(certificate.not_after());
        let mut times = BTreeSet::from([from.unix_duration()]);
        let later = places.iter().filter_map(|place| self.material.pieces.get(*place)?.right_since);
        times.extend(later.filter(|since| *since > from).map(|since| since.unix_duration()));
        let evidence = self.material.evidence(places);
        let mut status = Status::NotDetermined {
            because: match unreliable {
                None => "there is no usable list or answer".to_owned(),
                Some(Unreliable::SignerExpired) => {
                    "whoever signed the list or answer has expired, and nothing proves that it is older"
                        .to_owned()
                }
                Some(Unreliable::SignerWeak) => {
                    "the key that signed the list or answer is too weak, and nothing proves that it is older"
                        .to_owned()
                }
                Some(Unreliable::AuthorityRevoked) => {
                    "the authority was revoked, and nothing proves that the list or answer is older"
                        .to_owned()
                }
            },
            expired: matches!(unreliable, Some(Unreliable::SignerExpired)),
        };
        for time in times {
            let Ok(at) = DateTime::from_unix_duration(time) else { continue };
            let check = RevocationCheck::new(self.path.clone(), self.question.store.clone(), at, None);
            let found = check.finish_one(position, &evidence, &self.constraints.revocation);
            let Some(found) = found else { continue };
            let why = found.not_used.first().map(|not_used| not_used.fault.to_string());
            let next = read(found.status, certificate, why);
            status = worse(status, next);
        }
        status
    }
}

/// The scheme of a certificate's own signature.
fn certificate_scheme(certificate: &Certificate) -> Option<SignatureScheme> {
    let identifier = certificate.decoded().signature_algorithm();
    crate::algorithm::HASHES
        .into_iter()
        .find_map(|hash| SignatureAlgorithm::from_identifier(identifier, hash.oid()).ok())
}
