//! The validation of signatures, step by step.
//!
//! EN 319 102-1 has three processes, each of which calls the one before: basic signatures (clause 5.3), signatures with time
//! and long-term material (clause 5.5), signatures with archival data (clause 5.6). Here they are one: time stamps are judged
//! first, the newest first, and each proves that what it covers existed; then the signature is judged at the earliest time
//! that is proven for it. Without a time stamp that is the time of validation, and the process is the basic one.

use std::collections::HashMap;

use bitaqa_trust::{Assurance, Certificate, DateTime, signature_memory};
use sha2::{Digest, Sha256};

use super::{
    certificate_validation::{self, Chain, Question},
    chain_report,
    evidence::{KnownPieces, Material},
    fault::Fault,
    indication::{Indication, SubIndication},
    level_reached,
    proof_of_existence::ProofsOfExistence,
    report::{Outcome, Report, SignatureReport, Step, StepReport, TimeStampKind, TimeStampReport},
    settings::ValidationSettings,
    signature_acceptance,
    time_stamp_validation::{self, JudgedTimeStamp},
};
use crate::{
    algorithm::AlgorithmError,
    found::{FoundSignature, Integrity, SigningCertificate},
    trusted_list::qualification,
};

/// How deep signatures over signatures are followed.
const MAX_COUNTER_SIGNATURE_DEPTH: usize = 4;

/// Validates every signature of a file.
#[must_use]
pub fn validate(found: &[FoundSignature], settings: &ValidationSettings) -> Report {
    let mut validator = Validator { settings, chains: HashMap::new(), known_pieces: KnownPieces::default() };
    // the same certificates, lists and answers are looked at from several sides
    let signatures: Vec<SignatureReport> = signature_memory::remembered(|| {
        found.iter().map(|signature| validator.signature(signature, 0)).collect()
    });
    let worst = signatures.iter().max_by_key(|signature| signature.indication);
    Report {
        indication: worst.map_or(Indication::Indeterminate, |worst| worst.indication),
        sub_indication: worst.map_or(Some(SubIndication::Generic), |worst| worst.sub_indication),
        validation_time: settings.time,
        cryptographic_constraints: settings.constraints.cryptography.name().to_owned(),
        assurance: assurance(signatures.iter().any(rests_on_tests)),
        signatures,
    }
}

/// Whether a signature, or one over it, rests on somebody who counts for tests alone.
fn rests_on_tests(signature: &SignatureReport) -> bool {
    signature.assurance == Assurance::Test || signature.counter_signatures.iter().any(rests_on_tests)
}

const fn assurance(is_test: bool) -> Assurance {
    if is_test { Assurance::Test } else { Assurance::Production }
}

/// What tells one question about a certificate from another.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct ChainKey {
    leaf: [u8; 32],
    store: [u8; 32],
    times: [std::time::Duration; 2],
    is_authority: bool,
    accepts_missing: bool,
    has_policies: bool,
    material: [u8; 32],
}

/// The validation of one file.
pub(super) struct Validator<'a> {
    pub(super) settings: &'a ValidationSettings,
    /// Questions that were answered: a file can have thousands of signatures of one person.
    chains: HashMap<ChainKey, Chain>,
    pub(super) known_pieces: KnownPieces,
}

/// What was found out about one signature so far.
struct Findings {
    faults: Vec<(Step, Fault)>,
}

