//! Signed files of every kind, time stamps and trusted lists.

use std::time::Duration;

use bitaqa_signature::{
    FoundSignature, Hash, Level,
    augmentation::{Answers, Goal, augment_file},
    document::{self, NoContent},
    pades,
    time_stamp::TimeStampToken,
    trusted_list::TrustedList,
    validation::{self, Indication, ValidationSettings},
};
use bitaqa_trust::{DateTime, TrustStore};

use super::written;

/// The first of June 2026, noon.
const NOON: u64 = 1_780_315_200;

/// A signed file of whatever kind it begins like. Nobody is trusted, so nothing may pass; and raising it ends.
pub(crate) fn signed_file(input: &[u8]) {
    let Ok(at) = DateTime::from_unix_duration(Duration::from_secs(NOON)) else { unreachable!("a date") };
    if let Ok(found) = document::signatures(input, &NoContent) {
        judge(&found, at);
    }
    let goal = Goal { level: Level::BLta, hash: Hash::Sha256, store: TrustStore::new(), at };
    written(&augment_file(input, &NoContent, &goal, &Answers::new()).is_ok());
}

fn judge(found: &[FoundSignature], at: DateTime) {
    let report = validation::validate(found, &ValidationSettings::new(at));
    assert!(report.indication != Indication::TotalPassed, "somebody whom nobody trusts was believed");
    written(&report.to_json().is_ok());
    written(&found);
}

/// The same for PDF, whatever the file begins like, and what is told of it before it is signed.
pub(crate) fn signed_pdf(input: &[u8]) {
    let source = input.to_vec();
    written(&pades::inspect(&source));
    if let Ok(found) = pades::read(&source)
        && let Ok(at) = DateTime::from_unix_duration(Duration::from_secs(NOON))
    {
        judge(&found.signatures, at);
    }
}

/// A time stamp.
pub(crate) fn time_stamp(input: &[u8]) {
    if let Ok(token) = TimeStampToken::parse(input) {
        written(&(token.gen_time(), token.imprint(), token.verify_signature(&[]).is_ok()));
    }
}

/// A trusted list.
pub(crate) fn trusted_list(input: &[u8]) {
    written(&TrustedList::parse(input));
}
