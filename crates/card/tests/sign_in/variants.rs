//! A sign-in on every kind of card, judged by openssl.

use bitaqa_card::{
    CardError, Hash, Role, SignatureAlgorithm,
    layout::Method,
    signature::{Input, KeySize, Scheme},
};
use bitaqa_virtual_card::{
    CardSpec, Effect, Misbehaviour,
    private_key::KeyKind,
    rules::Protocol,
    spec::{Dialect, PinFormatName},
};

use crate::{
    openssl::{digest, judge},
    reader::{FirstLook, Reader, first_look, sign, signature, usual},
};

const ROLES: [(Role, &str); 2] = [(Role::Authentication, "1234"), (Role::Signature, "12345")];

/// Signs [`MESSAGE`](crate::openssl::MESSAGE) with the PIN and has openssl judge it.
#[track_caller]
fn signs_in(reader: &mut Reader, look: &FirstLook, pin: &str, way: (SignatureAlgorithm, KeySize)) {
    reader.card.reset().unwrap();
    reader.card.clear_log();
    let signed = signature(sign(reader, look, pin, way, &digest(way.0.hash())));
    judge(&look.certificate, way.0, &signed);
    assert_eq!(reader.verify_count(), 1, "one VERIFY");
}

/// Reads a card and wants exactly the certificate that is on it.
#[track_caller]
fn read(reader: &mut Reader, role: Role) -> FirstLook {
    reader.card.reset().unwrap();
    let look = first_look(reader, role).unwrap();
    let certificates = reader.card.certificates();
    let expected = match role {
        Role::Authentication => &certificates.authentication,
        Role::Signature => &certificates.signature,
    };
    assert_eq!(look.certificate, expected.der(), "the certificate, without anything behind it");
    look
}

#[test]
fn an_estonian_card_signs_in_and_signs() {
    let mut reader = Reader::with(&CardSpec::esteid());
    for (role, pin) in ROLES {
        let look = read(&mut reader, role);
        assert_eq!(look.layout.profile, "esteid-idemia");
        assert_eq!((look.pin_status.tries_left, look.pin_status.tries_maximum), (Some(3), Some(3)));
        signs_in(&mut reader, &look, pin, usual(&look));
    }
}

#[test]
fn a_card_that_describes_itself_signs_whatever_its_pins_its_files_and_its_protocol_are_like() {
    use PinFormatName::{Ascii, Ascii00, AsciiFf, Bcd, Iso9564Format2};
    for pin_format in [AsciiFf, Ascii00, Ascii, Bcd, Iso9564Format2] {
        for protocol in [Protocol::T0, Protocol::T1] {
            for (extended_length, roomy_files) in [(false, true), (true, false), (true, true), (false, false)]
            {
                let mut reader = Reader::with(&CardSpec {
                    pin_format: Some(pin_format),
                    protocol: Some(protocol),
                    extended_length: Some(extended_length),
                    roomy_files: Some(roomy_files),
                    ..CardSpec::pkcs15(KeyKind::P256)
                });
                for (role, pin) in ROLES {
                    let look = read(&mut reader, role);
                    assert_eq!(look.layout.profile, "pkcs15");
                    signs_in(&mut reader, &look, pin, usual(&look));
                }
            }
        }
    }
}

#[test]
fn pins_of_every_length_that_fits_are_presented_as_the_card_stores_them() {
    use PinFormatName::{Ascii, Ascii00, AsciiFf, Bcd, Iso9564Format2};
    for pin_format in [AsciiFf, Ascii00, Ascii, Bcd, Iso9564Format2] {
        for pin in ["0000", "40417", "918273", "1928374", "58203917"] {
            let mut reader = Reader::with(&CardSpec {
                pin: Some(pin.to_owned().try_into().unwrap()),
                pin_format: Some(pin_format),
                ..CardSpec::pkcs15(KeyKind::P256)
            });
            let look = read(&mut reader, Role::Authentication);
            let way = usual(&look);
            signature(sign(&mut reader, &look, pin, way, &[7; 32]));
        }
    }
}

