//! Lengths and transport: Le, `61XX`, `6CXX`, extended length, chaining, classes.

use bitaqa_virtual_card::{CardSpec, private_key::KeyKind, rules::Protocol};

use crate::terminal::Terminal;

const SELECT: &str = "00A4040C 0C A000000063504B43532D3135";

fn card(protocol: Protocol, extended_length: bool) -> Terminal {
    let mut card = Terminal::with(&CardSpec {
        protocol: Some(protocol),
        extended_length: Some(extended_length),
        ..CardSpec::pkcs15(KeyKind::P256)
    });
    card.expect(SELECT, 0x9000);
    card
}

#[test]
fn over_t1_data_comes_with_the_answer() {
    let mut card = card(Protocol::T1, false);
    assert_eq!(card.data("00A40200 02 4401 00")[0], 0x6F);
    assert_eq!(card.data("00A40204 02 4401 00")[0], 0x62);
    // without Le nobody wants the control information
    card.expect("00A40200 02 4401", 0x9000);
    card.expect("00840000", 0x6700);
    assert_eq!(card.data("00840000 08").len(), 8);
}

#[test]
fn over_t0_data_has_to_be_fetched() {
    let mut card = card(Protocol::T0, false);
    let (data, status) = card.send("00A40200 02 4401 00");
    assert!(data.is_empty());
    assert_eq!(status >> 8, 0x61);
    let waiting = status & 0xFF;
    card.expect(&format!("00C00000 {:02X}", waiting + 1), 0x6C00 | waiting);
    let (data, status) = card.send("00C00000 02");
    assert_eq!((data.len(), status), (2, 0x6100 | (waiting - 2)));
    assert_eq!(card.data(&format!("00C00000 {:02X}", waiting - 2)).len(), usize::from(waiting) - 2);
    card.expect("00C00000 01", 0x6985);
}

#[test]
fn over_t0_a_wrong_le_is_corrected() {
    let mut card = card(Protocol::T0, false);
    card.expect("00A4020C 02 4403", 0x9000);
    let (_, status) = card.send("00B00000 00");
    assert_eq!(status >> 8, 0x6C, "P3 = 00 asks for 256 bytes");
    card.expect("00B00000 FF", status);
    let right = usize::from(status & 0xFF);
    assert_eq!(card.data(&format!("00B00000 {right:02X}")).len(), right);
}

#[test]
fn data_that_waits_is_gone_after_another_command() {
    let mut card = card(Protocol::T0, false);
    card.send("00A40200 02 4401 00");
    card.expect("00200081", 0x63C3);
    card.expect("00C00000 01", 0x6985);
}

#[test]
fn the_end_of_a_file_is_told() {
    let mut card = card(Protocol::T1, true);
    card.expect("00A4020C 02 4403", 0x9000);
    let all = card.data("00B00000 00");
    let (data, status) = card.send("00B00000 FF");
    assert_eq!((data, status), (all.clone(), 0x6282));
    card.expect(&format!("00B000{:02X} 01", all.len()), 0x6B00);
    card.expect("00B07FFF 01", 0x6B00);
}

#[test]
fn extended_lengths_carry_a_whole_certificate() {
    let mut card = card(Protocol::T1, true);
    card.expect("00A4020C 02 4301", 0x9000);
    let certificate = card.card.certificates().authentication.der().to_vec();
    assert_eq!(card.data("00B00000 000000"), certificate);
    assert_eq!(card.data("00B00000 00").len(), 256);
}

#[test]
fn a_file_can_be_read_by_its_short_identifier() {
    let mut card = card(Protocol::T1, false);
    let by_short = card.data("00B09100 00");
    card.expect("00A4020C 02 5031", 0x9000);
    assert_eq!(by_short, card.data("00B00000 00"));
    assert_eq!(card.data("00B09102 02"), by_short[2..4]);
    card.expect("00B09F00 00", 0x6A82);
    card.expect("00B0B100 00", 0x6A86);
}

#[test]
fn a_chain_is_one_command() {
    let mut card = card(Protocol::T1, false);
    card.expect("10200081 04 31323334", 0x9000);
    card.expect("00200081 04 FFFFFFFF", 0x9000);
    assert_eq!(card.card.log().verify_count(), 1);
    card.expect("10200081 04 31323334", 0x9000);
    card.expect("00A4020C 02 5031", 0x6883);
    card.expect("00200081 08 31323334FFFFFFFF", 0x9000);
}

#[test]
fn a_chain_that_never_ends_is_cut() {
    let mut card = card(Protocol::T1, false);
    let link = format!("102A9E9A FF {}", "00".repeat(255));
    let lengths: Vec<u16> = (0..200).map(|_| card.send(&link).1).collect();
    assert!(lengths.contains(&0x6700));
}

#[test]
fn other_classes_and_instructions_are_refused() {
    let mut card = card(Protocol::T1, false);
    for (command, status) in [
        ("0CA4000C", 0x6882),
        ("01A4000C", 0x6881),
        ("80A4000C", 0x6E00),
        ("FFA4000C", 0x6E00),
        ("00FF0000", 0x6D00),
        ("00A4000C 05 3F00", 0x6700),
        ("00A4", 0x6700),
    ] {
        card.expect(command, status);
    }
}
