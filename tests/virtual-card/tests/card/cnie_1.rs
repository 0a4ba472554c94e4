//! The card that opens with its issuer's key.

use aes::Aes128;
use bitaqa_virtual_card::{
    CardSpec,
    cnie_1::{APPLICATION, TEST_ISSUER_KEY},
    spec::Personality,
};
use cmac::{Cmac, KeyInit as _, Mac as _};

use crate::terminal::Terminal;

fn selected() -> Terminal {
    let mut card = Terminal::with(&CardSpec::new(Personality::Cnie1).for_person("maryam"));
    let name: String = APPLICATION.iter().map(|byte| format!("{byte:02X}")).collect();
    card.expect(&format!("00A4040C 09 {name}"), 0x9000);
    card
}

fn answer(challenge: &[u8], key: [u8; 16]) -> String {
    let mut mac = Cmac::<Aes128>::new(&key.into());
    mac.update(challenge);
    let cryptogram: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02X}")).collect();
    format!("00820001 10 {cryptogram}")
}

#[test]
fn nothing_is_read_without_the_issuers_key() {
    let mut card = selected();
    card.expect("00A4020C 02 0001", 0x9000);
    card.expect("00B00000 00", 0x6982);
    let challenge = card.data("00840000 10");
    card.expect(&answer(&challenge, *b"another test key"), 0x6300);
    card.expect("00B00000 00", 0x6982);
}

#[test]
fn the_issuers_key_opens_the_files_until_the_next_reset() {
    let mut card = selected();
    let challenge = card.data("00840000 10");
    card.expect(&answer(&challenge, TEST_ISSUER_KEY), 0x9000);
    card.expect("00A4020C 02 0001", 0x9000);
    let data = card.data("00B00000 00");
    assert_eq!(data[..2], [0x81, 10]);
    assert_eq!(&data[2..12], "نموذج".as_bytes());
    card.expect("00A4020C 02 0002", 0x9000);
    assert_eq!(card.data("00B00000 00")[..2], [0xFF, 0xD8]);
    card.card.reset();
    card.send("00A40400 04 F0425451");
    card.expect("00A4020C 02 0001", 0x9000);
    card.expect("00B00000 00", 0x6982);
}

#[test]
fn a_challenge_is_good_once() {
    let mut card = selected();
    card.expect(&answer(&[0; 16], TEST_ISSUER_KEY), 0x6985);
    let challenge = card.data("00840000 10");
    card.expect(&answer(&challenge, TEST_ISSUER_KEY), 0x9000);
    card.expect(&answer(&challenge, TEST_ISSUER_KEY), 0x6985);
    card.expect("00A4020C 02 0001", 0x9000);
    card.expect("00B00000 00", 0x6982);
    let short = card.data("00840000 08");
    card.expect(&answer(&short, TEST_ISSUER_KEY), 0x6985);
    card.expect("00820002 00", 0x6A88);
    card.expect("00820101 00", 0x6A86);
}
