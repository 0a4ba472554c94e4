//! Revocation lists that are wrong in one place, and those that only few issuers make: delta lists, indirect lists, lists
//! signed with another key.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test ends where it cannot go on"
)]

mod test_pki;

use bitaqa_trust::{
    TrustStore,
    certification_path::candidates,
    revocation::{
        CertificateStatus, Evidence, EvidenceRules, RevocationCheck,
        report::{CertificateRevocation, Source},
    },
};
use test_pki::{
    Issued, Key, Kind, Template,
    der::{sequence, tlv},
    extension::{self, extension, full_name},
    revocation::{DELTA, ListTemplate, entry, entry_issuer, number, reason, scope},
    verification::{NOW, at, certificate, store},
};

/// The authority whose lists are in question is the anchor itself.
fn authority() -> Issued {
    Template::authority("Example Issuing").self_signed(Key::new(Kind::P256, 2))
}

fn person() -> Template {
    Template::person().with(extension::lists_at("http://lists.example/1.crl"))
}

fn holder(authority: &Issued) -> Issued {
    person().issued_by(authority, Key::new(Kind::P384, 3))
}

fn judged_in(store: TrustStore, holder: &Issued, lists: &[Vec<u8>]) -> CertificateRevocation {
    let path = candidates(&certificate(holder), &store).unwrap().swap_remove(0);
    let mut evidence = Evidence::new();
    for list in lists {
        evidence.add_crl("list", list.clone()).unwrap();
    }
    let report =
        RevocationCheck::new(path, store, at(NOW), None).finish(&evidence, &EvidenceRules::default());
    report.certificates.into_iter().next().unwrap()
}

fn judged(lists: &[Vec<u8>]) -> CertificateRevocation {
    let authority = authority();
    judged_in(store(&[&authority]), &holder(&authority), lists)
}

fn fault(found: &CertificateRevocation) -> &'static str {
    assert_eq!(found.status, CertificateStatus::NotDetermined, "{found:?}");
    found.not_used[0].fault.code()
}

fn is_good(found: &CertificateRevocation) -> bool {
    matches!(found.status, CertificateStatus::Good { .. })
}

fn is_revoked(found: &CertificateRevocation) -> bool {
    matches!(found.status, CertificateStatus::Revoked { .. })
}

const HOLDER: &[u8] = &[0x17];

#[test]
fn a_list_is_believed_and_one_wrong_in_one_place_is_not() {
    let list = |template: ListTemplate| judged(&[template.issued_by(&authority())]);
    assert!(is_good(&list(ListTemplate::new())));
    let unlike = ListTemplate::new().listing(entry(&[0x18], &[])).listing(entry(&[0x17, 0x17], &[]));
    assert!(is_good(&list(unlike.clone())));
    assert!(is_revoked(&list(unlike.clone().listing(entry(HOLDER, &[])))));
    assert!(is_revoked(&list(unlike.listing(entry(HOLDER, &[reason(1)])).listing(entry(&[0x19], &[])))));

    let unknown = ListTemplate::new().with(extension("1.2.3.4", true, &[5, 0]));
    assert_eq!(fault(&list(unknown)), "crl-critical-extension");
    assert!(is_good(&list(ListTemplate::new().with(extension("1.2.3.4", false, &[5, 0])))));
    // in the entry of anybody
    let unknown = ListTemplate::new().listing(entry(&[0x18], &[extension("1.2.3.4", true, &[5, 0])]));
    assert_eq!(fault(&list(unknown)), "crl-critical-extension");
    // a certificate's issuer in a list that is not said to be of several
    let indirect = ListTemplate::new().listing(entry(HOLDER, &[entry_issuer(&authority().name)]));
    assert_eq!(fault(&list(indirect)), "crl-malformed");
    // taken out of a list that takes nothing out
    assert_eq!(fault(&list(ListTemplate::new().listing(entry(HOLDER, &[reason(8)])))), "crl-malformed");
    let twice = ListTemplate::new().with(number("2.5.29.20", 8));
    assert_eq!(fault(&list(twice)), "crl-malformed");
    // extensions belong to version 2
    let version_1 = ListTemplate { extensions: Vec::new(), ..ListTemplate::new() };
    assert!(is_good(&list(version_1)));
    let both = scope(&[&tlv(0x81, &[0xff]), &tlv(0x82, &[0xff])]);
    assert_eq!(fault(&list(ListTemplate::new().with(both))), "crl-malformed");
}

#[test]
fn a_list_has_its_time() {
    let dated = |this_update, next_update| {
        let template = ListTemplate { this_update, next_update, ..ListTemplate::new() };
        judged(&[template.issued_by(&authority())])
    };
    assert!(is_good(&dated("20260501000000Z", Some("20260601120000Z"))));
    // the clocks of issuer and verifier may differ by five minutes
    assert!(is_good(&dated("20260501000000Z", Some("20260601115500Z"))));
    assert_eq!(fault(&dated("20260501000000Z", Some("20260601115459Z"))), "crl-stale");
    assert!(is_good(&dated("20260601120500Z", Some("20260701000000Z"))));
    assert_eq!(fault(&dated("20260601120501Z", Some("20260701000000Z"))), "crl-not-yet-valid");
    assert_eq!(fault(&dated("20260501000000Z", None)), "crl-stale");
}

