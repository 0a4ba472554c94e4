//! Verification of a certificate by itself, with a report: a path to an anchor, RFC 5280's rules along it, validity,
//! revocation. What the certificate is for is not asked.

use serde::Serialize;

use crate::{
    DateTime,
    certificate::Certificate,
    certification_path::{self, CertificationPath, PathError, PathSettings},
    revocation::{
        Evidence, EvidenceRules, OnMissingEvidence, RevocationCheck, RevocationFailure, RevocationReport,
    },
    token_failure::ValidityFault,
    trust_store::TrustStore,
    validity::check_validity,
    verification_report::Outcome,
};

/// What is demanded of a certificate.
#[derive(Debug, Clone)]
pub struct ChainVerifier {
    /// Whom the verifier trusts, and what helps to get there.
    pub store: TrustStore,
    /// Policies and purpose.
    pub settings: PathSettings,
    /// What is known about revocation; none if nobody looks.
    pub revocation: Option<RevocationDemand>,
}

/// What is known about revocation, and what is demanded.
#[derive(Debug, Clone)]
pub struct RevocationDemand {
    /// Lists and answers.
    pub evidence: Evidence,
    /// How they are judged.
    pub rules: EvidenceRules,
    /// What is to be done where they say nothing.
    pub on_missing: OnMissingEvidence,
}

/// A step of the verification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChainStep {
    /// A path leads to an anchor: each certificate is signed with the key of the next.
    Signatures,
    /// Authorities are authorities, within their lengths, names and purposes; nothing critical is unknown.
    Rules,
    /// The policies that are demanded hold along the path.
    Policies,
    /// Everybody on the path was valid at the time.
    Validity,
    /// Nobody on the path was revoked.
    Revocation,
}

impl ChainStep {
    /// All steps, in order.
    pub const ALL: [Self; 5] =
        [Self::Signatures, Self::Rules, Self::Policies, Self::Validity, Self::Revocation];

    /// Its stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Signatures => "signatures",
            Self::Rules => "rules",
            Self::Policies => "policies",
            Self::Validity => "validity",
            Self::Revocation => "revocation",
        }
    }
}

/// One line of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct ChainCheck {
    /// Which step.
    pub step: ChainStep,
    /// How it ended.
    pub outcome: Outcome,
}

/// What was found.
#[derive(Debug, Clone)]
pub struct ChainReport {
    /// What is wrong; none if the certificate holds.
    pub failure: Option<ChainFailure>,
    /// Every step with its outcome.
    pub checks: Vec<ChainCheck>,
    /// The path that holds, or the one that got furthest.
    pub path: Option<CertificationPath>,
    /// What is known about revocation along it, if it got that far and somebody looked.
    pub revocation: Option<RevocationReport>,
}

impl ChainReport {
    /// Whether the certificate holds.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.failure.is_none()
    }
}

/// What is wrong with a certificate or its path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChainFailure {
    /// No path leads to an anchor, or a rule along it is broken.
    #[error("{0}")]
    Path(#[from] PathError),
    /// A certificate was not valid at the time.
    #[error("{0}")]
    Validity(#[from] ValidityFault),
    /// A certificate of the path was revoked or is unknown to its issuer; or nobody can tell, and the verifier demands it.
    #[error("{0}")]
    Revocation(#[from] RevocationFailure),
}

impl ChainFailure {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Path(fault) => fault.code(),
            Self::Validity(fault) => fault.code(),
            Self::Revocation(failure) => failure.code(),
        }
    }
}

impl ChainVerifier {
    /// Verifies a certificate at a time. Of several paths the first that passes every step counts; if none does, the report
    /// is of the one that got furthest.
    #[must_use]
    pub fn verify(&self, leaf: &Certificate, at: DateTime) -> ChainReport {
        let paths = match certification_path::candidates(leaf, &self.store) {
            Ok(paths) => paths,
            Err(error) => return Progress::default().fail(error.into(), None, None),
        };
        let mut furthest: Option<ChainReport> = None;
        for path in paths {
            let report = self.judge(path, at);
            if report.is_valid() {
                return report;
            }
            if furthest.as_ref().is_none_or(|kept| reached(&report) > reached(kept)) {
                furthest = Some(report);
            }
        }
        // there is at least one path where there is no error
        furthest.unwrap_or_else(|| Progress::default().fail(PathError::SelfIssued.into(), None, None))
    }

    fn judge(&self, path: CertificationPath, at: DateTime) -> ChainReport {
        let mut progress = Progress::default();
        progress.passed(ChainStep::Signatures);
        match certification_path::validate_with(&path, &self.settings) {
            Ok(()) => progress.passed(ChainStep::Rules),
            Err(error) => {
                if error == PathError::Policies {
                    progress.passed(ChainStep::Rules);
                }
                return progress.fail(error.into(), Some(path), None);
            }
        }
        if self.settings.explicit_policy && !path.is_pinned_leaf() {
            progress.passed(ChainStep::Policies);
        } else {
            progress.not_checked(ChainStep::Policies);
        }
        if let Err(fault) = check_validity(&path, at) {
            return progress.fail(fault.into(), Some(path), None);
        }
        progress.passed(ChainStep::Validity);
        let Some(demand) = &self.revocation else {
            progress.not_checked(ChainStep::Revocation);
            return progress.hold(path, None);
        };
        let check = RevocationCheck::new(path.clone(), self.store.clone(), at, None);
        let report = check.finish(&demand.evidence, &demand.rules);
        if let Err(failure) = report.judge(demand.on_missing) {
            return progress.fail(failure.into(), Some(path), Some(report));
        }
        if report.all_good() {
            progress.passed(ChainStep::Revocation);
        } else {
            progress.not_checked(ChainStep::Revocation);
        }
        progress.hold(path, Some(report))
    }
}

fn reached(report: &ChainReport) -> usize {
    report.checks.iter().filter(|check| check.outcome != Outcome::NotReached).count()
}

/// The report as it grows.
#[derive(Default)]
struct Progress(Vec<ChainCheck>);

impl Progress {
    fn passed(&mut self, step: ChainStep) {
        self.0.push(ChainCheck { step, outcome: Outcome::Passed });
    }

    fn not_checked(&mut self, step: ChainStep) {
        self.0.push(ChainCheck { step, outcome: Outcome::NotChecked });
    }

    fn hold(self, path: CertificationPath, revocation: Option<RevocationReport>) -> ChainReport {
        ChainReport { failure: None, checks: self.0, path: Some(path), revocation }
    }

    /// The step under way failed, the others were not reached.
    fn fail(
        mut self,
        failure: ChainFailure,
        path: Option<CertificationPath>,
        revocation: Option<RevocationReport>,
    ) -> ChainReport {
        for (index, step) in ChainStep::ALL.into_iter().skip(self.0.len()).enumerate() {
            let outcome = if index == 0 { Outcome::Failed } else { Outcome::NotReached };
            self.0.push(ChainCheck { step, outcome });
        }
        ChainReport { failure: Some(failure), checks: self.0, path, revocation }
    }
}
