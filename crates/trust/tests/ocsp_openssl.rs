//! Responders: `openssl ocsp` answers, on loopback or for a file. The card, the portal and its token are ours; who says whether
//! a certificate was revoked is not.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test ends where it cannot go on"
)]

mod test_pki;

use std::{net::TcpListener, sync::atomic::Ordering};

use bitaqa_trust::{
    RefusedToken, VerifiedToken,
    revocation::{
        CertificateStatus, Evidence, EvidenceRules, Needed, NonceRule, NonceSeed,
        OnMissingEvidence::{Accept, Refuse},
        report::{NonceCheck, Responder, Source},
    },
    token_verification::PendingToken,
};
use test_pki::{
    Issued, Key, Kind, Template,
    authority::{AnswerOrder, Desk, ListOrder, revoked, valid},
    challenge, extension,
    loopback::{Server, fetch},
    revocable::{
        Pki, SEED, by_issuer, in_days, leaf_source, not_used, now, person, question_about_leaf,
        responder_template, root,
    },
    verification::{self, code},
};

#[test]
fn a_sign_in_fetches_what_it_needs_and_is_believed() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let pki = Pki::at(&address);
    let (root, issuing) = (pki.root.clone(), pki.issuing.clone());
    let server = Server::start(
        listener,
        Box::new(move |path, request| {
            let (authority, number) =
                if path.starts_with("/root") { (&root, "10") } else { (&issuing, "17") };
            let desk = Desk::new(authority, &[valid(number)]);
            if path.ends_with(".crl") {
                return desk.list(&ListOrder::default());
            }
            desk.answer(request, &AnswerOrder { responder: authority, minutes: Some(60), arguments: &[] })
        }),
    );
    let pending = pki.begin(now());
    let needs = pending.needs();
    assert_eq!(needs.iter().map(Needed::position).collect::<Vec<_>>(), [0, 0, 1, 1]);
    assert!(needs.iter().all(|need| need.url().starts_with(&server.address)));
    let mut evidence = Evidence::new();
    for need in &needs {
        evidence.answer(need, fetch(need)).unwrap();
    }
    assert_eq!(server.asked.load(Ordering::SeqCst), 4);
    let rules = EvidenceRules { nonce: NonceRule::Required, ..EvidenceRules::default() };
    let verified = pending.finish(&evidence, &rules, Refuse).unwrap();
    assert!(verified.revocation_checked());
    let report = verified.revocation.unwrap();
    assert_eq!(report.certificates.len(), 2, "the anchor is trusted by choice");
    assert!(report.certificates.iter().all(|certificate| certificate.not_used.is_empty()));
}

#[test]
fn a_token_that_does_not_hold_makes_nobody_fetch_anything() {
    let pki = Pki::new();
    let json = verification::json(&pki.person);
    let other = bitaqa_protocol::Challenge::parse(&bitaqa_protocol::encode_base64(&[9; 32])).unwrap();
    let refused = pki.verifier().begin(&json, &other, now(), SEED).unwrap_err();
    assert_eq!(refused.failure.code(), "signature-invalid");
    let stranger = root("Example Issuing", Kind::P256, 7);
    let forged = person("http://127.0.0.1:9").issued_by(&stranger, Key::new(Kind::P384, 3));
    let refused = pki.verifier().begin(&verification::json(&forged), &challenge(), now(), SEED).unwrap_err();
    assert_eq!(refused.failure.code(), "certificate-signature-invalid");
}

#[test]
fn good_revoked_and_unknown_are_told_apart() {
    let pki = Pki::new();
    let verified = pki.answered(&[valid("17")], &by_issuer(&pki)).unwrap();
    assert!(matches!(
        leaf_source(&verified),
        Source::Ocsp { responder: Responder::Issuer, nonce: NonceCheck::Matched, .. }
    ));
    let refused =
        pki.answered(&[revoked("17", "260101000000Z,keyCompromise")], &by_issuer(&pki)).unwrap_err();
    assert_eq!(refused.failure.code(), "certificate-revoked");
    assert_eq!(
        refused.failure.to_string(),
        "a certificate was revoked on 2026-01-01T00:00:00Z (keyCompromise)"
    );
    assert_eq!(code(pki.answered(&[valid("18")], &by_issuer(&pki))), "certificate-unknown-to-issuer");
}

#[test]
fn somebody_elses_responder_is_not_believed() {
    let pki = Pki::new();
    let other = root("Other Issuing", Kind::P256, 8);
    let appointed_elsewhere = responder_template().issued_by(&other, Key::new(Kind::P256, 9));
    for responder in [&other, &appointed_elsewhere, &pki.root, &pki.person] {
        let order = AnswerOrder { responder, minutes: Some(60), arguments: &[] };
        assert_eq!(not_used(pki.answered(&[valid("17")], &order)), "ocsp-responder-unauthorised");
    }
}

