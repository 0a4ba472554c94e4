//! Signatures with time stamps: what is proven to have existed before the end of something is judged as it was then.

use bitaqa_signature::{
    Hash, Level,
    found::{FoundSignature, FoundTimeStamp},
    time_stamp::TimeStampToken,
    validation::{
        Report, SubIndication, ValidationSettings, cryptographic_constraints::Family,
        settings::TimeStampFreshness, validate,
    },
};
use bitaqa_trust::{DateTime, TrustStore};

use crate::{
    files::{
        archive, authority, found, judge, lists, settings, settings_with_lists, sign, stamp, token, trusting,
        verdict, with_data,
    },
    support::{
        Holder, Kind,
        dated::{DAY, earlier, later},
        now, pki,
    },
};

const PASSED: (&str, Option<&str>) = ("TOTAL-PASSED", None);

fn open(sub_indication: SubIndication) -> (&'static str, Option<&'static str>) {
    ("INDETERMINATE", Some(sub_indication.name()))
}

fn level(report: &Report) -> Option<Level> {
    report.signatures[0].level
}

/// The verdict about the first time stamp.
fn stamp_verdict(report: &Report) -> Option<SubIndication> {
    report.signatures[0].time_stamps[0].sub_indication
}

#[test]
fn a_time_stamp_proves_the_time_and_makes_the_level() {
    let message = stamp(&sign(&pki().signer(Kind::P256)), &authority());
    let report = judge(&message, &settings_with_lists(now()));
    assert_eq!(verdict(&report), PASSED, "{report:#?}");
    assert_eq!(level(&report), Some(Level::BT));
    let signature = &report.signatures[0];
    assert!(signature.best_signature_time_proven);
    assert_eq!(Some(signature.best_signature_time), signature.time_stamps[0].time);
    assert_eq!(signature.time_stamps[0].authority.as_deref(), Some("Test Time Stamps"));
}

#[test]
fn revoked_after_the_time_stamp_it_passes_and_before_it_does_not() {
    let hour = 3600;
    for (name, since, wanted) in [
        ("revoked_after_stamp", later(now(), hour), PASSED),
        ("revoked_before_stamp", earlier(now(), hour), open(SubIndication::RevokedNoPoe)),
    ] {
        let holder = pki().issue(name, Kind::P256, "/CN=AMINA EXEMPLE", "signer");
        let plain = sign(&holder);
        let stamped = stamp(&plain, &authority());
        pki().revoke_at(&holder, since, None);
        let settings = settings_with_lists(later(now(), 2 * hour));
        assert_eq!(verdict(&judge(&stamped, &settings)), wanted, "{name}");
        assert_eq!(verdict(&judge(&plain, &settings)), open(SubIndication::RevokedNoPoe), "{name}, no stamp");
    }
}

#[test]
fn a_content_time_stamp_after_the_revocation_settles_it() {
    let holder = pki().issue("revoked_and_content_stamped", Kind::P256, "/CN=AMINA EXEMPLE", "signer");
    let message = sign(&holder);
    pki().revoke_at(&holder, earlier(now(), 3600), None);
    let settings = settings_with_lists(now());
    let mut all = found(&message);
    all[0].content_time_stamps.push(over(&authority(), b"the content", &[]));
    assert_eq!(verdict(&validate(&all, &settings)), ("TOTAL-FAILED", Some("REVOKED")));
}

#[test]
fn an_expired_signer_passes_with_a_time_stamp_from_before() {
    let end = later(now(), DAY);
    let holder = pki().issue_until(("expiring_stamped", Kind::P256), "/CN=AMINA EXEMPLE", "signer", end);
    let message = stamp(&sign(&holder), &authority());
    let lists = lists(pki());
    let mut settings = settings(later(now(), 2 * DAY));
    settings.evidence.lists = lists;
    assert_eq!(verdict(&judge(&message, &settings)), PASSED);
}

#[test]
fn a_time_stamp_of_an_authority_that_is_not_trusted_proves_nothing() {
    let message = stamp(&sign(&pki().signer(Kind::P256)), &authority());
    let mut settings = settings_with_lists(now());
    settings.time_stamp_authorities = TrustStore::new();
    let report = judge(&message, &settings);
    assert_eq!(stamp_verdict(&report), Some(SubIndication::NoCertificateChainFound));
    assert_eq!((verdict(&report), level(&report)), (PASSED, Some(Level::BB)));
    assert!(!report.signatures[0].best_signature_time_proven);
}

