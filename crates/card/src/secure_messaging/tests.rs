//! The exchanges that standards print, and answers that are not the card's.

use proptest::prelude::*;

use super::*;
use crate::test_hex::hex;

fn session(cipher: Cipher, k_enc: &str, k_mac: &str, ssc: &str) -> SecureMessaging {
    SecureMessaging::new(cipher, hex(k_enc).into(), hex(k_mac).into(), &hex(ssc)).unwrap()
}

/// 9303-11 appendix D.4.
fn appendix_d_4() -> SecureMessaging {
    session(
        Cipher::TripleDes,
        "979EC13B1CBFE9DCD01AB0FED307EAE5",
        "F1CB1F1FB5ADF208806B89DC579DC1F8",
        "887022120C06C226",
    )
}

fn answer(bytes: &str) -> Response {
    Response::parse(hex(bytes)).unwrap()
}

#[test]
fn the_exchanges_of_9303_11_appendix_d_4_come_out_byte_for_byte() {
    let mut session = appendix_d_4();
    for (header, data, le, command, protected, plain) in [
        (
            [0x00, 0xA4, 0x02, 0x0C],
            "011E",
            None,
            "0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800",
            "990290008E08FA855A5D4C50A8ED9000",
            "9000",
        ),
        (
            [0x00, 0xB0, 0x00, 0x00],
            "",
            Some(4),
            "0CB000000D9701048E08ED6705417E96BA5500",
            "8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000",
            "60145F019000",
        ),
        (
            [0x00, 0xB0, 0x00, 0x04],
            "",
            Some(18),
            "0CB000040D9701128E082EA28A70F3C7B53500",
            "871901FB9235F4E4037F2327DCC8964F1F9B8C30F42C8E2FFF224A990290008E08C8B2787EAEA07D749000",
            "04303130365F36063034303030305C0261759000",
        ),
    ] {
        assert_eq!(session.wrap(header, &hex(data), le, LengthForm::Short).unwrap(), hex(command));
        assert_eq!(session.unwrap(&answer(protected)), Ok(answer(plain)));
    }
    assert_eq!(session.ssc, hex("887022120C06C22C"));
}

#[test]
fn aes_gives_the_values_of_the_worked_example_of_tr_03110() {
    // MSE:Set DST in the EACv2 example: data, cryptogram, and the answer's objects and checksum
    let mut session = session(
        Cipher::Aes128,
        "68406B4162100563D9C901A6154D2901",
        "73FF268784F72AF833FDC9464049AFC9",
        "00000000000000000000000000000000",
    );
    let command = session
        .wrap([0x00, 0x22, 0x81, 0xB6], &hex("830D44454356434141543030303031"), None, LengthForm::Short)
        .unwrap();
    assert_eq!(command[..8], hex("0C2281B61D871101"));
    assert_eq!(command[8..24], hex("BE90237EEB4BA0FF253EA246AE31C8B8"));
    assert_eq!(session.unwrap(&answer("990290008E08A89570A68664A7D69000")), Ok(answer("9000")));
}

#[test]
fn a_command_without_data_and_le_is_authenticated_by_its_header_alone() {
    let mut session = appendix_d_4();
    let command = session.wrap([0x00, 0x20, 0x00, 0x01], &[], None, LengthForm::Short).unwrap();
    let mac = Cipher::TripleDes
        .mac8_blocks(&hex("F1CB1F1FB5ADF208806B89DC579DC1F8"), &hex("887022120C06C2270C20000180000000"))
        .unwrap();
    assert_eq!(command, [&hex("0C2000010A8E08")[..], &mac, &[0]].concat());
}

#[test]
fn odd_instructions_and_extended_length_have_the_forms_of_iso_7816_4() {
    let mut session = appendix_d_4();
    let odd = session.wrap([0x00, 0xB1, 0x00, 0x00], &hex("540100"), Some(256), LengthForm::Short).unwrap();
    assert_eq!(odd[..7], hex("0CB10000178508"));
    assert_eq!(odd[15..18], hex("970100"));
    let long = session.wrap([0x00, 0x2A, 0x00, 0xBE], &[7; 300], Some(65_536), LengthForm::Extended).unwrap();
    // 305 bytes of DO 87 are padding indicator and 304 bytes of cryptogram
    assert_eq!(long[..12], hex("0C2A00BE000143878201310100")[..12]);
    assert_eq!(long[316..320], hex("97020000"));
    assert_eq!(long[long.len() - 2..], [0, 0]);
    assert_eq!(session.wrap([0x40, 0x84, 0, 0], &[], Some(8), LengthForm::Short).unwrap()[0], 0x60);
    assert_eq!(session.wrap([0x10, 0x86, 0, 0], &[], Some(8), LengthForm::Short).unwrap()[0], 0x1C);
}

