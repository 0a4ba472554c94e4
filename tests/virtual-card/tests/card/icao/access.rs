//! Who gets in: basic access control, PACE in every form, the states of passwords.

use bitaqa_curves::{Curve, modp::Group};
use bitaqa_virtual_card::{
    CardSpec,
    icao::{
        cipher::Cipher,
        domain::Domain,
        order::{DocumentOrder, PasswordOrder},
        pace::{Mapping, Offer, PasswordKind, PasswordState},
    },
    pin::Pin,
    rules::Protocol,
    spec::{Hypothesis, Personality},
};

use super::terminal::{Reader, SELECT_APPLICATION, USUAL};
use crate::terminal::bytes;

fn with(offer: Offer) -> CardSpec {
    let order = DocumentOrder { pace: Some(vec![offer]), groups: Some(vec![1]), ..DocumentOrder::default() };
    CardSpec::cnie_2(Hypothesis::IcaoOnly, 0).with_document(order)
}

fn with_passwords(passwords: PasswordOrder) -> Reader {
    let order = DocumentOrder {
        pace: Some(vec![USUAL]),
        groups: Some(vec![1]),
        passwords: PasswordOrder { pin: Some(Pin::new("123456").unwrap()), ..passwords },
        ..DocumentOrder::default()
    };
    Reader::with(&CardSpec::cnie_2(Hypothesis::IcaoOnly, 0).with_document(order))
}

#[test]
fn a_passport_opens_with_its_zone_and_gives_no_file_before() {
    let spec = CardSpec::new(Personality::PassportBac);
    let mut reader = Reader::with(&spec);
    reader.expect("00A4020C 02 011C", 0x6A82);
    reader.expect(SELECT_APPLICATION, 0x9000);
    reader.expect("00B08100 04", 0x6982);
    reader.expect("00B09E00 04", 0x6982);
    let mrz = spec.mrz().unwrap();
    assert_eq!(reader.mutual_authentication("AB12345600900101131123107"), Err(0x6300));
    reader.mutual_authentication(mrz.information()).unwrap();
    let dg1 = reader.read(1).unwrap();
    assert_eq!(dg1[5..], *mrz.text().as_bytes());
    assert_eq!(reader.read(3), Err(0x6A82));
}

#[test]
fn a_challenge_is_good_for_one_try() {
    let spec = CardSpec::new(Personality::PassportBac);
    let mut reader = Reader::with(&spec);
    reader.expect(SELECT_APPLICATION, 0x9000);
    let wrong = format!("00820000 28 {} 28", "00".repeat(40));
    reader.expect(&wrong, 0x6985);
    reader.data("00840000 08");
    reader.expect(&wrong, 0x6300);
    reader.expect(&wrong, 0x6985);
}

#[test]
fn every_mapping_works_with_every_cipher_on_every_curve_and_in_every_group() {
    let curves = Curve::ALL.map(Domain::Curve);
    let groups = Group::ALL.map(Domain::Group);
    let mut tried = 0;
    for mapping in [Mapping::Generic, Mapping::Integrated, Mapping::ChipAuthentication] {
        for cipher in [Cipher::TripleDes, Cipher::Aes128, Cipher::Aes192, Cipher::Aes256] {
            for domain in curves.into_iter().chain(groups) {
                let offer = Offer { mapping, cipher, domain };
                if !offer.exists() {
                    continue;
                }
                let mut spec = with(offer);
                if mapping == Mapping::ChipAuthentication {
                    let key = bitaqa_virtual_card::icao::order::ChipAuthenticationOrder { cipher, domain };
                    spec.document.as_mut().unwrap().chip_authentication = Some(vec![key]);
                }
                let mut reader = Reader::with(&spec);
                reader.pace(&offer, PasswordKind::Can, b"123456").map_err(|status| (offer, status)).unwrap();
                reader.expect(SELECT_APPLICATION, 0x9000);
                assert_eq!(reader.read(1).unwrap().len(), 95, "{offer:?}");
                tried += 1;
            }
        }
    }
    // 14 domains with 4 ciphers; the integrated mapping not on P-224; chip authentication mapping on curves, with AES
    assert_eq!(tried, 56 + 52 + 33);
}