#[test]
fn a_revoked_authority_proves_nothing() {
    let tsa = pki().issue("tsa_revoked", Kind::P256, "/CN=Revoked Time Stamps", "tsa");
    let message = stamp(&sign(&pki().signer(Kind::P256)), &tsa);
    pki().revoke_at(&tsa, earlier(now(), 60), Some("keyCompromise"));
    for freshness in [TimeStampFreshness::WhenProven, TimeStampFreshness::WhenMade] {
        let mut settings = settings_with_lists(later(now(), 60));
        settings.constraints.time_stamp_freshness = freshness;
        let report = judge(&message, &settings);
        assert_eq!(stamp_verdict(&report), Some(SubIndication::RevokedNoPoe));
        assert_eq!(level(&report), Some(Level::BB));
    }
}

#[test]
fn a_time_stamp_over_something_else_proves_nothing() {
    let message = stamp(&sign(&pki().signer(Kind::P256)), &authority());
    let settings = settings_with_lists(now());
    let mut all = found(&message);
    all[0].signature_time_stamps[0].covered_digest = Some(Hash::Sha256.digest(&[b"another signature"]));
    let report = validate(&all, &settings);
    assert_eq!(stamp_verdict(&report), Some(SubIndication::HashFailure));
    assert_eq!(level(&report), Some(Level::BB));
    all[0].signature_time_stamps[0].covered_digest = None;
    let report = validate(&all, &settings);
    assert_eq!(stamp_verdict(&report), Some(SubIndication::SignedDataNotFound));
    assert_eq!(level(&report), Some(Level::BB));
}

#[test]
fn a_flipped_byte_of_a_time_stamp_proves_nothing() {
    let message = stamp(&sign(&pki().signer(Kind::P256)), &authority());
    let settings = settings_with_lists(now());
    let all = found(&message);
    let length = all[0].signature_time_stamps[0].token.len();
    let (mut none, mut same) = (0, 0);
    for place in (0..length).step_by(3) {
        let mut changed = all.clone();
        changed[0].signature_time_stamps[0].token[place] ^= 0x01;
        let report = validate(&changed, &settings);
        if report.signatures[0].best_signature_time_proven {
            // bytes that nobody signed (the outer encoding, certificates that are not the authority's) change no time
            assert_eq!(
                report.signatures[0].time_stamps[0].time,
                all[0].signature_time_stamps[0].claimed_time
            );
            same += 1;
        } else {
            assert_eq!(level(&report), Some(Level::BB));
            none += 1;
        }
    }
    println!("{none} flipped bytes prove nothing, {same} change nothing");
    assert!(none > same, "the authority's own signature covers more than half of its token");
}

#[test]
fn weak_keys_pass_only_with_a_proof_from_before_their_end() {
    let holder = pki().signer(Kind::Rsa2048);
    let plain = sign(&holder);
    let stamped = stamp(&plain, &authority());
    let lists = lists(pki());
    let mut settings = settings(later(now(), 2 * DAY));
    settings.evidence.lists = lists;
    let end = later(now(), DAY);
    settings.constraints.cryptography =
        settings.constraints.cryptography.clone().without_keys_below_from(Family::RsaPkcs1, 3000, end);
    assert_eq!(verdict(&judge(&plain, &settings)), open(SubIndication::CryptoConstraintsFailureNoPoe));
    assert_eq!(verdict(&judge(&stamped, &settings)), PASSED);
    // an end that was before the time stamp
    settings.constraints.cryptography = settings.constraints.cryptography.without_keys_below_from(
        Family::RsaPkcs1,
        3000,
        earlier(now(), DAY),
    );
    assert_eq!(verdict(&judge(&stamped, &settings)), open(SubIndication::CryptoConstraintsFailureNoPoe));
}

#[test]
fn a_hash_that_ends_takes_everything_with_it_that_is_not_archived() {
    let message = stamp(&sign(&pki().signer(Kind::P256)), &authority());
    let lists = lists(pki());
    let mut settings = settings(later(now(), 2 * DAY));
    settings.evidence.lists = lists;
    settings.constraints.cryptography =
        settings.constraints.cryptography.clone().without_hash_from(Hash::Sha256, later(now(), DAY));
    let report = judge(&message, &settings);
    assert_eq!(stamp_verdict(&report), Some(SubIndication::CryptoConstraintsFailureNoPoe));
    assert_eq!(verdict(&report), open(SubIndication::CryptoConstraintsFailureNoPoe));
}

