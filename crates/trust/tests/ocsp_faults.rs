//! Answers of responders that are wrong in one place.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test ends where it cannot go on"
)]

mod test_pki;

use bitaqa_trust::{
    certification_path::candidates,
    revocation::{
        CertificateStatus, Evidence, EvidenceRules, Needed, NonceSeed, RevocationCheck,
        report::CertificateRevocation,
    },
};
use test_pki::{
    Issued, Key, Kind, Template,
    der::{octet_string, sequence, tlv},
    extension::{self, extension},
    revocation::{AnswerTemplate, GOOD, ListTemplate, UNKNOWN, entry, revoked_status, statement},
    verification::{NOW, at, certificate, store},
};

const NUMBER: &[u8] = &[0x17];
const UPDATES: (&str, Option<&str>) = ("20260601100000Z", Some("20260602100000Z"));

fn authority() -> Issued {
    Template::authority("Example Issuing").self_signed(Key::new(Kind::P256, 2))
}

fn holder() -> Issued {
    Template::person()
        .with(extension::responder_at("http://ocsp.example/"))
        .issued_by(&authority(), Key::new(Kind::P384, 3))
}

fn check() -> RevocationCheck {
    let store = store(&[&authority()]);
    let path = candidates(&certificate(&holder()), &store).unwrap().swap_remove(0);
    RevocationCheck::new(path, store, at(NOW), Some(NonceSeed::from_random([7; 32])))
}

fn judged_with(answers: &[Vec<u8>], lists: &[Vec<u8>]) -> CertificateRevocation {
    let mut evidence = Evidence::new();
    for answer in answers {
        evidence.add_ocsp("answer", answer.clone()).unwrap();
    }
    for list in lists {
        evidence.add_crl("list", list.clone()).unwrap();
    }
    check().finish(&evidence, &EvidenceRules::default()).certificates.swap_remove(0)
}

fn judged(template: &AnswerTemplate) -> CertificateRevocation {
    judged_with(&[template.signed_by(&authority())], &[])
}