#[test]
fn the_chip_authentication_mapping_shows_the_static_key() {
    let spec = CardSpec::cnie_2(Hypothesis::IasEccCam, 0);
    let offer = Offer { mapping: Mapping::ChipAuthentication, ..USUAL };
    let mut reader = Reader::with(&spec);
    let opened = reader.pace(&offer, PasswordKind::Can, b"123456").unwrap();
    let curve = Curve::BrainpoolP256r1;
    let data = curve.scalar(&opened.chip_authentication_data.unwrap()).unwrap();
    let security = reader.read(0x1D).unwrap();
    // the public key stands in EF.CardSecurity, and nowhere else does a point of its size
    let key = security
        .windows(65)
        .filter(|window| window[0] == 0x04)
        .filter_map(|window| curve.decode_point(window).ok())
        .find(|key| key.mul(&data).encode() == opened.mapping_key);
    assert!(key.is_some());
}

#[test]
fn the_zone_opens_the_chip_as_the_number_does() {
    let spec = with(USUAL);
    let mut reader = Reader::with(&spec);
    let mrz = spec.mrz().unwrap();
    reader.pace(&USUAL, PasswordKind::Mrz, &mrz.hash()).map(drop).unwrap();
    reader.expect(SELECT_APPLICATION, 0x9000);
    reader.read(0x1E).unwrap();
}

#[test]
fn a_wrong_number_is_told_late_slows_the_chip_and_never_blocks_it() {
    let mut reader = with_passwords(PasswordOrder { delay_milliseconds: 1_000, ..PasswordOrder::default() });
    for failures in 1..4 {
        assert_eq!(reader.pace(&USUAL, PasswordKind::Can, b"654321").err(), Some(0x6300));
        assert_eq!(
            reader.card.password_state(PasswordKind::Can),
            Some(PasswordState::NonBlocking { failures })
        );
        assert_eq!(reader.choose(&USUAL, PasswordKind::Can), 0x9000);
        let wait = reader.card.transmit(Protocol::T1, &bytes("10860000 02 7C00 00")).wait;
        assert!(wait.as_millis() > u128::from(failures) * 1_000 - 200, "{wait:?}");
    }
    reader.pace(&USUAL, PasswordKind::Can, b"123456").map(drop).unwrap();
    assert_eq!(
        reader.card.password_state(PasswordKind::Can),
        Some(PasswordState::NonBlocking { failures: 0 })
    );
}

#[test]
fn the_last_try_of_a_pin_waits_for_the_number_on_the_card() {
    let mut reader = with_passwords(PasswordOrder::default());
    assert_eq!(reader.choose(&USUAL, PasswordKind::Pin), 0x9000);
    assert_eq!(reader.pace(&USUAL, PasswordKind::Pin, b"000000").err(), Some(0x63C2));
    assert_eq!(reader.choose(&USUAL, PasswordKind::Pin), 0x63C2);
    assert_eq!(reader.pace(&USUAL, PasswordKind::Pin, b"000000").err(), Some(0x63C1));
    assert_eq!(reader.choose(&USUAL, PasswordKind::Pin), 0x63C1);
    assert_eq!(reader.pace(&USUAL, PasswordKind::Pin, b"123456").err(), Some(0x6985), "suspended");
    reader.pace(&USUAL, PasswordKind::Can, b"123456").map(drop).unwrap();
    reader.pace(&USUAL, PasswordKind::Pin, b"123456").map(drop).unwrap();
    assert_eq!(
        reader.card.password_state(PasswordKind::Pin),
        Some(PasswordState::Counted { left: 3, of: 3 })
    );
}

#[test]
fn a_pin_without_tries_is_blocked_until_its_puk_resets_it() {
    let passwords = PasswordOrder {
        pin_tries_left: Some(1),
        puk: Some(Pin::new("1234567890").unwrap()),
        ..PasswordOrder::default()
    };
    let mut reader = with_passwords(passwords);
    reader.pace(&USUAL, PasswordKind::Can, b"123456").map(drop).unwrap();
    assert_eq!(reader.pace(&USUAL, PasswordKind::Pin, b"000000").err(), Some(0x63C0));
    reader.session = None;
    assert_eq!(reader.pace(&USUAL, PasswordKind::Pin, b"123456").err(), Some(0x6983));
    reader.pace(&USUAL, PasswordKind::Puk, b"1234567890").map(drop).unwrap();
    reader.expect("002C0303", 0x9000);
    reader.session = None;
    reader.card.reset();
    reader.pace(&USUAL, PasswordKind::Pin, b"123456").map(drop).unwrap();
}

