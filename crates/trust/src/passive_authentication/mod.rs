//! Passive authentication (ICAO Doc 9303-11, section 5.1): are the data groups of a chip what its country signed?
//!
//! EF.SOD lists the digest of each group and is signed by a document signer, whose certificate an authority of the country
//! (CSCA) signed. Every check is made and reported, so that a result says which one failed and which could not be made: an
//! altered group, an unknown authority, an expired or revoked signer are different things.
//!
//! A genuine document may still be a copy: whether the chip is the one that the data was written to is for
//! `chip_proof`.

mod document_signer;
mod fault;
mod report;

use bitaqa_card::{
    CardError,
    lds::{DataGroup, GroupDigest, Sod},
};

pub use self::{
    fault::{Fault, NotChecked},
    report::{Check, GenuineDocument, GroupCheck, GroupState, Outcome, Report, Step},
};
use crate::{
    DateTime,
    csca_store::{CscaPath, CscaStore, IssuerFault, RevocationVerdict},
    icao_pki::{FormatError, IcaoCertificate, IcaoScheme, Signer, SignerFault},
};

/// Longest EF.SOD, in bytes.
pub const MAX_SOD: usize = 128 * 1024;
/// Longest data group, in bytes.
pub const MAX_GROUP: usize = 4 * 1024 * 1024;

/// What the caller demands beyond what 9303 does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// What happens where nobody can say whether the signer was revoked.
    pub revocation: RevocationDemand,
}

/// Whether a revocation list must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RevocationDemand {
    /// A signer that a list names is refused; where there is no list, or an old one, the report says so.
    #[default]
    WhereKnown,
    /// Without a list that holds at the time, nothing is genuine.
    Required,
}

/// Checks EF.SOD, and the groups against it, as they were read: whole files. `at` is the time of the check.
///
/// # Errors
/// [`Unreadable`]: there is nothing to check. Everything that was checked is in the report, also what failed.
pub fn verify<'a>(
    sod: &[u8],
    groups: &[(DataGroup, &'a [u8])],
    store: &'a CscaStore,
    at: DateTime,
    options: &Options,
) -> Result<Report<'a>, Unreadable> {
    if sod.len() > MAX_SOD {
        return Err(Unreadable::TooLong { file: "EF.SOD", limit: MAX_SOD });
    }
    for (index, (group, content)) in groups.iter().enumerate() {
        if content.len() > MAX_GROUP {
            return Err(Unreadable::TooLong { file: group.name(), limit: MAX_GROUP });
        }
        if groups.iter().skip(index + 1).any(|(other, _)| other == group) {
            return Err(Unreadable::Twice { group: *group });
        }
    }
    let sod = Sod::parse(sod).map_err(Unreadable::Sod)?;
    let groups = compare(&sod, groups);
    let mut examination = Examination { store, at, options, checks: Vec::with_capacity(Step::ALL.len()) };
    let signed = examination.run(&sod, &groups);
    Ok(Report { checks: examination.checks, groups, sod, signed })
}

/// Why there is nothing to check.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unreadable {
    /// Longer than any card's.
    #[error("{file} has more than {limit} bytes")]
    TooLong {
        /// Which file.
        file: &'static str,
        /// Most bytes.
        limit: usize,
    },
    /// A group was given twice.
    #[error("{} was given twice", .group.name())]
    Twice {
        /// Which.
        group: DataGroup,
    },
    /// EF.SOD is none.
    #[error("this is no EF.SOD: {0}")]
    Sod(CardError),
}

/// Every group that is listed or was given.
fn compare<'a>(sod: &Sod, given: &[(DataGroup, &'a [u8])]) -> Vec<GroupCheck<'a>> {
    let content = |group| given.iter().find(|(given, _)| *given == group).map(|(_, content)| *content);
    let all = DataGroup::all().filter(|group| sod.lists(*group) || content(*group).is_some());
    all.map(|group| {
        let content = content(group);
        let state = match content.map(|content| sod.group_digest(group, content)) {
            None => GroupState::NotGiven,
            Some(GroupDigest::Matches) => GroupState::Unchanged,
            Some(GroupDigest::Differs) => GroupState::Altered,
            Some(GroupDigest::NotListed) => GroupState::NotListed,
        };
        GroupCheck { group, state, content }
    })
    .collect()
}