#[test]
fn an_appointed_responder_needs_its_appointment() {
    let pki = Pki::new();
    let answered = |template: Template, lists: &[Vec<u8>], on_missing| {
        let pending = pki.begin(now());
        let need = question_about_leaf(&pending);
        let Needed::Ocsp { request, .. } = &need else { panic!("a question") };
        let responder = pki.responder(template);
        let order = AnswerOrder { responder: &responder, minutes: Some(60), arguments: &[] };
        let answer = Desk::new(&pki.issuing, &[valid("17")]).answer(request, &order);
        pki.judged(pending, &need, answer, lists, on_missing)
    };
    let appointed = |result: Result<VerifiedToken, Box<RefusedToken>>| match leaf_source(&result.unwrap()) {
        Source::Ocsp { responder, .. } => responder,
        Source::Crl { .. } => panic!("an answer"),
    };
    let without_check = responder_template().with(extension::no_check());
    assert_eq!(appointed(answered(without_check, &[], Refuse)), Responder::AppointedWithoutCheck);

    // not the purpose, any purpose, another use of the key, no longer valid
    for template in [
        responder_template().with(extension::extended_key_usage(&[extension::CLIENT_AUTH])),
        responder_template().with(extension::extended_key_usage(&["2.5.29.37.0"])),
        responder_template().without("2.5.29.37"),
        responder_template().with(extension::key_usage(extension::KEY_AGREEMENT)),
        responder_template().valid("20200101000000Z", "20250101000000Z"),
        responder_template().with(extension::extension("1.2.3.4", true, &[5, 0])),
    ] {
        let template = template.with(extension::no_check());
        assert_eq!(not_used(answered(template, &[], Refuse)), "ocsp-responder-unauthorised");
    }

    // its own certificate is a question of its own
    assert_eq!(code(answered(responder_template(), &[], Refuse)), "revocation-undetermined");
    let soft = answered(responder_template(), &[], Accept).unwrap();
    assert!(!soft.revocation_checked());
    assert!(matches!(leaf_source(&soft), Source::Ocsp { responder: Responder::AppointedNotChecked, .. }));
    let good = Desk::new(&pki.issuing, &[valid("20")]).list(&ListOrder::default());
    assert!(answered(responder_template(), &[good], Refuse).unwrap().revocation_checked());
    let bad = Desk::new(&pki.issuing, &[revoked("20", "260101000000Z")]);
    let scope = "issuingDistributionPoint = critical, @scope\n[scope]\nonlysomereasons = keyCompromise\n";
    let partial = bad.list(&ListOrder { extensions: scope, ..ListOrder::default() });
    let refused = answered(responder_template(), &[partial], Refuse).unwrap_err();
    let faults = &refused.revocation.unwrap().certificates[0].not_used;
    assert!(faults.iter().any(|fault| fault.fault.code() == "ocsp-responder-unauthorised"), "{faults:?}");
}

#[test]
fn an_old_answer_and_one_of_the_future_are_not_believed() {
    let pki = Pki::new();
    let judged = |minutes, at| {
        let pending = pki.begin(at);
        let need = question_about_leaf(&pending);
        let Needed::Ocsp { request, .. } = &need else { panic!("a question") };
        let order = AnswerOrder { responder: &pki.issuing, minutes, arguments: &[] };
        let answer = Desk::new(&pki.issuing, &[valid("17")]).answer(request, &order);
        pki.judged(pending, &need, answer, &[], Refuse)
    };
    assert!(judged(Some(60), now()).is_ok());
    assert_eq!(not_used(judged(Some(60), in_days(1))), "ocsp-stale");
    assert!(judged(None, now()).is_ok());
    assert_eq!(not_used(judged(None, in_days(1))), "ocsp-stale");
    assert_eq!(not_used(judged(Some(60), verification::at("2026-06-01T00:00:00Z"))), "ocsp-not-yet-valid");
}

