//! What keeps a card closed, and what is not done with it then: wrong and blocked keys, cards without anything behind PACE, PINs in
//! the clear and on key pads.

use std::sync::Arc;

use bitaqa_card::{
    Card, CardError, CardOpening, Misbehaviour, PinChangeEntry, PinEntry, Role, Transport, TransportError,
    UnblockEntry,
    access_rule::Interface,
    chip_session::{AccessControl, AccessKey, AccessRefusal},
    lds::{DocumentNumber, MrzDate, MrzKey},
    pace::Can,
    pin::{CHANGE_SCRATCH_LENGTH, SCRATCH_LENGTH},
};
use bitaqa_virtual_card::{
    CardSpec, Effect, Misbehaviour as Fault,
    icao::order::{DocumentOrder, FaultOrder},
    private_key::KeyKind,
    spec::{Hypothesis, Personality},
};

use crate::{
    opening::{MSE, NotDone, READ_CARD_ACCESS, can, counting, mrz, open, opened, opened_look},
    openssl::digest,
    reader::{PROFILES, Reader, first_look, usual},
};

#[test]
fn a_wrong_key_opens_nothing_and_costs_no_try_of_the_pin() {
    for hypothesis in [Hypothesis::IasEccCam, Hypothesis::Pkcs15Gm] {
        let spec = CardSpec::cnie_2(hypothesis, 3);
        let mut reader = Reader::with(&spec);
        let date = MrzDate::new(Some(90), Some(1), Some(1)).unwrap();
        let other_zone = AccessKey::Mrz(MrzKey::new(&DocumentNumber::new("AB1234567").unwrap(), date, date));
        let other_can = AccessKey::Can(Can::new("654321").unwrap());
        for (key, expected) in [
            (&other_can, AccessRefusal::CanWrong { tries_left: None }),
            (&other_zone, AccessRefusal::MrzWrong),
        ] {
            match open(&mut reader, key).unwrap() {
                CardOpening::Refused(refusal) => assert_eq!(refusal, expected),
                CardOpening::Open(_) => panic!("another key opened the card"),
            }
            reader.insert_again();
        }
        let look = opened_look(&mut reader, &can(&spec), Role::Authentication).unwrap();
        reader.insert_again();
        let again =
            Card::open_with_layout(&mut reader, Arc::clone(&look.layout), &mut counting(), &other_can);
        assert!(matches!(again, Ok(CardOpening::Refused(AccessRefusal::CanWrong { .. }))));
        reader.insert_again();
        let pin = look.credential.pin.as_ref().unwrap();
        assert_eq!(reader.card.tries_left(pin.format.reference), Some(3));
        assert_eq!(reader.verify_count(), 0);
    }
}

#[test]
fn a_key_that_the_card_has_blocked_suspended_or_put_out_of_use_is_named_so() {
    let spec = CardSpec::cnie_2(Hypothesis::Pkcs15Gm, 4);
    let mut reader = Reader::with(&spec);
    // before the key is tried, and when it is
    for (at, instruction, status, expected) in [
        (1, MSE, 0x63C0, AccessRefusal::Blocked),
        (1, MSE, 0x6983, AccessRefusal::Blocked),
        (1, MSE, 0x6283, AccessRefusal::Deactivated),
        (4, 0x86, 0x6983, AccessRefusal::Blocked),
        (4, 0x86, 0x63C2, AccessRefusal::CanWrong { tries_left: Some(2) }),
    ] {
        reader.card.misbehave(Fault::at_instruction(at, instruction, Effect::Status { status }));
        match open(&mut reader, &can(&spec)).unwrap() {
            CardOpening::Refused(refusal) => assert_eq!(refusal, expected, "{status:04X}"),
            CardOpening::Open(_) => panic!("{status:04X} opened the card"),
        }
        reader.insert_again();
    }
}

#[test]
fn a_document_without_keys_is_said_to_be_one() {
    let spec = CardSpec::cnie_2(Hypothesis::IcaoOnly, 1);
    let mut reader = Reader::with(&spec);
    let outcome = first_look(&mut reader, Role::Authentication).map(|look| look.layout);
    assert_eq!(outcome.unwrap_err(), CardError::DocumentOnly);
    reader.insert_again();
    let outcome = opened_look(&mut reader, &can(&spec), Role::Authentication).map(|look| look.layout);
    assert_eq!(outcome.unwrap_err(), NotDone::Error(CardError::DocumentOnly));
    let spec = CardSpec::new(Personality::PassportBac);
    let mut reader = Reader::with(&spec);
    let outcome = first_look(&mut reader, Role::Authentication).map(|look| look.layout);
    assert_eq!(outcome.unwrap_err(), CardError::DocumentOnly);
    reader.insert_again();
    let outcome = opened_look(&mut reader, &mrz(&spec), Role::Authentication).map(|look| look.layout);
    assert!(matches!(outcome, Err(NotDone::Error(CardError::Unsupported(_)))), "{outcome:?}");
}

#[test]
fn a_card_access_file_that_is_not_the_signed_one_ends_the_opening() {
    let faults = FaultOrder { card_access_differs: true, ..FaultOrder::default() };
    let order = DocumentOrder { faults, ..DocumentOrder::default() };
    let spec = CardSpec::cnie_2(Hypothesis::IasEccCam, 1).with_document(order);
    let outcome = open(&mut Reader::with(&spec), &can(&spec)).map(drop);
    assert_eq!(outcome, Err(Misbehaviour::CardAccess { signed: "EF.CardSecurity" }.into()));
}

