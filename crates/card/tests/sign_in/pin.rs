//! Verdicts on PINs: what the card says, what it counts, and what never reaches it.

use bitaqa_card::{CardError, PinVerdict, Role, Signed};
use bitaqa_virtual_card::{
    CardSpec,
    private_key::KeyKind,
    rules::StatusQuery,
    spec::{Lifecycle, PinFormatName},
};

use crate::reader::{FirstLook, Reader, first_look, sign, usual};

/// References of the PIN for signing in.
const ESTEID_PIN1: u8 = 0x01;
const PKCS15_PIN: u8 = 0x81;

fn cards() -> [(CardSpec, u8); 2] {
    [(CardSpec::esteid(), ESTEID_PIN1), (CardSpec::pkcs15(KeyKind::P256), PKCS15_PIN)]
}

/// One entry, and what came of it.
fn enter(reader: &mut Reader, look: &FirstLook, pin: &str) -> Result<Signed, CardError> {
    reader.card.reset().unwrap();
    let way = usual(look);
    let digest = vec![7; way.0.hash().length()];
    sign(reader, look, pin, way, &digest)
}

#[track_caller]
fn refused(signed: Result<Signed, CardError>) -> PinVerdict {
    match signed.unwrap() {
        Signed::PinRefused(verdict) => verdict,
        Signed::Signature(_) => panic!("it signed"),
    }
}

#[test]
fn each_wrong_entry_is_one_verify_and_costs_one_try_until_none_is_left() {
    for (spec, reference) in cards() {
        let mut reader = Reader::with(&spec);
        let look = first_look(&mut reader, Role::Authentication).unwrap();
        for (entry, left) in [(1, 2), (2, 1)] {
            let verdict = refused(enter(&mut reader, &look, "9999"));
            assert_eq!(verdict, PinVerdict::Wrong { tries_left: Some(left) });
            assert_eq!((reader.verify_count(), reader.card.tries_left(reference)), (entry, Some(left)));
        }
        assert_eq!(refused(enter(&mut reader, &look, "9999")), PinVerdict::Blocked);
        assert_eq!(
            refused(enter(&mut reader, &look, "1234")),
            PinVerdict::Blocked,
            "the right one is too late"
        );
        assert_eq!((reader.verify_count(), reader.card.tries_left(reference)), (4, Some(0)));
        assert!(!reader.was_sent(0x88) && !reader.was_sent(0x2A), "nothing was signed");
    }
}

#[test]
fn the_right_pin_gives_the_tries_back() {
    for (spec, reference) in cards() {
        let mut reader = Reader::with(&spec);
        let look = first_look(&mut reader, Role::Authentication).unwrap();
        refused(enter(&mut reader, &look, "9999"));
        assert!(matches!(enter(&mut reader, &look, "1234"), Ok(Signed::Signature(_))));
        assert_eq!(reader.card.tries_left(reference), Some(3));
    }
}

#[test]
fn the_tries_that_are_left_are_known_before_anybody_is_asked_where_the_card_tells_them() {
    let mut reader = Reader::with(&CardSpec { tries_left: Some(1), ..CardSpec::esteid() });
    let look = first_look(&mut reader, Role::Authentication).unwrap();
    assert_eq!((look.pin_status.tries_left, look.pin_status.is_blocked()), (Some(1), false));
    // the other PIN has a counter of its own
    reader.card.reset().unwrap();
    assert_eq!(first_look(&mut reader, Role::Signature).unwrap().pin_status.tries_left, Some(3));
    assert_eq!(reader.verify_count(), 0);
}

/// On a card that nobody looked at, VERIFY without data may be counted as a wrong PIN.
#[test]
fn a_card_that_counts_questions_as_tries_is_not_asked() {
    for status_query in [StatusQuery::Answered, StatusQuery::CostsATry, StatusQuery::Refused] {
        let spec = CardSpec { status_query: Some(status_query), ..CardSpec::pkcs15(KeyKind::P256) };
        let mut reader = Reader::with(&spec);
        let look = first_look(&mut reader, Role::Authentication).unwrap();
        assert_eq!(look.pin_status.tries_left, None);
        assert!(!reader.was_sent(0x20));
        assert_eq!(reader.card.tries_left(PKCS15_PIN), Some(3));
    }
}

#[test]
fn a_card_whose_pin_and_puk_are_blocked_is_seen_as_such() {
    let blocked = |spec| CardSpec { lifecycle: Lifecycle::Blocked, ..spec };
    let mut reader = Reader::with(&blocked(CardSpec::esteid()));
    let look = first_look(&mut reader, Role::Authentication).unwrap();
    assert!(look.pin_status.is_blocked(), "before anybody is asked");
    for (spec, _) in cards() {
        let mut reader = Reader::with(&blocked(spec));
        let look = first_look(&mut reader, Role::Authentication).unwrap();
        assert_eq!(refused(enter(&mut reader, &look, "1234")), PinVerdict::Blocked);
    }
}

#[test]
fn a_transport_pin_signs_nothing() {
    for (spec, reference) in cards() {
        let mut reader = Reader::with(&CardSpec { lifecycle: Lifecycle::Transport, ..spec });
        let look = first_look(&mut reader, Role::Authentication).unwrap();
        assert_eq!(refused(enter(&mut reader, &look, "1234")), PinVerdict::Blocked);
        assert_eq!(reader.card.tries_left(reference), Some(3));
    }
}

#[test]
fn what_the_card_cannot_hold_is_never_sent_to_it() {
    for (spec, _) in cards() {
        let mut reader = Reader::with(&spec);
        let look = first_look(&mut reader, Role::Authentication).unwrap();
        let longest = usize::from(look.credential.pin.as_ref().unwrap().format.max_length);
        let too_long = "1".repeat(longest + 1);
        for pin in ["", "1", "123", &too_long, "12a4", "1 34", "١٢٣٤", "12345\0", "-123"] {
            assert_eq!(refused(enter(&mut reader, &look, pin)), PinVerdict::NotPresented, "{pin:?}");
        }
        assert!(!reader.was_sent(0x20));
    }
}

#[test]
fn a_pin_that_fits_but_is_wrong_costs_one_try_in_every_format() {
    use PinFormatName::{Ascii, Ascii00, AsciiFf, Bcd, Iso9564Format2};
    for pin_format in [AsciiFf, Ascii00, Ascii, Bcd, Iso9564Format2] {
        let spec = CardSpec { pin_format: Some(pin_format), ..CardSpec::pkcs15(KeyKind::P256) };
        let mut reader = Reader::with(&spec);
        let look = first_look(&mut reader, Role::Authentication).unwrap();
        for (pin, left) in [("12345678", 2), ("12340", 1)] {
            let verdict = refused(enter(&mut reader, &look, pin));
            assert_eq!(verdict, PinVerdict::Wrong { tries_left: Some(left) }, "{pin_format:?}");
        }
    }
}

#[test]
fn the_signature_key_wants_its_pin_each_time() {
    for (spec, _) in cards() {
        let mut reader = Reader::with(&spec);
        let look = first_look(&mut reader, Role::Signature).unwrap();
        assert!(look.credential.key.user_consent);
        for entry in 1..=2 {
            assert!(matches!(enter(&mut reader, &look, "12345"), Ok(Signed::Signature(_))));
            assert_eq!(reader.verify_count(), entry);
        }
    }
}
