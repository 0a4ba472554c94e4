//! How many commands a sign-in takes: each costs a real card some milliseconds.

use bitaqa_card::{Card, Role};
use bitaqa_virtual_card::CardSpec;

use crate::reader::{Reader, first_look, sign, signature, usual};

#[test]
fn an_estonian_card_needs_twelve_commands_at_first_and_seven_when_it_is_known() {
    let mut reader = Reader::with(&CardSpec::esteid());
    let look = first_look(&mut reader, Role::Authentication).unwrap();
    let way = usual(&look);
    signature(sign(&mut reader, &look, "1234", way, &[7; 48]));
    assert!(reader.commands() <= 12, "first use takes {} commands", reader.commands());

    // the card was not taken out: layout and certificate are known, the counter is asked for again
    reader.insert_again();
    let pin = look.credential.pin.as_ref().unwrap();
    let mut card = Card::with_layout(&mut reader, look.layout.clone());
    assert_eq!(card.pin_status(pin).unwrap().tries_left, Some(3));
    signature(sign(&mut reader, &look, "1234", way, &[7; 48]));
    assert!(reader.commands() <= 7, "a known card takes {} commands", reader.commands());
}

/// Bytes on the wire, which a slow card counts too: no file is read twice, nothing is selected that is selected already.
#[test]
fn nothing_is_asked_twice() {
    let mut reader = Reader::with(&CardSpec::esteid());
    let look = first_look(&mut reader, Role::Authentication).unwrap();
    let way = usual(&look);
    signature(sign(&mut reader, &look, "1234", way, &[7; 48]));
    let mut sent = reader.sent.clone();
    sent.sort();
    sent.dedup();
    assert_eq!(sent.len(), reader.sent.len(), "{:02X?}", reader.sent);
}
