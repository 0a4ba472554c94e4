//! Cards that compare a fingerprint in place of the PIN.

use std::sync::Arc;

use bitaqa_card::{
    Card, CardError, PinVerdict, Profile, Role, Signed, TransportError,
    apdu::StatusWord,
    biometric::{Biometric, BiometricInformation, FINGER},
};
use bitaqa_virtual_card::{
    CardSpec, Effect, Misbehaviour,
    fingerprint::{minutiae, put_down_again},
    private_key::KeyKind,
    spec::Personality,
};
use zeroize::Zeroizing;

use crate::{
    openssl::{digest, judge},
    reader::{FirstLook, Reader, first_look, sign, signature, usual},
};

const REFERENCE: u8 = 0x91;
const PIN: u8 = 0x81;
const VERIFY: u8 = 0x20;
const VERIFY_FINGER: u8 = 0x21;
const GET_DATA: u8 = 0xCA;
/// Of a card that tells its tries for nothing.
const PROFILE: &str = r#"
schema = 1
title = "PKCS#15"
[recognise]
application = "A000000063504B43532D3135"
[link]
extended-length = false
chaining = true
max-response = 256
[pkcs15]
empty-verify-is-free = true
"#;

/// A sensor on which this finger is put, or none.
struct Sensor {
    minutiae: Option<Vec<u8>>,
    asked: usize,
}

impl Sensor {
    fn with(minutiae: Vec<u8>) -> Self {
        Self { minutiae: Some(minutiae), asked: 0 }
    }
}

impl Biometric for Sensor {
    fn probe(&mut self, wanted: &BiometricInformation) -> Option<Zeroizing<Vec<u8>>> {
        assert_eq!(
            (wanted.biometric_type, wanted.subtype),
            (Some(FINGER), Some(0x09)),
            "the right index finger"
        );
        assert_eq!((wanted.format_owner, wanted.format_type), (Some(0x0101), Some(0x0005)));
        self.asked += 1;
        self.minutiae.clone().map(Zeroizing::new)
    }
}

fn spec(key: KeyKind) -> CardSpec {
    CardSpec { finger: Some(7), ..CardSpec::pkcs15(key) }
}

fn begun(spec: &CardSpec) -> (Reader, FirstLook, BiometricInformation) {
    let mut reader = Reader::with(spec);
    let look = first_look(&mut reader, Role::Authentication).unwrap();
    let mut card = Card::with_layout(&mut reader, Arc::clone(&look.layout));
    let references = card.biometric_references(&look.credential).unwrap();
    let [finger] = references[..] else { panic!("{references:?}") };
    reader.insert_again();
    (reader, look, finger)
}

fn compare(
    reader: &mut Reader,
    look: &FirstLook,
    finger: &BiometricInformation,
    sensor: &mut Sensor,
) -> Result<Signed, CardError> {
    let (algorithm, size) = usual(look);
    let mut card = Card::with_layout(reader, Arc::clone(&look.layout));
    card.compare_and_sign(&look.credential, (finger, sensor), algorithm, size, &digest(algorithm.hash()))
}

#[test]
fn the_holders_finger_signs_as_the_pin_does() {
    for key in [KeyKind::P256, KeyKind::Rsa2048] {
        let (mut reader, look, finger) = begun(&spec(key));
        assert_eq!(finger.reference, REFERENCE);
        for minutiae in [minutiae(7), put_down_again(&minutiae(7))] {
            let signed = compare(&mut reader, &look, &finger, &mut Sensor::with(minutiae));
            judge(&look.certificate, usual(&look).0, &signature(signed));
            assert_eq!(reader.verify_count(), 1);
            assert_eq!((reader.card.tries_left(REFERENCE), reader.card.tries_left(PIN)), (Some(3), Some(3)));
            reader.insert_again();
        }
        // the PIN goes on to work
        let (algorithm, size) = usual(&look);
        let by_pin = sign(&mut reader, &look, "1234", (algorithm, size), &digest(algorithm.hash()));
        judge(&look.certificate, algorithm, &signature(by_pin));
    }
}