#[test]
fn revocation_data_in_the_file_makes_b_lt_only_if_it_suffices() {
    let holder = pki().signer(Kind::P256);
    let stamped = stamp(&sign(&holder), &authority());
    let all = lists(pki());
    let only_root = with_data(&stamped, vec![all[1].clone()], Vec::new());
    let complete = with_data(&stamped, all.clone(), Vec::new());
    let with_answers = with_data(
        &stamped,
        vec![all[1].clone()],
        vec![pki().ocsp_response(&holder), pki().ocsp_response(&authority())],
    );
    let offline = settings(now());
    let online = settings_with_lists(now());
    assert_eq!(level(&judge(&only_root, &online)), Some(Level::BT));
    for message in [&complete, &with_answers] {
        let report = judge(message, &offline);
        assert_eq!((verdict(&report), level(&report)), (PASSED, Some(Level::BLt)), "{report:#?}");
    }
    assert_eq!(verdict(&judge(&only_root, &offline)), open(SubIndication::TryLater));
}

#[test]
fn old_data_about_an_authority_needs_the_verifiers_consent() {
    let holder = pki().signer(Kind::P256);
    let message = with_data(&stamp(&sign(&holder), &authority()), lists(pki()), Vec::new());
    // after forty days the lists are out of date; those who signed and stamped are still valid
    let mut settings = settings(later(now(), 40 * DAY));
    let report = judge(&message, &settings);
    assert_eq!(stamp_verdict(&report), Some(SubIndication::TryLater));
    assert_eq!(verdict(&report), open(SubIndication::TryLater));
    settings.constraints.time_stamp_freshness = TimeStampFreshness::WhenMade;
    let report = judge(&message, &settings);
    assert_eq!((verdict(&report), level(&report)), (PASSED, Some(Level::BLt)), "{report:#?}");
}

#[test]
fn an_archive_time_stamp_makes_b_lta() {
    let message = with_data(&stamp(&sign(&pki().signer(Kind::P256)), &authority()), lists(pki()), Vec::new());
    let message = archive(&message, &authority());
    let report = judge(&message, &settings(now()));
    assert_eq!((verdict(&report), level(&report)), (PASSED, Some(Level::BLta)), "{report:#?}");
}

/// A time stamp over anything, with what it is said to cover.
fn over(authority: &Holder, covered: &[u8], material: &[&[u8]]) -> FoundTimeStamp {
    let digest = Hash::Sha256.digest(&[covered]);
    let token = token(authority, &digest);
    FoundTimeStamp {
        claimed_time: Some(TimeStampToken::parse(&token).unwrap().gen_time()),
        token,
        covered_digest: Some(digest),
        certificates: Vec::new(),
        is_of_old_kind: false,
        covered_material: material
            .iter()
            .map(|material| Hash::Sha256.digest(&[material]).try_into().unwrap())
            .collect(),
    }
}

/// A signature by somebody whose certificate, time stamp and responder all end after a day.
fn short_lived(name: &str) -> (Vec<FoundSignature>, Vec<u8>, ValidationSettings, DateTime) {
    let end = later(now(), DAY);
    let until = |what: &str, extensions: &str| {
        let name = format!("{name}_{what}");
        pki().issue_until((&name, Kind::P256), &format!("/CN={name}"), extensions, end)
    };
    let (holder, tsa, responder) =
        (until("signer", "signer"), until("tsa", "tsa"), until("responder", "responder"));
    let message = stamp(&sign(&holder), &tsa);
    let answers: Vec<Vec<u8>> =
        [&holder, &tsa].into_iter().map(|whom| pki().ocsp_response_by(&responder, whom)).collect();
    let answer = answers[0].clone();
    let message = with_data(&message, vec![pki().root_revocation_list()], answers);
    let later_now = later(now(), 2 * DAY);
    (found(&message), answer, settings(later_now), later_now)
}

