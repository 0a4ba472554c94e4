//! Algorithms and keys have dates, by the edition that is chosen.

use bitaqa_signature::validation::CryptographicConstraints;
use bitaqa_trust::{
    DateTime,
    public_key::{Curve, Hash, KeyKind, SignatureScheme},
};

fn at(year: u16, month: u8, day: u8) -> DateTime {
    DateTime::new(year, month, day, 0, 0, 0).unwrap()
}

const PKCS1: SignatureScheme = SignatureScheme::Pkcs1(Hash::Sha256);
const PSS: SignatureScheme = SignatureScheme::Pss { hash: Hash::Sha256, salt_length: 32 };

#[test]
fn short_rsa_keys_end_when_the_edition_says() {
    let (older, newer) =
        (CryptographicConstraints::ts_119_312_v1_5_1(), CryptographicConstraints::ts_119_312_v2_1_1());
    assert_eq!(CryptographicConstraints::default(), older);
    assert_eq!((older.issued(), newer.issued()), (at(2024, 10, 13), at(2026, 2, 1)));
    let (short, long) = (KeyKind::Rsa { bits: 2048 }, KeyKind::Rsa { bits: 3072 });
    let (last_of_2028, first_of_2029) = (DateTime::new(2028, 12, 31, 23, 59, 59).unwrap(), at(2029, 1, 1));
    for scheme in [PKCS1, PSS] {
        assert!(older.check_signature(scheme, short, last_of_2028).is_ok());
        let ended = older.check_signature(scheme, short, first_of_2029).unwrap_err();
        assert_eq!(ended.since, Some(first_of_2029));
        assert!(newer.check_signature(scheme, short, at(2026, 3, 31)).is_ok());
        assert!(newer.check_signature(scheme, short, at(2026, 4, 1)).is_err());
    }
    // padding of version 1.5 is legacy with long keys too; PSS is recommended with them
    assert!(older.check_signature(PKCS1, long, first_of_2029).is_err());
    assert!(newer.check_signature(PKCS1, long, at(2033, 12, 31)).is_ok());
    assert!(newer.check_signature(PKCS1, long, at(2034, 1, 1)).is_err());
    for edition in [&older, &newer] {
        assert!(edition.check_signature(PSS, long, at(2060, 1, 1)).is_ok());
    }
}

#[test]
fn keys_below_2048_bits_never_were_reliable() {
    for bits in [512, 1024, 1900, 2047] {
        for key in [KeyKind::Rsa { bits }, KeyKind::RsaPss { bits }] {
            let refused = CryptographicConstraints::default().check_key(key, at(2000, 1, 1)).unwrap_err();
            assert_eq!(refused.since, None, "{key}");
        }
    }
}

#[test]
fn curves_and_hashes_have_no_end_yet() {
    let curves = [
        Curve::P256,
        Curve::P384,
        Curve::P521,
        Curve::BrainpoolP256r1,
        Curve::BrainpoolP384r1,
        Curve::BrainpoolP512r1,
    ];
    let hashes = [Hash::Sha256, Hash::Sha384, Hash::Sha512, Hash::Sha3_256, Hash::Sha3_384, Hash::Sha3_512];
    let constraints = CryptographicConstraints::ts_119_312_v2_1_1();
    for curve in curves {
        for hash in hashes {
            let scheme = SignatureScheme::EcdsaDer(hash);
            assert!(constraints.check_signature(scheme, KeyKind::Ec(curve), at(2060, 1, 1)).is_ok());
        }
    }
}

#[test]
fn a_verifier_can_only_be_stricter() {
    let end = at(2027, 1, 1);
    let stricter = CryptographicConstraints::default().without_hash_from(Hash::Sha256, end);
    assert!(stricter.check_hash(Hash::Sha256, at(2026, 12, 31)).is_ok());
    assert_eq!(stricter.check_hash(Hash::Sha256, end).unwrap_err().since, Some(end));
    let again = stricter.without_hash_from(Hash::Sha256, at(2040, 1, 1));
    assert!(again.check_hash(Hash::Sha256, end).is_err(), "a later end does not replace an earlier one");
    assert_ne!(again.name(), CryptographicConstraints::default().name(), "and the report says so");
}