#[test]
fn every_kind_of_key_signs_with_every_scheme_it_has() {
    let ecdsa = |size, hashes: &[Hash]| -> Vec<(SignatureAlgorithm, KeySize)> {
        hashes.iter().map(|hash| (SignatureAlgorithm::Ecdsa(*hash), KeySize::Ec(size))).collect()
    };
    let rsa = KeySize::Rsa(256);
    for (key, ways) in [
        (KeyKind::P256, ecdsa(32, &[Hash::Sha256])),
        (KeyKind::P384, ecdsa(48, &[Hash::Sha256, Hash::Sha384])),
        (KeyKind::BrainpoolP256r1, ecdsa(32, &[Hash::Sha256])),
        (
            KeyKind::Rsa2048,
            vec![
                (SignatureAlgorithm::RsaPkcs1(Hash::Sha256), rsa),
                (SignatureAlgorithm::RsaPkcs1(Hash::Sha384), rsa),
                (SignatureAlgorithm::RsaPkcs1(Hash::Sha512), rsa),
                (SignatureAlgorithm::RsaPss(Hash::Sha256), rsa),
            ],
        ),
    ] {
        for protocol in [Protocol::T0, Protocol::T1] {
            let spec = CardSpec { protocol: Some(protocol), ..CardSpec::pkcs15(key) };
            let mut reader = Reader::with(&spec);
            for (role, pin) in ROLES {
                let look = read(&mut reader, role);
                for way in &ways {
                    signs_in(&mut reader, &look, pin, *way);
                }
            }
        }
    }
}

/// `CKM_SHA256_RSA_PKCS` and `CKM_ECDSA_SHA256` take the digest itself; where the card has both kinds of mechanism, the
/// one that takes any digest comes first in its list and is used.
#[test]
fn mechanisms_that_are_bound_to_a_digest_work_too() {
    for (key, algorithm, size) in [
        (KeyKind::Rsa2048, SignatureAlgorithm::RsaPkcs1(Hash::Sha256), KeySize::Rsa(256)),
        (KeyKind::P256, SignatureAlgorithm::Ecdsa(Hash::Sha256), KeySize::Ec(32)),
        (KeyKind::P384, SignatureAlgorithm::Ecdsa(Hash::Sha384), KeySize::Ec(48)),
    ] {
        let mut reader = Reader::with(&CardSpec::pkcs15(key));
        let mut look = read(&mut reader, Role::Authentication);
        let bound = |method: &Method| method.hash == Some(algorithm.hash()) && method.input == Input::Digest;
        look.credential.key.methods.retain(bound);
        assert!(look.credential.key.method(algorithm).is_some(), "{key:?} has it");
        signs_in(&mut reader, &look, "1234", (algorithm, size));
    }
}

#[test]
fn a_card_that_names_no_algorithms_does_what_cards_of_its_kind_do() {
    for (key, scheme) in [(KeyKind::P256, Scheme::Ecdsa), (KeyKind::Rsa2048, Scheme::RsaPkcs1)] {
        let spec = CardSpec { dialect: Some(Dialect::Opensc), ..CardSpec::pkcs15(key) };
        let mut reader = Reader::with(&spec);
        let look = read(&mut reader, Role::Authentication);
        assert_eq!(look.credential.key.methods.len(), 1);
        assert_eq!(look.credential.key.methods[0].scheme, scheme);
    }
}

#[test]
fn a_scheme_that_the_key_does_not_have_is_refused_before_the_pin() {
    let mut reader = Reader::with(&CardSpec::pkcs15(KeyKind::P256));
    let look = read(&mut reader, Role::Authentication);
    reader.card.clear_log();
    let way = (SignatureAlgorithm::RsaPss(Hash::Sha256), KeySize::Rsa(256));
    assert!(sign(&mut reader, &look, "1234", way, &[1; 32]).is_err());
    let way = usual(&look);
    assert!(sign(&mut reader, &look, "1234", way, &[1; 31]).is_err(), "a digest of another length");
    assert_eq!(reader.commands(), 0);
}

/// Where the key for signing in is of a kind that is not known, or has no certificate, the key for content commitment stays
/// what it is.
#[test]
fn the_signature_key_does_not_take_the_place_of_a_key_for_signing_in_that_is_of_no_use() {
    // READ BINARY of EF.DIR, EF.OD, EF.TokenInfo, EF.PrKD, EF.CD: the first object of the latter two gets another tag
    for file in [4, 5] {
        let mut reader = Reader::with(&CardSpec::pkcs15(KeyKind::P256));
        reader.card.misbehave(Misbehaviour::at_instruction(file, 0xB0, Effect::WrongTag { tag: 0xAF }));
        let look = first_look(&mut reader, Role::Authentication);
        assert_eq!(look.map(|look| look.credential.label), Err(CardError::NoCredential));
    }
}
