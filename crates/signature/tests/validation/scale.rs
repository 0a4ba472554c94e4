//! Many signatures, much evidence, and what is to be fetched.

use bitaqa_signature::{
    found::MAX_CERTIFICATES,
    validation::{
        needs::{self, Need},
        validate,
    },
};
use bitaqa_trust::revocation::Needed;

use crate::{
    files::{authority, found, settings, settings_with_lists, sign, stamp, verdict},
    support::{Kind, now, pki},
};

#[test]
fn ten_thousand_signatures_of_one_person_are_judged() {
    let one = found(&sign(&pki().signer(Kind::P256))).remove(0);
    let all = vec![one; 10_000];
    let report = validate(&all, &settings_with_lists(now()));
    assert!(report.is_passed());
    assert_eq!(report.signatures.len(), 10_000);
}

#[test]
fn evidence_beyond_what_is_looked_at_is_said() {
    let mut all = found(&sign(&pki().signer(Kind::P256)));
    let junk: Vec<std::sync::Arc<[u8]>> =
        (0_u32..1000).map(|number| std::sync::Arc::from(&number.to_be_bytes()[..])).collect();
    all[0].revocation.lists.extend(junk);
    all[0].certificates = vec![pki().root(); MAX_CERTIFICATES + 1];
    let report = validate(&all, &settings_with_lists(now()));
    assert_eq!(verdict(&report).0, "TOTAL-PASSED", "what the caller fetched comes first");
    assert!(report.signatures[0].remarks.iter().any(|remark| remark.contains("too many")));
}

#[test]
fn nested_signatures_are_followed_so_far() {
    let mut one = found(&sign(&pki().signer(Kind::P256))).remove(0);
    for _ in 0..20 {
        let mut outer = one.clone();
        outer.counter_signatures = vec![one];
        one = outer;
    }
    let report = validate(&[one], &settings_with_lists(now()));
    let mut depth = 0;
    let mut at = &report.signatures[0];
    while let Some(inner) = at.counter_signatures.first() {
        depth += 1;
        at = inner;
    }
    assert_eq!(depth, 4);
    assert!(at.remarks.iter().any(|remark| remark.contains("nested")));
}

#[test]
fn needs_are_where_certificates_point_to() {
    let holder = pki().signer(Kind::P256);
    let signatures = found(&stamp(&sign(&holder), &authority()));
    let needs = needs::of(&signatures, &settings(now()), None);
    let urls: Vec<&str> = needs.iter().map(Need::url).collect();
    assert_eq!(urls, ["http://127.0.0.1:8888/ocsp", "http://127.0.0.1:8888/ca.crl"]);
    let [Need::Revocation { needed: Needed::Ocsp { .. }, certificate }, Need::Revocation { .. }] = &needs[..]
    else {
        panic!("{needs:?}")
    };
    assert_eq!(*certificate, holder.certificate);
    // nobody is asked about somebody whom the verifier does not trust
    let mut untrusting = settings(now());
    untrusting.signers = bitaqa_trust::TrustStore::new();
    untrusting.time_stamp_authorities = bitaqa_trust::TrustStore::new();
    assert!(needs::of(&signatures, &untrusting, None).is_empty());
}