impl Validator<'_> {
    /// Validates a path, or remembers that it did.
    pub(super) fn chain(
        &mut self,
        question: &Question<'_>,
        material: &Material<'_>,
        proofs: &ProofsOfExistence,
    ) -> Chain {
        let constraints = &self.settings.constraints;
        if !proofs.is_empty() {
            return certificate_validation::validate(question, material, proofs, constraints);
        }
        let key = ChainKey {
            leaf: question.leaf.sha256(),
            store: digest_of_store(question.store),
            times: [question.at.unix_duration(), question.fresh_at.unix_duration()],
            is_authority: question.purpose.is_some(),
            accepts_missing: question.on_missing == bitaqa_trust::revocation::OnMissingEvidence::Accept,
            // those of the settings, or none
            has_policies: !question.policies.is_empty(),
            material: material.key,
        };
        self.chains
            .entry(key)
            .or_insert_with(|| certificate_validation::validate(question, material, proofs, constraints))
            .clone()
    }

    fn signature(&mut self, found: &FoundSignature, depth: usize) -> SignatureReport {
        let now = self.settings.time;
        let material = Material::new(found, self.settings, &mut self.known_pieces);
        let mut findings = Findings { faults: Vec::new() };
        findings.check_format(found);
        findings.check_signing_certificate(found);
        findings.check_context(found, self.settings);
        findings.check_cryptography(found);

        let mut proofs = ProofsOfExistence::new(now);
        let mut stamps = self.time_stamps(found, &material, &mut proofs);
        let proven = stamps.iter().filter_map(JudgedTimeStamp::proves).min();
        let best_signature_time = proven.map_or(now, |proven| proven.min(now));
        let content = self.content_time_stamps(found, &material, &proofs, best_signature_time);
        let made_after = content.iter().filter_map(JudgedTimeStamp::proves).max();
        stamps.extend(content);
        findings.check_time_stamps(&stamps);

        let chain = self.signer_chain(found, &material, &proofs, best_signature_time);
        if let Some(fault) = chain.fault.clone() {
            findings.add(Step::CertificateValidation, fault);
        }
        let constraints = &self.settings.constraints;
        if let Err(fault) = signature_acceptance::check(found, constraints, best_signature_time) {
            findings.add(Step::SignatureAcceptanceValidation, fault);
        }
        if let Some(made_after) = made_after {
            findings.make_final(made_after);
        }

        let decisive = findings.decisive();
        let level =
            level_reached::level(self, found, (&stamps, &proofs), best_signature_time, &chain, decisive);
        let path: Vec<&Certificate> = chain.certificates.iter().map(|(certificate, _)| certificate).collect();
        // what is not known about revocation can be good enough for a verifier, not for the law
        let passed = decisive.is_none() && chain.remarks.is_empty();
        let qualification =
            qualification::of_signature(found, self.settings, &path, passed, best_signature_time);
        let mut remarks = found.remarks.clone();
        remarks.extend(chain.remarks.iter().cloned());
        let skew = self.settings.constraints.revocation.clock_skew;
        if found.statement.signing_time.is_some_and(|claimed| {
            claimed.unix_duration() > best_signature_time.unix_duration().saturating_add(skew)
        }) {
            remarks.push("the signer claims a time at which the signature existed already".to_owned());
        }
        if material.left_out > 0 {
            let count = material.left_out;
            remarks.push(format!("{count} certificates, lists and answers were too many to be looked at"));
        }
        let counter_signatures = if depth < MAX_COUNTER_SIGNATURE_DEPTH {
            found.counter_signatures.iter().map(|counter| self.signature(counter, depth + 1)).collect()
        } else {
            if !found.counter_signatures.is_empty() {
                remarks.push("signatures over signatures are nested too deep to be looked at".to_owned());
            }
            Vec::new()
        };
        let certificate = found.signer.certificate();
        let path = chain_report::certificates(&chain);
        let time_stamps: Vec<TimeStampReport> = stamps.into_iter().map(|stamp| stamp.report).collect();
        let test = &self.settings.test_trust;
        let is_test = test.is_in(&path)
            || time_stamps.iter().any(|stamp| test.is_in(&stamp.chain))
            || self.settings.trusted_lists.iter().any(|list| {
                qualification.territory.as_ref() == Some(&list.list().territory) && test.vouches_for(list)
            });
        SignatureReport {
            name: found.name.clone(),
            format: found.format,
            level,
            indication: decisive.map_or(Indication::TotalPassed, |fault| fault.sub_indication.indication()),
            sub_indication: decisive.map(|fault| fault.sub_indication),
            cryptographically_intact: found.integrity == Integrity::Intact,
            signer: certificate.map(chain_report::signer),
            signing_time: found.statement.signing_time,
            best_signature_time,
            best_signature_time_proven: proven.is_some(),
            algorithm: algorithm_name(found),
            coverage: found.coverage.clone(),
            steps: findings.steps(certificate.is_some()),
            chain: path,
            time_stamps,
            qualification,
            assurance: assurance(is_test),
            counter_signatures,
            remarks,
        }
    }

    /// Archive time stamps, the newest first, then those over the signature. Each that passes proves that what it covers
    /// existed, so older ones are judged at its time.
    fn time_stamps<'a>(
        &mut self,
        found: &'a FoundSignature,
        material: &Material<'_>,
        proofs: &mut ProofsOfExistence,
    ) -> Vec<JudgedTimeStamp<'a>> {
        let mut archive: Vec<_> = found.archive_time_stamps.iter().collect();
        archive.sort_by_key(|stamp| std::cmp::Reverse(stamp.claimed_time));
        let archive = archive.into_iter().map(|stamp| (stamp, TimeStampKind::Archive));
        let over_signature =
            found.signature_time_stamps.iter().map(|stamp| (stamp, TimeStampKind::Signature));
        let mut judged: Vec<JudgedTimeStamp<'a>> = Vec::new();
        for (stamp, kind) in archive.chain(over_signature) {
            let proven = proofs.of(&Sha256::digest(&stamp.token).into());
            let one = time_stamp_validation::validate(self, (stamp, kind), material, proofs, proven);
            if kind == TimeStampKind::Archive
                && let Some(time) = one.proves()
            {
                for digest in &stamp.covered_material {
                    proofs.add(*digest, time);
                }
            }
            judged.push(one);
        }
        judged
    }

    /// They are signed, so they are at least as old as the signature.
    fn content_time_stamps<'a>(
        &mut self,
        found: &'a FoundSignature,
        material: &Material<'_>,
        proofs: &ProofsOfExistence,
        best_signature_time: DateTime,
    ) -> Vec<JudgedTimeStamp<'a>> {
        let stamps = found.content_time_stamps.iter();
        stamps
            .map(|stamp| {
                let one = (stamp, TimeStampKind::Content);
                time_stamp_validation::validate(self, one, material, proofs, best_signature_time)
            })
            .collect()
    }

    fn signer_chain(
        &mut self,
        found: &FoundSignature,
        material: &Material<'_>,
        proofs: &ProofsOfExistence,
        at: DateTime,
    ) -> Chain {
        let Some(leaf) = found.signer.certificate() else { return Chain::default() };
        let store = material.store(&self.settings.signers, &[]);
        let question = Question {
            leaf,
            store: &store,
            at,
            fresh_at: at,
            purpose: None,
            policies: &self.settings.constraints.certificate_policies,
            on_missing: self.settings.constraints.on_missing_revocation,
        };
        self.chain(&question, material, proofs)
    }
}

