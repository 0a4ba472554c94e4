//! What is remembered within a call answers for itself alone.

#![cfg(feature = "memory")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test ends where it cannot go on"
)]

mod test_pki;

use bitaqa_trust::{
    Certificate, ObjectIdentifier,
    certification_path::{CertificationPath, PathError, PathSettings, candidates, validate_with},
    revocation::{Evidence, EvidenceRules, RevocationCheck, ocsp_response::OcspResponse},
    signature_memory::remembered,
};
use test_pki::{
    Issued, Key, Kind, Template,
    extension::{self, CLIENT_AUTH},
    revocation::{AnswerTemplate, GOOD, revoked_status, statement},
    verification::{NOW, Pki, at, certificate, issuing_template, person_template, store},
};

const CLIENTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.2");
const SERVERS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.1");

fn path(pki: &Pki, holder: &Issued) -> CertificationPath {
    candidates(&certificate(holder), &pki.store()).unwrap().swap_remove(0)
}

#[test]
fn a_path_that_holds_says_nothing_of_other_settings_or_of_another_path() {
    let limited = issuing_template().with(extension::extended_key_usage(&[CLIENT_AUTH]));
    let pki = Pki::with(Template::authority("Example Root"), limited);
    // the same names and keys, and nobody who may issue
    let other =
        Pki::with(Template::authority("Example Root"), issuing_template().with(extension::not_authority()));
    let paths = [path(&pki, &pki.person(person_template())), path(&other, &other.person(person_template()))];
    let any = PathSettings::default();
    let policies = Some(vec![ObjectIdentifier::new_unwrap("1.2.3.4")]);
    let settings = [
        any.clone(),
        PathSettings { purpose: Some(CLIENTS), ..any.clone() },
        PathSettings { purpose: Some(SERVERS), ..any.clone() },
        PathSettings { initial_policies: policies, explicit_policy: true, ..any },
    ];
    let all = || -> Vec<Result<(), PathError>> {
        let each = |path| settings.iter().map(move |settings| validate_with(path, settings));
        paths.iter().flat_map(each).collect()
    };
    let plain = all();
    assert_eq!(plain[..3], [Ok(()), Ok(()), Err(PathError::AuthorityPurpose)]);
    assert_eq!((&plain[3], &plain[4]), (&Err(PathError::Policies), &Err(PathError::NotAuthority)));
    remembered(|| assert_eq!([all(), all()], [plain.clone(), plain.clone()]));
    assert_eq!(all(), plain);
}

#[test]
fn an_answer_that_is_believed_says_nothing_of_another_or_to_another_question() {
    let authority = Template::authority("Example Issuing").self_signed(Key::new(Kind::P256, 2));
    let impostor = Template::authority("Example Issuing").self_signed(Key::new(Kind::P256, 5));
    let number: &[u8] = &[0x17];
    let holder = |issuer: &Issued| Template::person().issued_by(issuer, Key::new(Kind::P384, 3));
    let answer = |status: &[u8]| {
        let updates = ("20260601100000Z", Some("20260602100000Z"));
        AnswerTemplate::new(statement(&holder(&authority), number, &authority, status, updates))
            .signed_by(&authority)
    };
    let (good, revoked) = (answer(GOOD), answer(&revoked_status(1)));
    let mut changed = good.clone();
    *changed.last_mut().unwrap() ^= 1;
    let judged = |issuer: &Issued, answer: &[u8], time: &str| {
        let store = store(&[issuer]);
        let path = candidates(&certificate(&holder(issuer)), &store).unwrap().swap_remove(0);
        let mut evidence = Evidence::new();
        evidence.add_ocsp("answer", answer.to_vec()).unwrap();
        let check = RevocationCheck::new(path, store, at(time), None);
        format!("{:?}", check.finish(&evidence, &EvidenceRules::default()))
    };
    let all = || {
        [
            judged(&authority, &good, NOW),
            judged(&authority, &revoked, NOW),
            judged(&authority, &changed, NOW),
            judged(&impostor, &good, NOW),
            judged(&authority, &good, "2027-01-01T00:00:00Z"),
        ]
    };
    let plain = all();
    for (index, one) in plain.iter().enumerate() {
        assert!(!plain[..index].contains(one), "each is another finding: {one}");
    }
    remembered(|| assert_eq!([all(), all()], [plain.clone(), plain.clone()]));
    assert_eq!(all(), plain);
}

#[test]
fn what_is_too_much_to_be_remembered_is_read_anew() {
    let authority = Template::authority("Example Issuing").self_signed(Key::new(Kind::P256, 2));
    let store = store(&[&authority]);
    let person = |number: u32| {
        let name = format!("Person {number}");
        Template::named(&[("2.5.4.3", &name)]).issued_by(&authority, Key::new(Kind::P256, 3))
    };
    let updates = ("20260601100000Z", Some("20260602100000Z"));
    let everybody: Vec<(Vec<u8>, Vec<u8>)> = (0..80)
        .map(|number| {
            let person = person(number);
            let serial = [u8::try_from(number).unwrap() + 1];
            let statement = statement(&person, &serial, &authority, GOOD, updates);
            (person.der, AnswerTemplate::new(statement).signed_by(&authority))
        })
        .collect();
    remembered(|| {
        for (der, answer) in everybody.iter().chain(&everybody) {
            let certificate = Certificate::from_der(der).unwrap();
            assert_eq!(certificate.der(), der);
            let path = candidates(&certificate, &store).unwrap().swap_remove(0);
            assert_eq!(validate_with(&path, &PathSettings::default()), Ok(()));
            assert_eq!(path.leaf().der(), der);
            assert!(OcspResponse::from_der(answer).is_ok());
        }
    });
}
