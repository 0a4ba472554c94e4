//! Which trust pack may follow which.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where it cannot go on")]

mod example_pack;

use bitaqa_jose::{Curve, PrivateJwk};
use bitaqa_trust::{
    TrustPack,
    trust_pack::{Admission, AdmissionError, PackContents, admit},
};
use example_pack::{DAY, NOW, contents, key, signed, signer};
use proptest::prelude::*;

fn changed(change: impl FnOnce(&mut PackContents)) -> PackContents {
    let mut contents = contents();
    change(&mut contents);
    contents
}

fn offered(version: u64, by: &PrivateJwk) -> TrustPack {
    TrustPack::parse(&signed(&changed(|contents| contents.version = version), by)).unwrap()
}

#[test]
fn the_first_pack_needs_a_person_and_the_next_one_a_known_signer() {
    let first = offered(1, &signer());
    let thumbprint = signer().public().thumbprint();
    assert_eq!(admit(&first, None, None, NOW), Ok(Admission::NeedsConfirmation { signer: thumbprint }));
    assert_eq!(admit(&offered(2, &signer()), Some(&first), Some(1), NOW), Ok(Admission::Successor));
    let stranger = key(Curve::P256, 9);
    let error = AdmissionError::OtherSigner { signer: stranger.public().thumbprint() };
    assert_eq!(admit(&offered(2, &stranger), Some(&first), Some(1), NOW), Err(error));
}

#[test]
fn a_key_is_handed_over_by_the_pack_before() {
    let (old, next, third) = (signer(), key(Curve::P384, 9), key(Curve::Ed25519, 10));
    let naming = |version, by: &PrivateJwk, signers: &[&PrivateJwk]| {
        let contents = changed(|contents| {
            contents.version = version;
            contents.signers = signers.iter().map(|key| key.public().clone()).collect();
        });
        TrustPack::parse(&signed(&contents, by)).unwrap()
    };
    let first = naming(1, &old, &[&old, &next]);
    let second = naming(2, &next, &[&third]);
    assert_eq!(admit(&second, Some(&first), Some(1), NOW), Ok(Admission::Successor));
    // the old key is out
    let by_old = naming(3, &old, &[&old]);
    assert!(matches!(admit(&by_old, Some(&second), Some(2), NOW), Err(AdmissionError::OtherSigner { .. })));
    let by_third = naming(3, &third, &[&third]);
    assert_eq!(admit(&by_third, Some(&second), Some(2), NOW), Ok(Admission::Successor));
    // who signed a pack is not by that alone one who may sign the next
    assert!(matches!(
        admit(&naming(3, &next, &[&next]), Some(&second), Some(2), NOW),
        Err(AdmissionError::OtherSigner { .. })
    ));
}

#[test]
fn a_version_never_falls() {
    let installed = offered(5, &signer());
    for (version, highest, expected) in [
        (5, Some(5), Err(AdmissionError::SameVersion { version: 5 })),
        (4, Some(5), Err(AdmissionError::Rollback { before: 5, offered: 4 })),
        (4, None, Err(AdmissionError::Rollback { before: 5, offered: 4 })),
        (6, Some(9), Err(AdmissionError::Rollback { before: 9, offered: 6 })),
        (6, Some(5), Ok(Admission::Successor)),
        (100, Some(5), Ok(Admission::Successor)),
    ] {
        assert_eq!(
            admit(&offered(version, &signer()), Some(&installed), highest, NOW),
            expected,
            "{version}"
        );
    }
    // also where the pack itself is gone
    let signer_of = signer().public().thumbprint();
    for (version, expected) in [
        (4, Err(AdmissionError::Rollback { before: 5, offered: 4 })),
        (5, Ok(Admission::NeedsConfirmation { signer: signer_of })),
        (6, Ok(Admission::NeedsConfirmation { signer: signer_of })),
    ] {
        assert_eq!(admit(&offered(version, &signer()), None, Some(5), NOW), expected, "{version}");
    }
}

#[test]
fn an_expired_pack_and_one_of_the_future_are_not_installed() {
    let pack = offered(7, &signer());
    let (issued, expires) = (contents().issued, contents().expires);
    assert_eq!(admit(&pack, None, None, expires), Err(AdmissionError::Expired));
    assert!(admit(&pack, None, None, expires - 1).is_ok());
    assert_eq!(admit(&pack, None, None, issued - 61), Err(AdmissionError::NotYetIssued));
    assert!(admit(&pack, None, None, issued - 60).is_ok());
    // one that expired can be followed
    let old = TrustPack::parse(&signed(
        &changed(|contents| {
            contents.version = 6;
            contents.expires = NOW - DAY;
        }),
        &signer(),
    ))
    .unwrap();
    assert_eq!(admit(&pack, Some(&old), Some(6), NOW), Ok(Admission::Successor));
}

#[test]
fn a_test_pack_does_not_become_a_real_one() {
    let test = TrustPack::parse(&signed(
        &changed(|contents| {
            contents.test = true;
            contents.version = 8;
        }),
        &signer(),
    ))
    .unwrap();
    let real = offered(7, &signer());
    assert_eq!(admit(&test, Some(&real), Some(7), NOW), Err(AdmissionError::MarkChanged));
    assert_eq!(admit(&offered(9, &signer()), Some(&test), Some(8), NOW), Err(AdmissionError::MarkChanged));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn installed_versions_only_rise(versions in prop::collection::vec(1_u64..20, 1..12)) {
        let (mut installed, mut highest): (Option<TrustPack>, Option<u64>) = (None, None);
        for version in versions {
            let pack = offered(version, &signer());
            if admit(&pack, installed.as_ref(), highest, NOW).is_ok() {
                prop_assert!(highest.is_none_or(|highest| version > highest));
                highest = Some(version);
                installed = Some(pack);
            } else {
                prop_assert!(highest.is_some_and(|highest| version <= highest));
            }
        }
    }
}
