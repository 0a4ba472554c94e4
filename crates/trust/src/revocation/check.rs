//! The status of every certificate of a path, in two steps: what must be fetched, and what it says.

use super::{
    evidence::{Evidence, EvidenceRules},
    fault::{CrlFault, OcspFault},
    list_processing::{ListStatus, Lists},
    needs::{self, Needed},
    ocsp_request::NonceSeed,
    ocsp_response::OcspStatus,
    ocsp_verification::{self, Question, VerifiedAnswer},
    report::{
        CertificateRevocation, CertificateStatus, EvidenceFault, EvidenceUsed, NotUsed, Responder,
        RevocationReport, Source,
    },
};
use crate::{
    DateTime, certificate::Certificate, certification_path::CertificationPath, trust_store::TrustStore,
};

/// A check of a path that holds otherwise: made after its signatures were verified, so nobody can have addresses fetched by
/// showing a certificate that he made up.
#[derive(Debug, Clone)]
pub struct RevocationCheck {
    path: CertificationPath,
    store: TrustStore,
    at: DateTime,
    nonce: Option<NonceSeed>,
}

impl RevocationCheck {
    /// For a path that was validated, at a time. The store may hold certificates of others who sign lists; they are
    /// believed only if a path leads from them to the same anchor. With a seed, questions to responders carry a nonce.
    #[must_use]
    pub fn new(path: CertificationPath, store: TrustStore, at: DateTime, nonce: Option<NonceSeed>) -> Self {
        Self { path, store, at, nonce }
    }

    /// What must be fetched, where the certificates say it is to be found. Nothing is fetched here.
    #[must_use]
    pub fn needs(&self) -> Vec<Needed> {
        self.pairs()
            .enumerate()
            .flat_map(|(position, (certificate, issuer))| {
                let nonce = self.nonce.map(|seed| seed.nonce(certificate));
                needs::of(certificate, issuer, position, nonce)
            })
            .collect()
    }

    /// The status of each certificate but the anchor by this evidence. Of several statements the worst counts: revoked, then
    /// unknown to its issuer, then good.
    #[must_use]
    pub fn finish(&self, evidence: &Evidence, rules: &EvidenceRules) -> RevocationReport {
        let mut finish = self.start(evidence, rules);
        let mut certificates: Vec<CertificateFindings> =
            self.pairs().map(|(certificate, issuer)| finish.judge(certificate, issuer)).collect();
        leave_out_what_is_about_others(&mut certificates);
        RevocationReport {
            certificates: certificates
                .into_iter()
                .map(|found| CertificateRevocation {
                    status: found.status,
                    not_used: found.faults.into_iter().map(|(_, not_used)| not_used).collect(),
                })
                .collect(),
        }
    }

    /// The same for one certificate of the path, counted from the leaf; none if there are fewer.
    #[must_use]
    pub fn finish_one(
        &self,
        position: usize,
        evidence: &Evidence,
        rules: &EvidenceRules,
    ) -> Option<CertificateRevocation> {
        let (certificate, issuer) = self.pairs().nth(position)?;
        let found = self.start(evidence, rules).judge(certificate, issuer);
        if found.status == CertificateStatus::NotDetermined {
            // only what the others of the path use tells which faults are worth a word
            return self.finish(evidence, rules).certificates.into_iter().nth(position);
        }
        let not_used = found.faults.into_iter().map(|(_, not_used)| not_used).collect();
        Some(CertificateRevocation { status: found.status, not_used })
    }

    fn start<'a>(&'a self, evidence: &'a Evidence, rules: &'a EvidenceRules) -> Finish<'a> {
        let lists = Lists::new(&evidence.lists, &self.store, &self.path, self.at, rules);
        Finish { check: self, evidence, rules, lists }
    }

    /// Each certificate with its issuer's; none where the leaf is pinned.
    fn pairs(&self) -> impl Iterator<Item = (&Certificate, &Certificate)> {
        self.path.certificates().zip(self.path.certificates().skip(1))
    }
}

/// Which piece of evidence, for finding it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    Answer(usize),
    List(usize),
}

struct CertificateFindings {
    status: CertificateStatus,
    used: Vec<Piece>,
    faults: Vec<(Piece, NotUsed)>,
}

struct Finish<'a> {
    check: &'a RevocationCheck,
    evidence: &'a Evidence,
    rules: &'a EvidenceRules,
    lists: Lists<'a>,
}