#[test]
fn only_a_key_that_may_sign_lists_signs_them() {
    let template = Template::authority("Example Issuing").with(extension::key_usage(0x04));
    let without = template.self_signed(Key::new(Kind::P256, 2));
    let found = judged_in(store(&[&without]), &holder(&without), &[ListTemplate::new().issued_by(&without)]);
    assert_eq!(fault(&found), "crl-signer-unauthorised");
    // somebody else's key, and a key identifier of somebody else
    let stranger = Template::authority("Example Issuing").self_signed(Key::new(Kind::P256, 5));
    assert_eq!(fault(&judged(&[ListTemplate::new().issued_by(&stranger)])), "crl-signature-invalid");
    let key = Key::new(Kind::P256, 2);
    let identified =
        Template::authority("Example Issuing").with(extension::subject_key(&key)).self_signed(key);
    let named = |identifier: &[u8]| {
        let value = sequence(&[&tlv(0x80, identifier)]);
        let list = ListTemplate::new().with(extension("2.5.29.35", false, &value)).issued_by(&identified);
        judged_in(store(&[&identified]), &holder(&identified), &[list])
    };
    use sha1::Digest;
    assert!(is_good(&named(&sha1::Sha1::digest(identified.key.point()))));
    assert_eq!(fault(&named(&[1; 20])), "crl-signer-unauthorised");
}

#[test]
fn a_delta_list_changes_the_list_it_starts_from() {
    let authority = authority();
    let base = |entries: &[Vec<u8>]| {
        ListTemplate { entries: entries.to_vec(), ..ListTemplate::new() }.issued_by(&authority)
    };
    let delta = |own: u8, of: u8, entries: &[Vec<u8>]| {
        ListTemplate {
            entries: entries.to_vec(),
            extensions: vec![number("2.5.29.20", own)],
            ..ListTemplate::new()
        }
        .with(number(DELTA, of))
        .issued_by(&authority)
    };
    let held = [entry(HOLDER, &[reason(6)])];
    let released = [entry(HOLDER, &[reason(8)])];
    let revoked = [entry(HOLDER, &[reason(1)])];
    // lists of number 7
    assert!(is_revoked(&judged(&[base(&held)])));
    assert!(is_good(&judged(&[base(&held), delta(8, 7, &released)])));
    assert!(is_revoked(&judged(&[base(&[]), delta(8, 7, &revoked)])));
    assert!(is_revoked(&judged(&[base(&held), delta(8, 7, &[])])));
    // the newest counts
    assert!(is_revoked(&judged(&[base(&[]), delta(8, 7, &released), delta(9, 7, &revoked)])));
    assert!(is_good(&judged(&[delta(9, 6, &released), delta(8, 7, &revoked), base(&held)])));
    // it starts from a newer list, or is older itself: the list stands as it is
    assert!(is_revoked(&judged(&[base(&held), delta(9, 8, &released)])));
    assert!(is_revoked(&judged(&[base(&held), delta(7, 6, &released)])));
    // alone it says nothing
    assert_eq!(fault(&judged(&[delta(8, 7, &[])])), "crl-base-missing");
    // of another scope, or another key: it takes nothing out
    let scoped = ListTemplate {
        entries: released.to_vec(),
        extensions: vec![number("2.5.29.20", 8)],
        ..ListTemplate::new()
    }
    .with(number(DELTA, 7))
    .with(scope(&[&tlv(0x81, &[0xff])]))
    .issued_by(&authority);
    assert!(is_revoked(&judged(&[base(&held), scoped])));
    let stranger = Template::authority("Example Issuing").self_signed(Key::new(Kind::P256, 5));
    let forged = ListTemplate {
        entries: released.to_vec(),
        extensions: vec![number("2.5.29.20", 8)],
        ..ListTemplate::new()
    }
    .with(number(DELTA, 7))
    .issued_by(&stranger);
    assert!(is_revoked(&judged(&[base(&held), forged])));
}

#[test]
fn of_two_lists_the_newer_counts() {
    let list = |this_update, entries: &[Vec<u8>]| {
        let template = ListTemplate { this_update, entries: entries.to_vec(), ..ListTemplate::new() };
        template.issued_by(&authority())
    };
    let (held, nobody) = ([entry(HOLDER, &[reason(6)])], []);
    let (old, new) = ("20260530000000Z", "20260601000000Z");
    assert!(is_good(&judged(&[list(old, &held), list(new, &nobody)])));
    assert!(is_revoked(&judged(&[list(old, &nobody), list(new, &held)])));
}