#[test]
fn another_finger_costs_the_one_try_that_it_is_and_signs_nothing() {
    let (mut reader, look, finger) = begun(&spec(KeyKind::P256));
    for left in [2, 1] {
        let refused = compare(&mut reader, &look, &finger, &mut Sensor::with(minutiae(8))).unwrap();
        assert_eq!(refused, Signed::PinRefused(PinVerdict::Wrong { tries_left: Some(left) }));
        assert_eq!(reader.card.tries_left(REFERENCE), Some(left));
        reader.insert_again();
    }
    let _ = compare(&mut reader, &look, &finger, &mut Sensor::with(minutiae(8))).unwrap();
    for minutiae in [minutiae(8), minutiae(7)] {
        let blocked = compare(&mut reader, &look, &finger, &mut Sensor::with(minutiae)).unwrap();
        assert_eq!(blocked, Signed::PinRefused(PinVerdict::Blocked));
    }
    assert_eq!(reader.card.tries_left(PIN), Some(3), "the PIN has a counter of its own");
}

#[test]
fn whoever_gives_no_finger_loses_no_try() {
    let (mut reader, look, finger) = begun(&spec(KeyKind::P256));
    let mut nobody = Sensor { minutiae: None, asked: 0 };
    let refused = compare(&mut reader, &look, &finger, &mut nobody).unwrap();
    assert_eq!(refused, Signed::PinRefused(PinVerdict::NotPresented));
    assert_eq!((nobody.asked, reader.verify_count(), reader.card.tries_left(REFERENCE)), (1, 0, Some(3)));
    assert!(!reader.was_sent(VERIFY_FINGER));
}

/// What the list says of the finger, where the card gives no biometric information template.
#[test]
fn a_finger_is_found_in_the_list_of_authentication_objects_alone() {
    let mut reader = Reader::with(&spec(KeyKind::P256));
    let look = first_look(&mut reader, Role::Authentication).unwrap();
    let [object] = &look.credential.biometrics[..] else { panic!("{:?}", look.credential.biometrics) };
    assert_eq!((object.reference, object.label.as_deref()), (REFERENCE, Some("Right index finger")));
    assert!(look.credential.pin.is_some() && !look.credential.wants_fingerprint(), "in place of the PIN");
    let refused = Effect::Status { status: 0x6A88 };
    reader.card.misbehave(Misbehaviour::at_instruction(1, GET_DATA, refused));
    let mut card = Card::with_layout(&mut reader, Arc::clone(&look.layout));
    let references = card.biometric_references(&look.credential).unwrap();
    let [finger] = references[..] else { panic!("{references:?}") };
    assert_eq!((finger.reference, finger.biometric_type), (REFERENCE, Some(FINGER)));
    // ISO/IEC 19785-3: the right index finger; its format the list does not say
    assert_eq!((finger.subtype, finger.format_type), (Some(0x09), None));
}

#[test]
fn a_key_that_is_bound_to_a_finger_is_never_asked_for_with_a_pin() {
    let bound = CardSpec { finger_only: Some(true), ..spec(KeyKind::P256) };
    let (mut reader, look, finger) = begun(&bound);
    assert!(look.credential.pin.is_none() && look.credential.wants_fingerprint());
    assert_eq!(finger.reference, REFERENCE);
    let (algorithm, size) = usual(&look);
    let by_pin = sign(&mut reader, &look, "1234", (algorithm, size), &digest(algorithm.hash()));
    assert!(matches!(by_pin, Err(CardError::Unsupported(_))), "{by_pin:?}");
    let other = BiometricInformation { reference: 0x92, ..finger };
    let by_other = compare(&mut reader, &look, &other, &mut Sensor::with(minutiae(7)));
    assert!(matches!(by_other, Err(CardError::Unsupported(_))), "{by_other:?}");
    assert_eq!(reader.commands(), 0, "nothing was tried");
    let signed = compare(&mut reader, &look, &finger, &mut Sensor::with(minutiae(7)));
    judge(&look.certificate, algorithm, &signature(signed));
    assert!(!reader.was_sent(VERIFY));
    // the key for content keeps its PIN, and is no key of the finger's
    reader.insert_again();
    let look = first_look(&mut reader, Role::Signature).unwrap();
    assert!(look.credential.pin.is_some() && look.credential.biometrics.is_empty());
}

