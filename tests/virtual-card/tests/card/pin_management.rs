//! Changing, unblocking and activating PINs, in every form in which a PIN stands in a command.

use bitaqa_virtual_card::{
    CardSpec,
    pin::{Pin, PinFormat},
    private_key::KeyKind,
    spec::{Activation, Lifecycle, PinFormatName},
};

use crate::terminal::Terminal;

const SELECT: &str = "00A4040C 0C A000000063504B43532D3135";

const FORMATS: [(PinFormatName, PinFormat); 5] = [
    (PinFormatName::AsciiFf, PinFormat::Padded { length: 8, pad: 0xFF }),
    (PinFormatName::Ascii00, PinFormat::Padded { length: 8, pad: 0x00 }),
    (PinFormatName::Ascii, PinFormat::Unpadded),
    (PinFormatName::Bcd, PinFormat::Bcd { length: 8 }),
    (PinFormatName::Iso9564Format2, PinFormat::Iso9564Format2),
];

fn pin(digits: &str) -> Pin {
    Pin::new(digits).unwrap()
}

fn card(name: PinFormatName, spec: CardSpec) -> Terminal {
    let mut card = Terminal::with(&CardSpec { pin_format: Some(name), ..spec });
    card.expect(SELECT, 0x9000);
    card
}

fn plain() -> CardSpec {
    CardSpec::pkcs15(KeyKind::P256)
}

fn transport(activation: Activation) -> CardSpec {
    CardSpec { lifecycle: Lifecycle::Transport, activation: Some(activation), ..plain() }
}

/// A command with these PINs side by side.
fn command(format: PinFormat, header: &str, pins: &[&str]) -> String {
    let data: Vec<u8> = pins.iter().flat_map(|digits| format.block(digits).unwrap().to_vec()).collect();
    let field: String = data.iter().map(|byte| format!("{byte:02X}")).collect();
    if data.is_empty() { header.to_owned() } else { format!("{header} {:02X} {field}", data.len()) }
}

#[test]
fn a_pin_is_changed_in_each_format_with_and_without_the_old_one() {
    for (name, format) in FORMATS {
        let mut card = card(name, plain());
        let send = |header, pins: &[&str]| command(format, header, pins);
        card.expect(&send("00240081", &["9999", "5555"]), 0x63C2);
        card.expect(&send("00240081", &["1234", "55555"]), 0x9000);
        card.expect(&send("00200081", &["1234"]), 0x63C2);
        card.expect(&send("00240181", &["4444"]), 0x6982);
        card.expect(&send("00200081", &["55555"]), 0x9000);
        card.expect(&send("00240181", &["4444"]), 0x9000);
        card.expect(&send("00200081", &["4444"]), 0x9000);
        // the other PIN did not change, and the PUK can be changed too
        card.expect(&send("00200082", &["12345"]), 0x9000);
        card.expect(&send("00240083", &["12345678", "87654321"]), 0x9000);
        card.expect(&send("00200083", &["87654321"]), 0x9000);
    }
}

#[test]
fn a_new_pin_that_is_too_short_or_too_long_changes_nothing() {
    for (name, format) in FORMATS {
        let mut card = card(name, plain());
        for new in ["123", "123456789"] {
            let Some(block) = format.block(new) else { continue };
            let refused = if format == PinFormat::Unpadded { 0x6700 } else { 0x6A80 };
            let data = [format.block("1234").unwrap().to_vec(), block.to_vec()].concat();
            let field: String = data.iter().map(|byte| format!("{byte:02X}")).collect();
            card.expect(&format!("00240081 {:02X} {field}", data.len()), refused);
        }
        card.expect(&command(format, "00200081", &["1234"]), 0x9000);
    }
}

#[test]
fn a_block_that_is_no_pin_of_the_format_is_refused_as_a_new_one() {
    for (name, old, new) in [
        (PinFormatName::AsciiFf, "31323334FFFFFFFF", "3132FF3334FFFFFF"),
        (PinFormatName::Ascii00, "3132333400000000", "31323334FFFFFFFF"),
        (PinFormatName::Ascii, "31323334", "3132333A"),
        (PinFormatName::Bcd, "1234FFFFFFFFFFFF", "12A4FFFFFFFFFFFF"),
        (PinFormatName::Iso9564Format2, "241234FFFFFFFFFF", "341234FFFFFFFFFF"),
        (PinFormatName::Iso9564Format2, "241234FFFFFFFFFF", "251234FFFFFFFFFF"),
    ] {
        let mut card = card(name, plain());
        let length = (old.len() + new.len()) / 2;
        card.expect(&format!("00240081 {length:02X} {old}{new}"), 0x6A80);
        card.expect(&format!("00200081 {:02X} {old}", old.len() / 2), 0x9000);
    }
}