impl Findings {
    fn add(&mut self, step: Step, fault: Fault) {
        self.faults.push((step, fault));
    }

    fn check_format(&mut self, found: &FoundSignature) {
        for fault in &found.format_faults {
            self.add(Step::FormatChecking, Fault::new(SubIndication::FormatFailure, fault.clone()));
        }
    }

    fn check_signing_certificate(&mut self, found: &FoundSignature) {
        let detail = match found.signer {
            SigningCertificate::NotFound => "the signer's certificate is not there",
            SigningCertificate::Mismatch => {
                "what was signed names another certificate than the one that is there"
            }
            SigningCertificate::Bound(_) | SigningCertificate::NotBound(_) => return,
        };
        let fault = Fault::new(SubIndication::NoSigningCertificateFound, detail);
        self.add(Step::IdentificationOfTheSigningCertificate, fault);
    }

    fn check_context(&mut self, found: &FoundSignature, settings: &ValidationSettings) {
        let known = &settings.constraints.signature_policies;
        if let (Some(policy), Some(known)) = (&found.statement.policy, known)
            && !known.contains(&policy.identifier)
        {
            let detail = format!("the signature policy {} is not known", policy.identifier);
            let fault = Fault::new(SubIndication::SignaturePolicyNotAvailable, detail);
            self.add(Step::ValidationContextInitialization, fault);
        }
    }