#[test]
fn an_archive_time_stamp_keeps_alive_what_has_expired() {
    let (mut all, _, mut settings, at) = short_lived("kept");
    // as long as everything is valid
    settings.time = now();
    assert_eq!(verdict(&validate(&all, &settings)), PASSED);
    // when all of it has expired
    settings.time = at;
    let report = validate(&all, &settings);
    assert_eq!(stamp_verdict(&report), Some(SubIndication::OutOfBoundsNoPoe));
    assert_eq!(verdict(&report), open(SubIndication::OutOfBoundsNoPoe));

    // an archive time stamp of an authority that is still valid, over token and data
    let tsa = authority();
    settings.evidence.lists = lists(pki());
    let unarchived = validate(&all, &settings);
    assert_eq!(stamp_verdict(&unarchived), Some(SubIndication::OutOfBoundsNotRevoked));
    let covered = all[0].clone();
    let mut material: Vec<&[u8]> = vec![&covered.signature_time_stamps[0].token];
    material.extend(covered.revocation.answers.iter().map(AsRef::<[u8]>::as_ref));
    material.extend(covered.revocation.lists.iter().map(AsRef::<[u8]>::as_ref));
    all[0].archive_time_stamps.push(over(&tsa, b"all of it", &material));
    let report = validate(&all, &settings);
    assert_eq!((verdict(&report), level(&report)), (PASSED, Some(Level::BLta)), "{report:#?}");
}

#[test]
fn data_that_an_archive_time_stamp_does_not_cover_is_not_kept_alive() {
    let (all, _, mut settings, _) = short_lived("uncovered");
    settings.time_stamp_authorities = trusting(pki().root());
    // the list of the usual authority's own issuer only: the answers of the expired responder are all there is about the signer
    settings.evidence.answers.push(pki().ocsp_response(&authority()));
    let signature = all[0].clone();
    let token: &[u8] = &signature.signature_time_stamps[0].token;
    let answers: Vec<&[u8]> = signature.revocation.answers.iter().map(AsRef::<[u8]>::as_ref).collect();
    let with = |material: &[&[u8]]| {
        let mut one = signature.clone();
        one.archive_time_stamps.push(over(&authority(), b"all of it", material));
        validate(&[one], &settings)
    };
    let whole = with(&[&[token][..], &answers].concat());
    assert_eq!(verdict(&whole), PASSED, "{whole:#?}");
    let without_answers = with(&[token]);
    assert_eq!(verdict(&without_answers), open(SubIndication::RevocationOutOfBoundsNoPoe));
    let without_token = with(&answers);
    // the archive time stamp itself proves the signature's time, and the token over the signature is not needed
    assert_eq!(verdict(&without_token), PASSED);
    assert_eq!(
        without_token.signatures[0].time_stamps[1].sub_indication,
        Some(SubIndication::OutOfBoundsNotRevoked)
    );
}

#[test]
fn time_stamps_out_of_order_are_a_fault() {
    let message = stamp(&sign(&pki().signer(Kind::P256)), &authority());
    let settings = settings_with_lists(later(now(), 2 * DAY));
    let mut all = found(&message);
    let token = all[0].signature_time_stamps[0].token.clone();
    all[0].archive_time_stamps.push(over(&authority(), b"all of it", &[&token]));
    assert_eq!(verdict(&validate(&all, &settings)), PASSED);
    // the same at a time long before the time stamps say that they were made
    let mut early = settings.clone();
    early.time = earlier(now(), 3600);
    let report = validate(&all, &early);
    assert_eq!(verdict(&report), open(SubIndication::TimestampOrderFailure));
}

#[test]
fn what_a_revoked_authority_said_must_be_older_than_its_revocation() {
    let plain = sign(&pki().signer(Kind::P256));
    let stamped = stamp(&plain, &authority());
    let list_of_authority = pki().revocation_list();
    let hour = 3600;
    let mut settings = settings(later(now(), 2 * hour));
    // the authority of time stamps does not depend on the revoked one
    settings.time_stamp_authorities = trusting(authority().certificate);
    settings.evidence.lists =
        vec![list_of_authority.clone(), pki().root_list_revoking_authority(later(now(), hour))];
    assert_eq!(verdict(&judge(&plain, &settings)), open(SubIndication::RevokedCaNoPoe));
    // the signature is older than the revocation, and nothing proves that the list is
    assert_eq!(verdict(&judge(&stamped, &settings)), open(SubIndication::TryLater));

    let mut all = found(&stamped);
    all[0].revocation.lists.push(std::sync::Arc::from(&list_of_authority[..]));
    all[0].archive_time_stamps.push(over(&authority(), b"all of it", &[&list_of_authority]));
    let report = validate(&all, &settings);
    assert_eq!(verdict(&report), PASSED, "{:?}", report.signatures[0].steps);
    // an authority that was revoked before everything
    settings.evidence.lists[1] = pki().root_list_revoking_authority(earlier(now(), hour));
    assert_eq!(verdict(&validate(&all, &settings)), open(SubIndication::RevokedCaNoPoe));
}
