use proptest::prelude::*;

use super::*;

const WIDE: (u8, u8) = (1, 16);

/// PIN_VERIFY with these format bytes, 4 to 12 digits, and this command.
fn verify(format: [u8; 3], command: &[u8]) -> Vec<u8> {
    let mut bytes = vec![30, 30, format[0], format[1], format[2], 12, 4, 2, 0xFF, 9, 4, 0, 0, 0, 0];
    bytes.extend(u32::try_from(command.len()).unwrap().to_le_bytes());
    bytes.extend(command);
    bytes
}

fn filled(format: [u8; 3], command: &[u8], digits: &[u8]) -> Vec<u8> {
    PinVerify::parse(&verify(format, command)).unwrap().command(digits, WIDE).unwrap().to_vec()
}

#[test]
fn an_ascii_pin_goes_into_the_padding_of_the_command() {
    let template = [&[0, 0x20, 0, 1, 12][..], &[0xFF; 12]].concat();
    let expected = [&[0, 0x20, 0, 1, 12][..], b"123456", &[0xFF; 6]].concat();
    assert_eq!(filled([0x82, 0x0C, 0], &template, b"123456"), expected);
    assert_eq!(filled([0x82, 0x00, 0], &template, b"123456"), expected, "block size left to the reader");
}

#[test]
fn a_pin_without_padding_makes_the_command_as_long_as_itself() {
    for template in [&[0, 0x20, 0, 1][..], &[0, 0x20, 0, 1, 0]] {
        assert_eq!(filled([0x82, 0, 0], template, b"12345"), [&[0, 0x20, 0, 1, 5][..], b"12345"].concat());
    }
}

#[test]
fn a_bcd_pin_takes_half_bytes() {
    let template = [&[0, 0x20, 0, 1, 8][..], &[0xFF; 8]].concat();
    let expected = [&[0, 0x20, 0, 1, 8][..], &[0x12, 0x34, 0x5F], &[0xFF; 5]].concat();
    assert_eq!(filled([0x81, 0x08, 0], &template, b"12345"), expected);
}

#[test]
fn iso_9564_format_2_has_its_length_in_the_first_byte() {
    let template = [&[0, 0x20, 0, 1, 8, 0x20][..], &[0xFF; 7]].concat();
    // position 8 bits, block of 8 bytes less the first, 4 bits of length at bit 4
    let expected = [&[0, 0x20, 0, 1, 8, 0x25, 0x12, 0x34, 0x5F][..], &[0xFF; 4]].concat();
    assert_eq!(filled([0x41, 0x47, 0x04], &template, b"12345"), expected);
}

#[test]
fn a_pin_can_stand_at_the_right_end_of_its_block() {
    let template = [&[0, 0x20, 0, 1, 8][..], &[0x00; 8]].concat();
    let expected = [&[0, 0x20, 0, 1, 8][..], &[0; 4], b"1234"].concat();
    assert_eq!(filled([0x86, 0x08, 0], &template, b"1234"), expected);
}

#[test]
fn too_few_and_too_many_digits_are_refused() {
    let structure = PinVerify::parse(&verify([0x82, 8, 0], &[0, 0x20, 0, 1])).unwrap();
    assert!(structure.command(b"123", WIDE).is_err());
    assert!(structure.command(b"1234", (5, 8)).is_err(), "fewer than the reader takes");
    assert!(structure.command(b"123456789", WIDE).is_err(), "more than the block holds");
    assert!(structure.command(b"12a4", WIDE).is_err());
}

#[test]
fn a_change_fills_both_places_in() {
    let mut bytes = vec![30, 30, 0x82, 8, 0, 0, 8, 12, 4, 3, 2, 3, 9, 4, 0, 1, 2, 0, 0, 0];
    let command = [&[0, 0x24, 0, 1, 16][..], &[0xFF; 16]].concat();
    bytes.extend(u32::try_from(command.len()).unwrap().to_le_bytes());
    bytes.extend(&command);
    let structure = PinModify::parse(&bytes).unwrap();
    assert!(structure.asks_old && structure.asks_confirmation);
    let expected = [&[0, 0x24, 0, 1, 16][..], b"1234", &[0xFF; 4], b"56789", &[0xFF; 3]].concat();
    assert_eq!(structure.command(Some(b"1234"), b"56789", WIDE).unwrap().to_vec(), expected);
}

#[test]
fn wrong_structures_are_named() {
    let good = verify([0x82, 8, 0], &[0, 0x20, 0, 1, 0]);
    assert_eq!(PinVerify::parse(&good[..good.len() - 1]), Err(StructureError::Length));
    assert_eq!(PinVerify::parse(&good[..10]), Err(StructureError::Length));
    assert_eq!(PinVerify::parse(&verify([0x83, 8, 0], &[0, 0x20, 0, 1])), Err(StructureError::Field));
    assert_eq!(PinVerify::parse(&verify([0x82, 8, 0], &[0, 0x20, 0])), Err(StructureError::Command));
    assert_eq!(PinVerify::parse(&verify([0x82, 8, 0], &[0, 0x20, 0, 1, 4, 1])), Err(StructureError::Command));
    let mut reversed = good;
    (reversed[5], reversed[6]) = (4, 12);
    assert_eq!(PinVerify::parse(&reversed), Err(StructureError::Field));
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes: Vec<u8>, digits in "[0-9]{0,16}") {
        if let Ok(structure) = PinVerify::parse(&bytes) {
            let _ = structure.command(digits.as_bytes(), WIDE);
        }
        if let Ok(structure) = PinModify::parse(&bytes) {
            let _ = structure.command(Some(digits.as_bytes()), digits.as_bytes(), WIDE);
        }
    }

    #[test]
    fn whatever_the_format_says_the_command_keeps_its_header(
        format: [u8; 3], data in proptest::collection::vec(any::<u8>(), 0..64), digits in "[0-9]{4,12}",
    ) {
        let command = [&[0, 0x20, 0, 1, u8::try_from(data.len()).unwrap()][..], &data].concat();
        if let Ok(structure) = PinVerify::parse(&verify(format, &command))
            && let Ok(made) = structure.command(digits.as_bytes(), WIDE)
        {
            prop_assert_eq!(&made[..4], &[0, 0x20, 0, 1]);
            prop_assert_eq!(usize::from(made[4]), made.len() - 5);
        }
    }
}
