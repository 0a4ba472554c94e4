//! Passive authentication: an authority's file, EF.SOD and DG1 of one input.

use bitaqa_card::lds::DataGroup;
use bitaqa_trust::{
    DateTime,
    csca_store::CscaStore,
    passive_authentication::{Options, Outcome, RevocationDemand, Step, verify},
};

use super::{icao_pki::store, written};
use crate::answers_of;

pub(crate) fn run(input: &[u8]) {
    let mut parts = answers_of(input);
    let (authorities, sod) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let groups: Vec<(DataGroup, &[u8])> = parts.next().map(|dg1| (DataGroup::DG1, dg1)).into_iter().collect();
    // 2023-06-01, when what the seeds have is valid
    let Ok(at) = DateTime::new(2023, 6, 1, 0, 0, 0) else { return };
    let store = store(authorities, at);
    let Ok(report) = verify(sod, &groups, &store, at, &Options::default()) else { return };
    written(&report);
    let steps: Vec<Step> = report.checks().iter().map(|check| check.step).collect();
    assert_eq!(steps, Step::ALL, "every step, once and in order");
    assert!(report.faults().all(|fault| !fault.to_string().is_empty() && !fault.code().is_empty()));
    let is_genuine = report.genuine().is_some();
    assert_eq!(is_genuine, report.faults().next().is_none(), "one fault is enough, and nothing else counts");
    assert!(!is_genuine || *report.outcome(Step::Signature) == Outcome::Passed);

    let nobody = CscaStore::default();
    let by_nobody = verify(sod, &groups, &nobody, at, &Options::default());
    assert!(by_nobody.is_ok_and(|report| report.genuine().is_none()), "who trusts nobody believes nothing");
    let required = Options { revocation: RevocationDemand::Required };
    let strict = verify(sod, &groups, &store, at, &required);
    assert!(
        strict.is_ok_and(|report| is_genuine || report.genuine().is_none()),
        "more demands, fewer documents"
    );
}