impl Finish<'_> {
    fn judge(&mut self, certificate: &Certificate, issuer: &Certificate) -> CertificateFindings {
        let mut found = CertificateFindings {
            status: CertificateStatus::NotDetermined,
            used: Vec::new(),
            faults: Vec::new(),
        };
        self.ask_lists(certificate, issuer, &mut found);
        for (place, answer) in self.evidence.answers.iter().enumerate() {
            let question = Question {
                certificate,
                issuer,
                at: self.check.at,
                rules: self.rules,
                // an answer to the question about another certificate of the path has another nonce
                nonce: answer.nonce,
            };
            let judged = ocsp_verification::verify(&answer.der, &question)
                .and_then(|verified| Ok((self.responder(&verified, issuer)?, verified)));
            match judged {
                Ok((responder, verified)) => {
                    found.used.push(Piece::Answer(place));
                    let status = status_of_answer(&answer.name, &verified, responder);
                    if weight(&status) > weight(&found.status) {
                        found.status = status;
                    }
                }
                Err(fault) => found.faults.push((
                    Piece::Answer(place),
                    NotUsed { name: answer.name.clone(), fault: EvidenceFault::Ocsp(fault) },
                )),
            }
        }
        found
    }

    fn ask_lists(
        &mut self,
        certificate: &Certificate,
        issuer: &Certificate,
        found: &mut CertificateFindings,
    ) {
        let outcome = self.lists.judge(certificate, issuer);
        found.used.extend(outcome.used.iter().map(|place| Piece::List(*place)));
        let evidence = outcome.used.iter().filter_map(|place| self.list_used(*place)).collect();
        match outcome.status {
            ListStatus::Good => found.status = CertificateStatus::Good { evidence },
            ListStatus::Revoked(entry) => {
                found.status =
                    CertificateStatus::Revoked { since: entry.since, reason: entry.reason, evidence };
            }
            ListStatus::NotDetermined => {}
        }
        for (place, fault) in outcome.faults {
            let name = self.evidence.lists.get(place).map_or_else(String::new, |list| list.name.clone());
            found.faults.push((Piece::List(place), NotUsed { name, fault: EvidenceFault::Crl(fault) }));
        }
    }

    fn list_used(&self, place: usize) -> Option<EvidenceUsed> {
        let list = self.lists.get(place)?;
        Some(EvidenceUsed {
            name: self.evidence.lists.get(place)?.name.clone(),
            source: Source::Crl {
                number: list.number().map(hexadecimal),
                delta: list.base_number().is_some(),
            },
            this_update: list.this_update(),
            next_update: list.next_update(),
        })
    }

    /// Whether the responder's own certificate was revoked.
    fn responder(&mut self, answer: &VerifiedAnswer, issuer: &Certificate) -> Result<Responder, OcspFault> {
        let Some(appointed) = &answer.appointed else { return Ok(Responder::Issuer) };
        if ocsp_verification::need_not_be_checked(appointed) {
            return Ok(Responder::AppointedWithoutCheck);
        }
        match self.lists.judge(appointed, issuer).status {
            ListStatus::Good => Ok(Responder::AppointedAndGood),
            ListStatus::Revoked(_) => Err(OcspFault::ResponderRevoked),
            ListStatus::NotDetermined => Ok(Responder::AppointedNotChecked),
        }
    }
}

fn status_of_answer(name: &str, verified: &VerifiedAnswer, responder: Responder) -> CertificateStatus {
    let evidence = vec![EvidenceUsed {
        name: name.to_owned(),
        source: Source::Ocsp { produced_at: verified.produced_at, responder, nonce: verified.nonce },
        this_update: verified.this_update,
        next_update: verified.next_update,
    }];
    match verified.status {
        OcspStatus::Good => CertificateStatus::Good { evidence },
        OcspStatus::Revoked { since, reason } => CertificateStatus::Revoked { since, reason, evidence },
        OcspStatus::Unknown => CertificateStatus::Unknown { evidence },
    }
}

/// Of two statuses the one that weighs more is reported.
fn weight(status: &CertificateStatus) -> u8 {
    match status {
        CertificateStatus::NotDetermined => 0,
        CertificateStatus::Good { evidence } if rests_on_unchecked_responder(evidence) => 1,
        CertificateStatus::Good { .. } => 2,
        CertificateStatus::Unknown { .. } => 3,
        CertificateStatus::Revoked { .. } => 4,
    }
}

fn rests_on_unchecked_responder(evidence: &[EvidenceUsed]) -> bool {
    evidence.iter().any(EvidenceUsed::rests_on_unchecked_responder)
}

/// A list or answer about one certificate of a path says nothing about the others, and need not be reported there.
fn leave_out_what_is_about_others(certificates: &mut [CertificateFindings]) {
    let is_about_others = |fault: &EvidenceFault| {
        matches!(
            fault,
            EvidenceFault::Crl(CrlFault::Issuer) | EvidenceFault::Ocsp(OcspFault::OtherCertificate)
        )
    };
    let applied: Vec<Piece> = certificates
        .iter()
        .flat_map(|found| {
            let at_fault = found
                .faults
                .iter()
                .filter(|(_, not_used)| !is_about_others(&not_used.fault))
                .map(|(piece, _)| *piece);
            found.used.iter().copied().chain(at_fault).collect::<Vec<_>>()
        })
        .collect();
    for found in certificates {
        found
            .faults
            .retain(|(piece, not_used)| !is_about_others(&not_used.fault) || !applied.contains(piece));
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