#[test]
fn a_card_without_pace_is_not_opened() {
    let spec = CardSpec::esteid();
    let key = AccessKey::Can(Can::new("123456").unwrap());
    let outcome = open(&mut Reader::with(&spec), &key).map(drop);
    assert!(matches!(outcome, Err(CardError::Unsupported(_))), "{outcome:?}");
}

#[test]
fn what_was_found_under_protection_is_not_used_without() {
    let spec = CardSpec::cnie_2(Hypothesis::IasEccCam, 6);
    let mut reader = Reader::with(&spec);
    let look = opened_look(&mut reader, &can(&spec), Role::Authentication).unwrap();
    reader.insert_again();
    let (algorithm, size) = usual(&look);
    let digest = digest(algorithm.hash());
    let mut scratch = [0; SCRATCH_LENGTH];
    let mut card = Card::with_layout(&mut reader, Arc::clone(&look.layout));
    let pin = look.credential.pin.as_ref().unwrap();
    let is_closed = |outcome: Result<(), CardError>| {
        assert!(matches!(outcome, Err(CardError::Closed(AccessControl::Pace(_)))), "{outcome:?}");
    };
    is_closed(card.pin_status(pin).map(drop));
    is_closed(card.pin_counters(&look.credential).map(drop));
    is_closed(card.certificate(&look.credential).map(drop));
    let entry = PinEntry::Typed { pin: b"1234", scratch: &mut scratch };
    is_closed(card.verify_and_sign(&look.credential, entry, algorithm, size, &digest).map(drop));
    let mut scratch = [0; CHANGE_SCRATCH_LENGTH];
    let entry = PinChangeEntry::Typed { current: b"1234", new: b"4321", scratch: &mut scratch };
    is_closed(card.change_pin(&look.credential, entry).map(drop));
    let entry = UnblockEntry { puk: b"12345678", new: Some(b"4321"), scratch: &mut scratch };
    is_closed(card.unblock_pin(&look.credential, entry).map(drop));
    assert_eq!(reader.commands(), 0, "nothing was sent");
}

#[test]
fn a_key_pad_is_not_asked_for_a_pin_that_goes_through_secure_messaging() {
    let spec = CardSpec::cnie_2(Hypothesis::Pkcs15Gm, 6);
    let mut reader = Reader::with(&spec);
    let look = opened_look(&mut reader, &can(&spec), Role::Authentication).unwrap();
    reader.insert_again();
    let (algorithm, size) = usual(&look);
    let opening =
        Card::open_with_layout(&mut reader, Arc::clone(&look.layout), &mut counting(), &can(&spec)).unwrap();
    let mut card = opened(opening).unwrap_or_else(|refusal| panic!("{refusal:?}"));
    let digest = digest(algorithm.hash());
    let outcome = card.verify_and_sign(&look.credential, PinEntry::PinPad, algorithm, size, &digest);
    assert_eq!(outcome, Err(CardError::PinPadInSession));
    let outcome = card.change_pin(&look.credential, PinChangeEntry::PinPad);
    assert_eq!(outcome, Err(CardError::PinPadInSession));
    assert_eq!(reader.commands(), 5, "PACE, and nothing else was sent");
}

/// A card that gives everything to read to everybody, and whose EF.CardAccess offers PACE.
struct SaysPace {
    reader: Reader,
    card_access: Vec<u8>,
    asked: bool,
}

impl Transport for SaysPace {
    fn transmit(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<(), TransportError> {
        if !command.starts_with(&READ_CARD_ACCESS) {
            return self.reader.transmit(command, answer);
        }
        self.asked = true;
        *answer = [self.card_access.as_slice(), &[0x90, 0x00]].concat();
        Ok(())
    }
}

#[test]
fn an_access_rule_for_this_interface_asks_for_pace_where_nothing_is_refused() {
    // EF.CardAccess of another card
    let closed_card = CardSpec::cnie_2(Hypothesis::Pkcs15Gm, 0);
    let mut other = Reader::with(&closed_card);
    let mut card_access = Vec::new();
    other.transmit(&[0x00, 0xB0, 0x9C, 0x00, 0x00], &mut card_access).unwrap();
    card_access.truncate(card_access.len() - 2);
    let contactless = other.card.atr().to_vec();
    assert_eq!(Interface::of_atr(&contactless), Interface::Contactless);

    let reader = Reader::with(&CardSpec::iasecc(KeyKind::Rsa2048));
    let contact = reader.card.atr().to_vec();
    let mut says_pace = SaysPace { reader, card_access, asked: false };
    let free = Card::discover(&mut says_pace, &contact, &PROFILES).map(|card| Arc::clone(card.layout()));
    assert!(free.is_ok_and(|layout| layout.opened.is_none()));
    assert!(!says_pace.asked, "a card with contacts is not asked");
    says_pace.reader.insert_again();
    let outcome = Card::discover(&mut says_pace, &contactless, &PROFILES).map(drop);
    assert!(matches!(outcome, Err(CardError::Closed(AccessControl::Pace(_)))), "{outcome:?}");
    // a card that offers none is taken as it is: what it wants cannot be had
    let mut reader = says_pace.reader;
    reader.insert_again();
    assert!(Card::discover(&mut reader, &contactless, &PROFILES).is_ok());
}

#[test]
fn what_opens_a_card_is_shown_nowhere() {
    let spec = CardSpec::cnie_2(Hypothesis::Pkcs15Gm, 0);
    for key in [can(&spec), mrz(&spec)] {
        let shown = format!("{key:?} {key:#?}");
        let secret = match &key {
            AccessKey::Can(can) => can.as_str().to_owned(),
            AccessKey::Mrz(zone) => zone.information()[..9].to_owned(),
        };
        assert!(!shown.contains(&secret), "{shown}");
    }
}