#[test]
fn a_blocked_pin_is_unblocked_in_each_format_and_in_each_of_four_ways() {
    for (name, format) in FORMATS {
        let send = |header, pins: &[&str]| command(format, header, pins);
        let blocked = || card(name, CardSpec { tries_left: Some(0), ..plain() });
        let mut card = blocked();
        card.expect(&send("00240081", &["1234", "5555"]), 0x6983);
        card.expect(&send("002C0081", &["12345678", "5555"]), 0x9000);
        card.expect(&send("00200081", &["5555"]), 0x9000);
        let mut card = blocked();
        card.expect(&send("002C0181", &["12345678"]), 0x9000);
        card.expect(&send("00200081", &["1234"]), 0x9000);
        let mut card = blocked();
        card.expect(&send("002C0281", &["5555"]), 0x6982);
        card.expect(&send("00200083", &["12345678"]), 0x9000);
        card.expect(&send("002C0281", &["5555"]), 0x9000);
        card.expect(&send("00200081", &["5555"]), 0x9000);
        let mut card = blocked();
        card.expect(&send("00200083", &["12345678"]), 0x9000);
        card.expect(&send("002C0381", &[]), 0x9000);
        card.expect(&send("00200081", &["1234"]), 0x9000);
    }
}

#[test]
fn a_wrong_puk_counts_and_the_last_one_closes_the_way_back() {
    let mut card = card(PinFormatName::Bcd, CardSpec { tries_left: Some(0), ..plain() });
    let format = PinFormat::Bcd { length: 8 };
    for left in [0x63C2, 0x63C1, 0x63C0, 0x6983] {
        card.expect(&command(format, "002C0081", &["87654321", "5555"]), left);
    }
    card.expect(&command(format, "002C0081", &["12345678", "5555"]), 0x6983);
    card.expect("00200083", 0x6983);
    card.expect("00200081", 0x6983);
}

#[test]
fn a_transport_pin_is_activated_by_changing_it_in_each_format() {
    for (name, format) in FORMATS {
        let spec = CardSpec { transport_pin: Some(pin("00000")), ..transport(Activation::Change) };
        let mut card = card(name, spec);
        let send = |header, pins: &[&str]| command(format, header, pins);
        card.expect("00200081", 0x6984);
        card.expect(&send("00200081", &["00000"]), 0x6984);
        card.expect(&send("00240181", &["5555"]), 0x6982);
        card.expect(&send("00240081", &["11111", "5555"]), 0x63C2);
        card.expect(&send("00240081", &["00000", "5555"]), 0x9000);
        card.expect(&send("00200081", &["5555"]), 0x9000);
        // the signature PIN is activated by itself
        card.expect(&send("00200082", &["00000"]), 0x6984);
        card.expect(&send("00240082", &["00000", "55555"]), 0x9000);
        card.expect(&send("00200082", &["55555"]), 0x9000);
    }
}

#[test]
fn a_transport_pin_can_be_shorter_than_a_pin() {
    let spec = CardSpec { transport_pin: Some(pin("0000")), ..transport(Activation::Change) };
    let mut card = card(PinFormatName::AsciiFf, spec);
    card.expect("00240082 10 30303030FFFFFFFF 35353535FFFFFFFF", 0x6A80);
    card.expect("00200082", 0x6984);
    card.expect("00240082 10 30303030FFFFFFFF 3535353535FFFFFF", 0x9000);
    card.expect("00200082 08 3535353535FFFFFF", 0x9000);
}

#[test]
fn a_pin_without_a_value_is_activated_by_setting_one_once() {
    for (name, format) in FORMATS {
        let mut card = card(name, transport(Activation::Set));
        let send = |header, pins: &[&str]| command(format, header, pins);
        card.expect("00200081", 0x6984);
        card.expect(&send("00200081", &["1234"]), 0x6984);
        card.expect(&send("00240081", &["1234", "5555"]), 0x6984);
        card.expect(&send("00240181", &["5555"]), 0x9000);
        card.expect(&send("00200081", &["5555"]), 0x9000);
        card.card.reset();
        card.expect(SELECT, 0x9000);
        card.expect(&send("00240181", &["6666"]), 0x6982);
    }
}

#[test]
fn the_puk_activates_too_but_only_with_a_new_pin() {
    let mut card = card(PinFormatName::Iso9564Format2, transport(Activation::Change));
    let send = |header, pins: &[&str]| command(PinFormat::Iso9564Format2, header, pins);
    card.expect(&send("002C0181", &["12345678"]), 0x9000);
    card.expect("00200081", 0x6984);
    card.expect(&send("002C0081", &["12345678", "5555"]), 0x9000);
    card.expect(&send("00200081", &["5555"]), 0x9000);
}
