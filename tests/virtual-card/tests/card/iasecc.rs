//! The IAS ECC card: root files, security data objects, access rules, hashing begun by the terminal.

use bitaqa_virtual_card::{
    CardSpec, digest::Digest, icao::pace::PasswordKind, private_key::KeyKind, spec::Interface,
};

use crate::{
    icao::terminal::{Reader, USUAL},
    terminal::{Terminal, bytes},
};

const ROOT: &str = "00A4040C 10 A000000077010800070000FE00000100";
const SELECT: &str = "00A4040C 0B F04254512D494153454343";
const VERIFY: &str = "00200081 08 31323334FFFFFFFF";
const VERIFY_SIGNATURE: &str = "00200082 08 3132333435FFFFFF";

fn card(key: KeyKind) -> Terminal {
    Terminal::with(&CardSpec::iasecc(key))
}

/// GET DATA of one tag in one security data object.
fn object(card: &mut Terminal, class: u8, number: u8, tag: &str) -> (Vec<u8>, u16) {
    let inner = tag.len() / 2 + 1;
    let list = format!("BF{class:02X}{number:02X}{inner:02X}{tag}80");
    let length = list.len() / 2;
    card.send(&format!("00CB3FFF {:02X} 4D{:02X}70{length:02X}{list} 00", length + 4, length + 2))
}

#[test]
fn the_root_tells_sizes_and_applications_by_short_identifiers() {
    let mut card = card(KeyKind::P256);
    card.expect(ROOT, 0x9000);
    let information = card.data("00B09D00 00");
    assert_eq!(information[..3], [0x43, 1, 0xB8]);
    let sizes = bytes("E010 02020104 020200E0 02020100 020200E0");
    assert!(information.windows(18).any(|window| window == sizes), "{information:02X?}");
    assert!(information.windows(16).any(|window| window == bytes(&ROOT[12..])), "{information:02X?}");
    assert_eq!(card.data("00B09E00 00")[..4], [0x61, 0x16, 0x4F, 11]);
    assert_eq!(card.data("00B09C00 00")[..2], [0x5A, 8]);
}

#[test]
fn files_tell_their_access_rules_for_contacts_and_for_radio() {
    let mut card = card(KeyKind::P256);
    let told = card.data("00A40904 04 3F002F01 00");
    assert_eq!(told[told.len() - 10..], bytes("A108 8C020100 9C020100"));
    let told = card.data("00A40904 04 0DF13401 00");
    assert_eq!(told[told.len() - 10..], bytes("A108 8C020100 9C020148"));
    let told = card.data("00A40404 0B F04254512D494153454343 00");
    assert_eq!(told[told.len() - 8..], bytes("A106 8C0100 9C0100"));
}

#[test]
fn pins_are_security_data_objects() {
    let mut card = card(KeyKind::P256);
    assert_eq!(object(&mut card, 0x81, 1, "A0").1, 0x6A88, "the root has no PIN");
    card.expect(SELECT, 0x9000);
    card.expect("00200081 08 39393939FFFFFFFF", 0x63C2);
    let (told, status) = object(&mut card, 0x81, 1, "A0");
    assert_eq!(status, 0x9000);
    let expected = "7021 BF81011D A01B 9A0103 9B0102 800108 A110 8C0673000013FF00 9C06734848DBFF48";
    assert_eq!(told, bytes(expected), "{told:02X?}");
    assert_eq!(object(&mut card, 0x81, 2, "7F41").0, bytes("700D BF810209 7F4106 800108 810105"));
    assert_eq!(object(&mut card, 0x81, 9, "A0").1, 0x6A88);
    assert_eq!(object(&mut card, 0x81, 1, "7F48").1, 0x6A88);
    card.expect("00CB00FF 0A 4D087006BF810102A080 00", 0x6A88);
    card.expect("00CB3FFF 03 4D0170 00", 0x6A80);
}

#[test]
fn keys_and_environments_are_security_data_objects() {
    let mut card = card(KeyKind::P384);
    card.expect(SELECT, 0x9000);
    let (told, _) = object(&mut card, 0x90, 1, "A0");
    assert_eq!(told[told.len() - 16..], bytes("80020030 A10A 8C03211100 9C0321D948"));
    let (told, _) = object(&mut card, 0x90, 2, "A0");
    assert_eq!(told[told.len() - 10..], bytes("8C03411200 9C0341DA48"));
    let (public, status) = object(&mut card, 0xA0, 1, "7F49");
    assert_eq!(status, 0x9000);
    let certificate = card.card.certificates().authentication.der().to_vec();
    let point = &public[public.len() - 97..];
    assert!(certificate.windows(97).any(|window| window == point), "the point of the certificate");
    assert_eq!(object(&mut card, 0xFB, 3, "7B").0, bytes("700E BFFB030A 7B08 A406 950108 830183"));
    assert_eq!(object(&mut card, 0xFB, 8, "7B").0, bytes("7010 BFFB080C 7B0A B403950130 B803950130"));
    assert_eq!(
        object(&mut card, 0xFB, 0x0B, "7B").0,
        bytes("7018 BFFB0B14 7B12 A406950108830183 B403950130 B803950130")
    );
    assert_eq!(object(&mut card, 0xFB, 4, "7B").1, 0x6A88);
    assert_eq!(object(&mut card, 0xFB, 0, "7B").1, 0x6A88);
}

