//! What is on the chip beside the document: reached through PACE, at identifiers that a seed drew.

use std::collections::BTreeSet;

use bitaqa_virtual_card::{
    CardSpec,
    icao::{
        domain::Domain,
        pace::{Mapping, Offer, PasswordKind},
    },
    pin::PinFormat,
    spec::{Hypothesis, Interface, Personality},
};

use super::terminal::{Reader, SELECT_APPLICATION, USUAL, first_object};

fn digits(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

/// The name of the application that EF.DIR tells after the document's.
fn application(reader: &mut Reader) -> Vec<u8> {
    let directory = reader.data("00B09E00 00");
    let second = first_object(&directory[11..]).1;
    assert_eq!(second[0], 0x4F);
    first_object(second).1.to_vec()
}

fn select(name: &[u8]) -> String {
    format!("00A4040C {:02X} {}", name.len(), digits(name))
}

/// What the chip says to everything before PACE.
const CLOSED: [u16; 3] = [0x6982, 0x6985, 0x6987];

/// Selects what is behind PACE, before PACE: whether that works, and what the chip says to what does not.
fn closed_selection(reader: &mut Reader, name: &[u8]) -> (bool, u16) {
    match reader.send(&select(name)).1 {
        0x9000 => (true, reader.send("00B09100 00").1),
        refused => (false, refused),
    }
}

#[test]
fn the_application_is_closed_before_pace_and_open_after() {
    let mut ways = BTreeSet::new();
    for seed in 0..20 {
        let mut reader = Reader::with(&CardSpec::cnie_2(Hypothesis::Pkcs15Gm, seed));
        let name = application(&mut reader);
        let (selectable, refusal) = closed_selection(&mut reader, &name);
        assert!(CLOSED.contains(&refusal), "{refusal:04X}");
        ways.insert((selectable, refusal));
        if selectable {
            for command in ["00B09200 00", "00200081", "0020FF81", "002241B6 03 840101", "00880000 01 00 00"]
            {
                reader.expect(command, refusal);
            }
        }
        reader.expect("00A40000 02 3F00", 0x9000);
        reader.pace(&USUAL, PasswordKind::Can, b"123456").map(drop).unwrap();
        reader.expect(&select(&name), 0x9000);
        assert_eq!(reader.data("00B09100 00")[0], 0xA0);
        assert_eq!(reader.data("00B09200 00")[0], 0x30);
        // a command in the clear closes it again
        assert_eq!(reader.transmit(&[0x00, 0xB0, 0x91, 0x00, 0x00]).1, refusal);
    }
    assert!(
        ways.iter().any(|(selectable, _)| *selectable) && ways.iter().any(|(selectable, _)| !*selectable)
    );
    assert!(CLOSED.iter().all(|refusal| ways.iter().any(|(_, said)| said == refusal)), "{ways:04X?}");
}

#[test]
fn basic_access_control_does_not_open_it() {
    let spec = CardSpec { seed: Some(3), ..CardSpec::new(Personality::Bahrain2025) };
    let mut reader = Reader::with(&spec);
    let name = application(&mut reader);
    reader.mutual_authentication(spec.mrz().unwrap().information()).unwrap();
    assert!(CLOSED.contains(&closed_selection(&mut reader, &name).1));
    let offer = Offer { domain: Domain::Curve(bitaqa_curves::Curve::P256), ..USUAL };
    reader.pace(&offer, PasswordKind::Mrz, &spec.mrz().unwrap().hash()).map(drop).unwrap();
    reader.expect(&select(&name), 0x9000);
    reader.data("00B09100 00");
}

#[test]
fn through_contacts_the_application_needs_no_pace() {
    let spec = CardSpec { interface: Some(Interface::Contact), ..CardSpec::cnie_2(Hypothesis::Pkcs15Gm, 7) };
    let mut reader = Reader::with(&spec);
    let name = application(&mut reader);
    reader.expect(&select(&name), 0x9000);
    reader.data("00B09100 00");
}

#[test]
fn each_seed_draws_its_own_identifiers_and_always_the_same() {
    let mut names = BTreeSet::new();
    let mut lengths = BTreeSet::new();
    for seed in 0..20 {
        let spec = CardSpec::cnie_2(Hypothesis::Pkcs15Gm, seed);
        let name = application(&mut Reader::with(&spec));
        assert_eq!(name, application(&mut Reader::with(&spec)));
        assert_eq!(name[0], 0xF0);
        names.insert(name);
        lengths.insert(spec.pins().pin.digits().len());
    }
    assert_eq!(names.len(), 20);
    assert!(lengths.len() > 1);
}

#[test]
fn an_ias_ecc_application_tells_its_pins_after_the_chip_authentication_mapping() {
    for seed in 0..4 {
        let mut reader = Reader::with(&CardSpec::cnie_2(Hypothesis::IasEccCam, seed));
        let name = application(&mut reader);
        if closed_selection(&mut reader, &name).0 {
            let refused = reader.send("00CB3FFF 0A 4D08 7006 BF81 01 02 A080 00").1;
            assert!(CLOSED.contains(&refused), "{refused:04X}");
        }
        let offer = Offer { mapping: Mapping::ChipAuthentication, ..USUAL };
        reader.pace(&offer, PasswordKind::Can, b"123456").map(drop).unwrap();
        reader.expect(&select(&name), 0x9000);
        let told = (1..=30).filter(|number| {
            reader.send(&format!("00CB3FFF 0A 4D08 7006 BF81 {number:02X} 02 A080 00")).1 == 0x9000
        });
        assert_eq!(told.count(), 3);
        assert_eq!(reader.data("00B09100 00")[0], 0xA0);
    }
}

#[test]
fn a_pin_that_is_presented_under_protection_is_counted_in_the_log() {
    let mut reader = Reader::with(&CardSpec::cnie_2(Hypothesis::Pkcs15Gm, 7));
    let name = application(&mut reader);
    reader.pace(&USUAL, PasswordKind::Can, b"123456").map(drop).unwrap();
    reader.expect(&select(&name), 0x9000);
    // which reference it has is drawn: ask all
    let found: Vec<u8> = (0x81..=0x9F)
        .filter(|reference| reader.send(&format!("002000{reference:02X}")).1 == 0x63C3)
        .collect();
    assert_eq!(found.len(), 3);
    assert_eq!(reader.card.log().verify_count(), 0);
    reader.expect(&format!("002000{:02X} 01 00", found[0]), 0x6700);
    assert_eq!(reader.card.log().verify_count(), 1);
}

#[test]
fn a_pin_is_forgotten_with_the_session_in_which_it_was_verified() {
    let spec = CardSpec::cnie_2(Hypothesis::Pkcs15Gm, 7);
    let mut reader = Reader::with(&spec);
    let name = application(&mut reader);
    reader.pace(&USUAL, PasswordKind::Can, b"123456").map(drop).unwrap();
    reader.expect(&select(&name), 0x9000);
    let digits_of_pin = spec.pins().pin;
    // reference and form are drawn: a form of the wrong length costs no try
    let verified = (0x81..=0x9F_u8).find(|reference| {
        let forms = [
            PinFormat::Padded { length: 10, pad: 0xFF },
            PinFormat::Padded { length: 10, pad: 0x00 },
            PinFormat::Padded { length: 11, pad: 0xFF },
            PinFormat::Padded { length: 11, pad: 0x00 },
            PinFormat::Padded { length: 12, pad: 0xFF },
            PinFormat::Padded { length: 12, pad: 0x00 },
            PinFormat::Bcd { length: 6 },
            PinFormat::Bcd { length: 7 },
            PinFormat::Iso9564Format2,
        ];
        forms.iter().filter_map(|form| form.block(digits_of_pin.digits())).any(|block| {
            let command = format!("002000{reference:02X} {:02X} {}", block.len(), digits(&block));
            reader.send(&command).1 == 0x9000
        })
    });
    let query = format!("002000{:02X}", verified.unwrap());
    reader.expect(&query, 0x9000);
    reader.transmit(&[0x00, 0xA4, 0x00, 0x0C]);
    reader.session = None;
    reader.pace(&USUAL, PasswordKind::Can, b"123456").map(drop).unwrap();
    reader.expect(&select(&name), 0x9000);
    reader.expect(&query, 0x63C3);
}

#[test]
fn twenty_seeds_of_each_hypothesis_open() {
    for seed in 0..20 {
        for hypothesis in [Hypothesis::IasEccCam, Hypothesis::Pkcs15Gm, Hypothesis::IcaoOnly] {
            let spec = CardSpec::cnie_2(hypothesis, seed);
            let offer = match hypothesis {
                Hypothesis::IasEccCam => Offer { mapping: Mapping::ChipAuthentication, ..USUAL },
                Hypothesis::Pkcs15Gm => USUAL,
                Hypothesis::IcaoOnly => Offer { domain: Domain::Curve(bitaqa_curves::Curve::P256), ..USUAL },
            };
            let mut reader = Reader::with(&spec);
            reader.pace(&offer, PasswordKind::Mrz, &spec.mrz().unwrap().hash()).map(drop).unwrap();
            reader.expect(SELECT_APPLICATION, 0x9000);
            reader.read(1).unwrap();
        }
    }
}