    fn check_cryptography(&mut self, found: &FoundSignature) {
        let fault = match (found.integrity, &found.algorithm) {
            (Integrity::Intact, Ok(_)) => return,
            (Integrity::ContentChanged, _) => {
                Fault::new(SubIndication::HashFailure, "the content is not what was signed")
            }
            (Integrity::SignatureInvalid, _) => {
                Fault::new(SubIndication::SigCryptoFailure, "the signature is not one of the signer's key")
            }
            (Integrity::ContentMissing, _) => {
                Fault::new(SubIndication::SignedDataNotFound, "the content is not there")
            }
            (Integrity::Intact | Integrity::NotVerified, Err(error)) => {
                let sub_indication = match error {
                    AlgorithmError::Parameters | AlgorithmError::HashesDiffer => SubIndication::Generic,
                    _ => SubIndication::CryptoConstraintsFailureNoPoe,
                };
                Fault::new(sub_indication, error.to_string())
            }
            (Integrity::NotVerified, Ok(_)) => Fault::new(SubIndication::Generic, "nothing was verified"),
        };
        self.add(Step::CryptographicVerification, fault);
    }

    /// A time stamp that does not hold proves nothing, and is no fault of the signature; one that contradicts the others is.
    fn check_time_stamps(&mut self, stamps: &[JudgedTimeStamp<'_>]) {
        let out_of_order = stamps
            .iter()
            .find(|stamp| stamp.report.sub_indication == Some(SubIndication::TimestampOrderFailure));
        if let Some(stamp) = out_of_order {
            let detail = stamp.report.detail.clone().unwrap_or_default();
            self.add(Step::TimeStampValidation, Fault::new(SubIndication::TimestampOrderFailure, detail));
        }
    }

    /// What is open without a proof of existence is settled by a proof that the signature is younger (clause 5.3.4).
    fn make_final(&mut self, made_after: DateTime) {
        for (_, fault) in &mut self.faults {
            if fault.since.is_some_and(|since| made_after > since) {
                fault.sub_indication = match fault.sub_indication {
                    SubIndication::RevokedNoPoe => SubIndication::Revoked,
                    SubIndication::OutOfBoundsNoPoe | SubIndication::OutOfBoundsNotRevoked => {
                        SubIndication::Expired
                    }
                    SubIndication::CryptoConstraintsFailureNoPoe => SubIndication::CryptoConstraintsFailure,
                    other => other,
                };
            }
        }
    }

    /// The fault that decides: one that is final before one that is open, then the first by step.
    fn decisive(&self) -> Option<&Fault> {
        let weight =
            |(step, fault): &&(Step, Fault)| (std::cmp::Reverse(fault.sub_indication.indication()), *step);
        self.faults.iter().min_by_key(weight).map(|(_, fault)| fault)
    }

    fn steps(&self, has_certificate: bool) -> Vec<StepReport> {
        let needs_certificate =
            |step| matches!(step, Step::CertificateValidation | Step::SignatureAcceptanceValidation);
        Step::ALL
            .into_iter()
            .map(|step| {
                let fault = self.faults.iter().find(|(other, _)| *other == step).map(|(_, fault)| fault);
                let outcome = match fault {
                    Some(_) => Outcome::NotPassed,
                    None if needs_certificate(step) && !has_certificate => Outcome::NotDone,
                    None => Outcome::Passed,
                };
                StepReport {
                    step,
                    outcome,
                    sub_indication: fault.map(|fault| fault.sub_indication),
                    detail: fault.map(|fault| fault.detail.clone()),
                }
            })
            .collect()
    }
}

fn algorithm_name(found: &FoundSignature) -> Option<String> {
    use bitaqa_trust::public_key::SignatureScheme;
    let scheme = found.algorithm.as_ref().ok()?;
    let family = match scheme {
        SignatureScheme::EcdsaRaw(_) | SignatureScheme::EcdsaDer(_) => "ECDSA",
        SignatureScheme::Pkcs1(_) => "RSASSA-PKCS1-v1_5",
        SignatureScheme::Pss { .. } => "RSASSA-PSS",
    };
    let key = found.signer.certificate().and_then(|certificate| certificate.public_key().ok());
    let key = key.map_or_else(String::new, |key| format!(", {}", key.kind()));
    Some(format!("{family} with {}{key}", super::hash_name(scheme.hash())))
}

fn digest_of_store(store: &bitaqa_trust::TrustStore) -> [u8; 32] {
    let mut hash = Sha256::new();
    for anchor in store.anchors() {
        hash.update(anchor.sha256());
    }
    hash.update(store.anchors().len().to_be_bytes());
    for intermediate in store.intermediates() {
        hash.update(intermediate.sha256());
    }
    hash.finalize().into()
}
