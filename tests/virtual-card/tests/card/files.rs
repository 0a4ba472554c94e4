//! Files with conditions, on a chip made for the purpose.

use bitaqa_virtual_card::{
    atr,
    chip::{Chip, Contents},
    file_system::{Access, FileLife, FileSystem},
    pin::{Pin, PinFormat},
    reference_data::{ReferenceData, Scope},
    rules::{Protocol, Rules},
};

use crate::terminal::bytes;

const RULES: Rules = Rules { chaining: false, ..Rules::ISO };

fn chip() -> Chip {
    let mut files = FileSystem::new(None);
    let master = files.master_file();
    let after_pin = files.add_file(master, 0x0001, b"after PIN".to_vec());
    files.set_read(after_pin, Access::AfterPin(0x01));
    let never = files.add_file(master, 0x0002, b"never".to_vec());
    files.set_read(never, Access::Never);
    let asleep = files.add_file(master, 0x0003, b"asleep".to_vec());
    files.set_life(asleep, FileLife::Deactivated);
    let value = Pin::new("1234").unwrap();
    Chip::new(Contents {
        pins: vec![ReferenceData::new(0x01, Scope::Global, PinFormat::Unpadded, &value)],
        data_objects: vec![(0x0042, vec![0xAB, 0xCD])],
        ..Contents::new(atr::made_up(Protocol::T1, false), RULES, files)
    })
}

#[track_caller]
fn expect(chip: &mut Chip, command: &str, answer: &str) {
    let got = chip.transmit(Protocol::T1, &bytes(command));
    assert_eq!(got, bytes(answer), "{command} gave {got:02X?}");
}

#[test]
fn a_file_behind_a_pin_is_read_after_the_pin() {
    let mut chip = chip();
    expect(&mut chip, "00A4020C 02 0001", "9000");
    expect(&mut chip, "00B00000 00", "6982");
    expect(&mut chip, "00200001 04 31323334", "9000");
    expect(&mut chip, "00B00000 00", "616674657220 50494E 9000");
    chip.reset();
    expect(&mut chip, "00A4020C 02 0001", "9000");
    expect(&mut chip, "00B00000 00", "6982");
}

#[test]
fn a_file_that_nobody_may_read_is_not_read() {
    let mut chip = chip();
    expect(&mut chip, "00200001 04 31323334", "9000");
    expect(&mut chip, "00A4020C 02 0002", "9000");
    expect(&mut chip, "00B00000 00", "6982");
}

#[test]
fn a_deactivated_file_is_selected_with_a_warning_and_not_read() {
    let mut chip = chip();
    expect(&mut chip, "00A40204 02 0003 00", "62 0E 80020006 820101 83020003 8A0104 6283");
    expect(&mut chip, "00B00000 00", "6985");
}

#[test]
fn data_objects_are_told_and_their_length_is_corrected() {
    let mut chip = chip();
    expect(&mut chip, "00CA0042 00", "ABCD 9000");
    expect(&mut chip, "00CA0042 01", "6C02");
    expect(&mut chip, "00CA0043 00", "6A88");
    expect(&mut chip, "00CB3FFF 02 4D00 00", "6D00");
}

#[test]
fn a_chip_without_chaining_says_so() {
    expect(&mut chip(), "10200001 04 31323334", "6884");
}
