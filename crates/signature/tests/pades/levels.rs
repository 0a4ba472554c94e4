//! From B-T to B-LTA, judged by `pyHanko`, which takes nothing but what is in the file.

use bitaqa_signature::{
    Hash, SignerStatement,
    cades::ValidationData,
    pades::{SignatureSettings, add_validation_data, place, place_document_time_stamp, read},
    time_stamp::{TimeStampRequest, token_of_response},
};

use crate::{
    creation::{is_good, only, signed},
    documents::{form, plain, with_streams},
    judges::{assert_clean, assert_pdfsig, long_term, py_hanko},
    support::{Kind, now, pki},
};

fn token(digest: &[u8]) -> Vec<u8> {
    let request = TimeStampRequest::new(Hash::Sha256, digest, Some([1, 2, 3, 4, 5, 6, 7, 8])).unwrap();
    token_of_response(&pki().time_stamp(&request.to_der()), &request).unwrap()
}

fn with_time_stamp(file: &[u8], kind: Kind) -> Vec<u8> {
    let holder = pki().signer(kind);
    let signer = holder.best();
    let statement = SignerStatement { signing_time: Some(now()), ..SignerStatement::default() };
    let placed = place(&file.to_vec(), &signer, &statement, &SignatureSettings::default()).unwrap();
    let digest = placed.digest(&file.to_vec()).unwrap();
    let prepared = placed.prepare(&digest).unwrap();
    let signature = holder.sign(signer.algorithm(), &prepared.digest());
    let finished = prepared.finish(&signature).unwrap();
    let token = token(&finished.time_stamp_digest(Hash::Sha256).unwrap());
    [file, &finished.with_time_stamp(&token).unwrap().appended().unwrap()].concat()
}

fn validation_data(kind: Kind) -> ValidationData {
    let tsa = pki().issue("tsa", Kind::P256, "/C=MA/CN=Test Time Stamps", "tsa");
    let responder = pki().issue("responder", Kind::P256, "/C=MA/CN=Test Responder", "responder");
    ValidationData {
        certificates: vec![pki().authority(), pki().root(), tsa.certificate, responder.certificate],
        answers: vec![pki().ocsp_response(&pki().signer(kind))],
        lists: vec![pki().revocation_list(), pki().root_revocation_list()],
    }
}

fn with_data(file: &[u8], data: &ValidationData) -> Vec<u8> {
    [file, &add_validation_data(&file.to_vec(), data).unwrap()].concat()
}

fn with_document_time_stamp(file: &[u8]) -> Vec<u8> {
    let placed = place_document_time_stamp(&file.to_vec(), Hash::Sha256, 8192).unwrap();
    let digest = placed.digest(&file.to_vec()).unwrap();
    let token = token(&digest);
    [file, &placed.appended(&digest, &token).unwrap()].concat()
}

#[test]
fn every_level_is_accepted_by_others_and_read_here() {
    for (file, kind) in [(plain(), Kind::P256), (with_streams(&form()), Kind::Rsa3072)] {
        let stamped = with_time_stamp(&file, kind);
        assert_clean(&stamped);
        let found = &py_hanko(&stamped)[0];
        assert!(found.ok && found.stamped, "{found:?}");
        let ours = only(&stamped);
        assert!(is_good(&ours));
        assert_eq!(ours.signature_time_stamps.len(), 1);

        let data = validation_data(kind);
        let long = with_data(&stamped, &data);
        assert!(long.starts_with(&stamped));
        assert_clean(&long);
        assert!(long_term(&stamped).contains("Indeterminate"), "there are no revocation data");
        let verdict = long_term(&long);
        assert!(verdict.contains("OK") && !verdict.contains("archived"), "{verdict}");
        let ours = only(&long);
        assert!(is_good(&ours), "{:?}", ours.format_faults);
        assert!(ours.archive_time_stamps.is_empty());
        for certificate in &data.certificates {
            assert!(ours.certificates.contains(certificate));
        }
        assert_eq!((ours.revocation.answers.len(), ours.revocation.lists.len()), (1, 2));
        // What is there is not added again.
        let again = with_data(&long, &data);
        assert_eq!(only(&again).revocation, ours.revocation);

        let archived = with_document_time_stamp(&long);
        assert_clean(&archived);
        assert!(py_hanko(&archived).iter().all(|found| found.ok), "{:?}", py_hanko(&archived));
        let verdict = long_term(&archived);
        assert!(verdict.contains("OK") && verdict.contains("archived"), "{verdict}");
        assert_pdfsig(&archived, 1);
        let both = read(&archived).unwrap();
        assert_eq!((both.signatures.len(), both.document_time_stamps.len()), (1, 1));
        assert!(is_good(&both.signatures[0]), "{:?}", both.signatures[0].format_faults);
        let stamp = &both.signatures[0].archive_time_stamps[0];
        let parsed = bitaqa_signature::time_stamp::TimeStampToken::parse(&stamp.token).unwrap();
        assert_eq!(stamp.covered_digest.as_deref(), Some(parsed.imprint()));
        for certificate in &data.certificates {
            assert!(stamp.covered_material.contains(&certificate.sha256()));
        }
        // Once more, for another decade.
        let more = with_document_time_stamp(&with_data(&archived, &data));
        assert!(long_term(&more).contains("OK"));
        let more = read(&more).unwrap();
        assert_eq!(more.signatures[0].archive_time_stamps.len(), 2);
        assert!(more.document_time_stamps.iter().all(|stamp| stamp.format_faults.is_empty()));
    }
}

#[test]
fn a_document_time_stamp_is_permitted_after_the_strictest_certification() {
    let settings = SignatureSettings {
        certification: Some(bitaqa_signature::pades::Permission::Nothing),
        ..SignatureSettings::default()
    };
    let certified = signed(&plain(), &pki().signer(Kind::P256), &settings);
    let stamped = with_document_time_stamp(&with_data(&certified, &validation_data(Kind::P256)));
    assert!(py_hanko(&stamped).iter().all(|found| found.ok));
    let found = read(&stamped).unwrap();
    assert!(is_good(&found.signatures[0]), "{:?}", found.signatures[0].format_faults);
    assert_eq!(found.signatures[0].archive_time_stamps.len(), 1);
}

#[test]
fn a_time_stamp_over_something_else_is_refused() {
    let placed = place_document_time_stamp(&plain(), Hash::Sha256, 8192).unwrap();
    let digest = placed.digest(&plain()).unwrap();
    assert!(placed.appended(&digest, &token(&[9; 32])).is_err());
    let placed = place_document_time_stamp(&plain(), Hash::Sha256, 100).unwrap();
    let digest = placed.digest(&plain()).unwrap();
    assert!(matches!(
        placed.appended(&digest, &token(&digest)),
        Err(bitaqa_signature::pades::PadesError::Room { reserved: 100, .. })
    ));
}