fn about_holder(status: &[u8]) -> Vec<u8> {
    statement(&holder(), NUMBER, &authority(), status, UPDATES)
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

#[test]
fn a_right_answer_is_believed() {
    assert!(is_good(&judged(&AnswerTemplate::new(about_holder(GOOD)))));
    assert!(is_revoked(&judged(&AnswerTemplate::new(about_holder(&revoked_status(1))))));
    let unknown = judged(&AnswerTemplate::new(about_holder(UNKNOWN)));
    assert!(matches!(unknown.status, CertificateStatus::Unknown { .. }));
}

#[test]
fn only_the_issuers_own_key_appoints_a_responder() {
    let appointed_by = |issuer: &Issued| {
        let responder = Template::named(&[("2.5.4.3", "Example Responder")])
            .with(extension::extended_key_usage(&[extension::OCSP_SIGNING]))
            .with(extension::no_check())
            .issued_by(issuer, Key::new(Kind::P256, 9));
        let certificates = vec![responder.der.clone()];
        let answer = AnswerTemplate { certificates, ..AnswerTemplate::new(about_holder(GOOD)) };
        judged_with(&[answer.signed_by(&responder)], &[])
    };
    assert!(is_good(&appointed_by(&authority())));
    // somebody who calls himself by the issuer's name
    let impostor = Template::authority("Example Issuing").self_signed(Key::new(Kind::P256, 5));
    assert_eq!(fault(&appointed_by(&impostor)), "ocsp-responder-unauthorised");
    let other = Template::authority("Other Issuing").self_signed(Key::new(Kind::P256, 2));
    assert_eq!(fault(&appointed_by(&other)), "ocsp-responder-unauthorised");
    // he answers himself
    let answer = AnswerTemplate::new(about_holder(GOOD)).signed_by(&impostor);
    assert_eq!(fault(&judged_with(&[answer], &[])), "ocsp-signature-invalid");
}

#[test]
fn the_worst_statement_counts() {
    let several = |statuses: &[&[u8]]| {
        let statements = statuses.iter().map(|status| about_holder(status)).collect();
        judged(&AnswerTemplate { statements, ..AnswerTemplate::new(Vec::new()) })
    };
    let revoked = revoked_status(1);
    assert!(is_revoked(&several(&[GOOD, &revoked, UNKNOWN])));
    assert!(matches!(several(&[GOOD, UNKNOWN]).status, CertificateStatus::Unknown { .. }));
    // the same of several answers, and of answers and lists
    let answer = |status: &[u8]| AnswerTemplate::new(about_holder(status)).signed_by(&authority());
    assert!(is_revoked(&judged_with(&[answer(GOOD), answer(&revoked)], &[])));
    assert!(is_revoked(&judged_with(&[answer(&revoked), answer(GOOD)], &[])));
    let clean = ListTemplate::new().issued_by(&authority());
    let listed = ListTemplate::new().listing(entry(NUMBER, &[])).issued_by(&authority());
    assert!(is_revoked(&judged_with(&[answer(GOOD)], &[listed])));
    assert!(is_revoked(&judged_with(&[answer(&revoked)], std::slice::from_ref(&clean))));
    assert!(matches!(judged_with(&[answer(UNKNOWN)], &[clean]).status, CertificateStatus::Unknown { .. }));
}

#[test]
fn an_answer_about_another_certificate_says_nothing() {
    let other_number = statement(&holder(), &[0x18], &authority(), GOOD, UPDATES);
    assert_eq!(fault(&judged(&AnswerTemplate::new(other_number))), "ocsp-other-certificate");
    let other = Template::authority("Other").self_signed(Key::new(Kind::P256, 2));
    let other_name = statement(&holder(), NUMBER, &other, GOOD, UPDATES);
    assert_eq!(fault(&judged(&AnswerTemplate::new(other_name))), "ocsp-other-certificate");
    let other = Template::authority("Example Issuing").self_signed(Key::new(Kind::P256, 5));
    let other_key = statement(&holder(), NUMBER, &other, GOOD, UPDATES);
    assert_eq!(fault(&judged(&AnswerTemplate::new(other_key))), "ocsp-other-certificate");
    let none = AnswerTemplate { statements: Vec::new(), ..AnswerTemplate::new(Vec::new()) };
    assert_eq!(fault(&judged(&none)), "ocsp-other-certificate");
}

#[test]
fn an_answer_has_its_time() {
    let dated = |produced_at, this, next| {
        let statement = statement(&holder(), NUMBER, &authority(), GOOD, (this, next));
        judged(&AnswerTemplate { produced_at, ..AnswerTemplate::new(statement) })
    };
    let produced = "20260601100000Z";
    assert!(is_good(&dated(produced, "20260601100000Z", Some("20260601115500Z"))));
    assert_eq!(fault(&dated(produced, "20260601100000Z", Some("20260601115459Z"))), "ocsp-stale");
    assert_eq!(fault(&dated(produced, "20260601120501Z", Some("20260602000000Z"))), "ocsp-not-yet-valid");
    assert_eq!(
        fault(&dated("20260601120501Z", "20260601100000Z", Some("20260602000000Z"))),
        "ocsp-not-yet-valid"
    );
    // without a next update it is believed for an hour, and five minutes for the clocks
    assert!(is_good(&dated(produced, "20260601105500Z", None)));
    assert_eq!(fault(&dated(produced, "20260601105459Z", None)), "ocsp-stale");
}

#[test]
fn what_is_critical_and_not_understood_is_refused() {
    let template = AnswerTemplate::new(about_holder(GOOD));
    let with = |critical| {
        let extensions = vec![extension("1.2.3.4", critical, &[5, 0])];
        judged(&AnswerTemplate { extensions, ..template.clone() })
    };
    assert!(is_good(&with(false)));
    assert_eq!(fault(&with(true)), "ocsp-critical-extension");
}

#[test]
fn the_nonce_is_that_of_the_question() {
    let need = check().needs().swap_remove(0);
    let Needed::Ocsp { nonce: Some(nonce), .. } = &need else { panic!("{need:?}") };
    let answered = |value: &[u8]| {
        let extensions = vec![extension("1.3.6.1.5.5.7.48.1.2", false, value)];
        let answer = AnswerTemplate { extensions, ..AnswerTemplate::new(about_holder(GOOD)) };
        let mut evidence = Evidence::new();
        evidence.answer(&need, answer.signed_by(&authority())).unwrap();
        check().finish(&evidence, &EvidenceRules::default()).certificates.swap_remove(0)
    };
    assert!(is_good(&answered(&octet_string(nonce.as_bytes()))));
    assert!(is_good(&answered(nonce.as_bytes())), "as early responders wrote it");
    assert_eq!(fault(&answered(&octet_string(&[0; 32]))), "ocsp-nonce-mismatch");
    assert_eq!(fault(&answered(&octet_string(&nonce.as_bytes()[..31]))), "ocsp-nonce-mismatch");
}

#[test]
fn what_is_no_answer_is_called_so() {
    let status = |value: u8| sequence(&[&tlv(0x0a, &[value])]);
    for value in [1, 2, 3, 5, 6] {
        assert_eq!(fault(&judged_with(&[status(value)], &[])), "ocsp-refused");
    }
    for bytes in [status(0), status(4), Vec::new(), vec![0x30], b"<html>".to_vec()] {
        assert_eq!(fault(&judged_with(&[bytes], &[])), "ocsp-malformed");
    }
    assert_eq!(fault(&judged_with(&[vec![0x30; 200_000]], &[])), "ocsp-too-long");
    let other_type = sequence(&[
        &tlv(0x0a, &[0]),
        &tlv(0xa0, &sequence(&[&test_pki::der::oid("1.2.3"), &octet_string(&[])])),
    ]);
    assert_eq!(fault(&judged_with(&[other_type], &[])), "ocsp-type-unsupported");
}

#[test]
fn needs_are_bounded_and_only_of_the_web() {
    let urls = [
        "ldap://directory.example/cn=x",
        "file:///etc/passwd",
        "HTTP://ocsp.example/1",
        "https://ocsp.example/2",
        "https://ocsp.example/2",
        "http://ocsp.example/with space",
        "http://ocsp.example/3",
        "http://ocsp.example/4",
        "http://ocsp.example/5",
    ];
    let descriptions: Vec<u8> = urls
        .iter()
        .flat_map(|url| sequence(&[&test_pki::der::oid("1.3.6.1.5.5.7.48.1"), &tlv(0x86, url.as_bytes())]))
        .collect();
    let holder = Template::person()
        .with(extension("1.3.6.1.5.5.7.1.1", false, &tlv(0x30, &descriptions)))
        .issued_by(&authority(), Key::new(Kind::P384, 3));
    let store = store(&[&authority()]);
    let path = candidates(&certificate(&holder), &store).unwrap().swap_remove(0);
    let needs = RevocationCheck::new(path, store, at(NOW), None).needs();
    let found: Vec<&str> = needs.iter().map(Needed::url).collect();
    assert_eq!(
        found,
        ["HTTP://ocsp.example/1", "https://ocsp.example/2", "http://ocsp.example/3", "http://ocsp.example/4"]
    );
}

#[test]
fn evidence_is_bounded() {
    let mut evidence = Evidence::new();
    for _ in 0..bitaqa_trust::revocation::evidence::MAX_PIECES {
        evidence.add_ocsp("answer", Vec::new()).unwrap();
    }
    assert!(evidence.add_ocsp("answer", Vec::new()).is_err());
    assert!(evidence.add_crl("list", Vec::new()).is_err());
}