#[test]
fn answers_that_are_not_the_cards_are_refused_by_what_is_wrong() {
    let fault = |bytes: &str| {
        let mut session = appendix_d_4();
        session.wrap([0x00, 0xA4, 0x02, 0x0C], &hex("011E"), None, LengthForm::Short).unwrap();
        session.unwrap(&answer(bytes)).unwrap_err()
    };
    assert_eq!(
        fault("6988"),
        SecureMessagingFault::Unprotected { status: StatusWord(0x6988) },
        "outside the session"
    );
    assert_eq!(fault("990290008E08FA855A5D4C50A8EE9000"), SecureMessagingFault::Mac);
    assert_eq!(fault("990290008E07FA855A5D4C50A89000"), SecureMessagingFault::Mac, "a short checksum");
    assert_eq!(fault("8E08FA855A5D4C50A8ED990290009000"), SecureMessagingFault::Format, "another order");
    assert_eq!(fault("990290008E8108FA855A5D4C50A8ED9000"), SecureMessagingFault::Format, "a longer length");
    assert_eq!(fault("990290009000"), SecureMessagingFault::Format, "no checksum");
    assert_eq!(fault("990290008E08FA855A5D4C50A8ED009000"), SecureMessagingFault::Format, "more behind it");
    assert_eq!(fault("81021234990290008E08FA855A5D4C50A8ED9000"), SecureMessagingFault::Format, "plain data");
    assert_eq!(
        fault("990290008E08FA855A5D4C50A8ED6A82"),
        SecureMessagingFault::Status { outer: StatusWord(0x6A82), inner: StatusWord(0x9000) }
    );
}

#[test]
fn a_session_shows_its_cipher_and_no_key() {
    assert_eq!(format!("{:?}", appendix_d_4()), "SecureMessaging { cipher: TripleDes, .. }");
}

#[test]
fn the_largest_reads_are_those_that_readers_of_passports_use() {
    let aes = SecureMessaging::from_secret(Cipher::Aes256, &[1]).unwrap();
    assert_eq!((appendix_d_4().max_plain_response(256), aes.max_plain_response(256)), (231, 223));
    assert_eq!((appendix_d_4().max_plain_response(13), aes.max_plain_response(0)), (0, 0));
}

proptest! {
    #[test]
    fn the_largest_length_fits_and_one_byte_more_does_not(
        cipher in proptest::sample::select(&[Cipher::TripleDes, Cipher::Aes192][..]),
        limit in 60_usize..70_000, ins in any::<u8>(), le in proptest::option::of(1_usize..70_000),
    ) {
        let session = SecureMessaging::from_secret(cipher, &[1]).unwrap();
        let most = session.max_plain_response(limit);
        prop_assert!(session.protected_answer_length(most) <= limit);
        prop_assert!(session.protected_answer_length(most + 1) > limit);
        let most = session.max_plain_data(ins, le, limit);
        prop_assert!(session.protected_data_length(ins, most, le) <= limit);
        prop_assert!(session.protected_data_length(ins, most + 1, le) > limit);
    }

    #[test]
    fn the_length_told_before_is_the_length_that_comes_out(
        cipher in proptest::sample::select(&[Cipher::TripleDes, Cipher::Aes192][..]),
        data in proptest::collection::vec(any::<u8>(), 0..600), ins in any::<u8>(),
        le in proptest::option::of(1_usize..=65_536),
    ) {
        let mut session = SecureMessaging::from_secret(cipher, &[1]).unwrap();
        let told = session.protected_data_length(ins, data.len(), le);
        let apdu = session.wrap([0, ins, 0, 0], &data, le, LengthForm::Extended).unwrap();
        prop_assert_eq!(apdu.len(), 4 + 3 + told + 2);
        let short = session.wrap([0, ins, 0, 0], &data, le, LengthForm::Short);
        prop_assert_eq!(short.is_ok(), told <= 255);
    }

    #[test]
    fn any_answer_ends_in_a_fault_and_not_in_a_panic(
        data in proptest::collection::vec(any::<u8>(), 0..80), status in any::<u16>(),
    ) {
        let answer = Response { data, status: StatusWord(status) };
        prop_assert!(appendix_d_4().unwrap(&answer).is_err());
    }
}
