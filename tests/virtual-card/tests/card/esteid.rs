//! The Estonian card: the recipe that clients follow, and what happens when they leave it.

use bitaqa_virtual_card::CardSpec;

use crate::terminal::Terminal;

const SELECT_MAIN: &str = "00A4040C 10 A000000077010800070000FE00000100";
const SELECT_AUTHENTICATION: &str = "00A4040C 0D E828BD080FF2504F5420415750";
const SELECT_SIGNATURE: &str = "00A4040C 10 51534344204170706C69636174696F6E";
const SET_AUTHENTICATION: &str = "002241A4 06 800104 840181";
const SET_SIGNATURE: &str = "002241B6 06 800154 84019F";
const VERIFY_PIN1: &str = "00200001 0C 31323334FFFFFFFFFFFFFFFF";
const VERIFY_WRONG_PIN1: &str = "00200001 0C 39393939FFFFFFFFFFFFFFFF";
const VERIFY_PIN2: &str = "00200085 0C 3132333435FFFFFFFFFFFFFF";
const VERIFY_PUK: &str = "00200002 0C 3132333435363738FFFFFFFF";

fn card() -> Terminal {
    Terminal::with(&CardSpec::esteid())
}

fn hash_command(header: &str) -> String {
    format!("{header} 30 {} 00", "5A".repeat(48))
}

#[test]
fn the_recipe_of_signing_in_works() {
    let mut card = card();
    card.expect(SELECT_MAIN, 0x9000);
    let control = card.data("00A40904 04 ADF13401 00");
    let length = card.card.certificates().authentication.der().len();
    assert_eq!(control[..4], [0x62, 0x04, 0x80, 0x02]);
    assert_eq!(usize::from(u16::from_be_bytes([control[4], control[5]])), length);
    card.expect(SELECT_AUTHENTICATION, 0x9000);
    card.expect(SET_AUTHENTICATION, 0x9000);
    card.expect(VERIFY_PIN1, 0x9000);
    assert_eq!(card.data(&hash_command("00880000")).len(), 96);
}

#[test]
fn a_certificate_comes_in_pieces_of_at_most_233_bytes() {
    let mut card = card();
    card.data("00A40904 04 ADF13401 00");
    let mut read = card.data("00B00000 00");
    assert_eq!(read.len(), 233);
    assert_eq!(card.data("00B000E9 FF").len(), 233);
    read.extend(card.data("00B000E9 E9"));
    loop {
        let [high, low] = u16::try_from(read.len()).unwrap().to_be_bytes();
        let (piece, status) = card.send(&format!("00B0{high:02X}{low:02X} E9"));
        if piece.is_empty() {
            assert_eq!(status, 0x6B00, "the end of the file");
            break;
        }
        read.extend(piece);
    }
    assert_eq!(read, card.card.certificates().authentication.der());
}

#[test]
fn counters_are_told_in_the_application_that_has_the_pin() {
    let mut card = card();
    let pin1 = "00CB3FFF 0A 4D087006BF810102A080 00";
    let pin2 = "00CB3FFF 0A 4D087006BF810502A080 00";
    let told = card.data(pin1);
    assert_eq!(told[..14], [0x70, 0x1E, 0xBF, 0x81, 0x01, 0x1A, 0xA0, 0x18, 0x9A, 1, 3, 0x9B, 1, 3]);
    assert_eq!(told.len(), 32);
    card.expect(pin2, 0x6A88);
    card.expect(SELECT_SIGNATURE, 0x9000);
    assert_eq!(card.data(pin2)[13], 3);
    card.expect(pin1, 0x6A88);
    card.expect("00CB3FFF 03 4D0170 00", 0x6A80);
}

#[test]
fn nothing_is_signed_without_the_pin() {
    let mut card = card();
    card.expect(SELECT_AUTHENTICATION, 0x9000);
    card.expect(&hash_command("00880000"), 0x6985);
    card.expect(SET_AUTHENTICATION, 0x9000);
    card.expect(&hash_command("00880000"), 0x6982);
    card.expect(VERIFY_WRONG_PIN1, 0x63C2);
    card.expect(&hash_command("00880000"), 0x6982);
    card.expect(SELECT_SIGNATURE, 0x9000);
    card.expect(SET_SIGNATURE, 0x9000);
    card.expect(VERIFY_PIN1, 0x9000);
    card.expect(&hash_command("002A9E9A"), 0x6982);
}

