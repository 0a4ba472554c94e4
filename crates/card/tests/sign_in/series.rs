//! Several signatures after one PIN entry: as many commands as the signatures need, and what was signed is kept.

use std::sync::Arc;

use bitaqa_card::{
    Card, CardError, MAX_SERIES, PinEntry, PinVerdict, Role, SignedSeries, pin::SCRATCH_LENGTH,
};
use bitaqa_virtual_card::{CardSpec, Effect, Misbehaviour, private_key::KeyKind};

use crate::{
    openssl,
    reader::{FirstLook, Reader, first_look, sign_message, signature, usual},
};

fn sign_series(
    reader: &mut Reader,
    look: &FirstLook,
    pin: &str,
    messages: &[&[u8]],
    signed: &mut dyn FnMut(usize),
) -> Result<SignedSeries, CardError> {
    let mut scratch = [0; SCRATCH_LENGTH];
    let entry = PinEntry::Typed { pin: pin.as_bytes(), scratch: &mut scratch };
    let mut card = Card::with_layout(reader, Arc::clone(&look.layout));
    card.verify_and_sign_series(&look.credential, entry, usual(look), messages, signed)
}

fn cards() -> Vec<(CardSpec, &'static str)> {
    [KeyKind::P256, KeyKind::P384, KeyKind::Rsa2048]
        .into_iter()
        .map(|kind| (CardSpec::pkcs15(kind), "1234"))
        .chain([(CardSpec::esteid(), "1234"), (CardSpec::piv(KeyKind::P256), "123456")])
        .collect()
}

#[test]
fn each_signature_is_one_of_its_message_and_costs_no_more_commands_than_one_alone() {
    for (spec, pin) in cards() {
        let mut reader = Reader::with(&spec);
        let look = first_look(&mut reader, Role::Authentication).unwrap();
        let messages: [&[u8]; 3] = [b"the first", b"the second", b"the third"];

        reader.insert_again();
        signature(sign_message(&mut reader, &look, pin, usual(&look), messages[0]));
        let one = reader.sent.iter().filter(|command| command[1] != 0xA4).count();

        reader.insert_again();
        let mut told = Vec::new();
        let outcome = sign_series(&mut reader, &look, pin, &messages, &mut |count| told.push(count)).unwrap();
        let SignedSeries::Series(series) = outcome else { panic!("{outcome:?}") };
        assert_eq!((series.stopped, told), (None, vec![1, 2, 3]));
        assert_eq!(reader.verify_count(), 1, "one entry, one VERIFY");
        let all = reader.sent.iter().filter(|command| command[1] != 0xA4).count();
        assert_eq!(all, 3 * one, "nothing is sent but the signature's own commands");
        for (signature, message) in series.signatures.iter().zip(messages) {
            assert!(openssl::verifies(&look.certificate, usual(&look).0, signature, message));
        }
    }
}

#[test]
fn a_wrong_pin_signs_nothing_of_a_series() {
    let mut reader = Reader::with(&CardSpec::pkcs15(KeyKind::P256));
    let look = first_look(&mut reader, Role::Authentication).unwrap();
    let outcome = sign_series(&mut reader, &look, "9999", &[b"one", b"two"], &mut |_| panic!("it signed"));
    assert_eq!(outcome, Ok(SignedSeries::PinRefused(PinVerdict::Wrong { tries_left: Some(2) })));
    assert_eq!(reader.verify_count(), 1);
}

#[test]
fn a_key_that_wants_its_pin_each_time_signs_one_message_only() {
    let mut reader = Reader::with(&CardSpec::pkcs15(KeyKind::P256));
    let look = first_look(&mut reader, Role::Signature).unwrap();
    reader.insert_again();
    let refused = sign_series(&mut reader, &look, "12345", &[b"one", b"two"], &mut |_| {});
    assert!(matches!(refused, Err(CardError::Unsupported(_))), "{refused:?}");
    assert_eq!(reader.commands(), 0, "it is known before anything is sent");
    let one = sign_series(&mut reader, &look, "12345", &[b"one"], &mut |_| {});
    assert!(matches!(one, Ok(SignedSeries::Series(_))), "{one:?}");
}

#[test]
fn a_series_has_a_length() {
    let mut reader = Reader::with(&CardSpec::pkcs15(KeyKind::P256));
    let look = first_look(&mut reader, Role::Authentication).unwrap();
    reader.insert_again();
    let message: &[u8] = b"again";
    for messages in [vec![message; MAX_SERIES + 1], Vec::new()] {
        let refused = sign_series(&mut reader, &look, "1234", &messages, &mut |_| {});
        assert!(matches!(refused, Err(CardError::Unsupported(_))), "{refused:?}");
    }
    assert_eq!(reader.commands(), 0);
}

#[test]
fn what_was_signed_before_the_card_left_is_kept() {
    let mut reader = Reader::with(&CardSpec::pkcs15(KeyKind::P256));
    let look = first_look(&mut reader, Role::Authentication).unwrap();
    reader.insert_again();
    let messages: [&[u8]; 3] = [b"one", b"two", b"three"];
    let outcome = sign_series(&mut reader, &look, "1234", &messages, &mut |_| {}).unwrap();
    let SignedSeries::Series(whole) = outcome else { panic!("{outcome:?}") };
    assert_eq!(whole.signatures.len(), 3);
    let commands = reader.commands();

    // out before its last command
    reader.insert_again();
    reader.card.misbehave(Misbehaviour::at(u32::try_from(commands).unwrap(), Effect::RemoveBefore));
    let outcome = sign_series(&mut reader, &look, "1234", &messages, &mut |_| {}).unwrap();
    let SignedSeries::Series(part) = outcome else { panic!("{outcome:?}") };
    assert_eq!(part.signatures.len(), 2);
    assert!(matches!(part.stopped, Some(CardError::Transport(_))), "{:?}", part.stopped);
}
