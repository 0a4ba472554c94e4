//! What the verifier brings: whom it trusts, when, with what evidence, and what it demands.

use std::collections::BTreeSet;

use bitaqa_trust::{
    Certificate, DateTime, ObjectIdentifier, TrustStore,
    revocation::{EvidenceRules, OnMissingEvidence},
};

use super::{
    cryptographic_constraints::CryptographicConstraints,
    report::{CertificateReport, hexadecimal},
};
use crate::trusted_list::VerifiedTrustedList;

/// The inputs of a validation (EN 319 102-1 clause 5.1.4).
#[derive(Debug, Clone)]
pub struct ValidationSettings {
    /// The time at which the signatures are judged: now, as the caller's clock has it.
    pub time: DateTime,
    /// Anchors of signers, and what helps to get to them.
    pub signers: TrustStore,
    /// Anchors of time-stamp authorities, and what helps to get to them.
    pub time_stamp_authorities: TrustStore,
    /// What was fetched or kept for this validation.
    pub evidence: FetchedEvidence,
    /// What is demanded.
    pub constraints: Constraints,
    /// Trusted lists whose signatures were verified. Without any, nobody is called qualified.
    pub trusted_lists: Vec<VerifiedTrustedList>,
    /// What of all this counts for tests alone.
    pub test_trust: TestTrust,
}

/// What counts for tests alone; a verdict that rests on it says so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TestTrust {
    /// SHA-256 of certificates, in hexadecimal digits.
    certificates: BTreeSet<String>,
}

impl TestTrust {
    /// Adds an authority: about signers, time stamps, or trusted lists.
    pub fn add(&mut self, certificate: &Certificate) {
        self.certificates.insert(hexadecimal(&certificate.sha256()));
    }

    /// Whether a path leads over one of them.
    pub(super) fn is_in(&self, path: &[CertificateReport]) -> bool {
        path.iter().any(|certificate| self.certificates.contains(&certificate.sha256))
    }

    /// Whether a list counts on the word of one of them.
    pub(super) fn vouches_for(&self, list: &VerifiedTrustedList) -> bool {
        self.certificates.contains(&hexadecimal(&list.authority().sha256()))
    }
}

impl ValidationSettings {
    /// Settings that trust nobody yet.
    #[must_use]
    pub fn new(time: DateTime) -> Self {
        Self {
            time,
            signers: TrustStore::new(),
            time_stamp_authorities: TrustStore::new(),
            evidence: FetchedEvidence::default(),
            constraints: Constraints::default(),
            trusted_lists: Vec::new(),
            test_trust: TestTrust::default(),
        }
    }
}

/// What the caller fetched or kept. Nothing of it is believed before its own signature and signer were checked. It is taken
/// to exist since the time of the validation, not longer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FetchedEvidence {
    /// Certificates of issuers.
    pub certificates: Vec<Certificate>,
    /// Revocation lists, in DER.
    pub lists: Vec<Vec<u8>>,
    /// Responders' answers (`OCSPResponse`), in DER.
    pub answers: Vec<Vec<u8>>,
}

/// The validation constraints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constraints {
    /// Algorithms and keys.
    pub cryptography: CryptographicConstraints,
    /// What is done where nobody can tell whether a certificate was revoked.
    pub on_missing_revocation: OnMissingEvidence,
    /// How revocation data is judged.
    pub revocation: EvidenceRules,
    /// How fresh the revocation data about a time-stamp authority must be.
    pub time_stamp_freshness: TimeStampFreshness,
    /// What is done with a signature that does not name its certificate.
    pub unbound_certificate: UnboundCertificate,
    /// What the signer's key must be for.
    pub key_usage: KeyUsageConstraint,
    /// Certificate policies of which one must hold along the signer's path; none if any is good enough.
    pub certificate_policies: Vec<ObjectIdentifier>,
    /// Statements, types and legislations (two letters) that the signer's certificate must have (EN 319 412-5).
    pub qualified_statements: QualifiedStatementConstraints,
    /// Signature policies that the verifier knows. With any of them given, a signature under another is not passed.
    pub signature_policies: Option<Vec<ObjectIdentifier>>,
}

/// What is usual: TS 119 312, revocation known, content commitment, the certificate named.
impl Default for Constraints {
    fn default() -> Self {
        Self {
            cryptography: CryptographicConstraints::default(),
            on_missing_revocation: OnMissingEvidence::Refuse,
            revocation: EvidenceRules::default(),
            time_stamp_freshness: TimeStampFreshness::default(),
            unbound_certificate: UnboundCertificate::default(),
            key_usage: KeyUsageConstraint::default(),
            certificate_policies: Vec::new(),
            qualified_statements: QualifiedStatementConstraints::default(),
            signature_policies: None,
        }
    }
}

/// Revocation freshness for time-stamp authorities (EN 319 102-1 clause 5.2.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TimeStampFreshness {
    /// Data that is fresh when the time stamp is proven to exist: at the time of validation, or at that of a newer time stamp
    /// over it. Whoever got hold of an authority's key before it was revoked cannot hide behind old data.
    #[default]
    WhenProven,
    /// Data that was fresh when the time stamp was made, or is younger. A revocation that is known counts all the same.
    WhenMade,
}

/// What is done with a signature that was intact but does not name its certificate among what was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UnboundCertificate {
    /// It is not passed: somebody else with a certificate of the same key could be the signer.
    #[default]
    Refuse,
    /// It can be passed, and has no level.
    Accept,
}

/// What the signer's key must be for (RFC 5280 section 4.2.1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KeyUsageConstraint {
    /// `nonRepudiation`, and the certificate must say so: a key for signing in has not signed a document.
    #[default]
    ContentCommitment,
    /// `nonRepudiation` or `digitalSignature`, as other countries' certificates have it.
    ContentCommitmentOrSignature,
}

/// What the signer's certificate must state (EN 319 412-5 clause 4).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct QualifiedStatementConstraints {
    /// Identifiers of statements (`id-etsi-qcs-QcCompliance`, `id-etsi-qcs-QcSSCD`), each of which must be there.
    pub statements: Vec<ObjectIdentifier>,
    /// Types (`id-etsi-qct-esign` and its like), of which one must be there; none if any is good enough.
    pub types: Vec<ObjectIdentifier>,
    /// Countries of `id-etsi-qcs-QcCClegislation`, of which one must be there; none if any is good enough.
    pub legislations: Vec<String>,
}
