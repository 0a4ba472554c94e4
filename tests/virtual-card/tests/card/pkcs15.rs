//! The PKCS#15 card: SELECT in all its ways, the security environment, signatures with hashing in the card.

use bitaqa_virtual_card::{CardSpec, digest::Digest, private_key::KeyKind};

use crate::terminal::Terminal;

const SELECT: &str = "00A4040C 0C A000000063504B43532D3135";
const VERIFY: &str = "00200081 08 31323334FFFFFFFF";
const VERIFY_SIGNATURE: &str = "00200082 08 3132333435FFFFFF";

fn card(key: KeyKind) -> Terminal {
    of(&CardSpec::pkcs15(key))
}

fn of(spec: &CardSpec) -> Terminal {
    let mut card = Terminal::with(spec);
    card.expect(SELECT, 0x9000);
    card
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

#[test]
fn files_are_found_in_every_way_of_the_standard() {
    let mut card = Terminal::with(&CardSpec::pkcs15(KeyKind::P256));
    for (command, status) in [
        ("00A4000C 02 5015", 0x9000),
        ("00A4000C 02 5031", 0x9000),
        ("00A4000C 02 3F00", 0x9000),
        ("00A4010C 02 5015", 0x9000),
        ("00A4010C 02 5031", 0x6A82),
        ("00A4020C 02 5031", 0x9000),
        ("00A4030C", 0x9000),
        ("00A4030C", 0x6A82),
        ("00A4040C 05 A000000063", 0x9000),
        ("00A4040C 05 A000000064", 0x6A82),
        ("00A4080C 04 50155032", 0x9000),
        ("00A4080C 04 50155099", 0x6A82),
        ("00A4090C 02 4402", 0x9000),
        ("00A4080C 03 501550", 0x6A87),
        ("00A4050C 02 4402", 0x6A86),
        ("00A40010 02 3F00", 0x6A86),
        ("00A40002 02 3F00", 0x6A81),
        ("00B00000 00", 0x9000),
    ] {
        let (_, got) = card.send(command);
        assert_eq!(format!("{got:04X}"), format!("{status:04X}"), "{command}");
    }
}

#[test]
fn a_directory_has_nothing_to_read() {
    let mut card = card(KeyKind::P256);
    card.expect("00B00000 00", 0x6986);
}

#[test]
fn the_environment_chooses_key_and_algorithm() {
    let mut card = card(KeyKind::P256);
    card.expect("002A9E9A 20 5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A 00", 0x6985);
    card.expect("002241B6 03 840109", 0x6A88);
    card.expect("002241B6 06 800177 840101", 0x6A80);
    card.expect("002241B6 02 8401", 0x6A80);
    card.expect("002241C6 03 840101", 0x6A86);
    card.expect("002241B8 03 840101", 0x6A81);
    card.expect("0022F301", 0x9000);
    card.expect("0022F309", 0x6A88);
    card.expect("0022F201", 0x6A81);
    card.expect("002241B6 06 800130 840101", 0x9000);
    card.expect(VERIFY, 0x9000);
    let sign = format!("002A9E9A 20 {} 00", "5A".repeat(32));
    assert_eq!(card.data(&sign).len(), 64);
    card.expect("0022F301", 0x9000);
    card.expect(&sign, 0x6985);
}

#[test]
fn each_use_of_the_signature_key_asks_for_its_pin() {
    let mut card = card(KeyKind::P256);
    card.expect("002241B6 06 800130 840102", 0x9000);
    card.expect(VERIFY_SIGNATURE, 0x9000);
    let sign = format!("002A9E9A 20 {} 00", "5A".repeat(32));
    card.data(&sign);
    card.expect(&sign, 0x6982);
    card.expect(VERIFY_SIGNATURE, 0x9000);
    card.data(&sign);
}

#[test]
fn the_card_hashes_itself_or_takes_a_hash() {
    let message = b"the message";
    let mut card = card(KeyKind::P384);
    card.expect("002241B6 06 800170 840101", 0x9000);
    card.expect(VERIFY, 0x9000);
    card.expect("002A9E9A 00", 0x6985);
    card.expect(&format!("002A9080 {:02X} {}", message.len(), hexadecimal(message)), 0x9000);
    let own = card.data("002A9E9A 00");
    let value = Digest::Sha384.of(message);
    card.expect(&format!("002A90A0 32 9030 {}", hexadecimal(&value)), 0x9000);
    // deterministic ECDSA: the same value gives the same signature
    assert_eq!(card.data("002A9E9A 00"), own);
    assert_eq!(card.data(&format!("002A9E9A 30 {} 00", hexadecimal(&value))), own);
    card.expect("002A90A0 04 9002FFFF", 0x6A80);
}

#[test]
fn rsa_takes_what_each_algorithm_asks_for() {
    let mut card = card(KeyKind::Rsa2048);
    card.expect(VERIFY, 0x9000);
    let hash = Digest::Sha256.of(b"the message");
    let info = hexadecimal(&Digest::Sha256.info(&hash));
    card.expect("002241B6 06 800110 840101", 0x9000);
    let padded_by_card = card.data(&format!("002A9E9A 33 {info} 00"));
    assert_eq!(padded_by_card.len(), 256);
    card.expect("002241B6 06 800140 840101", 0x9000);
    assert_eq!(card.data(&format!("002A9E9A 20 {} 00", hexadecimal(&hash))), padded_by_card);
    card.expect("002A9E9A 02 FFFF 00", 0x6700);
    card.expect("002241B6 06 800100 840101", 0x9000);
    let block = format!("0001{}00{info}", "FF".repeat(256 - 3 - 51));
    assert_eq!(card.data(&format!("002A9E9A 000100 {block} 0000")), padded_by_card);
    card.expect(&format!("002A9E9A 000100 {} 0000", "FF".repeat(256)), 0x6A80);
    card.expect("002241B6 06 800150 840101", 0x9000);
    let pss = card.data(&format!("002A9E9A 20 {} 00", hexadecimal(&hash)));
    let again = card.data(&format!("002A9E9A 20 {} 00", hexadecimal(&hash)));
    assert_eq!(pss.len(), 256);
    assert_ne!(pss, again, "the salt is drawn each time");
}

#[test]
fn a_card_with_every_algorithm_takes_a_value_of_the_length_of_each_hash() {
    for (key, first, bytes) in [
        (KeyKind::P521, 0x60, 132),
        (KeyKind::BrainpoolP384r1, 0x60, 96),
        (KeyKind::BrainpoolP512r1, 0x60, 128),
        (KeyKind::Rsa3072, 0x40, 384),
        (KeyKind::Rsa2048Pss, 0x50, 256),
    ] {
        let mut card = of(&CardSpec { every_algorithm: Some(true), ..CardSpec::pkcs15(key) });
        card.expect(VERIFY, 0x9000);
        // SHA-256, SHA-384, SHA-512, and those of SHA-3
        for (algorithm, length) in (first..).zip([32, 48, 64, 32, 48, 64]) {
            card.expect(&format!("002241B6 06 8001{algorithm:02X} 840101"), 0x9000);
            let value = "5A".repeat(length);
            assert_eq!(card.data(&format!("002A9E9A 0000{length:02X} {value} 0000")).len(), bytes);
            card.expect(&format!("002A9E9A 0000{:02X} {value}5A 0000", length + 1), 0x6700);
        }
    }
    // a key for RSASSA-PSS alone has no other algorithm
    for every_algorithm in [None, Some(true)] {
        let mut card = of(&CardSpec { every_algorithm, ..CardSpec::pkcs15(KeyKind::Rsa2048Pss) });
        for algorithm in ["00", "10", "40"] {
            card.expect(&format!("002241B6 06 8001{algorithm} 840101"), 0x6A80);
        }
        card.expect("002241B6 06 800150 840101", 0x9000);
    }
}

#[test]
fn the_authentication_key_also_answers_internal_authenticate() {
    let mut card = card(KeyKind::BrainpoolP256r1);
    card.expect("002241A4 06 800130 840101", 0x9000);
    card.expect(VERIFY, 0x9000);
    assert_eq!(card.data(&format!("00880000 20 {} 00", "5A".repeat(32))).len(), 64);
    card.expect("00880000", 0x6700);
}