#[test]
fn a_long_public_key_comes_in_pieces() {
    let mut card = card(KeyKind::Rsa2048);
    card.expect(SELECT, 0x9000);
    let (mut told, status) = object(&mut card, 0xA0, 2, "7F49");
    assert_eq!((told.len(), status >> 8), (256, 0x61));
    told.extend(card.data("00C00000 00"));
    assert_eq!(told[told.len() - 5..], [0x82, 3, 1, 0, 1]);
}

#[test]
fn the_authentication_key_answers_internal_authenticate() {
    let mut card = card(KeyKind::P256);
    card.expect(SELECT, 0x9000);
    card.expect("002241A4 06 840181 800104", 0x9000);
    let challenge = format!("00880000 20 {} 00", "5A".repeat(32));
    card.expect(&challenge, 0x6982);
    card.expect(VERIFY, 0x9000);
    assert_eq!(card.data(&challenge).len(), 64);
    assert_eq!(card.data(&challenge).len(), 64, "one PIN for more than one use");
    card.expect("002241B6 06 840181 800144", 0x6A88);
    card.expect("002241A4 06 840182 800104", 0x6A88);
}

#[test]
fn a_document_is_hashed_by_the_terminal_by_the_card_or_by_both() {
    let mut card = card(KeyKind::P256);
    card.expect(SELECT, 0x9000);
    for command in [
        // all of it by the terminal
        format!("002A90A0 22 9020{}", "5A".repeat(32)),
        // the first block by the terminal: 512 bits
        format!("002A90A0 2D 9028{}{:016X} 8001FF", "5A".repeat(32), 512),
        // less than a block: all of it by the card
        "002A90A0 05 9000 8001FF".to_owned(),
        "002A9080 01 FF".to_owned(),
    ] {
        card.expect("002241AA 03 800140", 0x9000);
        card.expect("002241B6 06 840182 800144", 0x9000);
        card.expect(&command, 0x9000);
        card.expect("002A9E9A 00", 0x6982);
        card.expect(&command, 0x9000);
        card.expect(VERIFY_SIGNATURE, 0x9000);
        assert_eq!(card.data("002A9E9A 00").len(), 64, "{command}");
    }
    for wrong in [
        format!("002A90A0 2D 9028{}{:016X} 8001FF", "5A".repeat(32), 500),
        format!("002A90A0 15 9014{}", "5A".repeat(20)),
    ] {
        card.expect(&wrong, 0x6A80);
    }
    card.expect("002241AA 03 800199", 0x6A80);
    assert_eq!(Digest::Sha256.finish(&[], &[0xFF]), Some(Digest::Sha256.of(&[0xFF])));
}

#[test]
fn the_puk_unblocks_with_and_without_a_new_pin() {
    let mut card = Terminal::with(&CardSpec { tries_left: Some(0), ..CardSpec::iasecc(KeyKind::P256) });
    card.expect(SELECT, 0x9000);
    card.expect(VERIFY, 0x6983);
    card.expect("00200083 08 3132333435363738", 0x9000);
    card.expect("002C0381", 0x9000);
    card.expect(VERIFY, 0x9000);
    card.expect("002C0281 08 35353535FFFFFFFF", 0x9000);
    card.expect("00200081 08 35353535FFFFFFFF", 0x9000);
}

#[test]
fn over_radio_nothing_in_the_application_can_be_used_before_pace() {
    let spec = CardSpec { interface: Some(Interface::Contactless), ..CardSpec::iasecc(KeyKind::P256) };
    let mut reader = Reader::with(&spec);
    reader.expect("00A4020C 02 011C", 0x9000);
    reader.data("00B00000 00");
    reader.expect(SELECT, 0x9000);
    reader.expect("00A4020C 02 3401", 0x9000);
    for command in ["00B00000 00", VERIFY, "00CB3FFF 0A 4D087006BF810102A080 00", "002241A4 06 840181 800104"]
    {
        reader.expect(command, 0x6982);
    }
    assert!(reader.pace(&USUAL, PasswordKind::Can, b"654321").is_err());
    assert!(reader.pace(&USUAL, PasswordKind::Can, b"123456").is_ok());
    reader.expect(SELECT, 0x9000);
    reader.expect("002241A4 06 840181 800104", 0x9000);
    reader.expect(VERIFY, 0x9000);
    assert_eq!(reader.data(&format!("00880000 20 {} 00", "5A".repeat(32))).len(), 64);
}
