//! The report of a check: every step with its outcome.

use std::fmt;

use bitaqa_card::{
    active_authentication::DigestAlgorithm,
    lds::{DataGroup, LdsVersionInfo, Sod},
};

use super::{
    Signed,
    fault::{Fault, NotChecked},
};
use crate::{
    DateTime,
    csca_store::CscaPath,
    icao_pki::{IcaoCertificate, IcaoScheme},
};

/// A step of the check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// The certificate of the document signer is there.
    Signer,
    /// The signature is about this list of digests.
    Content,
    /// The signer's key made the signature.
    Signature,
    /// The signer's certificate is for signing documents.
    Purpose,
    /// A trusted authority signed the signer's certificate.
    Path,
    /// Signer and authority are valid at the time.
    Validity,
    /// The document was issued while the signer's key was in use.
    KeyUsagePeriod,
    /// The signer may sign documents of this type.
    DocumentType,
    /// The signer was not revoked.
    Revocation,
    /// The groups are those that were signed.
    Groups,
}

impl Step {
    /// All steps, in order.
    pub const ALL: [Self; 10] = [
        Self::Signer,
        Self::Content,
        Self::Signature,
        Self::Purpose,
        Self::Path,
        Self::Validity,
        Self::KeyUsagePeriod,
        Self::DocumentType,
        Self::Revocation,
        Self::Groups,
    ];

    /// Its stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Signer => "signer",
            Self::Content => "content",
            Self::Signature => "signature",
            Self::Purpose => "purpose",
            Self::Path => "path",
            Self::Validity => "validity",
            Self::KeyUsagePeriod => "key-usage-period",
            Self::DocumentType => "document-type",
            Self::Revocation => "revocation",
            Self::Groups => "groups",
        }
    }
}

/// How a step ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It passed.
    Passed,
    /// It failed, and with it the document.
    Failed(Fault),
    /// It could not be made, or did not have to be.
    NotChecked(NotChecked),
    /// A step before it failed, without which it makes no sense.
    NotReached,
}

impl Outcome {
    /// Its stable name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed(_) => "failed",
            Self::NotChecked(_) => "not-checked",
            Self::NotReached => "not-reached",
        }
    }
}

/// One line of the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Which step.
    pub step: Step,
    /// How it ended.
    pub outcome: Outcome,
}

/// A group that is listed or was given.
#[derive(Clone, PartialEq, Eq)]
pub struct GroupCheck<'a> {
    /// Which.
    pub group: DataGroup,
    /// How it compares with the list.
    pub state: GroupState,
    /// The whole file, as it was given.
    pub content: Option<&'a [u8]>,
}

/// Without the content: it is about a person.
impl fmt::Debug for GroupCheck<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?}", self.group.name(), self.state)
    }
}

/// How a group compares with the signed list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupState {
    /// It has the digest of the list.
    Unchanged,
    /// It has another.
    Altered,
    /// The list does not have it.
    NotListed,
    /// The list has it, and it was not given.
    NotGiven,
}

impl GroupState {
    /// Its stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unchanged => "unchanged",
            Self::Altered => "altered",
            Self::NotListed => "not-listed",
            Self::NotGiven => "not-given",
        }
    }
}

/// What came of the check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report<'a> {
    pub(super) checks: Vec<Check>,
    pub(super) groups: Vec<GroupCheck<'a>>,
    pub(super) sod: Sod,
    pub(super) signed: Signed<'a>,
}

impl<'a> Report<'a> {
    /// Every step, in order.
    #[must_use]
    pub fn checks(&self) -> &[Check] {
        &self.checks
    }

    /// How one step ended.
    #[must_use]
    pub fn outcome(&self, step: Step) -> &Outcome {
        let check = self.checks.iter().find(|check| check.step == step);
        check.map_or(&Outcome::NotReached, |check| &check.outcome)
    }

    /// What speaks against the document, in the order of the steps.
    pub fn faults(&self) -> impl Iterator<Item = &Fault> {
        self.checks.iter().filter_map(|check| match &check.outcome {
            Outcome::Failed(fault) => Some(fault),
            _ => None,
        })
    }

    /// The document, if nothing speaks against it and every step that makes it genuine was taken.
    #[must_use]
    pub fn genuine(&self) -> Option<GenuineDocument<'_, 'a>> {
        let is_taken = |step| *self.outcome(step) == Outcome::Passed;
        // the other steps may have nothing to check
        let needed = [Step::Signer, Step::Signature, Step::Purpose, Step::Path, Step::Validity];
        let is_genuine = needed.into_iter().all(is_taken)
            && self
                .checks
                .iter()
                .all(|check| matches!(check.outcome, Outcome::Passed | Outcome::NotChecked(_)));
        is_genuine.then_some(GenuineDocument(self))
    }

    /// Every group that is listed or was given, by rising number.
    #[must_use]
    pub fn groups(&self) -> &[GroupCheck<'a>] {
        &self.groups
    }

    /// The certificate of the document signer, where it was found.
    #[must_use]
    pub const fn signer(&self) -> Option<&IcaoCertificate> {
        self.signed.signer.as_ref()
    }

    /// The authorities behind the signer, where they are trusted.
    #[must_use]
    pub const fn path(&self) -> Option<&CscaPath<'a>> {
        self.signed.path.as_ref()
    }

    /// How the document is signed.
    #[must_use]
    pub const fn scheme(&self) -> Option<IcaoScheme> {
        self.signed.scheme
    }

    /// When it was signed, as the signer says.
    #[must_use]
    pub const fn signing_time(&self) -> Option<DateTime> {
        self.signed.signing_time
    }

    /// How the digests of groups were made.
    #[must_use]
    pub const fn digest_algorithm(&self) -> DigestAlgorithm {
        self.sod.security_object.digest_algorithm
    }

    /// Version of the data structure, where the list says so (version 1 of the list).
    #[must_use]
    pub const fn versions(&self) -> Option<&LdsVersionInfo> {
        self.sod.security_object.versions.as_ref()
    }
}

/// A document that passed: the only way to the content of its groups as something that a country signed.
#[derive(Debug, Clone, Copy)]
pub struct GenuineDocument<'r, 'a>(&'r Report<'a>);

impl<'a> GenuineDocument<'_, 'a> {
    /// Country of the authority whose signer signed it, as its certificate has it; nothing where it is not that of every authority up to the
    /// trusted one, for none may make another country's. That a document is genuine says that this one signed it, and not that it may
    /// speak for the state in the machine readable zone.
    #[must_use]
    pub fn country(&self) -> Option<&str> {
        let path = self.0.path()?;
        let country = path.csca().subject().country()?;
        let is_same = |other: Option<&str>| other.is_some_and(|other| other.eq_ignore_ascii_case(country));
        path.authorities().all(|authority| is_same(authority.subject().country())).then_some(country)
    }

    /// Whether the document has a group.
    #[must_use]
    pub fn lists(&self, group: DataGroup) -> bool {
        self.0.sod.lists(group)
    }

    /// The content of a group that was given and is what was signed.
    #[must_use]
    pub fn group(&self, group: DataGroup) -> Option<&'a [u8]> {
        let check = self.0.groups.iter().find(|check| check.group == group)?;
        check.content.filter(|_| check.state == GroupState::Unchanged)
    }
}