/// Who signed, as far as it was found out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Signed<'s> {
    pub(crate) signer: Option<IcaoCertificate>,
    pub(crate) path: Option<CscaPath<'s>>,
    pub(crate) scheme: Option<IcaoScheme>,
    pub(crate) signing_time: Option<DateTime>,
}

struct Examination<'s, 'o> {
    store: &'s CscaStore,
    at: DateTime,
    options: &'o Options,
    checks: Vec<Check>,
}

impl<'s> Examination<'s, '_> {
    fn run(&mut self, sod: &Sod, groups: &[GroupCheck<'_>]) -> Signed<'s> {
        let mut signed = Signed::default();
        match Signer::of(&sod.signed_data) {
            Ok(signature) => {
                signed.signing_time = signature.signing_time();
                signed.scheme = signature.scheme().ok();
                self.signature(sod, &signature, groups, &mut signed);
            }
            Err(fault) => {
                // nothing else can be said of a signature that cannot be read
                self.not_reached(Step::Signer);
                self.fail(Step::Content, fault_of(fault));
                self.signature_not_reached();
            }
        }
        self.groups(groups);
        signed
    }

    /// Everything about the signature and who made it.
    fn signature(
        &mut self,
        sod: &Sod,
        signature: &Signer<'_>,
        groups: &[GroupCheck<'_>],
        signed: &mut Signed<'s>,
    ) {
        let signer = find_signer(sod, signature, self.store);
        match &signer {
            Ok(_) => self.pass(Step::Signer),
            Err(fault) => self.fail(Step::Signer, fault.clone()),
        }
        match signature.check_attributes() {
            Ok(()) if signature.has_attributes() => self.pass(Step::Content),
            Ok(()) => self.not_checked(Step::Content, NotChecked::NoSignedAttributes),
            Err(fault) => self.fail(Step::Content, fault_of(fault)),
        }
        let Ok(signer) = signer else {
            self.signature_not_reached();
            return;
        };
        let verified = match signer.key() {
            Ok(key) => signature.check_signature(key).map_err(fault_of),
            Err(error) => Err(Fault::SignerKey(error.clone())),
        };
        self.outcome(Step::Signature, verified);
        let purpose = document_signer::purpose(&signer);
        self.outcome(Step::Purpose, purpose);
        let path = self.path(&signer);
        self.validity(&signer, path.as_ref());
        let issued = document_signer::issue_date(groups, signature.signing_time());
        self.stated(Step::KeyUsagePeriod, document_signer::key_usage_period(&signer, issued));
        self.stated(Step::DocumentType, document_signer::document_type(&signer, groups));
        self.revocation(&signer, path.as_ref());
        signed.path = path;
        signed.signer = Some(signer);
    }

    fn path(&mut self, signer: &IcaoCertificate) -> Option<CscaPath<'s>> {
        let issuer = || signer.issuer().to_string();
        match self.store.path(signer, self.at) {
            Ok(path) => {
                self.pass(Step::Path);
                return Some(path);
            }
            Err(IssuerFault::Unknown { others }) => {
                self.fail(Step::Path, Fault::CscaUnknown { issuer: issuer(), others });
            }
            Err(IssuerFault::NotSigned) => {
                self.fail(Step::Path, Fault::SignerNotIssued { issuer: issuer() });
            }
        }
        None
    }

    /// Signer and authorities, whether or not a path was found: an expired signer is one in any case.
    fn validity(&mut self, signer: &IcaoCertificate, path: Option<&CscaPath<'_>>) {
        let at = self.at;
        let authority = path.and_then(|path| path.authorities().find(|authority| !authority.is_valid_at(at)));
        let outcome = match authority {
            _ if signer.not_after() < at => Err(Fault::SignerExpired { since: signer.not_after() }),
            _ if at < signer.not_before() => Err(Fault::SignerNotYetValid { until: signer.not_before() }),
            Some(csca) if csca.not_after() < at => Err(Fault::CscaExpired { since: csca.not_after() }),
            Some(csca) => Err(Fault::CscaNotYetValid { until: csca.not_before() }),
            None if path.is_some() => Ok(()),
            None => return self.not_reached(Step::Validity),
        };
        self.outcome(Step::Validity, outcome);
    }

    fn revocation(&mut self, signer: &IcaoCertificate, path: Option<&CscaPath<'_>>) {
        let Some(path) = path else { return self.not_reached(Step::Revocation) };
        let unknown = match self.store.revocation(signer, path, self.at) {
            RevocationVerdict::Good => return self.pass(Step::Revocation),
            RevocationVerdict::SignerRevoked(revoked) => {
                return self.fail(Step::Revocation, Fault::SignerRevoked(revoked));
            }
            RevocationVerdict::AuthorityRevoked(revoked) => {
                return self.fail(Step::Revocation, Fault::CscaRevoked(revoked));
            }
            RevocationVerdict::RevokedLater(revoked) => {
                return self.not_checked(Step::Revocation, NotChecked::RevokedLater(revoked));
            }
            RevocationVerdict::NoList => NotChecked::NoRevocationList,
            RevocationVerdict::Stale { next_update } => NotChecked::RevocationListStale { next_update },
        };
        match self.options.revocation {
            RevocationDemand::WhereKnown => self.not_checked(Step::Revocation, unknown),
            RevocationDemand::Required => self.fail(Step::Revocation, Fault::RevocationUnknown(unknown)),
        }
    }

    fn groups(&mut self, groups: &[GroupCheck<'_>]) {
        let with = |state| -> Vec<DataGroup> {
            groups.iter().filter(|check| check.state == state).map(|check| check.group).collect()
        };
        let (altered, not_listed) = (with(GroupState::Altered), with(GroupState::NotListed));
        if !altered.is_empty() {
            self.fail(Step::Groups, Fault::GroupsAltered { groups: altered });
        } else if !not_listed.is_empty() {
            self.fail(Step::Groups, Fault::GroupsNotListed { groups: not_listed });
        } else if with(GroupState::Unchanged).is_empty() {
            self.not_checked(Step::Groups, NotChecked::NoGroup);
        } else {
            self.pass(Step::Groups);
        }
    }

    /// Nobody to check the signature with: all that rests on it is left.
    fn signature_not_reached(&mut self) {
        let done = self.checks.len();
        let rest = Step::ALL.into_iter().skip(done).take_while(|step| *step != Step::Groups);
        rest.for_each(|step| self.not_reached(step));
    }

    fn outcome(&mut self, step: Step, outcome: Result<(), Fault>) {
        match outcome {
            Ok(()) => self.pass(step),
            Err(fault) => self.fail(step, fault),
        }
    }

    fn stated(&mut self, step: Step, outcome: Result<Option<NotChecked>, Fault>) {
        match outcome {
            Ok(None) => self.pass(step),
            Ok(Some(reason)) => self.not_checked(step, reason),
            Err(fault) => self.fail(step, fault),
        }
    }

    fn pass(&mut self, step: Step) {
        self.checks.push(Check { step, outcome: Outcome::Passed });
    }

    fn fail(&mut self, step: Step, fault: Fault) {
        self.checks.push(Check { step, outcome: Outcome::Failed(fault) });
    }

    fn not_checked(&mut self, step: Step, reason: NotChecked) {
        self.checks.push(Check { step, outcome: Outcome::NotChecked(reason) });
    }

    fn not_reached(&mut self, step: Step) {
        self.checks.push(Check { step, outcome: Outcome::NotReached });
    }
}

/// The signer's certificate, which the document brings or the store has.
fn find_signer(sod: &Sod, signature: &Signer<'_>, store: &CscaStore) -> Result<IcaoCertificate, Fault> {
    let mut unreadable: Option<FormatError> = None;
    for certificate in &sod.signed_data.certificates {
        match IcaoCertificate::from_der(certificate) {
            Ok(certificate) if signature.is(&certificate) => return Ok(certificate),
            Ok(_) => {}
            Err(error) => unreadable = Some(error),
        }
    }
    let held = store.signers().iter().find(|certificate| signature.is(certificate));
    held.cloned().ok_or_else(|| unreadable.map_or(Fault::SignerMissing, Fault::SignerUnreadable))
}

fn fault_of(fault: SignerFault) -> Fault {
    match fault {
        SignerFault::Format(error) => Fault::SignatureMalformed(error),
        SignerFault::ContentType => Fault::ContentTypeDiffers,
        SignerFault::MessageDigest => Fault::ContentAltered,
        SignerFault::DigestAlgorithm => Fault::DigestAlgorithm,
        SignerFault::Signature(error) => Fault::Signature(error),
    }
}