#[test]
fn a_pin_changes_in_the_session_that_it_opened() {
    let mut reader = with_passwords(PasswordOrder::default());
    reader.pace(&USUAL, PasswordKind::Can, b"123456").map(drop).unwrap();
    reader.expect("002C0203 06 313131313131", 0x6982);
    reader.pace(&USUAL, PasswordKind::Pin, b"123456").map(drop).unwrap();
    reader.expect("002C0203 03 313131", 0x6700);
    reader.expect("002C0203 06 313131313131", 0x9000);
    reader.session = None;
    reader.card.reset();
    assert_eq!(reader.pace(&USUAL, PasswordKind::Pin, b"123456").err(), Some(0x63C2));
    reader.pace(&USUAL, PasswordKind::Pin, b"111111").map(drop).unwrap();
}

#[test]
fn a_deactivated_pin_says_so() {
    let mut reader = with_passwords(PasswordOrder { pin_deactivated: true, ..PasswordOrder::default() });
    assert_eq!(reader.choose(&USUAL, PasswordKind::Pin), 0x6283);
    reader.expect("10860000 02 7C00 00", 0x6984);
}

#[test]
fn steps_out_of_order_end_the_run() {
    let mut reader = Reader::with(&with(USUAL));
    reader.expect("10860000 02 7C00 00", 0x6985);
    assert_eq!(reader.choose(&USUAL, PasswordKind::Puk), 0x6A88);
    let other = Offer { domain: Domain::Curve(Curve::P256), ..USUAL };
    assert_eq!(reader.choose(&other, PasswordKind::Can), 0x6A88);
    let other = Offer { cipher: Cipher::Aes256, ..USUAL };
    assert_eq!(reader.choose(&other, PasswordKind::Can), 0x6A80);
    for wrong in ["00860000 02 7C00 00", "10860000 04 7C028100 00", "10860000 02 7D00 00", "10860000 00"] {
        assert_eq!(reader.choose(&USUAL, PasswordKind::Can), 0x9000);
        reader.expect(wrong, 0x6A80);
        reader.expect("10860000 02 7C00 00", 0x6985);
    }
}

#[test]
fn points_off_the_curve_and_the_chips_own_are_refused() {
    let mut reader = Reader::with(&with(USUAL));
    for point in [&"00".repeat(64), &"11".repeat(64)] {
        assert_eq!(reader.choose(&USUAL, PasswordKind::Can), 0x9000);
        reader.data("10860000 02 7C00 00");
        reader.expect(&format!("10860000 45 7C438141 04 {point} 00"), 0x6A80);
        reader.expect("10860000 02 7C00 00", 0x6985);
    }
}

#[test]
fn a_command_in_the_clear_ends_the_session() {
    let mut reader = Reader::with(&with(USUAL));
    reader.pace(&USUAL, PasswordKind::Can, b"123456").map(drop).unwrap();
    reader.expect(SELECT_APPLICATION, 0x9000);
    reader.read(1).unwrap();
    let (_, status) = reader.transmit(&bytes("00B08100 04"));
    assert_eq!(status, 0x6982);
    reader.expect("00B08100 04", 0x6988);
}

#[test]
fn a_wrong_code_ends_the_session() {
    let mut reader = Reader::with(&with(USUAL));
    reader.pace(&USUAL, PasswordKind::Can, b"123456").map(drop).unwrap();
    let mut session = reader.session.clone().unwrap();
    let mut command = session.wrap(&bytes(SELECT_APPLICATION));
    let last = command.len() - 2;
    command[last] ^= 1;
    assert_eq!(reader.transmit(&command), (Vec::new(), 0x6988));
    reader.expect(SELECT_APPLICATION, 0x6988);
    // what was sent before is worth nothing again
    reader.pace(&USUAL, PasswordKind::Can, b"123456").map(drop).unwrap();
    let mut session = reader.session.clone().unwrap();
    let command = session.wrap(&bytes(SELECT_APPLICATION));
    assert_eq!(reader.transmit(&command).1, 0x9000);
    assert_eq!(reader.transmit(&command), (Vec::new(), 0x6988));
}