#[test]
fn the_authentication_pin_stays_verified_and_the_signature_pin_does_not() {
    let mut card = card();
    card.expect(VERIFY_PIN1, 0x9000);
    card.expect(SELECT_AUTHENTICATION, 0x9000);
    card.expect(SET_AUTHENTICATION, 0x9000);
    card.data(&hash_command("00880000"));
    card.data(&hash_command("00880000"));
    card.expect(SELECT_SIGNATURE, 0x9000);
    card.expect(SET_SIGNATURE, 0x9000);
    card.expect(VERIFY_PIN2, 0x9000);
    card.data(&hash_command("002A9E9A"));
    card.expect(&hash_command("002A9E9A"), 0x6982);
}

#[test]
fn reset_and_a_new_start_of_the_application_forget_the_pins() {
    for forget in ["reset", SELECT_MAIN] {
        let mut card = card();
        card.expect(VERIFY_PIN1, 0x9000);
        card.expect("00200001", 0x9000);
        if forget == "reset" {
            assert_eq!(card.card.reset().unwrap(), card.card.atr());
        } else {
            card.expect(SELECT_MAIN, 0x9000);
        }
        card.expect("00200001", 0x63C3);
    }
}

#[test]
fn a_key_is_used_only_as_it_was_made_for() {
    let mut card = card();
    card.expect(SELECT_AUTHENTICATION, 0x9000);
    card.expect("002241B6 06 800154 840181", 0x6A88);
    card.expect("002241A4 06 800105 840181", 0x6A80);
    card.expect("002241A4 06 800104 84019F", 0x6A88);
    card.expect(SET_AUTHENTICATION, 0x9000);
    card.expect(VERIFY_PIN1, 0x9000);
    card.expect("00880000 20 5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A 00", 0x6700);
    card.expect("00880001 01 5A 00", 0x6A86);
    // leaving the application forgets the environment
    card.expect(SELECT_SIGNATURE, 0x9000);
    card.expect(&hash_command("00880000"), 0x6985);
}

#[test]
fn the_puk_unblocks_both_pins() {
    let mut card = Terminal::with(&CardSpec {
        tries_left: Some(0),
        signature_tries_left: Some(0),
        ..CardSpec::esteid()
    });
    card.expect(VERIFY_PIN1, 0x6983);
    card.expect("002C0201 0C 31313131FFFFFFFFFFFFFFFF", 0x6982);
    card.expect(VERIFY_PUK, 0x9000);
    card.expect("002C0201 0C 31313131FFFFFFFFFFFFFFFF", 0x9000);
    card.expect("00200001 0C 31313131FFFFFFFFFFFFFFFF", 0x9000);
    card.expect(SELECT_SIGNATURE, 0x9000);
    card.expect("002C0285 0C 3232323232FFFFFFFFFFFFFF", 0x9000);
    card.expect("00200085 0C 3232323232FFFFFFFFFFFFFF", 0x9000);
}

#[test]
fn there_is_no_extended_length() {
    let mut card = card();
    card.data("00A40904 04 ADF13401 00");
    card.expect("00B00000 000000", 0x6700);
}

#[test]
fn the_personal_data_can_be_read() {
    let mut card = card();
    card.expect("00A4010C 02 5000", 0x9000);
    card.expect("00A4020C 02 5001", 0x9000);
    assert_eq!(card.data("00B00000 00"), b"EXEMPLE");
    card.expect("00A4020C 02 500F", 0x9000);
    assert_eq!(card.data("00B00000 00"), [0]);
    card.expect("00A4000C", 0x9000);
    card.expect("00A4020C 02 D003", 0x9000);
    assert_eq!(card.data("00B00000 0B"), b"\x04\x09AB1234560");
}

#[test]
fn the_ways_of_other_clients_work_too() {
    let mut card = card();
    // a file under the personal data, selected as if it were a directory
    card.expect("00A4010C 02 5000", 0x9000);
    card.expect("00A4010C 02 5006", 0x9000);
    assert_eq!(card.data("00B00000 00"), b"AB123456");
    // algorithms named in four bytes
    card.expect(VERIFY_PIN1, 0x9000);
    card.expect(SELECT_AUTHENTICATION, 0x9000);
    card.expect("002241A4 09 8004FF200800 840181", 0x9000);
    card.data(&hash_command("00880000"));
    card.expect(SELECT_SIGNATURE, 0x9000);
    card.expect("002241B6 09 8004FF150800 84019F", 0x9000);
    card.expect(VERIFY_PIN2, 0x9000);
    card.data(&hash_command("002A9E9A"));
}
