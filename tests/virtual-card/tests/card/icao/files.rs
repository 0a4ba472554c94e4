//! What is in the document, and who is told.

use bitaqa_virtual_card::{
    CardSpec,
    icao::{
        logical_data_structure::{BiometricEncoding, PortraitFormat, PortraitOrder},
        order::DocumentOrder,
        pace::PasswordKind,
    },
    spec::{Hypothesis, Personality},
};

use super::terminal::{Reader, SELECT_APPLICATION, USUAL};

fn opened(spec: &CardSpec) -> Reader {
    let mut reader = Reader::with(spec);
    reader.pace(&USUAL, PasswordKind::Can, b"123456").map(drop).unwrap();
    reader.expect(SELECT_APPLICATION, 0x9000);
    reader
}

#[test]
fn what_leads_to_the_document_is_open_to_anybody() {
    let mut reader = Reader::with(&CardSpec::cnie_2(Hypothesis::IasEccCam, 0));
    assert_eq!(reader.read(0x1C).unwrap()[0], 0x31);
    assert_eq!(reader.read(0x1E).unwrap()[..2], [0x61, 0x09]);
    assert_eq!(reader.read(0x01).unwrap()[0], 0x47);
    assert_eq!(reader.read(0x1D), Err(0x6982));
}

#[test]
fn fingerprints_are_refused() {
    let mut reader = opened(&CardSpec::cnie_2(Hypothesis::Pkcs15Gm, 0));
    assert_eq!(reader.read(3), Err(0x6982));
    for group in [1, 2, 7, 11, 12, 13, 14, 16] {
        reader.read(group).map_err(|status| (group, status)).unwrap();
    }
    assert_eq!(reader.read(5), Err(0x6A82));
    reader.read(0x1D).unwrap();
    reader.read(0x1E).unwrap();
}

#[test]
fn a_long_portrait_is_read_in_long_and_in_short_pieces() {
    for encoding in [BiometricEncoding::Iso19794, BiometricEncoding::Iso39794] {
        for format in [PortraitFormat::Jpeg, PortraitFormat::Jpeg2000] {
            let portrait = PortraitOrder { encoding, format, size: 20_000 };
            let order = DocumentOrder { portrait, pace: Some(vec![USUAL]), ..DocumentOrder::default() };
            let mut reader = opened(&CardSpec::cnie_2(Hypothesis::IcaoOnly, 0).with_document(order));
            let portrait = reader.read(2).unwrap();
            assert!(portrait.len() > 20_000);
            let (long, status) = reader.send("00B08200 000000");
            assert_eq!((long == portrait, status), (true, 0x9000));
            let (middle, status) = reader.send("00B00100 000400");
            assert_eq!((&middle[..], status), (&portrait[0x100..0x500], 0x9000));
        }
    }
}

#[test]
fn a_short_le_gets_what_fits_around_the_protection() {
    let mut reader = opened(&CardSpec::cnie_2(Hypothesis::Pkcs15Gm, 0));
    let all = reader.read(2).unwrap();
    let (piece, status) = reader.send("00B08200 00");
    assert_eq!((&piece[..], status), (&all[..piece.len()], 0x9000));
    assert!((200..256).contains(&piece.len()), "{}", piece.len());
}

#[test]
fn odd_instructions_read_with_an_offset_object() {
    let mut reader = opened(&CardSpec::cnie_2(Hypothesis::Pkcs15Gm, 0));
    let all = reader.read(2).unwrap();
    // P1-P2 name the file by its short identifier; 54 is the offset, 53 holds the data
    let piece = reader.data("00B10002 04 54020010 0A");
    assert_eq!(piece, [&[0x53, 8][..], &all[0x10..0x18]].concat());
    reader.expect("00B10002 04 5402FFFF 0A", 0x6B00);
    reader.expect("00B10002 02 5500 0A", 0x6A80);
}

#[test]
fn a_chip_without_extended_lengths_says_so_and_works() {
    let spec = CardSpec { extended_length: Some(false), ..CardSpec::new(Personality::PassportBac) };
    let mut reader = Reader::with(&spec);
    let attributes = reader.data("00B08100 00");
    assert_eq!(attributes, [0x47, 3, 0xF4, 0x21, 0x80]);
    reader.expect("00B08100 000000", 0x6700);
    reader.mutual_authentication(spec.mrz().unwrap().information()).unwrap();
    reader.read(2).unwrap();
}