#[test]
fn tries_left_of_a_finger_are_asked_for_where_that_is_free() {
    let profile = Profile::load("free", PROFILE).unwrap();
    let mut reader = Reader::with(&spec(KeyKind::P256));
    let atr = reader.card.atr().to_vec();
    let mut card = Card::discover(&mut reader, &atr, &[profile]).unwrap();
    let credential = card.credential(Role::Authentication).unwrap();
    let status = card.biometric_status(&credential, &credential.biometrics[0]).unwrap();
    assert_eq!(status.tries_left, Some(3));
    let look = first_look(&mut reader, Role::Authentication).unwrap();
    reader.insert_again();
    let mut card = Card::with_layout(&mut reader, Arc::clone(&look.layout));
    let status = card.biometric_status(&look.credential, &look.credential.biometrics[0]).unwrap();
    assert_eq!(status.tries_left, None);
    assert!(!reader.was_sent(VERIFY), "nobody knows what it costs");
}

#[test]
fn cards_without_fingerprints_say_so_and_ask_for_no_try() {
    for spec in [
        CardSpec::pkcs15(KeyKind::P256),
        CardSpec::esteid(),
        CardSpec::piv(KeyKind::P256),
        CardSpec::iasecc(KeyKind::P256),
        CardSpec::new(Personality::Lateid),
    ] {
        let mut reader = Reader::with(&spec);
        let look = first_look(&mut reader, Role::Authentication).unwrap();
        let mut card = Card::with_layout(&mut reader, Arc::clone(&look.layout));
        assert_eq!(card.biometric_references(&look.credential), Ok(Vec::new()), "{:?}", spec.personality);
        assert_eq!(reader.verify_count(), 0);
    }
}

#[test]
fn a_card_that_leaves_or_lies_is_an_error_and_costs_one_try_at_most() {
    let (mut reader, look, finger) = begun(&spec(KeyKind::P256));
    signature(compare(&mut reader, &look, &finger, &mut Sensor::with(minutiae(7))));
    let commands = reader.commands();
    assert!(commands >= 3);
    for position in 1..=u32::try_from(commands).unwrap() {
        for effect in [Effect::RemoveBefore, Effect::RemoveAfter] {
            reader.insert_again();
            reader.card.misbehave(Misbehaviour::at(position, effect.clone()));
            let outcome = compare(&mut reader, &look, &finger, &mut Sensor::with(minutiae(7)));
            match outcome {
                Ok(Signed::Signature(_)) => {
                    assert_eq!((position as usize, effect), (commands, Effect::RemoveAfter), "it had signed");
                }
                outcome => {
                    assert_eq!(outcome, Err(CardError::Transport(TransportError::Removed)), "{position}");
                }
            }
            assert!(reader.verify_count() <= 1);
            assert_eq!(reader.card.tries_left(REFERENCE), Some(3), "the right finger loses no try");
        }
    }
    reader.insert_again();
    reader.card.misbehave(Misbehaviour::at_instruction(1, VERIFY_FINGER, Effect::Status { status: 0x6A80 }));
    let refused = CardError::Refused { command: "VERIFY", status: StatusWord(0x6A80) };
    assert_eq!(compare(&mut reader, &look, &finger, &mut Sensor::with(minutiae(7))), Err(refused));
}