#[test]
fn a_list_covers_the_certificates_of_its_distribution_point() {
    let scoped =
        |fields: &[&[u8]]| judged(&[ListTemplate::new().with(scope(fields)).issued_by(&authority())]);
    let point = |url| tlv(0xa0, &full_name(url));
    assert!(is_good(&scoped(&[&point("http://lists.example/1.crl")])));
    assert_eq!(fault(&scoped(&[&point("http://lists.example/2.crl")])), "crl-other-scope");
    assert!(is_good(&scoped(&[&tlv(0x81, &[0xff])])));
    assert_eq!(fault(&scoped(&[&tlv(0x82, &[0xff])])), "crl-other-scope");
    assert_eq!(fault(&scoped(&[&tlv(0x85, &[0xff])])), "crl-other-scope");
    // key compromise only
    assert_eq!(fault(&scoped(&[&tlv(0x83, &[6, 0x40])])), "crl-reasons-missing");
}

/// A certificate that names another authority for its lists, which lists certificates of several issuers.
#[test]
fn an_indirect_list_is_believed_if_its_issuer_is_of_the_same_root() {
    let root = Template::authority("Example Root").self_signed(Key::new(Kind::P384, 1));
    let issuing =
        Template::authority("Example Issuing").numbered(&[2]).issued_by(&root, Key::new(Kind::P256, 2));
    let lists = Template::authority("Example Lists").numbered(&[3]).issued_by(&root, Key::new(Kind::P256, 6));
    let point = sequence(&[&tlv(0xa2, &tlv(0xa4, &lists.name))]);
    let holder = Template::person()
        .with(extension("2.5.29.31", false, &sequence(&[&point])))
        .issued_by(&issuing, Key::new(Kind::P384, 3));
    let of_root = ListTemplate::new().issued_by(&root);
    let indirect = |entries: &[Vec<u8>]| {
        ListTemplate { entries: entries.to_vec(), ..ListTemplate::new() }
            .with(scope(&[&tlv(0x84, &[0xff])]))
            .issued_by(&lists)
    };
    let known = || store(&[&root, &issuing, &lists]);
    let judged = |list, of_root: &Vec<u8>| judged_in(known(), &holder, &[list, of_root.clone()]);
    assert!(is_good(&judged(indirect(&[]), &of_root)));
    // the same number of another issuer, and of the one after whose name it stands
    let of_lists = entry(HOLDER, &[]);
    let of_issuing = entry(&[9], &[entry_issuer(&issuing.name)]);
    let of_root_again = entry(&[9], &[entry_issuer(&root.name)]);
    assert!(is_good(&judged(indirect(std::slice::from_ref(&of_lists)), &of_root)));
    assert!(is_revoked(&judged(indirect(&[of_issuing.clone(), of_lists.clone()]), &of_root)));
    assert!(is_good(&judged(indirect(&[of_issuing, of_root_again, of_lists]), &of_root)));
    // the list's issuer was revoked, is not known to be good, is of another root, has expired, or is not known
    let revoked = ListTemplate::new().listing(entry(&[3], &[])).issued_by(&root);
    assert_eq!(fault(&judged(indirect(&[]), &revoked)), "crl-signer-unauthorised");
    let found = judged_in(known(), &holder, &[indirect(&[])]);
    assert_eq!(fault(&found), "crl-signer-unauthorised");
    let other_root = Template::authority("Other Root").self_signed(Key::new(Kind::P384, 4));
    let elsewhere = Template::authority("Example Lists").issued_by(&other_root, Key::new(Kind::P256, 6));
    let found = judged_in(
        store(&[&root, &issuing, &elsewhere, &other_root]),
        &holder,
        &[indirect(&[]), of_root.clone(), ListTemplate::new().issued_by(&other_root)],
    );
    assert_eq!(fault(&found), "crl-signer-unauthorised");
    let expired = Template::authority("Example Lists")
        .numbered(&[3])
        .valid("20200101000000Z", "20260101000000Z")
        .issued_by(&root, Key::new(Kind::P256, 6));
    let found = judged_in(store(&[&root, &issuing, &expired]), &holder, &[indirect(&[]), of_root.clone()]);
    assert_eq!(fault(&found), "crl-signer-unauthorised");
    let found = judged_in(store(&[&root, &issuing]), &holder, &[indirect(&[]), of_root]);
    assert_eq!(fault(&found), "crl-signer-unauthorised");
}

#[test]
fn the_report_says_which_lists_were_used() {
    let found = judged(&[ListTemplate::new().issued_by(&authority())]);
    let CertificateStatus::Good { evidence } = &found.status else { panic!("{found:?}") };
    assert_eq!(evidence[0].source, Source::Crl { number: Some("07".to_owned()), delta: false });
    assert_eq!(
        serde_json::to_value(&found).unwrap(),
        serde_json::json!({
            "status": "good",
            "evidence": [{
                "name": "list", "source": "crl", "number": "07", "delta": false,
                "thisUpdate": "2026-06-01T00:00:00Z", "nextUpdate": "2026-06-08T00:00:00Z"
            }],
            "notUsed": []
        })
    );
}