#[test]
fn an_answer_about_another_certificate_or_to_another_question_is_not_believed() {
    let pki = Pki::new();
    let index = [valid("17"), revoked("18", "260101000000Z")];
    let desk = Desk::new(&pki.issuing, &index);
    let revoked_person =
        person("http://127.0.0.1:9").numbered(&[0x18]).issued_by(&pki.issuing, Key::new(Kind::P384, 4));
    let pending_of = |person: &Issued, seed| {
        pki.verifier().begin(&verification::json(person), &challenge(), now(), seed).unwrap()
    };
    let answer = |pending: &PendingToken| {
        let Needed::Ocsp { request, .. } = question_about_leaf(pending) else { panic!("a question") };
        desk.answer(&request, &by_issuer(&pki))
    };
    // somebody else's good answer
    let good = answer(&pending_of(&pki.person, SEED));
    let pending = pending_of(&revoked_person, SEED);
    let need = question_about_leaf(&pending);
    assert_eq!(not_used(pki.judged(pending, &need, good.clone(), &[], Refuse)), "ocsp-other-certificate");
    // the answer to an earlier question
    let pending = pending_of(&pki.person, NonceSeed::from_random([8; 32]));
    let need = question_about_leaf(&pending);
    assert_eq!(not_used(pki.judged(pending, &need, good.clone(), &[], Refuse)), "ocsp-nonce-mismatch");
    // the same, stapled: its dates count
    let mut evidence = Evidence::new();
    evidence.add_ocsp("stapled", good).unwrap();
    evidence.add_crl("list", pki.root_list()).unwrap();
    let json = verification::json(&pki.person);
    let stapled = |rules: &EvidenceRules| {
        pki.verifier().verify_with_revocation(&json, &challenge(), now(), &evidence, rules, Refuse)
    };
    assert!(matches!(
        leaf_source(&stapled(&EvidenceRules::default()).unwrap()),
        Source::Ocsp { nonce: NonceCheck::NotAsked, .. }
    ));
    let strict = EvidenceRules { nonce: NonceRule::Required, ..EvidenceRules::default() };
    assert_eq!(not_used(stapled(&strict)), "ocsp-nonce-missing");
}

#[test]
fn a_nonce_is_demanded_where_the_verifier_says_so() {
    let pki = Pki::new();
    // openssl repeats a nonce if there is one, so this question has none
    let desk = Desk::new(&pki.issuing, &[valid("17")]);
    let answer = desk.answer(&desk.question(&pki.person, &["-no_nonce"]), &by_issuer(&pki));
    let judged = |nonce| {
        let pending = pki.begin(now());
        let mut evidence = Evidence::new();
        evidence.answer(&question_about_leaf(&pending), answer.clone()).unwrap();
        evidence.add_crl("list", pki.root_list()).unwrap();
        pending.finish(&evidence, &EvidenceRules { nonce, ..EvidenceRules::default() }, Refuse)
    };
    assert_eq!(not_used(judged(NonceRule::Required)), "ocsp-nonce-missing");
    let verified = judged(NonceRule::IfRepeated).unwrap();
    assert!(matches!(leaf_source(&verified), Source::Ocsp { nonce: NonceCheck::Absent, .. }));
}

#[test]
fn the_question_is_the_one_that_openssl_asks() {
    let pki = Pki::new();
    let check = bitaqa_trust::revocation::RevocationCheck::new(
        pki.verifier().verify(&verification::json(&pki.person), &challenge(), now()).unwrap().path,
        bitaqa_trust::TrustStore::new(),
        now(),
        None,
    );
    let desk = Desk::new(&pki.issuing, &[valid("17")]);
    let Some(Needed::Ocsp { request, .. }) = check.needs().into_iter().next() else { panic!("a question") };
    assert_eq!(request, desk.question(&pki.person, &["-no_nonce"]));
    // an answer that names the certificate with SHA-256
    let answer = desk.answer(&desk.question(&pki.person, &["-sha256", "-no_nonce"]), &by_issuer(&pki));
    let mut evidence = Evidence::new();
    evidence.add_ocsp("kept", answer).unwrap();
    let report = check.finish(&evidence, &EvidenceRules::default());
    assert!(matches!(report.certificates[0].status, CertificateStatus::Good { .. }), "{report:?}");
}

#[test]
fn an_answer_in_which_a_byte_was_changed_is_not_believed() {
    let pki = Pki::new();
    let desk = Desk::new(&pki.issuing, &[revoked("17", "260101000000Z")]);
    let answer = desk.answer(&desk.question(&pki.person, &["-no_nonce"]), &by_issuer(&pki));
    let json = verification::json(&pki.person);
    let root_list = pki.root_list();
    for place in (0..answer.len()).step_by(5) {
        let mut changed = answer.clone();
        changed[place] ^= 1;
        let mut evidence = Evidence::new();
        evidence.add_ocsp("changed", changed).unwrap();
        evidence.add_crl("list", root_list.clone()).unwrap();
        let verdict = pki.verifier().verify_with_revocation(
            &json,
            &challenge(),
            now(),
            &evidence,
            &EvidenceRules::default(),
            Refuse,
        );
        // a certificate that is sent along and not needed may be changed
        assert!(
            ["revocation-undetermined", "certificate-revoked"].contains(&code(verdict)),
            "byte {place} of {}",
            answer.len()
        );
    }
}
