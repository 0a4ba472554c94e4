//! Revocation lists of `openssl ca -gencrl`, against a token of ours.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test ends where it cannot go on"
)]

mod test_pki;

use bitaqa_trust::revocation::{Evidence, EvidenceRules, OnMissingEvidence::Accept, report::Source};
use test_pki::{
    Kind,
    authority::{Desk, ListOrder, revoked, valid},
    revocable::{Pki, leaf_source, not_used, now, root},
    verification::code,
};

#[test]
fn lists_say_who_was_revoked() {
    let pki = Pki::new();
    let list = |index: &[String], order: &ListOrder<'_>| Desk::new(&pki.issuing, index).list(order);
    let plain = ListOrder::default();
    let verified = pki.with_lists(&[list(&[valid("17")], &plain)]).unwrap();
    assert!(
        matches!(leaf_source(&verified), Source::Crl { number: Some(number), delta: false } if number == "2a")
    );
    let others: Vec<String> =
        (0x18..0x40).map(|number| revoked(&format!("{number:X}"), "260101000000Z")).collect();
    assert!(pki.with_lists(&[list(&others, &plain)]).is_ok());
    let reasons = ["keyCompromise", "certificateHold", "cessationOfOperation"];
    for reason in reasons {
        let index = [others.clone(), vec![revoked("17", &format!("260102030405Z,{reason}"))]].concat();
        let refused = pki.with_lists(&[list(&index, &plain)]).unwrap_err();
        assert_eq!(
            refused.failure.to_string(),
            format!("a certificate was revoked on 2026-01-02T03:04:05Z ({reason})")
        );
    }
    // the authority itself
    let root = Desk::new(&pki.root, &[revoked("10", "260101000000Z,cACompromise")]).list(&plain);
    let mut evidence = Evidence::new();
    evidence.add_crl("issuing", list(&[valid("17")], &plain)).unwrap();
    evidence.add_crl("root", root).unwrap();
    let refused = pki.begin(now()).finish(&evidence, &EvidenceRules::default(), Accept);
    assert_eq!(code(refused), "certificate-revoked");
}

#[test]
fn stale_foreign_and_partial_lists_prove_nothing() {
    let pki = Pki::new();
    let desk = Desk::new(&pki.issuing, &[valid("17")]);
    let order = |dates, extensions| ListOrder { dates, extensions };
    let judged = |list| pki.with_lists(&[list]);
    let stale = desk.list(&order(Some(("260101000000Z", "260201000000Z")), ""));
    assert_eq!(not_used(judged(stale)), "crl-stale");
    let early = desk.list(&order(Some(("350101000000Z", "350201000000Z")), ""));
    assert_eq!(not_used(judged(early)), "crl-not-yet-valid");
    let other = root("Other Issuing", Kind::P256, 8);
    let foreign = Desk::new(&other, &[]).list(&ListOrder::default());
    assert_eq!(not_used(judged(foreign)), "crl-other-issuer");
    let impostor = root("Example Issuing", Kind::P256, 8);
    let forged = Desk::new(&impostor, &[]).list(&ListOrder::default());
    assert_eq!(not_used(judged(forged)), "crl-signer-unauthorised");

    let scoped = |fields: &str| {
        let extensions = format!("issuingDistributionPoint = critical, @scope\n[scope]\n{fields}\n");
        desk.list(&ListOrder { dates: None, extensions: &extensions })
    };
    let ours = "fullname = URI:http://127.0.0.1:9/issuing.crl";
    assert!(judged(scoped(ours)).is_ok());
    assert!(judged(scoped(&format!("{ours}\nonlyuser = TRUE"))).is_ok());
    for fields in ["fullname = URI:http://127.0.0.1:9/issuing-2.crl", "onlyCA = TRUE", "onlyAA = TRUE"] {
        assert_eq!(not_used(judged(scoped(fields))), "crl-other-scope", "{fields}");
    }
    // two lists that cover the reasons together
    let some = |reasons: &str| scoped(&format!("onlysomereasons = {reasons}"));
    let first = some("keyCompromise, CACompromise, affiliationChanged");
    let rest = some("superseded, cessationOfOperation, certificateHold, privilegeWithdrawn, AACompromise");
    assert_eq!(not_used(judged(first.clone())), "crl-reasons-missing");
    assert!(pki.with_lists(&[first, rest]).is_ok());
}
